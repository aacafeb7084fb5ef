#include "harness/report/plain_text.hpp"

#include <gtest/gtest.h>

#include <string>

namespace wheatstone::report {
namespace {

std::string plain(std::string_view text) {
  layout::TextBuffer out;
  append_plain(out, text);
  return std::string(out.view());
}

TEST(PlainText, OrdinaryTextStays) {
  EXPECT_EQ(plain("a ~\nb"), "a ~\nb");
  EXPECT_EQ(plain("\xc2\xa0 \xc3\xa4 \xe2\x80\xa7 \xf0\x9f\x98\x80"),
            "\xc2\xa0 \xc3\xa4 \xe2\x80\xa7 \xf0\x9f\x98\x80");
}

TEST(PlainText, ControlsBecomeDots) {
  EXPECT_EQ(plain(std::string_view("\x1b[2J\r\t\0\x1f\x7f", 9)), ".[2J.....");
  EXPECT_EQ(plain("\xc2\x80 \xc2\x9b \xc2\x9f"), ". . .");
  EXPECT_EQ(plain("\xe2\x80\xa8\xe2\x80\xa9"), "..");
}

TEST(PlainText, BytesThatAreNoUtf8BecomeDots) {
  EXPECT_EQ(plain("a\xff\xfe\xc3"), "a...");
  EXPECT_EQ(plain("\x80z\xc3z"), ".z.z");
}

TEST(PlainText, ALineIsOne) {
  layout::TextBuffer out;
  append_plain_line(out, "a\nb");
  EXPECT_EQ(out.view(), "a.b\n");
}

}  // namespace
}  // namespace wheatstone::report
