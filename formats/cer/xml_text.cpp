#include "formats/cer/xml_text.hpp"

#include <algorithm>
#include <charconv>
#include <initializer_list>
#include <utility>

#include "formats/layout/utf16.hpp"

namespace wheatstone::cer {
namespace {

constexpr std::string_view kClause = "MS-CER2 2.2.1";

Buffer swap_units(Bytes document) {
  Buffer swapped(document.begin(), document.end());
  for (std::size_t i = 0; i + 1 < swapped.size(); i += 2) std::swap(swapped[i], swapped[i + 1]);
  return swapped;
}

std::size_t mark_size(XmlEncoding encoding) noexcept {
  return encoding == XmlEncoding::utf8 ? 3 : 2;
}

struct Character {
  std::uint32_t code;  // U+FFFD for what is no XML character
  bool legal;
};

Character next_character(Bytes document, XmlEncoding encoding, std::size_t& at) noexcept {
  std::uint32_t code = 0;
  if (encoding == XmlEncoding::utf8) {
    code = next_utf8(as_text(document), at);
    if (code == kInvalidCodePoint) ++at;
  } else {
    code = next_utf16le(document, at);
  }
  const bool legal = code != kInvalidCodePoint && is_xml_char(code);
  return {legal ? code : kReplacementCodePoint, legal};
}

std::size_t utf8_size(std::uint32_t code) noexcept {
  return code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
}

bool starts_with(Bytes bytes, std::initializer_list<std::uint8_t> prefix) noexcept {
  return bytes.size() >= prefix.size() && std::equal(prefix.begin(), prefix.end(), bytes.begin());
}

// The text of "&...;" without its ends, or nullopt if no reference starts here.
std::optional<std::string_view> reference_name(std::string_view text) noexcept {
  constexpr std::string_view kNameCharacters =
      "#0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
  const std::size_t end = text.find_first_not_of(kNameCharacters, 1);
  if (end == std::string_view::npos || end < 2 || text[end] != ';') return std::nullopt;
  return text.substr(1, end - 1);
}

bool is_legal_reference(std::string_view text) noexcept {
  const auto name = reference_name(text);
  if (!name) return false;
  if (name->front() != '#')
    return *name == "lt" || *name == "gt" || *name == "amp" || *name == "quot" || *name == "apos";
  const bool hexadecimal = name->starts_with("#x");
  const std::string_view digits = name->substr(hexadecimal ? 2 : 1);
  std::uint32_t code = 0;
  const auto [end, error] =
      std::from_chars(digits.data(), digits.data() + digits.size(), code, hexadecimal ? 16 : 10);
  return error == std::errc{} && end == digits.data() + digits.size() && is_xml_char(code);
}

class MarkupCheck {
 public:
  MarkupCheck(std::string_view text, FindingList& findings) : text_(text), findings_(findings) {}

  Result<void> run() {
    while ((at_ = text_.find_first_of("<&", at_)) != std::string_view::npos) {
      const std::string_view rest = text_.substr(at_);
      if (rest.front() == '&') {
        reference(at_++);
      } else if (rest.starts_with("<!--")) {
        comment();
      } else if (rest.starts_with("<![CDATA[")) {
        skip_past("]]>", 9);
      } else if (rest.starts_with("<?")) {
        skip_past("?>", 2);
      } else if (rest.starts_with("<!")) {
        return fail(ErrorKind::malformed, "the document has a document type declaration",
                    "send the level-1 document without <!DOCTYPE", {.offset = at_});
      } else {
        tag();
      }
    }
    return {};
  }

 private:
  // A construct without an end is left to the parser, which refuses it.
  void skip_past(std::string_view end, std::size_t skip) {
    const std::size_t found = text_.find(end, at_ + skip);
    at_ = found == std::string_view::npos ? text_.size() : found + end.size();
  }

  void comment() {
    const std::size_t hyphens = text_.find("--", at_ + 4);
    const std::size_t start = at_;
    skip_past("-->", 4);
    if (hyphens != std::string_view::npos && hyphens + 3 < at_)
      error("comment-hyphens", "a comment holds \"--\"", start);
  }

  void tag() {
    ++at_;
    while ((at_ = text_.find_first_of("\"'>", at_)) != std::string_view::npos) {
      if (text_[at_] == '>') {
        ++at_;
        return;
      }
      const std::size_t begin = at_ + 1;
      const std::size_t end = text_.find(text_[at_], begin);
      if (end == std::string_view::npos) break;
      const std::string_view value = text_.substr(0, end);
      for (std::size_t i = begin; (i = value.find_first_of("<&", i)) != std::string_view::npos; ++i) {
        if (text_[i] == '&')
          reference(i);
        else
          error("bare-less-than", "an attribute value holds '<'", i);
      }
      at_ = end + 1;
    }
    at_ = text_.size();
  }

  void reference(std::size_t at) {
    if (!is_legal_reference(text_.substr(at)))
      error("bad-reference", "'&' starts neither a predefined entity nor a character reference", at);
  }

  void error(std::string_view code, std::string message, std::size_t at) {
    findings_.add(FindingSeverity::error, code, std::move(message), {}, at, kClause);
  }

  std::string_view text_;
  FindingList& findings_;
  std::size_t at_ = 0;
};

}  // namespace

bool is_xml_char(std::uint32_t code) noexcept {
  if (code < 0x20) return code == '\t' || code == '\n' || code == '\r';
  return code <= 0xd7ff || (code >= 0xe000 && code <= 0xfffd) || (code >= 0x10000 && code <= 0x10ffff);
}

XmlText decode_xml(Bytes document, FindingList& findings) {
  XmlText text;
  text.byte_order_mark = true;
  if (starts_with(document, {0xff, 0xfe})) {
    text.encoding = XmlEncoding::utf16_le;
  } else if (starts_with(document, {0xfe, 0xff})) {
    text.encoding = XmlEncoding::utf16_be;
  } else if (starts_with(document, {0xef, 0xbb, 0xbf})) {
    text.encoding = XmlEncoding::utf8;
  } else {
    text.byte_order_mark = false;
    if (document.size() < 2 || (document[0] != 0 && document[1] != 0))
      text.encoding = XmlEncoding::utf8;
    else
      text.encoding = document[1] == 0 ? XmlEncoding::utf16_le : XmlEncoding::utf16_be;
  }

  const Buffer swapped = text.encoding == XmlEncoding::utf16_be ? swap_units(document) : Buffer{};
  if (text.encoding == XmlEncoding::utf16_be) document = swapped;
  text.utf8.reserve(document.size());
  for (std::size_t at = text.byte_order_mark ? mark_size(text.encoding) : 0; at < document.size();) {
    const Character character = next_character(document, text.encoding, at);
    if (!character.legal)
      findings.add(FindingSeverity::error, "illegal-character", "the bytes here are no XML character", {},
                   text.utf8.size(), kClause);
    append_utf8(text.utf8, character.code);
  }
  return text;
}

SourceOffsets::SourceOffsets(Bytes document, const XmlText& text)
    : document_(document),
      swapped_(text.encoding == XmlEncoding::utf16_be ? swap_units(document) : Buffer{}),
      encoding_(text.encoding),
      source_(text.byte_order_mark ? mark_size(text.encoding) : 0) {
  if (encoding_ == XmlEncoding::utf16_be) document_ = swapped_;
}

std::uint64_t SourceOffsets::at(std::size_t text_offset) {
  while (text_ < text_offset && source_ < document_.size())
    text_ += utf8_size(next_character(document_, encoding_, source_).code);
  return source_;
}

Result<void> check_markup(std::string_view text, FindingList& findings) {
  return MarkupCheck(text, findings).run();
}

}  // namespace wheatstone::cer
