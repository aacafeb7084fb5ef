// The smallest wrong input on each side: lengths around every field, counts and lengths one too many, offsets
// one beyond, elements that say they are shorter than they are.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <set>
#include <utility>

#include "formats/cper/compose.hpp"
#include "formats/cper/record.hpp"
#include "formats/layout/broken.hpp"
#include "tests/formats/every_layout/subjects.hpp"

namespace wheatstone::test {
namespace {

// "code path @offset" of all that is broken.
std::string broken(const layout::Layout& table, Bytes bytes) {
  std::vector<Finding> findings;
  layout::find_broken(table, bytes, 0, findings);
  std::string found;
  for (const Finding& finding : findings)
    found +=
        fmt::format("{}{} {} @{}", found.empty() ? "" : "; ", finding.code, finding.path, finding.offset);
  return found;
}

TEST(Boundary, EveryLengthShowsWhatIsThere) {
  for (const Subject& subject : subjects()) {
    const Described& described = subject.described;
    std::set<std::size_t> lengths = {0, described.min, described.size, described.size + 1,
                                     described.size + 64};
    if (described.min > 0) lengths.insert(described.min - 1);
    for (const DescribedField& field : described.fields)
      lengths.insert({field.offset + field.size - 1, field.offset + field.size});
    for (const std::size_t length : lengths)
      expect_same(subject, pattern(described, length), fmt::format("{} bytes", length));
  }
}

// Bytes that are always there before this variable part, and behind it.
std::pair<std::size_t, std::size_t> always_around(const Described& described, const DescribedTail& tail) {
  std::pair<std::size_t, std::size_t> bytes = {0, 0};
  for (const DescribedTail& other : described.tails)
    (&other < &tail ? bytes.first : bytes.second) += other.fixed;
  return bytes;
}

// Two elements of each array, and of each kind of element.
void expect_counts(const Subject& subject, const DescribedTail& tail, const When* when) {
  const Buffer one = element(tail, when);
  const std::size_t most = tail.count.width == 1 ? 1 : 2;
  Buffer bytes = without_variable_part(subject.described);
  const auto [before, behind] = always_around(subject.described, tail);
  bytes.resize(bytes.size() + before);
  const std::size_t begin = bytes.size();
  for (std::size_t i = 0; i < most; ++i) bytes.insert(bytes.end(), one.begin(), one.end());
  bytes.resize(bytes.size() + behind);
  const auto count = [&](std::uint64_t value) {
    Buffer changed = bytes;
    store_at(changed, tail.count, value);
    return changed;
  };
  const auto missing = [&](std::size_t index) {
    return fmt::format("element-outside-section {}[{}] @{}", tail.name, index, begin + index * one.size());
  };
  const std::string what = subject.key + "." + tail.name;
  EXPECT_EQ(broken(subject.table, count(most)), "") << what;
  if (behind != 0) return;  // what is too many is taken from there
  EXPECT_EQ(broken(subject.table, Bytes(count(most)).first(bytes.size() - 1)), missing(most - 1)) << what;
  if (tail.count.width == 1) return;
  EXPECT_EQ(broken(subject.table, count(most + 1)), missing(most)) << what << ": one too many";
  EXPECT_EQ(broken(subject.table, count(~std::uint64_t{0})), missing(most)) << what << ": as many as can be";
}

TEST(Boundary, ACountOfOneTooManyIsBroken) {
  std::size_t arrays = 0;
  for (const Subject& subject : subjects()) {
    for (const DescribedTail& tail : subject.described.tails) {
      if (tail.kind != "many" || tail.count.bytes == 0) continue;
      ++arrays;
      if (!tail.of.empty()) expect_counts(subject, tail, nullptr);
      for (const When& when : tail.when) expect_counts(subject, tail, &when);
    }
  }
  EXPECT_GT(arrays, 20u);
}

TEST(Boundary, ALengthOfOneTooManyIsBroken) {
  std::size_t parts = 0;
  for (const Subject& subject : subjects()) {
    for (const DescribedTail& tail : subject.described.tails) {
      if (tail.length.bytes == 0) continue;
      ++parts;
      const std::string what = subject.key + "." + tail.name;
      constexpr std::size_t kLength = 5;
      const std::size_t size = subject.described.size;
      Buffer bytes = without_variable_part(subject.described);
      bytes.resize(size + kLength, 1);
      const auto with = [&](std::uint64_t offset, std::uint64_t length) {
        Buffer changed = bytes;
        if (tail.at.bytes != 0) store_at(changed, tail.at, offset);
        store_at(changed, tail.length, length);
        return broken(subject.table, changed);
      };
      const std::string missing = fmt::format("part-outside-section {} @", tail.name);
      EXPECT_EQ(with(size, kLength), "") << what;
      EXPECT_EQ(with(size, kLength + 1).starts_with(missing), !tail.clipped) << what << ": one too many";
      EXPECT_EQ(with(size, ~std::uint64_t{0}).starts_with(missing), !tail.clipped) << what << ": all ones";
      if (tail.kind != "located") continue;
      EXPECT_EQ(with(size + 1, kLength).starts_with(missing), !tail.clipped) << what << ": one later";
      EXPECT_EQ(with(size + kLength, 1).starts_with(missing), true) << what << ": at the end";
      EXPECT_EQ(with(size - 1, 1).starts_with(missing), true) << what << ": in the fixed fields";
      EXPECT_EQ(with(~std::uint64_t{0}, 1).starts_with(missing), true) << what << ": far away";
      EXPECT_EQ(with(~std::uint64_t{0}, 0), "") << what << ": there is none";
    }
  }
  EXPECT_GT(parts, 5u);
}

// Elements that say their own length: their fixed part is the least, what is left the most.
TEST(Boundary, AnElementIsAsLongAsItSaysOrBroken) {
  std::size_t arrays = 0;
  for (const Subject& subject : subjects()) {
    for (const DescribedTail& tail : subject.described.tails) {
      if (tail.kind != "many" || tail.of.empty()) continue;
      const Described& inner = descriptions().at(tail.of);
      if (inner.self.bytes == 0) continue;
      ++arrays;
      const std::string what = subject.key + "." + tail.name;
      constexpr std::size_t kMore = 6;
      const std::size_t at = subject.described.size + always_around(subject.described, tail).first;
      Buffer bytes = without_variable_part(subject.described);
      bytes.resize(at);
      const Buffer one = element(tail, nullptr);
      bytes.insert(bytes.end(), one.begin(), one.end());
      bytes.resize(bytes.size() + kMore);
      store_at(bytes, tail.count, 1);
      const auto with = [&](std::uint64_t size) {
        store_at(MutableBytes(bytes).subspan(at), inner.self, size - inner.self_add);
        return broken(subject.table, bytes);
      };
      const std::string missing = fmt::format("element-outside-section {}[0] @{}", tail.name, at);
      EXPECT_EQ(with(inner.size), "") << what;
      EXPECT_EQ(with(inner.size + kMore), "") << what;
      EXPECT_EQ(with(inner.size + kMore + 1), missing) << what << ": one too long";
      EXPECT_EQ(with(inner.size - 1), missing) << what << ": one too short";
      EXPECT_EQ(with(inner.self_add + layout::Bit{0, static_cast<std::uint8_t>(inner.self.width), ""}.mask()),
                missing)
          << what << ": as long as can be";
    }
  }
  EXPECT_GT(arrays, 5u);
}

// The length of a section says which form it has: a byte less is another one, or none.
TEST(Boundary, ASectionIsTheLongestFormThatFits) {
  std::size_t forms = 0;
  for (const cper::SectionType& type : cper::section_types()) {
    if (type.refine != nullptr) continue;  // its bytes say more: see its own tests
    for (std::size_t i = 0; i < type.forms.size(); ++i) {
      const layout::Layout* form = type.forms[i];
      EXPECT_EQ(type.layout_for(form->size), form) << type.name;
      EXPECT_EQ(type.layout_for(form->size + 1), form) << type.name;
      if (i > 0) {
        EXPECT_EQ(type.layout_for(form->size - 1), type.forms[i - 1]) << type.name;
      }
      ++forms;
    }
    const layout::Layout& least = *type.forms.front();
    const auto codes = [&](std::size_t length) {
      const Buffer body(length, 0);
      const cper::NewSection section{.type = type.guid, .body = body};
      const Buffer bytes = *cper::encode({}, {&section, 1});
      std::string found;
      const cper::Record record = cper::Record::decode(bytes);
      for (const Finding& finding : record.findings()) found += finding.code;
      return found;
    };
    EXPECT_EQ(codes(least.min), "") << type.name;
    if (least.min == 0) continue;
    EXPECT_EQ(type.layout_for(least.min - 1), nullptr) << type.name;
    EXPECT_EQ(codes(least.min - 1), "section-too-short") << type.name;
  }
  EXPECT_GT(forms, 45u);
}

}  // namespace
}  // namespace wheatstone::test
