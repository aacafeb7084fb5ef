#include "formats/layout/base64.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace wheatstone::layout {
namespace {

using ::testing::ElementsAre;

// The text, or where and what is wrong with it.
std::string outcome(std::string_view text, std::size_t max_bytes = 1024) {
  const Result<Buffer> bytes = decode_base64(text, max_bytes);
  if (bytes) return std::string(as_text(*bytes));
  return fmt::format("{}:{}: {}", bytes.error().where.line, bytes.error().where.column,
                     bytes.error().message);
}

// RFC 4648 section 10.
TEST(Base64, ReadsTheVectorsOfTheStandard) {
  EXPECT_EQ(outcome(""), "");
  EXPECT_EQ(outcome("Zg=="), "f");
  EXPECT_EQ(outcome("Zm8="), "fo");
  EXPECT_EQ(outcome("Zm9v"), "foo");
  EXPECT_EQ(outcome("Zm9vYg=="), "foob");
  EXPECT_EQ(outcome("Zm9vYmE="), "fooba");
  EXPECT_EQ(outcome("Zm9vYmFy"), "foobar");
}

TEST(Base64, ReadsTheWholeAlphabetAndWhiteSpace) {
  EXPECT_THAT(decode_base64("ABCDEFGH\nIJKLMNOPQRSTUVWX\r\nYZabcdefghijklmnopqrstuv\t wxyz0123456789+/\n", 48)
                  .value(),
              ElementsAre(0x00, 0x10, 0x83, 0x10, 0x51, 0x87, 0x20, 0x92, 0x8b, 0x30, 0xd3, 0x8f, 0x41, 0x14,
                          0x93, 0x51, 0x55, 0x97, 0x61, 0x96, 0x9b, 0x71, 0xd7, 0x9f, 0x82, 0x18, 0xa3, 0x92,
                          0x59, 0xa7, 0xa2, 0x9a, 0xab, 0xb2, 0xdb, 0xaf, 0xc3, 0x1c, 0xb3, 0xd3, 0x5d, 0xb7,
                          0xe3, 0x9e, 0xbb, 0xf3, 0xdf, 0xbf));
  EXPECT_EQ(outcome("Z\ng\n=\n=\n"), "f");
}

TEST(Base64, NamesThePlaceOfAMistake) {
  EXPECT_EQ(outcome("Zm9v\nZm-v"), "2:3: no base64 character");
  EXPECT_EQ(outcome("Zm9v\xff"), "1:5: no base64 character");
  EXPECT_EQ(outcome("Zm9vYg=\n"), "1:7: the last group of four characters is not complete");
  EXPECT_EQ(outcome("Zm9vY"), "1:5: the last group of four characters is not complete");
  EXPECT_EQ(outcome("Zm9v="), "1:5: '=' where no group of characters ends");
  EXPECT_EQ(outcome("Z==="), "1:2: '=' where no group of characters ends");
  EXPECT_EQ(outcome("Zg==Zg=="), "1:5: text behind the padding");
  EXPECT_EQ(outcome("Zg==="), "1:5: text behind the padding");
  EXPECT_EQ(outcome("Zg=g"), "1:4: text behind the padding");
}

TEST(Base64, RefusesBitsThatBelongToNoByte) {
  EXPECT_EQ(outcome("Zw=="), "g");
  EXPECT_EQ(outcome("Zh=="), "1:4: the character before the padding has bits that belong to no byte");
  EXPECT_EQ(outcome("Zm9="), "1:4: the character before the padding has bits that belong to no byte");
}

TEST(Base64, SizeIsBoundedOnBothSides) {
  EXPECT_EQ(outcome("Zm9vYmFy", 6), "foobar");
  EXPECT_EQ(outcome("Zm9vYmFy", 5), "0:0: more than 5 bytes");
  EXPECT_EQ(outcome("Zm9vYg==", 4), "foob");
  EXPECT_EQ(outcome("Zm9vYg==", 3), "0:0: more than 3 bytes");
  EXPECT_EQ(outcome("", 0), "");
}

// RFC 4648 section 10.
TEST(Base64, WritesTheVectorsOfTheStandard) {
  EXPECT_EQ(encode_base64({}), "");
  EXPECT_EQ(encode_base64(as_bytes("f")), "Zg==");
  EXPECT_EQ(encode_base64(as_bytes("fo")), "Zm8=");
  EXPECT_EQ(encode_base64(as_bytes("foo")), "Zm9v");
  EXPECT_EQ(encode_base64(as_bytes("foob")), "Zm9vYg==");
  EXPECT_EQ(encode_base64(as_bytes("fooba")), "Zm9vYmE=");
  EXPECT_EQ(encode_base64(as_bytes("foobar")), "Zm9vYmFy");
  EXPECT_EQ(encode_base64(as_bytes("\xfb\xef\xff")), "++//");
}

}  // namespace
}  // namespace wheatstone::layout
