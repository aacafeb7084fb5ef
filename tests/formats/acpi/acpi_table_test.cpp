// What is said about tables: each finding, at the smallest wrong input on each side.
#include "formats/acpi/acpi_table.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>

#include "formats/acpi/build.hpp"
#include "formats/layout/flatten.hpp"
#include "formats/layout/json.hpp"
#include "tests/formats/acpi/examples.hpp"

namespace wheatstone::acpi {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// "code at path" of each finding.
std::vector<std::string> said(Bytes bytes) {
  std::vector<std::string> all;
  const Table table = Table::decode(bytes);
  for (const Finding& finding : table.findings())
    all.push_back(std::string(finding.code) + " at " + finding.path);
  return all;
}

// With the length and checksum that its bytes call for, so that only the change is wrong.
Buffer sealed(Buffer table) {
  auto edit = *layout::Editor<TableHeader>::make(kTableHeader, table);
  edit.set(TableHeader::kLength, static_cast<std::uint32_t>(table.size()));
  edit.set(TableHeader::kChecksum, checksum_for(table));
  return table;
}

Buffer changed(Buffer table, std::size_t offset, std::uint64_t value, unsigned width) {
  store_le(&table[offset], value, width);
  return sealed(std::move(table));
}

Buffer one_source(const std::string& kind) {
  return make_hest({}, std::vector<Buffer>{examples::source(kind, 1)}).value();
}

TEST(Table, IsRecognizedByItsSignature) {
  const std::pair<const char*, Buffer> kTables[] = {{"HEST", examples::full_hest()},
                                                    {"BERT", make_bert({}, 0x1000, 0x8004000)},
                                                    {"ERST", make_erst({}, examples::erst_actions())},
                                                    {"EINJ", make_einj({}, examples::einj_actions())}};
  for (const auto& [signature, bytes] : kTables) {
    const Table table = Table::decode(bytes);
    ASSERT_NE(table.type(), nullptr) << signature;
    EXPECT_EQ(table.type()->signature, signature);
    EXPECT_EQ(table.layout(), find_table_type(signature)->layout);
    EXPECT_THAT(said(bytes), IsEmpty()) << signature;
  }
}

TEST(Table, OfAnotherKindIsCarried) {
  Buffer bytes(40, 0);
  std::ranges::copy(as_bytes("SSDT"), bytes.begin());
  bytes = sealed(bytes);
  const Table table = Table::decode(bytes);
  EXPECT_EQ(table.type(), nullptr);
  EXPECT_EQ(table.layout(), &kOtherTable);
  EXPECT_THAT(said(bytes), ElementsAre("unknown-signature at Header.Signature"));
}

TEST(Table, ShorterThanAHeader) {
  const Buffer bytes = make_bert({}, 0x1000, 0);
  EXPECT_THAT(said(Bytes(bytes).first(35)), ElementsAre("table-too-short at "));
  EXPECT_EQ(Table::decode(Bytes(bytes).first(35)).layout(), nullptr);
  EXPECT_THAT(said(Bytes(bytes).first(36)),
              ElementsAre("length-beyond-input at Header.Length", "table-too-short at Header.Length"));
  EXPECT_THAT(said({}), ElementsAre("table-too-short at "));
}

TEST(Table, LengthMustBeThere) {
  const Buffer bytes = make_bert({}, 0x1000, 0);
  EXPECT_THAT(said(Bytes(bytes).first(47)),
              ElementsAre("length-beyond-input at Header.Length", "table-too-short at Header.Length"));
  Buffer longer = bytes;
  longer.push_back(7);
  const Table table = Table::decode(longer);
  EXPECT_THAT(said(longer), ElementsAre("bytes-behind-table at Header.Length"));
  EXPECT_EQ(table.table().size(), 48u);
  EXPECT_THAT(table.behind(), ElementsAre(7));
  Buffer below = bytes;
  store_le<std::uint32_t>(&below[4], 35);
  EXPECT_THAT(said(below), ElementsAre("length-below-header at Header.Length"));
}

TEST(Table, ChecksumOfAnyByte) {
  Buffer bytes = make_bert({}, 0x1000, 0);
  ++bytes[47];
  EXPECT_THAT(said(bytes), ElementsAre("bad-checksum at Header.Checksum"));
  const Finding finding = Table::decode(bytes).findings()[0];
  EXPECT_EQ(finding.offset, 9u);
  EXPECT_EQ(finding.clause, "ACPI 5.2.6");
  bytes[9] = checksum_for(bytes);
  EXPECT_THAT(said(bytes), IsEmpty());
}

TEST(Table, EntriesMustBeThere) {
  const Buffer hest = examples::full_hest();
  EXPECT_THAT(said(changed(hest, 36, 10, 4)), ElementsAre("element-outside-section at ErrorSources[9]"));
  EXPECT_THAT(said(changed(hest, 36, 8, 4)), ElementsAre("bytes-behind-entries at "));
  Buffer cut = hest;
  cut.pop_back();
  EXPECT_THAT(said(sealed(cut)), ElementsAre("element-outside-section at ErrorSources[8]"));
  Buffer longer = hest;
  longer.push_back(0);
  EXPECT_THAT(said(sealed(longer)), ElementsAre("bytes-behind-entries at "));
  EXPECT_EQ(Table::decode(sealed(longer)).findings()[0].offset, hest.size());
  const Buffer erst = make_erst({}, examples::erst_actions());
  EXPECT_THAT(said(changed(erst, 44, 36, 4)),
              ElementsAre("element-outside-section at InstructionEntries[35]"));
  EXPECT_THAT(said(changed(erst, 44, 34, 4)), ElementsAre("bytes-behind-entries at "));
}

TEST(Table, AnUnknownSourceTypeEndsTheSources) {
  for (const unsigned type : {3u, 5u, 12u, 0xffffu}) {
    const Buffer bytes = changed(examples::full_hest(), 40, type, 2);
    EXPECT_THAT(said(bytes), ElementsAre("element-outside-section at ErrorSources[0]")) << type;
    EXPECT_EQ(Table::decode(bytes).findings()[0].message, "element 0 of 9 is of an unknown kind");
  }
}

TEST(Table, SourceIdsAreUnique) {
  const std::vector<Buffer> sources = {examples::source("Nmi", 5), examples::source("Generic", 6),
                                       examples::source("GenericV2", 5)};
  EXPECT_THAT(said(*make_hest({}, sources)), ElementsAre("duplicate-source-id at ErrorSources[2].SourceId"));
}

TEST(Table, NotificationStructures) {
  const std::size_t at = 40 + GenericSource::kNotificationOffset;
  const Buffer polled = one_source("Generic");
  EXPECT_THAT(said(changed(polled, at + 1, 27, 1)),
              ElementsAre("notification-length at ErrorSources[0].NotificationStructure.Length"));
  EXPECT_THAT(said(changed(polled, at + 1, 29, 1)),
              ElementsAre("notification-length at ErrorSources[0].NotificationStructure.Length"));
  EXPECT_THAT(said(changed(polled, at, 12, 1)), IsEmpty());
  EXPECT_THAT(said(changed(polled, at, 13, 1)),
              ElementsAre("unknown-notification at ErrorSources[0].NotificationStructure.Type"));
  EXPECT_THAT(said(changed(polled, at + 4, 1, 4)), IsEmpty());
  EXPECT_THAT(said(changed(polled, at + 4, 0, 4)),
              ElementsAre("never-polled at ErrorSources[0].NotificationStructure.PollInterval"));
  EXPECT_THAT(said(changed(one_source("GenericV2"), at + 4, 0, 4)), IsEmpty()) << "an NMI is not polled";
  EXPECT_THAT(said(changed(one_source("CorrectedMachineCheck"), 40 + 16, 13, 1)),
              ElementsAre("unknown-notification at ErrorSources[0].NotificationStructure.Type"));
}

TEST(Table, GenericSourcesHaveRoomForABlock) {
  EXPECT_THAT(said(changed(one_source("Generic"), 40 + 60, 20, 4)), IsEmpty());
  EXPECT_THAT(said(changed(one_source("Generic"), 40 + 60, 19, 4)),
              ElementsAre("status-block-too-short at ErrorSources[0].ErrorStatusBlockLength"));
  EXPECT_THAT(said(changed(one_source("GenericV2"), 40 + 60, 0, 4)),
              ElementsAre("status-block-too-short at ErrorSources[0].ErrorStatusBlockLength"));
}

TEST(Table, AddressSpaces) {
  EXPECT_THAT(said(changed(one_source("Generic"), 40 + 20, 10, 1)), IsEmpty());
  EXPECT_THAT(said(changed(one_source("Generic"), 40 + 20, 11, 1)),
              ElementsAre("unknown-address-space at ErrorSources[0].ErrorStatusAddress.AddressSpaceID"));
  EXPECT_THAT(said(changed(one_source("Generic"), 40 + 20, 0xbf, 1)),
              ElementsAre("unknown-address-space at ErrorSources[0].ErrorStatusAddress.AddressSpaceID"));
  EXPECT_THAT(said(changed(one_source("Generic"), 40 + 20, 0xc0, 1)), IsEmpty()) << "OEM defined";
  EXPECT_THAT(said(changed(one_source("GenericV2"), 40 + 64, 11, 1)),
              ElementsAre("unknown-address-space at ErrorSources[0].ReadAckRegister.AddressSpaceID"));
  EXPECT_THAT(said(changed(make_einj({}, examples::einj_actions()), 48 + 4, 11, 1)),
              ElementsAre("unknown-address-space at InjectionEntries[0].RegisterRegion.AddressSpaceID"));
}

TEST(Table, ActionsAndInstructionsHaveAMeaning) {
  const Buffer erst = make_erst({}, examples::erst_actions());
  EXPECT_THAT(said(changed(erst, 48, 12, 1)), ElementsAre("unknown-action at InstructionEntries[0].Action"));
  EXPECT_THAT(said(changed(erst, 48, 17, 1)), ElementsAre("unknown-action at InstructionEntries[0].Action"));
  EXPECT_THAT(said(changed(erst, 49, 19, 1)),
              ElementsAre("unknown-instruction at InstructionEntries[0].Instruction"));
  const Buffer einj = make_einj({}, examples::einj_actions());
  EXPECT_THAT(said(changed(einj, 48, 0xff, 1)), IsEmpty());
  EXPECT_THAT(said(changed(einj, 48, 10, 1)), ElementsAre("unknown-action at InjectionEntries[0].Action"));
  EXPECT_THAT(said(changed(einj, 49, 4, 1)), IsEmpty());
  EXPECT_THAT(said(changed(einj, 49, 5, 1)),
              ElementsAre("unknown-instruction at InjectionEntries[0].Instruction"));
}

TEST(Table, HeaderSizesThatLinuxTakes) {
  for (const auto& [table, path] :
       {std::pair(make_erst({}, examples::erst_actions()), "header-size at SerializationHeaderSize"),
        {make_einj({}, examples::einj_actions()), "header-size at InjectionHeaderSize"}}) {
    EXPECT_THAT(said(changed(table, 36, 12, 4)), IsEmpty());
    EXPECT_THAT(said(changed(table, 36, 48, 4)), IsEmpty());
    for (const unsigned size : {11u, 13u, 47u, 49u, 0u})
      EXPECT_THAT(said(changed(table, 36, size, 4)), ElementsAre(path)) << size;
  }
}

TEST(Table, ABootRegionHasRoomForABlock) {
  EXPECT_THAT(said(make_bert({}, 20, 0x8000000)), IsEmpty());
  EXPECT_THAT(said(make_bert({}, 19, 0x8000000)), ElementsAre("region-too-short at BootErrorRegionLength"));
}

TEST(Table, HostileCountsCostNoMoreThanTheBytes) {
  constexpr std::size_t kSize = 4u << 20;
  const auto start = std::chrono::steady_clock::now();
  for (const char* signature : {"HEST", "ERST", "EINJ"}) {
    const layout::Layout& layout = *find_table_type(signature)->layout;
    Buffer bytes(kSize, 0);
    std::ranges::copy(as_bytes(signature), bytes.begin());
    store_le<std::uint32_t>(&bytes[layout.tail[0].count.offset], 0xffffffff);
    bytes = sealed(bytes);
    const Table table = Table::decode(bytes);
    EXPECT_FALSE(table.findings().empty()) << signature;
    layout::TextBuffer out;
    layout::to_json(out, *table.layout(), table.table(), layout::Detail::valid);
    EXPECT_FALSE(out.view().empty());
    EXPECT_THAT(said(Bytes(bytes).first(layout.size)),
                testing::Contains(testing::StartsWith("element-outside-section")))
        << signature << " without any entry";
  }
  // 12 MiB under sanitizers; a loop over the counts would take days.
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(60));
}

}  // namespace
}  // namespace wheatstone::acpi
