// What a person sees while scenarios run. Only text: where it goes is the caller's business.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>

#include "harness/report/outcome.hpp"

namespace wheatstone::report {

struct Totals {
  std::size_t passed = 0, failed = 0, skipped = 0, error = 0;
  std::chrono::nanoseconds took{};  // sum of the scenarios' times

  std::size_t all() const noexcept { return passed + failed + skipped + error; }
  void add(const Outcome& outcome) noexcept;
};

// "file:31:5: message" or, for a contradiction between layers, "[code] message"; further lines are indented.
// No newline at the end.
std::string failure_text(const judge::Failure& failure);

// "file:31:5: reason" of a scenario that was skipped or broke; without a place, the reason alone.
std::string reason_text(const judge::Verdict& verdict);

// The lines about one scenario, each ended by a newline. With `colour`, the status is coloured by ANSI
// escapes; control characters of what is reported never reach the terminal.
std::string console_text(const Outcome& outcome, bool colour);

// "12 scenarios: 10 passed, 1 failed, 1 skipped", with a newline.
std::string summary_text(const Totals& totals, bool colour);

// "[3/12] processor/amd-cache-fatal", cut to `columns` bytes; to be overwritten in place.
std::string progress_text(std::size_t done, std::size_t all, const std::string& id, std::size_t columns);

}  // namespace wheatstone::report
