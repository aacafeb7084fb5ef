// UTF-8 to UTF-16LE and back, strict in both directions.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "formats/layout/bytes.hpp"

namespace wheatstone {

// Offset of the first byte that is not well-formed UTF-8 (overlong forms, surrogates and values above
// U+10FFFF included), or nullopt if all of it is.
std::optional<std::size_t> find_invalid_utf8(std::string_view text) noexcept;

// UTF-16 code units in little-endian byte order, no byte order mark. nullopt if `utf8` is not well-formed.
std::optional<Buffer> utf8_to_utf16le(std::string_view utf8);

// nullopt for an odd length or an unpaired surrogate. A byte order mark is text like any other.
std::optional<std::string> utf16le_to_utf8(Bytes utf16);

// The same, but never fails: each ill-formed unit becomes U+FFFD. For showing, not for storing.
std::string utf16le_to_utf8_lossy(Bytes utf16);

// One code point at a time, for readers that need to know where each one stood.
inline constexpr std::uint32_t kInvalidCodePoint = 0xffffffff;
inline constexpr std::uint32_t kReplacementCodePoint = 0xfffd;

// Decodes one code point and moves `at` past it; kInvalidCodePoint leaves `at` where it was.
// REQUIRES: at < text.size().
std::uint32_t next_utf8(std::string_view text, std::size_t& at) noexcept;

// The same for UTF-16; an ill-formed unit, or a lone last byte, is kInvalidCodePoint and is moved past.
// REQUIRES: at < utf16.size().
std::uint32_t next_utf16le(Bytes utf16, std::size_t& at) noexcept;

// REQUIRES: code is a Unicode scalar value.
void append_utf8(std::string& out, std::uint32_t code);

}  // namespace wheatstone
