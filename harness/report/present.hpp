// Any file of the house, for people and for programs.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "formats/layout/bytes.hpp"

namespace wheatstone::report {

enum class FileKind : std::uint8_t {
  unknown,
  record,   // an error record: "CPER"
  dump,     // a kernel crash dump: "PAGEDU64", "PAGEDUMP"
  cabinet,  // "MSCF"
  level1,   // a WERREPORT document
  answer,   // an answer of a CER server
};

// "error record", "kernel crash dump", ...
std::string_view to_string(FileKind kind) noexcept;

struct Presentation {
  FileKind kind = FileKind::unknown;
  std::string text;  // ends with a newline
};

// Finds out what the bytes are and shows them, with everything that is wrong with them; a hex dump as
// layout/hex_dump.hpp reads it is shown as what it is a dump of. Whatever is unknown, or cannot be read at
// all, gives `unknown` and the head of a hex dump. With `json`, the text is one JSON object with a "Kind".
Presentation present(Bytes bytes, bool json);

}  // namespace wheatstone::report
