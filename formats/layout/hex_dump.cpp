#include "formats/layout/hex_dump.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <iterator>

#include "formats/layout/characters.hpp"
#include "formats/layout/node.hpp"

namespace wheatstone::layout {
namespace {

constexpr std::size_t kPerLine = 32;
constexpr std::size_t kMaxOffsetDigits = 8;

class Reader {
 public:
  explicit Reader(std::size_t max_bytes) : max_bytes_(max_bytes) {}

  Result<void> line(std::string_view text, std::uint32_t number) {
    text = text.substr(0, text.find('#'));
    while (!text.empty() && (is_blank(text.back()) || text.back() == '\r')) text.remove_suffix(1);
    text_ = text;
    line_ = number;
    at_ = 0;
    skip_blanks();
    if (at_ == text_.size()) return {};
    if (text_.substr(at_) == "*") {
      gap_ = true;
      return {};
    }
    if (const auto done = offset(); !done) return done;
    return bytes();
  }

  Result<Buffer> finish(std::uint32_t lines) {
    if (gap_) return fail_at({lines, 1}, "a '*' at the end", "an offset must say where the zero bytes end");
    return std::move(out_);
  }

 private:
  std::unexpected<Error> wrong(std::string message, std::string hint = {}) const {
    return fail_at({line_, static_cast<std::uint32_t>(at_) + 1}, std::move(message), std::move(hint));
  }

  void skip_blanks() {
    while (at_ < text_.size() && is_blank(text_[at_])) ++at_;
  }

  Result<void> offset() {
    const std::size_t start = at_;
    std::uint64_t offset = 0;
    while (at_ < text_.size() && hex_digit(text_[at_]) >= 0 && at_ - start < kMaxOffsetDigits)
      offset = offset * 16 + static_cast<std::uint64_t>(hex_digit(text_[at_++]));
    if (at_ == start || at_ == text_.size() || text_[at_] != ':')
      return wrong("an offset in hex and ':' are expected", "for example '0040: bdc407cf'");
    at_ = start;
    if (offset > max_bytes_)
      return fail(ErrorKind::unsupported, fmt::format("offset 0x{:x} is too large", offset),
                  fmt::format("at most 0x{:x} bytes are read", max_bytes_),
                  {{}, line_, 1, Location::kNoOffset, {}});
    if (gap_ ? offset < out_.size() : offset != out_.size())
      return wrong(fmt::format("offset 0x{:x} where 0x{:x} is expected", offset, out_.size()),
                   gap_ ? "offsets must grow" : "only after a line '*' may an offset jump");
    out_.resize(static_cast<std::size_t>(offset));
    gap_ = false;
    at_ = text_.find(':', start) + 1;
    return {};
  }

  Result<void> bytes() {
    for (skip_blanks(); at_ < text_.size(); skip_blanks()) {
      const int high = hex_digit(text_[at_]);
      const int low = at_ + 1 < text_.size() ? hex_digit(text_[at_ + 1]) : -1;
      if (high < 0 || low < 0) return wrong("two hex digits are expected");
      if (out_.size() == max_bytes_)
        return fail(ErrorKind::unsupported, fmt::format("more than {} bytes", max_bytes_), {},
                    {{}, line_, 1, Location::kNoOffset, {}});
      out_.push_back(static_cast<std::uint8_t>(high * 16 + low));
      at_ += 2;
    }
    return {};
  }

  std::size_t max_bytes_;
  Buffer out_;
  bool gap_ = false;
  std::string_view text_;
  std::size_t at_ = 0;
  std::uint32_t line_ = 0;
};

}  // namespace

Result<Buffer> parse_hex_dump(std::string_view text, std::size_t max_bytes) {
  Reader reader(max_bytes);
  std::uint32_t number = 0;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    if (auto done = reader.line(text.substr(0, end), ++number); !done) return std::unexpected(done.error());
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return reader.finish(std::max(number, 1u));
}

std::string write_hex_dump(Bytes bytes) {
  std::string out;
  bool gap = false;
  for (std::size_t at = 0; at < bytes.size(); at += kPerLine) {
    const Bytes line = bytes.subspan(at, std::min(kPerLine, bytes.size() - at));
    const bool last = at + line.size() == bytes.size();
    if (!last && at != 0 && std::ranges::all_of(line, [](std::uint8_t byte) { return byte == 0; })) {
      if (!gap) out += "*\n";
      gap = true;
      continue;
    }
    gap = false;
    fmt::format_to(std::back_inserter(out), "{:04x}: ", at);
    for (const std::uint8_t byte : line) fmt::format_to(std::back_inserter(out), "{:02x}", byte);
    out += '\n';
  }
  return out;
}

}  // namespace wheatstone::layout
