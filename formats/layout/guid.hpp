// GUIDs as Windows and UEFI store them: u32, u16, u16 little-endian, then eight raw bytes.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "formats/layout/bytes.hpp"
#include "formats/layout/characters.hpp"

namespace wheatstone {

struct Guid {
  static constexpr std::size_t kSize = 16;

  std::array<std::uint8_t, kSize> bytes{};  // in stored order

  friend constexpr auto operator<=>(const Guid&, const Guid&) = default;

  constexpr bool is_null() const noexcept { return *this == Guid{}; }

  // REQUIRES: 16 readable bytes at p.
  static constexpr Guid load(const std::uint8_t* p) noexcept {
    Guid guid;
    for (std::size_t i = 0; i < kSize; ++i) guid.bytes[i] = p[i];
    return guid;
  }

  // "8a1e1d01-42f9-4557-9c33-565e5cc3f7e8", braces allowed, either case. nullopt for anything else.
  static constexpr std::optional<Guid> parse(std::string_view text) noexcept {
    if (text.size() == 38 && text.front() == '{' && text.back() == '}') text = text.substr(1, 36);
    if (text.size() != 36) return std::nullopt;
    Guid guid;
    std::size_t at = 0;
    for (std::size_t i = 0; i < kSize; ++i) {
      if (at == 8 || at == 13 || at == 18 || at == 23) {
        if (text[at] != '-') return std::nullopt;
        ++at;
      }
      const int high = layout::hex_digit(text[at]);
      const int low = layout::hex_digit(text[at + 1]);
      if (high < 0 || low < 0) return std::nullopt;
      guid.bytes[kOrder[i]] = static_cast<std::uint8_t>(high * 16 + low);
      at += 2;
    }
    return guid;
  }

  // Lower case, no braces.
  std::string text() const;

  // Position in stored order of the i-th byte of the text form.
  static constexpr std::array<std::uint8_t, kSize> kOrder = {3, 2, 1,  0,  5,  4,  7,  6,
                                                             8, 9, 10, 11, 12, 13, 14, 15};
};

inline namespace literals {
// A GUID constant; a malformed one does not compile.
consteval Guid operator""_guid(const char* text, std::size_t size) {
  return Guid::parse(std::string_view(text, size)).value();
}
}  // namespace literals

}  // namespace wheatstone
