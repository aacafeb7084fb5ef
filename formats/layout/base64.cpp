#include "formats/layout/base64.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>

#include "formats/layout/characters.hpp"
#include "formats/layout/node.hpp"

namespace wheatstone::layout {
namespace {

constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::uint8_t kOther = 0xff;

constexpr std::array<std::uint8_t, 256> kValues = [] {
  std::array<std::uint8_t, 256> values{};
  values.fill(kOther);
  for (std::size_t i = 0; i < kAlphabet.size(); ++i)
    values[static_cast<std::uint8_t>(kAlphabet[i])] = static_cast<std::uint8_t>(i);
  return values;
}();

constexpr std::uint8_t value_of(char c) {
  return kValues[static_cast<std::uint8_t>(c)];
}

std::unexpected<Error> wrong(std::string_view text, std::size_t at, std::string message,
                             std::string hint = {}) {
  return fail_at(mark_of(text, at), std::move(message), std::move(hint));
}

}  // namespace

Result<Buffer> decode_base64(std::string_view text, std::size_t max_bytes) {
  Buffer out;
  out.reserve(std::min(max_bytes, text.size() / 4 * 3));
  std::uint32_t group = 0;  // 6 bits a character
  unsigned characters = 0;  // of the group, padding included
  unsigned padding = 0;
  std::size_t last = 0;  // the last character
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (is_white(c)) continue;
    const bool complete = characters == 0 && padding != 0;
    if (complete || (padding != 0 && c != '=')) return wrong(text, at, "text behind the padding");
    const std::uint8_t value = value_of(c);
    if (c == '=') {
      if (characters < 2) return wrong(text, at, "'=' where no group of characters ends");
      ++padding;
    } else if (value == kOther) {
      return wrong(text, at, "no base64 character", "A-Z, a-z, 0-9, '+', '/', and '=' at the end");
    }
    group = group << 6 | (c == '=' ? 0u : value);
    last = at;
    if (++characters != 4) continue;
    const unsigned bytes = 3 - padding;
    if ((group & ((1u << (8 * padding)) - 1)) != 0)
      return wrong(text, at, "the character before the padding has bits that belong to no byte");
    if (max_bytes - out.size() < bytes)
      return fail(ErrorKind::unsupported, fmt::format("more than {} bytes", max_bytes));
    for (unsigned i = 0; i < bytes; ++i) out.push_back(static_cast<std::uint8_t>(group >> (16 - 8 * i)));
    group = 0;
    characters = 0;
  }
  if (characters != 0)
    return wrong(text, last, "the last group of four characters is not complete",
                 "'=' fills it up; the text may be cut short");
  return out;
}

std::string encode_base64(Bytes bytes) {
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t at = 0; at < bytes.size(); at += 3) {
    const std::size_t size = std::min<std::size_t>(3, bytes.size() - at);
    std::uint32_t group = 0;
    for (std::size_t i = 0; i < 3; ++i) group = group << 8 | (i < size ? bytes[at + i] : 0u);
    for (std::size_t i = 0; i < 4; ++i) text += i > size ? '=' : kAlphabet[group >> (18 - 6 * i) & 0x3f];
  }
  return text;
}

}  // namespace wheatstone::layout
