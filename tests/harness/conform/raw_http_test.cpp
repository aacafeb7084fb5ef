// Sockets with deadlines: what is sent is what was given, and what comes is told apart.
#include "harness/conform/raw_http.hpp"

#include <gtest/gtest.h>
#include <sys/socket.h>

#include <functional>
#include <thread>

namespace wheatstone::conform {
namespace {

using End = Received::End;

constexpr Milliseconds kTime{2'000};
constexpr Milliseconds kShort{100};

// Both ends of a connection.
struct Pair {
  Connection client;
  Connection server;

  static Pair make(Milliseconds client_time = kTime) {
    auto listener = Listener::open(0);
    EXPECT_TRUE(listener) << listener.error().text();
    auto client = Connection::open({"127.0.0.1", listener->port()}, client_time);
    EXPECT_TRUE(client) << client.error().text();
    auto server = listener->accept(kTime, kTime);
    EXPECT_TRUE(server);
    return {std::move(*client), std::move(*server)};
  }
};

TEST(ParseUrl, TakesHostAndPort) {
  struct Row {
    std::string_view url, host;
    std::uint16_t port;
  };
  for (const Row& row :
       {Row{"http://127.0.0.1:8080", "127.0.0.1", 8080}, Row{"http://h", "h", 1273},
        Row{"HTTP://localhost:1/", "localhost", 1}, Row{"http://[::1]:65535", "::1", 65535},
        Row{"http://[::1]/", "::1", 1273}, Row{"https://h:443/", "h", 443}, Row{"HTTPS://h", "h", 1273}}) {
    const auto endpoint = parse_url(row.url);
    ASSERT_TRUE(endpoint) << row.url;
    EXPECT_EQ(endpoint->tls, row.url[4] == 's' || row.url[4] == 'S') << row.url;
    EXPECT_EQ(endpoint->host, row.host);
    EXPECT_EQ(endpoint->port, row.port);
  }
  EXPECT_EQ((Endpoint{"::1", 80}).authority(), "[::1]:80");
  EXPECT_EQ((Endpoint{"h", 80}).authority(), "h:80");
  EXPECT_EQ((Endpoint{"h", 80}).scheme(), "http");
  EXPECT_EQ((Endpoint{"h", 443, true}).scheme(), "https");
}

TEST(ParseUrl, RefusesTheRest) {
  for (const std::string_view url :
       {"", "127.0.0.1:1273", "ftp://h", "https//h", "https://", "http", "http://", "http://:80",
        "http://h:0", "http://h:65536", "http://h:8x", "http://h:", "http://h/path", "http://user@h",
        "http://[::1", "http://h?x", "http://a b"}) {
    const auto endpoint = parse_url(url);
    ASSERT_FALSE(endpoint) << url;
    EXPECT_EQ(endpoint.error().kind, ErrorKind::invalid_argument) << url;
  }
}

TEST(Connection, ReadsOneResponseAfterTheOther) {
  Pair pair = Pair::make();
  EXPECT_TRUE(pair.server.send(
      "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nabHTTP/1.1 204 No\r\n\r\n"));
  const Received first = pair.client.response();
  ASSERT_TRUE(first.complete()) << first.problem;
  EXPECT_EQ(first.message.status, 200u);
  EXPECT_EQ(as_text(first.message.body()), "ab");
  EXPECT_EQ(first.interim, std::vector{100u});
  EXPECT_EQ(pair.client.response().message.status, 204u);
}

TEST(Connection, ReadsAResponseThatEndsWithTheConnection) {
  Pair pair = Pair::make();
  (void)pair.server.send("HTTP/1.1 200 OK\r\n\r\nall of it");
  pair.server.finish_sending();
  const Received received = pair.client.response();
  ASSERT_TRUE(received.complete()) << received.problem;
  EXPECT_EQ(as_text(received.message.body()), "all of it");
}

TEST(Connection, TellsApartWhatIsNoResponse) {
  const auto end_of = [](std::string_view bytes, bool close) {
    Pair pair = Pair::make(kShort);
    (void)pair.server.send(bytes);
    if (close) pair.server.finish_sending();
    return pair.client.response().end;
  };
  EXPECT_EQ(end_of("", true), End::closed);
  EXPECT_EQ(end_of("HTTP/1.1 200", true), End::cut_short);
  EXPECT_EQ(end_of("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabcd", true), End::cut_short);
  EXPECT_EQ(end_of("hello\r\n\r\n", false), End::malformed);
  EXPECT_EQ(end_of("", false), End::silent);
  EXPECT_EQ(end_of("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabcd", false), End::silent);
}

TEST(Connection, AResponseToHeadHasNoBody) {
  Pair pair = Pair::make();
  (void)pair.server.send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n");
  const Received received = pair.client.response(true);
  EXPECT_TRUE(received.complete()) << received.problem;
  EXPECT_TRUE(received.message.body().empty());
}

TEST(Connection, KeepsWhatIsBehindAResponse) {
  Pair pair = Pair::make();
  EXPECT_FALSE(pair.client.answers_within(kShort));
  (void)pair.server.send("HTTP/1.1 204 No Content\r\n\r\nmore");
  EXPECT_TRUE(pair.client.answers_within(kTime));
  EXPECT_EQ(pair.client.response().message.status, 204u);
  pair.server.finish_sending();
  const Connection::Rest rest = pair.client.rest();
  EXPECT_EQ(rest.bytes, "more");
  EXPECT_TRUE(rest.closed);
}

TEST(Connection, SendsWhatItIsGiven) {
  Pair pair = Pair::make();
  EXPECT_TRUE(pair.client.send(std::string_view("\0\r\xff", 3)));
  Buffer came;
  EXPECT_TRUE(pair.client.send(""));
  pair.client.finish_sending();
  while (pair.server.read_available(came)) {
  }
  EXPECT_EQ(came, (Buffer{0, '\r', 0xff}));
}

TEST(Connection, GivesUpOnAPeerThatReadsNothing) {
  Pair pair = Pair::make(kShort);
  EXPECT_FALSE(pair.client.send(std::string(64u << 20, 'x')));
}

TEST(Connection, OpenFailsWhereNobodyListens) {
  auto listener = Listener::open(0);
  ASSERT_TRUE(listener);
  const std::uint16_t port = listener->port();
  EXPECT_FALSE(Listener::open(port)) << "the port is taken";
  {
    const auto gone = std::move(*listener);
  }
  const auto connection = Connection::open({"127.0.0.1", port}, kTime);
  ASSERT_FALSE(connection);
  EXPECT_EQ(connection.error().kind, ErrorKind::environment);
}

// The client's end of TLS, which says hello in a message that only the end of the connection ends. `serve`
// has the server's end, on a thread of its own, once the hello is there.
class TlsConnection : public testing::Test {
 protected:
  Result<Connection> open(const http::Trust& trust, std::function<void(Connection&)> serve) {
    auto listener = Listener::open(0);
    EXPECT_TRUE(listener);
    const Endpoint to{"127.0.0.1", listener->port(), true};
    server_ = std::jthread([this, serve = std::move(serve), listener = std::move(*listener)]() mutable {
      auto server = listener.accept(kTime, kTime);
      if (!server) return;
      server->accept_tls(tls_);
      if (server->answers_within(kTime)) serve(*server);
    });
    auto client = Connection::open(to, kTime, Security{*http::TlsClient::make(trust)});
    if (client) {
      EXPECT_TRUE(client->send("HTTP/1.1 200 OK\r\n\r\nhello"));
    }
    return client;
  }
  Received response_to(std::function<void(Connection&)> serve) {
    auto client = open({.kind = http::Trust::Kind::anyone}, std::move(serve));
    EXPECT_TRUE(client) << client.error().text();
    return client ? client->response() : Received();
  }

  const http::Identity identity_ = *http::make_identity({"127.0.0.1"});
  const http::TlsServer tls_ = *http::TlsServer::make(identity_);
  std::jthread server_;
};

TEST_F(TlsConnection, CarriesWhatItIsGiven) {
  auto client = open({.kind = http::Trust::Kind::fingerprint, .fingerprint = http::fingerprint(identity_)},
                     [](Connection& server) {
                       (void)server.send("HTTP/1.1 204 No Content\r\n\r\nmore");
                       server.finish_sending();
                     });
  ASSERT_TRUE(client) << client.error().text();
  EXPECT_EQ(client->response().message.status, 204u);
  const Connection::Rest rest = client->rest();
  EXPECT_EQ(rest.bytes, "more");
  EXPECT_TRUE(rest.closed);
}

TEST_F(TlsConnection, TellsAnEndFromACut) {
  const Received whole = response_to([](Connection& server) {
    (void)server.send("HTTP/1.1 200 OK\r\n\r\nall of it");
    server.finish_sending();
  });
  ASSERT_TRUE(whole.complete()) << whole.problem;
  EXPECT_EQ(as_text(whole.message.body()), "all of it");
  const Received cut = response_to([](Connection& server) {
    (void)server.send("HTTP/1.1 200 OK\r\n\r\nhalf of");
    ::shutdown(server.socket(), SHUT_WR);
  });
  EXPECT_EQ(cut.end, End::cut_short);
  EXPECT_EQ(response_to([](Connection& server) { server.finish_sending(); }).end, End::closed);
  EXPECT_EQ(response_to([](Connection& server) { server.reset(); }).end, End::closed);
}

TEST_F(TlsConnection, SaysGoodbyeWhenItGoes) {
  Received received;
  ASSERT_TRUE(open({.kind = http::Trust::Kind::anyone},
                   [&received](Connection& server) { received = server.response(); }));
  server_.join();
  ASSERT_TRUE(received.complete()) << received.problem;
  EXPECT_EQ(as_text(received.message.body()), "hello");
}

TEST_F(TlsConnection, IsNotMadeWithAServerThatIsNotTrusted) {
  const auto client = open({}, [](Connection&) {});
  ASSERT_FALSE(client);
  EXPECT_EQ(client.error().kind, ErrorKind::environment);
  EXPECT_NE(client.error().message.find("is not trusted"), std::string::npos) << client.error().message;
}

}  // namespace
}  // namespace wheatstone::conform
