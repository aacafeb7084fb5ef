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
  EXPECT_EQ(at("ComponentType"), "5");
  EXPECT_EQ(at("Reserved"), "060708");
  EXPECT_EQ(at("ErrorSyndromeArrayNumEntries"), "2");
  EXPECT_EQ(at("ErrorSyndromeArrayOffset"), "80");
  EXPECT_EQ(at("AuxiliaryDataOffset"), "4111");
  EXPECT_EQ(at("IPInstanceFormat"), "17");
  EXPECT_EQ(at("IPTypeFormat"), "18");
  EXPECT_EQ(at("Reserved2"), "131415161718");
  EXPECT_EQ(at("IPInstance"), "191a1b1c1d1e1f202122232425262728");
  EXPECT_EQ(at("IPType"), "292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f40");
  EXPECT_EQ(at("ErrorSyndrome[1].ErrorRecordIndex"), "2627443353");
  EXPECT_EQ(at("ErrorSyndrome[1].ERR_MISC3"), "0xe0dfdedddcdbdad9");
  EXPECT_EQ(at("AuxiliaryData"), "e1e2e3e4e5");
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
