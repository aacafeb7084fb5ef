#include "formats/layout/hex_dump.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace wheatstone::layout {
namespace {

using ::testing::ElementsAre;

std::string outcome(std::string_view text, std::size_t max_bytes = 1024) {
  const auto bytes = parse_hex_dump(text, max_bytes);
  if (bytes) return "read";
  return fmt::format("{}:{}: {}", bytes.error().where.line, bytes.error().where.column, bytes.error().text());
}

TEST(HexDump, ReadsLinesBlanksAndComments) {
  EXPECT_THAT(parse_hex_dump("# a dump\n\n0000: 01 02ff  # three\r\n  0003: aA", 16).value(),
              ElementsAre(1, 2, 0xff, 0xaa));
  EXPECT_TRUE(parse_hex_dump("", 16).value().empty());
}

TEST(HexDump, StarsStandForZeroBytes) {
  EXPECT_THAT(parse_hex_dump("0: 01\n*\n4: 02\n*\n7:\n", 16).value(), ElementsAre(1, 0, 0, 0, 2, 0, 0));
}

TEST(HexDump, NamesThePlaceOfAMistake) {
  EXPECT_EQ(outcome("0: 01\nzz"),
            "2:1: an offset in hex and ':' are expected (for example '0040: bdc407cf')");
  EXPECT_EQ(outcome("0: 01 2"), "1:7: two hex digits are expected");
  EXPECT_EQ(outcome("0: 01 0x"), "1:7: two hex digits are expected");
  EXPECT_EQ(outcome("0: 01\n2: 01"),
            "2:1: offset 0x2 where 0x1 is expected (only after a line '*' may an offset jump)");
  EXPECT_EQ(outcome("0: 0102\n*\n1: 01"), "3:1: offset 0x1 where 0x2 is expected (offsets must grow)");
  EXPECT_EQ(outcome("0: 01\n*\n"), "2:1: a '*' at the end (an offset must say where the zero bytes end)");
}

TEST(HexDump, SizeIsBoundedOnBothSides) {
  EXPECT_EQ(outcome("0: 0102", 2), "read");
  EXPECT_EQ(outcome("0: 010203", 2), "1:1: more than 2 bytes");
  EXPECT_EQ(outcome("*\n2:", 2), "read");
  EXPECT_EQ(outcome("*\n3:", 2), "2:1: offset 0x3 is too large (at most 0x2 bytes are read)");
  EXPECT_EQ(outcome("*\nffffffff:", 2), "2:1: offset 0xffffffff is too large (at most 0x2 bytes are read)");
}

TEST(HexDump, WritesWhatItReads) {
  Buffer bytes(200, 0);
  bytes[0] = 1;
  bytes[150] = 0xab;
  const std::string text = write_hex_dump(bytes);
  EXPECT_EQ(text,
            "0000: 0100000000000000000000000000000000000000000000000000000000000000\n*\n"
            "0080: 00000000000000000000000000000000000000000000ab000000000000000000\n"
            "*\n"
            "00c0: 0000000000000000\n");
  EXPECT_EQ(parse_hex_dump(text, 200).value(), bytes);
}

}  // namespace
}  // namespace wheatstone::layout
