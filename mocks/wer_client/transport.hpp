// One HTTP exchange over a connection of its own, with a deadline; over TLS and authenticated if told so.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "formats/layout/bytes.hpp"
#include "formats/layout/result.hpp"
#include "formats/layout/time.hpp"
#include "mocks/http/authentication.hpp"
#include "mocks/http/message.hpp"
#include "mocks/http/tls.hpp"
#include "mocks/wer_client/config.hpp"

namespace wheatstone::wer_client {

// A request that was answered with 401, on the way to the one that counts.
struct Leg {
  Buffer request;
  Buffer response;
};

struct Transfer {
  Buffer request;                        // the last one, as it was sent; empty: no TLS, so nothing was
  Buffer response;                       // all bytes that came for it
  std::optional<http::Message> message;  // the final response, if it was complete
  std::optional<Error> error;            // why it was not, or why a 401 was not answered
  std::vector<Leg> legs;                 // before the last request
};

// How a request leaves, if not at once and whole.
struct Delivery {
  std::size_t at_once = ~std::size_t{0};  // bytes; the rest goes byte by byte
  std::chrono::milliseconds pause{0};     // before each of those
  std::size_t most = ~std::size_t{0};     // bytes after which the connection is closed
};

struct Security {
  std::optional<http::TlsClient> tls = {};  // absent: plain HTTP
  std::string host = {};                    // whom the certificate must name
  FileTime now = {};                        // what its validity is held against
  http::Initiator* initiator = nullptr;     // fresh; answers a 401, but never over plain HTTP
};

// Connects, sends `request` and reads one final response (1xx are passed over) of at most `max_response`
// bytes. A server that answers before it has read everything is listened to. With an initiator, a 401 is
// answered on the same connection: a request without a body that begins the proof, then the request again
// with the rest of it. A server that closes after the first 401 gets a second connection. The name look-up is
// not bounded by `time`.
Transfer transfer(const Endpoint& to, Bytes request, std::size_t max_response, std::chrono::milliseconds time,
                  const Delivery& delivery = {}, const Security& security = {});

}  // namespace wheatstone::wer_client
