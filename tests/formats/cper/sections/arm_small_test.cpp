// The small ARM sections of Windows: RAS node, SEA, SEI.
#include <gtest/gtest.h>

#include "formats/cper/sections/arm_aborts.hpp"
#include "formats/cper/sections/arm_ras_node.hpp"
#include "tests/formats/cper/sections/body.hpp"

namespace wheatstone::cper {
namespace {

using test::Values;

TEST(ArmRasNode, EveryFieldIsReadWhereItStands) {
  Buffer bytes = test::ascending(80, 0);
  bytes[8] = 1;
  bytes[9] = 5;
  EXPECT_EQ(test::section_values("ArmRasNode", bytes), (Values{{"NodeFieldCount", "50462976"},
                                                               {"NodeIndex", "117835012"},
                                                               {"InterfaceType", "MemoryMapped (1)"},
                                                               {"AestNodeType", "PCIe (5)"},
                                                               {"Reserved", "0a0b0c0d0e0f"},
                                                               {"ErrFr", "0x1716151413121110"},
                                                               {"ErrCtlr", "0x1f1e1d1c1b1a1918"},
                                                               {"ErrStatus", "0x2726252423222120"},
                                                               {"ErrAddr", "0x2f2e2d2c2b2a2928"},
                                                               {"ErrMisc0", "0x3736353433323130"},
                                                               {"ErrMisc1", "0x3f3e3d3c3b3a3938"},
                                                               {"ErrMisc2", "0x4746454443424140"},
                                                               {"ErrMisc3", "0x4f4e4d4c4b4a4948"}}));
  EXPECT_EQ(find_section("ArmRasNode")->layout_of(test::ascending(79)), nullptr);
}

TEST(Sea, EveryFieldIsReadWhereItStands) {
  const Buffer bytes = test::ascending(21, 0xe1);
  EXPECT_EQ(test::section_values("Sea", bytes), (Values{{"Esr", "0xe4e3e2e1"},
                                                        {"Far", "0xecebeae9e8e7e6e5"},
                                                        {"Par", "0xf4f3f2f1f0efeeed"},
                                                        {"WasKernel", "245"}}));
  EXPECT_EQ(find_section("Sea")->layout_of(test::ascending(20)), nullptr);
  EXPECT_EQ(test::section_values("Sea", test::ascending(22)).back(),
            (std::pair<std::string, std::string>{"Unread", "16"}));
}

TEST(Sei, EveryFieldIsReadWhereItStands) {
  EXPECT_EQ(test::section_values("Sei", test::ascending(12, 0xe1)),
            (Values{{"Esr", "0xe4e3e2e1"}, {"Far", "0xecebeae9e8e7e6e5"}}));
  EXPECT_EQ(find_section("Sei")->layout_of(test::ascending(11)), nullptr);
  EXPECT_EQ(test::section_values("Sei", test::ascending(13)).back(),
            (std::pair<std::string, std::string>{"Unread", "0d"}));
}

}  // namespace
}  // namespace wheatstone::cper
