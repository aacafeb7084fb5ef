// Mutation that knows what the bytes mean: for fuzzers of anything that reads hardware error records.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "formats/layout/bytes.hpp"
#include "formats/layout/xoshiro.hpp"
#include "formats/mutate/kind.hpp"

namespace wheatstone::mutate {

enum class Operation : std::uint8_t {
  value,           // a field gets another value that it may have
  boundary,        // an integer gets a value at an edge: 0, 1, its largest, one more or less, a name too far
  validity,        // validity bits are flipped
  break_count,     // a count is off by one, 0, or the largest
  break_length,    // a length is off by one, 0, the largest, or reaches the end of the input or one beyond
  break_offset,    // an offset is off by one, 0, the largest, or points at the end of the input or one beyond
  selector,        // a selector, such as a section's GUID, says another thing than the bytes are
  renew,           // a structure is made anew, perhaps of another type, and its selector says so
  insert_element,  // an array or a record gets one more element
  remove_element,  // ... one less
  duplicate_element,  // ... one twice
  swap_elements,      // ... two in each other's place
  resize,             // a part gets more or fewer bytes
  overlap,            // an offset points at what belongs to others
  transplant,         // an element or a part of another input takes the place of one of this, or joins it
  truncate,           // the input ends early
  extend,             // bytes follow the input
  havoc,              // bits and bytes change, whatever they mean
};

struct OperationInfo {
  Operation operation;
  std::string_view name;  // "break_count"
  std::uint8_t weight;    // how often it is chosen, in relation to the others
  bool repairs;           // counts, lengths, offsets and checksums that were right before are right after it
};

// All of them, in the order of the enumeration.
std::span<const OperationInfo> operations() noexcept;

// Mutates the first `size` bytes of `room` in place and gives the new size, which is at most room.size(). An
// empty input becomes a generated one. Linear in the size of the input. The same bytes and the same random
// numbers give the same result. REQUIRES: size <= room.size() < 4 GiB.
std::size_t mutate(Kind kind, MutableBytes room, std::size_t size, Xoshiro& random);

// One operation; nullopt, and nothing changed, if the input has nothing for it or the room is too small.
// `other` is the input to transplant from: of the same kind, not part of the room.
std::optional<std::size_t> apply(Operation operation, Kind kind, MutableBytes room, std::size_t size,
                                 Xoshiro& random, Bytes other = {});

// Makes one input of two of the same kind: `room` gets `first` with parts of `second`. Gives its size, at
// most room.size(). REQUIRES: neither is part of the room; all are shorter than 4 GiB.
std::size_t cross_over(Kind kind, Bytes first, Bytes second, MutableBytes room, Xoshiro& random);

}  // namespace wheatstone::mutate
