#include "formats/whea/smca.hpp"

#include <gtest/gtest.h>

namespace wheatstone::whea {
namespace {

TEST(Smca, TakesTheIpidOfRealRecordsApart) {
  EXPECT_EQ(smca_bank(0x001000b000000000), (SmcaBank{0x0b0, 0x10, 0, find_smca_bank_type(0xb0, 0x10)}));
  EXPECT_EQ(smca_bank(0x0001002e00000500), (SmcaBank{0x02e, 0x1, 0x500, find_smca_bank_type(0x2e, 1)}));
  EXPECT_EQ(smca_bank(0x001000b000000000)->type->name, "LS_V2");
  EXPECT_EQ(smca_bank(0x0001002e00000500)->type->name, "PIE");
}

TEST(Smca, KeepsEveryFieldApartAtItsEdges) {
  EXPECT_EQ(smca_bank(0xffff'0000'0000'0000), (SmcaBank{0, 0xffff, 0, nullptr}));
  EXPECT_EQ(smca_bank(0x0000'f000'0000'0000), (SmcaBank{0, 0, 0xf'0000'0000, find_smca_bank_type(0, 0)}));
  EXPECT_EQ(smca_bank(0x0000'0fff'0000'0000), (SmcaBank{0xfff, 0, 0, nullptr}));
  EXPECT_EQ(smca_bank(0x0000'0000'ffff'ffff), (SmcaBank{0, 0, 0xffff'ffff, nullptr}));
}

TEST(Smca, KnowsNoBankWithoutTheRegister) {
  EXPECT_FALSE(smca_bank(0));
}

// The pairs of HardwareID and McaType of every generation that Linux knows.
TEST(Smca, NamesBankTypes) {
  struct Row {
    std::uint16_t hardware_id, mca_type;
    std::string_view name;
  };
  constexpr Row kRows[] = {
      {0xb0, 0x0, "LS"},       {0xb0, 0x10, "LS_V2"},    {0xb0, 0x1, "IF"},        {0xb0, 0x2, "L2_CACHE"},
      {0xb0, 0x3, "DE"},       {0xb0, 0x5, "EX"},        {0xb0, 0x6, "FP"},        {0xb0, 0x7, "L3_CACHE"},
      {0x2e, 0x0, "CS"},       {0x2e, 0x1, "PIE"},       {0x2e, 0x2, "CS_V2"},     {0x2e, 0x4, "MA_LLC"},
      {0x96, 0x0, "UMC"},      {0x96, 0x1, "UMC_V2"},    {0x05, 0x0, "PB"},        {0xff, 0x0, "PSP"},
      {0xff, 0x1, "PSP_V2"},   {0xff, 0x2, "MPART"},     {0x01, 0x0, "SMU"},       {0x01, 0x1, "SMU_V2"},
      {0x01, 0x2, "MP5"},      {0x01, 0x3, "MPDMA"},     {0x18, 0x0, "NBIO"},      {0x46, 0x0, "PCIE"},
      {0x46, 0x1, "PCIE_V2"},  {0x50, 0x0, "XGMI_PCS"},  {0x6c, 0x0, "NBIF"},      {0x80, 0x0, "SHUB"},
      {0xa8, 0x0, "SATA"},     {0xaa, 0x0, "USB"},       {0x170, 0x0, "USR_DP"},   {0x180, 0x0, "USR_CP"},
      {0x241, 0x0, "GMI_PCS"}, {0x259, 0x0, "XGMI_PHY"}, {0x267, 0x0, "WAFL_PHY"}, {0x269, 0x0, "GMI_PHY"},
      {0xfd, 0x0, "MPASP"},    {0xfd, 0x1, "MPASP_V2"},  {0xbe, 0x0, "MPDACC"},    {0xf9, 0x0, "MPM"},
      {0x12, 0x0, "MPRAS"},    {0x1e1, 0x0, "PCIE_PL"},  {0x5c, 0x0, "SSBDCI"},    {0x164, 0x0, "DACC_BE"},
      {0x157, 0x0, "DACC_FE"}, {0x1e0, 0x0, "EDDR5CMN"}};
  EXPECT_EQ(smca_bank_types().size(), std::size(kRows));
  for (const Row& row : kRows) {
    const SmcaBankType* type = find_smca_bank_type(row.hardware_id, row.mca_type);
    ASSERT_NE(type, nullptr) << row.name;
    EXPECT_EQ(type->name, row.name);
    EXPECT_EQ(type->hardware_id, row.hardware_id);
    EXPECT_EQ(type->mca_type, row.mca_type);
  }
}

TEST(Smca, LeavesUnknownPairsUnnamed) {
  EXPECT_EQ(find_smca_bank_type(0x0, 0x0), nullptr);
  EXPECT_EQ(find_smca_bank_type(0xb0, 0x4), nullptr);  // reserved
  EXPECT_EQ(find_smca_bank_type(0xb0, 0x11), nullptr);
  EXPECT_EQ(find_smca_bank_type(0x2e, 0x3), nullptr);
  EXPECT_EQ(find_smca_bank_type(0xfff, 0xffff), nullptr);
}

TEST(Smca, ReadsSixBitsOfExtendedCode) {
  EXPECT_EQ(smca_extended_code(0xbaa00000000c0135), 12);
  EXPECT_EQ(smca_extended_code(0x00000000003f0000), 63);
  EXPECT_EQ(smca_extended_code(0xffffffffffc0ffff), 0);
}

}  // namespace
}  // namespace wheatstone::whea
