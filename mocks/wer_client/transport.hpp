// One HTTP exchange over a connection of its own, with a deadline.
#pragma once

#include <chrono>
#include <optional>

#include "formats/layout/bytes.hpp"
#include "formats/layout/result.hpp"
#include "mocks/http/message.hpp"
#include "mocks/wer_client/config.hpp"

namespace wheatstone::wer_client {

struct Transfer {
  Buffer response;                       // all bytes that came
  std::optional<http::Message> message;  // the final response, if it was complete
  std::optional<Error> error;            // why it was not
};

// How a request leaves, if not at once and whole.
struct Delivery {
  std::size_t at_once = ~std::size_t{0};  // bytes; the rest goes byte by byte
  std::chrono::milliseconds pause{0};     // before each of those
  std::size_t most = ~std::size_t{0};     // bytes after which the connection is closed
};

// Connects, sends `request` and reads one final response (1xx are passed over) of at most `max_response`
// bytes. A server that answers before it has read everything is listened to. The name look-up is not bounded
// by `time`.
Transfer transfer(const Endpoint& to, Bytes request, std::size_t max_response, std::chrono::milliseconds time,
                  const Delivery& delivery = {});

}  // namespace wheatstone::wer_client
