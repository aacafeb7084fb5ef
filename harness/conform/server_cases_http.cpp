// HTTP as it should be: forms of a request that a server must understand, and what an answer looks like.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "harness/conform/server_cases.hpp"
#include "mocks/text.hpp"

namespace wheatstone::conform {
namespace {

using enum Level;

constexpr Milliseconds kShort{100};  // for what should come at once, or not at all

std::string_view head_of(const http::Message& message) {
  return as_text(Bytes(message.raw).first(message.head_size));
}

bool says_close(const http::Message& message) {
  return lower(message.field("Connection").value_or("")).find("close") != std::string::npos;
}

// RFC 9110 5.6.7: "Tue, 11 Mar 2008 09:00:17 GMT". '0' stands for a digit, 'a' for a letter.
bool is_imf_fixdate(std::string_view text) {
  constexpr std::string_view kForm = "aaa, 00 aaa 0000 00:00:00 GMT";
  return std::ranges::equal(text, kForm, [](char c, char form) {
    if (form == '0') return c >= '0' && c <= '9';
    if (form == 'a') return lower(c) >= 'a' && lower(c) <= 'z';
    return c == form;
  });
}

// The status line of the answer, with its CRLF gone.
std::string_view status_line(const http::Message& message) {
  const std::string_view head = head_of(message);
  return head.substr(0, head.find("\r\n"));
}

Verdict two_on_one_connection(Peer& peer) {
  auto connection = peer.connect();
  if (!connection) return failed("no connection");
  (void)connection->send(peer.post(peer.body()));
  const Received first = connection->response();
  if (Verdict verdict = takes(first); !verdict.passed()) return verdict;
  if (says_close(first.message)) return failed("the answer closes the connection without need");
  (void)connection->send(peer.post(peer.body()));
  return takes(connection->response());
}

Verdict pipelined_in_order(Peer& peer) {
  auto connection = peer.connect();
  if (!connection) return failed("no connection");
  (void)connection->send(peer.post(peer.body()) + peer.head("GET /no-such-path HTTP/1.1") +
                         peer.post(peer.body()));
  const Received first = connection->response();
  if (Verdict verdict = takes(first); !verdict.passed()) return verdict;
  if (says_close(first.message)) return not_applicable("the server closes after each request");
  const Received second = connection->response();
  if (Verdict verdict = refuses(second); !verdict.passed()) return verdict;
  if (says_close(second.message)) return pass();
  return takes(connection->response());
}

Verdict closes_after(Peer& peer, std::string_view fields) {
  const auto [received, rest] = peer.ask_and_wait(peer.post(peer.body(), fields));
  if (Verdict verdict = takes(received); !verdict.passed()) return verdict;
  return rest.closed ? pass() : failed("the connection stays open");
}

Verdict old_version_closes(Peer& peer) {
  const auto [received, rest] = peer.ask_and_wait(peer.request("POST /stage2.htm HTTP/1.0", peer.body()));
  if (!received.complete()) return failed(what_came(received));
  return rest.closed ? pass() : failed("the connection stays open");
}

// Sends the head, waits for word from the server, then sends the body.
Verdict expects_continue(Peer& peer, std::string_view expectation) {
  auto connection = peer.connect();
  if (!connection) return failed("no connection");
  const std::string body = peer.body();
  (void)connection->send(peer.head("POST /stage2.htm HTTP/1.1",
                                   fmt::format("{}\r\nContent-Length: {}\r\n", expectation, body.size())));
  if (!connection->answers_within(peer.time())) return failed("neither 100 nor a final status came");
  (void)connection->send(body);
  const Received received = connection->response();
  if (Verdict verdict = takes(received); !verdict.passed()) return verdict;
  return std::ranges::find(received.interim, 100u) != received.interim.end()
             ? pass()
             : failed("the final status came without 100, and before the body");
}

Verdict old_version_gets_no_continue(Peer& peer) {
  auto connection = peer.connect();
  if (!connection) return failed("no connection");
  const std::string body = peer.body();
  (void)connection->send(
      peer.head("POST /stage2.htm HTTP/1.0",
                fmt::format("Expect: 100-continue\r\nContent-Length: {}\r\n", body.size())));
  (void)connection->answers_within(kShort);
  (void)connection->send(body);
  const Received received = connection->response();
  if (!received.interim.empty())
    return failed(fmt::format("an HTTP/1.0 request got status {}", received.interim[0]));
  return received.complete() ? pass() : failed(what_came(received));
}

Verdict head_has_no_body(Peer& peer) {
  auto connection = peer.connect();
  if (!connection) return failed("no connection");
  (void)connection->send(peer.head("HEAD /stage2.htm HTTP/1.1", "Connection: close\r\n"));
  const Received received = connection->response(true);
  if (!received.complete()) return failed(what_came(received));
  const Connection::Rest rest = connection->rest();
  return rest.bytes.empty() ? pass() : failed(fmt::format("{} bytes of body came", rest.bytes.size()));
}

Verdict body_in_two_segments(Peer& peer) {
  auto connection = peer.connect();
  if (!connection) return failed("no connection");
  const std::string bytes = peer.post(peer.body());
  (void)connection->send(std::string_view(bytes).substr(0, bytes.size() - 101));
  if (connection->answers_within(kShort)) return failed("an answer came before the body was complete");
  (void)connection->send(std::string_view(bytes).substr(bytes.size() - 101));
  return takes(connection->response());
}

Verdict a_waiting_client_blocks_nobody(Peer& peer) {
  std::array<std::optional<Connection>, 8> idle;
  for (auto& connection : idle) {
    connection = peer.connect();
    if (!connection) return failed("eight connections at a time are too many");
    (void)connection->send("POST /stage2.htm HTTP/1.1\r\nHost: ");
  }
  return takes(peer.ask(peer.post(peer.body())));
}

Verdict with_fields(Peer& peer, std::string_view fields) {
  return takes(peer.ask(peer.post(peer.body(), fields)));
}

constexpr std::string_view kChunkedHead = "Transfer-Encoding: chunked\r\n";

std::string chunked_post(const Peer& peer, std::string_view framed, std::string_view fields = kChunkedHead) {
  return peer.head("POST /stage2.htm HTTP/1.1", fields) + std::string(framed);
}

Verdict one_byte_chunks(Peer& peer) {
  const std::string body = peer.body();
  std::string framed;
  for (const char c : body) framed += fmt::format("1\r\n{}\r\n", std::string_view(&c, 1));
  return takes(peer.ask(chunked_post(peer, framed + "0\r\n\r\n")));
}

constexpr auto kCases = std::to_array<ServerCase>({
    {{"CER2-S-001", must, "MS-CER2 3.2.5", "a level-1 report gets a level-1 answer, with status 200"},
     [](Peer& peer) { return peer.answer().verdict; }},
    {{"CER2-S-002", must, "MS-CER2 2.1", "the answer is HTTP/1.1"},
     [](Peer& peer) {
       const Received received = peer.ask(peer.post(peer.body()));
       if (!received.complete()) return failed(what_came(received));
       return received.message.minor_version == 1 ? pass() : failed("the answer is HTTP/1.0");
     }},
    {{"CER2-S-003", must, "RFC 9112 6.3", "an answer tells its length unless it ends with the connection"},
     [](Peer& peer) {
       const Received received = peer.ask(peer.post(peer.body()));
       if (!received.complete()) return failed(what_came(received));
       const bool told = received.message.chunked || received.message.field("Content-Length");
       return told || says_close(received.message) ? pass()
                                                   : failed("neither Content-Length nor chunked nor close");
     }},
    {{"CER2-S-004", should, "RFC 9110 6.6.1", "an answer has a Date"},
     [](Peer& peer) {
       const Received received = peer.ask(peer.post(peer.body()));
       if (!received.complete()) return failed(what_came(received));
       return received.message.field("Date") ? pass() : failed("there is no Date field");
     }},
    {{"CER2-S-005", must, "RFC 9110 5.6.7", "a Date is written as IMF-fixdate"},
     [](Peer& peer) {
       const Received received = peer.ask(peer.post(peer.body()));
       if (!received.complete()) return failed(what_came(received));
       const auto date = received.message.field("Date");
       if (!date) return not_applicable("there is no Date field");
       return is_imf_fixdate(*date) ? pass() : failed(fmt::format("Date: {}", *date));
     }},
    {{"CER2-S-006", should, "RFC 9110 8.3", "an answer with a body has a Content-Type"},
     [](Peer& peer) {
       const Received received = peer.ask(peer.post(peer.body()));
       if (!received.complete()) return failed(what_came(received));
       if (received.message.body().empty()) return not_applicable("the answer has no body");
       return received.message.field("Content-Type") ? pass() : failed("there is no Content-Type field");
     }},
    {{"CER2-S-007", must, "RFC 9112 4", "the status line has a blank behind the status, phrase or not"},
     [](Peer& peer) {
       const Received received = peer.ask(peer.post(peer.body()));
       const std::string_view line = status_line(received.message);
       constexpr std::string_view kVersion = "HTTP/1.1 ";
       const bool good = line.starts_with(kVersion) && line.size() > kVersion.size() + 3 &&
                         line[kVersion.size() + 3] == ' ';
       return good ? pass() : failed(fmt::format("the status line is \"{}\"", line));
     }},
    {{"CER2-S-008", should, "RFC 9112 9.3", "a connection serves a second request"}, two_on_one_connection},
    {{"CER2-S-009", must, "RFC 9112 9.3.2", "pipelined requests are answered in their order"},
     pipelined_in_order},
    {{"CER2-S-010", must, "RFC 9112 9.6", "Connection: close ends the connection after the answer"},
     [](Peer& peer) { return closes_after(peer, "Connection: close\r\n"); }},
    {{"CER2-S-011", should, "RFC 9112 9.6", "the answer to Connection: close says close too"},
     [](Peer& peer) {
       const Received received = peer.ask(peer.post(peer.body(), "Connection: close\r\n"));
       if (!received.complete()) return failed(what_came(received));
       return says_close(received.message) ? pass() : failed("the answer does not say Connection: close");
     }},
    {{"CER2-S-012", must, "RFC 9110 7.6.1", "close is found in a list of options and in any case"},
     [](Peer& peer) { return closes_after(peer, "Connection: x-option, CLOSE\r\n"); }},
    {{"CER2-S-013", must, "RFC 9112 9.3", "an HTTP/1.0 request without keep-alive ends its connection"},
     old_version_closes},
    {{"CER2-S-014", must, "RFC 9112 7.1", "a chunked report is taken"},
     [](Peer& peer) { return takes(peer.ask(chunked_post(peer, chunked({peer.body()})))); }},
    {{"CER2-S-015", must, "RFC 9112 7.1", "chunks may end anywhere, inside a character too"},
     one_byte_chunks},
    {{"CER2-S-016", must, "RFC 9112 7.1.1", "unknown chunk extensions are ignored"},
     [](Peer& peer) {
       const std::string body = peer.body();
       return takes(peer.ask(chunked_post(
           peer, fmt::format("{:x};name=value;other=\"a b\"\r\n{}\r\n0;last\r\n\r\n", body.size(), body))));
     }},
    {{"CER2-S-017", must, "RFC 9112 7.1", "a chunk size has digits of either case, and leading zeros"},
     [](Peer& peer) {
       const std::string body = peer.body();
       const std::string_view rest = std::string_view(body).substr(0xab + 0xcd);
       return takes(peer.ask(chunked_post(
           peer, fmt::format("aB\r\n{}\r\n000Cd\r\n{}\r\n{:x}\r\n{}\r\n0\r\n\r\n", body.substr(0, 0xab),
                             body.substr(0xab, 0xcd), rest.size(), rest))));
     }},
    {{"CER2-S-018", must, "RFC 9112 7.1.2", "a trailer behind the last chunk is read over"},
     [](Peer& peer) {
       const std::string body = peer.body();
       return takes(peer.ask(
           chunked_post(peer, fmt::format("{:x}\r\n{}\r\n0\r\nX-Trailer: 1\r\n\r\n", body.size(), body))));
     }},
    {{"CER2-S-019", must, "RFC 9112 7", "the name of a transfer coding has no case"},
     [](Peer& peer) {
       return takes(peer.ask(chunked_post(peer, chunked({peer.body()}), "Transfer-Encoding: Chunked\r\n")));
     }},
    {{"CER2-S-020", must, "RFC 9110 5.1", "names of fields have no case"},
     [](Peer& peer) {
       const std::string body = peer.body();
       return takes(
           peer.ask(fmt::format("POST /stage2.htm HTTP/1.1\r\nhost: {}\r\ncontent-LENGTH: {}\r\n\r\n{}",
                                peer.authority(), body.size(), body)));
     }},
    {{"CER2-S-021", must, "RFC 9112 5.1", "white space around the value of a field means nothing"},
     [](Peer& peer) {
       const std::string body = peer.body();
       return takes(
           peer.ask(fmt::format("POST /stage2.htm HTTP/1.1\r\nHost:{}\r\nContent-Length:\t {}\t \r\n\r\n{}",
                                peer.authority(), body.size(), body)));
     }},
    {{"CER2-S-022", must, "RFC 9110 5.1", "fields that it does not know are ignored"},
     [](Peer& peer) { return with_fields(peer, "X-Unknown: 1\r\nMicrosoftData: \r\nX-Unknown: 2\r\n"); }},
    {{"CER2-S-023", must, "RFC 9112 3.2.2", "the absolute form of the target is understood"},
     [](Peer& peer) {
       return takes(
           peer.ask(peer.request(fmt::format("POST {}/stage2.htm HTTP/1.1", peer.url()), peer.body())));
     }},
    {{"CER2-S-024", must, "RFC 9112 3.2.2", "with an absolute target the Host field is ignored"},
     [](Peer& peer) {
       const std::string body = peer.body();
       return takes(peer.ask(
           fmt::format("POST {}/stage2.htm HTTP/1.1\r\nHost: other.example\r\nContent-Length: {}\r\n\r\n{}",
                       peer.url(), body.size(), body)));
     }},
    {{"CER2-S-025", should, "RFC 9112 2.2", "an empty line in front of a request is ignored"},
     [](Peer& peer) { return takes(peer.ask("\r\n" + peer.post(peer.body()))); }},
    {{"CER2-S-026", must, "RFC 9112 2.2", "a head may come in pieces of one byte"},
     [](Peer& peer) {
       const std::string body = peer.body();
       const std::string bytes = peer.post(body);
       auto connection = peer.connect();
       if (!connection) return failed("no connection");
       const std::size_t head = bytes.size() - body.size();
       for (std::size_t i = 0; i < head; ++i) (void)connection->send(std::string_view(bytes).substr(i, 1));
       (void)connection->send(body);
       return takes(connection->response());
     }},
    {{"CER2-S-027", must, "RFC 9112 6.2", "a body is waited for, however it comes"}, body_in_two_segments},
    {{"CER2-S-028", must, "RFC 9112 7.1", "chunk headers may come in pieces of one byte"},
     [](Peer& peer) {
       const std::string body = peer.body();
       return takes(peer.ask_slowly(chunked_post(peer, chunked({body.substr(0, 300), body.substr(300)}))));
     }},
    {{"CER2-S-029", must, "RFC 9110 10.1.1", "Expect: 100-continue gets 100 before the body is sent"},
     [](Peer& peer) { return expects_continue(peer, "Expect: 100-continue"); }},
    {{"CER2-S-030", must, "RFC 9110 10.1.1", "the expectation 100-continue has no case"},
     [](Peer& peer) { return expects_continue(peer, "Expect: 100-Continue"); }},
    {{"CER2-S-031", must, "RFC 9110 10.1.1", "an HTTP/1.0 request gets no 100"},
     old_version_gets_no_continue},
    {{"CER2-S-032", should, "RFC 9110 10.1.1", "another expectation is answered with 417, or ignored"},
     [](Peer& peer) {
       const Received received = peer.ask(peer.post(peer.body(), "Expect: tea\r\n"));
       return has_status(received, {200, 417});
     }},
    {{"CER2-S-033", should, "RFC 9112 3", "a request line of 8000 bytes is read"},
     [](Peer& peer) {
       const std::string target = "/" + std::string(7980, 'a');
       const Received received = peer.ask(peer.head(fmt::format("GET {} HTTP/1.1", target)));
       if (received.complete() && received.message.status != 414 && received.message.status != 431 &&
           received.message.status != 400)
         return refuses(received);
       return failed(fmt::format("{} instead of 404", what_came(received)));
     }},
    {{"CER2-S-034", must, "RFC 9112 3", "a target that is too long for it is answered with 414"},
     [](Peer& peer) {
       const Received received =
           peer.ask(peer.head(fmt::format("GET /{} HTTP/1.1", std::string(300'000, 'a'))));
       return has_status(received, {404, 414});
     }},
    {{"CER2-S-035", must, "RFC 9110 5.4", "fields that are too long for it are answered with a 4xx"},
     [](Peer& peer) {
       const Received received =
           peer.ask(peer.post(peer.body(), fmt::format("X-Long: {}\r\n", std::string(300'000, 'a'))));
       return received.complete() && received.message.status == 200 ? takes(received) : refuses(received);
     }},
    {{"CER2-S-036", must, "RFC 9110 9.3.2", "the answer to HEAD has no body"}, head_has_no_body},
    {{"CER2-S-037", should, "RFC 9110 4.2.3", "a letter of the path may be percent-encoded"},
     [](Peer& peer) { return takes(peer.ask(peer.request("POST /%73tage2.htm HTTP/1.1", peer.body()))); }},
    {{"CER2-S-038", gap, "MS-CER2 2.1", "the Content-Type of a report is not looked at"},
     [](Peer& peer) {
       for (const char* type : {"text/xml", "application/x-www-form-urlencoded", "application/octet-stream"})
         if (Verdict verdict = with_fields(peer, fmt::format("Content-Type: {}\r\n", type));
             !verdict.passed())
           return verdict;
       return pass();
     }},
    {{"CER2-S-039", gap, "RFC 9112 9.5", "clients that stop in the middle block nobody"},
     a_waiting_client_blocks_nobody},
});

}  // namespace

std::span<const ServerCase> http_cases() {
  return kCases;
}

}  // namespace wheatstone::conform
