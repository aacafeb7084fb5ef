#include "mocks/clock.hpp"

#include <gtest/gtest.h>

#include <thread>

namespace wheatstone {
namespace {

TEST(VirtualClock, StandsStillUntilAdvanced) {
  VirtualClock clock(FileTime{100});
  EXPECT_EQ(clock.now(), FileTime{100});
  EXPECT_EQ(clock.now(), FileTime{100});
  clock.advance_by(5);
  EXPECT_EQ(clock.now(), FileTime{105});
  clock.advance_to(FileTime{200});
  EXPECT_EQ(clock.now(), FileTime{200});
}

TEST(VirtualClock, NeverGoesBack) {
  VirtualClock clock(FileTime{100});
  clock.advance_to(FileTime{99});
  EXPECT_EQ(clock.now(), FileTime{100});
}

TEST(VirtualClock, StopsAtTheLastFileTime) {
  constexpr std::uint64_t kLast = ~std::uint64_t{0};
  VirtualClock clock(FileTime{kLast - 2});
  clock.advance_by(2);
  EXPECT_EQ(clock.now().ticks, kLast);
  clock.advance_by(1);
  EXPECT_EQ(clock.now().ticks, kLast);
}

TEST(VirtualClock, LosesNoAdvanceOfTwoThreads) {
  VirtualClock clock(FileTime{0});
  const auto advance = [&clock] {
    for (int i = 0; i < 10'000; ++i) clock.advance_by(1);
  };
  std::thread other(advance);
  advance();
  other.join();
  EXPECT_EQ(clock.now().ticks, 20'000u);
}

TEST(SystemClock, IsAfterThisTestWasWritten) {
  EXPECT_GE(to_civil(SystemClock().now()).year, 2024);
}

}  // namespace
}  // namespace wheatstone
