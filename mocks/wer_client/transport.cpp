#include "mocks/wer_client/transport.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>

namespace wheatstone::wer_client {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using http::MessageReader;

constexpr std::size_t kReadSize = 16u << 10;

class Exchanger {
 public:
  Exchanger(std::size_t max_response, std::chrono::milliseconds time)
      : max_response_(max_response), deadline_(std::chrono::steady_clock::now() + time) {}

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

  error_code send(Bytes bytes);
  error_code send_slowly(Bytes bytes, std::chrono::milliseconds pause);
  error_code read_some();
  void read_response();

  void fail(ErrorKind kind, std::string message) {
    transfer_.error = Error{kind, std::move(message), {}, {}};
  }
  void fail_io(std::string_view what, error_code error) {
    fail(ErrorKind::io, fmt::format("{}: {}", what,
                                    error == asio::error::timed_out ? "no answer in time" : error.message()));
  }

  std::size_t max_response_;
  std::chrono::steady_clock::time_point deadline_;
  asio::io_context io_{1};
  tcp::socket socket_{io_};
  Transfer transfer_;
  std::array<std::uint8_t, kReadSize> chunk_;
};

error_code Exchanger::send(Bytes bytes) {
  return wait([&](auto done) { asio::async_write(socket_, asio::buffer(bytes.data(), bytes.size()), done); });
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

error_code Exchanger::read_some() {
  std::size_t size = 0;
  const error_code error = wait([&](auto done) {
    socket_.async_read_some(asio::buffer(chunk_), [&size, done](error_code result, std::size_t n) {
      size = n;
      done(result);
    });
  });
  if (!error) transfer_.response.insert(transfer_.response.end(), chunk_.begin(), chunk_.begin() + size);
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
      if (transfer_.response.empty())
        return fail(ErrorKind::io, "the server closed the connection without an answer");
      reader->end_of_input();
    } else if (error) {
      return fail_io("the response did not arrive", error);
    }
  }
}

Transfer Exchanger::run(const Endpoint& to, Bytes request, const Delivery& delivery) {
  error_code error;
  tcp::resolver resolver(io_);
  const auto places = resolver.resolve(to.address, std::to_string(to.port), error);
  if (error) {
    fail_io(fmt::format("the name {} cannot be looked up", to.address), error);
    return std::move(transfer_);
  }
  error = wait([&](auto done) { asio::async_connect(socket_, places, done); });
  if (error) {
    fail_io(fmt::format("no connection to {} port {}", to.address, to.port), error);
    return std::move(transfer_);
  }
  const Bytes sent = request.first(std::min(request.size(), delivery.most));
  const std::size_t at_once = std::min(sent.size(), delivery.at_once);
  // A server that refuses a body may stop reading it: its answer counts more than our failure to send.
  error_code send_error = send(sent.first(at_once));
  if (!send_error) send_error = send_slowly(sent.subspan(at_once), delivery.pause);
  if (send_error == asio::error::timed_out)
    fail_io("the request was not sent", send_error);
  else if (sent.size() < request.size())
    fail(ErrorKind::io, "the connection was closed in the middle of the request, on purpose");
  else
    read_response();
  return std::move(transfer_);
}

}  // namespace

Transfer transfer(const Endpoint& to, Bytes request, std::size_t max_response, std::chrono::milliseconds time,
                  const Delivery& delivery) {
  try {
    return Exchanger(max_response, time).run(to, request, delivery);
  } catch (const std::exception& error) {
    Transfer failed;
    failed.error = Error{ErrorKind::environment, fmt::format("no socket: {}", error.what()), {}, {}};
    return failed;
  }
}

}  // namespace wheatstone::wer_client
