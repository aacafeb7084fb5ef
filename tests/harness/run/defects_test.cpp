// The catalogue of defects, end to end: each that can be injected goes through the simulated Windows, its
// dumps, the Corporate Error Reporting server, the judge and the evidence.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <map>
#include <string>

#include "formats/document/defects.hpp"
#include "formats/dump/reader.hpp"
#include "harness/run/runner.hpp"
#include "harness/scenario/injected_document.hpp"
#include "harness/scenario/loader.hpp"
#include "injectors/simulated/simulated_target.hpp"
#include "tests/harness/run/temporary_folder.hpp"

namespace wheatstone::run {
namespace {

using inject::Observation;
using inject::ObservationKind;
using judge::Status;
using report::Outcome;

// All sources, so that none is unknown, and a server that wants the cabinet of every crash.
scenario::Scenario scenario_of(std::string_view defect, std::string_view profile) {
  const std::string text = fmt::format(R"(
title: {0}
platform:
  profile: {1}
  clock: 2026-01-15T08:00:00Z
  sources: [MCE, CMC, CPE, NMI, PCIe, Generic, BOOT, DeviceDriver]
  reporting: {{corporate_wer_server: server.example.com}}
server: {{rules: [{{answer: {{Bucket: 100, iData: true}}}}]}}
steps:
  - inject: {{defect: {0}}}
)",
                                       defect, profile);
  auto loaded =
      scenario::load_scenario(text, {fmt::format("{}/{}", profile, defect), "defect.yaml"}, nullptr);
  if (loaded) return std::move(*loaded);
  ADD_FAILURE() << loaded.error().front().text();
  return {};
}

Result<Outcome> run_one(const scenario::Scenario& scenario, const std::filesystem::path& out) {
  Options options;
  options.out = out;
  options.keep_observations = true;
  auto outcomes = run_all(std::span(&scenario, 1), inject::make_simulated_target, options);
  if (!outcomes) return std::unexpected(outcomes.error());
  return std::move(outcomes->at(0));
}

std::string said(const Outcome& outcome) {
  std::string text = outcome.verdict.reason;
  for (const judge::Failure& failure : outcome.verdict.failures)
    text += fmt::format("\n{}: {}", failure.code, failure.message);
  return text;
}

// Parameter 2 leads to the broken record in every dump that holds memory.
void expect_record_in_dumps(const Outcome& outcome) {
  const Observation* record = nullptr;
  for (const Observation& seen : outcome.observations) {
    if (seen.kind == ObservationKind::record) record = &seen;
    if (seen.kind != ObservationKind::dump) continue;
    const auto opened = dump::Dump::open(seen.bytes);
    ASSERT_TRUE(opened) << opened.error().text();
    if (record == nullptr || opened->bug_check().code != 0x124) continue;
    const auto found = opened->read_virtual(opened->bug_check().parameters[1], record->bytes.size());
    ASSERT_TRUE(found) << found.error().text();
    EXPECT_EQ(*found, record->bytes);
  }
}

class EveryDefect : public testing::TestWithParam<std::string_view> {};

TEST_P(EveryDefect, HasAVerdictAndTheSameEvidenceTwice) {
  test::TemporaryFolder folder;
  std::map<std::string, std::size_t> stops;
  for (const std::string_view name : scenario::injectable_defects()) {
    SCOPED_TRACE(name);
    const scenario::Scenario scenario = scenario_of(name, GetParam());
    const auto first = run_one(scenario, folder.path() / "1");
    ASSERT_TRUE(first) << first.error().text();
    EXPECT_EQ(first->verdict.status, Status::passed) << said(*first);
    expect_record_in_dumps(*first);
    const auto second = run_one(scenario, folder.path() / "2");
    ASSERT_TRUE(second) << second.error().text();
    const auto evidence = test::TemporaryFolder::files(folder.path() / "1");
    EXPECT_GE(evidence.size(), 3u) << "scenario, observations, verdict";
    EXPECT_EQ(evidence, test::TemporaryFolder::files(folder.path() / "2"));
    std::filesystem::remove_all(folder.path() / "1");
    std::filesystem::remove_all(folder.path() / "2");
    for (const Observation& seen : first->observations)
      if (seen.kind == ObservationKind::bugcheck) ++stops[fmt::format("{:#x}", seen.number("Code"))];
  }
  EXPECT_GE(stops["0x124"], 60u) << "most of the examples are fatal, and Windows stops all the same";
}

INSTANTIATE_TEST_SUITE_P(Profiles, EveryDefect, testing::Values("vista-sp1", "win7-sp1", "win11-24H2"));

}  // namespace
}  // namespace wheatstone::run
