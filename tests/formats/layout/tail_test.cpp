// Variable parts: runs, located bytes, arrays whose elements say what they are; and what is broken in them.
#include <gtest/gtest.h>

#include <string>

#include "formats/layout/broken.hpp"
#include "formats/layout/json.hpp"
#include "formats/layout/walk.hpp"

namespace wheatstone::layout {
namespace {

constexpr Field kPairFields[] = {u8(0, "Key"), u8(1, "Value")};
constexpr Layout kPair{
    .name = "Pair", .structure = "PAIR", .clause = "1", .min = 2, .size = 2, .fields = kPairFields};

// A header that says where two parts are.
constexpr Field kHeaderFields[] = {u8(0, "Kind"), u8(1, "DataOffset"), u8(2, "DataLength"),
                                   u8(3, "MoreOffset"), u8(4, "MoreLength")};
constexpr ChoiceRow kDataRows[] = {{1, {}, "Pair", {}, kForms<kPair>}};
constexpr Choice kDataChoice{.selector = "Kind", .at = {0, 1, 0, 8}, .rows = kDataRows};
constexpr Tail kHeaderTail[] = {
    located("Data", ref(kHeaderFields, "DataOffset"), ref(kHeaderFields, "DataLength")).choose(kDataChoice),
    located("More", ref(kHeaderFields, "MoreOffset"), ref(kHeaderFields, "MoreLength")),
};
constexpr Layout kHeader{.name = "Header",
                         .structure = "HEADER",
                         .clause = "2",
                         .min = 5,
                         .size = 5,
                         .fields = kHeaderFields,
                         .tail = kHeaderTail};
static_assert(check(kHeader));

// Two runs, then the rest.
constexpr Field kRunFields[] = {u8(0, "First"), u8(1, "Second")};
constexpr Tail kRunTail[] = {run("Pairs", ref(kRunFields, "First")).as(kPair),
                             run("Log", ref(kRunFields, "Second")), rest("Vendor")};
constexpr Layout kRuns{.name = "Runs",
                       .structure = "RUNS",
                       .clause = "3",
                       .min = 2,
                       .size = 2,
                       .fields = kRunFields,
                       .tail = kRunTail};
static_assert(check(kRuns));

// An array, then a block of a fixed size.
constexpr Field kBlockFields[] = {u8(0, "Count")};
constexpr Tail kBlockTail[] = {many("Pair", kPair, ref(kBlockFields, "Count")), run("Block", 2).as(kPair)};
constexpr Layout kBlock{.name = "Block",
                        .structure = "BLOCK",
                        .clause = "8",
                        .min = 1,
                        .size = 1,
                        .fields = kBlockFields,
                        .tail = kBlockTail};
static_assert(check(kBlock));

// A run that the input may cut short, and a structure that two fields decide.
constexpr Tail kClippedTail[] = {run("Pairs", ref(kRunFields, "First")).as(kPair).clip()};
constexpr Layout kClipped{.name = "Clipped",
                          .structure = "CLIPPED",
                          .clause = "3",
                          .min = 2,
                          .size = 2,
                          .fields = kRunFields,
                          .tail = kClippedTail};
static_assert(check(kClipped));
constexpr Field kOtherFields[] = {u16(0, "Both")};
constexpr Layout kOther{
    .name = "Other", .structure = "OTHER", .clause = "3", .min = 2, .size = 2, .fields = kOtherFields};
constexpr ChoiceRow kSecondRows[] = {{1, {}, "Pair", {}, kForms<kPair>}};
constexpr Choice kSecond{.selector = "Second", .at = {1, 1, 0, 8}, .rows = kSecondRows};
constexpr ChoiceRow kFirstRows[] = {{7, {}, "Other", {}, kForms<kOther>}};
constexpr Choice kFirst{
    .selector = "First", .at = {0, 1, 0, 8}, .rows = kFirstRows, .next = kChoices<kSecond>};
constexpr Tail kTwiceTail[] = {rest("Data").choose(kFirst)};
constexpr Layout kTwice{.name = "Twice",
                        .structure = "TWICE",
                        .clause = "3",
                        .min = 2,
                        .size = 2,
                        .fields = kRunFields,
                        .tail = kTwiceTail};
static_assert(check(kTwice));
constexpr Choice kWrong{.selector = "First", .at = {1, 1, 0, 8}, .rows = kSecondRows};
constexpr Choice kWrongNext{
    .selector = "First", .at = {0, 1, 0, 8}, .rows = kFirstRows, .next = kChoices<kWrong>};
static_assert(check(kFirst, kRunFields) && !check(kWrongNext, kRunFields));

// Entries that say their kind; one kind has an array of its own.
constexpr Field kShortFields[] = {u8(0, "Type"), u8(1, "Id")};
constexpr Layout kShort{
    .name = "Short", .structure = "SHORT", .clause = "4", .min = 2, .size = 2, .fields = kShortFields};
constexpr Field kLongFields[] = {u8(0, "Type"), u8(1, "Pairs")};
constexpr Tail kLongTail[] = {many("Pair", kPair, ref(kLongFields, "Pairs"))};
constexpr Layout kLong{.name = "Long",
                       .structure = "LONG",
                       .clause = "5",
                       .min = 2,
                       .size = 2,
                       .fields = kLongFields,
                       .tail = kLongTail};
constexpr ChoiceRow kEntryRows[] = {{0, {}, "Short", {}, kForms<kShort>}, {1, {}, "Long", {}, kForms<kLong>}};
constexpr Choice kEntryChoice{.selector = "Type", .at = {0, 1, 0, 8}, .rows = kEntryRows};
constexpr Field kTableFields[] = {u8(0, "Count")};
constexpr Tail kTableTail[] = {many("Entries", kEntryChoice, ref(kTableFields, "Count"))};
constexpr Layout kTable{.name = "Table",
                        .structure = "TABLE",
                        .clause = "6",
                        .min = 1,
                        .size = 1,
                        .fields = kTableFields,
                        .tail = kTableTail};
static_assert(check(kTable));

constexpr Tail kEachTail[] = {many("Pair", kPair, Ref{})};
constexpr Layout kEach{.name = "Each",
                       .structure = "EACH",
                       .clause = "7",
                       .min = 1,
                       .size = 1,
                       .fields = kTableFields,
                       .tail = kEachTail};
static_assert(check(kEach));

std::string json(const Layout& layout, const Buffer& bytes) {
  TextBuffer out;
  to_json(out, layout, bytes);
  return std::string(out.view());
}

std::vector<Finding> broken(const Layout& layout, const Buffer& bytes) {
  std::vector<Finding> findings;
  find_broken(layout, bytes, 100, findings);
  return findings;
}

TEST(Located, PartsLieAnywhereAndGapsAreShown) {
  const Buffer bytes = {1, 8, 2, 6, 1, 0xaa, 0xbb, 0xcc, 7, 9, 0xdd};
  EXPECT_EQ(json(kHeader, bytes),
            R"({"Kind":1,"DataOffset":8,"DataLength":2,"MoreOffset":6,"MoreLength":1,)"
            R"("Data":{"Key":7,"Value":9},"More":"bb","Unread":"aa","Unread2":"cc","Unread3":"dd"})");
  EXPECT_TRUE(broken(kHeader, bytes).empty());
}

TEST(Located, AnUnknownKindIsBytesAndOverlapIsShownTwice) {
  EXPECT_EQ(
      json(kHeader, {2, 5, 2, 6, 1, 0xaa, 0xbb}),
      R"({"Kind":2,"DataOffset":5,"DataLength":2,"MoreOffset":6,"MoreLength":1,"Data":"aabb","More":"bb"})");
}

TEST(Located, TheLastByteThatFitsAndTheFirstThatDoesNot) {
  EXPECT_TRUE(broken(kHeader, {2, 5, 2, 0, 0, 1, 2}).empty());
  const auto findings = broken(kHeader, {2, 6, 2, 0, 0, 1, 2});
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(findings[0].code, "part-outside-section");
  EXPECT_EQ(findings[0].path, "Data");
  EXPECT_EQ(findings[0].offset, 105u);
  EXPECT_EQ(findings[0].message, "2 bytes at 6 are not inside the 7 bytes there are, behind the first 5");
  EXPECT_EQ(broken(kHeader, {2, 4, 2, 0, 0, 1, 2}).size(), 1u) << "over the header";
  EXPECT_EQ(json(kHeader, {2, 6, 2, 0, 0, 1, 2}),
            R"({"Kind":2,"DataOffset":6,"DataLength":2,"MoreOffset":0,"MoreLength":0,"Unread":"0102"})");
}

TEST(Run, TakesItsBytesAndLeavesTheRest) {
  EXPECT_EQ(json(kRuns, {2, 1, 7, 9, 0xaa, 0xbb}),
            R"({"First":2,"Second":1,"Pairs":{"Key":7,"Value":9},"Log":"aa","Vendor":"bb"})");
  EXPECT_EQ(json(kRuns, {1, 0, 7}), R"({"First":1,"Second":0,"Pairs":"07"})")
      << "too short for its structure";
}

TEST(Run, MayBeCutShortIfTheTableSaysSo) {
  EXPECT_EQ(json(kClipped, {9, 0, 7, 9}), R"({"First":9,"Second":0,"Pairs":{"Key":7,"Value":9}})");
  EXPECT_EQ(json(kClipped, {2, 0, 7, 9, 1}),
            R"({"First":2,"Second":0,"Pairs":{"Key":7,"Value":9},"Unread":"01"})");
  EXPECT_TRUE(broken(kClipped, {9, 0, 7, 9}).empty());
}

TEST(Choice, AsksTheNextIfNoRowHasTheValue) {
  EXPECT_EQ(json(kTwice, {7, 1, 2, 3}), R"({"First":7,"Second":1,"Data":{"Both":770}})");
  EXPECT_EQ(json(kTwice, {6, 1, 2, 3}), R"({"First":6,"Second":1,"Data":{"Key":2,"Value":3}})");
  EXPECT_EQ(json(kTwice, {6, 2, 2, 3}), R"({"First":6,"Second":2,"Data":"0203"})");
}

TEST(Run, TooLongEndsTheWalk) {
  EXPECT_EQ(json(kRuns, {2, 2, 7, 9, 0xaa}),
            R"({"First":2,"Second":2,"Pairs":{"Key":7,"Value":9},"Unread":"aa"})");
  const auto findings = broken(kRuns, {2, 2, 7, 9, 0xaa});
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(findings[0].path, "Log");
  EXPECT_EQ(findings[0].offset, 104u);
  EXPECT_TRUE(broken(kRuns, {2, 1, 7, 9, 0xaa}).empty());
}

TEST(Run, MayHaveAFixedLength) {
  EXPECT_EQ(json(kBlock, {1, 1, 2, 3, 4, 5}),
            R"({"Count":1,"Pair":[{"Key":1,"Value":2}],"Block":{"Key":3,"Value":4},"Unread":"05"})");
  EXPECT_EQ(element(kBlock, Buffer{1, 1, 2, 3, 4, 5})->size(), 5u);
  EXPECT_TRUE(broken(kBlock, {0, 3, 4}).empty());
  const auto findings = broken(kBlock, {0, 3});
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(findings[0].path, "Block");
  EXPECT_EQ(findings[0].message, "2 bytes do not fit the 1 that are left");
}

TEST(Many, ElementsSayWhatTheyAre) {
  EXPECT_EQ(json(kTable, {3, 0, 5, 1, 2, 1, 2, 3, 4, 0, 6}),
            R"({"Count":3,"Entries":[{"Type":0,"Id":5},)"
            R"({"Type":1,"Pairs":2,"Pair":[{"Key":1,"Value":2},{"Key":3,"Value":4}]},{"Type":0,"Id":6}]})");
}

TEST(Many, AnUnknownKindAndAnArrayCutShortEndTheWalk) {
  const auto unknown = broken(kTable, {2, 0, 5, 9, 9});
  ASSERT_EQ(unknown.size(), 1u);
  EXPECT_EQ(unknown[0].path, "Entries[1]");
  EXPECT_EQ(unknown[0].message, "element 1 of 2 is of an unknown kind");
  EXPECT_EQ(json(kTable, {2, 0, 5, 9, 9}), R"({"Count":2,"Entries":[{"Type":0,"Id":5}],"Unread":"0909"})");
  const auto cut = broken(kTable, {1, 1, 2, 1, 2, 3});
  ASSERT_EQ(cut.size(), 1u);
  EXPECT_EQ(cut[0].code, "element-outside-section");
  EXPECT_EQ(cut[0].path, "Entries[0]");
  EXPECT_EQ(cut[0].offset, 101u);
}

TEST(Many, WithoutACountThereAreAsManyAsFit) {
  EXPECT_EQ(json(kEach, {0}), R"({"Count":0,"Pair":[]})");
  EXPECT_EQ(json(kEach, {0, 1, 2, 3, 4}), R"({"Count":0,"Pair":[{"Key":1,"Value":2},{"Key":3,"Value":4}]})");
  EXPECT_EQ(json(kEach, {0, 1, 2, 3}), R"({"Count":0,"Pair":[{"Key":1,"Value":2}],"Unread":"03"})");
  EXPECT_EQ(broken(kEach, {0, 1, 2, 3}).size(), 1u);
  EXPECT_TRUE(broken(kEach, {0, 1, 2}).empty());
}

TEST(Element, IsAsLongAsItsVariablePart) {
  const Buffer bytes = {1, 2, 1, 2, 3, 4, 0xff};
  EXPECT_EQ(element(kLong, bytes)->size(), 6u);
  EXPECT_FALSE(element(kLong, Bytes(bytes).first(5)));
  EXPECT_EQ(element(kRuns, Buffer{1, 1, 5, 6, 7})->size(), 5u) << "the rest is its own";
}

}  // namespace
}  // namespace wheatstone::layout
