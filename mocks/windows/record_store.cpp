#include "mocks/windows/record_store.hpp"

#include <algorithm>
#include <optional>

#include "formats/cper/header.hpp"

namespace wheatstone::windows {
namespace {

std::optional<std::uint64_t> id_of(Bytes record) {
  const auto header = layout::View<cper::Header>::make(cper::kRecordHeader, record);
  if (!header) return std::nullopt;
  return (*header)[cper::Header::kRecordId];
}

}  // namespace

std::vector<RecordStore::Entry>::const_iterator RecordStore::find(std::uint64_t id) const {
  return std::ranges::find(entries_, id, &Entry::id);
}

ErstStatus RecordStore::check(Bytes record) const {
  if (!available_) return ErstStatus::hardware_not_available;
  const auto id = id_of(record);
  if (!id || *id == kFirstRecord || *id == kNoRecord) return ErstStatus::failed;
  std::size_t others = 0;
  for (const Entry& entry : entries_)
    if (entry.id != *id) others += entry.record.size();
  return record.size() > size_ - others ? ErstStatus::not_enough_space : ErstStatus::success;
}

ErstStatus RecordStore::dummy_write(Bytes record) const {
  return check(record);
}

ErstStatus RecordStore::write(Bytes record) {
  const ErstStatus status = check(record);
  if (status != ErstStatus::success) return status;
  const std::uint64_t id = *id_of(record);
  const auto place = std::ranges::find(entries_, id, &Entry::id);
  if (place == entries_.end()) {
    entries_.push_back({id, Buffer(record.begin(), record.end())});
  } else {
    place->record.assign(record.begin(), record.end());
  }
  return ErstStatus::success;
}

RecordStore::Read RecordStore::read(std::uint64_t id) const {
  if (!available_) return {.status = ErstStatus::hardware_not_available};
  if (entries_.empty()) return {.status = ErstStatus::record_store_empty};
  const auto place = id == kFirstRecord ? entries_.begin() : find(id);
  if (place == entries_.end()) return {.status = ErstStatus::record_not_found};
  const auto after = place + 1;
  return {ErstStatus::success, place->record, after == entries_.end() ? kNoRecord : after->id};
}

ErstStatus RecordStore::clear(std::uint64_t id) {
  if (!available_) return ErstStatus::hardware_not_available;
  if (entries_.empty()) return ErstStatus::record_store_empty;
  const auto place = find(id);
  if (place == entries_.end()) return ErstStatus::record_not_found;
  entries_.erase(place);
  return ErstStatus::success;
}

}  // namespace wheatstone::windows
