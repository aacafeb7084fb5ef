// Every view of a document, as a function that gives how much it made.
#pragma once

#include <algorithm>
#include <string_view>

#include "formats/document/diff.hpp"
#include "formats/document/document.hpp"
#include "formats/document/explain.hpp"
#include "formats/document/lint.hpp"
#include "formats/document/make.hpp"
#include "formats/document/scrub.hpp"
#include "formats/layout/yaml_text.hpp"
#include "formats/whea/debugger_text.hpp"
#include "formats/whea/packet.hpp"

namespace wheatstone::bench {

struct View {
  std::string_view name;
  std::size_t (*run)(document::Kind kind, Bytes bytes);
};

inline std::size_t decode(document::Kind kind, Bytes bytes) {
  return document::Document::decode(kind, bytes).findings().size();
}
inline std::size_t json(document::Kind kind, Bytes bytes) {
  static layout::TextBuffer out(1 << 20);
  out.clear();
  document::to_json(out, document::Document::decode(kind, bytes));
  return out.size();
}
inline std::size_t text(document::Kind kind, Bytes bytes) {
  return document::to_text(document::Document::decode(kind, bytes)).size();
}
inline std::size_t yaml(document::Kind kind, Bytes bytes) {
  return layout::to_yaml(document::to_node(document::Document::decode(kind, bytes))).size();
}
inline std::size_t paths(document::Kind kind, Bytes bytes) {
  return document::flatten(document::Document::decode(kind, bytes)).size();
}
inline std::size_t lint(document::Kind kind, Bytes bytes) {
  return document::lint(document::Document::decode(kind, bytes)).size();
}
// With a copy in which every 64th byte is another.
inline std::size_t diff(document::Kind kind, Bytes bytes) {
  Buffer other(bytes.begin(), bytes.end());
  for (std::size_t at = 63; at < other.size(); at += 64) other[at] ^= 1;
  return document::diff(document::Document::decode(kind, bytes), document::Document::decode(kind, other))
      .size();
}

// As !errrec and !errpkt show records and packets; nothing of others.
inline std::size_t debugger(document::Kind kind, Bytes bytes) {
  if (kind == document::Kind::record) return whea::errrec_text(cper::Record::decode(bytes)).size();
  if (kind == document::Kind::packet) return whea::errpkt_text(whea::Packet::decode(bytes)).size();
  return 0;
}
inline std::size_t explain(document::Kind kind, Bytes bytes) {
  return document::explain(document::Document::decode(kind, bytes)).size();
}
// With pseudonyms that cost nothing.
inline std::size_t scrub(document::Kind kind, Bytes bytes) {
  const auto zeros = [](Bytes, MutableBytes out) { std::ranges::fill(out, std::uint8_t{0}); };
  return document::scrub(document::Document::decode(kind, bytes), zeros).bytes.size();
}

inline constexpr View kViews[] = {
    {"decode", decode}, {"json", json}, {"text", text},         {"yaml", yaml},       {"flatten", paths},
    {"lint", lint},     {"diff", diff}, {"debugger", debugger}, {"explain", explain}, {"scrub", scrub}};

}  // namespace wheatstone::bench
