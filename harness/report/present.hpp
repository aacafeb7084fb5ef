// Any file of the house, for people and for programs.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "formats/document/document.hpp"
#include "formats/layout/bytes.hpp"
#include "formats/layout/result.hpp"
#include "formats/layout/text_buffer.hpp"

namespace wheatstone::report {

enum class FileKind : std::uint8_t {
  unknown,
  document,  // one of document::kinds()
  dump,      // a kernel crash dump: "PAGEDU64", "PAGEDUMP"
  cabinet,   // "MSCF"
  level1,    // a WERREPORT document
  answer,    // an answer of a CER server
};

enum class Form : std::uint8_t {
  text,    // for people
  json,    // one JSON object with a "Kind", on one line
  yaml,    // of a document: what document::make() turns into the same bytes
  errrec,  // of a record: what the debugger's !errrec prints
  errpkt,  // of a packet: what the debugger's !errpkt prints
};

// How something is shown.
struct View {
  Form form = Form::text;
  layout::Detail detail = layout::Detail::all;  // of the JSON of documents
  const document::KindInfo* kind = nullptr;     // what the bytes are; nullptr: what they start like
  cper::Readings readings{};                    // of a record's sections
  std::uint64_t address = 0;                    // errrec, errpkt: of the record or packet in memory
};

// Finds out what the bytes are and appends them to `out`, with everything that is wrong with them; text that
// stands for bytes (layout/text_bytes.hpp) is shown as what those bytes are. As text and JSON, whatever is
// unknown, or cannot be read at all, gives `unknown`, the head of a hex dump and, for text that is broken,
// its line and column. The other forms fail (unsupported, malformed) if the bytes are nothing that has that
// form; nothing is appended then.
//
// A `file` that is not empty comes first: as the key "File" of the object, as a heading "==> file <==", or in
// YAML as "--- # file", so that several files become one stream of documents. REQUIRES: out is empty or ends
// with a newline.
Result<FileKind> present_to(layout::TextBuffer& out, Bytes bytes, const View& view,
                            std::string_view file = {});

// Why the bytes are none of document::kinds(), for those who take nothing else.
Error no_document(Bytes bytes);

}  // namespace wheatstone::report
