#include "mocks/cer_server/site.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/mocks/cer_server/bench.hpp"
#include "tests/support/json_syntax.hpp"

namespace wheatstone::cer_server {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

// A server with two reports, the second with a cab, and what a browser gets of it.
class Browsing : public testing::Test {
 protected:
  void SetUp() override {
    RawClient client(bench_.server->port());
    client.send(post());
    client.read_response();
    client.send(post(cer::examples::application_fault()));
    const std::string path = issued_path(client.read_response());
    client.send(sized("PUT " + path, cab()));
    client.read_response();
  }

  // The status and the body.
  std::pair<std::string, std::string> get(const std::string& target,
                                          const std::string& host = "127.0.0.1:1273",
                                          const std::string& method = "GET") {
    RawClient client(bench_.server->port());
    client.send(method + " " + target + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n");
    const std::string response = client.read_all();
    head_ = response.substr(0, response.find("\r\n\r\n") + 2);
    return {response.substr(9, 3), response.substr(response.find("\r\n\r\n") + 4)};
  }

  std::string body_of(const std::string& target) {
    const auto [status, body] = get(target);
    EXPECT_EQ(status, "200") << target;
    EXPECT_THAT(head_, HasSubstr("\r\nContent-Type: application/json\r\n"));
    EXPECT_TRUE(test::is_json(body)) << body;
    return body;
  }

  TempFolder folder_;
  Bench bench_{{.store = folder_.path()}};
  std::string head_;
};

TEST_F(Browsing, GivesThePage) {
  const auto [status, page] = get("/");
  EXPECT_EQ(status, "200");
  EXPECT_THAT(page, StartsWith("<!doctype html>"));
  EXPECT_THAT(page, testing::EndsWith("</html>\n"));
  EXPECT_THAT(page, testing::Not(HasSubstr("src=")));  // nothing is loaded from anywhere
  EXPECT_THAT(head_, HasSubstr("\r\nContent-Type: text/html; charset=utf-8\r\n"));
  EXPECT_THAT(head_, HasSubstr("\r\nContent-Security-Policy: default-src 'none'; "));
  EXPECT_EQ(get("/", "localhost", "HEAD"), std::pair(std::string("200"), std::string()));
}

TEST_F(Browsing, GivesTheStoreAsJson) {
  EXPECT_THAT(body_of("/api/buckets"),
              StartsWith("{\"Buckets\":[{\"BucketId\":1,\"EventType\":\"BlueScreen\","));
  EXPECT_EQ(body_of("/api/history"), "{\"Hits\":[{\"Time\":\"2008-03-11T09:00:00.0000000Z\",\"Hits\":2}]}");
  EXPECT_EQ(body_of("/api/history?bucket=2"),
            "{\"Hits\":[{\"Time\":\"2008-03-11T09:00:00.0000000Z\",\"Hits\":1}]}");
  EXPECT_EQ(body_of("/api/history?bucket=9"), "{\"Hits\":[]}");
  EXPECT_THAT(body_of("/api/reports"), StartsWith("{\"Reports\":[{\"Report\":2,"));
  EXPECT_THAT(body_of("/api/reports?limit=1&before=2"), StartsWith("{\"Reports\":[{\"Report\":1,"));
  EXPECT_THAT(body_of("/api/reports?event_type=%62lue%2A&bucket="),
              StartsWith("{\"Reports\":[{\"Report\":1,"));
  EXPECT_EQ(body_of("/api/reports?machine=nobody"), "{\"Reports\":[]}");
  EXPECT_EQ(body_of("/api/reports?bucket=x&finding=%zz%"), "{\"Reports\":[]}");
  EXPECT_THAT(body_of("/api/reports/2"), StartsWith("{\"Report\":2,"));
  EXPECT_EQ(body_of("/api/reports/2/cab"), "{\"Files\":[{\"Name\":\"Version.txt\",\"Bytes\":1}]}");
}

TEST_F(Browsing, GivesTheBytesAsTheyCame) {
  EXPECT_EQ(get("/api/reports/2/report.cab").second, cab());
  EXPECT_THAT(head_, HasSubstr("\r\nContent-Disposition: attachment; filename=\"2.cab\"\r\n"));
  EXPECT_EQ(get("/api/reports/1/level1.xml").second,
            text_of(*cer::write_report(cer::examples::kernel_fault())));
  EXPECT_THAT(get("/api/reports/1/exchange-1.http").second, StartsWith(post() + "HTTP/1.1 200 OK\r\n"));
}

TEST_F(Browsing, SaysThatSomethingIsNotThere) {
  for (const char* target :
       {"/api/", "/api/nothing", "/api/reports/3", "/api/reports/x", "/api/reports/1/report.cab",
        "/api/reports/1/cab", "/api/reports/1/exchange-0.http", "/api/reports/1/exchange-2.http",
        "/api/reports/1/exchange-.http", "/api/reports/1/../2", "/api/reports/99999999999999999999"}) {
    const auto [status, body] = get(target);
    EXPECT_EQ(status, "404") << target;
    EXPECT_TRUE(test::is_json(body)) << target;
  }
  EXPECT_EQ(get("/favicon.ico").first, "404");
  EXPECT_EQ(get("/api/buckets", "localhost", "POST").first, "404");
}

// A site that resolves its own name to this machine ("DNS rebinding") must not read reports.
TEST_F(Browsing, IsRefusedUnderAForeignName) {
  for (const char* host :
       {"evil.example", "evil.example:1273", "127.0.0.1.evil.example", "localhost.evil.example"}) {
    EXPECT_EQ(get("/", host).first, "403") << host;
    EXPECT_EQ(get("/api/buckets", host).first, "403") << host;
  }
  for (const char* host : {"127.0.0.1", "[::1]", "[::1]:1273", "LocalHost:1273", "192.0.2.7:80"})
    EXPECT_EQ(get("/api/buckets", host).first, "200") << host;
}

TEST_F(Browsing, IsToldToNobody) {
  get("/");
  get("/api/buckets");
  RawClient client(bench_.server->port());
  client.send(post());
  client.read_response();
  const auto seen = bench_.recorder.wait_for(4);
  EXPECT_EQ(seen.size(), 4u);
  EXPECT_EQ(seen.back().sequence, 4u);
}

TEST(Site, OfAServerThatKeepsNothingSaysSo) {
  Bench bench;
  RawClient client(bench.server->port());
  client.send("GET /api/buckets HTTP/1.1\r\nHost: localhost\r\n\r\n");
  EXPECT_THAT(client.read_response(),
              HasSubstr("{\"Error\":\"this server keeps nothing: start it with --store\"}"));
}

}  // namespace
}  // namespace wheatstone::cer_server
