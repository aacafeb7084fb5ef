// Patterns and observations in one line each, for tests of the judge.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "harness/scenario/scenario.hpp"
#include "injectors/observation.hpp"

namespace wheatstone::judge::test {

using inject::Observation;
using inject::ObservationKind;
using inject::Value;

inline constexpr FileTime kStart{133'800'000'000'000'000};

inline Observation observed(ObservationKind kind, std::uint64_t milliseconds,
                            std::vector<inject::ObservedField> fields = {}) {
  Observation observation;
  observation.kind = kind;
  observation.time = kStart + milliseconds * FileTime::kPerMillisecond;
  observation.fields = std::move(fields);
  return observation;
}

inline scenario::Matcher equal_to(std::uint64_t number) {
  return scenario::Exact{{std::to_string(number), number}};
}
inline scenario::Matcher equal_to(std::string text) {
  return scenario::Exact{{std::move(text), {}}};
}

inline scenario::Pattern pattern(ObservationKind kind,
                                 std::vector<std::pair<std::string, scenario::Matcher>> fields = {}) {
  scenario::Pattern pattern;
  pattern.kind = kind;
  for (auto& [name, matcher] : fields) pattern.fields.push_back({name, matcher, {}});
  return pattern;
}

}  // namespace wheatstone::judge::test
