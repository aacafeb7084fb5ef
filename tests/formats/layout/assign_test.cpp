#include "formats/layout/assign.hpp"

#include <gtest/gtest.h>

#include "formats/layout/flatten.hpp"
#include "tests/formats/layout/sample_layout.hpp"

namespace wheatstone::layout {
namespace {

using sample::kSample;

Node scalar(std::string text) {
  Node node;
  node.kind = Node::Kind::scalar;
  node.text = std::move(text);
  node.mark = {7, 9};
  return node;
}
Node list(std::vector<Node> items) {
  Node node;
  node.kind = Node::Kind::list;
  node.items = std::move(items);
  node.mark = {7, 9};
  return node;
}
Node map(std::vector<std::pair<std::string, Node>> members) {
  Node node;
  node.kind = Node::Kind::map;
  for (auto& [key, value] : members) node.members.push_back({key, {7, 1}, std::move(value)});
  return node;
}

Result<Buffer> assigned(const Node& fields, std::size_t size = 60) {
  Buffer bytes(size, 0);
  if (auto done = assign(kSample, bytes, fields); !done) return std::unexpected(done.error());
  return bytes;
}

std::string problem(const Node& fields) {
  const auto done = assigned(fields);
  return done ? "" : done.error().text();
}

TEST(Assign, StoresEveryKindOfField) {
  const auto bytes = assigned(map({{"Detail", map({{"Nibble", scalar("5")}, {"Top", scalar("true")}})},
                                   {"Colour", scalar("Green")},
                                   {"Serial", scalar("0xabc")},
                                   {"Total", scalar("9007199254740993")},
                                   {"Id", scalar("One")},
                                   {"Text", scalar("ab")},
                                   {"Wide", scalar("\xc3\xa9")},
                                   {"Raw", scalar("de ad")},
                                   {"SlotNumber", scalar("5")},
                                   {"Numbers", list({scalar("1"), scalar("2")})},
                                   {"Inner", map({{"Vendor", scalar("0x10de")}})},
                                   {"Inner.Class", scalar("0x030200")}}));
  ASSERT_TRUE(bytes) << bytes.error().text();
  const Buffer expected = {
      0x03, 0,   1, 0x85, 0xbc, 0x0a, 0,    0,    1,    0,    0, 0,    0, 0, 0x20, 0,  // to Total
      0,    0,   0, 0,    0,    0,    0,    0,    0,    0,    0, 0,    0, 0, 0,    1,  // Id
      'a',  'b', 0, 0,    0xe9, 0,    0,    0,    0xde, 0xad, 0, 0x28, 0,              // Text to SlotNumber
      1,    0,   2, 0,    0,    0,    0xde, 0x10, 0,    2,    3, 0,    0, 0, 0};
  EXPECT_EQ(*bytes, expected);
}

TEST(Assign, SettingAFieldSetsItsValidityBitUnlessTheWordIsGiven) {
  EXPECT_EQ((*assigned(map({{"Serial", scalar("1")}})))[0], 2);
  EXPECT_EQ((*assigned(map({{"ValidBits", scalar("0")}, {"Serial", scalar("1")}})))[0], 0);
  EXPECT_EQ((*assigned(map({{"Serial", scalar("1")}, {"ValidBits", scalar("0")}})))[0], 0);
  EXPECT_EQ((*assigned(map({{"ValidBits", list({scalar("Colour")})}})))[0], 1);
}

TEST(Assign, AFieldWhoseNameHasADotMayBeNested) {
  EXPECT_EQ((*assigned(map({{"Version.Minor", scalar("3")}})))[57], 3);
  EXPECT_EQ((*assigned(map({{"Version", map({{"Minor", scalar("4")}})}})))[57], 4);
  EXPECT_EQ(problem(map({{"Version", map({{"Major", scalar("4")}})}})),
            "Sample has no field 'Version.Major' (did you mean 'Version.Minor'?)");
  EXPECT_EQ(problem(map({{"Version", scalar("4")}})), "Sample has no field 'Version'");
}

TEST(Assign, BuildsTheVariablePart) {
  const auto bytes = assigned(map({{"Vendor", scalar("99")},
                                   {"Items", list({map({{"Tag", scalar("7")}, {"Data", scalar("aabb")}}),
                                                   map({{"Tag", scalar("9")}})})}}));
  ASSERT_TRUE(bytes) << bytes.error().text();
  EXPECT_EQ(Buffer(bytes->begin() + 60, bytes->end()), (Buffer{2, 7, 0xaa, 0xbb, 0, 9, 0x99}));
  EXPECT_EQ((*bytes)[0], 2 << 2);  // the count, and no validity bit
}

TEST(Assign, WhatIsFlattenedCanBeAssignedAgain) {
  const auto bytes =
      assigned(map({{"Colour", scalar("Blue")}, {"Detail", scalar("0x7f")}, {"Late", scalar("3")}}));
  ASSERT_TRUE(bytes);
  Node fields = map({});
  for (const Leaf& leaf : flatten(kSample, *bytes))
    if (leaf.kind == Leaf::Kind::number && leaf.path.find_first_of(".[") == std::string::npos &&
        leaf.path != "SlotNumber")
      fields.members.push_back({leaf.path, {}, scalar(std::to_string(leaf.number))});
  EXPECT_EQ(*assigned(fields), *bytes);
}

TEST(Assign, ErrorsNameThePlaceTheKeyAndTheNearestName) {
  EXPECT_EQ(problem(map({{"Colur", scalar("1")}})), "Sample has no field 'Colur' (did you mean 'Colour'?)");
  EXPECT_EQ(problem(map({{"Colour", scalar("Gren")}})),
            "'Colour' needs a number or a name, not 'Gren' (did you mean 'Green'?)");
  EXPECT_EQ(problem(map({{"Colour", scalar("256")}})),
            "256 is too large for 'Colour' (it holds 8 bits: 0 to 0xff)");
  EXPECT_EQ(problem(map({{"Serial", scalar("-1")}})), "'Serial' needs a number, not '-1'");
  EXPECT_EQ(problem(map({{"Serial", list({})}})), "'Serial' needs a number, not a list");
  EXPECT_EQ(problem(map({{"Detail", map({{"Nibbel", scalar("1")}})}, {"Colour", scalar("1")}})),
            "'Detail' has no bits named 'Nibbel' (did you mean 'Nibble'?)");
  EXPECT_EQ(problem(map({{"Detail", map({{"Nibble", scalar("16")}})}, {"Colour", scalar("1")}})),
            "16 is too large for 'Nibble' (it holds 4 bits: 0 to 0xf)");
  EXPECT_EQ(problem(map({{"ValidBits", list({scalar("ItemCount")})}})),
            "'ItemCount' is no flag of 'ValidBits'");
  EXPECT_EQ(problem(map({{"Id", scalar("Won")}})),
            "'Id' needs a GUID or a name, not 'Won' (did you mean 'One'?)");
  EXPECT_EQ(problem(map({{"Text", scalar("abcde")}})), "the text is too long for 'Text': 5 bytes, 4 fit");
  EXPECT_EQ(problem(map({{"Raw", scalar("0102030")}})), "'Raw' needs hex digits, two a byte, not '0102030'");
  EXPECT_EQ(problem(map({{"Raw", scalar("01020304")}})), "too many bytes for 'Raw': 4 given, 3 fit");
  EXPECT_EQ(problem(map({{"Numbers", list({scalar("1"), scalar("1"), scalar("1"), scalar("1")})}})),
            "'Numbers' needs a list of at most 3 numbers, not 4");
  EXPECT_EQ(problem(map({{"Items", scalar("1")}})), "'Items' needs a list, not '1'");
  EXPECT_EQ(problem(scalar("x")), "'Sample' needs a map of fields, not 'x'");
  EXPECT_EQ(assigned(map({{"Colur", scalar("1")}})).error().where.line, 7u);
}

TEST(Assign, AShortFormHasNoLateFields) {
  EXPECT_FALSE(assigned(map({{"Late", scalar("1")}}), 59));
  EXPECT_TRUE(assigned(map({{"Serial", scalar("1")}}), 51));
  EXPECT_FALSE(assigned(map({}), 50));
}

TEST(Assign, TooManyElementsAreRefused) {
  std::vector<Node> items(64, map({}));
  EXPECT_EQ(problem(map({{"Items", list(items)}})), "'Items' holds at most 63 elements");
  items.pop_back();
  EXPECT_TRUE(assigned(map({{"Items", list(items)}})));
}

// A union of a fixed size: Kind decides, or else the first byte of the union itself; one member is an array.
constexpr Field kPairFields[] = {u8(0, "Type"), u8(1, "Value")};
constexpr Layout kPair{
    .name = "Pair", .structure = "PAIR", .clause = "1", .min = 2, .size = 2, .fields = kPairFields};
constexpr Field kCountedFields[] = {u8(0, "Type"), u8(1, "Count")};
constexpr Tail kCountedTail[] = {many("Pairs", kPair, ref(kCountedFields, "Count")), rest("Spare")};
constexpr Layout kCounted{.name = "Counted",
                          .structure = "COUNTED",
                          .clause = "1",
                          .min = 2,
                          .size = 2,
                          .fields = kCountedFields,
                          .tail = kCountedTail};
constexpr ChoiceRow kMemberRows[] = {{1, {}, "Pair", {}, kForms<kPair>},
                                     {2, {}, "Counted", {}, kForms<kCounted>}};
constexpr Choice kMember{.selector = "Union.Type", .at = {1, 1, 0, 8}, .rows = kMemberRows};
constexpr ChoiceRow kKindRows[] = {{7, {}, "Pair", {}, kForms<kPair>}};
constexpr Choice kKind{.selector = "Kind", .at = {0, 1, 0, 8}, .rows = kKindRows, .next = kChoices<kMember>};
constexpr Field kUnionFields[] = {u8(0, "Kind"), layout::list(1, "Union", 6, 1).choose(kKind)};
constexpr Layout kUnion{
    .name = "Union", .structure = "UNION", .clause = "1", .min = 7, .size = 7, .fields = kUnionFields};
static_assert(check(kUnion));

Result<Buffer> made(const Node& fields) {
  Buffer bytes(kUnion.size, 0);
  if (auto done = assign(kUnion, bytes, fields); !done) return std::unexpected(done.error());
  return bytes;
}

TEST(Assign, AUnionMayHoldItsSelector) {
  const Node pair = map({{"Value", scalar("4")}, {"Type", scalar("1")}});
  EXPECT_EQ(made(map({{"Union", pair}})), (Buffer{0, 1, 4, 0, 0, 0, 0}));
  EXPECT_EQ(made(map({{"Union", map({{"Value", scalar("4")}})}, {"Kind", scalar("7")}})),
            (Buffer{7, 0, 4, 0, 0, 0, 0}));
  EXPECT_FALSE(made(map({{"Union", map({{"Value", scalar("4")}, {"Type", scalar("2")}})}})));
  Buffer bytes = {0, 1, 4, 0, 0, 0, 0};
  ASSERT_TRUE(assign(kUnion, bytes, map({{"Union.Value", scalar("5")}})));
  EXPECT_EQ(bytes, (Buffer{0, 1, 5, 0, 0, 0, 0}));
}

TEST(Assign, AVariablePartFitsTheFieldThatHoldsIt) {
  const Node pair = map({{"Type", scalar("3")}, {"Value", scalar("4")}});
  EXPECT_EQ(made(map({{"Union", map({{"Type", scalar("2")}, {"Pairs", list({pair, pair})}})}})),
            (Buffer{0, 2, 2, 3, 4, 3, 4}));
  EXPECT_EQ(made(map({{"Union",
                       map({{"Type", scalar("2")}, {"Pairs", list({pair})}, {"Spare", scalar("0a0b")}})}})),
            (Buffer{0, 2, 1, 3, 4, 0xa, 0xb}));
  const auto done = made(map({{"Union", map({{"Type", scalar("2")}, {"Pairs", list({pair, pair, pair})}})}}));
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().text(), "'Union' would have 8 bytes, 6 fit");
}

TEST(Numbers, AreDecimalOrHex) {
  EXPECT_EQ(parse_number("18446744073709551615"), ~std::uint64_t{0});
  EXPECT_EQ(parse_number("0xFFFFffffFFFFffff"), ~std::uint64_t{0});
  for (const char* text :
       {"", "0x", "-1", "+1", " 1", "1 ", "1.0", "18446744073709551616", "0x10000000000000000", "one"})
    EXPECT_FALSE(parse_number(text)) << text;
}

TEST(HexBytes, NeedTwoDigitsAByte) {
  EXPECT_EQ(parse_hex_bytes("00 aB\nff"), (Buffer{0, 0xab, 0xff}));
  EXPECT_EQ(parse_hex_bytes(""), Buffer{});
  EXPECT_FALSE(parse_hex_bytes("0"));
  EXPECT_FALSE(parse_hex_bytes("0 0"));
  EXPECT_FALSE(parse_hex_bytes("0g"));
}

// An array, then a block of a fixed size.
constexpr Field kCountFields[] = {u8(0, "Count")};
constexpr Field kByteFields[] = {u8(0, "Value")};
constexpr Layout kByte{
    .name = "Byte", .structure = "BYTE", .clause = "1", .min = 1, .size = 1, .fields = kByteFields};
constexpr Tail kFixedTail[] = {run("Block", 2), many("Bytes", kByte, ref(kCountFields, "Count"))};
constexpr Layout kFixed{.name = "Fixed",
                        .structure = "FIXED",
                        .clause = "2",
                        .min = 1,
                        .size = 1,
                        .fields = kCountFields,
                        .tail = kFixedTail};
static_assert(check(kFixed));

TEST(Assign, ABlockOfAFixedSizeIsFilledUp) {
  const auto made = [](std::optional<std::string> block) {
    Node fields = map({{"Bytes", list({map({{"Value", scalar("9")}})})}});
    if (block) fields.members.push_back({"Block", {7, 1}, scalar(*block)});
    Buffer bytes(1, 0);
    const auto done = assign(kFixed, bytes, fields);
    return done ? Result<Buffer>(bytes) : std::unexpected(done.error());
  };
  EXPECT_EQ(*made("aabb"), (Buffer{1, 0xaa, 0xbb, 9}));
  EXPECT_EQ(*made("aa"), (Buffer{1, 0xaa, 0, 9}));
  EXPECT_EQ(*made(std::nullopt), (Buffer{1, 0, 0, 9}));
  const auto wrong = made("aabbcc");
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().text(), "too many bytes for 'Block': 3 given, 2 fit");
}

}  // namespace
}  // namespace wheatstone::layout
