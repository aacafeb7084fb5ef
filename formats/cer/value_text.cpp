#include "formats/cer/value_text.hpp"

#include <algorithm>
#include <charconv>

#include "formats/cer/windows_1252.hpp"

namespace wheatstone::cer {
namespace {

char lower(char c) noexcept {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}

bool is_letter(char c) noexcept {
  return lower(c) >= 'a' && lower(c) <= 'z';
}

}  // namespace

bool equal_but_for_case(std::string_view a, std::string_view b) noexcept {
  return std::ranges::equal(a, b, {}, lower, lower);
}

std::string_view uri_scheme(std::string_view text) noexcept {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos || colon == 0 || !is_letter(text.front())) return {};
  const std::string_view scheme = text.substr(0, colon);
  const bool legal = std::ranges::all_of(scheme, [](char c) {
    return is_letter(c) || (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.';
  });
  return legal ? scheme : std::string_view{};
}

bool is_uri(std::string_view text) noexcept {
  return !uri_scheme(text).empty() && std::ranges::all_of(text, [](char c) { return c > ' ' && c < 0x7f; });
}

std::optional<std::uint64_t> decimal(std::string_view text) noexcept {
  std::uint64_t number = 0;
  const char* end = text.data() + text.size();
  const auto [rest, failure] = std::from_chars(end - text.size(), end, number);
  if (failure != std::errc{} || rest != end || (text.front() == '0' && text.size() > 1)) return std::nullopt;
  return number;
}

bool has_control(std::string_view text) noexcept {
  return std::ranges::any_of(text, [](char c) { return (c >= 0 && c < ' ') || c == 0x7f; });
}

std::string shown(std::string_view text) {
  constexpr std::size_t kLongest = 64;
  return windows_1252_to_utf8(as_bytes(text.substr(0, kLongest))) + (text.size() > kLongest ? "..." : "");
}

}  // namespace wheatstone::cer
