#include "formats/layout/time.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace wheatstone {
namespace {

TEST(FileTime, MatchesTheCerExamples) {
  // [MS-CER2] 4.3: eventtime 128496996179046077
  EXPECT_EQ(to_iso8601({128496996179046077}), "2008-03-11T09:00:17.9046077Z");
  EXPECT_EQ(parse_iso8601("2008-03-11T09:00:17.9046077Z"), FileTime{128496996179046077});
}

TEST(FileTime, EpochsAndFarEnds) {
  EXPECT_EQ(to_iso8601({0}), "1601-01-01T00:00:00.0000000Z");
  EXPECT_EQ(to_iso8601({FileTime::kUnixEpoch}), "1970-01-01T00:00:00.0000000Z");
  EXPECT_EQ(to_civil({std::numeric_limits<std::uint64_t>::max()}).year, 60056);
}

TEST(FileTime, ParsesShortForms) {
  EXPECT_EQ(parse_iso8601("1970-01-01"), FileTime{FileTime::kUnixEpoch});
  EXPECT_EQ(parse_iso8601("1970-01-01 00:00:01.5"), FileTime{FileTime::kUnixEpoch + 15'000'000});
}

TEST(FileTime, RefusesWhatIsNoDate) {
  for (const char* text :
       {"", "1600-12-31", "2023-02-29", "2023-13-01", "2023-01-01T24:00:00", "2023-01-01T00:00:60Z",
        "2023-01-01T00:00:00.Z", "2023-01-01T00:00:00.12345678Z", "2023-01-01Zx", "23-01-01"})
    EXPECT_FALSE(parse_iso8601(text)) << text;
}

TEST(FileTime, CivilRoundTripsOverCenturies) {
  for (std::uint64_t ticks = 0; ticks < 400'000'000'000'000'000; ticks += 1'234'567'890'123'457) {
    const FileTime time{ticks};
    ASSERT_EQ(from_civil(to_civil(time)), time) << ticks;
  }
}

TEST(Duration, ReadsUnits) {
  EXPECT_EQ(parse_duration("60"), 600'000'000u);
  EXPECT_EQ(parse_duration("60s"), 600'000'000u);
  EXPECT_EQ(parse_duration("250ms"), 2'500'000u);
  EXPECT_EQ(parse_duration("24h"), 864'000'000'000u);
  EXPECT_EQ(format_duration(600'000'000), "1m");
  EXPECT_EQ(format_duration(2'500'000), "250ms");
  EXPECT_EQ(format_duration(0), "0s");
}

TEST(Duration, RefusesTheRest) {
  for (const char* text : {"", "s", "-1s", "1.5s", "1 s", "99999999999999999999", "30000000000000d"})
    EXPECT_FALSE(parse_duration(text)) << text;
}

}  // namespace
}  // namespace wheatstone
