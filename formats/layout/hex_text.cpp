#include "formats/layout/hex_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "formats/layout/characters.hpp"

namespace wheatstone::layout {
namespace {

constexpr std::size_t kMaxOffsetDigits = 16;

enum class Gap : std::uint8_t { none, zeros, repeats };  // what a line "*" stands for

struct Style {
  std::string_view after_offset;
  bool marked_column;   // the character column stands between '|'
  bool tick_in_offset;  // "ffffe001`0a1b2c40"
  bool dash_in_middle;  // "ff-ff" between the eighth and the ninth byte
  bool offset_may_end;  // a last line without bytes
  Gap gap;
};

constexpr Style kXxd = {": ", false, false, false, false, Gap::zeros};
constexpr Style kHexdump = {"  ", true, false, false, true, Gap::repeats};
constexpr Style kDebugger = {"  ", false, true, true, false, Gap::none};

std::unexpected<Error> too_many(std::size_t max_bytes) {
  return fail(ErrorKind::unsupported, fmt::format("more than {} bytes", max_bytes));
}

// One dump, line by line.
class Reader {
 public:
  Reader(const Style& style, std::size_t max_bytes) : style_(style), max_bytes_(max_bytes) {}

  Result<void> line(std::string_view text) {
    text_ = text;
    at_ = 0;
    ++line_;
    if (std::ranges::all_of(text, is_white)) return {};
    if (text == "*" && style_.gap != Gap::none && has_base_ && !gap_) {
      gap_ = true;
      return {};
    }
    if (ended_) return wrong("text behind the end of the dump");
    if (Result<void> done = offset(); !done) return done;
    if (at_ == text_.size() && style_.offset_may_end) {
      ended_ = true;
      return {};
    }
    if (!text_.substr(at_).starts_with(style_.after_offset))
      return wrong(fmt::format("'{}' is expected behind the offset", style_.after_offset));
    at_ += style_.after_offset.size();
    const std::size_t start = out_.size();
    if (Result<void> done = bytes(); !done) return done;
    line_start_ = start;
    return characters(Bytes(out_).subspan(start));
  }

  Result<Buffer> finish() {
    if (gap_) return wrong("a '*' at the end", "an offset must say how far it goes");
    return std::move(out_);
  }

 private:
  std::unexpected<Error> wrong(std::string message, std::string hint = {}) const {
    return fail_at({line_, static_cast<std::uint32_t>(at_) + 1}, std::move(message), std::move(hint));
  }

  Result<void> offset() {
    std::uint64_t offset = 0;
    std::size_t digits = 0;
    for (; at_ < text_.size(); ++at_) {
      const int digit = hex_digit(text_[at_]);
      if (digit < 0) {
        if (text_[at_] == '`' && style_.tick_in_offset && digits == kMaxOffsetDigits / 2) continue;
        break;
      }
      if (++digits > kMaxOffsetDigits) return wrong("the offset has too many digits");
      offset = offset << 4 | static_cast<unsigned>(digit);
    }
    if (digits == 0) return wrong("an offset in hex is expected");
    if (!has_base_) {
      has_base_ = true;
      base_ = offset;
    }
    const std::uint64_t expected = base_ + out_.size();
    if (gap_) return fill(offset - base_);
    if (offset != expected) {
      at_ = 0;
      return wrong(fmt::format("offset 0x{:x} where 0x{:x} is expected", offset, expected));
    }
    return {};
  }

  Result<void> fill(std::uint64_t end) {
    gap_ = false;
    if (end > max_bytes_) return too_many(max_bytes_);
    const std::size_t start = out_.size();
    const std::size_t unit = start - line_start_;
    if (end <= start || (style_.gap == Gap::repeats && (end - start) % unit != 0)) {
      at_ = 0;
      return wrong("this offset cannot follow a '*'",
                   end <= start ? "offsets must grow" : "a '*' stands for whole lines");
    }
    out_.resize(static_cast<std::size_t>(end));
    if (style_.gap == Gap::repeats)
      for (std::size_t i = start; i < out_.size(); ++i) out_[i] = out_[i - unit];
    return {};
  }

  Result<void> bytes() {
    std::size_t count = 0;
    while (at_ < text_.size()) {
      const int high = hex_digit(text_[at_]);
      const int low = at_ + 1 < text_.size() ? hex_digit(text_[at_ + 1]) : -1;
      if (high < 0 || low < 0) return wrong("two hex digits are expected");
      if (out_.size() == max_bytes_) return too_many(max_bytes_);
      out_.push_back(static_cast<std::uint8_t>(high << 4 | low));
      at_ += 2;
      ++count;
      if (at_ == text_.size()) break;
      if (style_.dash_in_middle && count == 8 && text_[at_] == '-') {
        ++at_;
        continue;
      }
      if (text_[at_] == ' ') {
        if (ends_here()) return {};
        ++at_;
      }
    }
    return wrong("the column of characters is missing");
  }

  // At the blank behind a byte: true if the column of characters comes next, else only a byte can. Leaves
  // at_ before a second blank that parts the halves of a line.
  bool ends_here() {
    if (style_.marked_column) {
      std::size_t next = at_;
      while (next < text_.size() && text_[next] == ' ') ++next;
      if (next < text_.size() && text_[next] == '|') {
        at_ = next;
        return true;
      }
      if (text_.substr(at_).starts_with("  ")) ++at_;
      return false;
    }
    return text_.substr(at_).starts_with("  ");
  }

  // Every byte that is a printable character must stand in the column as itself, every other one as '.'.
  Result<void> characters(Bytes bytes) {
    std::string_view column;
    if (style_.marked_column) {
      column = text_.substr(at_ + 1);
      if (column.size() != bytes.size() + 1 || column.back() != '|')
        return wrong(fmt::format("{} characters between '|' are expected", bytes.size()));
      ++at_;
    } else {
      // The first line is a whole one, or the only one; its column says where all others have theirs.
      // Blanks at the end of a later line may have been lost.
      if (column_ == 0) column_ = text_.size() - std::min(text_.size(), bytes.size());
      if (column_ < at_ + 2 || text_.substr(at_, column_ - at_).find_first_not_of(' ') != text_.npos)
        return wrong("the column of characters is missing or out of place");
      column = text_.size() > column_ ? text_.substr(column_) : std::string_view();
      if (column.size() > bytes.size())
        return wrong(fmt::format("{} characters are expected in the last column", bytes.size()));
      at_ = column_;
    }
    for (std::size_t i = 0; i < bytes.size(); ++i, ++at_) {
      const char shown = i < column.size() ? column[i] : ' ';
      const char expected = bytes[i] >= 0x20 && bytes[i] < 0x7f ? static_cast<char>(bytes[i]) : '.';
      if (shown != expected)
        return wrong(fmt::format("the character does not agree with byte {:02x}", bytes[i]),
                     "bytes must stand one by one in their order");
    }
    return {};
  }

  const Style& style_;
  std::size_t max_bytes_;
  Buffer out_;
  bool has_base_ = false;
  std::uint64_t base_ = 0;  // the first offset
  bool gap_ = false;
  bool ended_ = false;
  std::size_t line_start_ = 0;  // in out_, of the line before
  std::size_t column_ = 0;      // where the characters start
  std::string_view text_;
  std::size_t at_ = 0;
  std::uint32_t line_ = 0;
};

Result<Buffer> parse(const Style& style, std::string_view text, std::size_t max_bytes) {
  Reader reader(style, max_bytes);
  while (!text.empty())
    if (Result<void> done = reader.line(take_line(text)); !done)
      return std::unexpected(std::move(done.error()));
  return reader.finish();
}

}  // namespace

Result<Buffer> parse_xxd(std::string_view text, std::size_t max_bytes) {
  return parse(kXxd, text, max_bytes);
}

Result<Buffer> parse_hexdump(std::string_view text, std::size_t max_bytes) {
  return parse(kHexdump, text, max_bytes);
}

Result<Buffer> parse_debugger_dump(std::string_view text, std::size_t max_bytes) {
  return parse(kDebugger, text, max_bytes);
}

Result<Buffer> parse_hex_digits(std::string_view text, std::size_t max_bytes) {
  const auto wrong = [text](std::size_t at, std::string message, std::string hint = {}) {
    return fail_at(mark_of(text, at), std::move(message), std::move(hint));
  };
  Buffer out;
  out.reserve(std::min(max_bytes, text.size() / 2));
  std::size_t words = 0;
  std::size_t prefixed = 0;
  std::size_t longest = 0;  // bytes of a word with "0x"
  bool comma_allowed = false;
  std::size_t at = 0;
  while (at < text.size()) {
    if (is_white(text[at])) {
      ++at;
      continue;
    }
    if (text[at] == ',') {
      if (!comma_allowed) return wrong(at, "a ',' without a byte before it");
      comma_allowed = false;
      ++at;
      continue;
    }
    const std::size_t start = at;
    const bool prefix =
        text[at] == '0' && at + 1 < text.size() && (text[at + 1] == 'x' || text[at + 1] == 'X');
    if (prefix) at += 2;
    const std::size_t before = out.size();
    while (at < text.size() && !is_white(text[at]) && text[at] != ',') {
      const int high = hex_digit(text[at]);
      const int low = at + 1 < text.size() ? hex_digit(text[at + 1]) : -1;
      if (high < 0 || low < 0) return wrong(at, "two hex digits are expected");
      if (out.size() == max_bytes) return too_many(max_bytes);
      out.push_back(static_cast<std::uint8_t>(high << 4 | low));
      at += 2;
    }
    if (out.size() == before) return wrong(at, "two hex digits are expected");
    ++words;
    if (prefix) {
      ++prefixed;
      longest = std::max(longest, out.size() - before);
    }
    if (prefixed != 0 && prefixed != words) return wrong(start, "some words have '0x' and some do not");
    if (words > 1 && longest > 1)
      return wrong(start, "numbers of several bytes, whose order is not known", "write single bytes");
    comma_allowed = true;
  }
  return out;
}

}  // namespace wheatstone::layout
