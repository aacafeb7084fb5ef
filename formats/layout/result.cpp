#include "formats/layout/result.hpp"

#include <fmt/format.h>

namespace wheatstone {

std::string_view to_string(ErrorKind kind) noexcept {
  switch (kind) {
    case ErrorKind::malformed:
      return "malformed";
    case ErrorKind::unsupported:
      return "unsupported";
    case ErrorKind::invalid_argument:
      return "invalid argument";
    case ErrorKind::io:
      return "i/o";
    case ErrorKind::environment:
      return "environment";
    case ErrorKind::internal:
      return "internal";
  }
  return "internal";
}

std::string Error::text() const {
  std::string out;
  if (!where.file.empty()) {
    out += where.file;
    if (where.line != 0) out += fmt::format(":{}:{}", where.line, where.column);
    out += ": ";
  }
  if (!where.path.empty()) out += where.path;
  if (where.offset != Location::kNoOffset)
    out += fmt::format("{}at offset 0x{:x}", where.path.empty() ? "" : " ", where.offset);
  if (!where.path.empty() || where.offset != Location::kNoOffset) out += ": ";
  out += message;
  if (!hint.empty()) out += fmt::format(" ({})", hint);
  return out;
}

}  // namespace wheatstone
