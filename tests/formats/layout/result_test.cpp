#include "formats/layout/result.hpp"

#include <gtest/gtest.h>

namespace wheatstone {
namespace {

TEST(Error, TextSaysFileLineAndHint) {
  const Error error{ErrorKind::malformed,
                    "unknown key 'sevrity'",
                    "did you mean 'severity'?",
                    {"a.yaml", 3, 7, Location::kNoOffset, ""}};
  EXPECT_EQ(error.text(), "a.yaml:3:7: unknown key 'sevrity' (did you mean 'severity'?)");
}

TEST(Error, TextSaysOffsetAndPath) {
  Error error{ErrorKind::malformed, "too short", "", {}};
  error.where.offset = 0x130;
  EXPECT_EQ(error.text(), "at offset 0x130: too short");
  error.where.path = "Sections[0]";
  EXPECT_EQ(error.text(), "Sections[0] at offset 0x130: too short");
  error.where.offset = Location::kNoOffset;
  EXPECT_EQ(error.text(), "Sections[0]: too short");
}

TEST(Error, EveryKindHasAName) {
  for (int kind = 0; kind <= static_cast<int>(ErrorKind::internal); ++kind)
    EXPECT_FALSE(to_string(static_cast<ErrorKind>(kind)).empty());
}

TEST(Result, CarriesTheError) {
  const auto broken = []() -> Result<int> { return fail(ErrorKind::io, "disk full"); };
  const Result<int> result = broken();
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::io);
  EXPECT_EQ(result.error().message, "disk full");
}

}  // namespace
}  // namespace wheatstone
