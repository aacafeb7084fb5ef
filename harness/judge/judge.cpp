#include "harness/judge/judge.hpp"

#include <iterator>
#include <utility>
#include <variant>

#include "harness/judge/consistency.hpp"
#include "harness/judge/expectations.hpp"

namespace wheatstone::judge {
namespace {

std::vector<Bytes> broken_records(const scenario::Scenario& scenario) {
  std::vector<Bytes> records;
  for (const scenario::Step& step : scenario.steps)
    if (const auto* injection = std::get_if<inject::Injection>(&step.what))
      if (const auto* record = std::get_if<inject::InjectedRecord>(injection))
        if (record->broken) records.emplace_back(record->record);
  return records;
}

}  // namespace

Verdict judge(const scenario::Scenario& scenario, const Run& run) {
  Verdict verdict;
  verdict.failures = check_expectations(scenario, run.observations, run.injections);
  std::ranges::move(
      check_consistency(run.observations, run.given, scenario.platform, broken_records(scenario)),
      std::back_inserter(verdict.failures));
  verdict.status = verdict.failures.empty() ? Status::passed : Status::failed;
  return verdict;
}

}  // namespace wheatstone::judge
