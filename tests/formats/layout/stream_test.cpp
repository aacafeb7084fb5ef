#include "formats/layout/stream.hpp"

#include <gtest/gtest.h>

#include <array>
#include <limits>

namespace wheatstone {
namespace {

TEST(ByteReader, GivesWholeThingsOrStays) {
  const std::array<std::uint8_t, 5> bytes = {1, 2, 3, 4, 5};
  ByteReader in(bytes);
  EXPECT_EQ(in.read(3), 0x030201u);
  EXPECT_EQ(in.read(4), std::nullopt);
  EXPECT_EQ(in.offset(), 3u);
  EXPECT_EQ(in.read_guid(), std::nullopt);
  EXPECT_EQ(in.take(3), std::nullopt);
  EXPECT_EQ(in.take(std::numeric_limits<std::uint64_t>::max()), std::nullopt);
  EXPECT_EQ(in.take(2)->front(), 4);
  EXPECT_EQ(in.left(), 0u);
  EXPECT_TRUE(in.take(0));
  EXPECT_EQ(in.read(1), std::nullopt);
}

TEST(ByteReader, ReadsGuidsAsStored) {
  const Guid guid = "8a1e1d01-42f9-4557-9c33-565e5cc3f7e8"_guid;
  ByteReader in(guid.bytes);
  EXPECT_EQ(in.read_guid(), guid);
}

TEST(ByteReader, TakesTextUpToItsNul) {
  const std::array<std::uint8_t, 9> bytes = {'a', 'b', 0, 0x00, 0x41, 0x00, 0x00, 'c', 'd'};
  ByteReader in(bytes);
  EXPECT_EQ(as_text(*in.take_until_zero(1)), "ab");
  EXPECT_EQ(in.offset(), 3u);
  EXPECT_EQ(in.take_until_zero(2)->size(), 2u);  // 0x4100, then 0x0000
  EXPECT_EQ(in.offset(), 7u);
  EXPECT_EQ(in.take_until_zero(1), std::nullopt);
  EXPECT_EQ(in.take_until_zero(2), std::nullopt);
  EXPECT_EQ(in.offset(), 7u);
}

TEST(ByteWriter, PutsWholeThingsOrNothing) {
  std::array<std::uint8_t, 8> room{};
  room.fill(0xee);
  ByteWriter out(room);
  EXPECT_TRUE(out.put(0x030201, 3));
  EXPECT_FALSE(out.put(Guid{}));
  EXPECT_FALSE(out.put(0, 6));
  EXPECT_TRUE(out.align(4));
  EXPECT_TRUE(out.align(4));
  EXPECT_TRUE(out.put(Bytes(std::array<std::uint8_t, 3>{9, 8, 7})));
  EXPECT_FALSE(out.align(16));
  EXPECT_EQ(out.size(), 7u);
  EXPECT_EQ(out.left(), 1u);
  EXPECT_EQ(room, (std::array<std::uint8_t, 8>{1, 2, 3, 0, 9, 8, 7, 0xee}));
}

}  // namespace
}  // namespace wheatstone
