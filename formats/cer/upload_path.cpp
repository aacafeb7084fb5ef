// Paths of the level-2 upload: upload_target and normalize_upload_path.
#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "formats/cer/answer.hpp"
#include "formats/cer/value_text.hpp"
#include "formats/layout/characters.hpp"

namespace wheatstone::cer {
namespace {

bool is_letter(char c) noexcept {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

// [RFC3986] 3.3: pchar and the '/' between segments.
bool may_stand_in_path(char c) noexcept {
  constexpr std::string_view kMarks = "-._~!$&'()*+,;=:@/";
  return is_letter(c) || (c >= '0' && c <= '9') || kMarks.find(c) != std::string_view::npos;
}

bool has_parent_segment(std::string_view path) noexcept {
  for (std::size_t at = 0; at <= path.size();) {
    const std::size_t end = std::min(path.find('/', at), path.size());
    if (path.substr(at, end - at) == "..") return true;
    at = end + 1;
  }
  return false;
}

}  // namespace

std::string normalize_upload_path(std::string_view target) {
  std::string path;
  path.reserve(target.size() + 1);
  for (std::size_t at = 0; at < target.size(); ++at) {
    char c = target[at];
    if (c == '%' && target.size() - at > 2) {
      const int high = layout::hex_digit(target[at + 1]);
      const int low = layout::hex_digit(target[at + 2]);
      if (high >= 0 && low >= 0) {
        c = static_cast<char>(high * 16 + low);
        at += 2;
      }
    }
    path += c == '\\' ? '/' : c;
  }
  if (!path.starts_with('/')) path.insert(path.begin(), '/');
  return path;
}

Result<std::string> upload_target(std::string_view dump_file) {
  const auto refuse = [](std::string what) {
    return fail(ErrorKind::malformed, "the upload path " + std::move(what),
                "DumpFile wants a path on the same server, such as \\PersistedCabs\\Blue\\1.cab",
                {.path = "DumpFile"});
  };
  if (dump_file.empty()) return refuse("is empty");
  const std::string path = normalize_upload_path(dump_file);
  // A drive looks like a scheme.
  if (!uri_scheme(std::string_view(path).substr(1)).empty() && !dump_file.starts_with('/') &&
      !dump_file.starts_with('\\'))
    return refuse("is an absolute URL or begins with a drive");
  if (path.starts_with("//")) return refuse("names a host");
  if (has_parent_segment(path)) return refuse("has a \"..\" segment");
  if (path.find_first_of(std::string_view("\r\n\0", 3)) != std::string::npos)
    return refuse("holds CR, LF or NUL");

  std::string target;
  target.reserve(path.size());
  for (const char c : path) {
    if (may_stand_in_path(c))
      target += c;
    else
      fmt::format_to(std::back_inserter(target), "%{:02X}", static_cast<unsigned char>(c));
  }
  return target;
}

}  // namespace wheatstone::cer
