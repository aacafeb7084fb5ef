#include "tests/mocks/http_server.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

namespace wheatstone::testing_support {
namespace {

using http::MessageReader;
using http::TlsChannel;
using Kind = http::Acceptor::Verdict::Kind;

// A blocking socket, with TLS or without.
class Wire {
 public:
  Wire(int socket, const std::optional<http::TlsServer>& tls) : socket_(socket) {
    if (tls) channel_.emplace(TlsChannel::accept(*tls));
  }

  // Appends what came; false at the end.
  bool receive(Buffer& input) {
    std::uint8_t chunk[4096];
    const ssize_t size = ::recv(socket_, chunk, sizeof chunk, 0);
    if (size <= 0) return false;
    const Bytes came(chunk, static_cast<std::size_t>(size));
    if (!channel_) {
      input.insert(input.end(), came.begin(), came.end());
      return true;
    }
    channel_->receive(came);
    const Buffer data = channel_->take_input();
    input.insert(input.end(), data.begin(), data.end());
    write(channel_->take_output());
    return channel_->state() == TlsChannel::State::handshake || channel_->state() == TlsChannel::State::open;
  }

  void send(std::string_view text) {
    if (!channel_) return write(as_bytes(text));
    channel_->send(as_bytes(text));
    write(channel_->take_output());
  }

  void close() {
    if (!channel_) return;
    channel_->close();
    write(channel_->take_output());
  }

 private:
  void write(Bytes bytes) {
    while (!bytes.empty()) {
      const ssize_t size = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (size <= 0) return;
      bytes = bytes.subspan(static_cast<std::size_t>(size));
    }
  }

  int socket_;
  std::optional<TlsChannel> channel_;
};

}  // namespace

HttpServer::HttpServer(Options options)
    : options_(std::move(options)), listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  EXPECT_EQ(::bind(listener_, reinterpret_cast<sockaddr*>(&address), size), 0);
  ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
  port_ = ntohs(address.sin_port);
  EXPECT_EQ(::listen(listener_, 16), 0);
  thread_ = std::thread([this] { serve(); });
}

HttpServer::~HttpServer() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    ::shutdown(listener_, SHUT_RDWR);
    if (client_ >= 0) ::shutdown(client_, SHUT_RDWR);
  }
  thread_.join();
  ::close(listener_);
}

std::vector<HttpServer::Seen> HttpServer::seen() const {
  const std::lock_guard lock(mutex_);
  return seen_;
}

void HttpServer::serve() {
  for (unsigned connection = 1;; ++connection) {
    const int client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (client < 0) return;
    {
      const std::lock_guard lock(mutex_);
      if (stopping_) ::shutdown(client, SHUT_RDWR);
      client_ = client;
    }
    const timeval limit{20, 0};
    ::setsockopt(client, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    talk(client, connection);
    const std::lock_guard lock(mutex_);
    client_ = -1;
    ::close(client);
  }
}

void HttpServer::talk(int socket, unsigned connection) {
  Wire wire(socket, options_.tls);
  std::optional<http::Acceptor> acceptor;
  if (options_.accounts) acceptor.emplace(*options_.accounts, random_);
  Buffer input;
  for (bool open = true; open;) {
    MessageReader reader(http::MessageKind::request);
    while (reader.state() != MessageReader::State::done) {
      if (reader.state() == MessageReader::State::head_done) reader.read_body();
      const std::size_t used = reader.put(input);
      input.erase(input.begin(), input.begin() + static_cast<std::ptrdiff_t>(used));
      if (reader.state() == MessageReader::State::failed) return;
      const bool settled = used > 0 || reader.state() == MessageReader::State::head_done ||
                           reader.state() == MessageReader::State::done;
      if (!settled && !wire.receive(input)) return;
    }
    Seen seen{.connection = connection, .status = 200, .request = reader.take_message(), .user = {}};
    std::string fields;
    if (acceptor) {
      const auto verdict = acceptor->judge(seen.request.field("Authorization"));
      seen.user = verdict.user;
      if (verdict.kind != Kind::authenticated) seen.status = 401;
      for (const std::string& value : verdict.www_authenticate)
        fields += "WWW-Authenticate: " + value + "\r\n";
      open = !(options_.closes_after_refusal && verdict.www_authenticate.size() == 2);
    }
    std::string response = fmt::format("HTTP/1.1 {} X\r\n{}{}Content-Length: 0\r\n\r\n", seen.status, fields,
                                       open ? "" : "Connection: close\r\n");
    if (seen.status == 200 && options_.answer) response = options_.answer(seen.request);
    {
      const std::lock_guard lock(mutex_);
      seen_.push_back(std::move(seen));
    }
    wire.send(response);
    if (options_.cuts) return;
    open = open && !options_.closes;
  }
  wire.close();
}

}  // namespace wheatstone::testing_support
