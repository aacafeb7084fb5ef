#include "mocks/http/tls.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/mocks/support.hpp"

namespace wheatstone::http {
namespace {

using State = TlsChannel::State;
using testing::HasSubstr;
using testing::StartsWith;
using testing_support::TempFolder;
using testing_support::text_of;

constexpr FileTime kNow{128497001160460289};  // 2008

Identity made(const std::vector<std::string>& names = {"cer.example.com", "127.0.0.1"}) {
  auto identity = make_identity(names);
  EXPECT_TRUE(identity) << identity.error().text();
  return *identity;
}

TlsServer server_of(const Identity& identity, std::optional<TlsFault> fault = std::nullopt) {
  auto server = TlsServer::make(identity, fault);
  EXPECT_TRUE(server) << server.error().text();
  return *server;
}

TlsClient client_of(const Trust& trust) {
  auto client = TlsClient::make(trust);
  EXPECT_TRUE(client) << client.error().text();
  return *client;
}

// A client that trusts what this identity vouches for.
TlsClient client_for(const Identity& identity) {
  const TempFolder folder;
  const auto file = folder.path() / "trusted.pem";
  std::ofstream(file) << identity.certificate_pem;
  return client_of({.kind = Trust::Kind::file, .file = file});
}

TlsClient pinned(std::string fingerprint) {
  return client_of({.kind = Trust::Kind::fingerprint, .fingerprint = std::move(fingerprint)});
}

// Carries the bytes both ways, in pieces, until nobody has anything to say.
void carry(TlsChannel& a, TlsChannel& b, std::size_t step = ~std::size_t{0}) {
  const auto pass = [step](TlsChannel& from, TlsChannel& to) {
    const Buffer bytes = from.take_output();
    for (std::size_t at = 0; at < bytes.size(); at += std::min(step, bytes.size() - at))
      to.receive(Bytes(bytes).subspan(at, std::min(step, bytes.size() - at)));
    return !bytes.empty();
  };
  while (pass(a, b) | pass(b, a)) {
  }
}

struct Pair {
  TlsChannel client;
  TlsChannel server;

  Pair(const TlsClient& c, const TlsServer& s, const std::string& host = "cer.example.com",
       FileTime now = kNow)
      : client(TlsChannel::connect(c, host, now)), server(TlsChannel::accept(s)) {
    carry(client, server);
  }
};

TEST(TlsChannel, CarriesBytesBothWays) {
  const Identity identity = made();
  const TlsServer server = server_of(identity);
  EXPECT_EQ(server.fingerprint(), fingerprint(identity));
  for (const std::size_t step : {std::size_t{1}, std::size_t{1000}, ~std::size_t{0}}) {
    TlsChannel client = TlsChannel::connect(client_for(identity), "cer.example.com", kNow);
    TlsChannel accepted = TlsChannel::accept(server);
    client.send(as_bytes("early"));
    carry(client, accepted, step);
    ASSERT_EQ(client.state(), State::open) << client.reason();
    ASSERT_EQ(accepted.state(), State::open) << accepted.reason();
    EXPECT_EQ(client.version(), "TLSv1.3");
    EXPECT_EQ(text_of(accepted.take_input()), "early");

    const Buffer large(100'000, 'x');
    accepted.send(large);
    client.send(as_bytes("small"));
    carry(client, accepted, step);
    EXPECT_EQ(client.take_input(), large);
    EXPECT_EQ(text_of(accepted.take_input()), "small");

    client.close();
    carry(client, accepted, step);
    EXPECT_EQ(accepted.state(), State::ended);
    accepted.send(as_bytes("late"));
    carry(client, accepted, step);
    EXPECT_EQ(text_of(client.take_input()), "late");
    accepted.close();
    carry(client, accepted, step);
    EXPECT_EQ(client.state(), State::ended);
    client.end_of_input();
    EXPECT_EQ(client.state(), State::ended);
  }
}

TEST(TlsChannel, ClosesAfterTheHandshakeWhatWasClosedBefore) {
  const Identity identity = made();
  TlsChannel client = TlsChannel::connect(client_for(identity), "cer.example.com", kNow);
  TlsChannel server = TlsChannel::accept(server_of(identity));
  client.send(as_bytes("all"));
  client.close();
  carry(client, server);
  EXPECT_EQ(text_of(server.take_input()), "all");
  EXPECT_EQ(server.state(), State::ended);
}

TEST(TlsChannel, TellsACutFromAnEnd) {
  const Identity identity = made();
  Pair pair(client_for(identity), server_of(identity));
  pair.client.end_of_input();
  EXPECT_EQ(pair.client.state(), State::failed);
  EXPECT_EQ(pair.client.reason(), "the connection ended without a close of TLS");
  TlsChannel early = TlsChannel::accept(server_of(identity));
  early.end_of_input();
  EXPECT_EQ(early.reason(), "the connection ended in the middle of the TLS handshake");
}

TEST(TlsChannel, NamesPlainHttp) {
  TlsChannel server = TlsChannel::accept(server_of(made()));
  server.receive(as_bytes("POST /stage2.htm HTTP/1.1\r\n"));
  EXPECT_EQ(server.state(), State::failed);
  EXPECT_EQ(server.reason(), "this looks like plain HTTP, but the port speaks TLS");
  TlsChannel client = TlsChannel::connect(client_of({.kind = Trust::Kind::anyone}), "h", kNow);
  client.receive(as_bytes("HTTP/1.1 400 Bad Request\r\n"));
  EXPECT_EQ(client.state(), State::failed);
  EXPECT_EQ(client.reason(), "the other side does not speak TLS");
}

TEST(TlsChannel, NoticesAChangedByte) {
  const Identity identity = made();
  Pair pair(client_for(identity), server_of(identity));
  pair.client.send(as_bytes("data"));
  Buffer bytes = pair.client.take_output();
  bytes.back() ^= 1;
  pair.server.receive(bytes);
  EXPECT_EQ(pair.server.state(), State::failed);
  EXPECT_THAT(pair.server.reason(), HasSubstr("bad record mac"));
  EXPECT_TRUE(pair.server.take_input().empty());
  EXPECT_FALSE(pair.server.take_output().empty());  // the alert
}

TEST(Trust, HoldsTheNameAgainstTheCertificate) {
  const Identity identity = made({"cer.example.com", "*.wild.example.com", "127.0.0.1", "::1"});
  const TlsServer server = server_of(identity);
  const TlsClient client = client_for(identity);
  for (const char* host : {"cer.example.com", "CER.example.com", "a.wild.example.com", "127.0.0.1", "::1"})
    EXPECT_EQ(Pair(client, server, host).client.state(), State::open) << host;
  for (const char* host : {"example.com", "a.b.wild.example.com", "127.0.0.2", "::2", ""})
    EXPECT_EQ(Pair(client, server, host).client.state(), State::failed) << host;
  Pair other(client, server, "other.example.com");
  EXPECT_THAT(other.client.reason(),
              StartsWith("the server's certificate is not trusted: hostname mismatch (its fingerprint is " +
                         fingerprint(identity)));
  EXPECT_EQ(other.server.state(), State::failed);
}

TEST(Trust, HoldsTheTimeAgainstTheCertificate) {
  const Identity identity = made();
  const TlsServer server = server_of(identity);
  const TlsClient client = client_for(identity);
  const auto state = [&](FileTime now) { return Pair(client, server, "127.0.0.1", now).client.state(); };
  EXPECT_EQ(state(kLongValidity.from), State::open);
  // OpenSSL takes the last second as over.
  EXPECT_EQ(state({kLongValidity.to.ticks - FileTime::kPerSecond}), State::open);
  EXPECT_EQ(state({kLongValidity.from.ticks - FileTime::kPerSecond}), State::failed);
  EXPECT_EQ(state(kLongValidity.to + FileTime::kPerSecond), State::failed);
  EXPECT_EQ(state({0}), State::failed);
}

TEST(Trust, TakesNobodyUnlessTold) {
  const Identity identity = made();
  const TlsServer server = server_of(identity);
  EXPECT_EQ(Pair(client_for(made()), server).client.state(), State::failed);
  EXPECT_EQ(Pair(client_of({}), server).client.state(), State::failed);  // the machine does not know it
  EXPECT_EQ(Pair(client_of({.kind = Trust::Kind::anyone}), server, "whoever").client.state(), State::open);
}

TEST(Trust, TakesAFingerprintWhateverTheCertificateSays) {
  const Identity identity = made();
  const TlsServer server = server_of(identity);
  std::string digits;
  for (const char c : fingerprint(identity))
    if (c != ':') digits += static_cast<char>(std::tolower(c));
  EXPECT_EQ(Pair(pinned(fingerprint(identity)), server, "whoever", {0}).client.state(), State::open);
  EXPECT_EQ(Pair(pinned(digits), server).client.state(), State::open);
  Pair other(pinned(fingerprint(made())), server);
  EXPECT_EQ(other.client.reason(),
            "the server's certificate has another fingerprint: " + fingerprint(identity));
  digits.back() = 'g';
  for (const std::string& wrong : {std::string(), std::string(62, '0'), std::string(66, '0'), digits}) {
    const auto client = TlsClient::make({.kind = Trust::Kind::fingerprint, .fingerprint = wrong});
    ASSERT_FALSE(client) << wrong;
    EXPECT_EQ(client.error().kind, ErrorKind::invalid_argument);
  }
}

TEST(Trust, SaysWhatIsWrongWithItsFile) {
  const TempFolder folder;
  const auto file = folder.path() / "trusted.pem";
  const auto missing = TlsClient::make({.kind = Trust::Kind::file, .file = file});
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().kind, ErrorKind::io);
  std::ofstream(file) << "nothing";
  const auto empty = TlsClient::make({.kind = Trust::Kind::file, .file = file});
  ASSERT_FALSE(empty);
  EXPECT_THAT(empty.error().text(), HasSubstr("trusted.pem: there is no PEM certificate"));
}

TEST(TlsServer, RefusesAnIdentityThatDoesNotFit) {
  Identity identity = made();
  identity.private_key_pem = made().private_key_pem;
  const auto server = TlsServer::make(identity);
  ASSERT_FALSE(server);
  EXPECT_EQ(server.error().kind, ErrorKind::malformed);
  EXPECT_FALSE(TlsServer::make({}));
}

struct Seen {
  TlsFault fault;
  std::string client_reason;  // begins so
};

TEST(TlsFault, IsTheOnlyThingThatTheClientSees) {
  const Identity identity = made();
  const TlsClient client = client_for(identity);
  const std::string untrusted = "the server's certificate is not trusted: ";
  for (const Seen& seen : {
           Seen{TlsFault::expired, untrusted + "certificate has expired"},
           Seen{TlsFault::not_yet_valid, untrusted + "certificate is not yet valid"},
           Seen{TlsFault::wrong_host, untrusted + "hostname mismatch"},
           Seen{TlsFault::untrusted, untrusted + "self-signed certificate"},
           Seen{TlsFault::old_version, "the TLS handshake failed: tlsv1 alert protocol version"},
           Seen{TlsFault::handshake_garbage, "the other side does not speak TLS"},
           Seen{TlsFault::handshake_alert, "the TLS handshake failed: sslv3 alert handshake failure"},
       }) {
    Pair pair(client, server_of(identity, seen.fault));
    EXPECT_EQ(pair.client.state(), State::failed) << info(seen.fault).name;
    EXPECT_THAT(pair.client.reason(), StartsWith(seen.client_reason)) << info(seen.fault).name;
    EXPECT_EQ(pair.server.state(), State::failed) << info(seen.fault).name;
  }
  Pair closed(client, server_of(identity, TlsFault::handshake_close));
  EXPECT_EQ(closed.client.state(), State::handshake);
  EXPECT_EQ(closed.server.state(), State::failed);
  EXPECT_TRUE(closed.server.take_output().empty());
  Pair silent(client, server_of(identity, TlsFault::handshake_silence));
  EXPECT_EQ(silent.client.state(), State::handshake);
  EXPECT_EQ(silent.server.state(), State::handshake);
}

TEST(TlsFault, WaitsForTheWholeClientHello) {
  TlsChannel server = TlsChannel::accept(server_of(made(), TlsFault::handshake_alert));
  server.receive(as_bytes(std::string_view("\x16\x03\x01\x00\x02\x01", 6)));
  EXPECT_EQ(server.state(), State::handshake);
  server.receive(as_bytes("x"));
  EXPECT_EQ(server.state(), State::failed);
  EXPECT_EQ(server.reason(), "the handshake was broken on purpose: the fatal alert handshake_failure");
}

TEST(TlsFault, OfACertificateThatVouchesForNobodyIsUntrustedToo) {
  const auto leaf = faulty_identity(TlsFault::wrong_host, made());  // signed, and may not sign
  ASSERT_TRUE(leaf);
  const auto faulty = faulty_identity(TlsFault::expired, *leaf);
  ASSERT_TRUE(faulty);
  EXPECT_EQ(Pair(pinned(fingerprint(*faulty)), server_of(*faulty)).client.state(), State::open);
  EXPECT_EQ(faulty->certificate_pem.find(leaf->certificate_pem), std::string::npos);
}

}  // namespace
}  // namespace wheatstone::http
