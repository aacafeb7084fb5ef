#include "formats/layout/json_plan.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>

#include "formats/layout/json.hpp"
#include "tests/formats/layout/sample_layout.hpp"
#include "tests/support/random_structure.hpp"
#include "tests/support/reference_json.hpp"

namespace wheatstone::layout {
namespace {

using sample::kInner;
using sample::kSample;

constexpr const Layout* kRoots[] = {&kSample};

std::string planned(const JsonPlans& plans, const Layout& layout, Bytes bytes) {
  TextBuffer out(1);
  plans.to_json(out, layout, bytes);
  return std::string(out.view());
}

class JsonPlan : public testing::TestWithParam<Detail> {};
INSTANTIATE_TEST_SUITE_P(, JsonPlan, testing::Values(Detail::all, Detail::valid));

TEST_P(JsonPlan, SaysWhatTheWalkSays) {
  const JsonPlans plans(kRoots, GetParam());
  std::mt19937 random(1);
  for (int round = 0; round < 5'000; ++round) {
    const Buffer bytes = test::random_structure(kSample, random);
    const std::string expected = test::reference_json(kSample, bytes, GetParam());
    ASSERT_EQ(planned(plans, kSample, bytes), expected) << round;
    TextBuffer generic(1);
    to_json(generic, kSample, bytes, GetParam());
    ASSERT_EQ(generic.view(), expected) << round;
  }
}

TEST_P(JsonPlan, ZerosOfEveryLength) {
  const JsonPlans plans(kRoots, GetParam());
  for (std::size_t size = 0; size < 80; ++size) {
    const Buffer bytes(size, 0);
    EXPECT_EQ(planned(plans, kSample, bytes), test::reference_json(kSample, bytes, GetParam())) << size;
  }
}

TEST_P(JsonPlan, PreparesPartsAndLeavesOtherLayoutsToTheWalk) {
  static constexpr Field kOtherFields[] = {u32(0, "Other").hex()};
  static constexpr Layout kOther{
      .name = "Other", .structure = "OTHER", .clause = "9", .min = 4, .size = 4, .fields = kOtherFields};
  const JsonPlans plans(kRoots, GetParam());
  const Buffer bytes = {1, 2, 3, 4, 5, 0};
  EXPECT_EQ(planned(plans, kInner, bytes),
            R"({"Vendor":"0x0201","Class":"0x050403")" +
                std::string(GetParam() == Detail::all ? R"(,"Reserved":"00"})" : "}"));
  EXPECT_EQ(planned(plans, kOther, Bytes(bytes).first(4)), R"({"Other":"0x04030201"})");
}

TEST(JsonPlans, OfNothingLeaveAllToTheWalk) {
  const JsonPlans plans({}, Detail::all);
  EXPECT_EQ(planned(plans, kInner, Buffer(6, 0)),
            R"({"Vendor":"0x0000","Class":"0x000000","Reserved":"00"})");
}

// Both writers look back at what they wrote; a drain takes it away under them.
TEST(TextBuffer, ADrainGetsTheSameTextInAnyPieces) {
  const JsonPlans plans(kRoots, Detail::all);
  std::mt19937 random(2);
  for (int round = 0; round < 500; ++round) {
    const Buffer bytes = test::random_structure(kSample, random);
    std::string drained;
    TextBuffer out(random() % 64, [&drained](std::string_view piece) { drained += piece; });
    JsonWriter json(out);
    json.begin_array();
    json.layout(kSample, bytes, Detail::all);
    json.number(std::uint64_t{7});
    out.append(',');
    plans.to_json(out, kSample, bytes);
    json.hex_bytes(bytes);
    json.end_array();
    out.flush();
    TextBuffer whole;
    append_hex(whole, bytes);
    const std::string once = test::reference_json(kSample, bytes, Detail::all);
    ASSERT_EQ(drained, "[" + once + ",7," + once + ",\"" + std::string(whole.view()) + "\"]");
    EXPECT_EQ(out.size(), 0u);
  }
}

TEST(TextBuffer, WithADrainItStaysAsSmallAsItsLargestPiece) {
  std::size_t most = 0, total = 0;
  TextBuffer out(8 * 1024, [&](std::string_view piece) {
    most = std::max(most, piece.size());
    total += piece.size();
  });
  append_hex(out, Buffer(1u << 20, 0xab));
  out.flush();
  EXPECT_EQ(total, 2u << 20);
  EXPECT_LE(most, 8u * 1024 + 32);
}

}  // namespace
}  // namespace wheatstone::layout
