// HTTP as it must not be: requests that two readers could understand in two ways, and routes that do not
// exist.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "harness/conform/server_cases.hpp"
#include "mocks/text.hpp"

namespace wheatstone::conform {
namespace {

using enum Level;

constexpr std::string_view kPostLine = "POST /stage2.htm HTTP/1.1";

// A request that another reader of the same bytes would find inside a body.
constexpr std::string_view kSmuggled = "GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n";

// Refused, and nothing behind it on the connection is read as a request.
Verdict refuses_and_closes(const Peer& peer, std::string_view bytes,
                           std::initializer_list<unsigned> statuses) {
  const auto [received, rest] = peer.ask_and_wait(bytes);
  if (Verdict verdict = has_status(received, statuses); !verdict.passed()) return verdict;
  if (!rest.bytes.empty()) return failed("what stands behind the request was answered too");
  return rest.closed ? pass() : failed("the connection stays open");
}

// The body of a good report under fields that spoil it.
std::string spoiled(Peer& peer, std::string_view fields) {
  return peer.head(kPostLine, fields) + peer.body();
}

Verdict refuses_lengths(Peer& peer, std::initializer_list<std::string_view> lengths) {
  for (const std::string_view length : lengths) {
    Verdict verdict =
        has_status(peer.ask(spoiled(peer, fmt::format("Content-Length: {}\r\n", length))), {400});
    if (verdict.passed()) continue;
    verdict.reason = fmt::format("Content-Length \"{}\": {}", length, verdict.reason);
    return verdict;
  }
  return pass();
}

// A length that says one thing and a coding that says another, each with a request hidden where the other
// reader would begin anew.
Verdict length_and_chunked(Peer& peer) {
  const std::string body = "0\r\n\r\n" + std::string(kSmuggled);
  const auto [received, rest] = peer.ask_and_wait(
      peer.head(kPostLine, fmt::format("Content-Length: {}\r\nTransfer-Encoding: chunked\r\n", body.size())) +
      body);
  if (Verdict verdict = refuses(received); !verdict.passed()) return verdict;
  if (!rest.bytes.empty()) return failed("the request that was hidden in the body was answered");
  return rest.closed ? pass() : failed("the connection stays open");
}

// Behind a chunk that is broken nothing may be taken for a report or a request.
Verdict refuses_chunks(const Peer& peer, std::string_view framed) {
  const auto [received, rest] =
      peer.ask_and_wait(peer.head(kPostLine, "Transfer-Encoding: chunked\r\n") + std::string(framed));
  if (received.end == Received::End::closed) return pass();
  if (Verdict verdict = refuses(received); !verdict.passed()) return verdict;
  return rest.closed ? pass() : failed("the connection stays open");
}

Verdict broken_chunk_sizes(Peer& peer) {
  const std::string body = peer.body();
  for (const std::string_view size : {"xyz", "-5", "0x10", ""}) {
    Verdict verdict = refuses_chunks(peer, fmt::format("{}\r\n{}\r\n0\r\n\r\n", size, body));
    if (verdict.passed()) continue;
    verdict.reason = fmt::format("chunk size \"{}\": {}", size, verdict.reason);
    return verdict;
  }
  return pass();
}

Verdict cut_short(Peer& peer) {
  auto connection = peer.connect();
  if (!connection) return failed("no connection");
  const std::string bytes = peer.post(peer.body());
  (void)connection->send(std::string_view(bytes).substr(0, bytes.size() - 2));
  connection->finish_sending();
  const Received received = connection->response();
  if (received.complete() && received.message.status / 100 == 2)
    return failed("half a report was answered with 2xx");
  return pass();
}

Verdict bytes_behind_the_body(Peer& peer) {
  auto connection = peer.connect();
  if (!connection) return failed("no connection");
  (void)connection->send(peer.post(peer.body()) + "?!\r\n\r\n");
  if (Verdict verdict = takes(connection->response()); !verdict.passed()) return verdict;
  const Received second = connection->response();
  return second.complete() ? refuses(second) : pass();
}

// The head of a report whose only length stands behind a bare CR.
Verdict bare_cr(Peer& peer) {
  const std::string body = peer.body();
  const Received received =
      peer.ask(peer.head(kPostLine, fmt::format("X-Field: a\rContent-Length: {}\r\n", body.size())) + body);
  return received.complete() && received.message.status == 200
             ? failed("a bare CR was read as the end of a line")
             : refuses(received);
}

Verdict bare_lf(Peer& peer) {
  const std::string body = peer.body();
  const Received received = peer.ask(fmt::format(
      "POST /stage2.htm HTTP/1.1\nHost: {}\nContent-Length: {}\n\n{}", peer.authority(), body.size(), body));
  return has_status(received, {200, 400});
}

Verdict folded_length(Peer& peer) {
  const std::string body = peer.body();
  const Received received =
      peer.ask(peer.head(kPostLine, fmt::format("Content-Length:\r\n {}\r\n", body.size())) + body);
  return has_status(received, {200, 400});
}

Verdict method_not_allowed(Peer& peer, std::string_view method) {
  const Received received = peer.ask(peer.head(fmt::format("{} /stage2.htm HTTP/1.1", method)));
  return has_status(received, {405});
}

Verdict allow_field(Peer& peer) {
  const Received received = peer.ask(peer.head("GET /stage2.htm HTTP/1.1"));
  if (!received.complete()) return failed(what_came(received));
  if (received.message.status != 405) return not_applicable("GET is not answered with 405");
  const auto allow = received.message.field("Allow");
  if (!allow) return failed("a 405 without Allow");
  return allow->find("POST") != std::string_view::npos ? pass() : failed(fmt::format("Allow: {}", *allow));
}

Verdict too_large(Peer& peer) {
  auto connection = peer.connect();
  if (!connection) return failed("no connection");
  (void)connection->send(peer.head(kPostLine, "Content-Length: 10000000000\r\n"));
  return has_status(connection->response(), {413});
}

Verdict tls_hello(Peer& peer) {
  constexpr std::string_view kHello("\x16\x03\x01\x00\x05\x01\x00\x00\x01\x00", 10);
  const auto [received, rest] = peer.ask_and_wait(kHello);
  if (received.complete()) return refuses(received);
  return received.end == Received::End::silent && !rest.closed ? failed("the server waits for more") : pass();
}

Verdict reset_in_the_middle(Peer& peer) {
  for (int i = 0; i < 3; ++i) {
    auto connection = peer.connect();
    if (!connection) return failed("no connection");
    (void)connection->send(peer.head(kPostLine, "Content-Length: 5000\r\n") + "half");
    connection->reset();
  }
  return takes(peer.ask(peer.post(peer.body())));
}

constexpr auto kCases = std::to_array<ServerCase>({
    {{"CER2-S-040", must, "RFC 9112 3.2", "a request without Host is answered with 400"},
     [](Peer& peer) {
       const std::string body = peer.body();
       return has_status(
           peer.ask(fmt::format("{}\r\nContent-Length: {}\r\n\r\n{}", kPostLine, body.size(), body)), {400});
     }},
    {{"CER2-S-041", must, "RFC 9112 3.2", "a request with two Hosts is answered with 400"},
     [](Peer& peer) {
       return has_status(peer.ask(peer.post(peer.body(), fmt::format("Host: {}\r\n", peer.authority()))),
                         {400});
     }},
    {{"CER2-S-042", must, "RFC 9112 3.2", "a Host that is no host is answered with 400"},
     [](Peer& peer) {
       const std::string body = peer.body();
       return has_status(peer.ask(fmt::format("{}\r\nHost: a b/c\r\nContent-Length: {}\r\n\r\n{}", kPostLine,
                                              body.size(), body)),
                         {400});
     }},
    {{"CER2-S-043", must, "RFC 9112 5.1", "white space in front of the colon is answered with 400"},
     [](Peer& peer) {
       const std::string body = peer.body();
       return has_status(
           peer.ask(peer.head(kPostLine, fmt::format("Content-Length : {}\r\n", body.size())) + body), {400});
     }},
    {{"CER2-S-044", must, "RFC 9112 5.2", "a folded field is refused with 400 or read as one line"},
     folded_length},
    {{"CER2-S-045", must, "RFC 9112 2.2", "white space in front of the first field is refused or dropped"},
     [](Peer& peer) {
       const std::string body = peer.body();
       return has_status(peer.ask(fmt::format("{}\r\n Host: {}\r\nContent-Length: {}\r\n\r\n{}", kPostLine,
                                              peer.authority(), body.size(), body)),
                         {400});
     }},
    {{"CER2-S-046", must, "RFC 9112 6.1", "Content-Length with Transfer-Encoding ends the connection"},
     length_and_chunked},
    {{"CER2-S-047", must, "RFC 9112 6.3", "two different lengths are answered with 400 and a close"},
     [](Peer& peer) {
       const std::string body = peer.body();
       return refuses_and_closes(
           peer, peer.post(body + std::string(kSmuggled), fmt::format("Content-Length: {}\r\n", body.size())),
           {400});
     }},
    {{"CER2-S-048", gap, "RFC 9112 6.3", "a list of equal lengths is refused, or read as that length"},
     [](Peer& peer) {
       const std::string body = peer.body();
       return has_status(peer.ask(spoiled(peer, fmt::format("Content-Length: {0}, {0}\r\n", body.size()))),
                         {200, 400});
     }},
    {{"CER2-S-049", must, "RFC 9110 8.6", "a length that is no decimal number is answered with 400"},
     [](Peer& peer) { return refuses_lengths(peer, {"12a", "-1", "+1500", "0x5dc", "", "1 500"}); }},
    {{"CER2-S-050", must, "RFC 9110 8.6", "a length over 64 bits is refused, not cut"},
     [](Peer& peer) {
       const std::string bytes = spoiled(peer, "Content-Length: 18446744073709551617\r\n");
       return has_status(peer.ask(bytes), {400, 413});
     }},
    {{"CER2-S-051", must, "RFC 9112 6.3", "codings that do not end with chunked: 400 or 501, and a close"},
     [](Peer& peer) {
       return refuses_and_closes(
           peer, peer.head(kPostLine, "Transfer-Encoding: chunked, identity\r\n") + std::string(kSmuggled),
           {400, 501});
     }},
    {{"CER2-S-052", should, "RFC 9112 6.1", "a transfer coding that it does not know is answered with 501"},
     [](Peer& peer) {
       return has_status(
           peer.ask(peer.head(kPostLine, "Transfer-Encoding: x-packed, chunked\r\n") + chunked({"x"})),
           {501});
     }},
    {{"CER2-S-053", must, "RFC 9112 6.1", "a coding in an HTTP/1.0 request ends the connection"},
     [](Peer& peer) {
       const auto [received, rest] =
           peer.ask_and_wait(peer.head("POST /stage2.htm HTTP/1.0", "Transfer-Encoding: chunked\r\n") +
                             chunked({peer.body()}) + std::string(kSmuggled));
       if (!received.complete()) return failed(what_came(received));
       if (!rest.bytes.empty()) return failed("what stands behind the request was answered too");
       return rest.closed ? pass() : failed("the connection stays open");
     }},
    {{"CER2-S-054", must, "RFC 9112 6.1", "Transfer-Encoding that is misspelt is not read as chunked"},
     [](Peer& peer) {
       for (const std::string_view coding : {"xchunked", "\"chunked\"", "chunked;q=1", "chunked, chunked"})
         if (Verdict verdict =
                 refuses(peer.ask(peer.head(kPostLine, fmt::format("Transfer-Encoding: {}\r\n", coding)) +
                                  chunked({peer.body()})));
             !verdict.passed())
           return failed(fmt::format("{}: {}", coding, verdict.reason));
       return pass();
     }},
    {{"CER2-S-055", must, "RFC 9112 7.1", "a chunk size that is no hexadecimal number is refused"},
     broken_chunk_sizes},
    {{"CER2-S-056", must, "RFC 9112 7.1", "a chunk that is longer than its size is refused"},
     [](Peer& peer) {
       const std::string body = peer.body();
       return refuses_chunks(peer, fmt::format("{:x}\r\n{}\r\n0\r\n\r\n", body.size() - 2, body));
     }},
    {{"CER2-S-057", must, "RFC 9112 7.1", "a chunk size over 64 bits is refused, not cut"},
     [](Peer& peer) {
       const std::string body = peer.body();
       return refuses_chunks(peer, fmt::format("1{:016x}\r\n{}\r\n0\r\n\r\n", body.size(), body));
     }},
    {{"CER2-S-058", gap, "RFC 9112 7.1.1", "a line feed inside a chunk header is refused"},
     [](Peer& peer) {
       const std::string body = peer.body();
       return refuses_chunks(peer, fmt::format("{:x};a\n{}\r\n0\r\n\r\n", body.size(), body));
     }},
    {{"CER2-S-059", must, "RFC 9112 8", "a report that was cut short is not taken"}, cut_short},
    {{"CER2-S-060", must, "RFC 9112 6.3", "bytes behind the body are no part of the report"},
     bytes_behind_the_body},
    {{"CER2-S-061", must, "RFC 9112 2.2", "a bare CR ends no line"}, bare_cr},
    {{"CER2-S-062", gap, "RFC 9112 2.2", "bare LF line ends are read or refused, not waited for"}, bare_lf},
    {{"CER2-S-063", must, "RFC 9110 5.5", "a NUL in a field is refused, or read as a blank"},
     [](Peer& peer) {
       return has_status(peer.ask(peer.post(peer.body(), std::string_view("X-Field: a\0b\r\n", 14))),
                         {200, 400});
     }},
    {{"CER2-S-064", must, "RFC 9112 2.3", "the name of the protocol has upper-case letters"},
     [](Peer& peer) {
       return has_status(peer.ask(peer.request("POST /stage2.htm http/1.1", peer.body())), {400, 505});
     }},
    {{"CER2-S-065", should, "RFC 9110 15.6.6", "another major version is answered with 505, or with 400"},
     [](Peer& peer) {
       return has_status(peer.ask(peer.request("POST /stage2.htm HTTP/9.1", peer.body())), {400, 505});
     }},
    {{"CER2-S-066", must, "RFC 9110 9.1", "names of methods have case: post is not POST"},
     [](Peer& peer) { return refuses(peer.ask(peer.request("post /stage2.htm HTTP/1.1", peer.body()))); }},
    {{"CER2-S-067", should, "RFC 9110 9.1", "a method that nobody knows is answered with 501, or with 405"},
     [](Peer& peer) { return has_status(peer.ask(peer.head("BREW /stage2.htm HTTP/1.1")), {405, 501}); }},
    {{"CER2-S-068", should, "RFC 9110 9.1", "GET of the report path is answered with 405"},
     [](Peer& peer) { return method_not_allowed(peer, "GET"); }},
    {{"CER2-S-069", must, "RFC 9110 15.5.6", "a 405 lists the methods that are allowed"}, allow_field},
    {{"CER2-S-070", gap, "MS-CER2 4.1", "a cab is not taken at the report path"},
     [](Peer& peer) { return refuses(peer.ask(peer.put("/stage2.htm", small_cab()))); }},
    {{"CER2-S-071", gap, "MS-CER2 4.1", "a report to another path is answered with 404"},
     [](Peer& peer) {
       return has_status(peer.ask(peer.request("POST /stage1.htm HTTP/1.1", peer.body())), {404});
     }},
    {{"CER2-S-072", gap, "RFC 9112 3.2.4", "OPTIONS * gets an answer that is no server error"},
     [](Peer& peer) {
       const Received received = peer.ask(peer.head("OPTIONS * HTTP/1.1"));
       if (!received.complete()) return failed(what_came(received));
       return received.message.status < 500 || received.message.status == 501 ? pass()
                                                                              : failed(what_came(received));
     }},
    {{"CER2-S-073", gap, "RFC 9112 3.2.3", "the server is no tunnel: CONNECT is refused"},
     [](Peer& peer) { return refuses(peer.ask(peer.head("CONNECT 127.0.0.1:9 HTTP/1.1"))); }},
    {{"CER2-S-074", gap, "RFC 9110 15.5.12", "a report without any length is answered with 411"},
     [](Peer& peer) { return has_status(peer.ask(peer.head(kPostLine)), {411}); }},
    {{"CER2-S-075", gap, "RFC 9110 15.5.14", "a length beyond reason is answered with 413 at once"},
     too_large},
    {{"CER2-S-076", gap, "RFC 9112 2", "TLS on the plain port is ended, not waited for"}, tls_hello},
    {{"CER2-S-077", gap, "RFC 9112 9.5", "connections that are reset leave the server as it was"},
     reset_in_the_middle},
});

}  // namespace

std::span<const ServerCase> framing_cases() {
  return kCases;
}

}  // namespace wheatstone::conform
