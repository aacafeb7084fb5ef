#include "formats/cper/sections/arm_ras.hpp"

#include <gtest/gtest.h>

#include "tests/formats/cper/sections/body.hpp"

namespace wheatstone::cper {
namespace {

Buffer node(std::uint32_t records, std::uint16_t offset, std::size_t size) {
  Buffer bytes = test::ascending(size);
  store_le<std::uint32_t>(&bytes[8], records);
  store_le<std::uint16_t>(&bytes[12], offset);
  std::fill_n(bytes.begin() + 64, 16, std::uint8_t{'u'});
  return bytes;
}

TEST(ArmRas, EveryFieldIsReadWhereItStands) {
  const Buffer bytes = node(2, 80, 80 + 2 * 72 + 5);
  const test::Values found = test::section_values("ArmRas", bytes);
  EXPECT_EQ(test::value_at(found, "UserData"), "uuuuuuuuuuuuuuuu");
  EXPECT_EQ(test::value_at(found, "ErrorSyndrome[0].RasExtensionRevision.ARCHVER"), "5");
  EXPECT_EQ(test::value_at(found, "ErrorSyndrome[0].RasExtensionRevision.REVISION"), "5");
  test::expect_places(tables::kArmRasRecord, Bytes(bytes).subspan(80, 72),
                      {{"ErrorRecordIndex", 0, 4},
                       {"RasExtensionRevision", 4, 1},
                       {"Reserved", 5, 3},
                       {"ERR_FR", 8, 8},
                       {"ERR_CTLR", 16, 8},
                       {"ERR_STATUS", 24, 8},
                       {"ERR_ADDR", 32, 8},
                       {"ERR_MISC0", 40, 8},
                       {"ERR_MISC1", 48, 8},
                       {"ERR_MISC2", 56, 8},
                       {"ERR_MISC3", 64, 8}});
  const auto at = [&](std::string_view path) { return test::value_at(found, path); };
  EXPECT_EQ(at("Revision"), "67305985");
  EXPECT_EQ(at("ComponentType"), "PCIe (5)");
  EXPECT_EQ(at("Reserved"), "060708");
  EXPECT_EQ(at("ErrorSyndromeArrayNumEntries"), "2");
  EXPECT_EQ(at("ErrorSyndromeArrayOffset"), "80");
  EXPECT_EQ(at("AuxiliaryDataOffset"), "4111");
  EXPECT_EQ(at("IPInstanceFormat"), "17");
  EXPECT_EQ(at("IPTypeFormat"), "18");
  EXPECT_EQ(at("Reserved2"), "131415161718");
  EXPECT_EQ(at("IPInstance[0]"), "0x201f1e1d1c1b1a19") << "format 17 is unknown";
  EXPECT_EQ(at("IPInstance[1]"), "0x2827262524232221");
  EXPECT_EQ(at("IPType[2]"), "0x403f3e3d3c3b3a39");
  EXPECT_EQ(at("ErrorSyndrome[1].ErrorRecordIndex"), "2627443353");
  EXPECT_EQ(at("ErrorSyndrome[1].ERR_MISC3"), "0xe0dfdedddcdbdad9");
  EXPECT_EQ(at("AuxiliaryData"), "e1e2e3e4e5");
}

TEST(ArmRas, TheFormatsSayWhatInstanceAndTypeAre) {
  Buffer bytes = node(0, 80, 80);
  const auto with = [&](std::uint8_t instance, std::uint8_t type, std::string_view path) {
    bytes[16] = instance;
    bytes[17] = type;
    return test::value_at(test::section_values("ArmRas", bytes), path);
  };
  EXPECT_EQ(with(0, 0, "IPInstance.MPIDR_EL1"), "0x201f1e1d1c1b1a19");
  EXPECT_EQ(with(1, 0, "IPInstance.SystemPhysicalAddress"), "0x201f1e1d1c1b1a19");
  EXPECT_EQ(with(2, 0, "IPInstance.BaseAddress"), "0x2827262524232221");
  EXPECT_EQ(with(3, 0, "IPInstanceFormat"), "SocSpecificIpIdentifier (3)");
  EXPECT_EQ(with(3, 0, "IPInstance[0]"), "0x201f1e1d1c1b1a19");
  EXPECT_EQ(with(0, 0, "IPType.AIDR_EL1"), "0x403f3e3d3c3b3a39");
  EXPECT_EQ(with(0, 1, "IPType.AIDR"), "0x302f2e2d");
  EXPECT_EQ(with(0, 2, "IPType.IIDR"), "0x2c2b2a29");
  EXPECT_EQ(with(0, 3, "IPType.PIDR4"), "0x30");
  EXPECT_EQ(with(0, 4, "IPType[0]"), "0x302f2e2d2c2b2a29");
}

TEST(ArmRas, AnArrayElsewhereIsNotGuessedAt) {
  for (const std::uint16_t offset : {std::uint16_t{79}, std::uint16_t{81}}) {
    const test::Values found = test::section_values("ArmRas", node(1, offset, 160));
    EXPECT_EQ(test::value_at(found, "ErrorSyndromeArrayOffset"), std::to_string(offset));
    EXPECT_EQ(test::value_at(found, "ErrorSyndrome[0].ErrorRecordIndex"), "");
    EXPECT_EQ(test::value_at(found, "Data").size(), 160u);  // 80 bytes in hex
  }
}

TEST(ArmRas, RecordsMustFitAndSoMustTheNode) {
  const Buffer bytes = node(1, 80, 152);
  EXPECT_TRUE(test::broken(kArmRas, bytes).empty());
  EXPECT_EQ(test::broken(kArmRas, Bytes(bytes).first(151)),
            std::vector<std::string>{"element-outside-section at ErrorSyndrome[0]"});
  EXPECT_EQ(find_section("ArmRas")->layout_of(Bytes(bytes).first(79)), nullptr);
  EXPECT_EQ(find_section("ArmRas")->layout_of(Bytes(bytes).first(80)), &kArmRas);
}

}  // namespace
}  // namespace wheatstone::cper
