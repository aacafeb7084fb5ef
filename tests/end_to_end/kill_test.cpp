// A server that is killed in the middle of its work: what it has acknowledged is in the store, whole and
// once. WHEATSTONE_KILL_UPLOADS says how many uploads the test makes (400 unless told).
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <deque>
#include <map>
#include <mutex>
#include <set>
#include <thread>

#include "formats/cer/report.hpp"
#include "formats/layout/xoshiro.hpp"
#include "mocks/cer_server/content.hpp"
#include "mocks/cer_server/reports.hpp"
#include "tests/end_to_end/program.hpp"
#include "tests/mocks/cer_server/bench.hpp"

namespace wheatstone {
namespace {

using cer_server::cab;
using cer_server::issued_path;
using cer_server::KeptReport;
using cer_server::Reports;
using cer_server::sized;
using test::Background;
using testing_support::RawClient;
using testing_support::TempFolder;

constexpr unsigned kClients = 4;

// What clients were told, by the event time that makes every report another.
struct Told {
  std::mutex mutex;
  std::map<std::uint64_t, std::string> paths;  // level 1 answered: the path that was issued
  std::map<std::uint64_t, std::string> cabs;   // level 2 answered: SHA-256
};

std::string cab_of(std::uint64_t event_time) {
  Buffer content(20'000);
  Xoshiro random(event_time);
  for (std::uint8_t& byte : content) byte = static_cast<std::uint8_t>(random.below(256));
  return testing_support::text_of(*cab::write({{"Version.txt", content}}, cer_server::kNow));
}

// Sends reports with their cabs until the connection breaks or all numbers are taken.
void send_reports(RawClient& client, std::atomic<std::uint64_t>& next, std::uint64_t end, Told& told) {
  const auto accepted = [](const std::string& response) {
    return response.starts_with("HTTP/1.1 200 OK\r\n");
  };
  for (std::uint64_t time = next++; time < end; time = next++) {
    cer::Report report = cer::examples::kernel_fault();
    report.event.eventtime = FileTime{time};
    client.send(cer_server::post(report));
    const std::string answer = client.read_response();
    if (!accepted(answer) || answer.find("DumpFile=") == std::string::npos) return;
    const std::string path = issued_path(answer);
    {
      const std::lock_guard lock(told.mutex);
      told.paths[time] = path;
    }
    const std::string bytes = cab_of(time);
    client.send(sized("PUT " + path, bytes));
    if (!accepted(client.read_response())) return;
    const std::lock_guard lock(told.mutex);
    told.cabs[time] = cer_server::sha256(as_bytes(bytes));
  }
}

TEST(Kill, LosesNothingThatWasAcknowledged) {
  const char* wanted = std::getenv("WHEATSTONE_KILL_UPLOADS");
  const std::uint64_t end = 1 + (wanted != nullptr ? std::strtoull(wanted, nullptr, 10) : 400);
  TempFolder folder;
  const std::string store = folder.path() / "store";
  Told told;
  std::atomic<std::uint64_t> next = 1;
  Xoshiro random(1);
  unsigned kills = 0;
  while (next < end) {
    Background server({"serve", "--port", "0", "--store", store});
    const std::string listening = server.line();
    ASSERT_NE(listening, "") << "the store does not open any more";
    server.close_output();
    const auto port = static_cast<std::uint16_t>(std::stoi(listening.substr(listening.rfind(':') + 1)));
    std::deque<RawClient> connections;
    for (unsigned i = 0; i < kClients; ++i) connections.emplace_back(port);
    std::vector<std::thread> clients;
    for (RawClient& connection : connections)
      clients.emplace_back([&] { send_reports(connection, next, end, told); });
    std::this_thread::sleep_for(std::chrono::milliseconds(20 + random.below(200)));
    server.signal(SIGKILL);
    EXPECT_EQ(server.wait(), 128 + SIGKILL);
    for (std::thread& client : clients) client.join();
    ++kills;
  }
  ASSERT_FALSE(told.cabs.empty());

  const auto reports = Reports::open(store);
  ASSERT_TRUE(reports) << reports.error().text();
  const auto rows = reports->reports({.limit = end + kills * kClients});
  ASSERT_TRUE(rows) << rows.error().text();
  std::set<std::uint64_t> seen;
  for (const auto& row : *rows) {
    const auto kept = reports->report(row.number);
    ASSERT_TRUE(kept && *kept);
    const KeptReport& report = **kept;
    const auto document = cer::read_report(report.document);
    ASSERT_TRUE(document);
    const std::uint64_t time = document->report.event.eventtime.ticks;
    EXPECT_TRUE(seen.insert(time).second) << "report " << time << " is there twice";
    if (const auto path = told.paths.find(time); path != told.paths.end()) {
      EXPECT_EQ(issued_path(std::string(as_text(*report.answer))), path->second);
      told.paths.erase(path);
    }
    if (const auto acknowledged = told.cabs.find(time); acknowledged != told.cabs.end()) {
      // Whether it was checked before the kill or not.
      const auto bytes = reports->cab(report);
      ASSERT_TRUE(bytes) << bytes.error().text();
      EXPECT_EQ(cer_server::sha256(*bytes), acknowledged->second);
      told.cabs.erase(acknowledged);
    }
    EXPECT_TRUE(!report.row.cab_size || reports->cab(report));
  }
  EXPECT_TRUE(told.paths.empty()) << told.paths.size() << " acknowledged reports are lost";
  EXPECT_TRUE(told.cabs.empty()) << told.cabs.size() << " acknowledged cabs are lost";
  RecordProperty("kills", static_cast<int>(kills));
  RecordProperty("reports", static_cast<int>(rows->size()));
}

}  // namespace
}  // namespace wheatstone
