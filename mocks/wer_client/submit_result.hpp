// How a report ended. Source: WER_SUBMIT_RESULT of werapi.h.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace wheatstone::wer_client {

// The client gives those marked with a star.
enum class SubmitResult : std::uint8_t {
  queued = 1,    // * in the queue, for submit_queued()
  uploaded = 2,  // * level 1 sent and answered
  debug = 3,
  failed = 4,          // * see Outcome::detail; not in the queue
  disabled = 5,        // * no server, or switched off: nothing sent
  cancelled = 6,       // * the user said no, or nobody was there to ask: nothing sent
  disabled_queue = 7,  // * ForceQueue, but the queue is off
  async = 8,
  custom_action = 9,
  throttled = 10,                   // * level 1 sent; a cab was asked for but this event had one already
  uploaded_cab = 11,                // * level 1 and level 2 sent
  storage_location_not_found = 12,  // * the report store cannot be used
};

std::string_view to_string(SubmitResult result) noexcept;
std::optional<SubmitResult> parse_submit_result(std::string_view name) noexcept;

// Level 1 was taken, whatever became of level 2.
constexpr bool is_sent(SubmitResult result) noexcept {
  return result == SubmitResult::uploaded || result == SubmitResult::uploaded_cab ||
         result == SubmitResult::throttled;
}

}  // namespace wheatstone::wer_client
