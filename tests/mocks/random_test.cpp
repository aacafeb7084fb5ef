#include "mocks/random.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace wheatstone {
namespace {

// Computed with an independent implementation of splitmix64 and xoshiro256**.
TEST(SeededRandom, GivesTheReferenceWords) {
  SeededRandom zero(0);
  EXPECT_EQ(zero.next(), 0x99ec5f36cb75f2b4u);
  EXPECT_EQ(zero.next(), 0xbf6e1f784956452au);
  EXPECT_EQ(zero.next(), 0x1a5f849d4933e6e0u);
  SeededRandom answer(42);
  EXPECT_EQ(answer.next(), 0x15780b2e0c2ec716u);
  EXPECT_EQ(answer.next(), 0x6104d9866d113a7eu);
  EXPECT_EQ(answer.next(), 0xae17533239e499a1u);
}

TEST(SeededRandom, FillsWithLittleEndianWordsAndStartsEachFillWithANewOne) {
  SeededRandom random(0);
  Buffer ten(10);
  random.fill(ten);
  EXPECT_THAT(ten, testing::ElementsAre(0xb4, 0xf2, 0x75, 0xcb, 0x36, 0x5f, 0xec, 0x99, 0x2a, 0x45));
  Buffer one(1);
  random.fill(one);
  EXPECT_THAT(one, testing::ElementsAre(0xe0));
}

TEST(SystemRandom, FillsEveryByte) {
  Buffer seen(64);
  for (int round = 0; round < 64; ++round) {
    Buffer now(64);
    SystemRandom().fill(now);
    for (std::size_t i = 0; i < now.size(); ++i) seen[i] |= now[i];
  }
  EXPECT_THAT(seen, testing::Each(0xff));  // fails once in 2^55 runs
}

}  // namespace
}  // namespace wheatstone
