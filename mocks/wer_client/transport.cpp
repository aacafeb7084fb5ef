#include "mocks/wer_client/transport.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>

#include "mocks/http/fields.hpp"
#include "mocks/text.hpp"

namespace wheatstone::wer_client {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using http::MessageReader;
using http::TlsChannel;

constexpr std::size_t kReadSize = 16u << 10;
constexpr std::string_view kEndOfHead = "\r\n\r\n";

// The request with an Authorization field, and without its body unless that is wanted. nullopt if it has no
// head to put it in.
std::optional<Buffer> with_authorization(Bytes request, std::string_view value, bool with_body) {
  const std::string_view text = as_text(request);
  const std::size_t end = text.find(kEndOfHead);
  if (end == std::string_view::npos) return std::nullopt;
  std::string out;
  for (std::size_t at = 0; at < end;) {
    const std::size_t next = std::min(text.find("\r\n", at), end);
    const std::string_view line = text.substr(at, next - at);
    const std::string_view name = line.substr(0, line.find(':'));
    const bool of_body = same_ignoring_case(name, "Content-Length") ||
                         same_ignoring_case(name, "Transfer-Encoding") || same_ignoring_case(name, "Expect");
    if (with_body || !of_body) out.append(line).append("\r\n");
    at = next + 2;
  }
  if (!with_body) out += "Content-Length: 0\r\n";
  out.append("Authorization: ").append(value).append(kEndOfHead);
  if (with_body) out.append(text.substr(end + kEndOfHead.size()));
  const Bytes bytes = as_bytes(out);
  return Buffer(bytes.begin(), bytes.end());
}

class Exchanger {
 public:
  Exchanger(std::size_t max_response, std::chrono::milliseconds time, const Security& security)
      : max_response_(max_response),
        deadline_(std::chrono::steady_clock::now() + time),
        security_(security) {}

  Transfer run(const Endpoint& to, Bytes request, const Delivery& delivery);

 private:
  // Starts an operation and runs it to its end or to the deadline, whichever comes first.
  template <class Start>
  error_code wait(Start start) {
    std::optional<error_code> result;
    start([&result](error_code error, auto&&...) { result = error; });
    io_.restart();
    io_.run_until(deadline_);
    if (result) return *result;
    error_code ignored;
    socket_.close(ignored);
    io_.restart();
    io_.run();
    return asio::error::timed_out;
  }

  bool connect(const Endpoint& to);
  bool shake_hands();
  void exchange(const Delivery& delivery);
  bool answer_challenge(const Endpoint& to, Bytes request);
  error_code write(Bytes bytes);
  error_code send(Bytes bytes);
  error_code send_slowly(Bytes bytes, std::chrono::milliseconds pause);
  error_code receive();
  error_code read_some();
  void read_response();

  bool tls_failed() const { return channel_ && channel_->state() == TlsChannel::State::failed; }
  void fail(ErrorKind kind, std::string message) {
    transfer_.error = Error{kind, std::move(message), {}, {}};
  }
  void fail_io(std::string_view what, error_code error) {
    fail(ErrorKind::io, fmt::format("{}: {}", what,
                                    error == asio::error::timed_out ? "no answer in time"
                                    : tls_failed()                  ? channel_->reason()
                                                                    : error.message()));
  }

  std::size_t max_response_;
  std::chrono::steady_clock::time_point deadline_;
  const Security& security_;
  asio::io_context io_{1};
  tcp::socket socket_{io_};
  std::optional<TlsChannel> channel_;
  bool ended_ = false;  // this connection takes no more requests
  Transfer transfer_;
  std::array<std::uint8_t, kReadSize> chunk_;
};

error_code Exchanger::write(Bytes bytes) {
  return wait([&](auto done) { asio::async_write(socket_, asio::buffer(bytes.data(), bytes.size()), done); });
}

error_code Exchanger::send(Bytes bytes) {
  if (!channel_) return write(bytes);
  channel_->send(bytes);
  return write(channel_->take_output());
}

// Stops when there is something to read: the server has had enough.
error_code Exchanger::send_slowly(Bytes bytes, std::chrono::milliseconds pause) {
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    asio::steady_timer timer(io_, pause);
    error_code error = wait([&](auto done) { timer.async_wait(done); });
    if (!error) error = send(bytes.subspan(i, 1));
    if (error) return error;
    if (socket_.available(error) > 0 || error) return error;
  }
  return {};
}

// One read of the socket. What the application gets of it, perhaps nothing, is in the response.
error_code Exchanger::receive() {
  if (channel_ && channel_->state() == TlsChannel::State::ended) return asio::error::eof;
  std::size_t size = 0;
  error_code error = wait([&](auto done) {
    socket_.async_read_some(asio::buffer(chunk_), [&size, done](error_code result, std::size_t n) {
      size = n;
      done(result);
    });
  });
  const Bytes came = Bytes(chunk_).first(error ? 0 : size);
  if (!channel_) {
    transfer_.response.insert(transfer_.response.end(), came.begin(), came.end());
    return error;
  }
  channel_->receive(came);
  if (error == asio::error::eof) channel_->end_of_input();
  const Buffer input = channel_->take_input();
  transfer_.response.insert(transfer_.response.end(), input.begin(), input.end());
  if (const Buffer output = channel_->take_output(); !output.empty()) write(output);
  if (!input.empty()) return {};  // the next read tells of the end
  return tls_failed() ? make_error_code(boost::system::errc::protocol_error) : error;
}

error_code Exchanger::read_some() {
  const std::size_t before = transfer_.response.size();
  error_code error;
  while (!error && transfer_.response.size() == before) error = receive();
  return error;
}

void Exchanger::read_response() {
  std::optional<MessageReader> reader(std::in_place, http::MessageKind::response);
  std::size_t used = 0;
  for (;;) {
    if (reader->state() == MessageReader::State::head_done) reader->read_body(max_response_);
    if (reader->state() == MessageReader::State::failed)
      return fail(ErrorKind::malformed, "the response cannot be read: " + reader->reason());
    if (reader->state() == MessageReader::State::done) {
      http::Message message = reader->take_message();
      if (message.status >= 200) {
        ended_ |= http::closes(message);
        transfer_.message = std::move(message);
        return;
      }
      reader.emplace(http::MessageKind::response);
      continue;
    }
    const std::size_t taken = reader->put(Bytes(transfer_.response).subspan(used));
    used += taken;
    if (taken > 0 || reader->state() == MessageReader::State::failed) continue;
    if (transfer_.response.size() > max_response_)
      return fail(ErrorKind::malformed, fmt::format("the response is longer than {} bytes", max_response_));
    if (const error_code error = read_some(); error == asio::error::eof) {
      ended_ = true;
      if (transfer_.response.empty())
        return fail(ErrorKind::io, "the server closed the connection without an answer");
      reader->end_of_input();
    } else if (error) {
      return fail_io("the response did not arrive", error);
    }
  }
}

bool Exchanger::connect(const Endpoint& to) {
  error_code error;
  tcp::resolver resolver(io_);
  const auto places = resolver.resolve(to.address, std::to_string(to.port), error);
  if (error) {
    fail_io(fmt::format("the name {} cannot be looked up", to.address), error);
    return false;
  }
  socket_ = tcp::socket(io_);
  channel_.reset();
  ended_ = false;
  error = wait([&](auto done) { asio::async_connect(socket_, places, done); });
  if (error) {
    fail_io(fmt::format("no connection to {} port {}", to.address, to.port), error);
    return false;
  }
  return !security_.tls || shake_hands();
}

bool Exchanger::shake_hands() {
  channel_.emplace(TlsChannel::connect(*security_.tls, security_.host, security_.now));
  error_code error = write(channel_->take_output());
  while (!error && channel_->state() == TlsChannel::State::handshake) error = receive();
  if (!tls_failed() && channel_->state() != TlsChannel::State::handshake) return true;
  transfer_.request.clear();  // nothing of it was sent
  fail_io("no TLS with the server", error);
  return false;
}

void Exchanger::exchange(const Delivery& delivery) {
  const Bytes request = transfer_.request;
  const Bytes sent = request.first(std::min(request.size(), delivery.most));
  const std::size_t at_once = std::min(sent.size(), delivery.at_once);
  // A server that refuses a body may stop reading it: its answer counts more than our failure to send.
  error_code send_error = send(sent.first(at_once));
  if (!send_error) send_error = send_slowly(sent.subspan(at_once), delivery.pause);
  ended_ |= static_cast<bool>(send_error);
  if (send_error == asio::error::timed_out)
    fail_io("the request was not sent", send_error);
  else if (sent.size() < request.size())
    fail(ErrorKind::io, "the connection was closed in the middle of the request, on purpose");
  else
    read_response();
}

// Makes ready for the next leg, if the response asks for one that we can give.
bool Exchanger::answer_challenge(const Endpoint& to, Bytes request) {
  if (transfer_.error || transfer_.message->status != 401 || security_.initiator == nullptr) return false;
  if (!channel_) {
    fail(ErrorKind::environment, "the server asks who sends, and that is not said over plain HTTP");
    return false;
  }
  const auto authorization = security_.initiator->next(http::values(*transfer_.message, "WWW-Authenticate"));
  const bool with_body = !transfer_.legs.empty();
  auto next = authorization ? with_authorization(request, *authorization, with_body) : std::nullopt;
  if (!next) {
    transfer_.error = authorization ? Error{ErrorKind::invalid_argument,
                                            "the request has no head that could say who sends it",
                                            {},
                                            {}}
                                    : authorization.error();
    return false;
  }
  if (ended_ && with_body) {
    fail(ErrorKind::io, "the server closed the connection in the middle of the authentication");
    return false;
  }
  const bool again = ended_;
  transfer_.legs.push_back(
      {std::exchange(transfer_.request, std::move(*next)), std::exchange(transfer_.response, {})});
  transfer_.message.reset();
  return !again || connect(to);
}

Transfer Exchanger::run(const Endpoint& to, Bytes request, const Delivery& delivery) {
  transfer_.request.assign(request.begin(), request.end());
  if (!connect(to)) return std::move(transfer_);
  Delivery how = delivery;
  for (;;) {
    exchange(how);
    if (!answer_challenge(to, request)) return std::move(transfer_);
    // What begins the proof is short; the request itself has become longer by one field.
    how = {};
    if (transfer_.legs.size() > 1) {
      const std::size_t more = transfer_.request.size() - request.size();
      how = {delivery.at_once < request.size() ? delivery.at_once + more : delivery.at_once, delivery.pause,
             delivery.most < request.size() ? delivery.most + more : delivery.most};
    }
  }
}

}  // namespace

Transfer transfer(const Endpoint& to, Bytes request, std::size_t max_response, std::chrono::milliseconds time,
                  const Delivery& delivery, const Security& security) {
  try {
    return Exchanger(max_response, time, security).run(to, request, delivery);
  } catch (const std::exception& error) {
    Transfer failed;
    failed.error = Error{ErrorKind::environment, fmt::format("no socket: {}", error.what()), {}, {}};
    return failed;
  }
}

}  // namespace wheatstone::wer_client
