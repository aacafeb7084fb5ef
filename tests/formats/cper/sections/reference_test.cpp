// Sections that refer to or carry what others wrote: firmware, Mu telemetry, MSR dump, extended RAS, vendors.
#include <gtest/gtest.h>

#include "formats/cper/record.hpp"
#include "formats/cper/sections/firmware.hpp"
#include "formats/cper/sections/mu_telemetry.hpp"
#include "formats/cper/sections/raw_data.hpp"
#include "formats/cper/sections/vendors.hpp"
#include "tests/formats/cper/sections/body.hpp"
#include "tests/support/records.hpp"

namespace wheatstone::cper {
namespace {

using test::hex;
using test::Values;
using Broken = std::vector<std::string>;

TEST(Firmware, TheLengthSaysWhichFormItIs) {
  const SectionType& type = *find_section("FirmwareErrorRecordReference");
  EXPECT_EQ(type.layout_for(15), nullptr);
  EXPECT_EQ(type.layout_for(16), &kFirmwareWindows);
  EXPECT_EQ(type.layout_for(31), &kFirmwareWindows);
  EXPECT_EQ(type.layout_for(32), &kFirmwareUefi);
}

TEST(Firmware, BothFormsAreReadWhereTheirFieldsStand) {
  const Buffer bytes = test::ascending(36);
  test::expect_places(kFirmwareWindows, Bytes(bytes).first(16),
                      {{"Type", 0, 1}, {"Reserved", 1, 7}, {"FirmwareRecordId", 8, 8}});
  test::expect_places(kFirmwareUefi, bytes,
                      {{"Type", 0, 1},
                       {"Revision", 1, 1},
                       {"Reserved", 2, 6},
                       {"FirmwareRecordId", 8, 8},
                       {"RecordIdGuid", 16, 16},
                       {"Payload", 32, 4}});
  EXPECT_EQ(test::value_at(test::values(kFirmwareUefi, bytes), "Type"), "SocFirmwareType1 (1)");
}

TEST(Firmware, APublishedRecordIsRead) {
  Buffer bytes = test::load_record("firmware1-first-512");
  const Record record = Record::decode(bytes);
  ASSERT_EQ(record.sections().size(), 3u);
  // The dump ends within the first body: read what is there as that body.
  const Values found = test::section_values("FirmwareErrorRecordReference", Bytes(bytes).subspan(0x158));
  EXPECT_EQ(test::value_at(found, "Type"), "SocFirmwareType2 (2)");
  EXPECT_EQ(test::value_at(found, "Revision"), "2");
  EXPECT_EQ(test::value_at(found, "FirmwareRecordId"), "0x0000000000000000");
  EXPECT_EQ(test::value_at(found, "RecordIdGuid"), "8f87f311-c998-4d9e-a0c4-6065518c4f6d");
  EXPECT_TRUE(test::value_at(found, "Payload").starts_with("05730341"));
}

TEST(MuTelemetry, EveryFieldIsReadWhereItStands) {
  const Buffer bytes = test::ascending(56);
  test::expect_places(kMuTelemetry, bytes,
                      {{"ComponentID", 0, 16},
                       {"SubComponentID", 16, 16},
                       {"Reserved", 32, 4},
                       {"ErrorStatusValue", 36, 4},
                       {"AdditionalInfo1", 40, 8},
                       {"AdditionalInfo2", 48, 8}});
  const Values found = test::section_values("MuTelemetry", bytes);
  EXPECT_EQ(test::value_at(found, "ErrorStatusValue"), "0x28272625");
  EXPECT_EQ(test::value_at(found, "ErrorStatusValue.Operation"), "9765");
  EXPECT_EQ(test::value_at(found, "ErrorStatusValue.Subclass"), "39");
  EXPECT_EQ(test::value_at(found, "ErrorStatusValue.Class"), "40");
  test::expect_shortest("MuTelemetry", 56);
}

TEST(Generic, IsItsBytesOfAnyLength) {
  EXPECT_EQ(test::section_values("Generic", hex("0102ff")), (Values{{"Data", "0102ff"}}));
  EXPECT_EQ(find_section("Generic")->layout_for(0), &kGeneric);
  EXPECT_EQ(test::section_values("Generic", {}), Values{});
}

TEST(MsrDump, TheDataIsAsLongAsItSays) {
  const Buffer bytes = hex("07 04000000 a1a2a3a4 ff");
  EXPECT_EQ(
      test::section_values("MsrDump", bytes),
      (Values{
          {"MsrDumpBuffer", "7"}, {"MsrDumpLength", "4"}, {"MsrDumpData", "a1a2a3a4"}, {"Unread", "ff"}}));
  EXPECT_EQ(test::broken(kMsrDump, Bytes(bytes).first(9)), Broken{});
  EXPECT_EQ(test::broken(kMsrDump, Bytes(bytes).first(8)), Broken{"part-outside-section at MsrDumpData"});
  test::expect_shortest("MsrDump", 5);
}

TEST(ExtendedRas, EveryFieldIsReadWhereItStands) {
  const Buffer bytes = test::ascending(26);
  test::expect_places(
      kExtendedRas, bytes,
      {{"Flag", 0, 4}, {"DimmLocation", 4, 4}, {"SectionLength", 8, 8}, {"SectionData", 16, 10}});
  test::expect_shortest("ExtendedRas", 16);
}

TEST(Nvidia, EveryFieldIsReadWhereItStands) {
  const Buffer bytes =
      hex("4e56424f4f540000 0000000000000000"
          "1122 3344 55 66 77 88 99aabbccddeeff00 0123");
  EXPECT_EQ(test::section_values("Nvidia", bytes), (Values{{"Signature", "NVBOOT"},
                                                           {"ErrorType", "8721"},
                                                           {"ErrorInstance", "17459"},
                                                           {"Severity", "85"},
                                                           {"Socket", "102"},
                                                           {"NumberRegs", "119"},
                                                           {"Reserved", "88"},
                                                           {"InstanceBase", "0x00ffeeddccbbaa99"},
                                                           {"Data", "0123"}}));
  test::expect_shortest("Nvidia", 32);
}

TEST(Ampere, EveryFieldIsReadWhereItStands) {
  test::expect_places(kAmpere, test::ascending(11),
                      {{"TypeId", 0, 2}, {"SubtypeId", 2, 2}, {"InstanceId", 4, 4}, {"Data", 8, 3}});
  test::expect_shortest("Ampere", 8);
}

}  // namespace
}  // namespace wheatstone::cper
