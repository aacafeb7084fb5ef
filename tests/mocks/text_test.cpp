#include "mocks/text.hpp"

#include <gtest/gtest.h>

namespace wheatstone {
namespace {

TEST(Text, CaseIsThatOfAsciiLetters) {
  EXPECT_EQ(lower("AZ[az\xc4"), "az[az\xc4");
  EXPECT_TRUE(same_ignoring_case("Content-Length", "content-LENGTH"));
  EXPECT_FALSE(same_ignoring_case("a", "ab"));
  EXPECT_FALSE(same_ignoring_case("[", "{"));
}

TEST(Text, BaseNameIsWhatFollowsTheLastSeparator) {
  EXPECT_EQ(base_name("C:\\Windows\\notepad.exe"), "notepad.exe");
  EXPECT_EQ(base_name("a/b\\c"), "c");
  EXPECT_EQ(base_name("C:x"), "x");
  EXPECT_EQ(base_name("plain"), "plain");
  EXPECT_EQ(base_name("folder\\"), "");
}

TEST(Text, PrintableShowsEveryByteAndAtMostEighty) {
  EXPECT_EQ(printable("a\tb\x7f\xc3"), "a\\x09b\\x7f\\xc3");
  EXPECT_EQ(printable(std::string(80, 'x')), std::string(80, 'x'));
  EXPECT_EQ(printable(std::string(81, 'x')), std::string(80, 'x') + "...");
}

}  // namespace
}  // namespace wheatstone
