// The file behind QEMU's ACPI ERST device: records that outlive a restart, also those deleted but still lying
// in their slots. Layout as QEMU 7.2 and 10.0 write it and Linux reads it back.
//
//   0                     24                        StorageOffset      + RecordSize       ... file end
//   | header, 24 bytes    | map: a u64 a slot, ...  | slot n           | slot n + 1       |
//
// Slot i lies at i * RecordSize, and map[i] is the record id it holds, 0 if it is free. The slots that the
// header and the map fill are never used. Deleting clears the map entry only.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "formats/layout/field.hpp"
#include "formats/layout/finding.hpp"
#include "formats/layout/json.hpp"
#include "formats/layout/result.hpp"
#include "formats/layout/view.hpp"

namespace wheatstone::acpi {

inline constexpr std::string_view kErstSignature = "ERSTSTOR";
inline constexpr std::uint32_t kErstRecordSize = 8192;  // unless told otherwise
inline constexpr std::uint32_t kErstLeastRecordSize = 4096;
inline constexpr std::uint16_t kErstVersion = 0x0100;
// Record ids that mean something else: "unspecified" and "none".
inline constexpr std::uint64_t kErstUnspecified = 0;
inline constexpr std::uint64_t kErstNone = ~std::uint64_t{0};

namespace tables {
using namespace layout;

inline constexpr Field kErstMapFields[] = {u64(0, "RecordId").hex()};
inline constexpr Layout kErstMapEntry{.name = "ErstMapEntry",
                                      .structure = "ERSTStorageHeader.map",
                                      .clause = "QEMU docs/specs/acpi_erst",
                                      .min = 8,
                                      .size = 8,
                                      .fields = kErstMapFields};
static_assert(check(kErstMapEntry));

inline constexpr Field kErstStoreFields[] = {
    ascii(0, 8, "Signature"),
    u32(8, "RecordSize").unit("bytes").about("of a slot: a power of two, 4096 at least"),
    u32(12, "StorageOffset").unit("bytes").about("of the first slot"),
    u16(16, "Version").hex(),
    pad(18, 2),
    u32(20, "RecordCount"),
};
inline constexpr Tail kErstStoreTail[] = {many("Map", kErstMapEntry, Ref{})};
}  // namespace tables

// Header and map.
inline constexpr layout::Layout kErstStore{.name = "ErstStore",
                                           .structure = "ERSTStorageHeader",
                                           .clause = "QEMU docs/specs/acpi_erst",
                                           .min = 24,
                                           .size = 24,
                                           .fields = tables::kErstStoreFields,
                                           .tail = tables::kErstStoreTail};
static_assert(layout::check(kErstStore));

struct ErstHeader {
  static constexpr auto kRecordSize = layout::handle<ErstHeader, std::uint32_t>(kErstStore, "RecordSize");
  static constexpr auto kStorageOffset =
      layout::handle<ErstHeader, std::uint32_t>(kErstStore, "StorageOffset");
  static constexpr auto kVersion = layout::handle<ErstHeader, std::uint16_t>(kErstStore, "Version");
  static constexpr auto kRecordCount = layout::handle<ErstHeader, std::uint32_t>(kErstStore, "RecordCount");
};

// A record in a slot.
struct StoredRecord {
  std::uint32_t slot;
  std::uint64_t offset;  // of the slot in the file
  std::uint64_t id;      // what the map says; of a deleted record what the record itself says
  bool deleted;          // the map does not know it, its bytes are there all the same
  Bytes bytes;           // the record: as long as it says itself, as far as its slot reaches
};

// A store is its bytes. Reading never fails and takes time linear in their number (n log n for the ids).
class ErstStore {
 public:
  // `bytes` must outlive the store.
  static ErstStore decode(Bytes bytes);

  Bytes bytes() const noexcept { return bytes_; }
  // nullopt if there are fewer than 24 bytes.
  std::optional<layout::View<ErstHeader>> header() const noexcept {
    return layout::View<ErstHeader>::make(kErstStore, bytes_);
  }
  // Header and map, as far as they are there.
  Bytes header_bytes() const noexcept { return header_; }
  // By slot.
  std::span<const StoredRecord> records() const noexcept { return records_; }
  // The record of that id that is not deleted, or nullptr.
  const StoredRecord* find(std::uint64_t id) const noexcept;

  // Codes: store-too-short, bad-signature, store-version, bad-record-size, bad-storage-offset, file-size,
  // map-over-slots, record-count-mismatch, slot-without-record, record-length, record-id-mismatch,
  // reserved-record-id, duplicate-record-id.
  std::span<const Finding> findings() const noexcept { return findings_; }

 private:
  void read_slots(std::uint64_t record_size, std::uint64_t storage_offset);
  void report(FindingSeverity severity, std::string_view code, std::string path, std::uint64_t offset,
              std::string message);

  Bytes bytes_;
  Bytes header_;
  std::vector<StoredRecord> records_;
  std::vector<Finding> findings_;
};

// {"Header": {..., "Map": [...]}, "Records": [{"Slot", "RecordId", "Deleted", "Record"}], "Findings": [...]}.
void to_json(layout::TextBuffer& out, const ErstStore& store, layout::Detail detail = layout::Detail::all);

// A line a record, then what is wrong.
std::string to_text(const ErstStore& store);

// An empty store of `size` bytes. Fails (invalid_argument) unless the record size is a power of two from 4096
// on, divides the size, and leaves a slot free.
Result<Buffer> make_erst_store(std::size_t size, std::uint32_t record_size = kErstRecordSize);

// Puts a record (its first Length bytes) into the slot that has its RecordId, or the first free one; the rest
// of the slot becomes 0xff. Fails: malformed if `store` is no store, invalid_argument if the record does not
// fit a slot or its id is reserved, or if no slot is free.
Result<void> put_record(MutableBytes store, Bytes record);

// Clears the map entry of the record; its bytes stay. Fails: malformed if `store` is no store,
// invalid_argument if there is no such record.
Result<void> remove_record(MutableBytes store, std::uint64_t id);

}  // namespace wheatstone::acpi
