#include "formats/cper/sections/dmar.hpp"

#include <gtest/gtest.h>

#include "formats/cper/record.hpp"
#include "tests/formats/cper/sections/body.hpp"
#include "tests/support/records.hpp"

namespace wheatstone::cper {
namespace {

using test::hex;
using test::Values;

const Buffer kGeneric =
    hex("0201 0403 0b 01 00 02"
        "1011121314151617"
        "202122232425262728292a2b2c2d2e2f");

TEST(DmarGeneric, EveryFieldIsReadWhereItStands) {
  EXPECT_EQ(test::section_values("DmarGeneric", kGeneric),
            (Values{{"RequesterId", "0x0102"},
                    {"SegmentNumber", "772"},
                    {"FaultReason", "CommandBufferAccessError (11)"},
                    {"AccessType", "Write (1)"},
                    {"AddressType", "UntranslatedRequest (0)"},
                    {"ArchType", "Iommu (2)"},
                    {"DeviceAddr", "0x1716151413121110"},
                    {"Resv1", "202122232425262728292a2b2c2d2e2f"}}));
  EXPECT_EQ(find_section("DmarGeneric")->layout_for(31), nullptr);
  EXPECT_EQ(find_section("DmarGeneric")->layout_for(32), &kDmarGeneric);
}

TEST(DmarGeneric, LibcperTurnsAccessAndArchitectureRound) {
  const auto as = [](std::uint8_t access, std::uint8_t arch) {
    Buffer bytes = kGeneric;
    bytes[5] = access;
    bytes[7] = arch;
    const Values found = test::values(kDmarGenericLibcper, bytes);
    return test::value_at(found, "AccessType") + ", " + test::value_at(found, "ArchType");
  };
  EXPECT_EQ(as(0, 0), "Write (0), VtD (0)");
  EXPECT_EQ(as(1, 1), "Read (1), Iommu (1)");
  EXPECT_EQ(as(2, 2), "2, 2");
  EXPECT_EQ(test::value_at(test::values(kDmarGenericLibcper, kGeneric), "DeviceAddr"), "0x1716151413121110");
}

TEST(DmarGeneric, APublishedRecordIsRead) {
  const Buffer bytes = test::load_record("dmargeneric");
  const Record record = Record::decode(bytes);
  ASSERT_EQ(record.sections().size(), 1u);
  EXPECT_EQ(test::values(*record.sections()[0].layout, record.body(record.sections()[0])),
            (Values{{"RequesterId", "0xbf69"},
                    {"SegmentNumber", "52187"},
                    {"FaultReason", "InvalidReadOrWrite (6)"},
                    {"AccessType", "Read (0)"},
                    {"AddressType", "UntranslatedRequest (0)"},
                    {"ArchType", "VtD (1)"},
                    {"DeviceAddr", "0xc5feb1eb6352d099"},
                    {"Resv1", "00000000000000000000000000000000"}}));
}

const Buffer kVtd =
    hex("01 10 4f454d494421 08090a0b0c0d0e0f 1011121314151617"
        "18191a1b 1c1d1e1f 20212223 2425262728292a2b2c2d2e2f"
        "00f0cdab89674523 34120060 21563412"  // the fault record; the last word is put together below
        "4041424344454647 48494a4b4c4d4e4f"
        "5051525354555657 58595a5b5c5d5e5f"
        "6061626364656667 68696a6b6c6d6e6f 7071727374757677"
        "78797a7b7c7d7e7f 8081828384858687 88898a8b8c8d8e8f");

TEST(DmarVtd, EveryFieldIsReadWhereItStands) {
  Buffer bytes = kVtd;
  // Source 0x1234, privileged and execute, reason 0x21, PASID 0xabcde, address type 2, a read, valid.
  store_le<std::uint64_t>(&bytes[56], 0x1234u | 3ull << 29 | 0x21ull << 32 | 0xabcdeull << 40 | 2ull << 60 |
                                          1ull << 62 | 1ull << 63);
  EXPECT_EQ(test::section_values("DmarVtd", bytes),
            (Values{{"Version", "1"},
                    {"Revision", "16"},
                    {"OemId", "OEMID!"},
                    {"Capability", "0x0f0e0d0c0b0a0908"},
                    {"CapabilityEx", "0x1716151413121110"},
                    {"GlobalCommand", "0x1b1a1918"},
                    {"GlobalStatus", "0x1f1e1d1c"},
                    {"FaultStatus", "0x23222120"},
                    {"Resv1", "2425262728292a2b2c2d2e2f"},
                    {"FaultRecord.Address", "0x23456789abcdf000"},
                    {"FaultRecord.Address.FaultInformation", "620495948659935"},
                    {"FaultRecord.Request", "0xeabcde2160001234"},
                    {"FaultRecord.Request.SourceIdentifier", "4660"},
                    {"FaultRecord.Request.PrivilegeModeRequested", "true"},
                    {"FaultRecord.Request.ExecutePermission", "true"},
                    {"FaultRecord.Request.FaultReason", "33"},
                    {"FaultRecord.Request.PasidValue", "703710"},
                    {"FaultRecord.Request.AddressType", "2"},
                    {"FaultRecord.Request.Type", "true"},
                    {"FaultRecord.Request.Fault", "true"},
                    {"RootEntry[0]", "0x4746454443424140"},
                    {"RootEntry[1]", "0x4f4e4d4c4b4a4948"},
                    {"ContextEntry[0]", "0x5756555453525150"},
                    {"ContextEntry[1]", "0x5f5e5d5c5b5a5958"},
                    {"PteL6", "0x6766656463626160"},
                    {"PteL5", "0x6f6e6d6c6b6a6968"},
                    {"PteL4", "0x7776757473727170"},
                    {"PteL3", "0x7f7e7d7c7b7a7978"},
                    {"PteL2", "0x8786858483828180"},
                    {"PteL1", "0x8f8e8d8c8b8a8988"}}));
  store_le<std::uint64_t>(&bytes[56], 1ull << 31);
  EXPECT_EQ(test::value_at(test::section_values("DmarVtd", bytes), "FaultRecord.Request.PasidPresent"),
            "true");
  EXPECT_EQ(find_section("DmarVtd")->layout_for(143), nullptr);
  EXPECT_EQ(find_section("DmarVtd")->layout_for(144), &kDmarVtd);
}

TEST(DmarIommu, EveryFieldIsReadWhereItStands) {
  EXPECT_EQ(test::section_values("DmarIommu", test::ascending(144, 0)),
            (Values{{"Revision", "0"},
                    {"Resv1", "01020304050607"},
                    {"Control", "0x0f0e0d0c0b0a0908"},
                    {"Status", "0x1716151413121110"},
                    {"Resv2", "18191a1b1c1d1e1f"},
                    {"EventLogEntry[0]", "0x2726252423222120"},
                    {"EventLogEntry[1]", "0x2f2e2d2c2b2a2928"},
                    {"Resv3", "303132333435363738393a3b3c3d3e3f"},
                    {"DeviceTableEntry[0]", "0x4746454443424140"},
                    {"DeviceTableEntry[1]", "0x4f4e4d4c4b4a4948"},
                    {"DeviceTableEntry[2]", "0x5756555453525150"},
                    {"DeviceTableEntry[3]", "0x5f5e5d5c5b5a5958"},
                    {"PteL6", "0x6766656463626160"},
                    {"PteL5", "0x6f6e6d6c6b6a6968"},
                    {"PteL4", "0x7776757473727170"},
                    {"PteL3", "0x7f7e7d7c7b7a7978"},
                    {"PteL2", "0x8786858483828180"},
                    {"PteL1", "0x8f8e8d8c8b8a8988"}}));
  EXPECT_EQ(find_section("DmarIommu")->layout_for(143), nullptr);
  EXPECT_EQ(find_section("DmarIommu")->layout_for(144), &kDmarIommu);
}

}  // namespace
}  // namespace wheatstone::cper
