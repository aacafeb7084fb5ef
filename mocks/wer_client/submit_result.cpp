#include "mocks/wer_client/submit_result.hpp"

#include <iterator>

namespace wheatstone::wer_client {
namespace {

// In the order of the values, from 1.
constexpr std::string_view kNames[] = {
    "queued",         "uploaded", "debug",         "failed",    "disabled",     "cancelled",
    "disabled_queue", "async",    "custom_action", "throttled", "uploaded_cab", "storage_location_not_found"};

}  // namespace

std::string_view to_string(SubmitResult result) noexcept {
  const auto value = static_cast<std::size_t>(result);
  return value >= 1 && value <= std::size(kNames) ? kNames[value - 1] : "unknown";
}

std::optional<SubmitResult> parse_submit_result(std::string_view name) noexcept {
  for (std::size_t i = 0; i < std::size(kNames); ++i)
    if (kNames[i] == name) return static_cast<SubmitResult>(i + 1);
  return std::nullopt;
}

}  // namespace wheatstone::wer_client
