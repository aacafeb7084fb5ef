#include "formats/cer/value_text.hpp"

#include <gtest/gtest.h>

namespace wheatstone::cer {
namespace {

TEST(UriScheme, IsWhatStandsBeforeTheFirstColon) {
  EXPECT_EQ(uri_scheme("http://a/?b:c"), "http");
  EXPECT_EQ(uri_scheme("A1+-.:"), "A1+-.");
  for (const std::string_view text : {"", ":", "1a:", "a b:", "ab", "\xe9:"}) EXPECT_EQ(uri_scheme(text), "");
}

TEST(IsUri, WantsASchemeAndPrintableCharacters) {
  EXPECT_TRUE(is_uri("http://www.microsoft.com/ms.htm"));
  EXPECT_TRUE(is_uri("a:!~"));
  for (const std::string_view text : {"", "a", "a: ", "a:\x7f", "a:\x1f", "a:\x80"})
    EXPECT_FALSE(is_uri(text)) << text;
}

TEST(Decimal, Takes64BitsWithoutLeadingZeros) {
  EXPECT_EQ(decimal("0"), 0u);
  EXPECT_EQ(decimal("10"), 10u);
  EXPECT_EQ(decimal("18446744073709551615"), 18446744073709551615u);
  for (const std::string_view text : {"", "00", "01", "-1", "+1", " 1", "1 ", "1a", "18446744073709551616"})
    EXPECT_EQ(decimal(text), std::nullopt) << text;
}

TEST(HasControl, LooksAtBothEndsOfAscii) {
  for (const char c : {'\0', '\t', '\x1f', '\x7f'}) EXPECT_TRUE(has_control(std::string{'a', c}));
  for (const char c : {' ', '~', '\x80', '\xff'}) EXPECT_FALSE(has_control(std::string{'a', c}));
}

TEST(EqualButForCase, KnowsAsciiLettersOnly) {
  EXPECT_TRUE(equal_but_for_case("aZ9", "Az9"));
  EXPECT_FALSE(equal_but_for_case("a", "ab"));
  EXPECT_FALSE(equal_but_for_case("@", "`"));
  EXPECT_FALSE(equal_but_for_case("[", "{"));
}

TEST(Shown, CutsAfter64Characters) {
  EXPECT_EQ(shown(std::string(64, 'a')), std::string(64, 'a'));
  EXPECT_EQ(shown(std::string(65, '\x80')).substr(189), "\xe2\x82\xac...");
}

}  // namespace
}  // namespace wheatstone::cer
