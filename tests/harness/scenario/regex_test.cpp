#include "harness/scenario/regex.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace wheatstone::scenario {
namespace {

using ::testing::StartsWith;

TEST(Regex, MatchesTheWholeText) {
  const auto regex = Regex::compile("a+b?");
  ASSERT_TRUE(regex);
  EXPECT_EQ(regex->pattern(), "a+b?");
  EXPECT_TRUE(*regex->matches("aab"));
  EXPECT_FALSE(*regex->matches("aabc"));
  EXPECT_FALSE(*regex->matches(""));
}

TEST(Regex, RefusesWhatIsNoExpression) {
  for (const char* pattern : {"a(b", "[a", "*a", "\\", "(?<=a", "[[:nothing:]]", "a**"})
    EXPECT_THAT(Regex::compile(pattern).error().message, StartsWith("not a regular expression: ")) << pattern;
}

TEST(Regex, LengthIsBounded) {
  EXPECT_TRUE(Regex::compile(std::string(Regex::kMaxPattern, 'a')));
  EXPECT_EQ(Regex::compile(std::string(Regex::kMaxPattern + 1, 'a')).error().message,
            "a regular expression of 1025 bytes");
}

TEST(Regex, GivesUpInsteadOfHanging) {
  const auto regex = Regex::compile("(a+)+b");
  ASSERT_TRUE(regex);
  const auto answer = regex->matches(std::string(200, 'a'));
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().kind, ErrorKind::unsupported);
  EXPECT_TRUE(*regex->matches("aab"));
}

TEST(Regex, LongTextsNeedNoDeepStack) {
  const auto regex = Regex::compile("(a|b)*");
  ASSERT_TRUE(regex);
  EXPECT_TRUE(regex->matches(std::string(10'000, 'a')).value_or(false));
}

}  // namespace
}  // namespace wheatstone::scenario
