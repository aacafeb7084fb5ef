#include "mocks/windows/record_builder.hpp"

#include <gtest/gtest.h>

#include "formats/cper/header.hpp"
#include "formats/cper/record.hpp"
#include "formats/whea/packet.hpp"
#include "tests/support/records.hpp"

namespace wheatstone::windows {
namespace {

using whea::ErrorSourceType;

Platform platform(const char* profile, CpuVendor vendor = CpuVendor::amd) {
  return {.profile = cper::find_profile(profile), .cpu_vendor = vendor, .processors = 16};
}

FileTime at(const char* iso) {
  return *parse_iso8601(iso);
}

Buffer record(const Platform& machine, const HardwareError& error, std::uint64_t id, FileTime now) {
  return *create_record(machine, *handle_error(machine, error, 1, now), id, now);
}

std::vector<std::pair<Guid, std::uint32_t>> shape(Bytes bytes) {
  const cper::Record decoded = cper::Record::decode(bytes);
  std::vector<std::pair<Guid, std::uint32_t>> out;
  for (const cper::Section& section : decoded.sections())
    out.emplace_back(decoded.descriptor(section)[cper::Descriptor::kSectionType], section.length);
  return out;
}

// Put the machine check of a real corrected error into a machine of its build, and the real record comes out.
TEST(RecordBuilder, RebuildsARealRecordFromItsMachineCheck) {
  const Buffer real = test::load_record("multiple2");
  const cper::Record decoded = cper::Record::decode(real);
  const Bytes mca = decoded.body(*decoded.find(cper::kSectionXpfMca));
  const HardwareError error{.source = ErrorSourceType::cmc,
                            .severity = cper::Severity::corrected,
                            .sections = {{{.type = cper::kSectionXpfMca}, Buffer(mca.begin(), mca.end())}}};
  const std::uint64_t id = (*decoded.header())[cper::Header::kRecordId];
  EXPECT_EQ(record(platform("win10-2004"), error, id, at("2024-11-09T09:55:33Z")), real);
}

struct Form {
  const char* profile;
  std::size_t length;
};

// 928 and 936 are the lengths in real event logs; the longer ones add up from the sections of real records.
class MachineCheckRecord : public ::testing::TestWithParam<Form> {};

TEST_P(MachineCheckRecord, HasTheSectionsAndLengthOfItsBuild) {
  const Platform machine = platform(GetParam().profile, CpuVendor::intel);
  const HardwareError error{.sections = {{{.type = cper::kSectionXpfMca}, Buffer(2088, 0)}}};
  const Buffer bytes = record(machine, error, 7, at("2026-01-15T08:00:00Z"));
  EXPECT_EQ(bytes.size(), GetParam().length);
  const auto sections = shape(bytes);
  ASSERT_EQ(sections.size(), machine.profile->recovery_info ? 4u : 3u);
  EXPECT_EQ(sections[0], std::pair(cper::kSectionProcessorGeneric, 192u));
  EXPECT_EQ(sections[1], std::pair(cper::kSectionXpfProcessor, 128u));
  EXPECT_EQ(sections[2], std::pair(cper::kSectionXpfMca, machine.profile->mca_length));
  const cper::Record decoded = cper::Record::decode(bytes);
  EXPECT_TRUE(decoded.findings().empty());
  for (const cper::Section& section : decoded.sections()) {
    const auto descriptor = decoded.descriptor(section);
    EXPECT_EQ(descriptor[cper::Descriptor::kFlags] & cper::kSectionPrimary, section.index == 0 ? 1u : 0u);
    EXPECT_EQ(descriptor[cper::Descriptor::kMajorRevision], machine.profile->section_revision >> 8);
    EXPECT_EQ(descriptor[cper::Descriptor::kSeverity], section.index == 3 ? 3u : 1u);
  }
}

INSTANTIATE_TEST_SUITE_P(Profiles, MachineCheckRecord,
                         ::testing::Values(Form{"win7-sp1", 928}, Form{"win10-1803", 928},
                                           Form{"win10-1903", 936}, Form{"win10-2004", 936},
                                           Form{"win11-22H2", 1067}, Form{"win11-24H2", 1967}));

TEST(RecordBuilder, HeaderSaysWhoWhenAndHow) {
  const HardwareError error{.sections = {{{.type = cper::kSectionXpfMca}, Buffer(264, 0)}},
                            .packet_flags = whea::kPacketSimulated | whea::kPacketPreviousError};
  const Buffer bytes = record(platform("win11-24H2"), error, 0x1234, at("2026-01-15T08:09:10Z"));
  const auto header = *cper::Record::decode(bytes).header();
  EXPECT_EQ(header[cper::Header::kSeverity], 1u);
  EXPECT_EQ(header[cper::Header::kValidBits], 2u);
  EXPECT_EQ(header[cper::Header::kTimestamp], 0x141a010f'0008090au) << "binary: century 20, year 26, ...";
  EXPECT_EQ(header[cper::Header::kNotifyType], cper::kNotifyMce);
  EXPECT_EQ(header[cper::Header::kCreatorId], cper::kCreatorWindows);
  EXPECT_EQ(header[cper::Header::kRecordId], 0x1234u);
  EXPECT_EQ(header[cper::Header::kFlags], cper::kFlagSimulated | cper::kFlagPreviousError);
}

TEST(RecordBuilder, CorrectedMachineChecksNotifyByProfile) {
  const HardwareError error{.source = ErrorSourceType::cmc,
                            .severity = cper::Severity::corrected,
                            .sections = {{{.type = cper::kSectionXpfMca}, Buffer(264, 0)}}};
  const auto notify = [&](const char* profile) {
    const Buffer bytes = record(platform(profile), error, 1, at("2026-01-15T08:00:00Z"));
    return (*cper::Record::decode(bytes).header())[cper::Header::kNotifyType];
  };
  EXPECT_EQ(notify("win10-1903"), cper::kNotifyCmc);
  EXPECT_EQ(notify("win10-2004"), cper::kNotifyCmci);
}

TEST(RecordBuilder, GivenProcessorSectionsStandInForDerivedOnes) {
  const Buffer own(192, 0x5a), extra(20, 0x77);
  const HardwareError error{.sections = {{{.type = cper::kSectionMemory}, extra},
                                         {{.type = cper::kSectionProcessorGeneric}, own},
                                         {{.type = cper::kSectionXpfMca}, Buffer(264, 0)}}};
  const Buffer bytes = record(platform("win10-2004"), error, 1, at("2026-01-15T08:00:00Z"));
  const cper::Record decoded = cper::Record::decode(bytes);
  const std::vector<std::pair<Guid, std::uint32_t>> expected = {{cper::kSectionProcessorGeneric, 192},
                                                                {cper::kSectionXpfProcessor, 128},
                                                                {cper::kSectionXpfMca, 272},
                                                                {cper::kSectionMemory, 20}};
  EXPECT_EQ(shape(bytes), expected);
  EXPECT_EQ(decoded.body(decoded.sections()[0])[100], 0x5a);
}

TEST(RecordBuilder, OtherSectionsAreTakenAsTheyAre) {
  const Guid unknown = "11111111-2222-3333-4444-555555555555"_guid;
  const HardwareError error{
      .source = ErrorSourceType::generic,
      .severity = cper::Severity::corrected,
      .sections = {{{.type = unknown, .fru_text = "Slot 0"}, Buffer(77, 0xab)},
                   {{.type = cper::kSectionMemory, .severity = cper::Severity::informational, .flags = 1},
                    Buffer(80, 0)}}};
  const Buffer bytes = record(platform("win11-24H2"), error, 1, at("2026-01-15T08:00:00Z"));
  const cper::Record decoded = cper::Record::decode(bytes);
  ASSERT_EQ(decoded.sections().size(), 2u);
  const auto first = decoded.descriptor(decoded.sections()[0]),
             second = decoded.descriptor(decoded.sections()[1]);
  EXPECT_EQ(first[cper::Descriptor::kSectionType], unknown);
  EXPECT_EQ(first[cper::Descriptor::kValidBits], 2u);
  EXPECT_EQ(first[cper::Descriptor::kSeverity], 2u);
  EXPECT_EQ(first[cper::Descriptor::kFlags], 0u) << "the second section is Primary by its own flag";
  EXPECT_EQ(second[cper::Descriptor::kSeverity], 3u);
  EXPECT_EQ(second[cper::Descriptor::kFlags], 1u);
  EXPECT_EQ(decoded.body(decoded.sections()[0])[76], 0xab);
  EXPECT_EQ((*decoded.header())[cper::Header::kNotifyType], cper::kNotifyGeneric);
}

TEST(RecordBuilder, WhatIsNoPacketIsRefused) {
  const auto made = create_record(platform("win11-24H2"), {Buffer(79, 0), {}, {}}, 1, {});
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().kind, ErrorKind::malformed);
}

TEST(LowLevelHandlers, PacketCarriesTheSectionOfItsFormat) {
  const Platform machine = platform("win11-22H2");
  const auto packet_of = [&](ErrorSourceType source, const Guid& type, std::size_t size) {
    return handle_error(machine, {source, cper::Severity::fatal, {{{.type = type}, Buffer(size, 1)}}, 4}, 9,
                        {});
  };
  const auto mca = packet_of(ErrorSourceType::mce, cper::kSectionXpfMca, 264);
  ASSERT_TRUE(mca);
  const whea::Packet packet = whea::Packet::decode(mca->packet);
  ASSERT_TRUE(packet.v2());
  EXPECT_TRUE(packet.findings().empty());
  EXPECT_EQ((*packet.v2())[whea::PacketV2::kDataFormat], 1u);
  EXPECT_EQ((*packet.v2())[whea::PacketV2::kErrorSourceId], 9u);
  EXPECT_EQ((*packet.v2())[whea::PacketV2::kFlags], 4u);
  EXPECT_EQ(packet.data().size(), 292u);

  const auto format_of = [&](ErrorSourceType source, const Guid& type) {
    const auto report = packet_of(source, type, 300);
    return (*whea::Packet::decode(report->packet).v2())[whea::PacketV2::kDataFormat];
  };
  EXPECT_EQ(format_of(ErrorSourceType::generic, cper::kSectionMemory), 2u);
  EXPECT_EQ(format_of(ErrorSourceType::pcie, cper::kSectionPciExpress), 3u);
  EXPECT_EQ(format_of(ErrorSourceType::nmi, cper::kSectionNmi), 4u);
  EXPECT_EQ(format_of(ErrorSourceType::generic, Guid{}), 7u);
}

TEST(LowLevelHandlers, OnlyAnNmiNeedsNoSection) {
  const Platform machine = platform("win11-22H2");
  const auto nmi = handle_error(machine, {ErrorSourceType::nmi, cper::Severity::fatal, {}, 0}, 3, {});
  ASSERT_TRUE(nmi);
  EXPECT_EQ(nmi->primary.type, cper::kSectionNmi);
  EXPECT_EQ(whea::Packet::decode(nmi->packet).data().size(), 12u);
  const auto mce = handle_error(machine, {ErrorSourceType::mce, cper::Severity::fatal, {}, 0}, 1, {});
  ASSERT_FALSE(mce);
  EXPECT_EQ(mce.error().kind, ErrorKind::invalid_argument);
}

}  // namespace
}  // namespace wheatstone::windows
