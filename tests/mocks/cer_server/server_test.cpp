// The server over real sockets: life of connections.
#include "mocks/cer_server/server.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/mocks/cer_server/bench.hpp"

namespace wheatstone::cer_server {
namespace {

TEST(Server, SaysWhichPortIsInUseAndWhatToDo) {
  Bench bench;
  Options options;
  options.port = bench.server->port();
  const auto second = Server::start(options, {}, bench.clock, bench.random);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().kind, ErrorKind::environment);
  EXPECT_EQ(second.error().message,
            "127.0.0.1 port " + std::to_string(options.port) + " is in use by another program");
  EXPECT_THAT(second.error().hint, testing::HasSubstr("choose another port"));
}

TEST(Server, RefusesAnAddressThatIsNone) {
  Bench bench;
  EXPECT_EQ(Server::start({.address = "localhost:1", .port = 0}, {}, bench.clock, bench.random).error().kind,
            ErrorKind::invalid_argument);
  EXPECT_EQ(
      Server::start({.address = "192.0.2.1", .port = 0, .unprotected = true}, {}, bench.clock, bench.random)
          .error()
          .kind,
      ErrorKind::environment);
}

TEST(Server, ListensToOtherMachinesOnlyWhenTold) {
  Bench bench;
  for (const char* address : {"0.0.0.0", "::", "192.0.2.1"}) {
    const auto refused = Server::start({.address = address, .port = 0}, {}, bench.clock, bench.random);
    ASSERT_FALSE(refused) << address;
    EXPECT_EQ(refused.error().kind, ErrorKind::invalid_argument);
    EXPECT_THAT(refused.error().message, testing::HasSubstr("neither encryption nor authentication"));
  }
  EXPECT_TRUE(
      Server::start({.address = "0.0.0.0", .port = 0, .unprotected = true}, {}, bench.clock, bench.random));
  EXPECT_TRUE(Server::start({.address = "127.0.0.9", .port = 0}, {}, bench.clock, bench.random));
}

TEST(Server, ServesManyRequestsOnOneConnection) {
  Bench bench;
  RawClient client(bench.server->port());
  for (int i = 0; i < 3; ++i) {
    client.send(post());
    const std::string answer = client.read_response();
    client.send(sized("PUT " + issued_path(answer), cab()));
    EXPECT_THAT(client.read_response(), testing::StartsWith("HTTP/1.1 200 OK"));
  }
  EXPECT_EQ(bench.recorder.wait_for(6).back().report_number, 3u);
}

TEST(Server, ReadsARequestThatComesByteByByte) {
  Bench bench;
  RawClient client(bench.server->port());
  for (const char c : post()) client.send(std::string_view(&c, 1));
  EXPECT_THAT(client.read_response(), testing::StartsWith("HTTP/1.1 200 OK"));
}

TEST(Server, LetsARefusedSenderReadItsAnswer) {
  Bench bench;
  RawClient client(bench.server->port());
  client.send("PUT /never HTTP/1.1\r\nHost: h\r\nContent-Length: 1000000\r\n\r\n");
  client.send(std::string(1'000'000, 'x'));
  EXPECT_THAT(client.read_all(), testing::StartsWith("HTTP/1.1 403 Forbidden"));
  EXPECT_FALSE(client.was_reset());
}

TEST(Server, ClosesSlowAndIdleConnections) {
  Options options;
  options.limits.head_time = options.limits.body_time = std::chrono::milliseconds(50);
  Bench bench(options);
  RawClient idle(bench.server->port());
  EXPECT_EQ(idle.read_all(), "");
  RawClient in_head(bench.server->port());
  in_head.send("POST /stage");
  EXPECT_THAT(in_head.read_all(), testing::StartsWith("HTTP/1.1 408 Request Timeout"));
  RawClient in_body(bench.server->port());
  in_body.send(post().substr(0, 200));
  EXPECT_THAT(in_body.read_all(), testing::StartsWith("HTTP/1.1 408 Request Timeout"));
  EXPECT_EQ(codes(bench.recorder.wait_for(2)[1].verdict.findings), "request-slow");
}

TEST(Server, LetsConnectionsOverTheCapWait) {
  Options options;
  options.limits.connections = 1;
  Bench bench(options);
  RawClient first(bench.server->port());
  first.send(post());
  first.read_response();
  RawClient second(bench.server->port());
  second.send(post());
  first.send(post());
  first.read_response();
  first.close();
  EXPECT_THAT(second.read_response(), testing::StartsWith("HTTP/1.1 200 OK"));
  EXPECT_EQ(bench.recorder.wait_for(3)[2].sequence, 3u);
}

TEST(Server, StopsWhileClientsAreInTheMiddle) {
  Bench bench;
  RawClient idle(bench.server->port());
  RawClient client(bench.server->port());
  client.send(post() + "POST /sta");
  client.read_response();
  bench.server->stop();
  EXPECT_EQ(client.read_all(), "");
  bench.server->stop();
  EXPECT_EQ(idle.read_all(), "");
}

}  // namespace
}  // namespace wheatstone::cer_server
