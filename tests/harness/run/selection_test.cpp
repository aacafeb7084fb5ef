#include "harness/run/selection.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace wheatstone::run {
namespace {

TEST(Shard, EveryIdIsInExactlyOne) {
  for (const std::uint32_t count : {1u, 2u, 3u, 7u, 100u}) {
    for (int i = 0; i < 200; ++i) {
      const std::string id = fmt::format("theme/scenario-{}", i);
      unsigned holders = 0;
      for (std::uint32_t index = 1; index <= count; ++index)
        holders += Shard{index, count}.holds(id) ? 1u : 0u;
      EXPECT_EQ(holders, 1u) << id << " of " << count;
    }
  }
}

TEST(Shard, ItsMembersNeverChange) {
  EXPECT_TRUE((Shard{1, 2}.holds("processor/amd-cache-fatal")));
  EXPECT_TRUE((Shard{2, 2}.holds("memory/corrected-dram")));
}

TEST(Shard, ReadsBothEnds) {
  EXPECT_EQ(parse_shard("1/1")->count, 1u);
  EXPECT_EQ(parse_shard("5/5")->index, 5u);
  for (const char* wrong :
       {"", "/", "1", "0/5", "6/5", "1/0", "-1/5", "1/5 ", "a/b", "1/5/6", "99999999999/99999999999"})
    EXPECT_FALSE(parse_shard(wrong)) << wrong;
}

TEST(Selection, FiltersAndShardMustBothAgree) {
  const Selection all;
  EXPECT_TRUE(all.holds("a/b"));
  const Selection some{{"processor/*", "*ecc"}, {}};
  EXPECT_TRUE(some.holds("processor/x/y"));
  EXPECT_TRUE(some.holds("memory/ecc"));
  EXPECT_FALSE(some.holds("memory/ecc2"));
  const Selection first{{"*"}, {1, 2}}, second{{"*"}, {2, 2}};
  EXPECT_NE(first.holds("memory/ecc"), second.holds("memory/ecc"));
}

}  // namespace
}  // namespace wheatstone::run
