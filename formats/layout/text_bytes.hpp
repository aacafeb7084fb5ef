// Text that stands for bytes: how records travel in mails, tickets and logs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "formats/layout/bytes.hpp"
#include "formats/layout/result.hpp"

namespace wheatstone::layout {

enum class TextForm : std::uint8_t {
  hex_dump,       // hex_dump.hpp: "0040: bdc407cf", what we write
  xxd,            // hex_text.hpp
  hexdump,        // hex_text.hpp: hexdump -C
  debugger_dump,  // hex_text.hpp: db
  hex_digits,     // hex_text.hpp: xxd -p and the like
  base64,         // base64.hpp: lines of equal length
  pem,            // base64 between "-----BEGIN X-----" and "-----END X-----" (RFC 7468)
  mime,           // base64 behind headers, "Content-Transfer-Encoding: base64" among them (RFC 2045)
};

// "hex dump", "base64", ...
std::string_view to_string(TextForm form) noexcept;

struct DecodedText {
  TextForm form = TextForm::hex_dump;
  Buffer bytes;
};

// Hex digits and base64 are also what words look like; text that stands for fewer bytes is not taken.
inline constexpr std::size_t kLeastUnmarked = 16;

// Finds out which form the text has and decodes it. nullopt: it has none. Binary data is refused after a look
// at its first bytes, other text mostly after its first line. Errors: a form that the first line leaves no
// doubt about is broken further down, or hex digits are after kLeastUnmarked bytes (malformed, with line and
// column), or there are too many bytes
// (unsupported). Text can promise more than it holds ("*" lines), so the limit is the smaller one of
// `max_bytes` and max(1 MiB, 4 * text.size()). Linear in the text and in the result.
Result<std::optional<DecodedText>> decode_text(std::string_view text, std::size_t max_bytes);

}  // namespace wheatstone::layout
