// Text that holds what an input says, on its way to people: whatever is in it, it steers no terminal and is
// well-formed UTF-8.
#pragma once

#include <string_view>

#include "formats/layout/text_buffer.hpp"

namespace wheatstone::report {

// Appends `text` with a '.' for each control character and line end of Unicode but '\n', and for each byte
// that is no UTF-8.
void append_plain(layout::TextBuffer& out, std::string_view text);

// Appends `text` as one line: a '\n' inside becomes '.' too.
void append_plain_line(layout::TextBuffer& out, std::string_view text);

}  // namespace wheatstone::report
