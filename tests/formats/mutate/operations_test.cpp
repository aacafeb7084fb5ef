// Each operation, by what it does to inputs that were right before.
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <map>
#include <set>

#include "formats/acpi/acpi_table.hpp"
#include "formats/acpi/status_block.hpp"
#include "formats/cper/record.hpp"
#include "formats/mutate/anatomy.hpp"
#include "formats/mutate/generate.hpp"
#include "formats/mutate/mutate.hpp"
#include "formats/whea/packet.hpp"

namespace wheatstone::mutate {
namespace {

using layout::Place;
using layout::Region;
using layout::Role;

constexpr std::size_t kRoom = 2048;  // that an input may grow by
constexpr int kTrials = 1500;

struct Change {
  Kind kind;
  Buffer before;
  Buffer after;
};

// Applies the operation to generated inputs of all kinds, or of one; gives those that it changed.
std::vector<Change> changes_of(Operation operation, std::optional<Kind> only = std::nullopt) {
  std::vector<Change> changes;
  Xoshiro random(3);
  for (int i = 0; i < kTrials; ++i) {
    const Kind kind = only.value_or(static_cast<Kind>(random.below(std::size(kKindNames))));
    const Buffer input = generate(kind, random);
    const Buffer other = generate(kind, random);
    Buffer room = input;
    room.resize(input.size() + kRoom, 0xcd);
    const auto size = apply(operation, kind, room, input.size(), random, other);
    if (!size) {
      room.resize(input.size());
      EXPECT_EQ(room, input) << "nothing is changed by what gives nothing";
      continue;
    }
    EXPECT_LE(*size, room.size());
    room.resize(*size);
    if (room != input) changes.push_back({kind, input, std::move(room)});
  }
  EXPECT_GT(changes.size(), static_cast<std::size_t>(kTrials) / 10) << "the operation is rarely possible";
  return changes;
}

// The bytes from the first that differs to behind the last. REQUIRES: equal sizes that differ.
std::pair<std::size_t, std::size_t> changed_range(const Change& change) {
  const auto front = std::ranges::mismatch(change.before, change.after).in1;
  auto last = change.before.size();
  while (change.before[last - 1] == change.after[last - 1]) --last;
  return {static_cast<std::size_t>(front - change.before.begin()), last};
}

Anatomy anatomy_of(Kind kind, const Buffer& input) {
  Anatomy anatomy;
  dissect(kind, input, anatomy);
  return anatomy;
}

// All that changed lies in one place of a role in `roles`.
void expect_one_place(Operation operation, const std::set<Role>& roles) {
  for (const Change& change : changes_of(operation)) {
    ASSERT_EQ(change.before.size(), change.after.size());
    const auto [from, to] = changed_range(change);
    const Anatomy anatomy = anatomy_of(change.kind, change.before);
    // The checksum of a table follows; it is byte 9.
    const bool found = std::ranges::any_of(anatomy.places, [&, from = from, to = to](const Place& place) {
      const auto inside = [&](std::size_t i) { return i >= place.at && i < place.at + place.size; };
      if (!roles.contains(place.role)) return false;
      for (std::size_t i = from; i < to; ++i)
        if (change.before[i] != change.after[i] && !inside(i) && !(change.kind == Kind::acpi_table && i == 9))
          return false;
      return true;
    });
    EXPECT_TRUE(found) << "bytes " << from << " to " << to << " of kind " << static_cast<int>(change.kind);
  }
}

// Codes of findings that say that a count, a length, an offset or a checksum is wrong.
std::set<std::string_view> structural(Kind kind, const Buffer& input) {
  static const std::set<std::string_view> kHarmless = {
      // values
      "firmware-revision", "unknown-severity", "bad-signature", "bad-signature-end", "packet-version",
      "packet-signature", "packet-data-length-is-maximum", "packet-log-data-outside", "context-misplaced",
      "entry-revision", "notification-length", "unknown-notification", "never-polled",
      "status-block-too-short", "unknown-address-space", "header-size", "unknown-action",
      "unknown-instruction", "region-too-short", "duplicate-source-id", "unknown-signature",
      // numbers of elements
      "no-sections", "no-entries", "empty-block", "section-form-unknown"};
  std::set<std::string_view> codes;
  const auto take = [&](std::span<const Finding> findings) {
    for (const Finding& finding : findings)
      if (!kHarmless.contains(finding.code)) codes.insert(finding.code);
  };
  switch (kind) {
    case Kind::record:
      take(cper::Record::decode(input).findings());
      break;
    case Kind::packet:
      take(whea::Packet::decode(input).findings());
      break;
    case Kind::status_block:
      take(acpi::StatusBlock::decode(input).findings());
      break;
    case Kind::acpi_table:
      take(acpi::Table::decode(input).findings());
      break;
  }
  return codes;
}

// Nothing that says where things are is wrong afterwards, except perhaps for `allowed`.
void expect_right(Operation operation, const std::set<std::string_view>& allowed = {}) {
  for (const Change& change : changes_of(operation)) {
    for (const std::string_view code : structural(change.kind, change.after))
      EXPECT_TRUE(allowed.contains(code)) << code << " in kind " << static_cast<int>(change.kind);
  }
}

TEST(Operations, TheTableIsInOrderAndNamesEachOnce) {
  std::set<std::string_view> names;
  for (std::size_t i = 0; i < operations().size(); ++i) {
    EXPECT_EQ(static_cast<std::size_t>(operations()[i].operation), i);
    names.insert(operations()[i].name);
  }
  EXPECT_EQ(names.size(), operations().size());
  EXPECT_EQ(operations().back().operation, Operation::havoc);
}

TEST(Operations, ValueChangesOneFieldAndNoneThatSaysWhereThingsAre) {
  expect_one_place(Operation::value, {Role::quantity, Role::named, Role::flags, Role::guid, Role::time,
                                      Role::text, Role::list, Role::raw});
  expect_right(Operation::value);
}

TEST(Operations, ValuesWithNamesKeepToThem) {
  int named = 0;
  for (const Change& change : changes_of(Operation::value)) {
    const auto [from, to] = changed_range(change);
    for (const Place& place : anatomy_of(change.kind, change.before).places) {
      if (place.role != Role::named || place.at > from || place.at + place.size < to) continue;
      EXPECT_FALSE(layout::name_of(place.field->value_names, layout::load(change.after, place)).empty());
      ++named;
    }
  }
  EXPECT_GT(named, 20);
}

TEST(Operations, BoundaryChangesOneInteger) {
  expect_one_place(Operation::boundary, {Role::quantity, Role::named, Role::flags, Role::time, Role::list});
  expect_right(Operation::boundary);
}

TEST(Operations, BoundaryReachesTheLargestValueAndOneWithoutAName) {
  bool largest = false, nameless = false;
  for (const Change& change : changes_of(Operation::boundary)) {
    const auto [from, to] = changed_range(change);
    for (const Place& place : anatomy_of(change.kind, change.before).places) {
      if (!place.integer() || place.at > from || place.at + place.size < to) continue;
      const std::uint64_t value = layout::load(change.after, place);
      largest = largest || value == layout::largest(place.width);
      nameless =
          nameless || (place.role == Role::named && layout::name_of(place.field->value_names, value).empty());
    }
  }
  EXPECT_TRUE(largest);
  EXPECT_TRUE(nameless);
}

TEST(Operations, ValidityFlipsBitsOfOneValidityWord) {
  expect_one_place(Operation::validity, {Role::validity});
  expect_right(Operation::validity);
}

TEST(Operations, BreaksChangeOneCountLengthOrOffset) {
  expect_one_place(Operation::break_count, {Role::count});
  expect_one_place(Operation::break_length, {Role::length});
  expect_one_place(Operation::break_offset, {Role::offset});
  expect_one_place(Operation::overlap, {Role::offset});
}

// The differences that a broken count, length or offset has to the right one.
std::set<std::int64_t> differences(Operation operation, Role role, Kind kind) {
  std::set<std::int64_t> found;
  for (const Change& change : changes_of(operation, kind)) {
    const auto [from, to] = changed_range(change);
    for (const Place& place : anatomy_of(change.kind, change.before).places)
      if (place.role == role && place.at <= from && place.at + place.size >= to)
        found.insert(static_cast<std::int64_t>(layout::load(change.after, place) -
                                               layout::load(change.before, place)));
  }
  return found;
}

TEST(Operations, BreaksAreOffByOneAndMore) {
  for (const auto& [operation, role] : {std::pair{Operation::break_count, Role::count},
                                        {Operation::break_length, Role::length},
                                        {Operation::break_offset, Role::offset}}) {
    const std::set<std::int64_t> found = differences(operation, role, Kind::record);
    EXPECT_TRUE(found.contains(1));
    EXPECT_TRUE(found.contains(-1));
    EXPECT_GT(*found.rbegin(), 1000);
  }
}

TEST(Operations, ALengthReachesTheEndOfTheInputAndOneByteBeyond) {
  bool to_end = false, beyond = false;
  for (const Change& change : changes_of(Operation::break_length, Kind::record)) {
    const auto [from, to] = changed_range(change);
    const Anatomy anatomy = anatomy_of(change.kind, change.before);
    for (const Place& place : anatomy.places) {
      if (place.role != Role::length || place.about == layout::kNowhere || place.about == 0) continue;
      if (place.at > from || place.at + place.size < to) continue;
      const std::uint64_t old = layout::load(change.before, place);
      const std::uint64_t end = anatomy.regions[place.about].end + (layout::load(change.after, place) - old);
      to_end = to_end || end == change.before.size();
      beyond = beyond || end == change.before.size() + 1;
    }
  }
  EXPECT_TRUE(to_end);
  EXPECT_TRUE(beyond);
}

TEST(Operations, SelectorChangesOneSelector) {
  expect_one_place(Operation::selector, {Role::selector});
}

TEST(Operations, SelectorTurnsSectionsIntoOtherKnownOnes) {
  int known = 0, unknown = 0;
  for (const Change& change : changes_of(Operation::selector, Kind::record)) {
    const cper::Record before = cper::Record::decode(change.before);
    const cper::Record after = cper::Record::decode(change.after);
    for (std::size_t i = 0; i < before.sections().size(); ++i) {
      if (before.sections()[i].type == after.sections()[i].type) continue;
      ++(after.sections()[i].type != nullptr ? known : unknown);
    }
  }
  EXPECT_GT(known, 100);
  EXPECT_GT(unknown, 10);
}

std::size_t sections_of(const Buffer& record) {
  return cper::Record::decode(record).sections().size();
}

// Sections and elements of arrays, nested ones too.
std::size_t elements_of(Kind kind, const Buffer& input) {
  const Anatomy anatomy = anatomy_of(kind, input);
  return static_cast<std::size_t>(std::ranges::count(anatomy.regions, Region::Kind::element, &Region::kind));
}

TEST(Operations, ElementsComeGoAndDouble) {
  for (const auto& [operation, grows] : {std::pair{Operation::insert_element, true},
                                         {Operation::duplicate_element, true},
                                         {Operation::remove_element, false}}) {
    expect_right(operation);
    int more_sections = 0, more_elements = 0;
    for (const Change& change : changes_of(operation)) {
      const std::size_t before = elements_of(change.kind, change.before);
      const std::size_t after = elements_of(change.kind, change.after);
      if (grows) {
        EXPECT_GT(after, before);
        EXPECT_GT(change.after.size(), change.before.size());
      } else {
        EXPECT_LT(after, before);
        EXPECT_LT(change.after.size(), change.before.size());
      }
      const bool sections =
          change.kind == Kind::record && sections_of(change.before) != sections_of(change.after);
      ++(sections ? more_sections : more_elements);
    }
    EXPECT_GT(more_sections, 50);
    EXPECT_GT(more_elements, 50);
  }
}

TEST(Operations, ADuplicateHasTheSameBytes) {
  int found = 0;
  for (const Change& change : changes_of(Operation::duplicate_element, Kind::record)) {
    const cper::Record before = cper::Record::decode(change.before);
    const cper::Record after = cper::Record::decode(change.after);
    if (after.sections().size() != before.sections().size() + 1) continue;
    std::multiset<Buffer> bodies;
    for (const cper::Section& section : after.sections())
      bodies.insert(Buffer(after.body(section).begin(), after.body(section).end()));
    for (const cper::Section& section : before.sections())
      bodies.erase(bodies.find(Buffer(before.body(section).begin(), before.body(section).end())));
    ASSERT_EQ(bodies.size(), 1u);
    found += std::ranges::any_of(before.sections(), [&](const cper::Section& section) {
      return std::ranges::equal(before.body(section), *bodies.begin());
    });
  }
  EXPECT_GT(found, 100);
}

TEST(Operations, SwappedElementsAreAllStillThere) {
  expect_right(Operation::swap_elements);
  for (const Change& change : changes_of(Operation::swap_elements)) {
    ASSERT_EQ(change.before.size(), change.after.size());
    Buffer before = change.before, after = change.after;
    if (change.kind == Kind::acpi_table) before[9] = after[9] = 0;
    EXPECT_TRUE(std::ranges::is_permutation(before, after));
    EXPECT_EQ(elements_of(change.kind, change.before), elements_of(change.kind, change.after));
  }
}

TEST(Operations, RenewedPartsFitTheirSelectors) {
  expect_right(Operation::renew);
  int other_type = 0;
  for (const Change& change : changes_of(Operation::renew, Kind::record)) {
    const cper::Record before = cper::Record::decode(change.before);
    const cper::Record after = cper::Record::decode(change.after);
    ASSERT_EQ(before.sections().size(), after.sections().size());
    for (std::size_t i = 0; i < before.sections().size(); ++i)
      other_type += before.sections()[i].type != after.sections()[i].type;
  }
  EXPECT_GT(other_type, 100);
}

TEST(Operations, ResizedPartsKeepEverythingElseInPlace) {
  expect_right(Operation::resize, {"section-too-short", "element-outside-section", "part-outside-section",
                                   "bytes-behind-entries"});
  int grown = 0, shrunk = 0;
  for (const Change& change : changes_of(Operation::resize, Kind::record)) {
    ++(change.after.size() > change.before.size() ? grown : shrunk);
    EXPECT_EQ(load_le<std::uint32_t>(change.after.data() + 20), change.after.size());
  }
  EXPECT_GT(grown, 100);
  EXPECT_GT(shrunk, 100);
}

TEST(Operations, OverlapPointsIntoWhatBelongsToOthers) {
  int overlaps = 0;
  for (const Change& change : changes_of(Operation::overlap, Kind::record)) {
    const std::set<std::string_view> codes = structural(change.kind, change.after);
    overlaps += codes.contains("sections-overlap") || codes.contains("section-over-descriptors");
  }
  EXPECT_GT(overlaps, 100);
}

TEST(Operations, TransplantsAreRightWhereTheyCome) {
  expect_right(Operation::transplant);
  for (const layout::Name& kind : kKindNames)
    EXPECT_GT(changes_of(Operation::transplant, static_cast<Kind>(kind.value)).size(), 100u) << kind.text;
}

TEST(Operations, TruncateKeepsTheFront) {
  std::size_t between_fields = 0;
  const std::vector<Change> changes = changes_of(Operation::truncate);
  for (const Change& change : changes) {
    ASSERT_LT(change.after.size(), change.before.size());
    EXPECT_TRUE(std::equal(change.after.begin(), change.after.end(), change.before.begin()));
    between_fields +=
        std::ranges::any_of(anatomy_of(change.kind, change.before).places,
                            [&](const Place& place) { return place.at == change.after.size(); });
  }
  EXPECT_GT(between_fields, changes.size() / 3);
}

TEST(Operations, ExtendKeepsAll) {
  for (const Change& change : changes_of(Operation::extend)) {
    ASSERT_GT(change.after.size(), change.before.size());
    EXPECT_TRUE(std::equal(change.before.begin(), change.before.end(), change.after.begin()));
  }
}

TEST(Operations, HavocChangesAnything) {
  int grown = 0, shrunk = 0, same = 0;
  for (const Change& change : changes_of(Operation::havoc)) {
    const auto difference = change.after.size() <=> change.before.size();
    ++(difference > 0 ? grown : difference < 0 ? shrunk : same);
  }
  EXPECT_GT(grown, 100);
  EXPECT_GT(shrunk, 100);
  EXPECT_GT(same, 100);
}

TEST(Operations, OnATableTheChecksumFollowsUnlessItWasWrong) {
  Xoshiro random(1);
  for (int i = 0; i < 200; ++i) {
    Buffer table = generate_acpi_table(random);
    if (apply(Operation::value, Kind::acpi_table, table, table.size(), random)) {
      EXPECT_EQ(acpi::byte_sum(table), 0);
    }
    table[acpi::TableHeader::kChecksum.offset] ^= 0x55;
    const std::uint8_t wrong = table[acpi::TableHeader::kChecksum.offset];
    if (apply(Operation::value, Kind::acpi_table, table, table.size(), random)) {
      EXPECT_EQ(table[acpi::TableHeader::kChecksum.offset], wrong);
    }
  }
}

}  // namespace
}  // namespace wheatstone::mutate
