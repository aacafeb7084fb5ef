#include "harness/report/plain_text.hpp"

namespace wheatstone::report {
namespace {

void append(layout::TextBuffer& out, std::string_view text, bool keep_line_ends) {
  char* const start = out.room(text.size());
  char* const end = layout::put(start, text);
  for (char* at = start; at != end; ++at)
    if ((static_cast<unsigned char>(*at) < 0x20 && !(keep_line_ends && *at == '\n')) || *at == 0x7f)
      *at = '.';
  out.commit(end);
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
