// Does an observation fit a pattern, and if not, how near is it?
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "harness/scenario/scenario.hpp"
#include "injectors/observation.hpp"

namespace wheatstone::judge {

enum class Fit : std::uint8_t {
  yes,
  no,
  undecided,  // a regular expression gave up on this text: neither "it happened" nor "it never happened"
              // holds
};

// Work is linear in the fields of the pattern times those of the observation.
Fit fits(const scenario::Pattern& pattern, const inject::Observation& observation);

// How an observation of the pattern's kind compares with it, field by field.
struct Comparison {
  struct Difference {
    std::string name;      // field, or "bytes"
    std::string expected;  // as show() writes it
    std::string found;     // value, "nothing", or why it could not be decided
  };
  std::vector<std::string> agreeing;  // names of the fields that fit
  std::vector<Difference> differing;

  // "agrees in A, B; C is 0x12 instead of 0x13".
  std::string text() const;
};

Comparison compare(const scenario::Pattern& pattern, const inject::Observation& observation);

}  // namespace wheatstone::judge
