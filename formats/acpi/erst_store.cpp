#include "formats/acpi/erst_store.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <iterator>

#include "formats/cper/header.hpp"
#include "formats/cper/record.hpp"
#include "formats/layout/findings.hpp"

namespace wheatstone::acpi {
namespace {

constexpr std::size_t kMapEntrySize = tables::kErstMapEntry.size;

// Where the map entry of a slot is.
constexpr std::uint64_t map_offset(std::uint64_t slot) {
  return kErstStore.size + slot * kMapEntrySize;
}

bool is_reserved(std::uint64_t id) {
  return id == kErstUnspecified || id == kErstNone;
}

bool is_record(Bytes slot) {
  return slot.size() >= cper::kHeaderSize && load_le<std::uint32_t>(slot.data()) == cper::kSignature;
}

std::string map_path(std::uint64_t slot) {
  return fmt::format("Map[{}]", slot);
}

// What a writer needs to know of a store that it can trust.
struct Geometry {
  std::uint64_t record_size;
  std::uint64_t first;  // slot
  std::uint64_t end;    // slot
};

// Findings after which nobody can say where slots are.
constexpr std::string_view kNoStore[] = {"store-too-short", "bad-signature", "bad-record-size",
                                         "bad-storage-offset", "map-over-slots"};

Result<Geometry> geometry(Bytes bytes) {
  const ErstStore store = ErstStore::decode(bytes);
  for (const Finding& finding : store.findings())
    if (std::ranges::find(kNoStore, finding.code) != std::end(kNoStore))
      return fail(ErrorKind::malformed, "this is no ERST store: " + finding.message, {},
                  {.offset = finding.offset, .path = finding.path});
  const auto header = *store.header();
  const std::uint64_t size = header[ErstHeader::kRecordSize];
  return Geometry{size, header[ErstHeader::kStorageOffset] / size, bytes.size() / size};
}

std::uint64_t map_entry(Bytes store, std::uint64_t slot) {
  return load_le<std::uint64_t>(&store[map_offset(slot)]);
}

// The slot of a record, or the end.
std::uint64_t find_slot(Bytes store, const Geometry& at, std::uint64_t id) {
  for (std::uint64_t slot = at.first; slot < at.end; ++slot)
    if (map_entry(store, slot) == id) return slot;
  return at.end;
}

void set_entry(MutableBytes store, std::uint64_t slot, std::uint64_t id, std::int32_t more) {
  store_le<std::uint64_t>(&store[map_offset(slot)], id);
  auto edit = *layout::Editor<ErstHeader>::make(kErstStore, store);
  const std::uint32_t count = load_le<std::uint32_t>(&store[ErstHeader::kRecordCount.offset]);
  edit.set(ErstHeader::kRecordCount, count + static_cast<std::uint32_t>(more));
}

}  // namespace

ErstStore ErstStore::decode(Bytes bytes) {
  ErstStore store;
  store.bytes_ = store.header_ = bytes;
  const auto header = store.header();
  if (!header) {
    store.report(FindingSeverity::error, "store-too-short", {}, 0,
                 fmt::format("a store has {} bytes at least, there are {}", kErstStore.size, bytes.size()));
    return store;
  }
  if (as_text(bytes.first(kErstSignature.size())) != kErstSignature)
    store.report(FindingSeverity::error, "bad-signature", "Signature", 0,
                 fmt::format("the signature is not '{}'", kErstSignature));
  if ((*header)[ErstHeader::kVersion] != kErstVersion)
    store.report(FindingSeverity::warning, "store-version", "Version", ErstHeader::kVersion.offset,
                 fmt::format("version 0x{:04x} is not 0x{:04x}: QEMU refuses the store",
                             (*header)[ErstHeader::kVersion], kErstVersion));
  const std::uint32_t record_size = (*header)[ErstHeader::kRecordSize];
  const std::uint32_t storage_offset = (*header)[ErstHeader::kStorageOffset];
  if (record_size < kErstLeastRecordSize || !std::has_single_bit(record_size)) {
    store.report(FindingSeverity::error, "bad-record-size", "RecordSize", ErstHeader::kRecordSize.offset,
                 fmt::format("slots of {} bytes: a power of two from {} on is right", record_size,
                             kErstLeastRecordSize));
    store.header_ = bytes.first(kErstStore.size);
    return store;
  }
  const std::uint64_t slots = bytes.size() / record_size;
  store.header_ =
      bytes.first(static_cast<std::size_t>(std::min<std::uint64_t>(map_offset(slots), bytes.size())));
  if (bytes.size() % record_size != 0)
    store.report(FindingSeverity::warning, "file-size", {}, slots * record_size,
                 fmt::format("the file has {} bytes more than {} slots of {}: QEMU refuses it",
                             bytes.size() % record_size, slots, record_size));
  if (storage_offset == 0 || storage_offset % record_size != 0 || storage_offset > bytes.size()) {
    store.report(FindingSeverity::error, "bad-storage-offset", "StorageOffset",
                 ErstHeader::kStorageOffset.offset,
                 fmt::format("{} is no slot of the file but the first", storage_offset));
    return store;
  }
  if (map_offset(slots) > storage_offset) {
    store.report(FindingSeverity::error, "map-over-slots", "StorageOffset", ErstHeader::kStorageOffset.offset,
                 fmt::format("the map of {} slots ends at {}, the first slot begins at {}", slots,
                             map_offset(slots), storage_offset));
    store.header_ = bytes.first(storage_offset);
  }
  store.read_slots(record_size, storage_offset);
  return store;
}

void ErstStore::read_slots(std::uint64_t record_size, std::uint64_t storage_offset) {
  const std::uint64_t end = bytes_.size() / record_size;
  std::vector<std::pair<std::uint64_t, std::uint64_t>> used;  // id, slot
  for (std::uint64_t slot = storage_offset / record_size; slot < end; ++slot) {
    if (map_offset(slot) + kMapEntrySize > header_.size()) break;  // map-over-slots has been said
    const std::uint64_t offset = slot * record_size;
    const Bytes bytes =
        bytes_.subspan(static_cast<std::size_t>(offset), static_cast<std::size_t>(record_size));
    const std::uint64_t id = map_entry(bytes_, slot);
    const bool deleted = id == kErstUnspecified;
    if (!deleted) used.emplace_back(id, slot);
    if (id == kErstNone)
      report(FindingSeverity::warning, "reserved-record-id", map_path(slot), map_offset(slot),
             "this id means that there is no record");
    if (!is_record(bytes)) {
      if (!deleted)
        report(
            FindingSeverity::error, "slot-without-record", map_path(slot), offset,
            fmt::format("record 0x{:016x} should be in slot {}, which does not begin with 'CPER'", id, slot));
      continue;
    }
    const auto view = *layout::View<cper::Header>::make(cper::kRecordHeader, bytes);
    const std::uint32_t length = view[cper::Header::kLength];
    const std::uint64_t own_id = view[cper::Header::kRecordId];
    if (!deleted && (length < cper::kHeaderSize || length > record_size))
      report(FindingSeverity::error, "record-length", map_path(slot), offset,
             fmt::format("the record says {} bytes, its slot has {}", length, record_size));
    if (!deleted && own_id != id)
      report(FindingSeverity::warning, "record-id-mismatch", map_path(slot), map_offset(slot),
             fmt::format("the map says record 0x{:016x}, the record says 0x{:016x}", id, own_id));
    const std::size_t shown =
        length < cper::kHeaderSize ? bytes.size() : std::min<std::size_t>(length, bytes.size());
    records_.push_back(
        {static_cast<std::uint32_t>(slot), offset, deleted ? own_id : id, deleted, bytes.first(shown)});
  }
  if (const std::uint32_t count = (*header())[ErstHeader::kRecordCount]; count != used.size())
    report(FindingSeverity::warning, "record-count-mismatch", "RecordCount", ErstHeader::kRecordCount.offset,
           fmt::format("the header counts {} records, the map has {}", count, used.size()));
  std::ranges::sort(used);
  for (std::size_t i = 1; i < used.size(); ++i)
    if (used[i].first == used[i - 1].first)
      report(FindingSeverity::warning, "duplicate-record-id", map_path(used[i].second),
             map_offset(used[i].second),
             fmt::format("record 0x{:016x} is in slot {} too", used[i].first, used[i - 1].second));
}

const StoredRecord* ErstStore::find(std::uint64_t id) const noexcept {
  for (const StoredRecord& record : records_)
    if (!record.deleted && record.id == id) return &record;
  return nullptr;
}

void ErstStore::report(FindingSeverity severity, std::string_view code, std::string path,
                       std::uint64_t offset, std::string message) {
  findings_.push_back({severity, code, std::move(message), std::move(path), offset, kErstStore.clause});
}

void to_json(layout::TextBuffer& out, const ErstStore& store, layout::Detail detail) {
  layout::JsonWriter json(out);
  json.begin_object();
  if (store.header()) {
    json.key("Header");
    json.layout(kErstStore, store.header_bytes(), detail);
  } else {
    json.key("Bytes");
    json.hex_bytes(store.bytes());
  }
  json.key("Records");
  json.begin_array();
  for (const StoredRecord& record : store.records()) {
    json.begin_object();
    json.key("Slot");
    json.number(std::uint64_t{record.slot});
    json.key("RecordId");
    json.hex(record.id, 16);
    json.key("Deleted");
    json.boolean(record.deleted);
    out.append(",\"Record\":");
    cper::to_json(out, cper::Record::decode(record.bytes), detail);
    json.end_object();
  }
  json.end_array();
  if (!store.findings().empty()) {
    json.key("Findings");
    layout::to_json(json, store.findings());
  }
  json.end_object();
}

std::string to_text(const ErstStore& store) {
  std::string out = "ERST store\n";
  for (const StoredRecord& record : store.records())
    fmt::format_to(std::back_inserter(out), "  slot {}: record 0x{:016x}, {} bytes{}\n", record.slot,
                   record.id, record.bytes.size(), record.deleted ? ", deleted" : "");
  return out + layout::to_text(store.findings(), "store");
}

Result<Buffer> make_erst_store(std::size_t size, std::uint32_t record_size) {
  if (record_size < kErstLeastRecordSize || !std::has_single_bit(record_size))
    return fail(ErrorKind::invalid_argument,
                fmt::format("a slot of {} bytes is not a power of two from {} on", record_size,
                            kErstLeastRecordSize));
  const std::uint64_t header = map_offset(size / record_size);
  const std::uint64_t storage_offset = (header + record_size - 1) / record_size * record_size;
  if (size % record_size != 0 || storage_offset >= size || storage_offset > 0xffffffff)
    return fail(ErrorKind::invalid_argument,
                fmt::format("{} bytes are no store of slots of {} bytes", size, record_size),
                "give it a multiple with room for a header and a record");
  Buffer bytes(size, 0);
  std::ranges::copy(as_bytes(kErstSignature), bytes.begin());
  auto edit = *layout::Editor<ErstHeader>::make(kErstStore, bytes);
  edit.set(ErstHeader::kRecordSize, record_size);
  edit.set(ErstHeader::kStorageOffset, static_cast<std::uint32_t>(storage_offset));
  edit.set(ErstHeader::kVersion, kErstVersion);
  return bytes;
}

Result<void> put_record(MutableBytes store, Bytes record) {
  const auto at = geometry(store);
  if (!at) return std::unexpected(at.error());
  const auto header = layout::View<cper::Header>::make(cper::kRecordHeader, record);
  const std::uint64_t length = header ? (*header)[cper::Header::kLength] : record.size();
  if (!is_record(record) || length < cper::kHeaderSize || length > record.size() || length > at->record_size)
    return fail(ErrorKind::invalid_argument,
                fmt::format("{} bytes are no record that fits a slot of {}", length, at->record_size),
                "give a whole record whose Length is right");
  const std::uint64_t id = (*header)[cper::Header::kRecordId];
  if (is_reserved(id))
    return fail(ErrorKind::invalid_argument, fmt::format("record id 0x{:016x} is reserved", id),
                "give the record another RecordId");
  std::uint64_t slot = find_slot(store, *at, id);
  const bool again = slot != at->end;
  if (!again) slot = find_slot(store, *at, kErstUnspecified);
  if (slot == at->end) return fail(ErrorKind::invalid_argument, "the store is full", "remove a record first");
  const MutableBytes room = store.subspan(static_cast<std::size_t>(slot * at->record_size),
                                          static_cast<std::size_t>(at->record_size));
  std::ranges::copy(record.first(static_cast<std::size_t>(length)), room.begin());
  std::ranges::fill(room.subspan(static_cast<std::size_t>(length)), std::uint8_t{0xff});
  set_entry(store, slot, id, again ? 0 : 1);
  return {};
}

Result<void> remove_record(MutableBytes store, std::uint64_t id) {
  const auto at = geometry(store);
  if (!at) return std::unexpected(at.error());
  const std::uint64_t slot = is_reserved(id) ? at->end : find_slot(store, *at, id);
  if (slot == at->end)
    return fail(ErrorKind::invalid_argument, fmt::format("there is no record 0x{:016x} in the store", id));
  set_entry(store, slot, kErstUnspecified, -1);
  return {};
}

}  // namespace wheatstone::acpi
