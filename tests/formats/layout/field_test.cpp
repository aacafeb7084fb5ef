#include "formats/layout/field.hpp"

#include <gtest/gtest.h>

#include "tests/formats/layout/sample_layout.hpp"

namespace wheatstone::layout {
namespace {

// check() is what keeps the tables honest, so each of its refusals is shown once.
template <std::size_t n>
consteval bool accepts(const Field (&fields)[n], std::uint32_t size, Ref valid = {}) {
  return check(Layout{.name = "T",
                      .structure = "T",
                      .clause = "T",
                      .min = size,
                      .size = size,
                      .fields = fields,
                      .valid = valid});
}

TEST(Check, DemandsThatFieldsTileTheLayout) {
  static constexpr Field kGood[] = {u8(0, "A"), u32(1, "B")};
  static constexpr Field kGap[] = {u8(0, "A"), u32(2, "B")};
  static constexpr Field kOverlap[] = {u32(0, "A"), u8(3, "B")};
  static_assert(accepts(kGood, 5));
  static_assert(!accepts(kGood, 6));
  static_assert(!accepts(kGap, 6));
  static_assert(!accepts(kOverlap, 4));
}

TEST(Check, DemandsPrintableNamesAndSortedTables) {
  static constexpr Field kQuote[] = {u8(0, "A\"")};
  static constexpr Field kUnnamed[] = {u8(0, "")};
  static constexpr Name kUnsorted[] = {{2, "b"}, {1, "a"}};
  static constexpr Field kUnsortedNames[] = {u8(0, "A").names(kUnsorted)};
  static constexpr Bit kTooWide[] = {{7, 2, "b"}};
  static constexpr Field kWordTooWide[] = {u8(0, "A").bits(kTooWide)};
  static constexpr Bit kTwice[] = {{0, 2, "a"}, {1, 1, "b"}};
  static constexpr Field kOverlappingBits[] = {u8(0, "A").bits(kTwice)};
  static_assert(!accepts(kQuote, 1));
  static_assert(!accepts(kUnnamed, 1));
  static_assert(!accepts(kUnsortedNames, 1));
  static_assert(!accepts(kWordTooWide, 1));
  static_assert(!accepts(kOverlappingBits, 1));
}

TEST(Check, DemandsAValidityWordForValidityBits) {
  static constexpr Field kFields[] = {u8(0, "ValidBits"), u8(1, "A").valid(0)};
  static_assert(!accepts(kFields, 2));
  static_assert(accepts(kFields, 2, ref(kFields, "ValidBits")));
}

TEST(Check, DemandsThatAChoiceNamesItsSelector) {
  static constexpr Choice kMoved{.selector = "Kind", .at = {1, 1, 0, 8}, .rows = {}};
  static constexpr Field kFields[] = {u8(0, "Kind"), u8(1, "A").choose(kMoved)};
  static_assert(!accepts(kFields, 2));
}

TEST(Ref, FindsFieldsAndBits) {
  constexpr Ref whole = ref(sample::kFields, "Serial");
  static_assert(whole.offset == 4 && whole.bytes == 4 && whole.low == 0 && whole.width == 32);
  constexpr Ref bits = ref(sample::kFields, "ValidBits.ItemCount");
  static_assert(bits.offset == 0 && bits.bytes == 2 && bits.low == 2 && bits.width == 6);
}

TEST(Bit, GetsAndSetsItsRangeOnly) {
  constexpr Bit kBit{4, 3, "b", {}};
  EXPECT_EQ(kBit.get(0xff5f), 5u);
  EXPECT_EQ(kBit.set(0xffff, 0), 0xff8fu);
  EXPECT_EQ(kBit.set(0, 0xff), 0x70u);
  constexpr Bit kWhole{0, 64, "w", {}};
  EXPECT_EQ(kWhole.get(~std::uint64_t{0}), ~std::uint64_t{0});
}

TEST(View, LoadsThroughHandles) {
  Buffer bytes(60, 0);
  store_le<std::uint32_t>(&bytes[4], 0x11223344);
  bytes[31] = 9;
  store_le<std::uint16_t>(&bytes[58], 0xbeef);
  const auto view = View<sample::Sample>::make(sample::kSample, bytes);
  ASSERT_TRUE(view);
  EXPECT_EQ((*view)[sample::Sample::kSerial], 0x11223344u);
  EXPECT_EQ((*view)[sample::Sample::kId].text(), "00000000-0000-0000-0000-000000000009");
  EXPECT_EQ((*view)[sample::Sample::kLate], 0xbeef);
}

TEST(View, NeedsTheShortestFormAndKnowsWhatIsAbsent) {
  const Buffer bytes(60, 0);
  EXPECT_FALSE(View<sample::Sample>::make(sample::kSample, Bytes(bytes).first(50)));
  const auto shortest = View<sample::Sample>::make(sample::kSample, Bytes(bytes).first(51));
  ASSERT_TRUE(shortest);
  EXPECT_EQ((*shortest)[sample::Sample::kLate], std::nullopt);
  EXPECT_EQ((*View<sample::Sample>::make(sample::kSample, Bytes(bytes).first(59)))[sample::Sample::kLate],
            std::nullopt);
}

TEST(Editor, StoresThroughHandles) {
  Buffer bytes(60, 0);
  auto edit = *Editor<sample::Sample>::make(sample::kSample, bytes);
  edit.set(sample::Sample::kSerial, 0x01020304);
  EXPECT_TRUE(edit.set(sample::Sample::kLate, 0x0506));
  EXPECT_EQ(bytes[4], 4);
  EXPECT_EQ(bytes[59], 5);
  auto shorter = *Editor<sample::Sample>::make(sample::kSample, MutableBytes(bytes).first(51));
  EXPECT_FALSE(shorter.set(sample::Sample::kLate, 0));
  EXPECT_EQ(bytes[59], 5);
}

}  // namespace
}  // namespace wheatstone::layout
