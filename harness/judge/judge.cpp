#include "harness/judge/judge.hpp"

#include <iterator>
#include <utility>

#include "harness/judge/consistency.hpp"
#include "harness/judge/expectations.hpp"

namespace wheatstone::judge {

Verdict judge(const scenario::Scenario& scenario, const Run& run) {
  Verdict verdict;
  verdict.failures = check_expectations(scenario, run.observations, run.injections);
  std::ranges::move(check_consistency(run.observations, run.given, scenario.platform),
                    std::back_inserter(verdict.failures));
  verdict.status = verdict.failures.empty() ? Status::passed : Status::failed;
  return verdict;
}

}  // namespace wheatstone::judge
