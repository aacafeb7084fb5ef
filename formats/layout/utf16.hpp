// UTF-8 to UTF-16LE and back, strict in both directions.
#pragma once

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

}  // namespace wheatstone
