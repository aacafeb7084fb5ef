#include "formats/document/store_node.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>

#include "formats/cper/record_node.hpp"
#include "formats/document/make.hpp"
#include "formats/layout/assign.hpp"
#include "formats/layout/to_node.hpp"

namespace wheatstone::document {
namespace {

using layout::Node;

constexpr std::string_view kStoreKeys[] = {"RecordSize", "Slots", "Records"};
constexpr std::string_view kSlotKeys[] = {"Slot", "Deleted", "Record"};

Result<std::uint64_t> number(const Node& map, std::string_view key, std::uint64_t otherwise,
                             std::uint64_t least, std::uint64_t most) {
  const Node* node = map.find(key);
  if (node == nullptr) return otherwise;
  const auto value = node->is_scalar() ? layout::parse_number(node->text) : std::nullopt;
  if (!value || *value < least || *value > most)
    return layout::fail_at(node->mark, fmt::format("'{}' needs a number from {} to {}", key, least, most));
  return *value;
}

Result<bool> flag(const Node& map, std::string_view key) {
  const Node* node = map.find(key);
  if (node == nullptr) return false;
  if (!node->is_scalar() || (node->text != "true" && node->text != "false"))
    return layout::fail_at(node->mark, fmt::format("'{}' is true or false", key));
  return node->text == "true";
}

struct Slots {
  MutableBytes store;
  std::uint64_t record_size;
  std::uint64_t first;  // that header and map leave free
  std::uint64_t end;
};

Result<void> put(const Node& item, const Slots& slots, std::uint64_t& next) {
  if (auto known = layout::only_keys(item, kSlotKeys, "a record of the store"); !known) return known;
  if (next >= slots.end && item.find("Slot") == nullptr)
    return layout::fail_at(item.mark, "there is no slot left for this record", "'Slots' makes more");
  const auto slot = number(item, "Slot", next, slots.first, slots.end - 1);
  if (!slot) return std::unexpected(slot.error());
  const auto deleted = flag(item, "Deleted");
  if (!deleted) return std::unexpected(deleted.error());
  const Node* tree = item.find("Record");
  if (tree == nullptr) return layout::fail_at(item.mark, "the slot needs its 'Record'");
  const auto record = cper::compose_record(*tree);
  if (!record) return std::unexpected(record.error());
  if (record->size() > slots.record_size)
    return layout::fail_at(
        tree->mark, fmt::format("{} bytes do not fit a slot of {}", record->size(), slots.record_size));
  const MutableBytes room = slots.store.subspan(static_cast<std::size_t>(*slot * slots.record_size),
                                                static_cast<std::size_t>(slots.record_size));
  std::ranges::copy(*record, room.begin());
  std::ranges::fill(room.subspan(record->size()), std::uint8_t{0xff});
  if (!*deleted) {
    const auto header = *layout::View<cper::Header>::make(cper::kRecordHeader, *record);
    store_le<std::uint64_t>(&slots.store[acpi::kErstStore.size + static_cast<std::size_t>(*slot) * 8],
                            header[cper::Header::kRecordId]);
    const std::uint32_t at = acpi::ErstHeader::kRecordCount.offset;
    store_le<std::uint32_t>(&slots.store[at], load_le<std::uint32_t>(&slots.store[at]) + 1);
  }
  next = *slot + 1;
  return {};
}

}  // namespace

Node store_to_node(const Document& document) {
  Node node = layout::map_node();
  const acpi::ErstStore& store = *document.store();
  const auto header = store.header();
  const std::uint64_t record_size = header ? (*header)[acpi::ErstHeader::kRecordSize] : 0;
  const bool sound = record_size >= acpi::kErstLeastRecordSize && std::has_single_bit(record_size) &&
                     document.bytes().size() / record_size >= 2;
  if (!sound) return node;  // the least there is
  node.members.push_back({"RecordSize", {}, layout::number_node(record_size)});
  node.members.push_back({"Slots", {}, layout::number_node(document.bytes().size() / record_size)});
  Node records;
  records.kind = Node::Kind::list;
  for (std::size_t i = 0; i < store.records().size(); ++i) {
    const acpi::StoredRecord& stored = store.records()[i];
    if (!document.stored()[i].header()) continue;
    Node item = layout::map_node();
    item.members.push_back({"Slot", {}, layout::number_node(stored.slot)});
    if (stored.deleted) item.members.push_back({"Deleted", {}, layout::scalar("true")});
    item.members.push_back({"Record", {}, cper::to_node(document.stored()[i], document.readings())});
    records.items.push_back(std::move(item));
  }
  if (!records.items.empty()) node.members.push_back({"Records", {}, std::move(records)});
  return node;
}

Result<Buffer> compose_store(const Node& store) {
  if (auto known = layout::only_keys(store, kStoreKeys, "an ERST store"); !known)
    return std::unexpected(known.error());
  const auto record_size =
      number(store, "RecordSize", acpi::kErstRecordSize, acpi::kErstLeastRecordSize, kLargestMade / 2);
  if (!record_size) return std::unexpected(record_size.error());
  const auto slots = number(store, "Slots", 8, 2, kLargestMade / *record_size);
  if (!slots) return std::unexpected(slots.error());
  auto bytes = acpi::make_erst_store(static_cast<std::size_t>(*slots * *record_size),
                                     static_cast<std::uint32_t>(*record_size));
  if (!bytes) return layout::fail_at(store.mark, bytes.error().message, bytes.error().hint);
  const Node* records = store.find("Records");
  if (records == nullptr) return bytes;
  if (!records->is_list())
    return layout::fail_at(records->mark,
                           fmt::format("'Records' needs a list, not {}", records->kind_text()));
  const auto header = *layout::View<acpi::ErstHeader>::make(acpi::kErstStore, *bytes);
  const Slots room{*bytes, *record_size, header[acpi::ErstHeader::kStorageOffset] / *record_size, *slots};
  std::uint64_t next = room.first;
  for (const Node& item : records->items)
    if (auto done = put(item, room, next); !done) return std::unexpected(done.error());
  return bytes;
}

}  // namespace wheatstone::document
