// Documents broken on purpose: the catalogue of named defects, each with the clause that it breaks and the
// finding that it must produce.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "formats/document/document.hpp"
#include "formats/layout/result.hpp"

namespace wheatstone::document {

// One change. Paths are those of flatten().
struct Change {
  enum class What : std::uint8_t {
    nothing,
    set,      // the value of a field or of bits
    add,      // to the value, modulo its width
    flip,     // these bits of the value
    keep,     // only so many bytes of the document
    cut,      // so many bytes off its end
    append,   // so many bytes 0xAA behind its end
    shift,    // a record's bodies, so many bytes back: a gap behind the descriptors
    overlay,  // all descriptors of a record on the body of its largest section
  };

  What what = What::nothing;
  std::string_view path{};
  std::uint64_t value = 0;
};

struct Defect {
  std::string_view name;     // "record-length-beyond"
  Kind kind;                 // of document
  std::string_view clause;   // the rule that is broken
  std::string_view about;    // one sentence
  std::string_view finding;  // the code that lint() must give
  Change first;              // its value is the parameter of the defect
  Change second{};
  Change third{};
  std::string_view form{};  // of example(): where that of the kind has not what is broken
};

// All of them, by kind. Names are unique.
std::span<const Defect> defects() noexcept;
// nullptr if there is none.
const Defect* find_defect(std::string_view name) noexcept;

// The example that has what the defect breaks.
Buffer example_for(const Defect& defect);

// The document with the defect. `value` goes in place of the first change's. Fails (invalid_argument) if the
// document is of another kind, lacks what is to be broken, or has no room for the value.
Result<Buffer> break_document(const Defect& defect, Bytes document, std::optional<std::uint64_t> value = {});

}  // namespace wheatstone::document
