// Findings as text and as JSON lines, and how many there are.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "formats/layout/finding.hpp"
#include "formats/layout/result.hpp"
#include "formats/layout/text_buffer.hpp"

namespace wheatstone::report {

// What a run found in all of its inputs.
struct FindingTotals {
  std::uint64_t files = 0;
  std::uint64_t clean = 0;    // without a finding
  std::uint64_t unknown = 0;  // nothing that is checked, not among `files`
  std::uint64_t failed = 0;   // not read, not among `files`
  std::uint64_t notes = 0;
  std::uint64_t warnings = 0;
  std::uint64_t errors = 0;

  void add(std::span<const Finding> findings) noexcept;
  // How many findings are of this severity or a worse one.
  std::uint64_t at_least(FindingSeverity severity) const noexcept;
};

// For people and for `grep`: a line for each finding, and below it, indented, what its rule advises
// (document/lint.hpp). Nothing that the input says steers a terminal.
//
//     a.cper: error: length-beyond-input: Length at offset 0x14: 1019 bytes, 500 are there [UEFI N.2.1]
//       read what is there
void findings_text(layout::TextBuffer& out, std::string_view file, std::span<const Finding> findings);
// "3 files checked: 1 clean, 2 errors, 0 warnings, 4 notes; 0 unknown, 0 unreadable"
std::string totals_text(const FindingTotals& totals);

// Each appends one JSON object and a newline. REQUIRES: out is empty or ends with a newline.
//
// {"File":"a.cper","Findings":[{"Severity":"warning","Code":"...","Path":"...","Offset":68,"Message":"...",
//   "Clause":"..."}]}; Path, Offset and Clause only where there is one.
void findings_line(layout::TextBuffer& out, std::string_view file, std::span<const Finding> findings);
// {"File":"a.cper","Error":"cannot open the file: Permission denied"}; with Line and Column in text that is
// broken
void failure_line(layout::TextBuffer& out, std::string_view file, const Error& error);
// {"Summary":{"Files":2,"Clean":1,"Unknown":0,"Failed":0,"Notes":0,"Warnings":1,"Errors":0}}
void totals_line(layout::TextBuffer& out, const FindingTotals& totals);

}  // namespace wheatstone::report
