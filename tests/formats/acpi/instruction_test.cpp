// ERST and EINJ: exact bytes of tables, trigger tables and parameter blocks.
#include <gtest/gtest.h>

#include "formats/acpi/acpi_table.hpp"
#include "formats/acpi/build.hpp"
#include "formats/layout/assign.hpp"
#include "formats/layout/flatten.hpp"
#include "formats/layout/walk.hpp"
#include "tests/formats/acpi/examples.hpp"

namespace wheatstone::acpi {
namespace {

Buffer bytes(const char* hex) {
  return layout::parse_hex_bytes(hex).value();
}

std::string value_of(const layout::Layout& layout, Bytes bytes, std::string_view path) {
  for (const layout::Leaf& leaf : layout::flatten(layout, bytes))
    if (leaf.path == path) return layout::value_text(leaf);
  return "no such field";
}

std::vector<std::string> set_flags(const layout::Layout& layout, Bytes bytes) {
  std::vector<std::string> paths;
  for (const layout::Leaf& leaf : layout::flatten(layout, bytes))
    if (leaf.kind == layout::Leaf::Kind::flag && leaf.number == 1) paths.push_back(leaf.path);
  return paths;
}

TEST(Erst, HasTheseBytes) {
  const NewInstruction entry{.action = 8,
                             .instruction = 18,
                             .where = {.space = 1,
                                       .bit_width = 32,
                                       .bit_offset = 3,
                                       .access_size = 2,
                                       .address = 0x1112131415161718},
                             .value = 0x2122232425262728,
                             .mask = 0x3132333435363738,
                             .flags = 1};
  const Buffer table = make_erst({.revision = 1,
                                  .oem_id = "OEMIDX",
                                  .oem_table_id = "OEMTABLE",
                                  .oem_revision = 0x01020304,
                                  .creator_id = "CRTR",
                                  .creator_revision = 0x05060708},
                                 std::vector{entry});
  Buffer expected = bytes(
      "45525354 50000000 01 00 4f454d494458 4f454d5441424c45 04030201 43525452 08070605"
      "30000000 00000000 01000000"
      "08 12 01 00 01 20 03 02 1817161514131211 2827262524232221 3837363534333231");
  expected[9] = table[9];
  EXPECT_EQ(table, expected);
  EXPECT_EQ(byte_sum(table), 0);
  EXPECT_NE(table[9], 0);
}

TEST(Erst, NamesActionsAndInstructions) {
  const Buffer table = make_erst({}, examples::erst_actions());
  EXPECT_TRUE(Table::decode(table).findings().empty());
  EXPECT_EQ(value_of(kErst, table, "InstructionEntryCount"), "35");
  EXPECT_EQ(value_of(kErst, table, "InstructionEntries[12].Action"), "GET_ERROR_LOG_ADDRESS_RANGE (13)");
  EXPECT_EQ(value_of(kErst, table, "InstructionEntries[34].Instruction"), "MOVE_DATA (18)");
  EXPECT_EQ(value_of(kErst, table, "InstructionEntries[0].RegisterRegion.Address"), "0x00000000fed00000");
  EXPECT_EQ(layout::name_of(kErstStatusNames, 5), "RecordNotFound");
}

TEST(Einj, HasTheseBytes) {
  const Buffer table = make_einj({}, std::vector{examples::step(0xff, 3, 0x800f038, 1)});
  EXPECT_EQ(Buffer(table.begin() + 36, table.end()),
            bytes("30000000 00 000000 01000000 ff 03 00 00 00 40 00 04 38f0000800000000 0100000000000000"
                  "ffffffffffffffff"));
  EXPECT_TRUE(Table::decode(table).findings().empty());
  EXPECT_EQ(value_of(kEinj, table, "InjectionEntries[0].Action"), "TRIGGER_ERROR (255)");
  EXPECT_EQ(layout::name_of(kEinjStatusNames, 2), "InvalidAccess");
}

TEST(Einj, TriggerTableHasTheseBytes) {
  const Buffer table = make_trigger_table(std::vector{examples::step(0xff, 3, 0x800f038, 1)});
  EXPECT_EQ(table, bytes("10000000 01000000 30000000 01000000 ff 03 00 00 00 40 00 04 38f0000800000000"
                         "0100000000000000 ffffffffffffffff"));
  EXPECT_EQ(value_of(kTriggerTable, table, "TriggerEntries[0].Action"), "TRIGGER_ERROR (255)");
  EXPECT_EQ(make_trigger_table({}), bytes("10000000 01000000 10000000 00000000"));
}

TEST(SetErrorTypeWithAddress, HasTheseBytes) {
  Buffer block(kSetErrorTypeWithAddress.size, 0);
  const auto done =
      layout::assign(kSetErrorTypeWithAddress, block,
                     examples::map({{"ErrorType", examples::text("MemoryUncorrectableNonFatal")},
                                    {"VendorErrorTypeExtensionOffset", examples::text("0x24")},
                                    {"ProcessorIdentification", examples::text("0x01020304")},
                                    {"MemoryAddress", examples::text("0x1112131415161718")},
                                    {"MemoryAddressRange", examples::text("0x2122232425262728")},
                                    {"PcieSBDF", examples::map({{"Segment", examples::text("0x31")},
                                                                {"Bus", examples::text("0x32")},
                                                                {"Device", examples::text("0x1f")},
                                                                {"Function", examples::text("7")}})}}));
  ASSERT_TRUE(done) << done.error().text();
  EXPECT_EQ(block, bytes("10000000 24000000 07000000 04030201 1817161514131211 2827262524232221 00ff3231"));
}

TEST(SetErrorTypeWithAddress, Bits12To17AreCxlOrItanium) {
  Buffer block(kSetErrorTypeWithAddress.size, 0);
  store_le<std::uint32_t>(block.data(), 1u << 12 | 1u << 31);
  EXPECT_EQ(set_flags(kSetErrorTypeWithAddress, block),
            (std::vector<std::string>{"ErrorType.CXLCacheCorrectable", "ErrorType.VendorDefined"}));
  EXPECT_EQ(set_flags(kSetErrorTypeWithAddressItanium, block),
            (std::vector<std::string>{"ErrorType.IA64Corrected", "ErrorType.VendorDefined"}));
  store_le<std::uint32_t>(block.data(), 0x180);  // 0x80 is not fatal, 0x100 is: ACPICA and Windows agree
  EXPECT_EQ(set_flags(kSetErrorTypeWithAddress, block),
            (std::vector<std::string>{"ErrorType.PCIExpressUncorrectableNonFatal",
                                      "ErrorType.PCIExpressUncorrectableFatal"}));
}

TEST(VendorErrorTypeExtension, HasItsOwnLength) {
  const Buffer block = bytes("14000000 00ff3231 0201 0403 05 000000 aabbccdd ee");
  EXPECT_EQ(layout::element(kVendorErrorTypeExtension, block)->size(), 20u);
  EXPECT_EQ(value_of(kVendorErrorTypeExtension, Bytes(block).first(20), "VendorID"), "0x0102");
  EXPECT_EQ(value_of(kVendorErrorTypeExtension, Bytes(block).first(20), "DeviceID"), "0x0304");
  EXPECT_EQ(value_of(kVendorErrorTypeExtension, Bytes(block).first(20), "VendorData"), "aabbccdd");
  EXPECT_FALSE(layout::element(kVendorErrorTypeExtension, Bytes(block).first(19)));
}

}  // namespace
}  // namespace wheatstone::acpi
