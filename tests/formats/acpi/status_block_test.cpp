#include "formats/acpi/status_block.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>

#include "formats/cper/record.hpp"
#include "formats/cper/sections/memory.hpp"
#include "formats/layout/assign.hpp"
#include "formats/layout/flatten.hpp"
#include "formats/layout/json.hpp"
#include "tests/support/records.hpp"

namespace wheatstone::acpi {
namespace {

using cper::Severity;
using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> said(Bytes bytes) {
  std::vector<std::string> all;
  const StatusBlock block = StatusBlock::decode(bytes);
  for (const Finding& finding : block.findings())
    all.push_back(std::string(finding.code) + " at " + finding.path);
  return all;
}

Buffer changed(Buffer block, std::size_t offset, std::uint64_t value, unsigned width) {
  store_le(&block[offset], value, width);
  return block;
}

constexpr Guid kUnknown = "01234567-89ab-cdef-0123-456789abcdef"_guid;
constexpr std::uint8_t kBody[] = {0xb0, 0xb1, 0xb2};
constexpr std::uint8_t kRaw[] = {0xa0, 0xa1};

NewDataEntry unknown_entry(std::uint16_t revision = kEntryRevisionV2) {
  return {.section_type = kUnknown, .body = kBody, .severity = Severity::corrected, .revision = revision};
}

Buffer block_of(std::vector<NewDataEntry> entries, Bytes raw = {}) {
  return encode_status_block(Severity::corrected, entries, raw).value();
}

TEST(StatusBlock, HasTheseBytes) {
  const std::vector<NewDataEntry> entries = {{.section_type = kUnknown,
                                              .body = kBody,
                                              .severity = Severity::recoverable,
                                              .revision = kEntryRevisionV1,
                                              .flags = 0x81,
                                              .fru_id = cper::kSectionNmi,
                                              .fru_text = "DIMM A1"},
                                             {.section_type = cper::kSectionNmi,
                                              .body = {},
                                              .severity = Severity::corrected,
                                              .timestamp = 0x14190b0e000c0a23}};
  const auto expected = layout::parse_hex_bytes(R"(
      23000000 9f000000 02000000 8b000000 01000000
      67452301 ab89 efcd 0123456789abcdef 00000000 0102 03 81 03000000
      e75412e7b9c14049ab76909703a4320f 44494d4d20413100000000000000000000000000 b0b1b2
      e75412e7b9c14049ab76909703a4320f 02000000 0003 04 00 00000000
      00000000000000000000000000000000 0000000000000000000000000000000000000000 230a0c000e0b1914
      a0a1)");
  ASSERT_TRUE(expected);
  EXPECT_EQ(encode_status_block(Severity::fatal, entries, kRaw).value(), *expected);
}

TEST(StatusBlock, CountsWhatIsCorrectableAndWhatIsNot) {
  const auto status = [](std::vector<Severity> severities) {
    std::vector<NewDataEntry> entries;
    for (const Severity severity : severities) {
      entries.push_back(unknown_entry());
      entries.back().severity = severity;
    }
    return load_le<std::uint32_t>(block_of(entries).data());
  };
  EXPECT_EQ(status({}), 0x00u);
  EXPECT_EQ(status({Severity::fatal}), 0x11u);
  EXPECT_EQ(status({Severity::recoverable, Severity::fatal}), 0x25u);
  EXPECT_EQ(status({Severity::recoverable, Severity::fatal, Severity::fatal}), 0x35u);
  EXPECT_EQ(status({Severity::corrected}), 0x12u);
  EXPECT_EQ(status({Severity::corrected, Severity::corrected}), 0x2au);
  EXPECT_EQ(status({Severity::corrected, Severity::fatal}), 0x23u);
  EXPECT_EQ(status({Severity::informational}), 0x10u);
}

TEST(StatusBlock, IsReadBack) {
  const Buffer bytes = block_of({unknown_entry(kEntryRevisionV1), unknown_entry()}, kRaw);
  const StatusBlock block = StatusBlock::decode(bytes);
  EXPECT_THAT(said(bytes), IsEmpty());
  ASSERT_EQ(block.entries().size(), 2u);
  EXPECT_EQ(block.entries()[0].layout, &kDataEntryV1);
  EXPECT_EQ(block.entries()[0].offset, 20u);
  EXPECT_EQ(block.entries()[1].layout, &kDataEntryV2);
  EXPECT_EQ(block.entries()[1].offset, 20u + 64 + 3);
  for (const DataEntry& entry : block.entries()) {
    EXPECT_THAT(block.body(entry), testing::ElementsAreArray(kBody));
    EXPECT_EQ(block.view(entry)[EntryHeader::kSectionType], kUnknown);
    EXPECT_EQ(entry.type, nullptr);
  }
  EXPECT_THAT(block.raw_data(), testing::ElementsAreArray(kRaw));
}

TEST(StatusBlock, ABodyIsShownByTheLayoutOfItsSectionType) {
  Buffer body(80, 0);
  auto edit = *layout::Editor<cper::Memory>::make(cper::kMemory, body);
  edit.set(cper::Memory::kValidBits, 1u << 8);
  edit.set(cper::Memory::kRow, 0x1234);
  const Buffer bytes = block_of({unknown_entry(), {.section_type = cper::kSectionMemory, .body = body}});
  const auto leaves = layout::flatten(kStatusBlock, bytes);
  const auto row = std::ranges::find(leaves, "Entries[1].Data.Row", &layout::Leaf::path);
  ASSERT_NE(row, leaves.end());
  EXPECT_EQ(row->number, 0x1234u);
  const auto raw = std::ranges::find(leaves, "Entries[0].Data", &layout::Leaf::path);
  ASSERT_NE(raw, leaves.end());
  EXPECT_EQ(raw->text, "b0b1b2");
  layout::TextBuffer out;
  layout::to_json(out, kStatusBlock, bytes, layout::Detail::valid);
  EXPECT_NE(out.view().find(R"("Row":4660)"), std::string_view::npos) << out.view();
}

TEST(StatusBlock, TooShort) {
  const Buffer bytes = block_of({unknown_entry()});
  EXPECT_THAT(said(Bytes(bytes).first(19)), ElementsAre("block-too-short at "));
  EXPECT_FALSE(StatusBlock::decode(Bytes(bytes).first(19)).header());
  EXPECT_THAT(said(Bytes(bytes).first(20)),
              ElementsAre("block-beyond-input at DataLength", "element-outside-section at Entries[0]"));
  EXPECT_THAT(said(Bytes(bytes).first(bytes.size() - 1)),
              ElementsAre("block-beyond-input at DataLength", "element-outside-section at Entries[0]"));
}

TEST(StatusBlock, BytesBehindItAreNotIts) {
  Buffer bytes = block_of({unknown_entry()}, kRaw);
  const std::size_t size = bytes.size();
  bytes.resize(4096, 0xee);
  const StatusBlock block = StatusBlock::decode(bytes);
  EXPECT_THAT(said(bytes), IsEmpty());
  EXPECT_EQ(block.block().size(), size);
  EXPECT_EQ(block.behind().size(), 4096 - size);
}

TEST(StatusBlock, ThatIsEmpty) {
  EXPECT_THAT(said(Buffer(4096, 0)), ElementsAre("empty-block at BlockStatus"));
  EXPECT_THAT(said(changed(Buffer(4096, 0), 0, 1, 4)), ElementsAre("no-entries at BlockStatus"));
}

TEST(StatusBlock, CountAndDataLengthAgree) {
  const Buffer bytes = block_of({unknown_entry(), unknown_entry()});
  EXPECT_THAT(said(changed(bytes, 0, 0x1a, 4)), ElementsAre("data-length-mismatch at DataLength"));
  EXPECT_THAT(said(changed(bytes, 0, 0x3a, 4)), ElementsAre("element-outside-section at Entries[2]"));
  EXPECT_THAT(said(changed(bytes, 0, 0x0a, 4)),
              ElementsAre("no-entries at BlockStatus", "data-length-mismatch at DataLength"));
  EXPECT_THAT(said(changed(bytes, 12, 149, 4)), ElementsAre("element-outside-section at Entries[1]"));
  EXPECT_THAT(said(changed(bytes, 12, 150, 4)), IsEmpty());
  EXPECT_THAT(said(changed(bytes, 12, 151, 4)),
              ElementsAre("block-beyond-input at DataLength", "data-length-mismatch at DataLength"));
}

TEST(StatusBlock, ABodyThatIsNotThere) {
  const Buffer bytes = block_of({unknown_entry()});
  EXPECT_THAT(said(changed(bytes, 20 + 24, 4, 4)), ElementsAre("element-outside-section at Entries[0]"));
  EXPECT_THAT(said(changed(bytes, 20 + 24, 2, 4)), ElementsAre("data-length-mismatch at DataLength"));
  EXPECT_THAT(said(changed(bytes, 20 + 24, 0xffffffff, 4)),
              ElementsAre("element-outside-section at Entries[0]"));
}

TEST(StatusBlock, TheMajorRevisionDecidesWhetherThereIsATimestamp) {
  for (const std::uint16_t revision : std::initializer_list<std::uint16_t>{0x0000, 0x0100, 0x0201, 0x02ff}) {
    const Buffer bytes = block_of({unknown_entry(revision)});
    EXPECT_EQ(bytes.size(), 20u + 64 + 3) << revision;
    EXPECT_EQ(StatusBlock::decode(bytes).entries()[0].layout, &kDataEntryV1) << revision;
  }
  for (const std::uint16_t revision : std::initializer_list<std::uint16_t>{0x0300, 0x0301, 0xff00}) {
    const Buffer bytes = block_of({unknown_entry(revision)});
    EXPECT_EQ(bytes.size(), 20u + 72 + 3) << revision;
    EXPECT_EQ(StatusBlock::decode(bytes).entries()[0].layout, &kDataEntryV2) << revision;
  }
  EXPECT_THAT(said(block_of({unknown_entry(0x0201), unknown_entry(0x0300)})), IsEmpty());
  EXPECT_THAT(said(block_of({unknown_entry(0x0200)})), ElementsAre("entry-revision at Entries[0].Revision"));
  EXPECT_THAT(said(block_of({unknown_entry(0x0301)})), ElementsAre("entry-revision at Entries[0].Revision"));
}

TEST(StatusBlock, Severities) {
  const Buffer bytes = block_of({unknown_entry()});
  EXPECT_THAT(said(changed(bytes, 16, 3, 4)), IsEmpty());
  EXPECT_THAT(said(changed(bytes, 16, 4, 4)), ElementsAre("unknown-severity at ErrorSeverity"));
  EXPECT_THAT(said(changed(bytes, 20 + 16, 3, 4)), IsEmpty());
  EXPECT_THAT(said(changed(bytes, 20 + 16, 4, 4)),
              ElementsAre("unknown-severity at Entries[0].ErrorSeverity"));
}

TEST(StatusBlock, SectionsThatAreTooShort) {
  const Buffer body(73, 0);
  const auto entry = [&body](std::size_t size) {
    return NewDataEntry{.section_type = cper::kSectionMemory, .body = Bytes(body).first(size)};
  };
  EXPECT_THAT(said(block_of({entry(73)})), IsEmpty());
  EXPECT_THAT(said(block_of({entry(72)})), ElementsAre("section-too-short at Entries[0].Data"));
}

TEST(StatusBlock, WhatIsBrokenInABodyHasItsPath) {
  Buffer body(64, 0);
  body[0] = 1 << 2;  // one ProcInfo, which is not there
  const auto all = said(block_of({{.section_type = cper::kSectionXpfProcessor, .body = body}}));
  EXPECT_THAT(all, ElementsAre("element-outside-section at Entries[0].Data.ProcInfo[0]"));
}

TEST(StatusBlock, RawData) {
  const Buffer bytes = block_of({unknown_entry()}, kRaw);
  const std::uint32_t at = 20 + 72 + 3;
  EXPECT_EQ(load_le<std::uint32_t>(&bytes[4]), at);
  EXPECT_THAT(said(changed(bytes, 4, at - 1, 4)), ElementsAre("raw-data-over-entries at RawDataOffset"));
  EXPECT_THAT(said(changed(bytes, 4, at + 1, 4)), ElementsAre("part-outside-section at RawData"));
  EXPECT_TRUE(StatusBlock::decode(changed(bytes, 4, at + 1, 4)).raw_data().empty());
  EXPECT_THAT(said(changed(bytes, 8, 3, 4)), ElementsAre("part-outside-section at RawData"));
  EXPECT_THAT(said(changed(bytes, 8, 0xffffffff, 4)), ElementsAre("part-outside-section at RawData"));
  EXPECT_THAT(said(changed(changed(bytes, 8, 0, 4), 4, 0xffffffff, 4)), IsEmpty()) << "no bytes, no place";
  EXPECT_THAT(said(changed(bytes, 4, 19, 4)),
              ElementsAre("part-outside-section at RawData", "raw-data-over-entries at RawDataOffset"));
}

TEST(StatusBlock, AcpicaReadsEightBitsOfTheCount) {
  const std::vector<NewDataEntry> entries(0x101, NewDataEntry{.section_type = kUnknown, .body = {}});
  const Buffer few = block_of({entries.begin(), entries.begin() + 0xff});
  EXPECT_THAT(said(few), IsEmpty());
  const Buffer many = block_of(entries);
  EXPECT_THAT(said(many), ElementsAre("entry-count-beyond-acpica at BlockStatus"));
  EXPECT_EQ(StatusBlock::decode(many).entries().size(), 0x101u);
  const auto count = [&many](const layout::Layout& layout) {
    return std::ranges::count_if(layout::flatten(layout, many), [](const layout::Leaf& leaf) {
      return leaf.path.ends_with("].SectionType");
    });
  };
  EXPECT_EQ(count(kStatusBlock), 0x101);
  EXPECT_EQ(count(kStatusBlockAcpica), 1);
}

TEST(StatusBlock, HoldsSoManyEntriesAndNoMore) {
  std::vector<NewDataEntry> entries(kMostEntries, NewDataEntry{.section_type = kUnknown, .body = {}});
  const Buffer bytes = block_of(entries);
  EXPECT_EQ(StatusBlock::decode(bytes).entries().size(), kMostEntries);
  entries.push_back(entries.front());
  EXPECT_EQ(encode_status_block(Severity::fatal, entries).error().kind, ErrorKind::invalid_argument);
}

TEST(StatusBlock, AShortEntryHasNoPlaceForATimestamp) {
  NewDataEntry entry = unknown_entry(kEntryRevisionV1);
  entry.timestamp = 1;
  EXPECT_EQ(encode_status_block(Severity::fatal, std::vector{entry}).error().kind,
            ErrorKind::invalid_argument);
}

TEST(StatusBlock, HostileCountsCostNoMoreThanTheBytes) {
  Buffer bytes(4u << 20, 0);
  std::fill_n(bytes.begin(), 20, std::uint8_t{0xff});
  const auto start = std::chrono::steady_clock::now();
  const StatusBlock block = StatusBlock::decode(bytes);
  EXPECT_EQ(block.entries().size(), kMostEntries);
  layout::TextBuffer out;
  layout::to_json(out, kStatusBlock, block.block());
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(20));
}

TEST(ErrorRegion, HoldsBlocksUpToOneWithoutStatus) {
  const Buffer first = block_of({unknown_entry()}, kRaw),
               second = block_of({unknown_entry(), unknown_entry()});
  Buffer region = first;
  region.insert(region.end(), second.begin(), second.end());
  const std::size_t used = region.size();
  region.resize(4096, 0);
  auto blocks = error_region_blocks(region);
  ASSERT_EQ(blocks.size(), 2u);
  EXPECT_TRUE(std::ranges::equal(blocks[0], first));
  EXPECT_TRUE(std::ranges::equal(blocks[1], second));
  blocks = error_region_blocks(Bytes(region).first(used));
  EXPECT_EQ(blocks.size(), 2u);
  blocks = error_region_blocks(Bytes(region).first(used - 1));
  ASSERT_EQ(blocks.size(), 2u);
  EXPECT_EQ(blocks[1].size(), second.size() - 1);
  EXPECT_TRUE(error_region_blocks({}).empty());
  EXPECT_TRUE(error_region_blocks(Buffer(4096, 0)).empty());
  EXPECT_EQ(error_region_blocks(Buffer(19, 1)).size(), 1u);
}

TEST(ErrorRegion, HostileBlocksMakeProgress) {
  Buffer region(1u << 20, 0);
  for (std::size_t at = 0; at + 4 <= region.size(); at += 20) region[at] = 1;  // each as short as can be
  EXPECT_EQ(error_region_blocks(region).size(), (region.size() + 19) / 20);
}

// The block that firmware gave for a real record: this conversion gives back what Windows wrote.
TEST(RecordFromStatusBlock, IsTheRecordThatWindowsMade) {
  const Buffer record = test::load_record("memory1");
  const Bytes body = Bytes(record).subspan(200, 77);
  const Buffer block = block_of({{.section_type = cper::kSectionMemory,
                                  .body = body,
                                  .severity = Severity::corrected,
                                  .fru_text = "Slot 0=",
                                  .timestamp = 0x1419090300000000}});
  const auto header = *layout::View<cper::Header>::make(cper::kRecordHeader, record);
  const RecordOptions options{.timestamp = header[cper::Header::kTimestamp],
                              .record_id = header[cper::Header::kRecordId]};
  EXPECT_EQ(record_from_status_block(block, options).value(), record);
}

TEST(RecordFromStatusBlock, MovesFieldsToTheOrderOfADescriptor) {
  const Guid fru = "11223344-5566-7788-99aa-bbccddeeff00"_guid;
  std::vector<NewDataEntry> entries = {unknown_entry(), unknown_entry(kEntryRevisionV1)};
  entries[0].fru_id = fru;
  entries[1].severity = Severity::fatal;
  entries[1].flags = 0x09;  // primary, threshold exceeded
  entries[1].fru_text = "01234567890123456789";
  const Buffer block = encode_status_block(Severity::fatal, entries).value();
  const Buffer record = record_from_status_block(block, {.notify_type = cper::kNotifyBoot,
                                                         .section_revision = 0x0201,
                                                         .flags = cper::kFlagPreviousError})
                            .value();
  const auto expected = layout::parse_hex_bytes(R"(
      43504552 1002 ffffffff 0200 01000000 00000000 16010000 0000000000000000
      00000000000000000000000000000000 00000000000000000000000000000000
      bdc407cf89b7184eb3c41f732cb57131 66a4613d40ab9a40a698f362d464b38f
      0000000000000000 02000000 0000000000000000 000000000000000000000000
      10010000 03000000 0102 01 00 00000000 67452301ab89efcd0123456789abcdef
      44332211665588 7799aabbccddeeff00 02000000 0000000000000000000000000000000000000000
      13010000 03000000 0102 02 00 09000000 67452301ab89efcd0123456789abcdef
      00000000000000000000000000000000 01000000 3031323334353637383930313233343536373839
      b0b1b2 b0b1b2)");
  ASSERT_TRUE(expected);
  EXPECT_EQ(record, *expected);
}

TEST(RecordFromStatusBlock, RefusesWhatIsNoBlock) {
  const Buffer good = block_of({unknown_entry(), unknown_entry()});
  EXPECT_TRUE(record_from_status_block(good));
  EXPECT_EQ(record_from_status_block(Bytes(good).first(19)).error().kind, ErrorKind::malformed);
  const auto cut = record_from_status_block(Bytes(good).first(good.size() - 1));
  ASSERT_FALSE(cut);
  EXPECT_EQ(cut.error().where.path, "Entries[1]");
  EXPECT_EQ(record_from_status_block(Buffer(4096, 0)).error().message,
            "the status block has no entry of which a section could be made");
}

TEST(StatusBlockFromRecord, GoesThereAndBack) {
  for (const char* name : test::kRealRecords) {
    const Buffer record = test::load_record(name);
    for (const std::uint16_t revision : {kEntryRevisionV1, kEntryRevisionV2}) {
      const auto block = status_block_from_record(record, revision);
      ASSERT_TRUE(block) << name;
      const StatusBlock read = StatusBlock::decode(*block);
      EXPECT_THAT(read.entries().size(), cper::Record::decode(record).sections().size()) << name;
      for (const Finding& finding : read.findings())
        EXPECT_NE(finding.code, "data-length-mismatch") << name;  // bodies may have findings of their own
      const auto header = *layout::View<cper::Header>::make(cper::kRecordHeader, record);
      const auto again = record_from_status_block(
          *block, {.notify_type = header[cper::Header::kNotifyType],
                   .creator_id = header[cper::Header::kCreatorId],
                   .revision = static_cast<std::uint16_t>(header[cper::Header::kMajorRevision] << 8 |
                                                          header[cper::Header::kMinorRevision]),
                   .timestamp = header[cper::Header::kTimestamp],
                   .record_id = header[cper::Header::kRecordId],
                   .flags = header[cper::Header::kFlags]});
      ASSERT_TRUE(again) << name;
      Buffer expected = record;
      store_le<std::uint32_t>(&expected[16], 2);  // a block knows no platform or partition
      std::fill_n(expected.begin() + 32, 2 * Guid::kSize, std::uint8_t{0});
      store_le<std::uint64_t>(&expected[108], 0);  // the persistence back end fills it in
      EXPECT_EQ(*again, expected) << name;
    }
  }
}

TEST(StatusBlockFromRecord, ATimestampGoesIntoTheEntryIfItIsValid) {
  const Buffer record = test::load_record("memory1");
  const Buffer block = status_block_from_record(record).value();
  EXPECT_EQ(block[20 + 22], 0x06);
  EXPECT_TRUE(std::ranges::equal(Bytes(block).subspan(20 + 64, 8), Bytes(record).subspan(24, 8)));
  const Buffer without = status_block_from_record(changed(record, 16, 0, 4)).value();
  EXPECT_EQ(without[20 + 22], 0x02);
  EXPECT_EQ(load_le<std::uint64_t>(&without[20 + 64]), 0u);
}

TEST(StatusBlockFromRecord, RefusesWhatIsNoRecord) {
  const Buffer record = test::load_record("memory1");
  EXPECT_EQ(status_block_from_record(Bytes(record).first(127)).error().kind, ErrorKind::malformed);
  const auto body = status_block_from_record(Bytes(record).first(record.size() - 1));
  ASSERT_FALSE(body);
  EXPECT_EQ(body.error().where.path, "Sections[0]");
  EXPECT_EQ(status_block_from_record(Bytes(record).first(199)).error().where.path, "Sections[0]");
}

}  // namespace
}  // namespace wheatstone::acpi
