// Text that holds what an input says, on its way to a terminal: control characters never reach it.
#pragma once

#include <string_view>

#include "formats/layout/text_buffer.hpp"

namespace wheatstone::report {

// Appends `text` with a '.' for each control character but line ends. What has more than one byte stays.
void append_plain(layout::TextBuffer& out, std::string_view text);

// Appends `text` as one line: line ends inside become '.' too.
void append_plain_line(layout::TextBuffer& out, std::string_view text);

}  // namespace wheatstone::report
