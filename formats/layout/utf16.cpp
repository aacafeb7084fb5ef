#include "formats/layout/utf16.hpp"

namespace wheatstone {

std::uint32_t next_utf8(std::string_view text, std::size_t& at) noexcept {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  const std::uint8_t lead = byte(at);
  if (lead < 0x80) return text[at++] & 0x7f;
  const unsigned length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4 || text.size() - at < length) return kInvalidCodePoint;
  std::uint32_t code = lead & (0x7f >> length);
  for (unsigned i = 1; i < length; ++i) {
    if ((byte(at + i) & 0xc0) != 0x80) return kInvalidCodePoint;
    code = (code << 6) | (byte(at + i) & 0x3f);
  }
  const bool overlong = (length == 3 && code < 0x800) || (length == 4 && code < 0x10000);
  if (overlong || code > 0x10ffff || (code >= 0xd800 && code < 0xe000)) return kInvalidCodePoint;
  at += length;
  return code;
}

void append_utf8(std::string& out, std::uint32_t code) {
  if (code < 0x80) {
    out += static_cast<char>(code);
  } else if (code < 0x800) {
    out += static_cast<char>(0xc0 | (code >> 6));
    out += static_cast<char>(0x80 | (code & 0x3f));
  } else if (code < 0x10000) {
    out += static_cast<char>(0xe0 | (code >> 12));
    out += static_cast<char>(0x80 | ((code >> 6) & 0x3f));
    out += static_cast<char>(0x80 | (code & 0x3f));
  } else {
    out += static_cast<char>(0xf0 | (code >> 18));
    out += static_cast<char>(0x80 | ((code >> 12) & 0x3f));
    out += static_cast<char>(0x80 | ((code >> 6) & 0x3f));
    out += static_cast<char>(0x80 | (code & 0x3f));
  }
}

std::uint32_t next_utf16le(Bytes utf16, std::size_t& at) noexcept {
  if (utf16.size() - at < 2) {
    at = utf16.size();
    return kInvalidCodePoint;
  }
  const std::uint32_t unit = load_le<std::uint16_t>(&utf16[at]);
  at += 2;
  if (unit < 0xd800 || unit >= 0xe000) return unit;
  if (unit >= 0xdc00 || utf16.size() - at < 2) return kInvalidCodePoint;
  const std::uint32_t low = load_le<std::uint16_t>(&utf16[at]);
  if (low < 0xdc00 || low >= 0xe000) return kInvalidCodePoint;
  at += 2;
  return 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
}

namespace {

void append_utf16(Buffer& out, std::uint32_t unit) {
  out.push_back(static_cast<std::uint8_t>(unit));
  out.push_back(static_cast<std::uint8_t>(unit >> 8));
}

}  // namespace

std::optional<std::size_t> find_invalid_utf8(std::string_view text) noexcept {
  for (std::size_t at = 0; at < text.size();)
    if (next_utf8(text, at) == kInvalidCodePoint) return at;
  return std::nullopt;
}

std::optional<Buffer> utf8_to_utf16le(std::string_view utf8) {
  Buffer out;
  out.reserve(utf8.size() * 2);
  for (std::size_t at = 0; at < utf8.size();) {
    const std::uint32_t code = next_utf8(utf8, at);
    if (code == kInvalidCodePoint) return std::nullopt;
    if (code < 0x10000) {
      append_utf16(out, code);
    } else {
      append_utf16(out, 0xd800 + ((code - 0x10000) >> 10));
      append_utf16(out, 0xdc00 + ((code - 0x10000) & 0x3ff));
    }
  }
  return out;
}

std::optional<std::string> utf16le_to_utf8(Bytes utf16) {
  std::string out;
  out.reserve(utf16.size() / 2);
  for (std::size_t at = 0; at < utf16.size();) {
    const std::uint32_t code = next_utf16le(utf16, at);
    if (code == kInvalidCodePoint) return std::nullopt;
    append_utf8(out, code);
  }
  return out;
}

std::string utf16le_to_utf8_lossy(Bytes utf16) {
  std::string out;
  out.reserve(utf16.size() / 2);
  for (std::size_t at = 0; at < utf16.size();) {
    const std::uint32_t code = next_utf16le(utf16, at);
    append_utf8(out, code == kInvalidCodePoint ? kReplacementCodePoint : code);
  }
  return out;
}

}  // namespace wheatstone
