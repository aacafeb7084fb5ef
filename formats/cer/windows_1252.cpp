#include "formats/cer/windows_1252.hpp"

#include <algorithm>
#include <array>

#include "formats/layout/utf16.hpp"

namespace wheatstone::cer {
namespace {

// Bytes 0x80 to 0x9f; every other byte is its own code point.
constexpr std::array<std::uint16_t, 32> kHigh = {
    0x20ac, 0x0081, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160,
    0x2039, 0x0152, 0x008d, 0x017d, 0x008f, 0x0090, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022,
    0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0x009d, 0x017e, 0x0178};

}  // namespace

std::string windows_1252_to_utf8(Bytes text) {
  std::string out;
  out.reserve(text.size());
  for (const std::uint8_t byte : text)
    append_utf8(out, byte >= 0x80 && byte < 0xa0 ? kHigh[byte - 0x80u] : byte);
  return out;
}

std::optional<std::string> utf8_to_windows_1252(std::string_view utf8) {
  std::string out;
  out.reserve(utf8.size());
  for (std::size_t at = 0; at < utf8.size();) {
    const std::uint32_t code = next_utf8(utf8, at);
    if (code < 0x80 || (code >= 0xa0 && code <= 0xff)) {
      out += static_cast<char>(code);
      continue;
    }
    const auto* found = std::ranges::find(kHigh, code);
    if (found == kHigh.end()) return std::nullopt;
    out += static_cast<char>(0x80 + (found - kHigh.begin()));
  }
  return out;
}

}  // namespace wheatstone::cer
