// Characters of the text forms of bytes, and where they stand.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "formats/layout/node.hpp"

namespace wheatstone::layout {

// A table, since digits are random: branches would be guessed wrong.
inline constexpr std::array<std::int8_t, 256> kHexDigits = [] {
  std::array<std::int8_t, 256> digits{};
  digits.fill(-1);
  for (std::int8_t i = 0; i < 10; ++i) digits[static_cast<std::size_t>('0' + i)] = i;
  for (std::int8_t i = 0; i < 6; ++i) {
    digits[static_cast<std::size_t>('a' + i)] = static_cast<std::int8_t>(10 + i);
    digits[static_cast<std::size_t>('A' + i)] = static_cast<std::int8_t>(10 + i);
  }
  return digits;
}();

// 0 to 15, or -1 for what is no hex digit.
constexpr int hex_digit(char c) noexcept {
  return kHexDigits[static_cast<std::uint8_t>(c)];
}

constexpr bool is_blank(char c) noexcept {
  return c == ' ' || c == '\t';
}

// A blank or a part of a line end.
constexpr bool is_white(char c) noexcept {
  return is_blank(c) || c == '\n' || c == '\r';
}

// Line and column of a character, for an error. Linear: for one error, not for each character.
inline Mark mark_of(std::string_view text, std::size_t at) {
  const std::string_view before = text.substr(0, at);
  const std::size_t line_start = before.rfind('\n') + 1;  // npos + 1 is 0
  return {static_cast<std::uint32_t>(1 + std::ranges::count(before, '\n')),
          static_cast<std::uint32_t>(1 + at - line_start)};
}

// Takes the first line off the text, without its line end.
constexpr std::string_view take_line(std::string_view& text) noexcept {
  const std::size_t end = text.find('\n');
  std::string_view line = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

}  // namespace wheatstone::layout
