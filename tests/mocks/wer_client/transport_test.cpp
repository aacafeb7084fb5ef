// HTTPS and who sends: the client against a server that speaks TLS and asks.
#include "mocks/wer_client/transport.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mocks/wer_client/client.hpp"
#include "tests/formats/cer/examples.hpp"
#include "tests/mocks/http_server.hpp"
#include "tests/mocks/support.hpp"

namespace wheatstone::wer_client {
namespace {

using http::TlsFault;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;
using testing_support::HttpServer;
using testing_support::RawClient;
using testing_support::ScriptedServer;
using testing_support::text_of;

constexpr FileTime kNow{128497001160460289};
constexpr std::size_t kMost = 1u << 20;
constexpr std::chrono::milliseconds kTime{20'000};
constexpr char kRequest[] =
    "PUT /x HTTP/1.1\r\nHost: cer.example.com\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\nbody";

const http::Identity& identity() {
  static const http::Identity made = *http::make_identity({"cer.example.com"});
  return made;
}

http::TlsServer server(std::optional<TlsFault> fault = std::nullopt) {
  return *http::TlsServer::make(identity(), fault);
}

http::Trust pin() {
  return {.kind = http::Trust::Kind::fingerprint, .fingerprint = http::fingerprint(identity())};
}

http::Accounts mary() {
  return {.passwords = {{"mary", "secret"}}};
}

struct Sender {
  SeededRandom random{5};
  VirtualClock clock{kNow};
  std::optional<http::Initiator> initiator;
  Security security{.tls = *http::TlsClient::make(pin()), .host = "cer.example.com", .now = kNow};

  void be(const std::string& user, const std::string& password) {
    initiator.emplace(http::Credentials{.user = user, .password = password}, random, clock);
    security.initiator = &*initiator;
  }
  Transfer send(std::uint16_t port, std::string_view request = kRequest, const Delivery& delivery = {},
                std::chrono::milliseconds time = kTime) {
    return transfer({"127.0.0.1", port}, as_bytes(request), kMost, time, delivery, security);
  }
};

TEST(Transfer, GoesOverTls) {
  const std::string large(100'000, 'x');
  HttpServer http({.tls = server(), .answer = [&](const http::Message& request) {
                     EXPECT_EQ(text_of(request.body()), "body");
                     return "HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n" + large;
                   }});
  const Transfer done = Sender().send(http.port());
  ASSERT_FALSE(done.error) << done.error->text();
  EXPECT_EQ(text_of(done.message->body()), large);
  EXPECT_EQ(text_of(done.request), kRequest);
  EXPECT_TRUE(done.legs.empty());
}

TEST(Transfer, SaysWhatIsWrongWithTls) {
  Sender sender;
  const auto error = [&](std::uint16_t port, std::chrono::milliseconds time = kTime) {
    const Transfer done = sender.send(port, kRequest, {}, time);
    EXPECT_FALSE(done.message);
    return done.error ? done.error->message : std::string();
  };
  ScriptedServer plain({"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"});
  plain.read_at_most = 16;
  EXPECT_EQ(error(plain.port()), "no TLS with the server: the other side does not speak TLS");
  const HttpServer closing({.tls = server(TlsFault::handshake_close)});
  EXPECT_EQ(error(closing.port()),
            "no TLS with the server: the connection ended in the middle of the TLS handshake");
  const HttpServer silent({.tls = server(TlsFault::handshake_silence)});
  EXPECT_EQ(error(silent.port(), std::chrono::milliseconds(50)), "no TLS with the server: no answer in time");
  const HttpServer expired({.tls = server(TlsFault::expired)});
  EXPECT_THAT(error(expired.port()),
              StartsWith("no TLS with the server: the server's certificate has another"));
  EXPECT_TRUE(expired.seen().empty());
}

// An answer without a length ends with the connection; only a close of TLS says that nobody cut it.
TEST(Transfer, NoticesAnAnswerThatWasCut) {
  for (const bool cuts : {false, true}) {
    const HttpServer http({.tls = server(),
                           .answer =
                               [](const http::Message&) {
                                 return std::string("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nhalf");
                               },
                           .closes = true,
                           .cuts = cuts});
    const Transfer done = Sender().send(http.port());
    EXPECT_EQ(text_of(done.response), "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nhalf");
    EXPECT_EQ(done.message.has_value(), !cuts);
    EXPECT_EQ(done.error ? done.error->message : "",
              cuts ? "the response did not arrive: the connection ended without a close of TLS" : "");
  }
}

TEST(Transfer, SaysWhoSendsWhenAsked) {
  HttpServer http({.tls = server(), .accounts = mary()});
  Sender sender;
  sender.be("mary", "secret");
  const Transfer done = sender.send(http.port());
  ASSERT_FALSE(done.error) << done.error->text();
  EXPECT_EQ(done.message->status, 200u);
  ASSERT_EQ(done.legs.size(), 2u);
  EXPECT_EQ(text_of(done.legs[0].request), kRequest);
  EXPECT_THAT(text_of(done.legs[1].request),
              AllOf(StartsWith("PUT /x HTTP/1.1\r\nHost: cer.example.com\r\nContent-Length: 0\r\n"
                               "Authorization: Negotiate "),
                    Not(HasSubstr("Expect")), Not(HasSubstr("body"))));
  EXPECT_THAT(text_of(done.request), AllOf(HasSubstr("\r\nContent-Length: 4\r\nAuthorization: Negotiate oY"),
                                           testing::EndsWith("\r\n\r\nbody")));
  const auto seen = http.seen();
  ASSERT_EQ(seen.size(), 3u);
  EXPECT_EQ(seen[2].connection, 1u);
  EXPECT_EQ(seen[2].user, "mary");
  EXPECT_EQ(seen[2].request.raw, done.request);
  EXPECT_EQ(seen[1].request.raw, done.legs[1].request);
}

TEST(Transfer, GoesOnAfterAServerThatClosesFirst) {
  HttpServer http({.tls = server(), .accounts = mary(), .closes_after_refusal = true});
  Sender sender;
  sender.be("mary", "secret");
  const Transfer done = sender.send(http.port());
  ASSERT_FALSE(done.error) << done.error->text();
  EXPECT_EQ(done.message->status, 200u);
  const auto seen = http.seen();
  ASSERT_EQ(seen.size(), 3u);
  EXPECT_EQ(seen[0].connection, 1u);
  EXPECT_EQ(seen[2].connection, 2u);
}

TEST(Transfer, GivesUpWhenItIsNotTaken) {
  HttpServer http({.tls = server(), .accounts = mary()});
  Sender sender;
  sender.be("mary", "wrong");
  const Transfer done = sender.send(http.port());
  ASSERT_TRUE(done.error);
  EXPECT_EQ(done.error->message, "the server does not take the user \"mary\"");
  EXPECT_EQ(done.message->status, 401u);
  EXPECT_EQ(done.legs.size(), 2u);
  EXPECT_EQ(http.seen().size(), 3u);
}

TEST(Transfer, SaysNothingOverPlainHttp) {
  HttpServer http({.accounts = http::Accounts{}});
  Sender sender;
  sender.be("mary", "secret");
  sender.security.tls.reset();
  const Transfer done = sender.send(http.port());
  ASSERT_TRUE(done.error);
  EXPECT_EQ(done.error->message, "the server asks who sends, and that is not said over plain HTTP");
  ASSERT_EQ(http.seen().size(), 1u);
  EXPECT_FALSE(http.seen()[0].request.field("Authorization"));
}

TEST(Transfer, LeavesA401AloneWithoutAnInitiator) {
  HttpServer http({.tls = server(), .accounts = mary()});
  const Transfer done = Sender().send(http.port());
  EXPECT_FALSE(done.error);
  EXPECT_EQ(done.message->status, 401u);
  EXPECT_TRUE(done.legs.empty());
}

TEST(Transfer, EndsALoopOf401) {
  // Challenges for ever: each leg gets the same one.
  SeededRandom random(1);
  const http::Accounts accounts = mary();
  http::Acceptor acceptor(accounts, random);
  const std::string challenge = acceptor.judge("NTLM TlRMTVNTUAABAAAABwIAAA==").www_authenticate.at(0);
  HttpServer http({.tls = server(), .answer = [&](const http::Message& request) {
                     return "HTTP/1.1 401 X\r\nContent-Length: 0\r\nWWW-Authenticate: " +
                            (request.field("Authorization") ? challenge : std::string("NTLM")) + "\r\n\r\n";
                   }});
  Sender sender;
  sender.be("mary", "secret");
  const Transfer done = sender.send(http.port());
  ASSERT_TRUE(done.error);
  EXPECT_EQ(done.message->status, 401u);
  EXPECT_EQ(http.seen().size(), 3u);
}

Config config_for(std::uint16_t port) {
  Config config;
  config.corporate_wer_server = "cer.example.com";
  config.default_consent = Consent::all_data;
  config.connect_to = Endpoint{"127.0.0.1", port};
  config.trust = pin();
  return config;
}

std::string ask_for_a_cab(const http::Message& request) {
  const std::string answer = request.method == "POST" ? "iData=1\r\nDumpFile=/1.cab\r\n" : "";
  return "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(answer.size()) + "\r\n\r\n" + answer;
}

Submission submission() {
  return {cer::examples::kernel_fault(), {{.name = "a.dmp", .type = cer::FileType::minidump, .data = {1}}}};
}

const VirtualClock kClock(kNow);

TEST(Client, ReportsOverTlsAndProvesBothConnections) {
  HttpServer http({.tls = server(), .accounts = mary(), .answer = ask_for_a_cab});
  SeededRandom random(9);
  Config config = config_for(http.port());
  config.corporate_wer_use_authentication = true;  // which implies HTTPS
  config.credentials = {.user = "mary", .password = "secret", .domain = "CORP"};
  config.random = &random;
  const Outcome outcome = Client(config, kClock, nullptr).submit(submission());
  EXPECT_EQ(outcome.result, SubmitResult::uploaded_cab) << outcome.detail;
  ASSERT_EQ(outcome.exchanges.size(), 2u);
  for (const Exchange& exchange : outcome.exchanges) {
    EXPECT_EQ(exchange.status, 200u);
    EXPECT_EQ(exchange.legs.size(), 2u);
  }
  const auto seen = http.seen();
  ASSERT_EQ(seen.size(), 6u);
  EXPECT_EQ(seen[2].user, "CORP\\mary");
  EXPECT_EQ(seen[5].user, "CORP\\mary");
  EXPECT_EQ(seen[5].connection, 2u);
  EXPECT_EQ(seen[5].request.raw, outcome.exchanges[1].request);
}

TEST(Client, DoesNotSayWhoItIsUnlessTold) {
  HttpServer http({.tls = server(), .accounts = mary()});
  Config config = config_for(http.port());
  config.corporate_wer_use_ssl = true;
  config.credentials = {.user = "mary", .password = "secret"};
  const Outcome outcome = Client(config, kClock, nullptr).submit(submission());
  EXPECT_EQ(outcome.result, SubmitResult::failed);
  EXPECT_EQ(outcome.detail, "POST /stage2.htm: the server answered 401");
  EXPECT_EQ(http.seen().size(), 1u);
}

TEST(Client, SendsNothingToAServerItDoesNotTrust) {
  HttpServer http({.tls = server()});
  Config config = config_for(http.port());
  config.corporate_wer_use_ssl = true;
  config.trust = {};
  const Outcome untrusted = Client(config, kClock, nullptr).submit(submission());
  EXPECT_EQ(untrusted.result, SubmitResult::failed);
  EXPECT_THAT(untrusted.detail,
              HasSubstr("the server's certificate is not trusted: self-signed certificate"));
  config.trust = {.kind = http::Trust::Kind::file, .file = "/none"};
  const Outcome unreadable = Client(config, kClock, nullptr).submit(submission());
  EXPECT_EQ(unreadable.result, SubmitResult::failed);
  EXPECT_THAT(unreadable.detail, StartsWith("HTTPS cannot be spoken: /none: the file cannot be read"));
  EXPECT_TRUE(http.seen().empty());
}

}  // namespace
}  // namespace wheatstone::wer_client
