// The verdict on a scenario that ran to its end.
#pragma once

#include <span>
#include <vector>

#include "formats/layout/time.hpp"
#include "harness/judge/verdict.hpp"
#include "harness/scenario/scenario.hpp"
#include "injectors/observation.hpp"
#include "injectors/target.hpp"

namespace wheatstone::judge {

struct Run {
  std::span<const inject::Observation> observations;  // in order of time
  std::span<const FileTime> injections;               // the boot, then each injection
  std::span<const inject::ObservationKind> given;     // what the target can observe
};

// Passed, or failed with the unmet expectations in the order of the scenario, then the contradictions between
// layers.
Verdict judge(const scenario::Scenario& scenario, const Run& run);

}  // namespace wheatstone::judge
