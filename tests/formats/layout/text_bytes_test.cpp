#include "formats/layout/text_bytes.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "formats/layout/hex_dump.hpp"
#include "formats/layout/text_buffer.hpp"

namespace wheatstone::layout {
namespace {

constexpr std::size_t kMost = std::size_t{64} << 20;

Buffer sample(std::size_t size) {
  Buffer bytes(size);
  std::uint32_t state = 1;
  for (std::uint8_t& byte : bytes)
    byte = static_cast<std::uint8_t>((state = state * 1664525 + 1013904223) >> 24);
  return bytes;
}

std::string base64(Bytes bytes, std::size_t width) {
  constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  std::size_t column = 0;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::uint32_t group = 0;
    for (std::size_t k = 0; k < 3; ++k) group = group << 8 | (i + k < bytes.size() ? bytes[i + k] : 0u);
    for (std::size_t k = 0; k < 4; ++k) {
      out += i + k > bytes.size() ? '=' : kAlphabet[group >> (18 - 6 * k) & 63];
      if (++column % width == 0) out += '\n';
    }
  }
  return out;
}

// The form and the size, or where and what is wrong.
std::string outcome(std::string_view text, std::size_t max_bytes = kMost) {
  const auto decoded = decode_text(text, max_bytes);
  if (!decoded)
    return fmt::format("{}:{}: {}", decoded.error().where.line, decoded.error().where.column,
                       decoded.error().message);
  if (!*decoded) return "none";
  return fmt::format("{}, {}", to_string((*decoded)->form), (*decoded)->bytes.size());
}

void expect(std::string_view text, TextForm form, const Buffer& bytes) {
  const auto decoded = decode_text(text, kMost);
  ASSERT_TRUE(decoded) << decoded.error().text();
  ASSERT_TRUE(*decoded) << text;
  EXPECT_EQ((*decoded)->form, form);
  EXPECT_EQ((*decoded)->bytes, bytes);
}

TEST(TextBytes, KnowsTheForms) {
  const Buffer bytes = sample(100);
  expect(write_hex_dump(bytes), TextForm::hex_dump, bytes);
  expect("\xef\xbb\xbf# a comment\n\n" + write_hex_dump(bytes), TextForm::hex_dump, bytes);
  expect(hex_text(bytes), TextForm::hex_digits, bytes);
  expect("0x" + hex_text(bytes), TextForm::hex_digits, bytes);
  expect(base64(bytes, 1000), TextForm::base64, bytes);
  expect("\n" + base64(bytes, 64) + "\r\n\r\n", TextForm::base64, bytes);
  expect("-----BEGIN RECORD-----\n" + base64(bytes, 64) + "\n-----END RECORD-----\n", TextForm::pem, bytes);
  expect(
      "MIME-Version: 1.0\r\nContent-Type: application/octet-stream;\r\n name=\"x: y\"\r\n"
      "content-transfer-encoding: BASE64\r\n\r\n" +
          base64(bytes, 76),
      TextForm::mime, bytes);
  expect("0000: 43 50\n*\n0004: 01", TextForm::hex_dump, {'C', 'P', 0, 0, 1});
  expect("*\n0002: 01 # zero bytes first", TextForm::hex_dump, {0, 0, 1});
  expect("00000000: 4350  CP\n", TextForm::xxd, {'C', 'P'});
  expect("00000000  43 50  |CP|\n00000002\n", TextForm::hexdump, {'C', 'P'});
  expect("ffffe001`0a1b2c40  43 50  CP\n", TextForm::debugger_dump, {'C', 'P'});
}

TEST(TextBytes, LeavesOtherTextAlone) {
  for (const std::string_view text :
       {"", "\n \t\n", "hello world", "Bucket=500\nBucketTable=5\n", "title: x\nsteps: []\n",
        "add: something\n", "{\"Kind\":\"x\"}", "<?xml version=\"1.0\"?>", "face: 1\nbeef: 2\n",
        "# only a comment\n", "*\n*\n", "0040: 01 starts nowhere\n", "Content-Type: text/plain\n\nhello\n",
        "Subject: x\n\nQUJD\n", "Content-Type: text/plain", "-----BEGIN", "----- BEGIN X-----\n",
        "00000000  no bytes\n", "MIME-Version: 1.0\nContent-Transfer-Encoding: 7bit\n\nQUJD\n"})
    EXPECT_EQ(outcome(text), "none") << text;
}

TEST(TextBytes, WordsAreNotTakenForBytes) {
  EXPECT_EQ(outcome(hex_text(sample(kLeastUnmarked))), "hex digits, 16");
  EXPECT_EQ(outcome(hex_text(sample(kLeastUnmarked - 1))), "none");
  EXPECT_EQ(outcome(base64(sample(kLeastUnmarked), 100)), "base64, 16");
  EXPECT_EQ(outcome(base64(sample(kLeastUnmarked - 1), 100)), "none");
  EXPECT_EQ(outcome("some words that are long enough to be base64"), "none");
  EXPECT_EQ(outcome("each\nword\nhere\nhas\nfour\nmore\nwith\n"), "none");
  EXPECT_EQ(outcome("abcdabcd\nabcdabcdabcdabcd\n"), "none");
}

TEST(TextBytes, BinaryDataIsRefusedAtItsHead) {
  std::string record = "CPER";
  record += std::string("\x10\x02\xff\xff\xff\xff", 6);
  record += std::string(100, 'A');
  EXPECT_EQ(outcome(record), "none");
  EXPECT_EQ(outcome(std::string_view("41414141\0", 9)), "none");
  EXPECT_EQ(outcome(std::string(63, 'A') + "\x80"), "none");
}

TEST(TextBytes, ABrokenFormIsToldWithItsPlace) {
  EXPECT_EQ(outcome("0000: 4142\n0002: 4\n"), "2:7: two hex digits are expected");
  EXPECT_EQ(outcome("00000000: 41  A\n00000001: 42  C\n"), "2:15: the character does not agree with byte 42");
  EXPECT_EQ(outcome("00000000  41  |A|\n00000002\n"), "2:1: offset 0x2 where 0x1 is expected");
  EXPECT_EQ(outcome("-----BEGIN X-----\nQUJD\nQU!D\n-----END X-----\n"), "3:3: no base64 character");
  EXPECT_EQ(outcome("-----BEGIN X-----\nQUJD\n-----END Y-----\n"),
            "4:1: the line '-----END ...-----' of the block is expected at the end");
  EXPECT_EQ(outcome("-----BEGIN X-----\nQUJD\n-----END X-----\nmore"),
            "4:5: the line '-----END ...-----' of the block is expected at the end");
  EXPECT_EQ(outcome("Content-Transfer-Encoding: base64\n\nQUJD\nQ\n"),
            "4:1: the last group of four characters is not complete");
}

// Too few digits are words; a list of checksums is told like a record that was copied badly.
TEST(TextBytes, BrokenDigitsAreToldWithTheirPlace) {
  const std::string enough = hex_text(sample(kLeastUnmarked));
  EXPECT_EQ(outcome(enough + "5"), "1:33: two hex digits are expected");
  EXPECT_EQ(outcome("0x" + enough + "-5"), "1:35: two hex digits are expected");
  EXPECT_EQ(outcome(enough + "\n00\r\nzz"), "3:1: two hex digits are expected");
  EXPECT_EQ(outcome(enough + " 0x00"), "1:34: some words have '0x' and some do not");
  EXPECT_EQ(outcome(hex_text(sample(kLeastUnmarked - 1)) + "5"), "none");
  // Base64 may begin like digits.
  EXPECT_EQ(outcome(enough + "AbCdEfGhIjKl"), "base64, 33");
}

TEST(TextBytes, TextCannotPromiseMoreThanItMayCost) {
  EXPECT_EQ(outcome("0000: 41\n*\n100000:\n"), "hex dump, 1048576");
  EXPECT_EQ(outcome("0000: 41\n*\n100001:\n"), "3:1: offset 0x100001 is too large");
  EXPECT_EQ(outcome("0000  41  |A|\n*\n100000\n"), "hex dump of hexdump -C, 1048576");
  EXPECT_EQ(outcome("0000  41  |A|\n*\n100001\n"), "0:0: more than 1048576 bytes");
  EXPECT_EQ(outcome("0000: 4142\n", 2), "hex dump, 2");
  EXPECT_EQ(outcome("0000: 41\n0001: 42\n", 1), "2:1: more than 1 bytes");
  EXPECT_EQ(outcome(hex_text(sample(100)), 99), "0:0: more than 99 bytes");
}

}  // namespace
}  // namespace wheatstone::layout
