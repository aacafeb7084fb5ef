// Changes of size that keep an input right: what measures or points over the change follows it.
#pragma once

#include <cstdint>
#include <optional>

#include "formats/layout/bytes.hpp"
#include "formats/mutate/anatomy.hpp"

namespace wheatstone::mutate {

// An input in room to grow in.
struct Patient {
  MutableBytes room;
  std::size_t size = 0;  // bytes of the input, at the front of `room`
  Kind kind = Kind::record;
  Anatomy anatomy{};  // of the input as it was when examine() was called last

  Bytes bytes() const noexcept { return Bytes(room).first(size); }
  MutableBytes mutable_bytes() const noexcept { return room.first(size); }
  void examine() { dissect(kind, bytes(), anatomy); }
};

// Replaces `removed` bytes at `at`, which belong to `region`, by `inserted`. Lengths of the region and of all
// that it lies in grow or shrink by the difference, offsets of what lies behind move by it; those that were
// wrong before stay as wrong. False, and nothing is changed, if the room, a length or an offset is too small,
// or if the region lies in a field of fixed size.
// The anatomy is old after it. REQUIRES: the anatomy is that of the bytes; [at, at + removed) lies inside the
// region; `inserted` is not part of the room.
bool splice(Patient& patient, std::uint32_t region, std::uint32_t at, std::uint32_t removed, Bytes inserted);

// Adds `difference` to the count of an array. False if there is no room in it; true if nothing counts.
bool add_to_count(Patient& patient, std::uint32_t array, int difference);

}  // namespace wheatstone::mutate
