#include "formats/acpi/status_block.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "formats/cper/compose.hpp"
#include "formats/cper/record.hpp"
#include "formats/layout/broken.hpp"
#include "formats/layout/walk.hpp"

namespace wheatstone::acpi {
namespace {

constexpr std::uint32_t kUncorrectable = 1u << 0;
constexpr std::uint32_t kCorrectable = 1u << 1;
constexpr unsigned kMultiple = 2;  // "several of them" stands so many bits higher
constexpr layout::Bit kCount = tables::kBlockStatus[4];
constexpr std::uint8_t kBothFru = kEntryFruIdValid | kEntryFruTextValid;
constexpr std::size_t kDescriptorFruText = layout::find(cper::tables::kDescriptorFields, "FRUText").offset;
static_assert(layout::find(cper::tables::kDescriptorFields, "FRUText").size == EntryHeader::kFruTextSize);

// The end of the entries.
std::uint64_t data_end(layout::View<BlockHeader> header) {
  return std::uint64_t{kStatusBlockHeaderSize} + header[BlockHeader::kDataLength];
}

// All the block says is its own, there or not.
std::uint64_t block_length(layout::View<BlockHeader> header) {
  const std::uint64_t raw = header[BlockHeader::kRawDataLength];
  return std::max(data_end(header), raw == 0 ? 0 : header[BlockHeader::kRawDataOffset] + raw);
}

bool known_severity(std::uint32_t severity) {
  return severity <= static_cast<std::uint32_t>(cper::Severity::informational);
}

const layout::Layout& entry_layout(std::uint16_t revision) {
  return (revision >> 8) < (kEntryRevisionV2 >> 8) ? kDataEntryV1 : kDataEntryV2;
}

void put_entry(MutableBytes at, const NewDataEntry& entry) {
  const layout::Layout& layout = entry_layout(entry.revision);
  auto edit = *layout::Editor<EntryHeader>::make(layout, at);
  edit.set(EntryHeader::kSectionType, entry.section_type);
  edit.set(EntryHeader::kSeverity, static_cast<std::uint32_t>(entry.severity));
  edit.set(EntryHeader::kMinorRevision, static_cast<std::uint8_t>(entry.revision));
  edit.set(EntryHeader::kMajorRevision, static_cast<std::uint8_t>(entry.revision >> 8));
  edit.set(EntryHeader::kFlags, entry.flags);
  edit.set(EntryHeader::kDataLength, static_cast<std::uint32_t>(entry.body.size()));
  std::uint8_t valid = 0;
  if (entry.fru_id) {
    valid |= kEntryFruIdValid;
    edit.set(EntryHeader::kFruId, *entry.fru_id);
  }
  if (entry.fru_text) {
    valid |= kEntryFruTextValid;
    std::copy_n(entry.fru_text->begin(), std::min(entry.fru_text->size(), EntryHeader::kFruTextSize),
                at.begin() + EntryHeader::kFruTextOffset);
  }
  if (entry.timestamp) {
    valid |= kEntryTimestampValid;
    store_le<std::uint64_t>(&at[EntryHeader::kTimestampOffset], *entry.timestamp);
  }
  edit.set(EntryHeader::kValidBits, valid);
  std::ranges::copy(entry.body, at.begin() + layout.size);
}

}  // namespace

// ---- reading
// ----------------------------------------------------------------------------------------------------------

StatusBlock StatusBlock::decode(Bytes bytes) {
  StatusBlock block;
  block.bytes_ = block.block_ = bytes;
  const auto header = block.header();
  if (!header) {
    block.report(FindingSeverity::error, "block-too-short", {}, 0,
                 fmt::format("an error status block has {} bytes at least, there are {}",
                             kStatusBlockHeaderSize, bytes.size()));
    return block;
  }
  if (data_end(*header) > bytes.size())
    block.report(FindingSeverity::error, "block-beyond-input", "DataLength", BlockHeader::kDataLength.offset,
                 fmt::format("the block says {} bytes, there are {}", data_end(*header), bytes.size()));
  block.block_ =
      bytes.first(static_cast<std::size_t>(std::min<std::uint64_t>(block_length(*header), bytes.size())));
  if ((*header)[BlockHeader::kBlockStatus] == 0) {
    block.report(FindingSeverity::note, "empty-block", "BlockStatus", BlockHeader::kBlockStatus.offset,
                 "the status is 0: there is no error here");
  } else if (layout::load(bytes, kStatusBlock.tail[0].count) == 0) {
    block.report(FindingSeverity::warning, "no-entries", "BlockStatus", BlockHeader::kBlockStatus.offset,
                 "there is an error, and no entry that says which");
  }
  if (!known_severity((*header)[BlockHeader::kSeverity]))
    block.report(FindingSeverity::warning, "unknown-severity", "ErrorSeverity", BlockHeader::kSeverity.offset,
                 fmt::format("severity {} has no meaning; Linux panics as if it were fatal",
                             (*header)[BlockHeader::kSeverity]));
  layout::find_broken(kStatusBlock, block.block_, 0, block.findings_);
  block.read_entries();
  if (const std::uint32_t length = (*header)[BlockHeader::kRawDataLength]; length != 0) {
    const std::uint32_t offset = (*header)[BlockHeader::kRawDataOffset];
    if (offset < data_end(*header))
      block.report(FindingSeverity::warning, "raw-data-over-entries", "RawDataOffset",
                   BlockHeader::kRawDataOffset.offset,
                   fmt::format("raw data begins at {}, the entries end at {}", offset, data_end(*header)));
    if (offset >= kStatusBlockHeaderSize)
      block.raw_data_ = slice(block.block_, offset, length).value_or(Bytes{});
  }
  return block;
}

void StatusBlock::read_entries() {
  const layout::Tail& tail = kStatusBlock.tail[0];
  const std::uint64_t count = layout::load(block_, tail.count);
  if (count > 0xff)
    report(FindingSeverity::note, "entry-count-beyond-acpica", "BlockStatus",
           BlockHeader::kBlockStatus.offset,
           fmt::format("{} entries: ACPICA reads eight bits of the count and sees {}", count, count & 0xff),
           kStatusBlockAcpica.clause);
  std::size_t at = kStatusBlockHeaderSize;
  while (entries_.size() < count) {
    const Bytes left = block_.subspan(at);
    const auto bytes = layout::element(tail, left);
    if (!bytes) return;  // find_broken has said so
    const auto path = [index = entries_.size()](std::string_view field) {
      return fmt::format("Entries[{}].{}", index, field);
    };
    DataEntry entry{static_cast<std::uint32_t>(at), static_cast<std::uint32_t>(bytes->size()),
                    layout::element_layout(tail, left), nullptr};
    const auto header = *layout::View<EntryHeader>::make(kDataEntryV1, *bytes);
    entry.type = cper::find_section(header[EntryHeader::kSectionType]);
    const auto revision = static_cast<std::uint16_t>(header[EntryHeader::kMajorRevision] << 8 |
                                                     header[EntryHeader::kMinorRevision]);
    if (revision != kEntryRevisionV1 && revision != kEntryRevisionV2)
      report(FindingSeverity::note, "entry-revision", path("Revision"),
             at + EntryHeader::kMinorRevision.offset,
             fmt::format("revision 0x{:04x} is neither 0x0201 nor 0x0300; it is read as one of {} bytes",
                         revision, entry.layout->size),
             entry.layout->clause);
    if (!known_severity(header[EntryHeader::kSeverity]))
      report(FindingSeverity::warning, "unknown-severity", path("ErrorSeverity"),
             at + EntryHeader::kSeverity.offset,
             fmt::format("severity {} has no meaning", header[EntryHeader::kSeverity]), entry.layout->clause);
    if (entry.type != nullptr && !entry.type->forms.empty() &&
        entry.type->layout_for(entry.body_length()) == nullptr)
      report(FindingSeverity::error, "section-too-short", path("Data"), entry.body_offset(),
             fmt::format("{} bytes are too few for {}", entry.body_length(), entry.type->name),
             entry.type->forms.front()->clause);
    entries_.push_back(entry);
    at += bytes->size();
  }
  if (at != data_end(*header()))
    report(FindingSeverity::warning, "data-length-mismatch", "DataLength", BlockHeader::kDataLength.offset,
           fmt::format("the {} entries that BlockStatus counts have {} bytes, DataLength says {}", count,
                       at - kStatusBlockHeaderSize, (*header())[BlockHeader::kDataLength]));
}

void StatusBlock::report(FindingSeverity severity, std::string_view code, std::string path,
                         std::uint64_t offset, std::string message, std::string_view clause) {
  findings_.push_back({severity, code, std::move(message), std::move(path), offset, clause});
}

std::vector<Bytes> error_region_blocks(Bytes region) {
  std::vector<Bytes> blocks;
  while (region.size() >= sizeof(std::uint32_t) && load_le<std::uint32_t>(region.data()) != 0) {
    const auto header = layout::View<BlockHeader>::make(kStatusBlock, region);
    const std::uint64_t length = header ? block_length(*header) : region.size();
    blocks.push_back(region.first(static_cast<std::size_t>(std::min<std::uint64_t>(length, region.size()))));
    region = region.subspan(blocks.back().size());
  }
  return blocks;
}

// ---- writing
// ----------------------------------------------------------------------------------------------------------

Result<Buffer> encode_status_block(cper::Severity severity, std::span<const NewDataEntry> entries,
                                   Bytes raw_data) {
  if (entries.size() > kMostEntries)
    return fail(ErrorKind::invalid_argument,
                fmt::format("{} entries: a status block counts {} at most", entries.size(), kMostEntries));
  std::uint64_t length = kStatusBlockHeaderSize;
  std::uint32_t status = 0;
  for (const NewDataEntry& entry : entries) {
    const layout::Layout& layout = entry_layout(entry.revision);
    if (entry.timestamp && &layout == &kDataEntryV1)
      return fail(ErrorKind::invalid_argument,
                  fmt::format("an entry of revision 0x{:04x} has no timestamp", entry.revision),
                  "give it revision 0x0300");
    length += layout.size + entry.body.size();
    const bool corrected = entry.severity == cper::Severity::corrected;
    if (!corrected && entry.severity != cper::Severity::fatal &&
        entry.severity != cper::Severity::recoverable)
      continue;
    const std::uint32_t kind = corrected ? kCorrectable : kUncorrectable;
    status |= (status & kind) != 0 ? kind << kMultiple : kind;
  }
  const std::uint64_t data_length = length - kStatusBlockHeaderSize;
  length += raw_data.size();
  if (length > std::numeric_limits<std::uint32_t>::max())
    return fail(ErrorKind::invalid_argument, "the status block is too large: its lengths have 32 bits");

  Buffer bytes(static_cast<std::size_t>(length), 0);
  auto edit = *layout::Editor<BlockHeader>::make(kStatusBlock, bytes);
  edit.set(BlockHeader::kBlockStatus, static_cast<std::uint32_t>(kCount.set(status, entries.size())));
  edit.set(BlockHeader::kDataLength, static_cast<std::uint32_t>(data_length));
  edit.set(BlockHeader::kSeverity, static_cast<std::uint32_t>(severity));
  std::size_t at = kStatusBlockHeaderSize;
  for (const NewDataEntry& entry : entries) {
    const std::size_t size = entry_layout(entry.revision).size + entry.body.size();
    put_entry(MutableBytes(bytes).subspan(at, size), entry);
    at += size;
  }
  if (!raw_data.empty()) {
    edit.set(BlockHeader::kRawDataOffset, static_cast<std::uint32_t>(at));
    edit.set(BlockHeader::kRawDataLength, static_cast<std::uint32_t>(raw_data.size()));
    std::ranges::copy(raw_data, bytes.begin() + static_cast<std::ptrdiff_t>(at));
  }
  return bytes;
}

// ---- to and from records
// ----------------------------------------------------------------------------------------------

Result<Buffer> record_from_status_block(Bytes bytes, const RecordOptions& options) {
  const StatusBlock block = StatusBlock::decode(bytes);
  const auto header = block.header();
  if (!header) return fail(ErrorKind::malformed, block.findings().front().message);
  const std::uint64_t count = layout::load(bytes, kStatusBlock.tail[0].count);
  if (count == 0)
    return fail(ErrorKind::malformed, "the status block has no entry of which a section could be made");
  if (block.entries().size() < count)
    return fail(ErrorKind::malformed,
                fmt::format("entry {} of {} is not inside the status block", block.entries().size(), count),
                {}, {.path = fmt::format("Entries[{}]", block.entries().size())});

  std::vector<cper::NewSection> sections;
  bool primary = false;
  for (const DataEntry& entry : block.entries()) {
    const auto view = block.view(entry);
    sections.push_back({.type = view[EntryHeader::kSectionType],
                        .body = block.body(entry),
                        .severity = static_cast<cper::Severity>(view[EntryHeader::kSeverity]),
                        .flags = view[EntryHeader::kFlags],
                        .revision = options.section_revision});
    primary = primary || (sections.back().flags & cper::kSectionPrimary) != 0;
  }
  if (!primary) sections.front().flags |= cper::kSectionPrimary;
  auto record = cper::encode({.severity = static_cast<cper::Severity>((*header)[BlockHeader::kSeverity]),
                              .notify_type = options.notify_type,
                              .creator_id = options.creator_id,
                              .revision = options.revision,
                              .timestamp = options.timestamp,
                              .record_id = options.record_id,
                              .flags = options.flags},
                             sections);
  if (!record) return record;

  // FRU id and text are copied whether they are valid or not; their order differs.
  std::size_t at = cper::kHeaderSize;
  for (const DataEntry& entry : block.entries()) {
    const auto view = block.view(entry);
    const MutableBytes descriptor = MutableBytes(*record).subspan(at, cper::kDescriptorSize);
    auto edit = *layout::Editor<cper::Descriptor>::make(cper::kSectionDescriptor, descriptor);
    edit.set(cper::Descriptor::kValidBits,
             static_cast<std::uint8_t>(view[EntryHeader::kValidBits] & kBothFru));
    edit.set(cper::Descriptor::kFruId, view[EntryHeader::kFruId]);
    std::ranges::copy(view.bytes().subspan(EntryHeader::kFruTextOffset, EntryHeader::kFruTextSize),
                      descriptor.begin() + kDescriptorFruText);
    at += cper::kDescriptorSize;
  }
  return record;
}

Result<Buffer> status_block_from_record(Bytes bytes, std::uint16_t revision) {
  const cper::Record record = cper::Record::decode(bytes);
  const auto header = record.header();
  if (!header) return fail(ErrorKind::malformed, record.findings().front().message);
  const std::uint16_t count = (*header)[cper::Header::kSectionCount];
  if (record.sections().size() < count)
    return fail(ErrorKind::malformed,
                fmt::format("descriptor {} of {} is not inside the record", record.sections().size(), count),
                {}, {.path = fmt::format("Sections[{}]", record.sections().size())});
  const layout::Layout& layout = entry_layout(revision);
  std::optional<std::uint64_t> timestamp;
  constexpr std::uint32_t kTimestampValid = 1u << 1;
  if (&layout == &kDataEntryV2 && ((*header)[cper::Header::kValidBits] & kTimestampValid) != 0)
    timestamp = (*header)[cper::Header::kTimestamp];

  std::vector<NewDataEntry> entries;
  for (const cper::Section& section : record.sections()) {
    const auto view = record.descriptor(section);
    if (view[cper::Descriptor::kSectionLength] != section.length)
      return fail(ErrorKind::malformed,
                  fmt::format("the body of section {} is not inside the record", section.index), {},
                  {.path = fmt::format("Sections[{}]", section.index)});
    entries.push_back({.section_type = view[cper::Descriptor::kSectionType],
                       .body = record.body(section),
                       .severity = static_cast<cper::Severity>(view[cper::Descriptor::kSeverity]),
                       .revision = revision,
                       .flags = static_cast<std::uint8_t>(view[cper::Descriptor::kFlags]),
                       .timestamp = timestamp});
  }
  auto block = encode_status_block(static_cast<cper::Severity>((*header)[cper::Header::kSeverity]), entries);
  if (!block) return block;
  std::size_t at = kStatusBlockHeaderSize;
  for (const cper::Section& section : record.sections()) {
    const auto view = record.descriptor(section);
    const MutableBytes entry = MutableBytes(*block).subspan(at, layout.size);
    auto edit = *layout::Editor<EntryHeader>::make(layout, entry);
    edit.set(EntryHeader::kValidBits,
             static_cast<std::uint8_t>((view[cper::Descriptor::kValidBits] & kBothFru) |
                                       (timestamp ? kEntryTimestampValid : 0)));
    edit.set(EntryHeader::kFruId, view[cper::Descriptor::kFruId]);
    std::ranges::copy(view.bytes().subspan(kDescriptorFruText, EntryHeader::kFruTextSize),
                      entry.begin() + EntryHeader::kFruTextOffset);
    at += layout.size + section.length;
  }
  return block;
}

}  // namespace wheatstone::acpi
