#include "formats/layout/record_time.hpp"

#include <gtest/gtest.h>

namespace wheatstone {
namespace {

// Header bytes 24 to 31 of real records, as u64.
constexpr std::uint64_t kMultiple1 = 0x14180a18000e1414;
constexpr std::uint64_t kPcibusBcd = 0x3806052700110048;

TEST(RecordTime, WindowsIsBinary) {
  const auto time = decode_record_time(kMultiple1);
  ASSERT_TRUE(time);
  EXPECT_EQ(*time, (CivilTime{2024, 10, 24, 14, 20, 20, 0}));
  EXPECT_EQ(encode_record_time(*time, TimestampForm::binary), kMultiple1);
}

TEST(RecordTime, FirmwareIsBcd) {
  const auto time = decode_record_time(kPcibusBcd, TimestampForm::bcd);
  ASSERT_TRUE(time);
  EXPECT_EQ(*time, (CivilTime{3806, 5, 27, 11, 0, 48, 0}));
  EXPECT_EQ(decode_record_time(kPcibusBcd), time);
  EXPECT_EQ(encode_record_time(*time, TimestampForm::bcd), kPcibusBcd);
}

TEST(RecordTime, PreciseIsOneBitOfByteThree) {
  const CivilTime civil{2024, 10, 24, 14, 20, 20, 0};
  EXPECT_EQ(encode_record_time(civil, TimestampForm::binary, true), kMultiple1 | 0x01000000);
  EXPECT_EQ(decode_record_time(kMultiple1 | 0x01000000), civil);
}

TEST(RecordTime, WhatIsNoDateIsNone) {
  EXPECT_FALSE(decode_record_time(0));
  EXPECT_FALSE(decode_record_time(~std::uint64_t{0}));
  EXPECT_FALSE(decode_record_time(0x14180d18000e1414));  // month 13 in binary, and 0x0d is no BCD
}

TEST(TimeText, ShowsBothForms) {
  layout::TimeText text;
  EXPECT_EQ(text.record(kMultiple1), "2024-10-24T14:20:20Z");
  EXPECT_EQ(text.filetime(128496996179046077), "2008-03-11T09:00:17.9046077Z");
  EXPECT_EQ(text.filetime(0), "");
  EXPECT_EQ(text.record(0), "");
  EXPECT_EQ(text.filetime(~std::uint64_t{0}), "60056-05-28T05:36:10.9551615Z");
}

}  // namespace
}  // namespace wheatstone
