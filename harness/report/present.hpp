// Any file of the house, for people and for programs.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "formats/layout/bytes.hpp"
#include "formats/layout/text_buffer.hpp"

namespace wheatstone::report {

enum class FileKind : std::uint8_t {
  unknown,
  record,   // an error record: "CPER"
  packet,   // an error packet: "WHEA", "ErPt"
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

// Finds out what the bytes are and shows them, with everything that is wrong with them; text that stands for
// bytes (layout/text_bytes.hpp) is shown as what those bytes are. Whatever is unknown, or cannot be read at
// all, gives `unknown` and the head of a hex dump. With `json`, the text is one JSON object with a "Kind".
Presentation present(Bytes bytes, bool json);

// The same, appended to `out`, which is how many inputs are shown: nothing is copied, and a buffer that is
// used again grows no more. A `file` that is not empty comes first: as the key "File" of the object, or as a
// heading
// "==> file <==". REQUIRES: out is empty or ends with a newline.
FileKind present_to(layout::TextBuffer& out, Bytes bytes, bool json, std::string_view file = {});

}  // namespace wheatstone::report
