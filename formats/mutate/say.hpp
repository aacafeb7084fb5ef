// Storing what the references and choices of a layout look at: the counterparts of layout::load and
// layout::select.
#pragma once

#include <algorithm>

#include "formats/layout/bytes.hpp"
#include "formats/layout/field.hpp"
#include "formats/layout/places.hpp"

namespace wheatstone::mutate {

// REQUIRES: ref lies inside the structure and is no GUID.
inline void store(MutableBytes structure, layout::Ref ref, std::uint64_t value) noexcept {
  std::uint8_t* const p = structure.data() + ref.offset;
  const std::uint64_t mask = layout::largest(ref.width) << ref.low;
  store_le(p, (load_le(p, ref.bytes) & ~mask) | ((value << ref.low) & mask), ref.bytes);
}

// Makes the structure say that the row is the case; nothing if the selector is not inside it.
inline void say(MutableBytes structure, const layout::Choice& choice, const layout::ChoiceRow& row) noexcept {
  if (!CheckedRange::make(choice.at.offset, choice.at.bytes, structure.size())) return;
  if (choice.at.bytes == Guid::kSize) {
    std::ranges::copy(row.guid.bytes, structure.begin() + choice.at.offset);
  } else {
    store(structure, choice.at, row.value);
  }
}

// Makes it say what no row has, neither of this choice nor of those that come next.
inline void say_nothing(MutableBytes structure, const layout::Choice& choice) noexcept {
  for (const layout::Choice* next : choice.next) say_nothing(structure, *next);
  layout::ChoiceRow none;
  none.guid.bytes.fill(0xff);
  for (const layout::ChoiceRow& row : choice.rows) none.value = std::max(none.value, row.value + 1);
  say(structure, choice, none);
}

}  // namespace wheatstone::mutate
