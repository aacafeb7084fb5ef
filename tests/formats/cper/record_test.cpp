#include "formats/cper/record.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>

#include "formats/cper/compose.hpp"
#include "formats/cper/sections/memory.hpp"
#include "formats/cper/sections/xpf_mca.hpp"
#include "tests/support/records.hpp"

namespace wheatstone::cper {
namespace {

std::map<std::string, std::string> leaves(const Record& record) {
  std::map<std::string, std::string> found;
  for (const layout::Leaf& leaf : flatten(record)) found[leaf.path] = layout::value_text(leaf);
  return found;
}

std::vector<std::string> codes(const Record& record) {
  std::vector<std::string> found;
  for (const Finding& finding : record.findings()) found.emplace_back(finding.code);
  return found;
}

std::string json(const Record& record, layout::Detail detail = layout::Detail::all) {
  layout::TextBuffer out;
  to_json(out, record, detail);
  return std::string(out.view());
}

using Codes = std::vector<std::string>;

// ---- real records
// --------------------------------------------------------------------------------------------------

TEST(RealRecords, AreReadInFullWithoutFindings) {
  for (const char* name : test::kRealRecords) {
    const Buffer bytes = test::load_record(name);
    const Record record = Record::decode(bytes);
    EXPECT_EQ(codes(record), Codes{}) << name;
    EXPECT_TRUE(record.gaps().empty()) << name;
    ASSERT_FALSE(record.sections().empty()) << name;
    EXPECT_EQ(record.sections()[0].offset, kHeaderSize + kDescriptorSize * record.sections().size()) << name;
  }
}

TEST(RealRecords, Multiple1IsAFatalMachineCheck) {
  const Buffer bytes = test::load_record("multiple1");
  const Record record = Record::decode(bytes);
  const auto found = leaves(record);
  EXPECT_EQ(found.at("Severity"), "Fatal (1)");
  EXPECT_EQ(found.at("NotifyType"), "MCE");
  EXPECT_EQ(found.at("CreatorId"), "Microsoft");
  EXPECT_EQ(found.at("Timestamp"), "2024-10-24T14:20:20Z (0x14180a18000e1414)");
  EXPECT_EQ(found.at("Flags.PreviousError"), "true");
  EXPECT_EQ(found.at("Sections[0].SectionType"), "Memory");
  EXPECT_EQ(found.at("Sections[2].SectionLength"), "292");
  EXPECT_EQ(found.at("XpfMca.Status"), "0xbaa00000000c0135");
  EXPECT_EQ(found.at("XpfMca.CpuVendor"), "AMD (2)");
  EXPECT_EQ(found.at("XpfMca.ExtendedRegisters.IPID"), "0x001000b000000000");
  EXPECT_EQ(found.at("XpfMca.Timestamp").substr(0, 19), "2024-10-24T14:20:20");
  EXPECT_EQ(found.at("ProcessorGeneric.CPUVersion"), "0x0000000000a20f10");
  EXPECT_EQ(found.at("RecoveryInfo.Irql"), "0xff");
  EXPECT_EQ(found.at("RecoveryInfo.RecoveryAction.NoneAttempted"), "true");
}

TEST(RealRecords, Multiple2HoldsABusCheck) {
  const Buffer bytes = test::load_record("multiple2");
  const Record record = Record::decode(bytes);
  const auto found = leaves(record);
  EXPECT_EQ(found.at("NotifyType"), "CMCI");
  EXPECT_EQ(found.at("XpfProcessor.CpuId[0]"), "0x00a20f10");
  EXPECT_EQ(found.at("XpfProcessor.ProcInfo[0].CheckInfoId"), "BusCheck");
  EXPECT_EQ(found.at("XpfProcessor.ProcInfo[0].CheckInfo"), "0x0000000400c0079e");
  EXPECT_EQ(found.at("XpfProcessor.ProcInfo[0].CheckInfo.AddressSpace"), "IO (2)");
  EXPECT_EQ(found.at("XpfProcessor.ProcInfo[0].CheckInfo.Level"), "Generic (3)");
  EXPECT_EQ(found.at("XpfMca.BankNumber"), "27");
  ASSERT_NE(record.find(kSectionXpfMca), nullptr);
  EXPECT_EQ(record.find(kSectionXpfMca)->layout, &kXpfMcaV2);
}

TEST(RealRecords, Multiple5HasVersionTwoInTheFormOfVersionOne) {
  const Buffer bytes = test::load_record("multiple5");
  const Record record = Record::decode(bytes);
  const auto found = leaves(record);
  EXPECT_EQ(found.at("XpfMca.VersionNumber"), "2");
  EXPECT_EQ(record.find(kSectionXpfMca)->layout, &kXpfMcaV1);
  EXPECT_EQ(found.at("XpfProcessor.ProcInfo[0].CheckInfo"), "0x0000000420c0079e");
  EXPECT_EQ(found.at("PersistenceInfo.Signature"), "21061");  // 0x5245, "ER"
}

TEST(RealRecords, Memory1EndsInTheMiddleOfAField) {
  const Buffer bytes = test::load_record("memory1");
  const Record record = Record::decode(bytes);
  const auto found = leaves(record);
  EXPECT_EQ(found.at("Memory.ErrorStatus.ErrorType"), "ERR_MEM (4)");
  EXPECT_EQ(found.at("Memory.ErrorType"), "SingleBitECC (2)");
  EXPECT_EQ(found.at("Memory.RankNumber"), "0");
  EXPECT_EQ(found.count("Memory.CardHandle"), 0u);
  EXPECT_EQ(found.at("Memory.Unread"), "00");
  EXPECT_EQ(found.at("Sections[0].FRUText"), "Slot 0=");
  const auto view = *layout::View<Memory>::make(kMemory, record.body(*record.find(kSectionMemory)));
  EXPECT_EQ(view[Memory::kRankNumber], 0);
  EXPECT_EQ(view[Memory::kCardHandle], std::nullopt);
}

TEST(RealRecords, AnUnknownSectionIsCarriedAsBytes) {
  const Buffer bytes = test::load_record("unsupportedsection1");
  const Record record = Record::decode(bytes);
  ASSERT_EQ(record.sections().size(), 1u);
  EXPECT_EQ(record.sections()[0].type, nullptr);
  EXPECT_EQ(leaves(record).at("Sections[0].Bytes").substr(0, 16), "53544f52504f5254");  // STORPORT
  EXPECT_EQ(leaves(record).at("NotifyType"), "DEVICE_DRIVER");
  EXPECT_NE(json(record).find(R"("Type":null,"Bytes":"53544f52504f5254)"), std::string::npos);
}

TEST(RealRecords, ACutRecordIsShownAsFarAsItGoes) {
  const Buffer bytes = test::load_record("firmware1-first-512");
  ASSERT_EQ(bytes.size(), 512u);
  const Record record = Record::decode(bytes);
  EXPECT_EQ(codes(record), (Codes{"length-beyond-input", "section-outside-input", "section-outside-input",
                                  "section-outside-input"}));
  EXPECT_EQ(leaves(record).at("Sections[0].SectionType"), "FirmwareErrorRecordReference");
  ASSERT_EQ(record.gaps().size(), 1u);
  EXPECT_EQ(record.gaps()[0].offset, 344u);
  EXPECT_EQ(record.gaps()[0].bytes.size(), 168u);
}

// The answer of the comparison of all leaves at once, which knows nothing of sections.
TEST(DiffOfRecords, PieceByPieceSaysWhatAllLeavesSay) {
  const auto sorted = [](const std::vector<layout::Difference>& differences) {
    std::vector<std::string> lines;
    for (const layout::Difference& one : differences)
      lines.push_back(one.path + ": " + one.left + " -> " + one.right);
    std::ranges::sort(lines);
    return lines;
  };
  std::vector<Buffer> all;
  for (const char* name : test::kRealRecords) all.push_back(test::load_record(name));
  for (const char* name : test::kSyntheticRecords) all.push_back(test::load_record(name));
  Buffer other_field = all[1];
  other_field.back() ^= 1;
  Buffer unknown_type = all[1];
  unknown_type[kHeaderSize + 16] ^= 1;  // SectionType of the first descriptor
  all.push_back(std::move(other_field));
  all.push_back(std::move(unknown_type));
  all.push_back({});
  for (const Buffer& left : all)
    for (const Buffer& right : all) {
      const Record one = Record::decode(left), other = Record::decode(right);
      const std::vector<layout::Difference> found = diff(one, other);
      EXPECT_EQ(sorted(found), sorted(layout::diff(flatten(one), flatten(other))));
      EXPECT_EQ(found.empty(), left == right);
    }
}

TEST(SyntheticRecords, FirmwareRevisionsAreNoted) {
  for (const char* name : test::kSyntheticRecords) {
    const Buffer bytes = test::load_record(name);
    const Record record = Record::decode(bytes);
    EXPECT_EQ(codes(record).front(), "firmware-revision") << name;
    EXPECT_EQ(record.findings().front().severity, FindingSeverity::note) << name;
  }
}

TEST(SyntheticRecords, PcieIsReadByItsTable) {
  const Buffer bytes = test::load_record("pcie");
  const auto found = leaves(Record::decode(bytes));
  EXPECT_EQ(found.at("PciExpress.PortType"), "UpstreamSwitchPort (5)");
  EXPECT_EQ(found.at("PciExpress.DeviceId.VendorID"), "0x5a76");
  EXPECT_EQ(found.at("PciExpress.AerInfo.CapabilityHeader"), "0x61bed875");
}

// A record is its bytes: taking it apart and writing its parts again gives the same.
TEST(RealRecords, AreWrittenBackByteIdentical) {
  for (const char* name : {"memory1", "multiple1", "multiple2", "multiple5", "unsupportedsection1"}) {
    const Buffer bytes = test::load_record(name);
    const Record record = Record::decode(bytes);
    const auto header = *record.header();
    const std::uint32_t valid = header[Header::kValidBits];
    NewRecord again{.severity = static_cast<Severity>(header[Header::kSeverity]),
                    .notify_type = header[Header::kNotifyType],
                    .creator_id = header[Header::kCreatorId],
                    .record_id = header[Header::kRecordId],
                    .flags = header[Header::kFlags],
                    .persistence_info = header[Header::kPersistenceInfo]};
    if (valid & 1) again.platform_id = header[Header::kPlatformId];
    if (valid & 2) again.timestamp = header[Header::kTimestamp];
    if (valid & 4) again.partition_id = header[Header::kPartitionId];
    std::vector<NewSection> sections;
    for (const Section& section : record.sections()) {
      const auto descriptor = record.descriptor(section);
      NewSection copy{.type = descriptor[Descriptor::kSectionType],
                      .body = record.body(section),
                      .severity = static_cast<Severity>(descriptor[Descriptor::kSeverity]),
                      .flags = descriptor[Descriptor::kFlags],
                      .revision = static_cast<std::uint16_t>(descriptor[Descriptor::kMajorRevision] << 8 |
                                                             descriptor[Descriptor::kMinorRevision])};
      if (descriptor[Descriptor::kValidBits] & 1) copy.fru_id = descriptor[Descriptor::kFruId];
      if (descriptor[Descriptor::kValidBits] & 2)
        copy.fru_text = as_text(record.descriptor_bytes(section).last(20));
      sections.push_back(copy);
    }
    const auto written = encode(again, sections);
    ASSERT_TRUE(written);
    EXPECT_EQ(*written, bytes) << name;
  }
}

// ---- broken records
// ------------------------------------------------------------------------------------------------

// One memory section of 80 bytes.
Buffer good_record() {
  const Buffer body(80, 0);
  return *encode({.timestamp = 0x14180a18000e1414},
                 std::vector<NewSection>{{.type = kSectionMemory, .body = body}});
}

TEST(BrokenRecords, AGoodOneHasNoFindings) {
  const Buffer bytes = good_record();
  EXPECT_EQ(bytes.size(), 128u + 72 + 80);
  EXPECT_EQ(codes(Record::decode(bytes)), Codes{});
}

TEST(BrokenRecords, TooShortForAHeader) {
  const Buffer bytes = good_record();
  EXPECT_EQ(codes(Record::decode({})), Codes{"record-too-short"});
  EXPECT_EQ(codes(Record::decode(Bytes(bytes).first(127))), Codes{"record-too-short"});
  const Record header_only = Record::decode(Bytes(bytes).first(128));
  EXPECT_EQ(codes(header_only), (Codes{"length-beyond-input", "count-beyond-input"}));
  EXPECT_TRUE(header_only.header());
  EXPECT_EQ(json(Record::decode({})).substr(0, 15), R"({"Sections":[],)");
}

TEST(BrokenRecords, OneByteMissing) {
  const Buffer bytes = good_record();
  EXPECT_EQ(codes(Record::decode(Bytes(bytes).first(bytes.size() - 1))),
            (Codes{"length-beyond-input", "section-outside-input"}));
}

TEST(BrokenRecords, OneByteMore) {
  Buffer bytes = good_record();
  bytes.push_back(0xee);
  const Record record = Record::decode(bytes);
  EXPECT_EQ(codes(record), Codes{"bytes-behind-record"});
  EXPECT_NE(json(record).find(R"("Gaps":[{"Offset":280,"Bytes":"ee"}])"), std::string::npos);
}

TEST(BrokenRecords, WrongMarksAndValues) {
  Buffer bytes = good_record();
  bytes[0] = 'X';
  bytes[9] = 0;
  bytes[12] = 4;
  bytes[128 + 48] = 9;
  const Record record = Record::decode(bytes);
  EXPECT_EQ(codes(record),
            (Codes{"bad-signature", "bad-signature-end", "unknown-severity", "unknown-severity"}));
  EXPECT_EQ(record.findings()[3].path, "Sections[0]");
  EXPECT_EQ(record.findings()[3].offset, 176u);
}

TEST(BrokenRecords, TheCountMayLie) {
  Buffer bytes = good_record();
  store_le<std::uint16_t>(&bytes[10], 0);
  EXPECT_EQ(codes(Record::decode(bytes)), Codes{"no-sections"});
  store_le<std::uint16_t>(&bytes[10], 0xffff);
  const Record record = Record::decode(bytes);
  EXPECT_EQ(codes(record)[0], "count-beyond-input");
  EXPECT_EQ(record.sections().size(), 2u);  // what fits in 152 bytes
}

TEST(BrokenRecords, OffsetAndLengthAreCheckedWithoutOverflow) {
  Buffer bytes = good_record();
  for (const auto& [offset, length, good] : {std::tuple{200u, 80u, true},
                                             {200u, 81u, false},
                                             {281u, 0u, false},
                                             {280u, 0u, true},
                                             {0xffffffffu, 2u, false},
                                             {2u, 0xffffffffu, false}}) {
    store_le<std::uint32_t>(&bytes[128], offset);
    store_le<std::uint32_t>(&bytes[132], length);
    const auto found = codes(Record::decode(bytes));
    EXPECT_EQ(std::ranges::find(found, "section-outside-input") == found.end(), good)
        << offset << " " << length;
  }
}

TEST(BrokenRecords, ASectionMayLieOverTheDescriptors) {
  Buffer bytes = good_record();
  store_le<std::uint32_t>(&bytes[128], 199);
  EXPECT_EQ(codes(Record::decode(bytes)), Codes{"section-over-descriptors"});
}

TEST(BrokenRecords, ASectionShorterThanItsLayoutIsBytes) {
  const Buffer body(73, 0);
  const auto at = [&](std::size_t size) {
    return *encode({}, std::vector<NewSection>{{.type = kSectionMemory, .body = Bytes(body).first(size)}});
  };
  EXPECT_EQ(codes(Record::decode(at(73))), Codes{});
  const Buffer shorter = at(72);
  const Record record = Record::decode(shorter);
  EXPECT_EQ(codes(record), Codes{"section-too-short"});
  EXPECT_NE(json(record).find(R"("Type":"Memory","Bytes":"0000)"), std::string::npos);
}

TEST(BrokenRecords, OverlapsAreFoundInAnyOrder) {
  const Buffer body(80, 0);
  const std::vector<NewSection> two = {{.type = kSectionMemory, .body = body},
                                       {.type = kSectionMemory, .body = body}};
  Buffer bytes = *encode({}, two);
  EXPECT_EQ(codes(Record::decode(bytes)), Codes{});
  // Swapped bodies are no overlap.
  store_le<std::uint32_t>(&bytes[128], 352);
  store_le<std::uint32_t>(&bytes[200], 272);
  EXPECT_EQ(codes(Record::decode(bytes)), Codes{});
  store_le<std::uint32_t>(&bytes[200], 273);
  EXPECT_EQ(codes(Record::decode(bytes)), Codes{"sections-overlap"});
}

TEST(BrokenRecords, AnElementBeyondItsSectionIsNamed) {
  Buffer body(128, 0);
  body[0] = 2 << 2;  // two processor informations in room for one
  const Buffer bytes = *encode({}, std::vector<NewSection>{{.type = kSectionXpfProcessor, .body = body}});
  const Record record = Record::decode(bytes);
  ASSERT_EQ(codes(record), Codes{"element-outside-section"});
  EXPECT_EQ(record.findings()[0].path, "Sections[0].ProcInfo[1]");
  EXPECT_EQ(record.findings()[0].offset, 200u + 128);
}

// 7000 descriptors over one body would make 3.8 GB of walking out of a 1 MiB record.
TEST(BrokenRecords, OverlappingBodiesCannotMultiplyTheWork) {
  constexpr std::uint16_t kCount = 7000;
  Buffer bytes(1u << 20, 0);
  const Buffer head = *encode({}, {});
  std::ranges::copy(head, bytes.begin());
  store_le<std::uint16_t>(&bytes[10], kCount);
  store_le<std::uint32_t>(&bytes[20], static_cast<std::uint32_t>(bytes.size()));
  for (std::size_t i = 0; i < kCount; ++i) {
    std::uint8_t* at = &bytes[kHeaderSize + i * kDescriptorSize];
    store_le<std::uint32_t>(at, 524'288);
    store_le<std::uint32_t>(at + 4, 524'288);
  }
  const Record record = Record::decode(bytes);
  EXPECT_EQ(record.sections().size(), kCount);
  std::uint64_t shown = 0;
  for (const Section& section : record.sections()) shown += section.in_budget ? section.length : 0;
  EXPECT_LE(shown, Record::kWalkBudget * bytes.size());
  EXPECT_LT(json(record).size(), 32 * bytes.size());
  EXPECT_EQ(codes(record).back(), "sections-overlap");
}

TEST(BrokenRecords, ManySectionsOverflowIntoAnAllocation) {
  const Buffer body(12, 0);
  for (const std::size_t count : {Record::kInlineSections, Record::kInlineSections + 1, std::size_t{100}}) {
    const std::vector<NewSection> sections(count, {.type = kSectionNmi, .body = body});
    const Buffer bytes = *encode({}, sections);
    const Record record = Record::decode(bytes);
    ASSERT_EQ(record.sections().size(), count);
    EXPECT_EQ(record.sections().back().offset, bytes.size() - 12);
    EXPECT_EQ(record.sections().back().index, count - 1);
    const Record moved = Record::decode(bytes);
    EXPECT_EQ(leaves(moved).count("Nmi[" + std::to_string(count - 1) + "].Data"), 1u);
  }
}

TEST(BrokenRecords, MutatedRealRecordsNeverReadOutside) {
  std::mt19937 random(3);
  for (int round = 0; round < 4000; ++round) {
    const std::size_t which = random() % std::size(test::kRealRecords);
    Buffer bytes = test::load_record(test::kRealRecords[which]);
    bytes.resize(random() % (bytes.size() + 1));
    bytes.shrink_to_fit();
    for (int change = 0; change < 8 && !bytes.empty(); ++change)
      bytes[random() % std::min<std::size_t>(bytes.size(), 600)] = static_cast<std::uint8_t>(random());
    const Record record = Record::decode(bytes);
    const std::string text = json(record, round % 2 == 0 ? layout::Detail::all : layout::Detail::valid);
    ASSERT_EQ(text.back(), '}');
    ASSERT_LT(text.size(), 64 * 1024 + 64 * bytes.size());
    for (const Finding& finding : record.findings()) ASSERT_LE(finding.offset, bytes.size());
    if (round % 16 == 0) {
      ASSERT_FALSE(to_text(record).empty());
    }
  }
}

}  // namespace
}  // namespace wheatstone::cper
