#include "harness/conform/raw_http.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <memory>
#include <utility>

#include "mocks/clock.hpp"
#include "mocks/http/fields.hpp"
#include "mocks/random.hpp"
#include "mocks/text.hpp"

namespace wheatstone::conform {
namespace {

using Clock = std::chrono::steady_clock;
using http::MessageReader;
using http::TlsChannel;

constexpr std::size_t kMostHead = 64u << 10;
constexpr std::size_t kMostBody = 1u << 20;

// True once the socket is ready for `events`, false if it is not until `until`.
bool wait_for(int socket, short events, Clock::time_point until) {
  for (;;) {
    const auto left = std::chrono::ceil<Milliseconds>(until - Clock::now()).count();
    pollfd entry{socket, events, 0};
    const int ready = ::poll(&entry, 1, static_cast<int>(std::clamp<std::int64_t>(left, 0, 1 << 30)));
    if (ready > 0) return true;
    if (ready == 0 || errno != EINTR) return false;
  }
}

Error no_connection(const Endpoint& to, std::string_view why) {
  return {ErrorKind::environment,
          fmt::format("no connection to {}: {}", printable(to.authority()), why),
          "is the server running?",
          {}};
}

// A connected socket, or the errno.
std::pair<int, int> connect_to(const addrinfo& place, Clock::time_point until) {
  const int socket = ::socket(place.ai_family, place.ai_socktype | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (socket < 0) return {-1, errno};
  int error = ::connect(socket, place.ai_addr, place.ai_addrlen) == 0 ? 0 : errno;
  if (error == EINPROGRESS) {
    socklen_t size = sizeof error;
    if (!wait_for(socket, POLLOUT, until))
      error = ETIMEDOUT;
    else
      ::getsockopt(socket, SOL_SOCKET, SO_ERROR, &error, &size);
  }
  if (error != 0) {
    ::close(socket);
    return {-1, error};
  }
  const int on = 1;  // pieces of a request must leave as they are given
  ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return {socket, 0};
}

}  // namespace

std::string Endpoint::authority() const {
  return host.find(':') == std::string::npos ? fmt::format("{}:{}", host, port)
                                             : fmt::format("[{}]:{}", host, port);
}

Result<Endpoint> parse_url(std::string_view url) {
  const auto refuse = [](std::string_view what) {
    return fail(ErrorKind::invalid_argument, fmt::format("the URL {}", what),
                "write it as http://127.0.0.1:1273 or https://127.0.0.1:1273");
  };
  Endpoint endpoint;
  const std::string scheme = lower(url.substr(0, url.find("://")));
  if (scheme != "http" && scheme != "https") return refuse("begins with neither http:// nor https://");
  endpoint.tls = scheme == "https";
  url.remove_prefix(std::min(url.size(), scheme.size() + 3));
  if (url.ends_with('/')) url.remove_suffix(1);
  const std::size_t bracket = url.starts_with('[') ? url.find(']') : 0;
  if (bracket == std::string_view::npos) return refuse("has a '[' without ']'");
  const std::size_t colon = url.find(':', bracket);
  endpoint.host = url.substr(0, colon);
  if (bracket != 0) endpoint.host = endpoint.host.substr(1, bracket - 1);
  if (endpoint.host.empty() || endpoint.host.find_first_of("/?#@ ") != std::string::npos)
    return refuse("names no host, or more than a host and a port");
  if (colon == std::string_view::npos) return endpoint;
  const std::string_view port = url.substr(colon + 1);
  const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), endpoint.port);
  if (error != std::errc{} || end != port.data() + port.size() || endpoint.port == 0)
    return refuse("has no port from 1 to 65535");
  return endpoint;
}

Result<Connection> Connection::open(const Endpoint& to, Milliseconds time,
                                    const std::optional<Security>& security) {
  auto connection = dial(to, time, security);
  if (connection && security && security->credentials)
    if (const auto said = connection->say_who(to, *security); !said) return std::unexpected(said.error());
  return connection;
}

Result<Connection> Connection::dial(const Endpoint& to, Milliseconds time,
                                    const std::optional<Security>& security) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (const int error = ::getaddrinfo(to.host.c_str(), std::to_string(to.port).c_str(), &hints, &found))
    return std::unexpected(no_connection(to, ::gai_strerror(error)));
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> places(found, &::freeaddrinfo);
  const auto until = Clock::now() + time;
  int last = ECONNREFUSED;
  for (const addrinfo* place = places.get(); place != nullptr; place = place->ai_next) {
    const auto [socket, error] = connect_to(*place, until);
    last = error;
    if (socket < 0) continue;
    Connection connection(socket, time);
    if (security)
      if (const auto done = connection.shake_hands(to, security->tls); !done)
        return std::unexpected(done.error());
    return connection;
  }
  return std::unexpected(no_connection(to, std::strerror(last)));
}

Result<void> Connection::shake_hands(const Endpoint& to, const http::TlsClient& client) {
  const auto until = Clock::now() + time_;
  channel_.emplace(TlsChannel::connect(client, to.host, SystemClock().now()));
  (void)flush();
  while (channel_->state() == TlsChannel::State::handshake && wait_for(socket_, POLLIN, until))
    (void)read_available(input_);
  if (channel_->state() != TlsChannel::State::handshake && !was_cut()) return {};
  return fail(ErrorKind::environment,
              fmt::format("no TLS with {}: {}", printable(to.authority()),
                          was_cut() ? printable(channel_->reason()) : "no answer in time"),
              "does the server speak HTTPS?");
}

// [MS-NTHT] 3.1.5: the connection is proven with requests that ask for nothing, so that what follows is the
// case's alone.
Result<void> Connection::say_who(const Endpoint& to, const Security& security) {
  const auto refuse = [&](std::string_view why) {
    return fail(ErrorKind::environment,
                fmt::format("{} does not take who sends: {}", printable(to.authority()), why));
  };
  const SystemClock clock;
  SystemRandom random;
  http::Initiator initiator(*security.credentials, random, clock);
  std::string authorization;
  for (bool first = true;; first = false) {
    (void)send(fmt::format("GET /stage2.htm HTTP/1.1\r\nHost: {}\r\n{}\r\n", to.authority(), authorization));
    const Received received = response();
    if (!received.complete()) return refuse(received.problem);
    const bool ended = http::closes(received.message);
    if (received.message.status != 401) {
      if (ended) return refuse("it closes the connection once it knows");
      return {};
    }
    const auto next = initiator.next(http::values(received.message, "WWW-Authenticate"));
    if (!next) return std::unexpected(next.error());
    authorization = fmt::format("Authorization: {}\r\n", *next);
    if (!ended) continue;
    if (!first) return refuse("it closes the connection in the middle of the proof");
    auto again = dial(to, time_, security);
    if (!again) return std::unexpected(again.error());
    *this = std::move(*again);
  }
}

void Connection::accept_tls(const http::TlsServer& server) {
  channel_.emplace(TlsChannel::accept(server));
}

Connection::~Connection() {
  if (socket_ < 0) return;
  if (channel_) {
    channel_->close();
    const Buffer goodbye = channel_->take_output();
    (void)::send(socket_, goodbye.data(), goodbye.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
  }
  ::close(socket_);
}

Connection::Connection(Connection&& other) noexcept
    : socket_(std::exchange(other.socket_, -1)),
      time_(other.time_),
      input_(std::move(other.input_)),
      channel_(std::move(other.channel_)) {}

Connection& Connection::operator=(Connection&& other) noexcept {
  std::swap(socket_, other.socket_);
  std::swap(time_, other.time_);
  std::swap(input_, other.input_);
  std::swap(channel_, other.channel_);
  return *this;
}

bool Connection::send(std::string_view bytes) {
  if (!channel_) return write(bytes);
  channel_->send(as_bytes(bytes));
  return flush() && !was_cut();
}

bool Connection::flush() {
  return write(as_text(channel_->take_output()));
}

bool Connection::is_over() const noexcept {
  return was_cut() || (channel_ && channel_->state() == TlsChannel::State::ended);
}

bool Connection::write(std::string_view bytes) {
  const auto until = Clock::now() + time_;
  while (!bytes.empty()) {
    const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent > 0)
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    else if (errno != EAGAIN || !wait_for(socket_, POLLOUT, until))
      return false;
  }
  return true;
}

void Connection::finish_sending() {
  if (channel_) {
    channel_->close();
    (void)flush();
  }
  ::shutdown(socket_, SHUT_WR);
}

void Connection::reset() {
  const linger now{1, 0};
  ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
  ::close(std::exchange(socket_, -1));
}

Connection::Reading Connection::read_some(Clock::time_point until) {
  const std::size_t before = input_.size();
  bool open = true;
  while (open && input_.size() == before) {
    if (!is_over() && !wait_for(socket_, POLLIN, until)) return Reading::silent;
    open = read_available(input_);
  }
  return input_.size() > before ? Reading::bytes : Reading::closed;
}

bool Connection::read_available(Buffer& into) {
  if (is_over()) return false;
  std::array<std::uint8_t, 16u << 10> part;
  const ssize_t size = ::recv(socket_, part.data(), part.size(), MSG_DONTWAIT);
  if (size < 0 && (errno == EAGAIN || errno == EINTR)) return true;
  const Bytes came = Bytes(part).first(static_cast<std::size_t>(std::max<ssize_t>(size, 0)));
  if (!channel_) {
    into.insert(into.end(), came.begin(), came.end());
    return size > 0;
  }
  channel_->receive(came);
  if (size <= 0) channel_->end_of_input();
  const Buffer input = channel_->take_input();
  into.insert(into.end(), input.begin(), input.end());
  (void)flush();
  return !is_over();
}

Received Connection::response(bool to_head) {
  using State = MessageReader::State;
  using End = Received::End;
  const auto until = Clock::now() + time_;
  Received received;
  const auto finish = [&received](End end, MessageReader& reader, std::string problem) {
    received.end = end;
    received.problem = std::move(problem);
    received.message = reader.take_message();
    return std::move(received);
  };
  for (MessageReader reader(http::MessageKind::response, kMostHead);;) {
    const std::size_t taken = reader.put(input_);
    input_.erase(input_.begin(), input_.begin() + static_cast<std::ptrdiff_t>(taken));
    if (reader.state() == State::head_done) {
      if (to_head && reader.message().status >= 200) return finish(End::complete, reader, {});
      reader.read_body(kMostBody);
      if (reader.state() == State::body) continue;
    }
    if (reader.state() == State::failed)
      return finish(reader.failure() == http::ReadFailure::cut_short ? End::cut_short : End::malformed,
                    reader, "the answer is no HTTP/1.1: " + reader.reason());
    if (reader.state() == State::done) {
      if (reader.message().status >= 200) return finish(End::complete, reader, {});
      received.interim.push_back(reader.message().status);
      reader = MessageReader(http::MessageKind::response, kMostHead);
      continue;
    }
    switch (read_some(until)) {
      case Reading::bytes:
        break;
      case Reading::silent:
        return finish(End::silent, reader, "no complete answer in time");
      case Reading::closed:
        if (reader.message().raw.empty() && input_.empty())
          return finish(End::closed, reader, "the connection was closed without an answer");
        if (was_cut()) return finish(End::cut_short, reader, "the answer is cut: " + channel_->reason());
        reader.end_of_input();
    }
  }
}

bool Connection::answers_within(Milliseconds time) {
  return !input_.empty() || read_some(Clock::now() + time) == Reading::bytes;
}

Connection::Rest Connection::rest() {
  const auto until = Clock::now() + time_;
  Rest rest;
  Reading reading = Reading::bytes;
  while (reading == Reading::bytes && input_.size() <= kMostBody) reading = read_some(until);
  rest.closed = reading == Reading::closed;
  rest.bytes = as_text(std::exchange(input_, {}));
  return rest;
}

Result<Listener> Listener::open(std::uint16_t port) {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const int on = 1;
  socklen_t size = sizeof address;
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  if (socket < 0 || ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0 ||
      ::bind(socket, generic, size) != 0 || ::listen(socket, 64) != 0 ||
      ::getsockname(socket, generic, &size) != 0) {
    const std::string why = std::strerror(errno);
    if (socket >= 0) ::close(socket);
    return fail(ErrorKind::environment, fmt::format("cannot listen on 127.0.0.1 port {}: {}", port, why),
                "choose another port (0 takes any free one)");
  }
  return Listener(socket, ntohs(address.sin_port));
}

Listener::~Listener() {
  if (socket_ >= 0) ::close(socket_);
}

Listener::Listener(Listener&& other) noexcept
    : socket_(std::exchange(other.socket_, -1)), port_(other.port_) {}

std::optional<Connection> Listener::accept(Milliseconds wait, Milliseconds time) {
  if (!wait_for(socket_, POLLIN, Clock::now() + wait)) return std::nullopt;
  const int socket = ::accept4(socket_, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
  if (socket < 0) return std::nullopt;
  return Connection(socket, time);
}

}  // namespace wheatstone::conform
