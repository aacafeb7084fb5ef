#include "harness/report/console.hpp"

#include <gtest/gtest.h>

#include "tests/harness/report/outcomes.hpp"

namespace wheatstone::report {
namespace {

using namespace test;

TEST(Console, ExactTextWithoutColour) {
  std::string text;
  for (const Outcome& outcome : one_of_each()) text += console_text(outcome, false);
  EXPECT_EQ(text,
            "passed  processor/cache\n"
            "failed  memory/ddr/ecc\n"
            "  m/ecc.yaml:31:5: expected 1 record {A: \"<x>\"}, found 0\n"
            "      nearest is record #1\n"
            "  [event-record] event 20 differs\\x1b[2J from the record\n"
            "  evidence: out/memory/ddr/ecc\n"
            "skipped processor/bus: the target gives no \"dump\"\n"
            "error   bare: no free port <&>\\x01\n");
}

TEST(Console, ColourIsAroundTheStatusOnly) {
  EXPECT_EQ(console_text(outcome("a", judge::Status::passed), true), "\x1b[32mpassed \x1b[0m a\n");
}

TEST(Console, SummaryLeavesOutWhatDidNotHappen) {
  Totals totals;
  EXPECT_EQ(summary_text(totals, false), "0 scenarios: nothing ran\n");
  totals.add(outcome("a", judge::Status::passed));
  EXPECT_EQ(summary_text(totals, false), "1 scenario: 1 passed\n");
  for (const Outcome& outcome : one_of_each()) totals.add(outcome);
  EXPECT_EQ(summary_text(totals, false), "5 scenarios: 2 passed, 1 failed, 1 error, 1 skipped\n");
  EXPECT_EQ(totals.took, std::chrono::milliseconds(6250));
}

TEST(Console, ProgressFitsTheLine) {
  EXPECT_EQ(progress_text(3, 12, "processor/cache", 80), "[3/12] processor/cache");
  EXPECT_EQ(progress_text(3, 12, "processor/cache", 10), "[3/12] pro");
  EXPECT_EQ(progress_text(3, 12, "\x1b", 80), "[3/12] \\x1b");
}

}  // namespace
}  // namespace wheatstone::report
