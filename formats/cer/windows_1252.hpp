// Code page 1252, the "ANSI" of Corporate Error Reporting.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "formats/layout/bytes.hpp"

namespace wheatstone::cer {

// UTF-8. The five bytes that the code page leaves undefined become U+0081, U+008D, U+008F, U+0090 and U+009D,
// as Windows maps them, so every text survives the way back.
std::string windows_1252_to_utf8(Bytes text);

// nullopt if `utf8` is not well-formed or holds a character that code page 1252 lacks.
std::optional<std::string> utf8_to_windows_1252(std::string_view utf8);

// True for the five bytes without a meaning of their own.
constexpr bool is_undefined_in_windows_1252(std::uint8_t byte) noexcept {
  return byte == 0x81 || byte == 0x8d || byte == 0x8f || byte == 0x90 || byte == 0x9d;
}

}  // namespace wheatstone::cer
