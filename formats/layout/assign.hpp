// Values into bytes by name: what a scenario writes as YAML becomes a structure.
//
// A key is a field's name; parts may be nested maps or dotted ("DeviceId.VendorID"). A value is a number, the
// name of a named value, a GUID or its name, a list of flag names or a map of bits for a word, hex digits for
// bytes, a date for a time. Setting a field sets its validity bit, unless the map sets the validity word
// itself.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "formats/layout/bytes.hpp"
#include "formats/layout/field.hpp"
#include "formats/layout/node.hpp"
#include "formats/layout/result.hpp"

namespace wheatstone::layout {

// "123", "0x7b" or "0X7B". nullopt for anything else, signs and white space included, and beyond 64 bits.
std::optional<std::uint64_t> parse_number(std::string_view text) noexcept;

// Hex digits, white space between bytes allowed. nullopt for anything else.
std::optional<Buffer> parse_hex_bytes(std::string_view text);

// Stores `fields` (a map, or nothing) into `bytes`, whose other bytes stay. The variable part is built behind
// the fixed fields: elements are appended and counted, parts are placed and their lengths set; a length that
// the map gives is kept if the content is no longer. "Unread" gives bytes that no field covers. The structure
// never becomes shorter than it was. Errors (malformed) name line and column of the node, the key, what was
// found and what was expected. REQUIRES: bytes.size() >= layout.min.
Result<void> assign(const Layout& layout, Buffer& bytes, const Node& fields);

}  // namespace wheatstone::layout
