#include "harness/report/file_names.hpp"

#include <fmt/format.h>

#include "harness/report/stable_hash.hpp"

namespace wheatstone::report {
namespace {

constexpr std::size_t kLongest = 150;

bool is_plain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
         c == '-';
}

std::string lower(std::string text) {
  for (char& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return text;
}

}  // namespace

std::string safe_name(std::string_view name) {
  if (name.empty()) return "%";
  std::string safe;
  for (std::size_t i = 0; i < name.size() && safe.size() <= kLongest; ++i) {
    const char c = name[i];
    if (is_plain(c) && !(i == 0 && c == '.')) {
      safe += c;
    } else {
      safe += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  if (safe.size() > kLongest) {
    safe.resize(kLongest);
    safe += fmt::format("~{:016x}", stable_hash(name));
  }
  return safe;
}

std::string safe_path(std::string_view path) {
  std::string safe;
  while (!path.empty()) {
    const std::size_t slash = path.find('/');
    const std::string_view part = path.substr(0, slash);
    path = slash == std::string_view::npos ? std::string_view{} : path.substr(slash + 1);
    if (part.empty()) continue;
    if (!safe.empty()) safe += '/';
    safe += safe_name(part);
  }
  return safe.empty() ? "%" : safe;
}

std::string UniqueNames::take(std::string_view name) {
  const std::string safe = safe_name(name);
  unsigned& asked = taken_[lower(safe)];
  if (++asked == 1) return safe;
  const std::size_t dot = safe.rfind('.');
  const std::string extension = dot == std::string::npos ? "" : safe.substr(dot);
  for (;; ++asked) {
    std::string candidate = fmt::format("{}-{}{}", safe.substr(0, dot), asked, extension);
    if (taken_.try_emplace(lower(candidate), 1u).second) return candidate;
  }
}

}  // namespace wheatstone::report
