#include "formats/mutate/splice.hpp"

#include <algorithm>
#include <cstring>

namespace wheatstone::mutate {
namespace {

using layout::kNowhere;
using layout::Place;
using layout::Role;

// What a splice does to what is around it.
class Shift {
 public:
  Shift(const Patient& patient, std::uint32_t region, std::uint32_t at, std::uint32_t removed,
        std::size_t inserted)
      : patient_(patient),
        at_(at),
        behind_(at + removed),
        delta_(static_cast<std::int64_t>(inserted) - removed) {
    for (std::uint32_t i = region; i != kNowhere; i = patient.anatomy.regions[i].parent) around_.push_back(i);
  }

  // Whether the size of a field would change, which no length says.
  bool resizes_a_field() const {
    return delta_ != 0 && std::ranges::any_of(around_, [this](std::uint32_t region) {
             return patient_.anatomy.regions[region].is_field;
           });
  }

  bool is_around(std::uint32_t region) const { return std::ranges::find(around_, region) != around_.end(); }

  // Where a place is afterwards; nullopt if it is removed.
  std::optional<std::uint32_t> moved(const Place& place) const {
    if (place.at >= behind_) return static_cast<std::uint32_t>(place.at + delta_);
    if (place.at < at_) return place.at;
    return std::nullopt;
  }

  // The value a length or an offset needs afterwards; nullopt if it stays.
  std::optional<std::uint64_t> value(const Place& place) const {
    if (place.about == kNowhere) return std::nullopt;
    std::int64_t change = 0;
    if (place.role == Role::length) {
      change = is_around(place.about) ? delta_ : 0;
    } else if (place.role == Role::offset) {
      // Offsets count from the structure that they stand in, those of sections from the start of the record.
      change = begin_moves(place.about);
      if (!is_descriptors(patient_.anatomy.regions[parent_of(place.within)]))
        change -= begin_moves(place.within);
    }
    if (change == 0) return std::nullopt;
    return layout::load(patient_.bytes(), place) + static_cast<std::uint64_t>(change);
  }

 private:
  std::uint32_t parent_of(std::uint32_t region) const {
    const std::uint32_t parent = patient_.anatomy.regions[region].parent;
    return parent == kNowhere ? region : parent;
  }
  std::int64_t begin_moves(std::uint32_t region) const {
    return patient_.anatomy.regions[region].begin >= behind_ && !is_around(region) ? delta_ : 0;
  }

  const Patient& patient_;
  std::uint32_t at_;
  std::uint32_t behind_;
  std::int64_t delta_;
  std::vector<std::uint32_t> around_;  // the region and those that it lies in; as many as tables are deep
};

}  // namespace

bool splice(Patient& patient, std::uint32_t region, std::uint32_t at, std::uint32_t removed, Bytes inserted) {
  const Shift shift(patient, region, at, removed, inserted.size());
  if (inserted.size() > removed && inserted.size() - removed > patient.room.size() - patient.size)
    return false;
  if (shift.resizes_a_field()) return false;

  struct Change {
    Place place;
    std::uint64_t value;
  };
  std::vector<Change> changes;
  for (const Place& place : patient.anatomy.places) {
    const std::optional<std::uint64_t> value = shift.value(place);
    if (!value) continue;
    const std::optional<std::uint32_t> moved = shift.moved(place);
    if (!moved) continue;
    if (*value > layout::largest(place.width)) return false;
    changes.push_back({place, *value});
    changes.back().place.at = *moved;
  }

  std::uint8_t* const hole = patient.room.data() + at;
  if (const std::size_t rest = patient.size - at - removed; rest != 0)
    std::memmove(hole + inserted.size(), hole + removed, rest);
  std::ranges::copy(inserted, hole);
  patient.size = patient.size - removed + inserted.size();
  for (const Change& change : changes) layout::store(patient.mutable_bytes(), change.place, change.value);
  return true;
}

bool add_to_count(Patient& patient, std::uint32_t array, int difference) {
  for (const Place& place : patient.anatomy.places) {
    if (place.role != Role::count || place.about != array) continue;
    const std::uint64_t value = layout::load(patient.bytes(), place) +
                                static_cast<std::uint64_t>(static_cast<std::int64_t>(difference));
    if (value > layout::largest(place.width)) return false;
    layout::store(patient.mutable_bytes(), place, value);
  }
  return true;
}

}  // namespace wheatstone::mutate
