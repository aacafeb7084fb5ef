// Sockets with deadlines, plain or with TLS: sends exactly the bytes it is given, right or wrong, and reads
// HTTP messages. Not thread-safe: a connection or listener belongs to one thread at a time.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "formats/layout/bytes.hpp"
#include "formats/layout/result.hpp"
#include "mocks/http/authentication.hpp"
#include "mocks/http/message.hpp"
#include "mocks/http/tls.hpp"

namespace wheatstone::conform {

using Milliseconds = std::chrono::milliseconds;

struct Endpoint {
  std::string host;  // a name or an address, without brackets
  std::uint16_t port = 1273;
  bool tls = false;

  // "127.0.0.1:1273", as a Host field and a URL want it.
  std::string authority() const;
  // "http" or "https"
  std::string_view scheme() const noexcept { return tls ? "https" : "http"; }
};

// How a server is spoken to over HTTPS.
struct Security {
  http::TlsClient tls;
  std::optional<http::Credentials> credentials = {};  // told if the server asks, before anything else is sent
};

// "http[s]://HOST[:PORT][/]"; without a port 1273, [MS-CER2] 3.1.3. Fails (invalid_argument) for anything
// else.
Result<Endpoint> parse_url(std::string_view url);

// A message, or what came in its place.
struct Received {
  enum class End : std::uint8_t {
    complete,
    closed,     // the peer ended the connection before the first byte
    cut_short,  // the peer ended it in the middle of the message
    malformed,  // no HTTP/1.1, see `problem`
    silent,     // not complete in time
  };

  End end = End::silent;
  http::Message message{};          // what was read of it
  std::vector<unsigned> interim{};  // statuses of 1xx responses before it
  std::string problem{};            // for people; empty if complete

  bool complete() const noexcept { return end == End::complete; }
};

class Connection {
 public:
  // Fails with `environment` if there is no connection within `time`, which is also how long each later call
  // may take; with `security` also if there is no TLS, or the server does not take who sends.
  static Result<Connection> open(const Endpoint& to, Milliseconds time,
                                 const std::optional<Security>& security = std::nullopt);

  // Takes over a connected socket.
  Connection(int socket, Milliseconds time) noexcept : socket_(socket), time_(time) {}
  ~Connection();
  Connection(Connection&& other) noexcept;
  Connection& operator=(Connection&& other) noexcept;

  int socket() const noexcept { return socket_; }

  // The peer is a client that speaks TLS. Its handshake goes on as bytes are read.
  void accept_tls(const http::TlsServer& server);

  // False if the peer did not take all of it: it closed, or the time is over.
  bool send(std::string_view bytes);
  // The peer sees the end of what we send, and may still answer.
  void finish_sending();
  // Ends the connection at once, with RST, and without an end of TLS.
  void reset();

  // The next final response, with the 1xx before it passed over. A response to HEAD has no body.
  Received response(bool to_head = false);
  // True if the peer answers anything within `time`; what it is stays to be read.
  bool answers_within(Milliseconds time);

  // Everything until the peer closes or the time is over.
  struct Rest {
    std::string bytes;
    bool closed = false;
  };
  Rest rest();

  // Reads what is there, without waiting. False once the peer has closed; what came before is in `into`.
  bool read_available(Buffer& into);

 private:
  enum class Reading : std::uint8_t { bytes, closed, silent };
  Reading read_some(std::chrono::steady_clock::time_point until);
  static Result<Connection> dial(const Endpoint& to, Milliseconds time,
                                 const std::optional<Security>& security);
  Result<void> shake_hands(const Endpoint& to, const http::TlsClient& client);
  Result<void> say_who(const Endpoint& to, const Security& security);
  bool write(std::string_view bytes);
  bool flush();
  // TLS says that nothing more comes, or was cut.
  bool is_over() const noexcept;
  bool was_cut() const noexcept { return channel_ && channel_->state() == http::TlsChannel::State::failed; }

  int socket_ = -1;
  Milliseconds time_;
  Buffer input_{};  // read, but not part of a message yet
  std::optional<http::TlsChannel> channel_{};
};

// Listens on 127.0.0.1.
class Listener {
 public:
  // 0 = any free port. Fails with `environment` if the port cannot be had.
  static Result<Listener> open(std::uint16_t port);
  ~Listener();
  Listener(Listener&& other) noexcept;
  Listener& operator=(Listener&&) = delete;

  int socket() const noexcept { return socket_; }
  std::uint16_t port() const noexcept { return port_; }

  // The next connection, or nullopt if none comes within `wait`. `time` is that of the connection.
  std::optional<Connection> accept(Milliseconds wait, Milliseconds time);

 private:
  Listener(int socket, std::uint16_t port) noexcept : socket_(socket), port_(port) {}

  int socket_ = -1;
  std::uint16_t port_ = 0;
};

}  // namespace wheatstone::conform
