// One HTTP connection of the server, without a socket: bytes in, bytes out. What comes out does not depend on
// how the input was split.
#pragma once

#include <optional>

#include "mocks/cer_server/service.hpp"
#include "mocks/http/message.hpp"

namespace wheatstone::cer_server {

class Connection {
 public:
  // What the connection waits for. `idle` and `head` have the head's deadline, `body` that of the body;
  // `closing`: send the output, say that no more will come, read on for a while and close.
  enum class Phase : std::uint8_t { idle, head, body, closing };

  explicit Connection(Service& service);
  // A request in the middle is abandoned.
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  void receive(Bytes bytes);

  // The deadline of the phase has passed: 408 in the middle of a request, else just closing.
  void time_out();

  Phase phase() const noexcept { return phase_; }

  // Grows with every request that is answered: the sign to start the deadlines anew.
  std::uint64_t requests() const noexcept { return requests_; }

  // What is to be sent; empties it.
  Buffer take_output() { return std::exchange(output_, {}); }

  // How that is to be sent, until the next call.
  Pace take_pace() { return std::exchange(pace_, {}); }

 private:
  void step();
  void head_done();
  void body_done();
  void failed();
  void refuse(unsigned status, std::string_view code, std::string message);
  void answer(const Reply& reply, bool close);
  void charge();

  Service& service_;
  Buffer input_;
  Buffer output_;
  Pace pace_;
  Buffer sent_;  // of the request in work
  std::optional<http::MessageReader> reader_;
  Request request_;
  Phase phase_ = Phase::idle;
  std::uint64_t requests_ = 0;
  std::size_t charged_ = 0;
};

}  // namespace wheatstone::cer_server
