#include <algorithm>
#include <array>
#include <initializer_list>

#include "formats/mutate/generate.hpp"
#include "formats/mutate/operations.hpp"

namespace wheatstone::mutate {
namespace {

using layout::kNowhere;
using layout::Place;
using layout::Role;

constexpr std::size_t kTries = 8;

// A random place of that role, or nullptr.
const Place* pick_place(const Patient& patient, Role role, Xoshiro& random) {
  const auto& places = patient.anatomy.places;
  const std::size_t i = pick(places, random, [=](const Place& place) { return place.role == role; });
  return i < places.size() ? &places[i] : nullptr;
}

bool refers(const Place& place) {
  return place.role == Role::count || place.role == Role::length || place.role == Role::offset;
}

// The bits of a word that count, measure or point at nothing: those have operations of their own.
std::uint64_t free_bits(const Patient& patient, const Place& place) {
  std::uint64_t bits = layout::largest(place.width);
  if (refers(place)) return bits;
  for (const Place& other : patient.anatomy.places)
    if (refers(other) && other.within == place.within && other.at == place.at)
      bits &= ~(layout::largest(other.width) << other.low);
  return bits;
}

// Stores what is free of the low bits of a value. False if that is there already.
bool set(Patient& patient, const Place& place, std::uint64_t value) {
  const std::uint64_t bits = free_bits(patient, place);
  const std::uint64_t old = layout::load(patient.bytes(), place);
  value = (old & ~bits) | (value & bits);
  if (old == value) return false;
  layout::store(patient.mutable_bytes(), place, value);
  return true;
}

// Stores one of the values, another one if it is there already.
bool set_one_of(Patient& patient, const Place& place, std::initializer_list<std::uint64_t> values,
                Xoshiro& random) {
  std::size_t i = random.below(values.size());
  for (std::size_t tries = 0; tries < values.size(); ++tries, i = (i + 1) % values.size())
    if (set(patient, place, values.begin()[i])) return true;
  return false;
}

// An item of a list as a place of its own; other places stay what they are.
Place item_of(Place place, Xoshiro& random) {
  if (place.role != Role::list || place.field == nullptr) return place;
  const std::uint32_t element = place.field->element;
  place.at += static_cast<std::uint32_t>(random.below(place.size / element)) * element;
  place.size = element;
  place.low = 0;
  place.width = static_cast<std::uint8_t>(element * 8);
  return place;
}

// One past the last name, or the first gap between names.
std::uint64_t nameless(layout::Names names) {
  std::uint64_t value = 0;
  for (const layout::Name& name : names) {
    if (name.value != value) break;
    ++value;
  }
  return value;
}

bool change_bytes(Patient& patient, const Place& place, Xoshiro& random) {
  if (place.integer()) {
    std::array<std::uint8_t, 8> value{};
    for (std::size_t i = 0; i < kTries; ++i) {
      fill_field(*place.field, place.bits, std::span(value).first(place.size), random);
      if (set(patient, place, load_le<std::uint64_t>(value.data()))) return true;
    }
    return false;
  }
  const MutableBytes own = patient.mutable_bytes().subspan(place.at, place.size);
  Buffer before(own.begin(), own.end());
  for (std::size_t i = 0; i < kTries; ++i) {
    if (place.field != nullptr && place.field->kind != layout::Kind::bytes &&
        place.size == place.field->size) {
      fill_field(*place.field, place.bits, own, random);
    } else {
      const std::size_t from = random.below(own.size());
      const std::size_t most = std::min<std::size_t>(own.size() - from, 16);
      for (std::uint8_t& byte : own.subspan(from, 1 + random.below(most)))
        byte = static_cast<std::uint8_t>(random.next());
    }
    if (!std::ranges::equal(before, own)) return true;
  }
  return false;
}

}  // namespace

bool change_value(Patient& patient, Xoshiro& random) {
  const auto& places = patient.anatomy.places;
  const std::size_t i = pick(places, random, [](const Place& place) {
    return place.size != 0 && !refers(place) && place.role != Role::selector &&
           place.role != Role::validity && place.role != Role::reserved;
  });
  if (i == places.size()) return false;
  const Place place = item_of(places[i], random);
  if (place.role == Role::list) return set(patient, place, random.next());
  // One bit of a word says more about a reader than all of them at once.
  if (place.role == Role::flags && !place.bits.empty() && random.once_in(2)) {
    const layout::Bit& bit = place.bits[random.below(place.bits.size())];
    const std::uint64_t word = layout::load(patient.bytes(), place);
    return set(patient, place, bit.set(word, bit.get(word) + 1 + (bit.width > 1 ? random.below(3) : 0)));
  }
  return change_bytes(patient, place, random);
}

bool change_to_boundary(Patient& patient, Xoshiro& random) {
  const auto& places = patient.anatomy.places;
  const std::size_t i = pick(places, random, [](const Place& place) {
    return (place.integer() || place.role == Role::list) && !refers(place) && place.role != Role::selector &&
           place.role != Role::validity && place.role != Role::reserved;
  });
  if (i == places.size()) return false;
  const Place place = item_of(places[i], random);
  const std::uint64_t most = layout::largest(place.width);
  const std::uint64_t value = layout::load(patient.bytes(), place);
  const std::uint64_t power = std::uint64_t{1} << random.below(place.width);
  const std::uint64_t odd = place.field != nullptr && !place.field->value_names.empty()
                                ? nameless(place.field->value_names)
                                : power - 1;
  return set_one_of(patient, place,
                    {0, 1, most, most - 1, most / 2, most / 2 + 1, value + 1, value - 1, power, odd}, random);
}

bool flip_validity(Patient& patient, Xoshiro& random) {
  const Place* place = pick_place(patient, Role::validity, random);
  if (place == nullptr) return false;
  std::uint64_t flags = 0;
  for (const layout::Bit& bit : place->bits)
    if (bit.width == 1) flags |= std::uint64_t{1} << bit.low;
  const std::uint64_t word = layout::load(patient.bytes(), *place);
  switch (random.below(8)) {
    case 0:
      return set(patient, *place, word | flags) || set(patient, *place, word & ~flags);
    case 1:
      return set(patient, *place, word & ~flags) || set(patient, *place, word | flags);
    case 2:  // perhaps one without a name
      return set(patient, *place, word ^ (std::uint64_t{1} << random.below(place->width)));
    default: {
      const std::size_t i = pick(place->bits, random, [](const layout::Bit& bit) { return bit.width == 1; });
      if (i == place->bits.size()) return false;
      return set(patient, *place, word ^ (std::uint64_t{1} << place->bits[i].low));
    }
  }
}

bool break_count(Patient& patient, Xoshiro& random) {
  const Place* place = pick_place(patient, Role::count, random);
  if (place == nullptr) return false;
  const std::uint64_t value = layout::load(patient.bytes(), *place);
  const std::uint64_t most = layout::largest(place->width);
  return set_one_of(patient, *place, {value + 1, value - 1, 0, most, most / 2 + 1, value * 2}, random);
}

bool break_length(Patient& patient, Xoshiro& random) {
  const Place* place = pick_place(patient, Role::length, random);
  if (place == nullptr) return false;
  const std::uint64_t value = layout::load(patient.bytes(), *place);
  const std::uint64_t most = layout::largest(place->width);
  std::uint64_t to_end = value + 2;  // what is behind the region, if it is known where that is
  if (place->about != kNowhere) to_end = value + (patient.size - patient.anatomy.regions[place->about].end);
  return set_one_of(patient, *place, {value + 1, value - 1, 0, most, most - 1, to_end, to_end + 1, value / 2},
                    random);
}

bool break_offset(Patient& patient, Xoshiro& random) {
  const Place* place = pick_place(patient, Role::offset, random);
  if (place == nullptr) return false;
  const std::uint64_t value = layout::load(patient.bytes(), *place);
  const std::uint64_t most = layout::largest(place->width);
  std::uint64_t to_end = patient.size;
  if (place->about != kNowhere) to_end = value + (patient.size - patient.anatomy.regions[place->about].begin);
  return set_one_of(patient, *place,
                    {value + 1, value - 1, 0, most, most - 7, to_end, to_end - 1, to_end + 1}, random);
}

bool change_selector(Patient& patient, Xoshiro& random) {
  const Place* place = pick_place(patient, Role::selector, random);
  if (place == nullptr || place->choice->rows.empty()) return false;
  const auto& rows = place->choice->rows;
  for (std::size_t i = 0; i < kTries; ++i) {
    const layout::ChoiceRow& row = rows[random.below(rows.size())];
    if (place->integer()) {
      if (set(patient, *place, random.once_in(8) ? random.next() : row.value)) return true;
      continue;
    }
    const MutableBytes own = patient.mutable_bytes().subspan(place->at, place->size);
    if (random.once_in(8)) {
      own[random.below(own.size())] ^= static_cast<std::uint8_t>(1u << random.below(8));
      return true;
    }
    if (std::ranges::equal(row.guid.bytes, own)) continue;
    std::ranges::copy(row.guid.bytes, own.begin());
    return true;
  }
  return false;
}

bool overlap(Patient& patient, Xoshiro& random) {
  const auto& anatomy = patient.anatomy;
  const Place* place = pick_place(patient, Role::offset, random);
  if (place == nullptr || place->about == kNowhere) return false;
  const layout::Region& own = anatomy.regions[place->about];
  const std::size_t other = pick(anatomy.regions, random, [&](const layout::Region& region) {
    return region.size() != 0 && region.begin != own.begin;
  });
  if (other == anatomy.regions.size()) return false;
  const layout::Region& region = anatomy.regions[other];
  const std::uint64_t value = layout::load(patient.bytes(), *place) + region.begin - own.begin;
  return set(patient, *place, value + random.below(region.size()) / (1 + random.below(4)));
}

}  // namespace wheatstone::mutate
