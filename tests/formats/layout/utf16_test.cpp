#include "formats/layout/utf16.hpp"

#include <gtest/gtest.h>

namespace wheatstone {
namespace {

TEST(Utf16, EncodesEveryWidth) {
  EXPECT_EQ(utf8_to_utf16le("A\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80"),
            (Buffer{0x41, 0, 0xe9, 0, 0xac, 0x20, 0x3d, 0xd8, 0x00, 0xde}));
}

TEST(Utf16, RoundTrips) {
  const std::string text = "caf\xc3\xa9 \xf0\x9f\x98\x80 \xef\xbf\xbf";
  EXPECT_EQ(utf16le_to_utf8(*utf8_to_utf16le(text)), text);
}

TEST(Utf16, NamesTheFirstBadUtf8Byte) {
  EXPECT_EQ(find_invalid_utf8("abc"), std::nullopt);
  EXPECT_EQ(find_invalid_utf8("ab\x80"), 2u);
  EXPECT_EQ(find_invalid_utf8("\xc0\xaf"), 0u);          // overlong
  EXPECT_EQ(find_invalid_utf8("\xe0\x80\xaf"), 0u);      // overlong
  EXPECT_EQ(find_invalid_utf8("x\xed\xa0\x80"), 1u);     // surrogate
  EXPECT_EQ(find_invalid_utf8("\xf4\x90\x80\x80"), 0u);  // above U+10FFFF
  EXPECT_EQ(find_invalid_utf8("x\xe2\x82"), 1u);         // cut off
  EXPECT_FALSE(utf8_to_utf16le("\xff"));
}

TEST(Utf16, RefusesOddLengthAndLoneSurrogates) {
  EXPECT_FALSE(utf16le_to_utf8(Buffer{0x41}));
  EXPECT_FALSE(utf16le_to_utf8(Buffer{0x00, 0xd8}));
  EXPECT_FALSE(utf16le_to_utf8(Buffer{0x00, 0xdc, 0x00, 0xd8}));
  EXPECT_FALSE(utf16le_to_utf8(Buffer{0x00, 0xd8, 0x41, 0x00}));
}

TEST(Utf16, LossyShowsTheRest) {
  EXPECT_EQ(utf16le_to_utf8_lossy(Buffer{0x00, 0xd8, 0x41, 0x00, 0x42}),
            "\xef\xbf\xbd"
            "A\xef\xbf\xbd");
}

}  // namespace
}  // namespace wheatstone
