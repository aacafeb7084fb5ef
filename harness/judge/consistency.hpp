// One error, one story: what must hold between the layers whatever a scenario expects.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "formats/layout/bytes.hpp"
#include "harness/judge/verdict.hpp"
#include "injectors/observation.hpp"
#include "injectors/target.hpp"

namespace wheatstone::judge {

struct Rule {
  std::string_view code;      // stable; Failure::code of a contradiction
  std::string_view sentence;  // what must hold
};

// All rules, in the order in which they are checked.
std::span<const Rule> consistency_rules() noexcept;

// Every contradiction, with the observations involved. A layer that the target cannot observe (it is not in
// `given`) or that is not part of the story contradicts nothing. Both the fields and the bytes of an
// observation are held against the others, and against each other. Work is linear in the observations and
// their bytes. `broken` are records that were put in broken on purpose: what they say about themselves need
// not be true, and the layers repeat it.
//
// REQUIRES: observations in order of time.
std::vector<Failure> check_consistency(std::span<const inject::Observation> observations,
                                       std::span<const inject::ObservationKind> given,
                                       const inject::Platform& platform, std::span<const Bytes> broken = {});

}  // namespace wheatstone::judge
