#include "tests/mocks/support.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <sstream>

namespace wheatstone::testing_support {
namespace {

namespace fs = std::filesystem;

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

const sockaddr* generic(const sockaddr_in& address) {
  return reinterpret_cast<const sockaddr*>(&address);
}

std::uint16_t bind_any(int socket) {
  sockaddr_in address = loopback(0);
  EXPECT_EQ(::bind(socket, generic(address), sizeof address), 0);
  socklen_t size = sizeof address;
  ::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size);
  return ntohs(address.sin_port);
}

void set_timeout(int socket) {
  const timeval limit{20, 0};
  ::setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  ::setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
}

// Length of head and body, once the head is complete.
std::optional<std::size_t> message_size(const std::string& text) {
  const std::size_t head = text.find("\r\n\r\n");
  if (head == std::string::npos) return std::nullopt;
  const std::size_t field = text.find("Content-Length: ");
  const std::size_t body = field < head ? std::strtoul(text.c_str() + field + 16, nullptr, 10) : 0;
  return head + 4 + body;
}

}  // namespace

TempFolder::TempFolder() {
  std::string name = (fs::temp_directory_path() / "wheatstone-XXXXXX").string();
  EXPECT_NE(::mkdtemp(name.data()), nullptr);
  path_ = name;
}

TempFolder::~TempFolder() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

std::vector<std::string> tree(const fs::path& folder) {
  std::vector<std::string> names;
  for (const auto& entry : fs::recursive_directory_iterator(folder))
    names.push_back(fs::relative(entry.path(), folder).string());
  std::ranges::sort(names);
  return names;
}

std::string read_text(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  EXPECT_TRUE(in) << file;
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

RawClient::RawClient(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  set_timeout(socket_);
  const sockaddr_in address = loopback(port);
  EXPECT_EQ(::connect(socket_, generic(address), sizeof address), 0);
}

RawClient::~RawClient() {
  close();
}

void RawClient::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    was_reset_ |= sent < 0;
    if (sent <= 0) return;  // the server may have closed; what it answered tells
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
}

void RawClient::shutdown_send() {
  ::shutdown(socket_, SHUT_WR);
}

void RawClient::close() {
  if (socket_ >= 0) ::close(std::exchange(socket_, -1));
}

void RawClient::reset() {
  const linger now{1, 0};
  ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
  close();
}

bool RawClient::receive() {
  char chunk[4096];
  const ssize_t size = ::recv(socket_, chunk, sizeof chunk, 0);
  EXPECT_FALSE(size < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) << "nothing came for 20 s";
  was_reset_ |= size < 0 && errno == ECONNRESET;
  if (size <= 0) return false;
  buffer_.append(chunk, static_cast<std::size_t>(size));
  return true;
}

std::string RawClient::read_some() {
  receive();
  return std::exchange(buffer_, {});
}

std::string RawClient::read_all() {
  while (receive()) {
  }
  return std::exchange(buffer_, {});
}

std::string RawClient::read_until(std::string_view end) {
  std::size_t found = std::string::npos;
  while ((found = buffer_.find(end)) == std::string::npos)
    if (!receive()) return std::exchange(buffer_, {});
  const std::string text = buffer_.substr(0, found + end.size());
  buffer_.erase(0, text.size());
  return text;
}

std::string RawClient::read_response() {
  std::optional<std::size_t> size;
  while (!(size = message_size(buffer_)) || buffer_.size() < *size)
    if (!receive()) return std::exchange(buffer_, {});
  const std::string text = buffer_.substr(0, *size);
  buffer_.erase(0, *size);
  return text;
}

ScriptedServer::ScriptedServer(std::vector<std::string> answers)
    : listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  port_ = bind_any(listener_);
  EXPECT_EQ(::listen(listener_, 16), 0);
  thread_ = std::thread([this, answers = std::move(answers)]() mutable { serve(std::move(answers)); });
}

ScriptedServer::~ScriptedServer() {
  ::shutdown(listener_, SHUT_RDWR);
  thread_.join();
  ::close(listener_);
}

void ScriptedServer::serve(std::vector<std::string> answers) {
  for (std::size_t i = 0;; ++i) {
    const int client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (client < 0) return;
    set_timeout(client);
    std::string request;
    char chunk[4096];
    for (;;) {
      const auto size = message_size(request);
      if ((size && request.size() >= *size) || request.size() >= read_at_most) break;
      const ssize_t got = ::recv(client, chunk, std::min(sizeof chunk, read_at_most - request.size()), 0);
      if (got <= 0) break;
      request.append(chunk, static_cast<std::size_t>(got));
    }
    if (i < answers.size()) ::send(client, answers[i].data(), answers[i].size(), MSG_NOSIGNAL);
    if (!keep_open) ::shutdown(client, SHUT_WR);
    while (::recv(client, chunk, sizeof chunk, 0) > 0) {
    }
    ::close(client);
  }
}

std::uint16_t closed_port() {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const std::uint16_t port = bind_any(socket);
  ::close(socket);
  return port;
}

void Recorder::on_exchange(const cer_server::Exchange& exchange) {
  const std::lock_guard lock(mutex_);
  exchanges_.push_back(exchange);
  changed_.notify_all();
}

std::vector<cer_server::Exchange> Recorder::wait_for(std::size_t count) {
  std::unique_lock lock(mutex_);
  const bool enough =
      changed_.wait_for(lock, std::chrono::seconds(20), [&] { return exchanges_.size() >= count; });
  EXPECT_TRUE(enough) << exchanges_.size() << " exchanges instead of " << count;
  return exchanges_;
}

void Recorder::on_late_verdict(const cer_server::LateVerdict& verdict) {
  const std::lock_guard lock(mutex_);
  late_.push_back(verdict);
  changed_.notify_all();
}

std::vector<cer_server::LateVerdict> Recorder::wait_for_late(std::size_t count) {
  std::unique_lock lock(mutex_);
  const bool enough =
      changed_.wait_for(lock, std::chrono::seconds(20), [&] { return late_.size() >= count; });
  EXPECT_TRUE(enough) << late_.size() << " late verdicts instead of " << count;
  return late_;
}

std::string codes(const std::vector<Finding>& findings) {
  std::string out;
  for (const Finding& finding : findings) {
    if (!out.empty()) out += ' ';
    out += finding.code;
  }
  return out;
}

}  // namespace wheatstone::testing_support
