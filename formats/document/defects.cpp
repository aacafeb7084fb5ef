#include "formats/document/defects.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "formats/acpi/acpi_table.hpp"
#include "formats/document/examples.hpp"
#include "formats/document/locate.hpp"

namespace wheatstone::document {
namespace {

using What = Change::What;

constexpr std::uint64_t kMostAppended = std::uint64_t{1} << 20;
constexpr std::uint8_t kFiller = 0xaa;

Error lacks(const Defect& defect, std::string message) {
  return Error{ErrorKind::invalid_argument,
               fmt::format("{} cannot be put in here: {}", defect.name, message),
               fmt::format("give it another {}", info(defect.kind).name),
               {}};
}

// ---- changes of the whole ----

Result<void> shift_bodies(const Defect& defect, Buffer& bytes, std::uint64_t count) {
  const cper::Record record = cper::Record::decode(bytes);
  if (count > kMostAppended) return std::unexpected(lacks(defect, "the gap would be too large"));
  const std::size_t start = cper::kHeaderSize + record.sections().size() * cper::kDescriptorSize;
  const std::size_t sections = record.sections().size();
  if (bytes.size() < start) return std::unexpected(lacks(defect, "there is no body"));
  const auto add = [&](std::size_t at) {
    store_le<std::uint32_t>(&bytes[at],
                            load_le<std::uint32_t>(&bytes[at]) + static_cast<std::uint32_t>(count));
  };
  for (std::size_t i = 0; i < sections; ++i) add(cper::kHeaderSize + i * cper::kDescriptorSize);
  add(cper::Header::kLength.offset);
  bytes.insert(bytes.begin() + static_cast<std::ptrdiff_t>(start), static_cast<std::size_t>(count), kFiller);
  return {};
}

// As many descriptors as asked for, all of them copies of the largest section's.
Result<void> overlay(const Defect& defect, Buffer& bytes, std::uint64_t count) {
  const cper::Record record = cper::Record::decode(bytes);
  if (record.sections().empty() || count == 0 || count > 0xffff)
    return std::unexpected(lacks(defect, "it needs a section, and 1 to 65535 copies of it"));
  const cper::Section& largest = *std::ranges::max_element(record.sections(), {}, &cper::Section::length);
  const Bytes descriptor = record.descriptor_bytes(largest);
  const Bytes body = record.body(largest);
  Buffer made(bytes.begin(), bytes.begin() + cper::kHeaderSize);
  const std::size_t start = cper::kHeaderSize + static_cast<std::size_t>(count) * cper::kDescriptorSize;
  for (std::uint64_t i = 0; i < count; ++i) {
    const std::size_t at = made.size();
    made.insert(made.end(), descriptor.begin(), descriptor.end());
    store_le<std::uint32_t>(&made[at], static_cast<std::uint32_t>(start));
  }
  // A body that is large against the record: the budget is a multiple of the whole.
  const std::size_t copies = std::max<std::size_t>(1, start / std::max<std::size_t>(1, body.size()));
  for (std::size_t i = 0; i < copies; ++i) made.insert(made.end(), body.begin(), body.end());
  for (std::uint64_t i = 0; i < count; ++i)
    store_le<std::uint32_t>(
        &made[cper::kHeaderSize + static_cast<std::size_t>(i) * cper::kDescriptorSize + 4],
        static_cast<std::uint32_t>(made.size() - start));
  auto edit = *layout::Editor<cper::Header>::make(cper::kRecordHeader, made);
  edit.set(cper::Header::kSectionCount, static_cast<std::uint16_t>(count));
  edit.set(cper::Header::kLength, static_cast<std::uint32_t>(made.size()));
  bytes = std::move(made);
  return {};
}

Result<void> apply(const Defect& defect, const Change& change, std::uint64_t value, Buffer& bytes) {
  switch (change.what) {
    case What::nothing:
      return {};
    case What::keep:
    case What::cut: {
      const std::uint64_t left =
          change.what == What::keep ? value : bytes.size() - std::min<std::uint64_t>(value, bytes.size());
      if (left >= bytes.size())
        return std::unexpected(lacks(defect, fmt::format("it has {} bytes only", bytes.size())));
      bytes.resize(static_cast<std::size_t>(left));
      return {};
    }
    case What::append:
      if (value > kMostAppended) return std::unexpected(lacks(defect, "that is too much to append"));
      bytes.insert(bytes.end(), static_cast<std::size_t>(value), kFiller);
      return {};
    case What::shift:
      return shift_bodies(defect, bytes, value);
    case What::overlay:
      return overlay(defect, bytes, value);
    case What::set:
    case What::add:
    case What::flip:
      break;
  }
  const auto place = locate(Document::decode(defect.kind, bytes), change.path);
  if (!place) return std::unexpected(lacks(defect, fmt::format("there is no {}", change.path)));
  const unsigned bits = place->width != 0 ? place->width : 8 * std::min(place->size, 8u);
  if (change.what != What::add && bits < 64 && (value >> bits) != 0)
    return fail(ErrorKind::invalid_argument,
                fmt::format("{:#x} does not fit into {}, which has {} bits", value, change.path, bits));
  if (change.what == What::add) value += load(bytes, *place);
  if (change.what == What::flip) value ^= load(bytes, *place);
  store(bytes, *place, value);
  return {};
}

// A table that is broken elsewhere keeps a right checksum: one defect at a time.
void keep_checksum(const Defect& defect, Bytes before, Buffer& after) {
  constexpr std::string_view kChecksum = "Header.Checksum";
  if (defect.kind != Kind::acpi_table || defect.first.path == kChecksum) return;
  const Bytes sound = acpi::Table::decode(before).table();
  const Bytes table = acpi::Table::decode(after).table();
  if (acpi::byte_sum(sound) != 0 || table.size() < acpi::kTableHeaderSize) return;
  after[acpi::TableHeader::kChecksum.offset] = acpi::checksum_for(table);
}

}  // namespace

Buffer example_for(const Defect& defect) {
  return example(defect.kind, defect.form);
}

Result<Buffer> break_document(const Defect& defect, Bytes document, std::optional<std::uint64_t> value) {
  const KindInfo& kind = info(defect.kind);
  if (!kind.recognizes(document))
    return std::unexpected(lacks(defect, fmt::format("this is no {}", kind.name)));
  Buffer bytes(document.begin(), document.end());
  bool first = true;
  for (const Change& change : {defect.first, defect.second, defect.third}) {
    if (auto done = apply(defect, change, first ? value.value_or(change.value) : change.value, bytes); !done)
      return std::unexpected(done.error());
    first = false;
  }
  keep_checksum(defect, document, bytes);
  return bytes;
}

}  // namespace wheatstone::document
