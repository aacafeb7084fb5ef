// The server over real sockets: life of connections, store, restart.
#include "mocks/cer_server/server.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "formats/cab/cabinet.hpp"
#include "tests/formats/cer/examples.hpp"
#include "tests/mocks/support.hpp"

namespace wheatstone::cer_server {
namespace {

using testing_support::codes;
using testing_support::RawClient;
using testing_support::read_text;
using testing_support::Recorder;
using testing_support::TempFolder;
using testing_support::text_of;
using testing_support::tree;

constexpr FileTime kNow{128497001160460289};

std::string sized(std::string_view line, std::string_view body) {
  return std::string(line) + " HTTP/1.1\r\nHost: h\r\nContent-Length: " + std::to_string(body.size()) +
         "\r\n\r\n" + std::string(body);
}

std::string post() {
  return sized("POST /stage2.htm", text_of(*cer::write_report(cer::examples::kernel_fault())));
}

std::string cab() {
  return text_of(*cab::write({{"Version.txt", {1}}}, kNow));
}

Rule asking() {
  Rule rule;
  rule.answer.i_data = true;
  return rule;
}

std::string issued_path(const std::string& response) {
  const std::size_t at = response.find("DumpFile=");
  return response.substr(at + 9, response.find("\r\n", at) - at - 9);
}

struct Bench {
  VirtualClock clock{kNow};
  SeededRandom random{7};
  Recorder recorder;
  std::unique_ptr<Server> server;

  explicit Bench(Options options = {}) {
    options.port = 0;
    auto started = Server::start(options, {asking()}, clock, random, &recorder);
    EXPECT_TRUE(started) << started.error().text();
    server = std::move(*started);
  }
};

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
  EXPECT_EQ(Server::start({.address = "192.0.2.1", .port = 0}, {}, bench.clock, bench.random).error().kind,
            ErrorKind::environment);
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

TEST(Store, KeepsReportsCabsAndExchanges) {
  TempFolder folder;
  Bench bench({.store = folder.path()});
  RawClient client(bench.server->port());
  client.send(post());
  const std::string answer = client.read_response();
  client.send(sized("PUT " + issued_path(answer), cab()));
  const std::string accepted = client.read_response();
  EXPECT_THAT(tree(folder.path()),
              testing::ElementsAre(".lock", "000001", "000001/answer.txt", "000001/exchange-1.http",
                                   "000001/exchange-1.json", "000001/exchange-2.http",
                                   "000001/exchange-2.json", "000001/level1.xml", "000001/report.cab"));
  const auto report = folder.path() / "000001";
  EXPECT_EQ(read_text(report / "level1.xml"), text_of(*cer::write_report(cer::examples::kernel_fault())));
  EXPECT_EQ(read_text(report / "answer.txt"), answer.substr(answer.find("\r\n\r\n") + 4));
  EXPECT_EQ(read_text(report / "report.cab"), cab());
  EXPECT_EQ(read_text(report / "exchange-1.http"), post() + answer);
  EXPECT_EQ(read_text(report / "exchange-2.http"), sized("PUT " + issued_path(answer), cab()) + accepted);
  EXPECT_EQ(read_text(report / "exchange-1.json"),
            "{\"sequence\":1,\"time\":\"2008-03-11T09:08:36.0460289Z\",\"kind\":\"level1\",\"report\":1,"
            "\"status\":200,\"request_bytes\":" +
                std::to_string(post().size()) + ",\"response_bytes\":" + std::to_string(answer.size()) +
                ",\"findings\":[]}\n");
}

TEST(Store, HoldsNothingOfAClientThatStops) {
  TempFolder folder;
  Bench bench({.store = folder.path()});
  const std::string request = post();
  for (const std::size_t size : {std::size_t{1}, std::size_t{30}, request.size() / 2, request.size() - 1}) {
    RawClient client(bench.server->port());
    client.send(request.substr(0, size));
    client.reset();
  }
  RawClient client(bench.server->port());
  client.send(request);
  const std::string put = sized("PUT " + issued_path(client.read_response()), cab());
  client.send(put.substr(0, put.size() - 1));
  client.close();
  RawClient again(bench.server->port());
  bench.server->stop();
  for (const std::string& name : tree(folder.path())) {
    EXPECT_THAT(name, testing::Not(testing::HasSubstr("unfinished")));
    EXPECT_THAT(name, testing::Not(testing::HasSubstr("report.cab")));
  }
  EXPECT_EQ(read_text(folder.path() / "000001" / "level1.xml"), request.substr(request.find("\r\n\r\n") + 4));
  EXPECT_FALSE(std::filesystem::exists(folder.path() / "000002"));
}

TEST(Store, GoesOnWhereAnEarlierRunStopped) {
  TempFolder folder;
  std::string open_path, filled_path;
  {
    Bench bench({.store = folder.path()});
    RawClient client(bench.server->port());
    client.send(post());
    filled_path = issued_path(client.read_response());
    client.send(sized("PUT " + filled_path, cab()));
    client.read_response();
    client.send(post());
    open_path = issued_path(client.read_response());
  }
  std::filesystem::create_directory(folder.path() / "000003.unfinished");
  std::ofstream(folder.path() / "000001" / "report.cab.unfinished") << "half";
  std::ofstream(folder.path() / "notes.txt") << "a user's own file";
  Bench bench({.store = folder.path()});
  RawClient client(bench.server->port());
  client.send(post());  // the same seed draws the two old paths first
  const std::string answer = client.read_response();
  EXPECT_THAT(issued_path(answer), testing::StartsWith("/put/3-"));
  client.send(sized("PUT " + open_path, cab()));
  EXPECT_THAT(client.read_response(), testing::StartsWith("HTTP/1.1 200"));
  client.send(sized("PUT " + filled_path, cab()));
  EXPECT_THAT(client.read_response(), testing::StartsWith("HTTP/1.1 409"));
  const auto names = tree(folder.path());
  EXPECT_THAT(names, testing::IsSupersetOf({"000002/report.cab", "000001/exchange-3.http", "notes.txt"}));
  EXPECT_THAT(names, testing::Each(testing::Not(testing::HasSubstr("unfinished"))));
}

TEST(Store, ServesOneServerAtATime) {
  TempFolder folder;
  Bench bench({.store = folder.path()});
  const auto second = Server::start({.port = 0, .store = folder.path()}, {}, bench.clock, bench.random);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().kind, ErrorKind::environment);
}

TEST(Store, ThatCannotBeWrittenMakesA500) {
  TempFolder folder;
  Bench bench({.store = folder.path() / "store"});
  std::filesystem::remove_all(folder.path() / "store");
  std::ofstream(folder.path() / "store") << "in the way";
  RawClient client(bench.server->port());
  client.send(post());
  EXPECT_THAT(client.read_response(), testing::StartsWith("HTTP/1.1 500"));
  EXPECT_EQ(codes(bench.recorder.wait_for(1)[0].verdict.findings), "store-failed");
}

}  // namespace
}  // namespace wheatstone::cer_server
