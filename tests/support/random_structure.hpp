// Random bytes that a layout can make something of: the selectors of its choices and its counts have values
// that lead somewhere more often than chance would have it, and zeros are as frequent as in real structures.
#pragma once

#include <algorithm>
#include <random>

#include "formats/layout/bytes.hpp"
#include "formats/layout/field.hpp"

namespace wheatstone::test {

inline Buffer random_structure(const layout::Layout& layout, std::mt19937& random) {
  const auto below = [&random](std::size_t limit) { return static_cast<std::size_t>(random() % limit); };
  const unsigned zeros = static_cast<unsigned>(below(5)) * 25;  // per cent
  std::size_t size = layout.size;
  if (below(4) == 0) size = below(layout.size + 1);
  if (!layout.tail.empty() || below(4) == 0) size += below(300);
  Buffer bytes(size);
  for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(below(100) < zeros ? 0 : random());
  const auto store = [&bytes](std::size_t at, std::uint64_t value, unsigned width) {
    for (unsigned i = 0; i < width && at + i < bytes.size(); ++i)
      bytes[at + i] = static_cast<std::uint8_t>(value >> (8 * i));
  };
  const auto choose = [&](const layout::Choice& choice, std::size_t from) {
    if (choice.rows.empty() || below(4) == 0) return;
    const layout::ChoiceRow& row = choice.rows[below(choice.rows.size())];
    if (choice.at.bytes == Guid::kSize) {
      for (std::size_t i = 0; i < Guid::kSize; ++i) store(from + choice.at.offset + i, row.guid.bytes[i], 1);
    } else {
      store(from + choice.at.offset, row.value << choice.at.low, choice.at.bytes);
    }
  };
  for (const layout::Field& f : layout.fields)
    if (f.meaning == layout::Meaning::choice) choose(*f.choices, 0);
  for (const layout::Tail& tail : layout.tail) {
    if (tail.choice != nullptr) choose(*tail.choice, tail.kind == layout::TailKind::many ? layout.size : 0);
    for (const layout::Ref& at : {tail.count, tail.length})
      if (at.present() && below(4) != 0) store(at.offset, below(4) << at.low, at.bytes);
    if (tail.offset.present() && below(4) != 0) store(tail.offset.offset, below(size + 2), tail.offset.bytes);
  }
  bytes.shrink_to_fit();  // so that a sanitizer sees a single byte too far
  return bytes;
}

}  // namespace wheatstone::test
