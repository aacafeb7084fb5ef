// The text of an XML document before a parser sees it: decoded, and checked for what pugixml lets pass.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "formats/cer/finding_list.hpp"
#include "formats/layout/bytes.hpp"
#include "formats/layout/result.hpp"

namespace wheatstone::cer {

enum class XmlEncoding : std::uint8_t { utf16_le, utf16_be, utf8 };

struct XmlText {
  std::string utf8;  // well-formed, without byte order mark; what is no XML character has become U+FFFD
  XmlEncoding encoding = XmlEncoding::utf16_le;
  bool byte_order_mark = false;
};

// XML 1.0 production 2, Char.
bool is_xml_char(std::uint32_t code) noexcept;

// Decides the encoding by byte order mark, else by where the zero byte of the first character stands. Units
// that are no characters are findings (offsets in the decoded text).
XmlText decode_xml(Bytes document, FindingList& findings);

// Offsets of the decoded text as byte offsets of the document, in one walk.
class SourceOffsets {
 public:
  SourceOffsets(Bytes document, const XmlText& text);

  // REQUIRES: text_offset is not smaller than in the call before.
  std::uint64_t at(std::size_t text_offset);

 private:
  Bytes document_;
  Buffer swapped_;  // what document_ shows if the document is big-endian
  XmlEncoding encoding_;
  std::size_t source_ = 0;
  std::size_t text_ = 0;
};

// Fails (malformed, offset in the text) for a document type declaration: nothing is ever expanded or fetched.
// References and attribute values that XML forbids and pugixml takes are findings.
Result<void> check_markup(std::string_view text, FindingList& findings);

}  // namespace wheatstone::cer
