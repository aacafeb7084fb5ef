// Whatever is read can be written down as YAML and made again, byte for byte: every real record, and a
// thousand made-up bodies of each section type, each form of it; and of every other kind of document.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "formats/cper/compose.hpp"
#include "formats/cper/record.hpp"
#include "formats/document/examples.hpp"
#include "formats/document/make.hpp"
#include "formats/layout/yaml_text.hpp"
#include "formats/mutate/generate.hpp"
#include "harness/scenario/yaml.hpp"
#include "tests/support/records.hpp"

namespace wheatstone {
namespace {

constexpr int kEach = 1000;

// bytes -> decode -> tree -> YAML text -> tree -> bytes.
::testing::AssertionResult comes_back(document::Kind kind, Bytes bytes) {
  const std::string text = layout::to_yaml(document::to_node(document::Document::decode(kind, bytes)));
  const auto tree = scenario::parse_yaml(text);
  if (!tree) return ::testing::AssertionFailure() << tree.error().text() << "\n" << text;
  const auto made = document::make(*tree);
  if (!made) return ::testing::AssertionFailure() << made.error().text() << "\n" << text;
  if (made->kind != kind || !std::ranges::equal(made->bytes, bytes))
    return ::testing::AssertionFailure() << "other bytes are made of\n" << text;
  return ::testing::AssertionSuccess();
}

// bytes -> decode -> encode -> bytes, for a record as cper::encode() writes it.
::testing::AssertionResult is_encoded_again(Bytes bytes) {
  using cper::Descriptor;
  using cper::Header;
  const cper::Record record = cper::Record::decode(bytes);
  const auto header = *record.header();
  const std::uint32_t valid = header[Header::kValidBits];
  cper::NewRecord fields{.severity = static_cast<cper::Severity>(header[Header::kSeverity]),
                         .notify_type = header[Header::kNotifyType],
                         .creator_id = header[Header::kCreatorId],
                         .revision = static_cast<std::uint16_t>(header[Header::kMajorRevision] << 8 |
                                                                header[Header::kMinorRevision]),
                         .record_id = header[Header::kRecordId],
                         .flags = header[Header::kFlags],
                         .persistence_info = header[Header::kPersistenceInfo]};
  if ((valid & 1) != 0) fields.platform_id = header[Header::kPlatformId];
  if ((valid & 2) != 0) fields.timestamp = header[Header::kTimestamp];
  if ((valid & 4) != 0) fields.partition_id = header[Header::kPartitionId];
  std::vector<cper::NewSection> sections;
  for (const cper::Section& section : record.sections()) {
    const auto descriptor = record.descriptor(section);
    cper::NewSection each{.type = descriptor[Descriptor::kSectionType],
                          .body = record.body(section),
                          .severity = static_cast<cper::Severity>(descriptor[Descriptor::kSeverity]),
                          .flags = descriptor[Descriptor::kFlags],
                          .revision = static_cast<std::uint16_t>(descriptor[Descriptor::kMajorRevision] << 8 |
                                                                 descriptor[Descriptor::kMinorRevision])};
    if ((descriptor[Descriptor::kValidBits] & 1) != 0) each.fru_id = descriptor[Descriptor::kFruId];
    if ((descriptor[Descriptor::kValidBits] & 2) != 0)
      each.fru_text = as_text(record.descriptor_bytes(section).subspan(52, 20));
    sections.push_back(each);
  }
  const auto again = cper::encode(fields, sections);
  if (!again) return ::testing::AssertionFailure() << again.error().text();
  if (!std::ranges::equal(*again, bytes)) return ::testing::AssertionFailure() << cper::to_text(record);
  return ::testing::AssertionSuccess();
}

// A record of one such body, with all of the frame that a profile or firmware may write.
Buffer record_of(const cper::SectionType& type, Bytes body, Xoshiro& random) {
  cper::NewRecord fields{.severity = static_cast<cper::Severity>(random.below(4)),
                         .record_id = random.next(),
                         .flags = static_cast<std::uint32_t>(random.below(0x200))};
  if (random.below(2) == 0) fields.timestamp = 0x1419070b000c1e2d;
  if (random.below(2) == 0) fields.platform_id = type.guid;
  if (random.below(2) == 0) fields.partition_id = cper::kCreatorWindows;
  cper::NewSection section{.type = type.guid,
                           .body = body,
                           .severity = static_cast<cper::Severity>(random.below(4)),
                           .flags = static_cast<std::uint32_t>(random.below(0x100))};
  if (random.below(2) == 0) section.fru_id = cper::kCreatorWindows;
  if (random.below(2) == 0) section.fru_text = "Slot 0=";
  return *cper::encode(fields, {&section, 1});
}

class RoundTrip : public ::testing::TestWithParam<std::size_t> {};

TEST_P(RoundTrip, OfAThousandBodies) {
  const cper::SectionType& type = cper::section_types()[GetParam()];
  Xoshiro random(1);
  const auto check = [&](Bytes body) {
    const Buffer bytes = record_of(type, body, random);
    ASSERT_TRUE(is_encoded_again(bytes));
    ASSERT_TRUE(comes_back(document::Kind::record, bytes));
  };
  for (int i = 0; i < kEach; ++i) ASSERT_NO_FATAL_FAILURE(check(mutate::generate_section(type, random))) << i;
  for (const layout::Layout* form : type.forms)
    for (int i = 0; i < kEach / 20; ++i)
      ASSERT_NO_FATAL_FAILURE(check(mutate::generate_structure(*form, random))) << form->size << " " << i;
}

INSTANTIATE_TEST_SUITE_P(Sections, RoundTrip, ::testing::Range<std::size_t>(0, cper::section_types().size()),
                         [](const auto& each) {
                           return std::string(cper::section_types()[each.param].name);
                         });

TEST(RoundTripOfRealRecords, GivesTheSameBytes) {
  for (const char* name : test::kRealRecords) {
    const Buffer bytes = test::load_record(name);
    EXPECT_TRUE(comes_back(document::Kind::record, bytes)) << name;
    EXPECT_TRUE(is_encoded_again(bytes)) << name;
  }
  for (const char* name : test::kSyntheticRecords)
    EXPECT_TRUE(comes_back(document::Kind::record, test::load_record(name))) << name;
  // The dump ends within its first body.
  EXPECT_TRUE(comes_back(document::Kind::record, test::load_record("firmware1-first-512")));
}

TEST(RoundTripOfWholeRecords, GivesTheSameBytes) {
  Xoshiro random(2);
  for (int i = 0; i < kEach; ++i)
    ASSERT_TRUE(comes_back(document::Kind::record, mutate::generate_record(random))) << i;
}

// Those that formats/mutate makes as a whole, and structures of the others by their layouts.
class RoundTripOfDocuments : public ::testing::TestWithParam<std::size_t> {};

TEST_P(RoundTripOfDocuments, GivesTheSameBytes) {
  const document::KindInfo& kind = document::kinds()[GetParam()];
  EXPECT_TRUE(comes_back(kind.kind, document::example(kind.kind)));
  Xoshiro random(3);
  for (const layout::Name& name : mutate::kKindNames) {
    std::string key(name.text);
    std::ranges::replace(key, '-', '_');
    if (key != kind.key) continue;
    for (int i = 0; i < kEach; ++i)
      ASSERT_TRUE(comes_back(kind.kind, mutate::generate(static_cast<mutate::Kind>(name.value), random)))
          << i;
  }
  for (const layout::Layout* form : kind.forms)
    for (int i = 0; i < kEach / 5; ++i)
      ASSERT_TRUE(comes_back(kind.kind, mutate::generate_structure(*form, random))) << form->name << " " << i;
}

INSTANTIATE_TEST_SUITE_P(Kinds, RoundTripOfDocuments,
                         ::testing::Range<std::size_t>(0, document::kinds().size()),
                         [](const auto& each) { return std::string(document::kinds()[each.param].key); });

}  // namespace
}  // namespace wheatstone
