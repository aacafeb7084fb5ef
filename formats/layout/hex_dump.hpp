// Hex dumps, as records are published and reviewed: text that a person can read and a diff can show.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "formats/layout/bytes.hpp"
#include "formats/layout/result.hpp"

namespace wheatstone::layout {

// Reads lines "offset: bytes", both in hex, white space between bytes allowed. Offsets continue where the
// line before ended, except after a line "*", which stands for zero bytes up to the next offset; a last line
// may have an offset and no bytes. Empty lines and what follows a '#' are skipped. Errors (malformed) have
// the line and column in the dump. Fails (unsupported) for more than `max_bytes`.
Result<Buffer> parse_hex_dump(std::string_view text, std::size_t max_bytes);

// The same form, 32 bytes a line.
std::string write_hex_dump(Bytes bytes);

}  // namespace wheatstone::layout
