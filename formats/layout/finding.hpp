// A remark about input that was read all the same. Reading never fails because of a finding; what could not
// be read at all is an Error.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace wheatstone {

enum class FindingSeverity : std::uint8_t {
  note,     // legal, but worth knowing
  warning,  // breaks a rule that readers survive
  error,    // a reader cannot make sense of this part
};

constexpr std::string_view to_string(FindingSeverity severity) noexcept {
  switch (severity) {
    case FindingSeverity::note:
      return "note";
    case FindingSeverity::warning:
      return "warning";
    case FindingSeverity::error:
      return "error";
  }
  return "error";
}

struct Finding {
  static constexpr std::uint64_t kNoOffset = ~std::uint64_t{0};

  FindingSeverity severity = FindingSeverity::warning;
  std::string_view code;             // stable, kebab-case, a literal: "length-beyond-file"
  std::string message;               // one sentence, lower case, no full stop
  std::string path;                  // field path ("Sections[1].SectionLength"); may be empty
  std::uint64_t offset = kNoOffset;  // byte offset in the input
  std::string_view clause;           // specification clause, a literal; may be empty
};

}  // namespace wheatstone
