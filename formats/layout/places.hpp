// Where a structure keeps what: for those who change bytes and must know which of them are counts, lengths,
// offsets, GUIDs and validity bits, and which bytes these speak of.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "formats/layout/bytes.hpp"
#include "formats/layout/field.hpp"

namespace wheatstone::layout {

enum class Role : std::uint8_t {
  quantity,  // an integer without further meaning
  named,     // an integer whose values have names
  flags,     // an integer with named bits
  validity,  // the word that says which fields hold something
  selector,  // an integer or GUID that decides what other bytes are
  count,     // how many elements an array has
  length,    // how many bytes a region, or what nobody here knows, has
  offset,    // where a region, or what nobody here knows, begins
  guid,
  time,
  text,
  list,  // integers one after another
  raw,   // bytes without a structure
  reserved,
};

inline constexpr std::uint32_t kNowhere = ~std::uint32_t{0};

// Bytes that belong together: a structure, an element, an array, or the raw bytes of a tail.
struct Region {
  enum class Kind : std::uint8_t { structure, element, array, raw };

  Kind kind = Kind::structure;
  std::uint32_t begin = 0;  // from the start of the input
  std::uint32_t end = 0;
  std::uint32_t parent = kNowhere;  // index of the region it lies in; always smaller than its own
  const Layout* layout = nullptr;   // of a structure or an element
  const Tail* tail = nullptr;       // that it comes from; an element has that of its array
  bool is_field = false;            // a structure in a field of another: the table says its size

  constexpr std::uint32_t size() const noexcept { return end - begin; }
};

// A field, or bits of one.
struct Place {
  Role role = Role::quantity;
  std::uint8_t low = 0;      // integers: the lowest bit ...
  std::uint8_t width = 0;    // ... and how many; 0 for all that is no integer
  std::uint32_t at = 0;      // from the start of the input
  std::uint32_t size = 0;    // bytes
  std::uint32_t within = 0;  // index of the structure or element it stands in
  std::uint32_t about =
      kNowhere;                  // count, length, offset: index of the region; kNowhere if that is not there
  const Field* field = nullptr;  // nullptr: raw bytes of a tail, or bits that are no field
  const Choice* choice = nullptr;  // selector: what it decides
  Word bits{};                     // flags, validity: those that have names

  constexpr bool integer() const noexcept { return width != 0; }
};

struct Places {
  std::vector<Region> regions;
  std::vector<Place> places;

  void clear() noexcept {
    regions.clear();
    places.clear();
  }
};

// Adds the regions and places of `structure`, which begins at `begin` of the input and lies in the region
// `parent` (or in none). Gives the index of its region. Time and memory are linear in the structure's size.
// REQUIRES: begin + structure.size() < 4 GiB.
std::uint32_t find_places(const Layout& layout, Bytes structure, std::uint32_t begin, std::uint32_t parent,
                          Places& out);

// The integer at a place. REQUIRES: place.integer(), and the place lies inside `input`.
std::uint64_t load(Bytes input, const Place& place) noexcept;
// Stores the low place.width bits of `value`, other bits stay. REQUIRES: as above.
void store(MutableBytes input, const Place& place, std::uint64_t value) noexcept;

// The largest integer of so many bits.
constexpr std::uint64_t largest(unsigned width) noexcept {
  return width >= 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << width) - 1;
}

}  // namespace wheatstone::layout
