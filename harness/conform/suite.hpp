// The conformance suite of Corporate Error Reporting V2: what a case is, and what came of the cases of a run.
// Sources: [MS-CER2], RFC 9110, RFC 9112, XML 1.0; each case names its clause.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "formats/layout/result.hpp"
#include "formats/layout/text_buffer.hpp"

namespace wheatstone::conform {

// How much a case binds, the least first.
enum class Level : std::uint8_t {
  gap,     // the specifications are silent or contradict themselves: our advice
  should,  // a SHOULD, or what every example of the specification does
  must,    // a MUST, or the syntax itself
};

// "must", "should", "gap"
std::string_view to_string(Level level) noexcept;
// nullopt for any other word.
std::optional<Level> parse_level(std::string_view word) noexcept;

// A requirement that is checked. All texts are literals.
struct Case {
  std::string_view id;  // "CER2-S-001": stable, never given to another requirement
  Level level = Level::must;
  std::string_view clause;  // "MS-CER2 3.2.5", "RFC 9112 7.1"
  std::string_view title;   // one line: what holds
};

enum class Outcome : std::uint8_t {
  passed,
  failed,
  not_applicable,  // the peer does not do what the case is about
  not_reached,     // the run ended before, or nothing came that the case looks at
};

// "passed", "failed", "not applicable", "not reached"
std::string_view to_string(Outcome outcome) noexcept;

struct Verdict {
  Outcome outcome = Outcome::passed;
  std::string reason = {};  // one sentence for people; empty if the case passed

  bool passed() const noexcept { return outcome == Outcome::passed; }
};

Verdict pass();
Verdict failed(std::string reason);
Verdict not_applicable(std::string reason);
Verdict not_reached(std::string reason);

struct CaseResult {
  Case about;
  Verdict verdict;
};

struct Totals {
  std::size_t passed = 0, failed = 0, not_applicable = 0, not_reached = 0;

  std::size_t all() const noexcept { return passed + failed + not_applicable + not_reached; }
};

// Of the results whose level is `least` or more.
Totals count(std::span<const CaseResult> results, Level least = Level::gap) noexcept;

// Which cases run: those with these ids, or all if there are none.
using Only = std::vector<std::string>;

bool is_selected(const Only& only, const Case& about) noexcept;

// Fails (invalid_argument) for an id that no case has, with the nearest there is.
Result<void> check_ids(const Only& only, std::span<const Case> cases);

// A line for each case: "CER2-S-001  must    [MS-CER2] 3.2.5  a report is answered".
std::string list_text(std::span<const Case> cases);

// The line of one result, and below it, indented, the reason; nothing that a peer says steers a terminal.
std::string result_text(const CaseResult& result);

// "101 cases: 98 passed, 1 failed, 2 not applicable, 0 not reached"
std::string totals_text(const Totals& totals);

// One JSON object and a newline: {"Id","Level","Clause","Title","Outcome"} and, unless it passed, "Reason".
void result_line(layout::TextBuffer& out, const CaseResult& result);

// {"Summary":{"Passed","Failed","NotApplicable","NotReached"}}
void totals_line(layout::TextBuffer& out, const Totals& totals);

// A JUnit document of one suite, "conform.server" or "conform.client". What was not applicable or not reached
// is skipped, with the reason.
std::string junit_xml(std::string_view half, std::span<const CaseResult> results);

}  // namespace wheatstone::conform
