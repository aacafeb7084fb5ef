// Several processes report one error to one share.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <set>

#include "formats/cer/share_tracking.hpp"
#include "mocks/cer_share/client.hpp"
#include "mocks/files.hpp"
#include "tests/formats/cer/examples.hpp"
#include "tests/mocks/support.hpp"

namespace wheatstone::cer_share {
namespace {

namespace fs = std::filesystem;
using testing_support::TempFolder;

constexpr unsigned kWriters = 8;
constexpr unsigned kReports = 50;
constexpr unsigned kLimit = 120;

// How many of the reports were not counted.
int write_reports(const fs::path& share, unsigned writer) {
  const VirtualClock clock(FileTime{128497001160460289});
  SeededRandom random(writer);
  Config config{.file_tree_root = "\\\\server\\share", .shares = {{"\\\\server\\share", share}}};
  config.defaults.crashes_per_bucket = kLimit;
  config.defaults.tracking = true;
  config.patience.attempts = 60'000;
  config.patience.pause = std::chrono::milliseconds(1);
  Client client(config, clock, random, nullptr);
  int lost = 0;
  for (unsigned i = 0; i < kReports; ++i) {
    const Outcome outcome = client.submit({cer::examples::application_fault(), {{.name = "a", .data = {1}}}});
    lost += outcome.counts ? 0 : 1;
  }
  return lost;
}

TEST(Writers, LoseNoHit) {
  const TempFolder temp;
  std::vector<pid_t> children;
  for (unsigned writer = 0; writer < kWriters; ++writer) {
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) ::_exit(write_reports(temp.path(), writer));
    children.push_back(child);
  }
  for (const pid_t child : children) {
    int status = -1;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << status;
  }

  const fs::path error = "GPFMe.exe/6.0.4082.0/GPFMe.exe/6.0.4082.0/000031de";
  const auto counts = cer::read_counts(read_whole(temp.path() / "counts" / error / "count.txt").value());
  EXPECT_EQ(counts.counts, (cer::ShareCounts{kLimit, kWriters * kReports}));
  const auto crashes = cer::read_log(read_whole(temp.path() / "crash.log").value(), cer::ShareLog::crash);
  EXPECT_EQ(crashes.entries.size(), kWriters * kReports);
  EXPECT_TRUE(crashes.findings.empty());

  const fs::path cabs = temp.path() / "cabs" / error;
  const auto hits = cer::read_log(read_whole(cabs / "hits.log").value(), cer::ShareLog::hits);
  EXPECT_EQ(hits.entries.size(), kWriters * kReports);
  std::set<std::string> logged;
  for (const cer::LogEntry& entry : hits.entries)
    if (entry.item != cer::kNoCab) logged.insert(entry.item);
  std::set<std::string> present;
  for (const auto& file : fs::directory_iterator(cabs))
    if (file.path().filename() != "hits.log") present.insert(file.path().filename().string());
  EXPECT_EQ(logged, present);
  EXPECT_EQ(present.size(), kLimit);
}

}  // namespace
}  // namespace wheatstone::cer_share
