#include "formats/layout/bytes.hpp"

#include <gtest/gtest.h>

#include <array>
#include <limits>

namespace wheatstone {
namespace {

constexpr std::uint64_t kMax = std::numeric_limits<std::uint64_t>::max();

TEST(Bytes, LoadsLittleEndianAtAnyAlignment) {
  const std::array<std::uint8_t, 9> bytes = {0xff, 1, 2, 3, 4, 5, 6, 7, 8};
  EXPECT_EQ(load_le<std::uint16_t>(&bytes[1]), 0x0201);
  EXPECT_EQ(load_le<std::uint32_t>(&bytes[1]), 0x04030201u);
  EXPECT_EQ(load_le<std::uint64_t>(&bytes[1]), 0x0807060504030201u);
  EXPECT_EQ(load_le(&bytes[1], 3), 0x030201u);
  EXPECT_EQ(load_le(&bytes[1], 8), 0x0807060504030201u);
}

TEST(Bytes, LoadsInConstantExpressions) {
  static constexpr std::array<std::uint8_t, 4> kBytes = {0x43, 0x50, 0x45, 0x52};
  static_assert(load_le<std::uint32_t>(kBytes.data()) == 0x52455043);
}

TEST(Bytes, StoresTouchOnlyTheirWidth) {
  std::array<std::uint8_t, 5> bytes{};
  store_le(&bytes[1], 0xaabbccdd, 3);
  EXPECT_EQ(bytes, (std::array<std::uint8_t, 5>{0, 0xdd, 0xcc, 0xbb, 0}));
  store_le<std::uint16_t>(&bytes[0], 0x1234);
  EXPECT_EQ(bytes, (std::array<std::uint8_t, 5>{0x34, 0x12, 0xcc, 0xbb, 0}));
}

TEST(CheckedRange, AcceptsExactlyWhatFits) {
  EXPECT_TRUE(CheckedRange::make(0, 0, 0));
  EXPECT_TRUE(CheckedRange::make(10, 0, 10));
  EXPECT_TRUE(CheckedRange::make(4, 6, 10));
  EXPECT_FALSE(CheckedRange::make(4, 7, 10));
  EXPECT_FALSE(CheckedRange::make(11, 0, 10));
  EXPECT_FALSE(CheckedRange::make(kMax, 2, 10));
  EXPECT_FALSE(CheckedRange::make(2, kMax, 10));
  EXPECT_FALSE(CheckedRange::make(kMax, kMax, kMax));
  EXPECT_TRUE(CheckedRange::make(kMax, 0, kMax));
}

TEST(CheckedRange, EmptyRangesOverlapNothing) {
  const auto whole = *CheckedRange::make(0, 10, 10);
  EXPECT_TRUE(whole.overlaps(*CheckedRange::make(9, 1, 10)));
  EXPECT_FALSE(whole.overlaps(*CheckedRange::make(10, 0, 10)));
  EXPECT_FALSE(whole.overlaps(*CheckedRange::make(5, 0, 10)));
  EXPECT_FALSE((*CheckedRange::make(0, 5, 10)).overlaps(*CheckedRange::make(5, 5, 10)));
}

TEST(Slice, GivesTheBytesOrNothing) {
  const std::array<std::uint8_t, 3> bytes = {1, 2, 3};
  ASSERT_TRUE(slice(bytes, 1, 2));
  EXPECT_EQ((*slice(bytes, 1, 2))[0], 2);
  EXPECT_FALSE(slice(bytes, 1, 3));
  EXPECT_FALSE(slice(bytes, kMax, 1));
}

}  // namespace
}  // namespace wheatstone
