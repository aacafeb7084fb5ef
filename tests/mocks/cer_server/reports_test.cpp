#include "mocks/cer_server/reports.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "formats/layout/text_buffer.hpp"
#include "tests/mocks/cer_server/bench.hpp"
#include "tests/support/json_syntax.hpp"

namespace wheatstone::cer_server {
namespace {

using testing_support::read_text;
using testing_support::tree;

// A store with four reports of three buckets, a second apart; the third has a cab.
class Reading : public testing::Test {
 protected:
  void SetUp() override {
    Bench bench({.store = folder_.path()});
    RawClient client(bench.server->port());
    const auto send = [&](const cer::Report& report) {
      client.send(post(report));
      const std::string answer = client.read_response();
      bench.clock.advance_by(FileTime::kPerSecond);
      return issued_path(answer);
    };
    cer::Report kernel = cer::examples::kernel_fault();
    send(kernel);
    kernel.machine.machinename = "Build[7]";
    send(kernel);
    const std::string path = send(cer::examples::application_fault());
    const std::string put = sized("PUT " + path, cab());
    client.send(put);
    client.read_response();
    send(cer::examples::generic());
    client.send(put);  // refused
    client.read_response();
  }

  Reports open() const { return std::move(*Reports::open(folder_.path())); }

  std::vector<std::uint64_t> numbers(const ReportFilter& filter) const {
    std::vector<std::uint64_t> all;
    const auto rows = open().reports(filter);
    for (const ReportRow& row : rows.value()) all.push_back(row.number);
    return all;
  }

  TempFolder folder_;
};

using testing::ElementsAre;

TEST_F(Reading, CountsBuckets) {
  const auto buckets = *open().buckets();
  ASSERT_EQ(buckets.size(), 3u);
  EXPECT_EQ(buckets[0].event_type, "BlueScreen");
  EXPECT_EQ(buckets[0].hits, 2u);
  EXPECT_EQ(buckets[0].cabs, 0u);
  EXPECT_EQ(buckets[1].event_type, "APPCRASH");
  EXPECT_EQ(buckets[1].cabs, 1u);
  EXPECT_LT(buckets[0].first_seen, buckets[0].last_seen);
}

TEST_F(Reading, FiltersReports) {
  EXPECT_THAT(numbers({}), ElementsAre(4, 3, 2, 1));
  EXPECT_THAT(numbers({.bucket_id = 1}), ElementsAre(2, 1));
  EXPECT_THAT(numbers({.event_type = "blue*"}), ElementsAre(2, 1));
  EXPECT_THAT(numbers({.event_type = "blue"}), ElementsAre());
  EXPECT_THAT(numbers({.machine = "build[?]"}), ElementsAre(2));
  EXPECT_THAT(numbers({.finding = "upload-*"}), ElementsAre(3));
  EXPECT_THAT(numbers({.finding = "store-failed"}), ElementsAre());
  EXPECT_THAT(numbers({.since = FileTime{kNow.ticks + 2 * FileTime::kPerSecond}}), ElementsAre(4, 3));
  EXPECT_THAT(numbers({.event_type = "*'; DROP TABLE report; --"}), ElementsAre());
}

TEST_F(Reading, PagesThroughReports) {
  EXPECT_THAT(numbers({.limit = 3}), ElementsAre(4, 3, 2));
  EXPECT_THAT(numbers({.before = 2, .limit = 3}), ElementsAre(1));
}

TEST_F(Reading, SaysThatAReportIsNotThere) {
  EXPECT_FALSE(*open().report(5));
  EXPECT_FALSE(*open().report(~std::uint64_t{0}));
}

TEST_F(Reading, WritesJson) {
  const Reports reports = open();
  layout::TextBuffer out;
  layout::JsonWriter json(out);
  to_json(json, **reports.report(3));
  const std::string text(out.view());
  EXPECT_TRUE(test::is_json(text));
  EXPECT_THAT(
      text, testing::StartsWith("{\"Report\":3,\"Received\":\"2008-03-11T09:08:38.0460289Z\",\"BucketId\":2,"
                                "\"EventType\":\"APPCRASH\","));
  EXPECT_THAT(text, testing::HasSubstr("\"Document\":\"<?xml version="));
  EXPECT_THAT(text, testing::HasSubstr("\"Answer\":\"iData=1\\r\\nDumpFile=/put/3-"));
  EXPECT_THAT(text, testing::HasSubstr("\"Kind\":\"level2\",\"Status\":200"));
}

TEST_F(Reading, ExportsAReportAsFiles) {
  const Reports reports = open();
  const auto report = **reports.report(3);
  const auto target = folder_.path() / "out" / "000003";
  ASSERT_TRUE(export_report(reports, report, target));
  EXPECT_THAT(tree(target), ElementsAre("answer.txt", "exchange-1.http", "exchange-1.json", "exchange-2.http",
                                        "exchange-2.json", "exchange-3.http", "exchange-3.json", "level1.xml",
                                        "report.cab"));
  EXPECT_EQ(read_text(target / "report.cab"), cab());
  EXPECT_EQ(read_text(target / "level1.xml"), text_of(report.document));
  const std::string exchange = read_text(target / "exchange-3.json");
  EXPECT_EQ(exchange.back(), '\n');
  EXPECT_TRUE(test::is_json(exchange.substr(0, exchange.size() - 1)));
  EXPECT_THAT(exchange, testing::HasSubstr("\"Severity\":\"error\",\"Code\":\"upload-repeated\""));
}

TEST_F(Reading, FindsACabThatWasChanged) {
  const Reports reports = open();
  const auto report = **reports.report(3);
  std::ofstream(folder_.path() / "files" / report.cab_sha256.substr(0, 2) / report.cab_sha256) << "changed";
  const auto read = reports.cab(report);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().message, "the file does not hold what was received");
}

TEST(Reports, WithoutAStoreAreAnError) {
  TempFolder folder;
  const auto opened = Reports::open(folder.path() / "nothing");
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().kind, ErrorKind::io);
  EXPECT_EQ(opened.error().hint, "name the folder that was given to serve --store");
  std::ofstream(folder.path() / "cer.db");  // empty: SQLite takes it for a new database
  EXPECT_EQ(Reports::open(folder.path()).error().hint, "name the folder that was given to serve --store");
}

TEST(Reports, AreReadWhileTheServerWrites) {
  TempFolder folder;
  Bench bench({.store = folder.path()});
  RawClient client(bench.server->port());
  client.send(post());
  client.read_response();
  const auto reports = Reports::open(folder.path());
  ASSERT_TRUE(reports) << reports.error().text();
  EXPECT_EQ(reports->reports({})->size(), 1u);
  client.send(post());
  EXPECT_THAT(client.read_response(), testing::StartsWith("HTTP/1.1 200"));
  EXPECT_EQ(reports->reports({})->size(), 2u);
}

}  // namespace
}  // namespace wheatstone::cer_server
