#include "mocks/text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace wheatstone {

char lower(char c) noexcept {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = lower(c);
  return out;
}

bool same_ignoring_case(std::string_view a, std::string_view b) noexcept {
  return std::ranges::equal(a, b, [](char x, char y) { return lower(x) == lower(y); });
}

std::string_view base_name(std::string_view path) noexcept {
  const std::size_t end = path.find_last_of("\\/:");
  return end == std::string_view::npos ? path : path.substr(end + 1);
}

std::string printable(std::string_view text) {
  constexpr std::size_t kShown = 80;
  std::string out;
  for (const char c : text.substr(0, kShown)) {
    if (c >= 0x20 && c < 0x7f)
      out += c;
    else
      out += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
  }
  if (text.size() > kShown) out += "...";
  return out;
}

}  // namespace wheatstone
