#include "formats/cer/windows_1252.hpp"

#include <gtest/gtest.h>

namespace wheatstone::cer {
namespace {

TEST(Windows1252, KnowsTheBytesThatLatin1DoesNot) {
  EXPECT_EQ(windows_1252_to_utf8(Buffer{'A', 0x80, 0x9f, 0xa0, 0xff}),
            "A\xe2\x82\xac\xc5\xb8\xc2\xa0\xc3\xbf");
  EXPECT_EQ(utf8_to_windows_1252("A\xe2\x82\xac\xc5\xb8\xc2\xa0\xc3\xbf"), "A\x80\x9f\xa0\xff");
}

TEST(Windows1252, BringsEveryByteBack) {
  for (unsigned byte = 0; byte < 256; ++byte) {
    const Buffer text{static_cast<std::uint8_t>(byte)};
    EXPECT_EQ(utf8_to_windows_1252(windows_1252_to_utf8(text)), std::string(1, static_cast<char>(byte)))
        << byte;
    const bool undefined = byte == 0x81 || byte == 0x8d || byte == 0x8f || byte == 0x90 || byte == 0x9d;
    EXPECT_EQ(is_undefined_in_windows_1252(static_cast<std::uint8_t>(byte)), undefined);
  }
}

TEST(Windows1252, RefusesOtherText) {
  EXPECT_FALSE(utf8_to_windows_1252("\xc2\x80"));          // U+0080 is the euro's place
  EXPECT_FALSE(utf8_to_windows_1252("\xc4\x80"));          // U+0100
  EXPECT_FALSE(utf8_to_windows_1252("\xf0\x9f\x98\x80"));  // beyond the first plane
  EXPECT_FALSE(utf8_to_windows_1252("\xff"));              // no UTF-8
}

}  // namespace
}  // namespace wheatstone::cer
