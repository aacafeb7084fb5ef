#include "formats/acpi/build.hpp"

#include <gtest/gtest.h>

#include "formats/acpi/acpi_table.hpp"
#include "formats/layout/assign.hpp"
#include "tests/formats/acpi/examples.hpp"

namespace wheatstone::acpi {
namespace {

TEST(MakeBert, HasTheseBytes) {
  EXPECT_EQ(make_bert({.revision = 1,
                       .oem_id = "TOOLONGID",
                       .oem_table_id = "AB",
                       .oem_revision = 0x01020304,
                       .creator_id = "",
                       .creator_revision = 0x05060708},
                      0x11121314, 0x2122232425262728),
            *layout::parse_hex_bytes("42455254 30000000 01 b2 544f4f4c4f4e 4142000000000000 04030201 00000000"
                                     "08070605 14131211 2827262524232221"));
}

TEST(MakeHest, WithoutSourcesIsATable) {
  const Buffer bytes = make_hest({}, {}).value();
  EXPECT_EQ(bytes.size(), 40u);
  EXPECT_TRUE(Table::decode(bytes).findings().empty());
}

TEST(MakeHest, TakesSeveralSourcesInOnePiece) {
  Buffer two = examples::source("Nmi", 1);
  const Buffer other = examples::source("AerBridge", 2);
  two.insert(two.end(), other.begin(), other.end());
  const Buffer bytes = make_hest({}, std::vector<Buffer>{two}).value();
  EXPECT_EQ(load_le<std::uint32_t>(&bytes[36]), 2u);
  EXPECT_TRUE(Table::decode(bytes).findings().empty());
}

TEST(MakeHest, RefusesWhatIsNoSource) {
  Buffer cut = examples::source("Nmi", 1);
  cut.pop_back();
  const auto made = make_hest({}, std::vector{examples::source("Nmi", 0), cut});
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().kind, ErrorKind::malformed);
  EXPECT_EQ(made.error().where.offset, 60u);
  EXPECT_EQ(made.error().message, "the 19 bytes behind 1 entries are no entry");
}

TEST(FinishTable, LeavesATableAloneThatIsRight) {
  for (const Buffer& right :
       {examples::full_hest(), make_bert({}, 20, 0), make_erst({}, examples::erst_actions()),
        make_einj({}, examples::einj_actions())}) {
    Buffer bytes = right;
    ASSERT_TRUE(finish_table(bytes));
    EXPECT_EQ(bytes, right);
  }
}

TEST(FinishTable, PutsLengthCountAndChecksumRight) {
  Buffer bytes = examples::full_hest();
  const Buffer more = examples::source("Generic", 77);
  bytes.insert(bytes.end(), more.begin(), more.end());
  EXPECT_FALSE(Table::decode(bytes).findings().empty());
  ASSERT_TRUE(finish_table(bytes));
  EXPECT_TRUE(Table::decode(bytes).findings().empty());
  EXPECT_EQ(load_le<std::uint32_t>(&bytes[4]), bytes.size());
  EXPECT_EQ(load_le<std::uint32_t>(&bytes[36]), 10u);
}

TEST(FinishTable, SealsATableOfAnotherKind) {
  Buffer bytes(37, 1);
  ASSERT_TRUE(finish_table(bytes));
  EXPECT_EQ(byte_sum(bytes), 0);
  EXPECT_EQ(load_le<std::uint32_t>(&bytes[4]), 37u);
}

TEST(FinishTable, RefusesATableThatIsTooShort) {
  for (const auto& [table, least] :
       {std::pair(examples::full_hest(), 40u), {make_bert({}, 20, 0), 48u}, {make_erst({}, {}), 48u}}) {
    Buffer bytes(table.begin(), table.begin() + least);
    EXPECT_TRUE(finish_table(bytes));
    bytes.pop_back();
    const Buffer before = bytes;
    EXPECT_FALSE(finish_table(bytes));
    EXPECT_EQ(bytes, before) << "a table that is refused stays as it is";
  }
  Buffer nothing;
  EXPECT_FALSE(finish_table(nothing));
}

}  // namespace
}  // namespace wheatstone::acpi
