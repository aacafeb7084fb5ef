#include "mocks/windows/machine.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "formats/cper/section.hpp"
#include "mocks/random.hpp"
#include "mocks/windows/kernel_report.hpp"

namespace wheatstone::windows {
namespace {

class Diary : public MachineWitness {
 public:
  explicit Diary(const Clock& clock) : clock_(clock), start_(clock.now()) {}

  void record_written(Bytes, const ErrorSourceDescriptor&) override { note("record"); }
  void event_logged(const whea::Event& event) override {
    note(fmt::format("event {}", event.descriptor->id));
  }
  void booted(unsigned number, const ErrorSourceTable&) override { note(fmt::format("boot {}", number)); }
  void stopped(const dump::BugCheck& bug_check) override {
    note(fmt::format("stop {:x}", bug_check.code));
    parameter2.push_back(bug_check.parameters[1]);
  }
  void dump_written(const std::string& name, Bytes) override { note(name); }
  void crash_found(const CrashLeftovers& left) override {
    note("report");
    leftovers.push_back(left);
  }

  std::vector<std::string> notes;
  std::vector<std::uint64_t> parameter2;
  std::vector<CrashLeftovers> leftovers;

 private:
  void note(const std::string& what) {
    notes.push_back(fmt::format("{} {}", (clock_.now().ticks - start_.ticks) / FileTime::kPerSecond, what));
  }
  const Clock& clock_;
  FileTime start_;
};

using Notes = std::vector<std::string>;

class MachineTest : public ::testing::Test {
 protected:
  HardwareError fatal() const { return {.sections = {{{.type = cper::kSectionXpfMca}, Buffer(264, 0)}}}; }
  FileTime after(std::uint64_t seconds) const { return clock.now() + seconds * FileTime::kPerSecond; }

  VirtualClock clock{*parse_iso8601("2026-01-15T23:58:00Z")};
  SeededRandom random{1};
  Diary diary{clock};
  MachineConfig config{.platform = {.profile = cper::find_profile("win10-2004")}, .os = {}, .sources = {}};
};

TEST_F(MachineTest, StopsRestartsAndReports) {
  Machine machine(config, clock, random, diary);
  ASSERT_TRUE(machine.boot());
  ASSERT_TRUE(machine.run_until(after(10)));
  ASSERT_TRUE(machine.report(fatal()));
  ASSERT_TRUE(machine.run_until(after(600)));
  EXPECT_EQ(diary.notes,
            (Notes{"0 boot 1", "10 record", "10 stop 124", "10 MEMORY.DMP", "10 Mini011526-01.dmp",
                   "55 boot 2", "55 event 20", "55 event 18", "115 report"}));
  EXPECT_EQ(clock.now(), *parse_iso8601("2026-01-16T00:08:10Z"));
  EXPECT_EQ(diary.leftovers[0].crash_time, *parse_iso8601("2026-01-15T23:58:10Z"));
}

TEST_F(MachineTest, NothingIsTakenWhileTheSystemIsDown) {
  Machine machine(config, clock, random, diary);
  EXPECT_FALSE(machine.report(fatal()));
  ASSERT_TRUE(machine.boot());
  ASSERT_TRUE(machine.report(fatal()));
  EXPECT_FALSE(machine.report(fatal()));
  EXPECT_FALSE(machine.report(whea::ErrorSourceType::boot, Buffer(128, 0)));
  EXPECT_FALSE(machine.bug_check({0xf4, {}}));
  ASSERT_TRUE(machine.run_until_up());
  EXPECT_TRUE(machine.report(fatal()));
}

// A stop before the report is sent does not lose the first one; dumps of a new day are counted anew.
TEST_F(MachineTest, TwoStopsGiveTwoReports) {
  Machine machine(config, clock, random, diary);
  ASSERT_TRUE(machine.boot());
  ASSERT_TRUE(machine.bug_check({0xf4, {}}));
  ASSERT_TRUE(machine.run_until_up());
  ASSERT_TRUE(machine.bug_check({0xf5, {}}));
  ASSERT_TRUE(machine.run_until(after(600)));
  ASSERT_TRUE(machine.bug_check({0xf6, {}}));
  ASSERT_TRUE(machine.run_until(after(600)));
  ASSERT_EQ(diary.leftovers.size(), 3u);
  EXPECT_EQ(diary.leftovers[0].small_dump_name, "Mini011526-01.dmp");
  EXPECT_EQ(diary.leftovers[1].small_dump_name, "Mini011526-02.dmp");
  EXPECT_EQ(diary.leftovers[2].small_dump_name, "Mini011626-01.dmp");
  EXPECT_EQ(diary.leftovers[0].bug_check.code, 0xf4u);
}

TEST_F(MachineTest, WithoutErstNothingIsLeftOver) {
  config.has_erst = false;
  Machine machine(config, clock, random, diary);
  ASSERT_TRUE(machine.boot());
  ASSERT_TRUE(machine.report(fatal()));
  ASSERT_TRUE(machine.run_until(after(600)));
  EXPECT_EQ(diary.notes, (Notes{"0 boot 1", "0 record", "0 stop 124", "0 MEMORY.DMP", "0 Mini011526-01.dmp",
                                "45 boot 2", "105 report"}));
}

// Each start places the kernel's memory anew, page by page, in the half that is the system's.
TEST_F(MachineTest, RecordMovesWithEveryStart) {
  Machine machine(config, clock, random, diary);
  ASSERT_TRUE(machine.boot());
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(machine.report(fatal()));
    ASSERT_TRUE(machine.run_until_up());
  }
  ASSERT_EQ(diary.parameter2.size(), 3u);
  EXPECT_NE(diary.parameter2[0], diary.parameter2[1]);
  EXPECT_NE(diary.parameter2[1], diary.parameter2[2]);
  for (const std::uint64_t va : diary.parameter2) {
    EXPECT_EQ(va >> 47, 0x1ffffu);
    EXPECT_EQ(va & 0xfff, 0x28u);
  }
}

TEST_F(MachineTest, KernelReportIsBuiltFromTheSmallDump) {
  config.os = *parse_os_version("10.0.19041.2.0.0.256.48");
  Machine machine(config, clock, random, diary);
  ASSERT_TRUE(machine.boot());
  ASSERT_TRUE(machine.bug_check({0x124, {0, 0xffffa48c00000028, 0xbea00000, 0x108}}));
  ASSERT_TRUE(machine.run_until(after(600)));
  CrashLeftovers left = diary.leftovers.at(0);
  const Reporter reporter{"machine", "user", "1031", std::nullopt};
  const auto submission = kernel_report(config.platform, config.os, reporter, left);
  ASSERT_TRUE(submission);
  const cer::Report& report = submission->report;
  EXPECT_EQ(report.parameter("BCCode"), "124");
  EXPECT_EQ(report.parameter("BCP1"), "0000000000000000");
  EXPECT_EQ(report.parameter("BCP2"), "FFFFA48C00000028");
  EXPECT_EQ(report.parameter("OS Version"), "10_0_19041");
  EXPECT_EQ(report.machine.lcid, "1031");
  EXPECT_EQ(report.application->appcompany, std::nullopt);
  EXPECT_EQ(report.event.eventtime, left.crash_time);
  ASSERT_EQ(submission->files.size(), 3u);
  EXPECT_EQ(submission->files[0].data, left.small_dump);

  left.small_dump.resize(100);
  const auto broken = kernel_report(config.platform, config.os, reporter, left);
  ASSERT_FALSE(broken);
  EXPECT_EQ(broken.error().kind, ErrorKind::malformed);
}

}  // namespace
}  // namespace wheatstone::windows
