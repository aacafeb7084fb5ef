// One HTTP connection of the server, without a socket: bytes in, bytes out. What comes out does not depend on
// how the input was split.
#pragma once

#include <functional>
#include <optional>

#include "mocks/cer_server/service.hpp"
#include "mocks/http/message.hpp"

namespace wheatstone::cer_server {

class Connection {
 public:
  // What the connection waits for. `idle` and `head` have the head's deadline, `body` that of the body;
  // `answer`: nothing may be received until `resume` was called; `closing`: send the output, say that no more
  // will come, read on for a while and close.
  enum class Phase : std::uint8_t { idle, head, body, answer, closing };

  // How work that is done elsewhere comes back: `resume` may be called on any thread, also within a call of
  // the connection; it calls the work where the connection lives, or drops it if that is gone.
  using Resume = std::function<void(std::function<void()> work)>;

  Connection(Service& service, Resume resume);
  // A request in the middle is abandoned.
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  void receive(Bytes bytes);

  // The deadline of the phase has passed: 408 in the middle of a request, else just closing.
  void time_out();

  // The bytes that came could not be taken for any: what the TLS below says.
  void broken(std::string why);

  Phase phase() const noexcept { return phase_; }

  // Grows with every request that is answered: the sign to start the deadlines anew.
  std::uint64_t requests() const noexcept { return requests_; }

  // What is to be sent; empties it.
  Buffer take_output() { return std::exchange(output_, {}); }

  // How that is to be sent, until the next call.
  Pace take_pace() { return std::exchange(pace_, {}); }

 private:
  void step();
  std::size_t take_body(Bytes input);
  void head_done();
  bool is_proven(const http::Message& head);
  void begin_body(std::size_t limit, bool to_file);
  void body_done();
  void leg_done();
  void failed();
  void refuse(unsigned status, std::string_view code, std::string message);
  void answer(Reply reply, bool close);
  void answered(Bytes bytes, bool close);
  Received received();
  void charge();

  Service& service_;
  Resume resume_;
  Buffer input_;
  Buffer output_;
  Pace pace_;
  Buffer sent_;  // of the request in work
  std::optional<http::MessageReader> reader_;
  std::uint64_t body_left_ = 0;  // of an upload that goes to a file, or of a body that means nothing
  std::uint64_t streamed_ = 0;   // of it, so far
  Request request_;
  std::optional<http::Acceptor> acceptor_;      // until the client has proven who it is
  std::optional<http::Acceptor::Verdict> leg_;  // the request in work is one of the handshake
  std::vector<http::Field> proof_;              // goes with the next answer
  Phase phase_ = Phase::idle;
  std::uint64_t requests_ = 0;
  std::size_t charged_ = 0;
  bool stepping_ = false;
};

}  // namespace wheatstone::cer_server
