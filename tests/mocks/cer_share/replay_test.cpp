#include "mocks/cer_share/replay.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "formats/cer/share_settings.hpp"
#include "formats/cer/share_tracking.hpp"
#include "tests/mocks/cer_server/bench.hpp"

namespace wheatstone::cer_share {
namespace {

namespace fs = std::filesystem;
using cer_server::Bench;
using cer_server::issued_path;
using cer_server::post;
using cer_server::sized;
using testing::HasSubstr;
using testing_support::read_text;
using testing_support::tree;

constexpr char kCrash[] = "GPFMe.exe/6.0.4082.0/GPFMe.exe/6.0.4082.0/000031de";

// Sends a report, and a cab if one is given.
void send(Bench& bench, const cer::Report& report, std::string_view cab = {}) {
  testing_support::RawClient client(bench.server->port());
  client.send(post(report));
  const std::string answer = client.read_response();
  if (cab.empty()) return;
  client.send(sized("PUT " + issued_path(answer), cab));
  client.read_response();
}

struct ReplayTest : testing::Test {
  testing_support::TempFolder temp;
  fs::path store = temp.path() / "store";
  fs::path share = temp.path() / "share";

  Result<Replayed> replay_all(const fs::path& to, std::uint64_t reports) const {
    const auto opened = cer_server::Reports::open(store);
    EXPECT_TRUE(opened) << opened.error().text();
    std::vector<std::uint64_t> numbers;
    for (std::uint64_t i = 1; i <= reports; ++i) numbers.push_back(i);
    return replay(*opened, numbers, to);
  }

  // Two crashes, the second with a cab; a blue screen with a cab; what version 1 cannot hold.
  void fill() {
    Bench bench({.store = store});
    send(bench, cer::examples::application_fault());
    bench.clock.advance_by(3600 * FileTime::kPerSecond);
    send(bench, cer::examples::application_fault(), cer_server::cab());
    send(bench, cer::examples::kernel_fault(), "no cab at all");
    send(bench, cer::examples::generic());
    testing_support::RawClient client(bench.server->port());
    client.send(sized("POST /stage2.htm", "no document"));
    client.read_response();
  }

  void put(const fs::path& file, std::string_view text) {
    fs::create_directories((share / file).parent_path());
    std::ofstream(share / file, std::ios::binary) << text;
  }

  cer::ShareCounts counts(const fs::path& error) {
    const std::string text = read_text(share / "counts" / error / "count.txt");
    const cer::ReadCounts read = cer::read_counts(as_bytes(text));
    EXPECT_TRUE(read.findings.empty());
    return read.counts.value_or(cer::ShareCounts{});
  }
  std::vector<cer::LogEntry> log(const fs::path& file, cer::ShareLog which) {
    const std::string text = read_text(share / file);
    cer::ReadLog read = cer::read_log(as_bytes(text), which);
    EXPECT_TRUE(read.findings.empty());
    return std::move(read.entries);
  }
};

TEST_F(ReplayTest, LeavesAShareThatReadsBack) {
  fill();
  const auto replayed = replay_all(share, 5);
  ASSERT_TRUE(replayed) << replayed.error().text();
  EXPECT_EQ(replayed->reports, 3u);
  EXPECT_EQ(replayed->cabs, 2u);
  ASSERT_EQ(replayed->left_out.size(), 2u);
  EXPECT_EQ(replayed->left_out[0].number, 4u);
  EXPECT_THAT(replayed->left_out[0].why, HasSubstr("no place for reports of this event type"));
  EXPECT_EQ(replayed->left_out[1].number, 5u);

  EXPECT_EQ(counts(kCrash), (cer::ShareCounts{1, 2}));
  EXPECT_EQ(counts("blue"), (cer::ShareCounts{1, 1}));

  const auto hits = log(fs::path("cabs") / kCrash / "hits.log", cer::ShareLog::hits);
  ASSERT_EQ(hits.size(), 2u);
  EXPECT_EQ(hits[0].machine, "client-machine");
  EXPECT_EQ(hits[0].user, "Username");
  EXPECT_EQ(hits[0].item, cer::kNoCab);
  CivilTime received = to_civil(cer_server::kNow);
  received.fraction = 0;
  EXPECT_EQ(hits[0].time, received);
  received.hour += 1;
  EXPECT_EQ(hits[1].time, received);
  EXPECT_EQ(read_text(share / "cabs" / kCrash / hits[1].item), cer_server::cab());
  const auto blue = log("cabs/blue/hits.log", cer::ShareLog::hits);
  ASSERT_EQ(blue.size(), 1u);
  EXPECT_EQ(read_text(share / "cabs/blue" / blue[0].item), "no cab at all") << "as it came";
  EXPECT_EQ(log("crash.log", cer::ShareLog::crash).size(), 3u);
  EXPECT_EQ(log("crash.log", cer::ShareLog::crash)[2].item, "blue");
  EXPECT_FALSE(fs::exists(share / "policy.txt"));
}

TEST_F(ReplayTest, AsksInStatusForWhatWasAnsweredLast) {
  cer_server::Rule rule;
  rule.answer.response = "http://example.com/";
  rule.answer.bucket = 501;
  rule.answer.bucket_table = 7;
  rule.answer.i_data = true;
  rule.answer.memory_dump = true;
  rule.answer.reg_key = {"HKLM\\A", "HKLM\\B"};
  rule.answer.reg_tree = {"HKLM\\C"};
  rule.answer.wql = {"SELECT a FROM b"};
  {
    Bench bench({.store = store});
    bench.server.reset();  // lets go of the store
    bench.server = std::move(
        *cer_server::Server::start({.port = 0, .store = store}, {rule}, bench.clock, bench.random, nullptr));
    send(bench, cer::examples::kernel_fault());
  }
  ASSERT_TRUE(replay_all(share, 1));
  EXPECT_EQ(read_text(share / "status/blue/status.txt"),
            "Tracking=YES\r\nResponse=http://example.com/\r\nBucket=501\r\nRegKey=HKLM\\A;HKLM\\B\r\n"
            "iData=1\r\nMemoryDump=1\r\nWQL=SELECT a FROM b\r\n");
  const auto read =
      cer::read_settings(as_bytes(read_text(share / "status/blue/status.txt")), cer::ShareFile::status);
  EXPECT_TRUE(read.findings.empty());
}

TEST_F(ReplayTest, LeavesTheSameShareEachTime) {
  fill();
  ASSERT_TRUE(replay_all(share, 5));
  const fs::path again = temp.path() / "again";
  ASSERT_TRUE(replay_all(again, 5));
  ASSERT_EQ(tree(share), tree(again));
  for (const std::string& name : tree(share)) {
    if (!fs::is_regular_file(share / name)) continue;
    EXPECT_EQ(read_text(share / name), read_text(again / name)) << name;
  }
}

TEST_F(ReplayTest, CountsNoReportTwice) {
  fill();
  ASSERT_TRUE(replay_all(share, 1));
  const auto again = replay_all(share, 3);
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().kind, ErrorKind::invalid_argument);
  EXPECT_THAT(again.error().message, HasSubstr("GPFMe.exe\\6.0.4082.0"));
  EXPECT_EQ(counts(kCrash), (cer::ShareCounts{0, 1}));
  EXPECT_FALSE(fs::exists(share / "counts/blue")) << "nothing was written";
}

TEST_F(ReplayTest, ObeysTheShare) {
  fill();
  put("policy.txt", "Crashes per bucket=0\r\n");
  put(fs::path("status") / kCrash / "status.txt", "Tracking=NO\r\nBucket=9\r\n");
  const auto replayed = replay_all(share, 3);
  ASSERT_TRUE(replayed) << replayed.error().text();
  EXPECT_EQ(replayed->reports, 3u);
  EXPECT_EQ(replayed->cabs, 1u) << "blue has no limit";
  EXPECT_EQ(counts(kCrash), (cer::ShareCounts{0, 2}));
  EXPECT_FALSE(fs::exists(share / "cabs" / kCrash / "hits.log"));
  EXPECT_EQ(read_text(share / "status" / kCrash / "status.txt"), "Tracking=NO\r\nBucket=9\r\n");
}

TEST_F(ReplayTest, RaisesTheLimitToTheCabsThatCame) {
  {
    Bench bench({.store = store});
    for (int i = 0; i < 6; ++i) send(bench, cer::examples::application_fault(), cer_server::cab());
  }
  ASSERT_TRUE(replay_all(share, 6));
  EXPECT_EQ(counts(kCrash), (cer::ShareCounts{6, 6}));
  const std::string status = read_text(share / "status" / kCrash / "status.txt");
  EXPECT_EQ(cer::read_settings(as_bytes(status), cer::ShareFile::status).settings.crashes_per_bucket, 6u);
}

TEST_F(ReplayTest, FailsWhereACabIsDamaged) {
  fill();
  for (const auto& entry : fs::recursive_directory_iterator(store / "files"))
    if (entry.is_regular_file()) std::ofstream(entry.path(), std::ios::binary) << "other";
  const auto replayed = replay_all(share, 3);
  ASSERT_FALSE(replayed);
  EXPECT_EQ(replayed.error().kind, ErrorKind::io);
}

TEST_F(ReplayTest, NamesAReportThatIsNotThere) {
  fill();
  const auto replayed = replay_all(share, 6);
  ASSERT_FALSE(replayed);
  EXPECT_EQ(replayed.error().message, "there is no report 6");
}

}  // namespace
}  // namespace wheatstone::cer_share
