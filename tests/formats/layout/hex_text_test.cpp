#include "formats/layout/hex_text.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace wheatstone::layout {
namespace {

// What the programs printed for these bytes.
const Buffer kBytes = {'C', 'P', 'E', 'R', 0x10, 2,   0xff, 0xff, '|', 'a',
                       ' ', 'b', ' ', '~', 0x7f, ' ', 0,    '\n', '#', '*'};

const Buffer kSparse = [] {
  Buffer bytes = {'C', 'P', 'E', 'R', '|', ' ', ' ', ' '};
  bytes.resize(48);
  bytes.insert(bytes.end(), {'e', 'n', 'd'});
  return bytes;
}();

std::string outcome(const Result<Buffer>& bytes) {
  if (bytes) return "read";
  return fmt::format("{}:{}: {}", bytes.error().where.line, bytes.error().where.column,
                     bytes.error().message);
}

constexpr std::size_t kMost = 1024;

TEST(Xxd, ReadsGroupsOfAnySize) {
  EXPECT_EQ(parse_xxd("00000000: 4350 4552 1002 ffff 7c61 2062 207e 7f20  CPER....|a b ~. \n"
                      "00000010: 000a 232a                                ..#*\n",
                      kMost),
            kBytes);
  EXPECT_EQ(parse_xxd("00000000: 43 50 45 52 10 02 ff ff  CPER....\r\n"
                      "00000008: 7c 61 20 62 20 7e 7f 20  |a b ~.\r\n"  // the blank at the end is lost
                      "00000010: 00 0a 23 2a              ..#*\r\n",
                      kMost),
            kBytes);
  EXPECT_EQ(parse_xxd("00001000: 435045521002FFFF7C612062207E7F20000A232A  CPER....|a b ~. ..#*", kMost),
            kBytes);
}

TEST(Xxd, StarsStandForZeroBytes) {
  EXPECT_EQ(parse_xxd("00000000: 4350 4552 7c20 2020 0000 0000 0000 0000  CPER|   ........\n"
                      "*\n"
                      "00000030: 656e 64                                  end\n",
                      kMost),
            kSparse);
  EXPECT_EQ(outcome(parse_xxd("*\n00000010: 41  A", kMost)), "1:1: an offset in hex is expected");
  EXPECT_EQ(outcome(parse_xxd("00000000: 41  A\n*\n", kMost)), "2:1: a '*' at the end");
  EXPECT_EQ(outcome(parse_xxd("00000000: 41  A\n*\n*\n", kMost)), "3:1: an offset in hex is expected");
  EXPECT_EQ(outcome(parse_xxd("00000000: 41  A\n*\n00000001: 42  B", kMost)),
            "3:1: this offset cannot follow a '*'");
  EXPECT_EQ(outcome(parse_xxd("00000000: 41  A\n*\n00000002: 42  B", kMost)), "read");
  EXPECT_EQ(outcome(parse_xxd("00000005: 41  A\n*\n00000000: 42  B", kMost)), "0:0: more than 1024 bytes");
}

TEST(Xxd, RefusesLittleEndianGroups) {
  EXPECT_EQ(outcome(parse_xxd("00000000: 52455043 ffff0210 6220617c 207f7e20  CPER....|a b ~. \n", kMost)),
            "1:48: the character does not agree with byte 52");
}

TEST(Xxd, NamesThePlaceOfAMistake) {
  EXPECT_EQ(outcome(parse_xxd("00000000: 4142  AB\n00000003: 43    C", kMost)),
            "2:1: offset 0x3 where 0x2 is expected");
  EXPECT_EQ(outcome(parse_xxd("00000000: 4142  AB\n00000002  43    C", kMost)),
            "2:9: ': ' is expected behind the offset");
  EXPECT_EQ(outcome(parse_xxd("00000000: 4142", kMost)), "1:15: the column of characters is missing");
  EXPECT_EQ(outcome(parse_xxd("00000000: 414  AB", kMost)), "1:13: two hex digits are expected");
  EXPECT_EQ(outcome(parse_xxd("00000000: 4142 AB", kMost)), "1:18: the column of characters is missing");
  EXPECT_EQ(outcome(parse_xxd("00000000: 4142  ABC", kMost)),
            "1:15: the column of characters is missing or out of place");
  EXPECT_EQ(outcome(parse_xxd("00000000: 4142  AB\n00000002: 4344  CDE", kMost)),
            "2:15: 2 characters are expected in the last column");
  EXPECT_EQ(outcome(parse_xxd("0123456789abcdef0: 41  A", kMost)), "1:17: the offset has too many digits");
}

TEST(Hexdump, ReadsAllItPrints) {
  EXPECT_EQ(parse_hexdump("00000000  43 50 45 52 10 02 ff ff  7c 61 20 62 20 7e 7f 20  |CPER....|a b ~. |\n"
                          "00000010  00 0a 23 2a                                       |..#*|\n"
                          "00000014\n",
                          kMost),
            kBytes);
}

TEST(Hexdump, StarsRepeatTheLineBefore) {
  EXPECT_EQ(parse_hexdump("00000000  43 50 45 52 7c 20 20 20  00 00 00 00 00 00 00 00  |CPER|   ........|\n"
                          "00000010  00 00 00 00 00 00 00 00  00 00 00 00 00 00 00 00  |................|\n"
                          "*\n"
                          "00000030  65 6e 64                                          |end|\n"
                          "00000033\n",
                          kMost),
            kSparse);
  EXPECT_EQ(parse_hexdump("0  41 42  |AB|\n*\n6\n", kMost).value(), (Buffer{'A', 'B', 'A', 'B', 'A', 'B'}));
  EXPECT_EQ(outcome(parse_hexdump("0  41 42  |AB|\n*\n5\n", kMost)), "3:1: this offset cannot follow a '*'");
  EXPECT_EQ(outcome(parse_hexdump("0  41 42  |AB|\n*\n2\n", kMost)), "3:1: this offset cannot follow a '*'");
  EXPECT_EQ(outcome(parse_hexdump("0\n*\n2\n", kMost)), "3:1: text behind the end of the dump");
}

TEST(Hexdump, NamesThePlaceOfAMistake) {
  EXPECT_EQ(outcome(parse_hexdump("0  41  |A|\n1\n1  42  |B|", kMost)),
            "3:1: text behind the end of the dump");
  EXPECT_EQ(outcome(parse_hexdump("0  41 42  |A|", kMost)), "1:11: 2 characters between '|' are expected");
  EXPECT_EQ(outcome(parse_hexdump("0  41 42  |ABC|", kMost)), "1:11: 2 characters between '|' are expected");
  EXPECT_EQ(outcome(parse_hexdump("0  41 42  |AC|", kMost)),
            "1:13: the character does not agree with byte 42");
  EXPECT_EQ(outcome(parse_hexdump("0  41 42", kMost)), "1:9: the column of characters is missing");
  EXPECT_EQ(outcome(parse_hexdump("0  41   42  |AB|", kMost)), "1:8: two hex digits are expected");
  EXPECT_EQ(outcome(parse_hexdump("2\n1\n", kMost)), "2:1: text behind the end of the dump");
}

TEST(DebuggerDump, ReadsWhatDbPrints) {
  EXPECT_EQ(parse_debugger_dump(
                "ffffe001`0a1b2c40  43 50 45 52 10 02 ff ff-7c 61 20 62 20 7e 7f 20  CPER....|a b ~. \n"
                "ffffe001`0a1b2c50  00 0a 23 2a                                      ..#*\n",
                kMost),
            kBytes);
  EXPECT_EQ(parse_debugger_dump("8054a000  43 50 45 52  CPER\n", kMost).value(),
            (Buffer{'C', 'P', 'E', 'R'}));
  EXPECT_EQ(outcome(parse_debugger_dump("ffffe00`10a1b2c40  41  A", kMost)),
            "1:8: '  ' is expected behind the offset");
  EXPECT_EQ(outcome(parse_debugger_dump("0  41-42  AB", kMost)), "1:6: two hex digits are expected");
  EXPECT_EQ(outcome(parse_debugger_dump("0  41  A\n*\n", kMost)), "2:1: an offset in hex is expected");
}

TEST(HexDigits, ReadsWordsOfBytes) {
  EXPECT_EQ(parse_hex_digits("435045521002ffff7c612062207e7f20\n000a232a\n", kMost), kBytes);
  EXPECT_EQ(parse_hex_digits(" 43 50 45 52 10 02 ff ff 7c 61 20 62 20 7e 7f 20\n 00 0A 23 2A", kMost),
            kBytes);
  EXPECT_EQ(parse_hex_digits("  0x43, 0x50, 0x45,\r\n 0X52, 0x10,0x02 ,0xff,\n", kMost).value(),
            Buffer(kBytes.begin(), kBytes.begin() + 7));
  EXPECT_EQ(parse_hex_digits("0x43504552", kMost).value(), (Buffer{'C', 'P', 'E', 'R'}));
  EXPECT_EQ(parse_hex_digits("", kMost).value(), Buffer());
}

TEST(HexDigits, RefusesNumbersWhoseOrderIsNotKnown) {
  EXPECT_EQ(outcome(parse_hex_digits("0x4350 0x4552", kMost)),
            "1:8: numbers of several bytes, whose order is not known");
  EXPECT_EQ(outcome(parse_hex_digits("0x43 0x4552", kMost)),
            "1:6: numbers of several bytes, whose order is not known");
  EXPECT_EQ(outcome(parse_hex_digits("0x43 45", kMost)), "1:6: some words have '0x' and some do not");
  EXPECT_EQ(outcome(parse_hex_digits("43 0x45", kMost)), "1:4: some words have '0x' and some do not");
}

TEST(HexDigits, NamesThePlaceOfAMistake) {
  EXPECT_EQ(outcome(parse_hex_digits("43\n4", kMost)), "2:1: two hex digits are expected");
  EXPECT_EQ(outcome(parse_hex_digits("43 5x", kMost)), "1:4: two hex digits are expected");
  EXPECT_EQ(outcome(parse_hex_digits("43 0x", kMost)), "1:6: two hex digits are expected");
  EXPECT_EQ(outcome(parse_hex_digits(",43", kMost)), "1:1: a ',' without a byte before it");
  EXPECT_EQ(outcome(parse_hex_digits("43,,45", kMost)), "1:4: a ',' without a byte before it");
}

TEST(HexText, SizeIsBoundedOnBothSides) {
  EXPECT_EQ(outcome(parse_xxd("0: 4142  AB", 2)), "read");
  EXPECT_EQ(outcome(parse_xxd("0: 4142  AB", 1)), "0:0: more than 1 bytes");
  EXPECT_EQ(outcome(parse_hexdump("0  41  |A|\n*\n8\n", 8)), "read");
  EXPECT_EQ(outcome(parse_hexdump("0  41  |A|\n*\n9\n", 8)), "0:0: more than 8 bytes");
  EXPECT_EQ(outcome(parse_hexdump("0  41  |A|\n*\nffffffffffffffff\n", 8)), "0:0: more than 8 bytes");
  EXPECT_EQ(outcome(parse_hex_digits("4142", 2)), "read");
  EXPECT_EQ(outcome(parse_hex_digits("4142", 1)), "0:0: more than 1 bytes");
}

}  // namespace
}  // namespace wheatstone::layout
