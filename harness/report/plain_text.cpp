#include "harness/report/plain_text.hpp"

#include "formats/layout/utf16.hpp"

namespace wheatstone::report {
namespace {

// C1 controls steer terminals as escape sequences do; YAML and editors end lines at the separators.
bool is_plain(std::uint32_t code) {
  return code >= 0xa0 && code != 0x2028 && code != 0x2029 && code != kInvalidCodePoint;
}

void append(layout::TextBuffer& out, std::string_view text, bool keep_line_ends) {
  char* to = out.room(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const auto c = static_cast<unsigned char>(text[at]);
    if (c < 0x80) {
      const bool control = c < 0x20 || c == 0x7f;
      *to++ = control && !(keep_line_ends && c == '\n') ? '.' : text[at];
      ++at;
      continue;
    }
    const std::size_t start = at;
    const std::uint32_t code = next_utf8(text, at);
    if (code == kInvalidCodePoint) ++at;
    to = is_plain(code) ? layout::put(to, text.substr(start, at - start)) : layout::put(to, '.');
  }
  out.commit(to);
}

}  // namespace

void append_plain(layout::TextBuffer& out, std::string_view text) {
  append(out, text, true);
}

void append_plain_line(layout::TextBuffer& out, std::string_view text) {
  append(out, text, false);
  out.append('\n');
}

}  // namespace wheatstone::report
