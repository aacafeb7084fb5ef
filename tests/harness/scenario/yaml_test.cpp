#include "harness/scenario/yaml.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace wheatstone::scenario {
namespace {

using layout::Node;
using ::testing::StartsWith;

std::string repeat(std::string_view text, std::size_t times) {
  std::string out;
  out.reserve(text.size() * times);
  for (std::size_t i = 0; i < times; ++i) out += text;
  return out;
}

// "line:column: message (hint)", or "loaded".
std::string outcome(std::string_view text, const YamlLimits& limits = {}) {
  const auto node = parse_yaml(text, limits);
  if (node) return "loaded";
  return fmt::format("{}:{}: {}", node.error().where.line, node.error().where.column, node.error().text());
}

TEST(Yaml, KeepsOrderPositionsAndQuotes) {
  const auto node = parse_yaml("b: 'x'\na: [1, ~]\nc:\n  - |\n    y\n");
  ASSERT_TRUE(node);
  ASSERT_EQ(node->members.size(), 3u);
  EXPECT_EQ(node->members[0].key, "b");
  EXPECT_TRUE(node->members[0].value.quoted);
  EXPECT_EQ(node->members[1].mark.line, 2u);
  EXPECT_EQ(node->members[1].mark.column, 1u);
  const Node& list = node->members[1].value;
  EXPECT_EQ(list.mark.column, 4u);
  ASSERT_EQ(list.items.size(), 2u);
  EXPECT_EQ(list.items[0].text, "1");
  EXPECT_FALSE(list.items[0].quoted);
  EXPECT_TRUE(list.items[1].is_null());
  const Node& block = node->members[2].value.items[0];
  EXPECT_EQ(block.text, "y\n");
  EXPECT_TRUE(block.quoted);
}

TEST(Yaml, ColumnsCountBytes) {
  const auto node = parse_yaml("{\"\xc3\xa4\": 1, b: 2}");
  ASSERT_TRUE(node);
  EXPECT_EQ(node->members[0].key, "\xc3\xa4");
  EXPECT_EQ(node->members[1].mark.column, 11u);
}

TEST(Yaml, SkipsByteOrderMarkAndTakesCrLf) {
  const auto node = parse_yaml(
      "\xef\xbb\xbf"
      "a: 1\r\nb: 2\r\n");
  ASSERT_TRUE(node);
  EXPECT_EQ(node->members[0].mark.column, 1u);
  EXPECT_EQ(node->members[1].value.text, "2");
  EXPECT_EQ(node->members[1].value.mark.line, 2u);
}

TEST(Yaml, AliasesAreCopiesWithTheMarkOfTheAnchor) {
  const auto node = parse_yaml("a: &x [1, 2]\nb: *x\n");
  ASSERT_TRUE(node);
  ASSERT_EQ(node->members[1].value.items.size(), 2u);
  EXPECT_EQ(node->members[1].value.mark.line, 1u);
}

TEST(Yaml, StrTagMakesText) {
  const auto node = parse_yaml("a: !!str 5");
  ASSERT_TRUE(node);
  EXPECT_TRUE(node->members[0].value.quoted);
}

TEST(Yaml, RefusesWhatItDoesNotTake) {
  EXPECT_EQ(outcome(""), "1:1: the file is empty (it needs at least one key)");
  EXPECT_EQ(outcome("# only this\n"), "1:1: the file is empty (it needs at least one key)");
  EXPECT_EQ(
      outcome("a: 1\n---\nb: 2\n"),
      "2:1: a second document begins here (one file holds one document: remove '---' or make two files)");
  EXPECT_EQ(outcome("a: 1\nb: 2\na: 3\n"), "3:1: the key 'a' is given twice (it is also at line 1)");
  EXPECT_EQ(outcome("a: {x: 1, 'x': 2}"), "1:11: the key 'x' is given twice (it is also at line 1)");
  EXPECT_EQ(outcome("a: !!int 5"),
            "1:4: the tag tag:yaml.org,2002:int has no meaning here (remove it, or "
            "quote the value if it is text)");
  EXPECT_THAT(outcome("a: !x {}"), StartsWith("1:4: the tag !x has no meaning here"));
  EXPECT_THAT(outcome("a: {<<: 1}"), StartsWith("1:5: merge keys ('<<') are not supported"));
  EXPECT_THAT(outcome("{[a]: 1}"), StartsWith("1:2: a list or map cannot be a key"));
  EXPECT_EQ(outcome(": 1"), "1:1: a key is missing");
  EXPECT_EQ(outcome("~: 1"), "1:1: a key is missing");
  EXPECT_EQ(outcome("- &a x\n- *a : 1"), "2:3: an alias cannot be a key");
  EXPECT_EQ(outcome("&a [*a]"), "1:5: an alias inside the value that it stands for");
}

TEST(Yaml, NamesTheFirstByteThatIsNotUtf8) {
  EXPECT_EQ(outcome("a: 1\nb: x\xff\xfe\n"), "2:5: the byte 0xff is not UTF-8 (save the file as UTF-8)");
  EXPECT_EQ(outcome("a: \xc3"), "1:4: the byte 0xc3 is not UTF-8 (save the file as UTF-8)");
  EXPECT_EQ(outcome("a: \xed\xa0\x80"), "1:4: the byte 0xed is not UTF-8 (save the file as UTF-8)");
  EXPECT_EQ(outcome("\xff\xfe"
                    "a"),
            "1:1: the byte 0xff is not UTF-8 (save the file as UTF-8)");
}

TEST(Yaml, RefusesControlCharacters) {
  using namespace std::string_view_literals;
  EXPECT_EQ(outcome("a: 1\nb\0: 2"sv),
            "2:2: the control character 0x00 (in a value in double quotes it is written \\x00)");
  // yaml-cpp takes this byte for the end of the file.
  EXPECT_THAT(outcome("a: 1\n\x04oops: ["), StartsWith("2:1: the control character 0x04"));
  EXPECT_THAT(outcome("a: \x7f"), StartsWith("1:4: the control character 0x7f"));
  EXPECT_THAT(outcome("a: 1\rb: 2"), StartsWith("1:5: a carriage return without a line feed"));
  EXPECT_THAT(outcome("a: 1\r"), StartsWith("1:5: a carriage return without a line feed"));
  EXPECT_EQ(outcome("a: \"\\x00\""), "loaded");
}

TEST(Yaml, NamesTheTabInAnIndentation) {
  EXPECT_EQ(outcome("a:\n\tb: 1\n"), "2:1: a tab in the indentation (indent with spaces)");
  EXPECT_EQ(outcome("a:\n  b:\n  \tc: 1\n"), "3:3: a tab in the indentation (indent with spaces)");
  EXPECT_EQ(outcome("a:\t1\nb: |\n  \tx\n"), "loaded");
}

TEST(Yaml, PassesOnWhereTheParserStumbled) {
  EXPECT_EQ(outcome("a: 1\n  b: 2\n"), "2:4: illegal map value");
  EXPECT_EQ(outcome("a: @x"), "1:4: unknown token");
  EXPECT_EQ(outcome("a: \"\\q\""), "1:7: unknown escape character: q");
}

TEST(Yaml, NamesTheBracketThatIsNotClosed) {
  EXPECT_EQ(outcome("a: 1\nb: [1,\n  2\nc: 3\n"), "2:4: a list begins here and is not closed");
  EXPECT_EQ(outcome("a: 1\nb: {x: 2\nc: 3\n"), "2:4: a map begins here and is not closed");
  EXPECT_EQ(outcome("a: [1, {x: 2]"), "1:13: illegal flow end");
}

// yaml-cpp takes the rest of the file for the value, if the file ends with a line end.
TEST(Yaml, NamesTheQuoteThatIsNotClosed) {
  const std::string message = "a text in quotes begins here and is not closed";
  EXPECT_EQ(outcome("a: \"x\nb: 1\n"), "1:4: " + message);
  EXPECT_EQ(outcome("a: 'x\nb: 1\n"), "1:4: " + message);
  EXPECT_EQ(outcome("a: 1\r\nb: 'it''s\r\n"), "2:4: " + message);
  EXPECT_EQ(outcome("a: \"x\\\"\n"), "1:4: " + message);
  EXPECT_EQ(outcome("a: &k !!str # why\n  'x\n"), "2:3: " + message);
  EXPECT_EQ(outcome("'x\n"), "1:1: " + message);
  for (const char* good : {"a: 'x'\n", "a: 'it''s'\n", "a: ''\n", "a: \"\\\"\"\n",
                           "a: &k !!str # why\n  'x'\n", "a: |\n  'x\n", "a: 'x' # '\nb: y'\n"})
    EXPECT_EQ(outcome(good), "loaded") << good;
}

TEST(YamlLimits, Bytes) {
  YamlLimits limits;
  limits.bytes = 6;
  EXPECT_EQ(outcome("abc: 1", limits), "loaded");
  EXPECT_EQ(outcome("abc: 12", limits), "1:1: the file has 7 bytes (a scenario has at most 6)");
}

TEST(YamlLimits, Line) {
  YamlLimits limits;
  limits.line = 6;
  EXPECT_EQ(outcome("# a\nabc: 1\n", limits), "loaded");
  EXPECT_THAT(outcome("# a\nabc: 12\n", limits), StartsWith("2:1: a line of more than 6 bytes"));
}

TEST(YamlLimits, Depth) {
  YamlLimits limits;
  limits.depth = 3;
  EXPECT_EQ(outcome("a: [[x]]", limits), "loaded");
  EXPECT_EQ(outcome("a: [[[x]]]", limits), "1:6: lists and maps are nested more than 3 deep");
  EXPECT_EQ(outcome(repeat("- ", 64) + "x"), "loaded");
  EXPECT_EQ(outcome(repeat("- ", 65) + "x"), "1:129: lists and maps are nested more than 64 deep");
}

TEST(YamlLimits, NodesCountKeysAndValues) {
  YamlLimits limits;
  limits.nodes = 5;
  EXPECT_EQ(outcome("{a: 1, b: 2}", limits), "loaded");
  EXPECT_THAT(outcome("{a: 1, b: [2]}", limits), StartsWith("1:12: more than 5 values"));
}

TEST(YamlLimits, NodesCountAnAliasAsWhatItStandsFor) {
  YamlLimits limits;
  limits.nodes = 10;  // the outer list, &a [1, 2] is 3, remembered 3, and the alias 3
  EXPECT_EQ(outcome("[&a [1, 2], *a]", limits), "loaded");
  EXPECT_THAT(outcome("[&a [1, 2], *a, 1]", limits), StartsWith("1:17: more than 10 values"));
  EXPECT_THAT(outcome("[&a [1, 2], *a, *a]", limits), StartsWith("1:17: more than 10 values"));
}

TEST(YamlLimits, Scalar) {
  YamlLimits limits;
  limits.scalar = 4;
  EXPECT_EQ(outcome("abcd: abcd", limits), "loaded");
  EXPECT_THAT(outcome("abcd: abcde", limits),
              StartsWith("1:7: a single value of 5 bytes (a value has at most 4"));
  EXPECT_THAT(outcome("abcde: 1", limits), StartsWith("1:1: a single value of 5 bytes"));
}

TEST(YamlLimits, TextCountsAliases) {
  YamlLimits limits;
  limits.text = 6;
  EXPECT_EQ(outcome("[&a xx, *a]", limits), "loaded");
  EXPECT_THAT(outcome("[&a xx, *a, y]", limits), StartsWith("1:13: more than 6 bytes of values"));
  EXPECT_THAT(outcome("[&a xx, *a, *a]", limits), StartsWith("1:13: more than 6 bytes of values"));
}

// ---- hostile files; each is one clear error, and ctest's time limit watches that it comes soon

TEST(YamlHostile, TenMegabyteScalar) {
  EXPECT_EQ(outcome("title: " + std::string(10u << 20, 'x')),
            "1:1: a line of more than 2097152 bytes (a value has at most 1048576 bytes: put large data into "
            "a file)");
  EXPECT_EQ(outcome("title: |\n" + repeat("  " + std::string(62, 'x') + "\n", 166'000)),
            "1:8: a single value of 10458000 bytes (a value has at most 1048576 bytes: put large data into a "
            "file)");
}

TEST(YamlHostile, OneMebibyteScalarIsTheLargest) {
  EXPECT_EQ(outcome("a: " + std::string(1u << 20, 'x')), "loaded");
  EXPECT_THAT(outcome("a: " + std::string((1u << 20) + 1, 'x')),
              StartsWith("1:4: a single value of 1048577 bytes"));
}

TEST(YamlHostile, AliasBomb) {
  std::string bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 20; ++i) {
    bomb += fmt::format("a{}: &a{} [", i, i);
    for (int j = 0; j < 9; ++j) bomb += fmt::format("{}*a{}", j == 0 ? "" : ", ", i - 1);
    bomb += "]\n";
  }
  EXPECT_THAT(outcome(bomb), StartsWith("6:"));
  EXPECT_THAT(outcome(bomb),
              ::testing::HasSubstr("more than 200000 values (aliases count as what they stand for)"));
}

TEST(YamlHostile, AliasesOfALongText) {
  std::string bomb = "- &a " + std::string(1u << 20, 'x') + "\n" + repeat("- *a\n", 1000);
  EXPECT_EQ(outcome(bomb), "16:3: more than 16777216 bytes of values (aliases count as what they stand for)");
}

TEST(YamlHostile, DeepNesting) {
  EXPECT_THAT(outcome(repeat("- ", 100'000)), StartsWith("1:129: lists and maps are nested"));
  EXPECT_NE(outcome(repeat("[", 100'000)), "loaded");
  EXPECT_NE(outcome(repeat("{a: ", 100'000)), "loaded");
  EXPECT_NE(outcome(repeat("? ", 100'000)), "loaded");
}

TEST(YamlHostile, ManyDocuments) {
  EXPECT_THAT(outcome(repeat("---\n", 1'000'000)), StartsWith("2:1: a second document"));
}

TEST(YamlHostile, SixteenMebibytesAndOneByte) {
  EXPECT_THAT(outcome(std::string((16u << 20) + 1, '\n')), StartsWith("1:1: the file has 16777217 bytes"));
}

}  // namespace
}  // namespace wheatstone::scenario
