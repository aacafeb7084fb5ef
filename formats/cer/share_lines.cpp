#include "formats/cer/share_lines.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace wheatstone::cer {

using enum FindingSeverity;

ShareLines::ShareLines(Bytes file, std::size_t max_bytes, std::string_view clause)
    : text_(as_text(file)), clause_(clause) {
  if (text_.size() <= max_bytes) return;
  text_ = text_.substr(0, max_bytes);
  text_ = text_.substr(0, text_.find_last_of("\r\n") + 1);  // npos + 1 is 0
  findings_.add(
      error, "too-long",
      fmt::format("the file has {} bytes, only whole lines within {} are read", file.size(), max_bytes), {},
      text_.size(), clause_);
}

std::optional<std::string_view> ShareLines::next() {
  while (at_ < text_.size()) {
    line_offset_ = at_;
    ++line_number_;
    const std::size_t end = std::min(text_.find_first_of("\r\n", at_), text_.size());
    const std::string_view line = text_.substr(at_, end - at_);
    const std::string_view rest = text_.substr(end);
    at_ = end + std::min<std::size_t>(rest.size(), rest.starts_with("\r\n") ? 2 : 1);
    if (rest.empty())
      add(warning, "no-final-crlf", "the last line does not end with CRLF");
    else if (!rest.starts_with("\r\n") && !std::exchange(other_line_end_, true))
      add(warning, "line-end", "the line ends with LF or CR alone; later ones are not listed");
    if (!line.empty()) return line;
    add(warning, "empty-line", "the line is empty");
  }
  line_offset_ = at_;
  ++line_number_;
  return std::nullopt;
}

void ShareLines::add(FindingSeverity severity, std::string_view code, std::string message,
                     std::string_view key) {
  std::string path = fmt::format("line {}", line_number_);
  if (!key.empty()) path += fmt::format(": {}", key);
  findings_.add(severity, code, std::move(message), std::move(path), line_offset_, clause_);
}

}  // namespace wheatstone::cer
