#include "mocks/cer_server/fault.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>

#include "tests/mocks/cer_server/bench.hpp"

namespace wheatstone::cer_server {
namespace {

using Kind = Fault::Kind;

TEST(FaultTable, IsInTheOrderOfTheKinds) {
  for (std::size_t i = 0; i < std::size(kFaults); ++i)
    EXPECT_EQ(static_cast<std::size_t>(kFaults[i].kind), i) << kFaults[i].name;
  EXPECT_EQ(std::size(kFaults), static_cast<std::size_t>(Kind::other_host) + 1);
}

TEST(Distort, WritesTheAnswerInAnotherWay) {
  cer::Answer answer;
  answer.bucket = 500;
  answer.wql = {"SELECT a=b"};
  const std::string text = *cer::write_answer(answer);
  ASSERT_EQ(text, "Bucket=500\r\nWQL=SELECT a=b\r\n");
  EXPECT_EQ(distort(Kind::spaced_keys, answer, text), "Bucket = 500\r\nWQL = SELECT a=b\r\n");
  EXPECT_EQ(distort(Kind::duplicate_keys, answer, text), text + "Bucket=0\r\nWQL=0\r\n");
  EXPECT_EQ(distort(Kind::lower_case_keys, answer, text), "bucket=500\r\nwql=SELECT a=b\r\n");
  EXPECT_EQ(distort(Kind::unknown_keys, answer, text),
            "DumpServer=192.0.2.1\r\nTracking=YES\r\nUrlLaunch=http://192.0.2.1/\r\n" + text);
  EXPECT_EQ(distort(Kind::line_feeds, answer, text), "Bucket=500\nWQL=SELECT a=b\n");
  EXPECT_EQ(distort(Kind::no_last_line_end, answer, text), "Bucket=500\r\nWQL=SELECT a=b");
  EXPECT_EQ(distort(Kind::no_last_line_end, answer, ""), "");
  EXPECT_EQ(distort(Kind::huge_answer, answer, text).size(), 8 + (8u << 20) + 2 + text.size());
  EXPECT_THAT(
      distort(Kind::path_traversal, answer, text),
      testing::EndsWith(
          "iData=1\r\nWQL=SELECT a=b\r\nDumpFile=\\..\\..\\..\\Windows\\System32\\config\\1.cab\r\n"));
  EXPECT_THAT(distort(Kind::other_host, answer, text),
              testing::EndsWith("DumpFile=http://192.0.2.1/1.cab\r\n"));
}

// The server over sockets, with one fault for everything.
struct Faulty {
  VirtualClock clock{kNow};
  SeededRandom random{7};
  std::unique_ptr<Server> server;

  explicit Faulty(Fault fault, Limits limits = {}) {
    Rule rule = asking();
    rule.fault = std::move(fault);
    server = std::move(*Server::start({.port = 0, .limits = limits}, {rule}, clock, random));
  }
};

TEST(Pace, ADelayedResponseIsLateAndWhole) {
  Limits limits;
  limits.head_time = std::chrono::milliseconds(20);  // the client's, not the server's
  Faulty faulty({.kind = Kind::delay, .wait = std::chrono::milliseconds(100)}, limits);
  RawClient client(faulty.server->port());
  const auto begin = std::chrono::steady_clock::now();
  client.send(post());
  EXPECT_THAT(client.read_response(),
              testing::MatchesRegex("HTTP/1.1 200 OK\r\n(.|\n|\r)*DumpFile=/put/1-.*\r\n"));
  EXPECT_GE(std::chrono::steady_clock::now() - begin, std::chrono::milliseconds(100));
}

TEST(Pace, ATricklingResponseIsWhole) {
  Faulty faulty({.kind = Kind::trickle, .wait = std::chrono::milliseconds(1)});
  RawClient client(faulty.server->port());
  const auto begin = std::chrono::steady_clock::now();
  client.send(post());
  const std::string response = client.read_response();
  EXPECT_THAT(response, testing::HasSubstr("DumpFile=/put/1-"));
  EXPECT_GE(std::chrono::steady_clock::now() - begin, std::chrono::milliseconds(response.size()));
}

TEST(Pace, DoesNotKeepTheServerFromStopping) {
  Faulty faulty({.kind = Kind::delay, .wait = std::chrono::hours(1)});
  RawClient client(faulty.server->port());
  client.send(post() + "x");
  faulty.server->stop();
  EXPECT_EQ(client.read_all(), "");
}

}  // namespace
}  // namespace wheatstone::cer_server
