#include "mocks/wer_client/submit_result.hpp"

#include <gtest/gtest.h>

namespace wheatstone::wer_client {
namespace {

TEST(SubmitResult, HasTheNumbersOfWerapi) {
  EXPECT_EQ(static_cast<int>(SubmitResult::queued), 1);
  EXPECT_EQ(static_cast<int>(SubmitResult::uploaded_cab), 11);
  EXPECT_EQ(to_string(SubmitResult::storage_location_not_found), "storage_location_not_found");
  EXPECT_EQ(to_string(SubmitResult{}), "unknown");
  EXPECT_EQ(to_string(static_cast<SubmitResult>(13)), "unknown");
}

TEST(SubmitResult, IsReadByItsName) {
  for (int value = 1; value <= 12; ++value) {
    const auto result = static_cast<SubmitResult>(value);
    EXPECT_EQ(parse_submit_result(to_string(result)), result);
  }
  EXPECT_FALSE(parse_submit_result("Uploaded"));
  EXPECT_FALSE(parse_submit_result("unknown"));
}

}  // namespace
}  // namespace wheatstone::wer_client
