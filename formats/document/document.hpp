// Anything about a hardware error that this house reads by layout, whichever it is: so that showing,
// comparing, checking, making and changing are written once for all of them.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "formats/acpi/erst_store.hpp"
#include "formats/cper/record.hpp"
#include "formats/layout/bytes.hpp"
#include "formats/layout/finding.hpp"
#include "formats/layout/flatten.hpp"
#include "formats/layout/json.hpp"

namespace wheatstone::document {

enum class Kind : std::uint8_t {
  record,             // an error record: "CPER"
  packet,             // an error packet: "WHEA", "ErPt"
  erst_store,         // the file of an ERST device: "ERSTSTOR"
  acpi_table,         // HEST, BERT, ERST or EINJ
  log_entry,          // an entry of event 42: "WhLg"
  source_descriptor,  // WHEA_ERROR_SOURCE_DESCRIPTOR
  status_block,       // a generic error status block
};

struct KindInfo {
  Kind kind;
  std::string_view key;   // "record": what YAML and command lines say
  std::string_view name;  // "error record": what people read
  // Whether the bytes start like one. Kinds without a signature of their own are known by values that agree
  // with each other.
  bool (*recognizes)(Bytes) noexcept;
  // The structures that one may be; empty: a record, which is more than one structure.
  layout::Forms forms;
};

// In the order of Kind, which is that of recognition.
std::span<const KindInfo> kinds() noexcept;
const KindInfo& info(Kind kind) noexcept;
// By key; nullptr if there is none.
const KindInfo* find_kind(std::string_view key) noexcept;

// Borrowed bytes, what they are, and what is wrong with them. Decoding never fails and loses nothing.
class Document {
 public:
  // nullopt if the bytes are no document that can be told by its start. `bytes` must outlive the document,
  // and so must `readings`, which say how a record's sections are read instead of in the usual way.
  static std::optional<Document> recognize(Bytes bytes, cper::Readings readings = {});
  static Document decode(Kind kind, Bytes bytes, cper::Readings readings = {});
  // As what the user says it is, or, where `said` is nullptr, as what its start tells.
  static std::optional<Document> read(const KindInfo* said, Bytes bytes, cper::Readings readings = {});

  Kind kind() const noexcept { return kind_; }
  Bytes bytes() const noexcept { return bytes_; }
  // nullptr unless kind() is record.
  const cper::Record* record() const noexcept { return record_ ? &*record_ : nullptr; }
  // Those that its records were decoded with.
  cper::Readings readings() const noexcept { return readings_; }
  // nullptr unless kind() is erst_store.
  const acpi::ErstStore* store() const noexcept { return store_ ? &*store_ : nullptr; }
  // What lies in the slots of store()->records(), in that order.
  std::span<const cper::Record> stored() const noexcept { return stored_; }
  // The structure of anything but a record, of a store that of its header and map; nullptr if the bytes are
  // too few or say no known one.
  const layout::Layout* layout() const noexcept { return layout_; }
  // The bytes of that structure: those that it says are its own, as far as they are there.
  Bytes structure() const noexcept { return structure_; }
  // What lies behind them; of a record and a store nothing.
  Bytes behind() const noexcept { return behind_; }
  // Of a store without those of its records.
  std::span<const Finding> findings() const noexcept { return record_ ? record_->findings() : findings_; }

 private:
  Document() = default;
  void keep(const layout::Layout* layout, Bytes structure, std::span<const Finding> findings);

  Kind kind_ = Kind::record;
  Bytes bytes_;
  cper::Readings readings_;
  std::optional<cper::Record> record_;
  std::optional<acpi::ErstStore> store_;
  std::vector<cper::Record> stored_;
  const layout::Layout* layout_ = nullptr;
  Bytes structure_;
  Bytes behind_;
  std::vector<Finding> findings_;
};

// A record as cper::to_json shows it, a store as acpi::to_json; anything else as {"Type": ..., "Body": {...},
// "Behind": ..., "Findings": [...]}, or with "Bytes" if nothing can be read.
void to_json(layout::TextBuffer& out, const Document& document, layout::Detail detail = layout::Detail::all);

// For people: every field, what is wrong, and what the values mean together (explain.hpp).
std::string to_text(const Document& document);

// Every field by path.
std::vector<layout::Leaf> flatten(const Document& document);

}  // namespace wheatstone::document
