#include "formats/acpi/build.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <vector>

#include "formats/acpi/acpi_table.hpp"
#include "formats/layout/assign.hpp"
#include "formats/layout/walk.hpp"

namespace wheatstone::acpi {
namespace {

void put_text(MutableBytes at, std::string_view text) {
  std::copy_n(text.begin(), std::min(text.size(), at.size()), at.begin());
}

// The fixed part of a table with its identity; the rest is zero.
Buffer begin_table(const TableType& type, const TableIdentity& identity) {
  Buffer bytes(type.layout->size, 0);
  const MutableBytes all(bytes);
  const auto text = [&](std::string_view field, std::string_view value) {
    for (const layout::Field& f : kTableHeader.fields)
      if (f.name == field) put_text(all.subspan(f.offset, f.size), value);
  };
  text("Signature", type.signature);
  text("OEMID", identity.oem_id);
  text("OEMTableID", identity.oem_table_id);
  text("CreatorID", identity.creator_id);
  auto edit = *layout::Editor<TableHeader>::make(kTableHeader, bytes);
  edit.set(TableHeader::kRevision, identity.revision);
  edit.set(TableHeader::kOemRevision, identity.oem_revision);
  edit.set(TableHeader::kCreatorRevision, identity.creator_revision);
  return bytes;
}

void append_entries(Buffer& bytes, std::span<const NewInstruction> entries) {
  for (const NewInstruction& entry : entries) {
    const GenericAddress& where = entry.where;
    for (const std::uint8_t byte : {entry.action, entry.instruction, entry.flags, std::uint8_t{0},
                                    where.space, where.bit_width, where.bit_offset, where.access_size})
      bytes.push_back(byte);
    const std::size_t at = bytes.size();
    bytes.resize(at + 3 * sizeof(std::uint64_t));
    store_le<std::uint64_t>(&bytes[at], where.address);
    store_le<std::uint64_t>(&bytes[at + 8], entry.value);
    store_le<std::uint64_t>(&bytes[at + 16], entry.mask);
  }
}

// Of whole entries, which are a table unless they exceed its length of 32 bits: then nothing is left.
Buffer finished(Buffer bytes) {
  if (const auto done = finish_table(bytes); !done) bytes.clear();
  return bytes;
}

Buffer make_actions(std::string_view signature, const TableIdentity& identity,
                    std::span<const NewInstruction> entries) {
  const TableType& type = *find_table_type(signature);
  Buffer bytes = begin_table(type, identity);
  store_le<std::uint32_t>(&bytes[kTableHeaderSize], type.layout->size);
  append_entries(bytes, entries);
  return finished(std::move(bytes));
}

}  // namespace

Result<Buffer> make_hest(const TableIdentity& identity, std::span<const Buffer> sources) {
  Buffer bytes = begin_table(*find_table_type("HEST"), identity);
  for (const Buffer& source : sources) bytes.insert(bytes.end(), source.begin(), source.end());
  const auto done = finish_table(bytes);
  if (!done) return std::unexpected(done.error());
  return bytes;
}

Buffer make_bert(const TableIdentity& identity, std::uint32_t region_length, std::uint64_t region) {
  Buffer bytes = begin_table(*find_table_type("BERT"), identity);
  auto edit = *layout::Editor<Bert>::make(kBert, bytes);
  edit.set(Bert::kRegionLength, region_length);
  edit.set(Bert::kRegion, region);
  return finished(std::move(bytes));
}

Buffer make_erst(const TableIdentity& identity, std::span<const NewInstruction> entries) {
  return make_actions("ERST", identity, entries);
}

Buffer make_einj(const TableIdentity& identity, std::span<const NewInstruction> entries) {
  return make_actions("EINJ", identity, entries);
}

Buffer make_trigger_table(std::span<const NewInstruction> entries) {
  Buffer bytes(kTriggerTable.size, 0);
  append_entries(bytes, entries);
  const std::uint32_t words[] = {kTriggerTable.size, 1, static_cast<std::uint32_t>(bytes.size()),
                                 static_cast<std::uint32_t>(entries.size())};
  for (std::size_t i = 0; i < std::size(words); ++i) store_le<std::uint32_t>(&bytes[4 * i], words[i]);
  return bytes;
}

Result<void> finish_table(Buffer& table) {
  const auto type = find_table_type(as_text(Bytes(table).first(std::min<std::size_t>(table.size(), 4))));
  const layout::Layout& layout = type != nullptr ? *type->layout : kOtherTable;
  if (table.size() < layout.size)
    return fail(ErrorKind::malformed,
                fmt::format("{} needs {} bytes, there are {}", layout.name, layout.size, table.size()), {},
                {.offset = table.size()});
  if (table.size() > std::numeric_limits<std::uint32_t>::max())
    return fail(ErrorKind::malformed, "a table has 4 GiB at most: its length has 32 bits");
  if (type != nullptr) {
    std::size_t at = layout.size;
    std::uint32_t count = 0;
    if (!layout.tail.empty()) {
      const layout::Tail& tail = layout.tail.front();
      while (const auto entry = layout::element(tail, Bytes(table).subspan(at))) {
        at += entry->size();
        ++count;
      }
    }
    if (at < table.size())
      return fail(ErrorKind::malformed,
                  fmt::format("the {} bytes behind {} entries are no entry", table.size() - at, count),
                  "an entry is cut short, or its type is not known", {.offset = at});
    if (!layout.tail.empty()) store_le<std::uint32_t>(&table[layout.tail.front().count.offset], count);
  }
  auto edit = *layout::Editor<TableHeader>::make(kTableHeader, table);
  edit.set(TableHeader::kLength, static_cast<std::uint32_t>(table.size()));
  edit.set(TableHeader::kChecksum, checksum_for(table));
  return {};
}

Result<Buffer> compose_source(std::string_view kind, const layout::Node& fields) {
  std::vector<std::string_view> kinds;
  for (const layout::ChoiceRow& row : kSourceChoice.rows) {
    kinds.push_back(row.name);
    if (row.name != kind) continue;
    const layout::Layout& layout = *row.forms.front();
    Buffer bytes(layout.size, 0);
    store_le<std::uint16_t>(bytes.data(), static_cast<std::uint16_t>(row.value));
    for (const layout::Field& f : layout.fields)
      if (f.layout == &kNotification) bytes[f.offset + Notification::kLength.offset] = kNotificationSize;
    const auto done = layout::assign(layout, bytes, fields);
    if (!done) return std::unexpected(done.error());
    return bytes;
  }
  const std::string_view near = layout::nearest(kind, kinds);
  return fail(ErrorKind::invalid_argument, fmt::format("there is no error source '{}'", kind),
              near.empty() ? fmt::format("there are {}", fmt::join(kinds, ", "))
                           : fmt::format("did you mean '{}'?", near));
}

}  // namespace wheatstone::acpi
