#include "formats/document/document.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "formats/layout/findings.hpp"
#include "formats/whea/packet.hpp"

namespace wheatstone::document {
namespace {

constexpr std::size_t kShownBytes = 256;  // of what has no layout, in text

bool starts_with(Bytes bytes, std::uint32_t signature) noexcept {
  return bytes.size() >= 4 && load_le<std::uint32_t>(bytes.data()) == signature;
}

bool is_record(Bytes bytes) noexcept {
  return starts_with(bytes, cper::kSignature);
}

bool is_packet(Bytes bytes) noexcept {
  return starts_with(bytes, whea::kPacketSignatureV1) || starts_with(bytes, whea::kPacketSignatureV2);
}

constexpr KindInfo kKinds[] = {
    {Kind::record, "record", "error record", is_record, {}},
    {Kind::packet, "packet", "error packet", is_packet, layout::kForms<whea::kPacketV1, whea::kPacketV2>},
};

}  // namespace

std::span<const KindInfo> kinds() noexcept {
  return kKinds;
}

const KindInfo& info(Kind kind) noexcept {
  return kKinds[static_cast<std::size_t>(kind)];
}

const KindInfo* find_kind(std::string_view key) noexcept {
  const auto found = std::ranges::find(kKinds, key, &KindInfo::key);
  return found != std::end(kKinds) ? found : nullptr;
}

std::optional<Document> Document::recognize(Bytes bytes) {
  for (const KindInfo& kind : kKinds)
    if (kind.recognizes != nullptr && kind.recognizes(bytes)) return decode(kind.kind, bytes);
  return std::nullopt;
}

Document Document::decode(Kind kind, Bytes bytes) {
  Document document;
  document.kind_ = kind;
  document.bytes_ = bytes;
  switch (kind) {
    case Kind::record:
      document.record_ = cper::Record::decode(bytes);
      break;
    case Kind::packet: {
      const whea::Packet packet = whea::Packet::decode(bytes);
      document.layout_ = packet.layout();
      document.findings_.assign(packet.findings().begin(), packet.findings().end());
      break;
    }
  }
  return document;
}

void to_json(layout::TextBuffer& out, const Document& document, layout::Detail detail) {
  if (const cper::Record* record = document.record()) {
    cper::to_json(out, *record, detail);
    return;
  }
  layout::JsonWriter json(out);
  json.begin_object();
  if (const layout::Layout* layout = document.layout()) {
    json.key("Type");
    json.text(layout->name);
    json.key("Body");
    json.layout(*layout, document.bytes(), detail);
  } else {
    json.key("Bytes");
    json.hex_bytes(document.bytes());
  }
  if (!document.findings().empty()) {
    json.key("Findings");
    layout::to_json(json, document.findings());
  }
  json.end_object();
}

std::string to_text(const Document& document) {
  if (const cper::Record* record = document.record()) return cper::to_text(*record);
  std::string out = fmt::format("{}\n", info(document.kind()).name);
  out.front() = static_cast<char>(out.front() - 'a' + 'A');
  if (const layout::Layout* layout = document.layout()) {
    out += layout::to_text(*layout, document.bytes(), "  ");
  } else {
    const Bytes shown = document.bytes().first(std::min(document.bytes().size(), kShownBytes));
    for (std::size_t at = 0; at < shown.size(); at += 32)
      out += fmt::format("  {:04x}: {}\n", at,
                         layout::hex_text(shown.subspan(at, std::min<std::size_t>(32, shown.size() - at))));
    if (shown.size() < document.bytes().size())
      out += fmt::format("  ... {} bytes more\n", document.bytes().size() - shown.size());
  }
  return out + layout::to_text(document.findings());
}

std::vector<layout::Leaf> flatten(const Document& document) {
  if (const cper::Record* record = document.record()) return cper::flatten(*record);
  if (const layout::Layout* layout = document.layout()) return layout::flatten(*layout, document.bytes());
  layout::Leaf leaf;
  leaf.path = "Bytes";
  leaf.text = layout::hex_text(document.bytes());
  return {leaf};
}

}  // namespace wheatstone::document
