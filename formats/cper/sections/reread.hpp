// A structure as somebody else reads it: the same table with a few fields changed, so that what all sources
// agree on is written down once.
#pragma once

#include <array>
#include <cstddef>

#include "formats/layout/field.hpp"

namespace wheatstone::cper {

// `fields` with each of `changed` in the place of the field at its offset, whose size it must have.
template <std::size_t kCount, class... Changed>
consteval std::array<layout::Field, kCount> with_fields(const layout::Field (&fields)[kCount],
                                                        const Changed&... changed) {
  std::array<layout::Field, kCount> all{};
  for (std::size_t i = 0; i < kCount; ++i) all[i] = fields[i];
  const auto put = [&all](const layout::Field& field) {
    for (layout::Field& old : all) {
      if (old.offset != field.offset || old.size != field.size) continue;
      old = field;
      return;
    }
    throw "no field has this place";
  };
  (put(changed), ...);
  return all;
}

// `layout` with other fields; its length, variable part and validity word stay.
consteval layout::Layout reread(layout::Layout layout, std::span<const layout::Field> fields) {
  layout.fields = fields;
  return layout;
}

}  // namespace wheatstone::cper
