#include "mocks/http/message.hpp"

#include <gtest/gtest.h>

namespace wheatstone::http {
namespace {

struct Outcome {
  MessageReader::State state;
  ReadFailure failure;
  std::string reason, raw, body;
  std::size_t used;
  friend bool operator==(const Outcome&, const Outcome&) = default;
};

std::ostream& operator<<(std::ostream& out, const Outcome& o) {
  return out << "state " << static_cast<int>(o.state) << " failure " << static_cast<int>(o.failure) << " \""
             << o.reason << "\" used " << o.used << " body \"" << o.body << '"';
}

constexpr std::size_t kHeadLimit = 200;
constexpr std::size_t kBodyLimit = 10;

// Feeds `text` in pieces of `step` bytes.
Outcome read(std::string_view text, std::size_t step, MessageKind kind = MessageKind::request) {
  MessageReader reader(kind, kHeadLimit);
  std::size_t used = 0;
  for (std::size_t known = 0; known < text.size();) {
    known = std::min(text.size(), known + step);
    for (;;) {
      const std::size_t taken = reader.put(as_bytes(text.substr(used, known - used)));
      used += taken;
      if (reader.state() == MessageReader::State::head_done)
        reader.read_body(kBodyLimit);
      else if (taken == 0)
        break;
    }
  }
  if (kind == MessageKind::response) reader.end_of_input();
  return {reader.state(),
          reader.failure(),
          reader.reason(),
          std::string(as_text(reader.message().raw)),
          std::string(as_text(reader.message().body())),
          used};
}

struct Case {
  std::string text;
  ReadFailure failure;
  std::string body = {};
};

std::string request(std::string_view fields, std::string_view body = {}) {
  return "PUT /x HTTP/1.1\r\nHost: h\r\n" + std::string(fields) + "\r\n" + std::string(body);
}

std::vector<Case> cases() {
  constexpr auto kNone = ReadFailure::none;
  constexpr auto kSyntax = ReadFailure::syntax;
  const std::string padding(kHeadLimit - request("A: \r\n").size(), 'x');
  return {
      {request("Content-Length: 3\r\n", "abc"), kNone, "abc"},
      {request(""), kNone},
      {"\r\n\r\n" + request("Content-Length: 1\r\n", "a"), kNone, "a"},
      {request("Transfer-Encoding: chunked\r\n", "2;x=y\r\nab\r\n1\r\nc\r\n0\r\nHost: trailer\r\n\r\n"),
       kNone, "abc"},
      {request("Transfer-Encoding: CHUNKED\r\n", "0\r\n\r\n"), kNone},
      {"PUT \\a\\b HTTP/1.1\r\nHost: h\r\n\r\n", kNone},
      {request("Content-Length: 10\r\n", "0123456789"), kNone, "0123456789"},
      {request("Content-Length: 11\r\n", "01234567890"), ReadFailure::body_too_large},
      {request("Transfer-Encoding: chunked\r\n", "a\r\n0123456789\r\n0\r\n\r\n"), kNone, "0123456789"},
      {request("Transfer-Encoding: chunked\r\n", "b\r\n01234567890\r\n0\r\n\r\n"),
       ReadFailure::body_too_large},
      {request("A: " + padding + "\r\n"), kNone},
      {request("A: x" + padding + "\r\n"), ReadFailure::head_too_large},
      {request("Transfer-Encoding: gzip\r\n"), ReadFailure::transfer_coding},
      {request("Transfer-Encoding: gzip, chunked\r\n"), ReadFailure::transfer_coding},
      {request("Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n"), ReadFailure::transfer_coding},
      {request("Transfer-Encoding: gzip\r\nContent-Length: 1\r\n", "a"), ReadFailure::transfer_coding},
      {request("Transfer-Encoding: chunked\r\nTransfer-Encoding: gzip\r\n"), kSyntax},
      {request("Transfer-Encoding: chunked\r\nContent-Length: 1\r\n"), kSyntax},
      {request("Content-Length: 1\r\nTransfer-Encoding: chunked\r\n"), kSyntax},
      {request("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"), kSyntax},
      {request("Content-Length: 1\r\nContent-Length: 1\r\n", "a"), kSyntax},
      {request("Content-Length: 1, 1\r\n", "a"), kSyntax},
      {request("Content-Length: +1\r\n", "a"), kSyntax},
      {request("Content-Length: 18446744073709551616\r\n"), kSyntax},
      {request("Host: again\r\n"), kSyntax},
      {"GET / HTTP/1.1\r\nHost: a b\r\n\r\n", kSyntax},
      {"GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", kSyntax},
      {"GET / HTTP/1.1\r\nHost: [::1]:80\r\n\r\n", kNone},
      {"GET / HTTP/1.1\r\nHost:\r\n\r\n", kNone},
      {"GET / HTTP/1.1\r\n\r\n", kSyntax},
      {"GET / HTTP/1.0\r\n\r\n", kNone},
      {"PUT / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", kSyntax},
      {request("A: b\r\n c\r\n"), kSyntax},
      {"GET / HTTP/1.1\nHost: h\n\n", kSyntax},
      {"GET / HTTP/2.0\r\nHost: h\r\n\r\n", kSyntax},
      {"GET /a b HTTP/1.1\r\nHost: h\r\n\r\n", kSyntax},
      {request("A : b\r\n"), kSyntax},
      {"\x16\x03\x01\x02", kSyntax},
      {request("Transfer-Encoding: chunked\r\n", "x\r\n"), kSyntax},
  };
}

TEST(MessageReader, ReadsWhatHttpAllowsAndRefusesTheRest) {
  for (const Case& c : cases()) {
    const Outcome whole = read(c.text, c.text.size());
    EXPECT_EQ(whole.failure, c.failure) << c.text << "\n" << whole.reason;
    EXPECT_EQ(whole.state,
              c.failure == ReadFailure::none ? MessageReader::State::done : MessageReader::State::failed)
        << c.text;
    if (c.failure != ReadFailure::none) continue;
    EXPECT_EQ(whole.body, c.body) << c.text;
    EXPECT_EQ(whole.raw, c.text);
    EXPECT_EQ(whole.used, c.text.size());
  }
}

TEST(MessageReader, DoesNotDependOnHowTheBytesWereSplit) {
  for (const Case& c : cases()) {
    const Outcome whole = read(c.text, c.text.size());
    for (const std::size_t step : {1u, 2u, 3u, 7u}) {
      const Outcome split = read(c.text, step);
      EXPECT_EQ(split.failure, whole.failure) << c.text << " in steps of " << step;
      EXPECT_EQ(split.state, whole.state) << c.text << " in steps of " << step;
      if (whole.failure == ReadFailure::none) {
        EXPECT_EQ(split, whole) << c.text << " in steps of " << step;
      }
    }
  }
}

TEST(MessageReader, HasNoBodyBeforeTheHeadIsComplete) {
  EXPECT_EQ(read("GET / HTTP/1.1\r\nA: " + std::string(kHeadLimit, 'x'), 7).body, "");
  EXPECT_EQ(read("\x16\x03\x01", 3).body, "");
}

TEST(MessageReader, NamesTlsOnThePlainPort) {
  EXPECT_EQ(read("\x16\x03\x01", 3).reason, "this looks like TLS, but the port speaks plain HTTP");
}

TEST(MessageReader, IgnoresTrailersWhenTheyNameFieldsOfTheHead) {
  MessageReader reader(MessageKind::request);
  const std::string text = request("Transfer-Encoding: chunked\r\n", "0\r\nHost: evil\r\nX: y\r\n\r\n");
  std::size_t used = reader.put(as_bytes(text));
  reader.read_body();
  used += reader.put(as_bytes(std::string_view(text).substr(used)));
  EXPECT_EQ(used, text.size());
  EXPECT_EQ(reader.message().fields.size(), 2u);
  EXPECT_EQ(reader.message().field("HOST"), "h");
}

TEST(MessageReader, RefusesChunkHeadersThatOutweighTheBody) {
  MessageReader reader(MessageKind::request);
  reader.put(as_bytes(request("Transfer-Encoding: chunked\r\n")));
  reader.read_body(1000);
  const std::string chunk = "1;" + std::string(8000, 'x') + "\r\nb\r\n";
  std::size_t chunks = 0;
  while (reader.state() == MessageReader::State::body && chunks < 1000) {
    reader.put(as_bytes(chunk));
    ++chunks;
  }
  EXPECT_EQ(reader.failure(), ReadFailure::body_too_large);
  EXPECT_LT(chunks, 20u);
}

TEST(MessageReader, EndsAResponseWithoutALengthAtTheEndOfTheConnection) {
  const Outcome outcome = read("HTTP/1.1 200 OK\r\n\r\nabc", 4, MessageKind::response);
  EXPECT_EQ(outcome.state, MessageReader::State::done);
  EXPECT_EQ(outcome.body, "abc");
}

TEST(MessageReader, CallsAResponseThatEndsTooEarlyCutShort) {
  EXPECT_EQ(read("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nabc", 4, MessageKind::response).failure,
            ReadFailure::cut_short);
  EXPECT_EQ(read("HTTP/1.1 200 OK\r\n", 4, MessageKind::response).failure, ReadFailure::cut_short);
}

TEST(ImfFixdate, IsTheDateOfRfc9110) {
  EXPECT_EQ(imf_fixdate(FileTime{0}), "Mon, 01 Jan 1601 00:00:00 GMT");
  EXPECT_EQ(imf_fixdate(*parse_iso8601("1994-11-06T08:49:37Z")), "Sun, 06 Nov 1994 08:49:37 GMT");
}

}  // namespace
}  // namespace wheatstone::http
