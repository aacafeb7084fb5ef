#include <gtest/gtest.h>

#include "formats/cab/cabinet.hpp"

namespace wheatstone::cab {
namespace {

// 2008-03-11 09:00:17 UTC, [MS-CER2] 4.3.
constexpr FileTime kTime{128496996179046077};

Member member(std::string name, std::string_view text) {
  return {std::move(name), Buffer(text.begin(), text.end())};
}

TEST(WriteCabinet, WritesAStoredCabinetByteForByte) {
  const auto cabinet = write({member("a.txt", "hello world\n"), member("dir\\b", "")}, kTime);
  ASSERT_TRUE(cabinet) << cabinet.error().text();
  const Buffer expected = {'M',  'S',  'C',  'F',  0,   0,   0,   0,   0x6c, 0,   0,    0,
                           0,    0,    0,    0,  // cbCabinet 108
                           0x2c, 0,    0,    0,    0,   0,   0,   0,   3,    1,   1,    0,
                           2,    0,    0,    0,                       // coffFiles 44, 1.3, 1 folder, 2 files
                           0,    0,    0,    0,                       // setID, iCabinet
                           0x58, 0,    0,    0,    1,   0,   0,   0,  // data at 88, 1 block, stored
                           12,   0,    0,    0,    0,   0,   0,   0,   0,    0,   0x6b, 0x38,
                           0x08, 0x48, 0,    0,             // 12 bytes at 0, 2008-03-11 09:00:16
                           'a',  '.',  't',  'x',  't', 0,  //
                           0,    0,    0,    0,    12,  0,   0,   0,   0,    0,   0x6b, 0x38,
                           0x08, 0x48, 0,    0,                       // 0 bytes at 12
                           'd',  'i',  'r',  '\\', 'b', 0,            //
                           0x79, 0x29, 0x73, 0x09, 12,  0,   12,  0,  // checksum 0x09732979, 12 of 12 bytes
                           'h',  'e',  'l',  'l',  'o', ' ', 'w', 'o', 'r',  'l', 'd',  '\n'};
  EXPECT_EQ(*cabinet, expected);
}

TEST(WriteCabinet, WritesTheSameBytesForTheSameInput) {
  Buffer data(100'000);
  for (std::size_t i = 0; i < data.size(); ++i) data[i] = static_cast<std::uint8_t>(i * i >> 3);
  for (const Compression compression : {Compression::none, Compression::mszip})
    EXPECT_EQ(write({{"x", data}}, kTime, compression).value(),
              write({{"x", data}}, kTime, compression).value());
}

TEST(WriteCabinet, MarksUtf8Names) {
  const auto cabinet = write({member("\xc3\xa9", "x")}, kTime);
  ASSERT_TRUE(cabinet);
  EXPECT_EQ((*cabinet)[44 + 14], 0x80);
}

TEST(WriteCabinet, RefusesNames) {
  const auto refused = [](const std::vector<Member>& members) {
    const auto cabinet = write(members, kTime);
    return !cabinet && cabinet.error().kind == ErrorKind::invalid_argument;
  };
  EXPECT_TRUE(refused({}));
  EXPECT_TRUE(refused({member("", "x")}));
  EXPECT_TRUE(refused({member("a/b", "x")}));
  EXPECT_TRUE(refused({member("\xff", "x")}));
  EXPECT_TRUE(refused({member(std::string("a\0b", 3), "x")}));
  EXPECT_TRUE(refused({member("a", "x"), member("a", "y")}));
  EXPECT_TRUE(refused({member("a", "x"), member("A", "y")}));
  EXPECT_TRUE(refused({member(std::string(256, 'n'), "x")}));
  EXPECT_FALSE(refused({member(std::string(255, 'n'), "x")}));
  const auto second = write({member("a", "x"), member("", "y")}, kTime);
  EXPECT_EQ(second.error().where.path, "members[1].name");
}

TEST(WriteCabinet, HoldsTheYearsOfADosDate) {
  const auto at = [](int year, unsigned month, unsigned day) {
    return write({member("a", "x")}, *from_civil({.year = year, .month = month, .day = day}));
  };
  const auto date = [](const Buffer& cabinet) { return load_le<std::uint16_t>(&cabinet[44 + 10]); };
  EXPECT_FALSE(at(1979, 12, 31));
  EXPECT_EQ(date(at(1980, 1, 1).value()), (0 << 9) | (1 << 5) | 1);
  EXPECT_EQ(date(at(2107, 12, 31).value()), (127 << 9) | (12 << 5) | 31);
  EXPECT_FALSE(at(2108, 1, 1));
  EXPECT_FALSE(write({member("a", "x")}, FileTime{}));
}

}  // namespace
}  // namespace wheatstone::cab
