#include "formats/layout/text_bytes.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "formats/layout/base64.hpp"
#include "formats/layout/characters.hpp"
#include "formats/layout/hex_dump.hpp"
#include "formats/layout/hex_text.hpp"

namespace wheatstone::layout {
namespace {

using Decoded = Result<std::optional<DecodedText>>;
using Parser = Result<Buffer> (*)(std::string_view, std::size_t);

constexpr std::size_t kHead = 64;
constexpr std::size_t kAlwaysAllowed = 1u << 20;
constexpr std::size_t kMostPerCharacter = 4;
constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

bool is_text(char c) {
  return (c >= ' ' && c <= '~') || is_white(c);
}

std::string_view without_white_ends(std::string_view text) {
  while (!text.empty() && is_white(text.back())) text.remove_suffix(1);
  while (!text.empty() && is_white(text.front())) text.remove_prefix(1);
  return text;
}

Decoded decoded(TextForm form, Result<Buffer> bytes) {
  if (!bytes) return std::unexpected(std::move(bytes.error()));
  if (bytes->empty()) return std::nullopt;
  return DecodedText{form, std::move(*bytes)};
}

// ---- dumps: the first line with bytes must be good, then the rest has to be ----

struct DumpForm {
  TextForm form;
  Parser parse;
};

// In this order: what has a column of characters must not be taken for our own form, where '#' starts a
// comment.
constexpr DumpForm kDumps[] = {{TextForm::xxd, parse_xxd},
                               {TextForm::hexdump, parse_hexdump},
                               {TextForm::debugger_dump, parse_debugger_dump},
                               {TextForm::hex_dump, parse_hex_dump}};

struct FirstLine {
  std::string_view line;
  bool after_star = false;
};

// The first line that is neither empty nor a comment nor a '*'.
FirstLine first_line(std::string_view text) {
  FirstLine first;
  while (!text.empty()) {
    first.line = take_line(text);
    const std::string_view trimmed = without_white_ends(first.line);
    if (trimmed == "*") {
      first.after_star = true;
    } else if (!trimmed.empty() && trimmed.front() != '#') {
      return first;
    }
  }
  return {};
}

Decoded decode_dump(std::string_view text, std::size_t max_bytes) {
  const FirstLine first = first_line(text);
  const std::string_view line = without_white_ends(first.line);
  // An offset, and then ':' or two blanks: everything else is not worth the trouble.
  const std::size_t offset = std::min(line.find_first_not_of("0123456789abcdefABCDEF`"), line.size());
  const std::string_view behind = line.substr(offset);
  if (offset == 0 || (!behind.starts_with(':') && !behind.starts_with("  "))) return std::nullopt;
  for (const DumpForm& dump : kDumps) {
    const bool jumps = dump.form == TextForm::hex_dump && first.after_star;
    const Result<Buffer> trial =
        jumps ? dump.parse("0" + std::string(behind), max_bytes) : dump.parse(first.line, max_bytes);
    if (trial) return decoded(dump.form, dump.parse(text, max_bytes));
  }
  return std::nullopt;
}

// ---- wrapped base64 ----

// The body of `text`, decoded; a place in the body becomes one in the text.
Decoded decode_body(TextForm form, std::string_view text, std::string_view body, std::size_t max_bytes) {
  Result<Buffer> bytes = decode_base64(body, max_bytes);
  if (!bytes && bytes.error().where.line != 0)
    bytes.error().where.line += mark_of(text, static_cast<std::size_t>(body.data() - text.data())).line - 1;
  return decoded(form, std::move(bytes));
}

Decoded decode_pem(std::string_view text, std::size_t max_bytes) {
  constexpr std::string_view kBegin = "-----BEGIN ";
  constexpr std::string_view kDashes = "-----";
  std::string_view rest = text;
  const std::string_view first = without_white_ends(take_line(rest));
  if (!first.starts_with(kBegin) || !first.ends_with(kDashes) ||
      first.size() < kBegin.size() + kDashes.size())
    return std::nullopt;
  const std::string end = "-----END " + std::string(first.substr(kBegin.size()));
  const std::size_t at = rest.find(end);
  if (at == std::string_view::npos || !without_white_ends(rest.substr(at + end.size())).empty())
    return fail_at(mark_of(text, text.size()),
                   "the line '-----END ...-----' of the block is expected at the end",
                   "one block is read, and nothing may follow it");
  return decode_body(TextForm::pem, text, rest.substr(0, at), max_bytes);
}

bool same_letters(std::string_view a, std::string_view lower) {
  return std::ranges::equal(a, lower,
                            [](char x, char y) { return (x >= 'A' && x <= 'Z' ? x | 0x20 : x) == y; });
}

Decoded decode_mime(std::string_view text, std::size_t max_bytes) {
  std::string_view rest = text;
  bool encoded = false;
  while (!rest.empty()) {
    const std::string_view line = take_line(rest);
    if (line.empty()) {
      if (!encoded) return std::nullopt;
      return decode_body(TextForm::mime, text, rest, max_bytes);
    }
    if (is_blank(line.front())) continue;  // the header before goes on
    const std::size_t colon = std::min(line.find(':'), line.size());
    const std::string_view name = line.substr(0, colon);
    if (!same_letters(name.substr(0, 8), "content-") && !same_letters(name, "mime-version"))
      return std::nullopt;
    if (same_letters(name, "content-transfer-encoding"))
      encoded = same_letters(without_white_ends(line.substr(std::min(colon + 1, line.size()))), "base64");
  }
  return std::nullopt;
}

// ---- what has no mark ----

// All lines as long as the first, the last one perhaps shorter, and no blanks inside: how programs wrap
// base64, and how nobody wraps words.
bool is_block(std::string_view text) {
  std::size_t width = 0;
  bool short_before = false;
  while (!text.empty()) {
    const std::string_view line = take_line(text);
    if (short_before || line.empty() || std::ranges::any_of(line, is_blank)) return false;
    if (width == 0) width = line.size();
    if (line.size() > width) return false;
    short_before = line.size() < width;
  }
  return true;
}

// A mistake only says that it is some other text.
Decoded unless_other_text(TextForm form, Result<Buffer> bytes) {
  if (!bytes && bytes.error().kind == ErrorKind::malformed) return std::nullopt;
  if (bytes && bytes->size() < kLeastUnmarked) return std::nullopt;
  return decoded(form, std::move(bytes));
}

// Digits that go wrong after so many bytes are no words: then `broken` tells where.
Decoded decode_digits(std::string_view text, std::size_t max_bytes, std::optional<Error>& broken) {
  Result<Buffer> bytes = parse_hex_digits(text, max_bytes);
  if (bytes || bytes.error().kind != ErrorKind::malformed)
    return unless_other_text(TextForm::hex_digits, std::move(bytes));
  std::string_view rest = text;
  for (std::uint32_t line = 1; line < bytes.error().where.line; ++line) take_line(rest);
  const auto before = static_cast<std::size_t>(rest.data() - text.data()) + bytes.error().where.column - 1;
  if (const auto good = parse_hex_digits(text.substr(0, before), max_bytes);
      good && good->size() >= kLeastUnmarked)
    broken = std::move(bytes.error());
  return std::nullopt;
}

}  // namespace

std::string_view to_string(TextForm form) noexcept {
  switch (form) {
    case TextForm::hex_dump:
      return "hex dump";
    case TextForm::xxd:
      return "hex dump of xxd";
    case TextForm::hexdump:
      return "hex dump of hexdump -C";
    case TextForm::debugger_dump:
      return "hex dump of a debugger";
    case TextForm::hex_digits:
      return "hex digits";
    case TextForm::base64:
      return "base64";
    case TextForm::pem:
      return "PEM";
    case TextForm::mime:
      return "MIME";
  }
  return "text";
}

Decoded decode_text(std::string_view text, std::size_t max_bytes) {
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  if (!std::ranges::all_of(text.substr(0, kHead), is_text)) return std::nullopt;
  const std::size_t first = std::min(text.find_first_not_of(" \t\r\n"), text.size());
  if (first == text.size()) return std::nullopt;
  max_bytes = std::min(max_bytes, std::max(kAlwaysAllowed, kMostPerCharacter * text.size()));
  for (const auto decode : {decode_dump, decode_pem, decode_mime})
    if (Decoded found = decode(text, max_bytes); !found || *found) return found;
  std::optional<Error> broken;
  if (Decoded digits = decode_digits(text, max_bytes, broken); !digits || *digits) return digits;
  const std::string_view block = without_white_ends(text);
  if (is_block(block))
    if (Decoded block_bytes = unless_other_text(TextForm::base64, decode_base64(block, max_bytes));
        !block_bytes || *block_bytes)
      return block_bytes;
  if (broken) return std::unexpected(std::move(*broken));
  return std::nullopt;
}

}  // namespace wheatstone::layout
