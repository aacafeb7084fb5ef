// The server behind TLS, and who it lets in.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mocks/http/tls.hpp"
#include "tests/mocks/cer_server/bench.hpp"

namespace wheatstone::cer_server {
namespace {

using http::TlsChannel;
using testing::HasSubstr;
using testing::StartsWith;

// A client that trusts one certificate.
class TlsClient {
 public:
  TlsClient(const Server& server, std::string_view fingerprint)
      : socket_(server.port()), channel_(connect(fingerprint)) {}

  void send(std::string_view text) {
    channel_.send(as_bytes(text));
    flush();
  }

  // Head and body; less if nothing more comes.
  std::string read_response() {
    constexpr std::string_view kLength = "Content-Length: ";
    for (;;) {
      const std::size_t end = text_.find("\r\n\r\n"), length = text_.find(kLength);
      if (length < end && text_.size() >= end + 4 + std::stoul(text_.substr(length + kLength.size())))
        return std::exchange(text_, {});
      if (!step()) return std::exchange(text_, {});
    }
  }

  // Until the other side ended.
  std::string read_all() {
    while (step()) {
    }
    return std::exchange(text_, {});
  }

  const TlsChannel& channel() const { return channel_; }

 private:
  static TlsChannel connect(std::string_view fingerprint) {
    const auto client = http::TlsClient::make(
        {.kind = http::Trust::Kind::fingerprint, .fingerprint = std::string(fingerprint)});
    EXPECT_TRUE(client);
    return TlsChannel::connect(*client, "127.0.0.1", kNow);
  }

  void flush() {
    const Buffer out = channel_.take_output();
    if (!out.empty()) socket_.send(as_text(out));
  }

  bool step() {
    flush();
    const std::string wire = socket_.read_some();
    if (wire.empty()) channel_.end_of_input();
    channel_.receive(as_bytes(wire));
    text_ += text_of(channel_.take_input());
    flush();
    return !wire.empty() && channel_.state() != TlsChannel::State::failed;
  }

  RawClient socket_;
  TlsChannel channel_;
  std::string text_;
};

TEST(Tls, CarriesAReportAndItsCab) {
  Bench bench({.tls = Tls{}});
  TlsClient client(*bench.server, bench.server->fingerprint());
  client.send(post());
  const std::string answer = client.read_response();
  ASSERT_THAT(answer, StartsWith("HTTP/1.1 200 OK"));
  client.send(sized("PUT " + issued_path(answer), cab()));
  EXPECT_THAT(client.read_response(), StartsWith("HTTP/1.1 200 OK"));
  EXPECT_EQ(client.channel().version(), "TLSv1.3");
  EXPECT_EQ(bench.recorder.wait_for(2)[1].kind, Exchange::Kind::level2);
}

TEST(Tls, TakesACabThatIsLargerThanAnyBuffer) {
  TempFolder folder;
  Bench bench({.tls = Tls{}, .store = folder.path()});
  const std::string large = text_of(*cab::write({{"Version.txt", Buffer(5'000'000, 7)}}, kNow));
  TlsClient client(*bench.server, bench.server->fingerprint());
  client.send(post());
  client.send(sized("PUT " + issued_path(client.read_response()), large));
  EXPECT_THAT(client.read_response(), StartsWith("HTTP/1.1 200 OK"));
  EXPECT_EQ(bench.recorder.wait_for(2)[1].cab_size, large.size());
}

TEST(Tls, CutInTheMiddleGivesThePathBack) {
  TempFolder folder;
  Bench bench({.tls = Tls{}, .store = folder.path()});
  std::string path;
  {
    TlsClient client(*bench.server, bench.server->fingerprint());
    client.send(post());
    path = issued_path(client.read_response());
    const std::string put = sized("PUT " + path, cab());
    client.send(put.substr(0, put.size() - 1));
  }
  EXPECT_EQ(codes(bench.recorder.wait_for(2)[1].verdict.findings), "tls-failed request-incomplete");
  TlsClient again(*bench.server, bench.server->fingerprint());
  again.send(sized("PUT " + path, cab()));
  EXPECT_THAT(again.read_response(), StartsWith("HTTP/1.1 200 OK"));
  EXPECT_EQ(bench.recorder.wait_for(3).size(), 3u) << "the end of the first client told nothing more";
}

TEST(Tls, SaysGoodbye) {
  Bench bench({.tls = Tls{}});
  TlsClient client(*bench.server, bench.server->fingerprint());
  client.send("GET /elsewhere HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
  EXPECT_THAT(client.read_all(), StartsWith("HTTP/1.1 404"));
  EXPECT_EQ(client.channel().state(), TlsChannel::State::ended);
}

TEST(Tls, TellsOfAClientThatSpeaksSomethingElse) {
  Bench bench({.tls = Tls{}});
  RawClient client(bench.server->port());
  client.send(post());
  client.read_all();
  const auto seen = bench.recorder.wait_for(1);
  EXPECT_EQ(codes(seen[0].verdict.findings), "tls-failed");
  EXPECT_EQ(seen[0].verdict.status, 0u);
}

TEST(Tls, IsBrokenOnRequestForTheFirstConnections) {
  for (const http::TlsFaultInfo& fault : http::kTlsFaults) {
    if (fault.fault == http::TlsFault::handshake_silence) continue;  // below
    Bench bench({.tls = Tls{.fault = fault.fault, .times = 1}});
    TlsClient first(*bench.server, bench.server->fingerprint());
    first.send(post());
    EXPECT_EQ(first.read_all(), "") << fault.name;
    TlsClient second(*bench.server, bench.server->fingerprint());
    second.send(post());
    EXPECT_THAT(second.read_response(), StartsWith("HTTP/1.1 200 OK")) << fault.name;
  }
}

TEST(Tls, SilenceEndsWithTheHead) {
  Options options{.tls = Tls{.fault = http::TlsFault::handshake_silence}};
  options.limits.head_time = std::chrono::milliseconds(50);
  Bench bench(options);
  TlsClient client(*bench.server, bench.server->fingerprint());
  EXPECT_EQ(client.read_all(), "");
}

TEST(Tls, NeedsAnIdentityThatFits) {
  Bench bench;
  const auto server = Server::start(
      {.port = 0, .tls = Tls{.identity = http::Identity{.certificate_pem = "no", .private_key_pem = "no"}}},
      {asking()}, bench.clock, bench.random);
  ASSERT_FALSE(server);
  EXPECT_EQ(server.error().kind, ErrorKind::malformed);
}

TEST(Tls, WithAccountsMayListenToOtherMachines) {
  Bench bench;
  const auto start = [&bench](std::optional<Tls> tls, std::optional<http::Accounts> accounts) {
    return Server::start(
        {.address = "0.0.0.0", .port = 0, .tls = std::move(tls), .accounts = std::move(accounts)}, {asking()},
        bench.clock, bench.random);
  };
  const http::Accounts known{.passwords = {{"alice", "wonderland"}}};
  EXPECT_TRUE(start(Tls{}, known));
  EXPECT_THAT(start(Tls{}, http::Accounts{}).error().message, HasSubstr("no account with a password"));
  EXPECT_THAT(start({}, known).error().message, HasSubstr("no encryption"));
}

// The legs of a handshake over one connection, as a client makes them.
std::string leg(std::string_view line, std::string_view authorization, std::string_view body = {}) {
  return fmt::format("{} HTTP/1.1\r\nHost: h\r\nAuthorization: {}\r\nContent-Length: {}\r\n\r\n{}", line,
                     authorization, body.size(), body);
}

std::vector<std::string_view> asked(std::string_view response) {
  constexpr std::string_view kField = "WWW-Authenticate: ";
  std::vector<std::string_view> values;
  for (std::size_t at = response.find(kField); at != std::string_view::npos; at = response.find(kField, at)) {
    at += kField.size();
    values.push_back(response.substr(at, response.find("\r\n", at) - at));
  }
  return values;
}

struct Login {
  SeededRandom random{3};
  VirtualClock clock{kNow};
  http::Initiator initiator;

  explicit Login(std::string password)
      : initiator({.user = "alice", .password = std::move(password)}, random, clock) {}
};

TEST(Authentication, LetsInWhoProvesIt) {
  Bench bench({.accounts = http::Accounts{.passwords = {{"Alice", "wonderland"}}}});
  RawClient client(bench.server->port());
  Login login("wonderland");
  client.send(post());
  std::string response = client.read_response();
  EXPECT_THAT(response, StartsWith("HTTP/1.1 401 Unauthorized"));
  EXPECT_THAT(asked(response), testing::ElementsAre("Negotiate", "NTLM"));
  client.send(leg("POST /stage2.htm", *login.initiator.next(asked(response))));
  response = client.read_response();
  EXPECT_THAT(response, StartsWith("HTTP/1.1 401 Unauthorized"));
  const std::string document = text_of(*cer::write_report(cer::examples::kernel_fault()));
  client.send(leg("POST /stage2.htm", *login.initiator.next(asked(response)), document));
  response = client.read_response();
  EXPECT_THAT(response, StartsWith("HTTP/1.1 200 OK"));
  // The connection is known from here on.
  client.send(sized("PUT " + issued_path(response), cab()));
  EXPECT_THAT(client.read_response(), StartsWith("HTTP/1.1 200 OK"));
  const auto seen = bench.recorder.wait_for(2);
  ASSERT_EQ(seen.size(), 2u) << "legs are told to nobody";
  EXPECT_EQ(seen[0].report_number, 1u);
  EXPECT_EQ(codes(seen[0].verdict.findings), "");
}

TEST(Authentication, RefusesAWrongPasswordAndTellsOfIt) {
  Bench bench({.accounts = http::Accounts{.passwords = {{"alice", "wonderland"}}}});
  RawClient client(bench.server->port());
  Login login("looking glass");
  client.send(leg("POST /stage2.htm", *login.initiator.next({"NTLM"})));
  const std::string challenge = client.read_response();
  client.send(leg("POST /stage2.htm", *login.initiator.next(asked(challenge))));
  EXPECT_THAT(client.read_response(), StartsWith("HTTP/1.1 401 Unauthorized"));
  const auto seen = bench.recorder.wait_for(1);
  EXPECT_EQ(seen[0].verdict.status, 401u);
  ASSERT_EQ(seen[0].verdict.findings.size(), 1u);
  EXPECT_EQ(seen[0].verdict.findings[0].severity, FindingSeverity::error);
}

TEST(Authentication, KeepsTheSiteFromStrangers) {
  TempFolder folder;
  Bench bench({.accounts = http::Accounts{.passwords = {{"alice", "wonderland"}}}, .store = folder.path()});
  RawClient client(bench.server->port());
  client.send("GET /api/reports HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
  EXPECT_THAT(client.read_response(), StartsWith("HTTP/1.1 401 Unauthorized"));
}

TEST(Authentication, ReadsAndDropsTheBodyOfALeg) {
  TempFolder folder;
  Bench bench({.accounts = http::Accounts{}, .store = folder.path()});
  RawClient client(bench.server->port());
  client.send(sized("PUT /put/1-0.cab", std::string(300'000, 'x')));
  EXPECT_THAT(client.read_response(), StartsWith("HTTP/1.1 401 Unauthorized"));
  client.send(
      "POST /stage2.htm HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n");
  EXPECT_THAT(client.read_response(), StartsWith("HTTP/1.1 401 Unauthorized"));
  // The same connection may still prove itself.
  Login login("anything");
  client.send(leg("POST /stage2.htm", *login.initiator.next({"NTLM"})));
  const std::string challenge = client.read_response();
  const std::string document = text_of(*cer::write_report(cer::examples::kernel_fault()));
  client.send(leg("POST /stage2.htm", *login.initiator.next(asked(challenge)), document));
  EXPECT_THAT(client.read_response(), StartsWith("HTTP/1.1 200 OK"));
}

}  // namespace
}  // namespace wheatstone::cer_server
