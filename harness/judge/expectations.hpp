// What a scenario expects, held against what was observed.
#pragma once

#include <span>
#include <vector>

#include "formats/layout/time.hpp"
#include "harness/judge/verdict.hpp"
#include "harness/scenario/scenario.hpp"
#include "injectors/observation.hpp"

namespace wheatstone::judge {

// One failure for every expectation that was not met, in the order of the scenario:
//   expected-count  an `occurs` with too few or too many matches; tells the nearest observation there was
//   expected-never  something that must not happen did
//   expected-order  the first pattern of an `order` that nothing matches after the one before it
//   undecided       a regular expression gave up where the answer depends on it
//
// REQUIRES: `observations` in order of time; `injections` ascending: the time of the boot, then of each
// injection. Work is linear in the observations for each expectation.
std::vector<Failure> check_expectations(const scenario::Scenario& scenario,
                                        std::span<const inject::Observation> observations,
                                        std::span<const FileTime> injections);

}  // namespace wheatstone::judge
