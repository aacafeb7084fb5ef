#include "formats/document/document.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "formats/acpi/acpi_table.hpp"
#include "formats/acpi/status_block.hpp"
#include "formats/document/explain.hpp"
#include "formats/document/locate.hpp"
#include "formats/layout/broken.hpp"
#include "formats/layout/findings.hpp"
#include "formats/whea/error_source_descriptor.hpp"
#include "formats/whea/log_entry.hpp"
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

bool is_table(Bytes bytes) noexcept {
  return bytes.size() >= 4 && acpi::find_table_type(as_text(bytes.first(4))) != nullptr;
}

bool is_store(Bytes bytes) noexcept {
  const std::size_t size = acpi::kErstSignature.size();
  return bytes.size() >= size && as_text(bytes.first(size)) == acpi::kErstSignature;
}

bool is_log_entry(Bytes bytes) noexcept {
  return starts_with(bytes, whea::kLogEntrySignature);
}

// Nothing marks a descriptor: length, version and type must be those of one.
bool is_source_descriptor(Bytes bytes) noexcept {
  using Field = whea::ErrorSourceDescriptor;
  const auto view = layout::View<Field>::make(whea::kErrorSourceDescriptor, bytes);
  if (!view) return false;
  const std::uint32_t length = (*view)[Field::kLength];
  const std::uint32_t version = (*view)[Field::kVersion];
  return (length == whea::kDescriptorSize || length == whea::kDescriptorSizeV2) &&
         (version == whea::kDescriptorVersion || version == whea::kDescriptorVersionDriver) &&
         !layout::name_of(whea::kErrorSourceTypeNames, (*view)[Field::kType]).empty();
}

// Nothing marks a block: its first entry must be of a known section type, and its status must count it.
bool is_status_block(Bytes bytes) noexcept {
  constexpr std::size_t kLeast = acpi::kStatusBlockHeaderSize + Guid::kSize;
  return bytes.size() >= kLeast && layout::load(bytes, acpi::kStatusBlock.tail[0].count) != 0 &&
         cper::find_section(Guid::load(bytes.data() + acpi::kStatusBlockHeaderSize)) != nullptr;
}

constexpr KindInfo kKinds[] = {
    {Kind::record, "record", "error record", is_record, {}},
    {Kind::packet, "packet", "error packet", is_packet, layout::kForms<whea::kPacketV1, whea::kPacketV2>},
    {Kind::erst_store, "erst_store", "ERST store", is_store, layout::kForms<acpi::kErstStore>},
    {Kind::acpi_table, "acpi_table", "ACPI table", is_table,
     layout::kForms<acpi::kHest, acpi::kBert, acpi::kErst, acpi::kEinj, acpi::kOtherTable>},
    {Kind::log_entry, "log_entry", "log entry", is_log_entry, layout::kForms<whea::kLogEntry>},
    {Kind::source_descriptor, "source_descriptor", "error source descriptor", is_source_descriptor,
     whea::kErrorSourceDescriptorForms},
    {Kind::status_block, "status_block", "error status block", is_status_block,
     layout::kForms<acpi::kStatusBlock>},
};

// The form of a descriptor is said by its length.
const layout::Layout* descriptor_form(Bytes bytes) {
  using Field = whea::ErrorSourceDescriptor;
  const auto view = layout::View<Field>::make(whea::kErrorSourceDescriptor, bytes);
  if (!view) return nullptr;
  return (*view)[Field::kLength] == whea::kDescriptorSizeV2 ? &whea::kErrorSourceDescriptorV2
                                                            : &whea::kErrorSourceDescriptor;
}

void append_bytes(std::string& out, Bytes bytes, std::string_view where) {
  const Bytes shown = bytes.first(std::min(bytes.size(), kShownBytes));
  if (!shown.empty() && !where.empty()) out += fmt::format("  {} bytes {}\n", bytes.size(), where);
  for (std::size_t at = 0; at < shown.size(); at += 32)
    out += fmt::format("  {:04x}: {}\n", at,
                       layout::hex_text(shown.subspan(at, std::min<std::size_t>(32, shown.size() - at))));
  if (shown.size() < bytes.size()) out += fmt::format("  ... {} bytes more\n", bytes.size() - shown.size());
}

std::vector<Finding> check_descriptor(const layout::Layout* form, Bytes bytes) {
  std::vector<Finding> findings;
  whea::check_source_descriptor(bytes, 0, "", findings);
  if (form == nullptr) return findings;
  layout::find_broken(*form, bytes.first(std::min<std::size_t>(bytes.size(), form->size)), 0, findings);
  if (bytes.size() > form->size)
    findings.push_back({FindingSeverity::warning, "source-descriptor-bytes-behind",
                        fmt::format("{} bytes follow the descriptor", bytes.size() - form->size), "",
                        form->size, form->clause});
  return findings;
}

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

std::optional<Document> Document::recognize(Bytes bytes, cper::Readings readings) {
  for (const KindInfo& kind : kKinds)
    if (kind.recognizes(bytes)) return decode(kind.kind, bytes, readings);
  return std::nullopt;
}

std::optional<Document> Document::read(const KindInfo* said, Bytes bytes, cper::Readings readings) {
  return said != nullptr ? decode(said->kind, bytes, readings) : recognize(bytes, readings);
}

void Document::keep(const layout::Layout* layout, Bytes structure, std::span<const Finding> findings) {
  layout_ = layout;
  structure_ = structure;
  if (layout != nullptr) behind_ = bytes_.subspan(structure.size());
  findings_.assign(findings.begin(), findings.end());
}

Document Document::decode(Kind kind, Bytes bytes, cper::Readings readings) {
  Document document;
  document.kind_ = kind;
  document.bytes_ = bytes;
  document.readings_ = readings;
  switch (kind) {
    case Kind::record:
      document.record_ = cper::Record::decode(bytes, readings);
      break;
    case Kind::packet: {
      const whea::Packet packet = whea::Packet::decode(bytes);
      document.keep(packet.layout(), bytes, packet.findings());
      break;
    }
    case Kind::acpi_table: {
      const acpi::Table table = acpi::Table::decode(bytes);
      const layout::Layout* layout = table.layout();
      const bool whole = layout != nullptr && table.table().size() >= layout->min;
      document.keep(whole ? layout : nullptr, table.table(), table.findings());
      break;
    }
    case Kind::erst_store:
      document.store_ = acpi::ErstStore::decode(bytes);
      document.keep(document.store_->header() ? &acpi::kErstStore : nullptr, document.store_->header_bytes(),
                    document.store_->findings());
      document.behind_ = {};
      for (const acpi::StoredRecord& record : document.store_->records())
        document.stored_.push_back(cper::Record::decode(record.bytes, readings));
      break;
    case Kind::log_entry: {
      const whea::LogEntry entry = whea::LogEntry::decode(bytes);
      document.keep(entry.header() ? &whea::kLogEntry : nullptr, bytes, entry.findings());
      break;
    }
    case Kind::source_descriptor: {
      const layout::Layout* form = descriptor_form(bytes);
      const std::size_t size = form != nullptr ? std::min<std::size_t>(bytes.size(), form->size) : 0;
      document.keep(form, bytes.first(size), check_descriptor(form, bytes));
      break;
    }
    case Kind::status_block: {
      const acpi::StatusBlock block = acpi::StatusBlock::decode(bytes);
      document.keep(block.header() ? &acpi::kStatusBlock : nullptr, block.block(), block.findings());
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
  if (const acpi::ErstStore* store = document.store()) {
    acpi::to_json(out, *store, detail);
    return;
  }
  layout::JsonWriter json(out);
  json.begin_object();
  if (const layout::Layout* layout = document.layout()) {
    json.key("Type");
    json.text(layout->name);
    json.key("Body");
    json.layout(*layout, document.structure(), detail);
    if (!document.behind().empty()) {
      json.key("Behind");
      json.hex_bytes(document.behind());
    }
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
  if (const cper::Record* record = document.record()) {
    std::string text = cper::to_text(*record);
    const std::vector<std::string> meaning = explain(document);
    if (!meaning.empty()) text += "\nMeaning\n";
    for (const std::string& line : meaning) text += fmt::format("  {}\n", line);
    return text;
  }
  std::string out = fmt::format("{}\n", info(document.kind()).name);
  if (out.front() >= 'a') out.front() = static_cast<char>(out.front() - 'a' + 'A');
  if (const layout::Layout* layout = document.layout()) {
    out += layout::to_text(*layout, document.structure(), "  ");
    append_bytes(out, document.behind(), "behind it");
  } else {
    append_bytes(out, document.bytes(), {});
  }
  for (std::size_t i = 0; i < document.stored().size(); ++i) {
    const acpi::StoredRecord& stored = document.store()->records()[i];
    out += fmt::format("\nRecord 0x{:016x} in slot {}{}\n{}", stored.id, stored.slot,
                       stored.deleted ? ", deleted" : "", cper::to_text(document.stored()[i]));
  }
  return out + layout::to_text(document.findings());
}

std::vector<layout::Leaf> flatten(const Document& document) {
  if (const cper::Record* record = document.record()) return cper::flatten(*record);
  std::vector<layout::Leaf> leaves;
  if (const layout::Layout* layout = document.layout())
    leaves = layout::flatten(*layout, document.structure());
  const auto add_bytes = [&](std::string path, Bytes bytes) {
    leaves.emplace_back().path = std::move(path);
    leaves.back().text = layout::hex_text(bytes);
  };
  if (document.layout() == nullptr) add_bytes("Bytes", document.bytes());
  if (!document.behind().empty()) add_bytes("Behind.Bytes", document.behind());
  for (std::size_t i = 0; i < document.stored().size(); ++i) {
    for (layout::Leaf& leaf : cper::flatten(document.stored()[i])) {
      leaf.path.insert(0, stored_path(i));
      leaves.push_back(std::move(leaf));
    }
  }
  return leaves;
}

}  // namespace wheatstone::document
