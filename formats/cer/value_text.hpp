// What the readers of Key=Value texts share: ASCII case, URIs, numbers, input in messages.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace wheatstone::cer {

// Case is that of ASCII letters.
bool equal_but_for_case(std::string_view a, std::string_view b) noexcept;

// [RFC3986] 3.1; empty if the text has no scheme.
std::string_view uri_scheme(std::string_view text) noexcept;

// True if the text has a scheme and holds printable ASCII alone.
bool is_uri(std::string_view text) noexcept;

// A decimal number of 64 bits without leading zeros, the digits and nothing else.
std::optional<std::uint64_t> decimal(std::string_view text) noexcept;

// True if the text holds a byte below the blank, or 0x7f.
bool has_control(std::string_view text) noexcept;

// Windows-1252 bytes of the input, fit for a message: as much as a person needs, in UTF-8.
std::string shown(std::string_view text);

}  // namespace wheatstone::cer
