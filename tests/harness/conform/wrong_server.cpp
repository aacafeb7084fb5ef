#include "tests/harness/conform/wrong_server.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>

#include "mocks/text.hpp"

namespace wheatstone::conform::test {
namespace {

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  if (const std::size_t at = text.find(from); at != std::string::npos) text.replace(at, from.size(), to);
  return text;
}

// The line that begins with `start`, and its CRLF.
std::string without_line(std::string text, std::string_view start) {
  const std::size_t at = text.find(start);
  if (at == std::string::npos) return text;
  return text.erase(at, text.find("\r\n", at) + 2 - at);
}

bool is_answer(std::string_view bytes) {
  return bytes.find("\r\nContent-Type: text/plain; charset=windows-1252\r\n") != std::string_view::npos;
}

// A level-1 answer with another body and its length; anything else, and what follows it, as it is.
template <class Change>
std::string with_answer(const std::string& bytes, const Change& change) {
  constexpr std::string_view kLength = "Content-Length: ";
  if (!is_answer(bytes)) return bytes;
  const std::size_t head = bytes.find("\r\n\r\n") + 4;
  const std::size_t size = std::stoul(bytes.substr(bytes.find(kLength) + kLength.size()));
  const std::string body = change(bytes.substr(head, size));
  return without_line(bytes.substr(0, head - 2), kLength) +
         fmt::format("{}{}\r\n\r\n{}{}", kLength, body.size(), body, bytes.substr(head + size));
}

std::string more(const std::string& bytes, std::string_view line) {
  return with_answer(bytes, [line](const std::string& body) { return body + std::string(line); });
}
std::string swapped(const std::string& bytes, std::string_view from, std::string_view to) {
  return with_answer(bytes, [=](const std::string& body) { return replaced(body, from, to); });
}

std::string line_feeds(std::string bytes) {
  return with_answer(bytes, [](std::string body) {
    std::erase(body, '\r');
    return body;
  });
}

std::string back_slashes(std::string bytes) {
  return with_answer(bytes, [](std::string body) {
    for (char& c : body)
      if (c == '/') c = '\\';
    return body;
  });
}

// A head that comes in pieces is let be: its Host may be in the next.
std::string with_host(std::string bytes) {
  const std::size_t line = bytes.find(" HTTP/1.1\r\n");
  const std::size_t end = bytes.find("\r\n\r\n");
  if (line == std::string::npos || end == std::string::npos || line > end) return bytes;
  if (lower(bytes).find("\nhost:") != std::string::npos) return bytes;
  return bytes.insert(line + 11, "Host: h\r\n");
}

// A refusal that became a success.
std::string forgiven(std::string bytes, std::string_view status) {
  if (!bytes.starts_with(fmt::format("HTTP/1.1 {} ", status))) return bytes;
  return "HTTP/1.1 200 OK\r\n" + bytes.substr(bytes.find("\r\n") + 2);
}

// A document that was refused got an answer.
std::string any_document(std::string bytes) {
  const bool is_document =
      bytes.starts_with("HTTP/1.1 400 ") && bytes.find("Connection: close") == bytes.npos;
  return is_document ? "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nBucket=1\r\n" : bytes;
}

std::vector<std::string> ids(unsigned first, unsigned last) {
  std::vector<std::string> out;
  for (unsigned i = first; i <= last; ++i) out.push_back(fmt::format("CER2-S-{:03}", i));
  return out;
}

std::vector<std::string> any_document_cases() {
  std::vector<std::string> out = ids(111, 146);
  out.push_back("CER2-S-181");  // an empty cab is refused with 400, too
  return out;
}

using Text = std::string;

std::vector<Fault> answer_faults() {
  return {
      {"twice", {}, [](Text t) { return more(t, "Bucket=7\r\n"); }, ids(148, 148)},
      {"lower-case", {}, [](Text t) { return swapped(t, "BucketTable", "buckettable"); }, ids(149, 149)},
      {"line-feeds", {}, line_feeds, ids(150, 150)},
      {"open-end", {}, [](Text t) { return more(t, "GetFile=x"); }, ids(151, 151)},
      {"blanks", {}, [](Text t) { return swapped(t, "Bucket=", "Bucket = "); }, ids(152, 152)},
      {"other-keys", {}, [](Text t) { return more(t, "DumpServer=h\r\n"); }, ids(153, 153)},
      {"no-lines", {}, [](Text t) { return swapped(t, "BucketTable=5", "BucketTable:5"); }, ids(147, 147)},
      {"bucket-word", {}, [](Text t) { return swapped(t, "=500", "=many"); }, ids(154, 154)},
      {"table-sign", {}, [](Text t) { return swapped(t, "Table=5", "Table=-5"); }, ids(155, 155)},
      {"yes", {}, [](Text t) { return more(t, "fDoc=yes\r\n"); }, ids(156, 156)},
      {"words", {}, [](Text t) { return more(t, "Response=see the manual\r\n"); }, ids(157, 157)},
      {"script", {}, [](Text t) { return more(t, "Response=javascript:x\r\n"); }, ids(158, 158)},
      {"utf-8", {}, [](Text t) { return more(t, "GetFile=\u00e4\r\n"); }, ids(159, 159)},
      {"empty-items", {}, [](Text t) { return more(t, "WQL=;;\r\n"); }, ids(160, 160)},
      {"no-path",
       {},
       [](Text t) { return with_answer(t, [](const Text& b) { return without_line(b, "Dump"); }); },
       ids(161, 161)},
      {"no-cab", {}, [](Text t) { return swapped(t, "iData=1", "iData=0"); }, ids(162, 162)},
      {"other-host", {}, [](Text t) { return swapped(t, "DumpFile=", "DumpFile=//h"); }, ids(163, 164)},
      {"back-slashes", {}, back_slashes, ids(164, 164)},
      {"service-error", {}, [](Text t) { return swapped(t, "=500", "=4"); }, ids(168, 168)},
  };
}

std::vector<Fault> http_faults() {
  return {
      {"old",
       {},
       [](Text t) { return replaced(t, "HTTP/1.1 200", "HTTP/1.0 200"); },
       {"CER2-S-002", "CER2-S-007"}},
      {"no-date", {}, [](Text t) { return without_line(t, "Date:"); }, ids(4, 4)},
      {"iso-date", {}, [](Text t) { return replaced(t, "Date: ", "Date: 2008-03-11, not "); }, ids(5, 5)},
      {"no-type", {}, [](Text t) { return without_line(t, "Content-Type:"); }, ids(6, 6)},
      {"stays", [](Text t) { return replaced(t, "Connection: close", "X-Option: close"); }, {}, ids(10, 11)},
      {"lists", [](Text t) { return replaced(t, "x-option, CLOSE", "x-option"); }, {}, ids(12, 12)},
      {"one-version",
       [](Text t) { return replaced(t, " HTTP/1.0\r\n", " HTTP/1.1\r\n"); },
       {},
       {"CER2-S-013", "CER2-S-031", "CER2-S-053"}},
      {"no-hundred",
       {},
       [](Text t) { return replaced(t, "HTTP/1.1 100 Continue\r\n\r\n", ""); },
       {"CER2-S-029", "CER2-S-030", "CER2-S-172"}},
      {"any-host", with_host, {}, ids(40, 40)},
      {"upper-case", [](Text t) { return replaced(t, "post /", "POST /"); }, {}, ids(66, 66)},
      {"no-allow", {}, [](Text t) { return without_line(t, "Allow:"); }, ids(69, 69)},
      {"any-document", {}, any_document, any_document_cases()},
      {"any-path", {}, [](Text t) { return forgiven(t, "403"); }, ids(187, 190)},
      {"again", {}, [](Text t) { return forgiven(t, "409"); }, ids(184, 185)},
  };
}

}  // namespace

const std::vector<Fault>& faults() {
  static const std::vector<Fault> all = [] {
    std::vector<Fault> both = http_faults();
    for (Fault& fault : answer_faults()) both.push_back(std::move(fault));
    return both;
  }();
  return all;
}

GoodServer::GoodServer(cer_server::Options options) {
  cer_server::Rule rule;
  rule.answer.bucket = 500;
  rule.answer.bucket_table = 5;
  rule.answer.i_data = true;
  options.port = 0;
  auto started = cer_server::Server::start(options, {rule}, clock_, random_);
  EXPECT_TRUE(started) << started.error().text();
  server_ = std::move(*started);
}

WrongServer::WrongServer(std::vector<Fault> faults)
    : faults_(std::move(faults)), listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address = loopback(0);
  socklen_t size = sizeof address;
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  EXPECT_EQ(::bind(listener_, generic, size), 0);
  EXPECT_EQ(::listen(listener_, 64), 0);
  ::getsockname(listener_, generic, &size);
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] { accept(); });
}

WrongServer::~WrongServer() {
  stopping_ = true;
  ::shutdown(listener_, SHUT_RDWR);
  thread_.join();
  for (std::thread& session : sessions_) session.join();
  ::close(listener_);
}

void WrongServer::accept() {
  for (int client = 0; (client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC)) >= 0;)
    sessions_.emplace_back([this, client] { serve(client); });
}

// Carries bytes both ways, piece by piece as they come, until both sides have ended.
void WrongServer::serve(int client) {
  const int server = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_in address = loopback(good_.port());
  EXPECT_EQ(::connect(server, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  std::array<pollfd, 2> ends = {{{client, POLLIN, 0}, {server, POLLIN, 0}}};
  std::array<char, 64u << 10> piece;
  while (!stopping_ && (ends[0].fd >= 0 || ends[1].fd >= 0)) {
    if (::poll(ends.data(), ends.size(), 50) <= 0) continue;
    for (std::size_t from = 0; from < ends.size(); ++from) {
      if (ends[from].fd < 0 || ends[from].revents == 0) continue;
      const int to = from == 0 ? server : client;
      const ssize_t size = ::recv(ends[from].fd, piece.data(), piece.size(), 0);
      if (size <= 0) {
        ::shutdown(to, SHUT_WR);
        ends[from].fd = -1;
        continue;
      }
      std::string bytes(piece.data(), static_cast<std::size_t>(size));
      for (const Fault& fault : faults_)
        if (const auto spoil = from == 0 ? fault.spoil_request : fault.spoil_response)
          bytes = spoil(std::move(bytes));
      ::send(to, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    }
  }
  ::close(client);
  ::close(server);
}

}  // namespace wheatstone::conform::test
