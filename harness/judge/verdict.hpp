// What the judge says about one scenario.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "formats/layout/result.hpp"

namespace wheatstone::judge {

enum class Status : std::uint8_t {
  passed,   // everything happened as expected and the layers agree
  failed,   // an expectation was not met or two layers contradict each other
  skipped,  // the target cannot do what the scenario needs; nothing was judged
  error,    // the run itself broke: a file, a port, a bug of ours; nothing was judged
};

std::string_view to_string(Status status) noexcept;

// One reason to fail.
struct Failure {
  std::string_view code;  // stable, kebab-case, a literal: "expected-missing", "event-record"
  std::string message;    // first line: the sentence; further lines: what was seen instead
  Location where;         // the expectation in the scenario; file is empty for a contradiction between layers
  std::vector<std::size_t> observations;  // indexes of the observations involved, ascending
};

struct Verdict {
  Status status = Status::passed;
  std::string reason;  // of skipped and error; empty otherwise
  Location where;      // of the reason in the scenario; file is empty if it is about the whole
  std::vector<Failure> failures;
};

}  // namespace wheatstone::judge
