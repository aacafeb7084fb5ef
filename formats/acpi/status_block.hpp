// Generic error status block: what firmware leaves for the system, at a GHES and in the boot error region,
// and the error records that Windows makes of it. Source: ACPI 18.3.2.7.1, WDK WHEA_GENERIC_ERROR.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "formats/cper/guids.hpp"
#include "formats/cper/header.hpp"
#include "formats/cper/section.hpp"
#include "formats/cper/severity.hpp"
#include "formats/layout/field.hpp"
#include "formats/layout/finding.hpp"
#include "formats/layout/result.hpp"
#include "formats/layout/view.hpp"

namespace wheatstone::acpi {

inline constexpr std::size_t kStatusBlockHeaderSize = 20;
inline constexpr std::uint32_t kMostEntries = 1023;  // the count has ten bits
inline constexpr std::uint16_t kEntryRevisionV1 = 0x0201;
inline constexpr std::uint16_t kEntryRevisionV2 = 0x0300;

namespace tables {
using namespace layout;

inline constexpr Bit kEntryValid[] = {{0, 1, "FRUId"}, {1, 1, "FRUText"}, {2, 1, "Timestamp"}};

inline constexpr Field kDataEntryFields[] = {
    guid(0, "SectionType").names(cper::kSectionTypeNames),
    u32(16, "ErrorSeverity").names(cper::kSeverityNames),
    u8(20, "Revision.MinorRevision").hex(),
    u8(21, "Revision.MajorRevision").hex(),
    u8(22, "ValidBits").bits(kEntryValid),
    u8(23, "Flags").bits(cper::tables::kSectionFlags),
    u32(24, "ErrorDataLength").unit("bytes"),
    guid(28, "FRUId").valid(0).identity(),
    ascii(44, 20, "FRUText").valid(1).identity(),
    u64(64, "Timestamp").record_time().valid(2),
};
// What the body is goes by the section type, as in a record.
inline constexpr Tail kDataEntryTail[] = {rest("Data").choose(cper::kSectionChoice)};

consteval Layout data_entry(std::string_view name, std::string_view structure, std::uint32_t size,
                            std::span<const Field> fields) {
  return {.name = name,
          .structure = structure,
          .clause = "ACPI 18.3.2.7.1",
          .min = size,
          .size = size,
          .fields = fields,
          .tail = kDataEntryTail,
          .valid = ref(fields, "ValidBits"),
          .self = ref(fields, "ErrorDataLength"),
          .self_add = size};
}
}  // namespace tables

inline constexpr layout::Layout kDataEntryV1 =
    tables::data_entry("GenericErrorDataEntryV1", "WHEA_GENERIC_ERROR_DATA_ENTRY_V1", 64,
                       std::span(tables::kDataEntryFields).first(std::size(tables::kDataEntryFields) - 1));
static_assert(layout::check(kDataEntryV1));
inline constexpr layout::Layout kDataEntryV2 = tables::data_entry(
    "GenericErrorDataEntryV2", "WHEA_GENERIC_ERROR_DATA_ENTRY_V2", 72, tables::kDataEntryFields);
static_assert(layout::check(kDataEntryV2));

namespace tables {
// Revision 3.0 brought the timestamp; Linux, too, goes by the major number alone.
inline constexpr ChoiceRow kDataEntryRows[] = {{0, {}, "V1", {}, kForms<kDataEntryV1>},
                                               {1, {}, "V1", {}, kForms<kDataEntryV1>},
                                               {2, {}, "V1", {}, kForms<kDataEntryV1>}};
inline constexpr Choice kDataEntryChoice{
    .selector = "Revision.MajorRevision", .at = {21, 1, 0, 8}, .rows = kDataEntryRows};

consteval std::array<Bit, 5> block_status(std::uint8_t count_bits) {
  return {{{0, 1, "UncorrectableErrorValid"},
           {1, 1, "CorrectableErrorValid"},
           {2, 1, "MultipleUncorrectableErrors"},
           {3, 1, "MultipleCorrectableErrors"},
           {4, count_bits, "ErrorDataEntryCount"}}};
}
// ACPI and Windows.
inline constexpr auto kBlockStatus = block_status(10);
inline constexpr auto kBlockStatusAcpica = block_status(8);

consteval std::array<Field, 5> status_block_fields(Word status) {
  return {
      u32(0, "BlockStatus").bits(status),
      u32(4, "RawDataOffset").unit("bytes").about("from the start of the block"),
      u32(8, "RawDataLength").unit("bytes"),
      u32(12, "DataLength").unit("bytes").about("all entries with their bodies"),
      u32(16, "ErrorSeverity").names(cper::kSeverityNames).about("ACPICA calls 0 CORRECTABLE in BERT"),
  };
}
inline constexpr auto kStatusBlockFields = status_block_fields(kBlockStatus);
inline constexpr auto kStatusBlockAcpicaFields = status_block_fields(kBlockStatusAcpica);

consteval std::array<Tail, 2> status_block_tail(std::span<const Field> fields) {
  return {many("Entries", kDataEntryChoice, ref(fields, "BlockStatus.ErrorDataEntryCount")).as(kDataEntryV2),
          located("RawData", ref(fields, "RawDataOffset"), ref(fields, "RawDataLength"))};
}
inline constexpr auto kStatusBlockTail = status_block_tail(kStatusBlockFields);
inline constexpr auto kStatusBlockAcpicaTail = status_block_tail(kStatusBlockAcpicaFields);

consteval Layout status_block(std::string_view name, std::string_view clause, std::span<const Field> fields,
                              std::span<const Tail> tail) {
  return {.name = name,
          .structure = "WHEA_GENERIC_ERROR",
          .clause = clause,
          .min = kStatusBlockHeaderSize,
          .size = kStatusBlockHeaderSize,
          .fields = fields,
          .tail = tail};
}
}  // namespace tables

inline constexpr layout::Layout kStatusBlock = tables::status_block(
    "GenericErrorStatusBlock", "ACPI 18.3.2.7.1", tables::kStatusBlockFields, tables::kStatusBlockTail);
static_assert(layout::check(kStatusBlock));
// As ACPICA reads it: eight bits of the count.
inline constexpr layout::Layout kStatusBlockAcpica =
    tables::status_block("GenericErrorStatusBlockAcpica", "ACPICA actbl1.h", tables::kStatusBlockAcpicaFields,
                         tables::kStatusBlockAcpicaTail);
static_assert(layout::check(kStatusBlockAcpica));

struct BlockHeader {
  static constexpr auto kBlockStatus =
      layout::handle<BlockHeader, std::uint32_t>(kStatusBlock, "BlockStatus");
  static constexpr auto kRawDataOffset =
      layout::handle<BlockHeader, std::uint32_t>(kStatusBlock, "RawDataOffset");
  static constexpr auto kRawDataLength =
      layout::handle<BlockHeader, std::uint32_t>(kStatusBlock, "RawDataLength");
  static constexpr auto kDataLength = layout::handle<BlockHeader, std::uint32_t>(kStatusBlock, "DataLength");
  static constexpr auto kSeverity = layout::handle<BlockHeader, std::uint32_t>(kStatusBlock, "ErrorSeverity");
};

struct EntryHeader {
  static constexpr auto kSectionType = layout::handle<EntryHeader, Guid>(kDataEntryV1, "SectionType");
  static constexpr auto kSeverity = layout::handle<EntryHeader, std::uint32_t>(kDataEntryV1, "ErrorSeverity");
  static constexpr auto kMinorRevision =
      layout::handle<EntryHeader, std::uint8_t>(kDataEntryV1, "Revision.MinorRevision");
  static constexpr auto kMajorRevision =
      layout::handle<EntryHeader, std::uint8_t>(kDataEntryV1, "Revision.MajorRevision");
  static constexpr auto kValidBits = layout::handle<EntryHeader, std::uint8_t>(kDataEntryV1, "ValidBits");
  static constexpr auto kFlags = layout::handle<EntryHeader, std::uint8_t>(kDataEntryV1, "Flags");
  static constexpr auto kDataLength =
      layout::handle<EntryHeader, std::uint32_t>(kDataEntryV1, "ErrorDataLength");
  static constexpr auto kFruId = layout::handle<EntryHeader, Guid>(kDataEntryV1, "FRUId");
  static constexpr std::size_t kFruTextOffset = layout::find(tables::kDataEntryFields, "FRUText").offset;
  static constexpr std::size_t kFruTextSize = layout::find(tables::kDataEntryFields, "FRUText").size;
  static constexpr std::size_t kTimestampOffset = layout::find(tables::kDataEntryFields, "Timestamp").offset;
};

// Bits of ValidBits.
inline constexpr std::uint8_t kEntryFruIdValid = 1u << 0;
inline constexpr std::uint8_t kEntryFruTextValid = 1u << 1;
inline constexpr std::uint8_t kEntryTimestampValid = 1u << 2;

// ---- reading

struct DataEntry {
  std::uint32_t offset;           // in the block
  std::uint32_t length;           // of header and body
  const layout::Layout* layout;   // kDataEntryV1 or kDataEntryV2
  const cper::SectionType* type;  // nullptr: an unknown GUID

  std::uint32_t body_offset() const noexcept { return offset + layout->size; }
  std::uint32_t body_length() const noexcept { return length - layout->size; }
};

// A block is its bytes. Decoding never fails and takes time linear in their number.
class StatusBlock {
 public:
  // `bytes` may be longer than the block, as the memory of a GHES is; they must outlive it.
  static StatusBlock decode(Bytes bytes);

  Bytes bytes() const noexcept { return bytes_; }
  // Those that the header says are the block, or all if they are fewer.
  Bytes block() const noexcept { return block_; }
  Bytes behind() const noexcept { return bytes_.subspan(block_.size()); }
  // nullopt if there are fewer than 20 bytes.
  std::optional<layout::View<BlockHeader>> header() const noexcept {
    return layout::View<BlockHeader>::make(kStatusBlock, bytes_);
  }
  // As many as BlockStatus counts and block() holds.
  std::span<const DataEntry> entries() const noexcept { return entries_; }
  // REQUIRES: entry is one of entries().
  layout::View<EntryHeader> view(const DataEntry& entry) const noexcept {
    return *layout::View<EntryHeader>::make(kDataEntryV1, block_.subspan(entry.offset, entry.length));
  }
  Bytes body(const DataEntry& entry) const noexcept {
    return block_.subspan(entry.body_offset(), entry.body_length());
  }
  // Empty if there is none or it does not lie inside the block.
  Bytes raw_data() const noexcept { return raw_data_; }

  // Codes: block-too-short, block-beyond-input, empty-block, no-entries, unknown-severity,
  // entry-count-beyond-acpica, element-outside-section, part-outside-section, data-length-mismatch,
  // entry-revision, section-too-short,
  // raw-data-over-entries.
  std::span<const Finding> findings() const noexcept { return findings_; }

 private:
  void read_entries();
  void report(FindingSeverity severity, std::string_view code, std::string path, std::uint64_t offset,
              std::string message, std::string_view clause = kStatusBlock.clause);

  Bytes bytes_;
  Bytes block_;
  Bytes raw_data_;
  std::vector<DataEntry> entries_;
  std::vector<Finding> findings_;
};

// The blocks of a boot error region, back to back, up to one whose BlockStatus is 0. A last one that is cut
// short has all bytes that are left. Linear.
std::vector<Bytes> error_region_blocks(Bytes region);

// ---- writing

struct NewDataEntry {
  Guid section_type;
  Bytes body;
  cper::Severity severity = cper::Severity::fatal;
  std::uint16_t revision = kEntryRevisionV2;  // major number below 3: no timestamp, 64 bytes
  std::uint8_t flags = 0;
  std::optional<Guid> fru_id{};                // sets its validity bit
  std::optional<std::string_view> fru_text{};  // at most 20 bytes are kept; sets its validity bit
  std::optional<std::uint64_t> timestamp{};    // WHEA_TIMESTAMP; sets its validity bit
};

// BlockStatus goes by the entries: fatal and recoverable are uncorrectable, corrected is correctable. Raw
// data follows the entries. Fails (invalid_argument) for more than 1023 entries, a timestamp without a place,
// or 4 GiB.
Result<Buffer> encode_status_block(cper::Severity severity, std::span<const NewDataEntry> entries,
                                   Bytes raw_data = {});

// ---- to and from records

// What Windows adds to what the block says.
struct RecordOptions {
  Guid notify_type = cper::kNotifyGeneric;  // kNotifyBoot for a block of the boot error region
  Guid creator_id = cper::kCreatorWindows;
  std::uint16_t revision = cper::kRevisionWindows;
  std::uint16_t section_revision = kEntryRevisionV2;
  std::optional<std::uint64_t> timestamp{};  // WHEA_TIMESTAMP; sets its validity bit
  std::uint64_t record_id = 0;
  std::uint32_t flags = 0;
};

// The error record of a block: a section an entry, the first one primary if none is. Raw data and the
// timestamps of entries have no place in a record and are left out. Fails (malformed) if an entry cannot be
// located, and if there is none.
Result<Buffer> record_from_status_block(Bytes block, const RecordOptions& options = {});

// The block of a record: an entry a section, V2 with the record's timestamp if that is valid and `revision`
// allows it. Section flags above bit 7 have no place in an entry and are left out. Fails (malformed) if a
// body is not inside the record, (invalid_argument) for more than 1023 sections.
Result<Buffer> status_block_from_record(Bytes record, std::uint16_t revision = kEntryRevisionV2);

}  // namespace wheatstone::acpi
