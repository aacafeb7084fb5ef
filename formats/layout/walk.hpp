// The one walk over a structure: fields in order, then the variable part. JSON, text, diff and the rest are
// sinks of it, so that they cannot disagree about what is there.
#pragma once

#include <cstdint>
#include <optional>

#include "formats/layout/bytes.hpp"
#include "formats/layout/field.hpp"

namespace wheatstone::layout {

// REQUIRES: ref lies inside bytes. A GUID selector gives its first eight bytes.
inline std::uint64_t load(Bytes bytes, Ref ref) noexcept {
  const std::uint64_t word = load_le(bytes.data() + ref.offset, ref.bytes > 8 ? 8u : ref.bytes);
  return (word >> ref.low) & (ref.width >= 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << ref.width) - 1);
}

// As above; nullopt if it is not all there.
inline std::optional<std::uint64_t> try_load(Bytes bytes, Ref ref) noexcept {
  if (!ref.present() || !CheckedRange::make(ref.offset, ref.bytes, bytes.size())) return std::nullopt;
  return load(bytes, ref);
}

// The case of a choice that the bytes select, or nullptr.
inline const ChoiceRow* select(const Choice& choice, Bytes bytes) noexcept {
  if (!CheckedRange::make(choice.at.offset, choice.at.bytes, bytes.size())) return nullptr;
  if (choice.at.bytes == Guid::kSize) {
    const Guid guid = Guid::load(bytes.data() + choice.at.offset);
    for (const ChoiceRow& row : choice.rows)
      if (row.guid == guid) return &row;
    return nullptr;
  }
  const std::uint64_t value = load(bytes, choice.at);
  for (const ChoiceRow& row : choice.rows)
    if (row.value == value) return &row;
  return nullptr;
}

// The bytes of one element at the front of `bytes`, or nullopt if no whole element is there. A returned
// element is never empty: every step over elements consumes bytes.
inline std::optional<Bytes> element(const Layout& layout, Bytes bytes) noexcept {
  if (bytes.size() < layout.size || layout.size == 0) return std::nullopt;
  if (!layout.self.present()) return bytes.first(layout.size);
  const std::uint64_t value = load(bytes, layout.self);
  if (value > bytes.size() || value + layout.self_add > bytes.size() || value + layout.self_add < layout.size)
    return std::nullopt;
  return bytes.first(static_cast<std::size_t>(value + layout.self_add));
}

// Walks `bytes` as `layout` and tells the sink what it finds:
//
//   bool wants(const Field&, bool valid)             false skips the field
//   void number(const Field&, std::uint64_t)         plain or named integer
//   void word(const Field&, std::uint64_t, Word)     integer with named bits
//   void guid(const Field&, const Guid&)
//   void bytes(const Field&, Bytes)                  bytes, ascii, utf16 and pad
//   void list(const Field&, Bytes)
//   void begin_part(std::string_view name, const Layout&), end_part()
//   void begin_many(std::string_view name), begin_item(index, const Layout&), end_item(), end_many()
//   void unread(std::string_view name, Bytes)        bytes that no field covers
//
// A field is present only if all of it is. Memory and time are linear in bytes.size(); the depth is that of
// the tables.
template <class Sink>
void walk(const Layout& layout, Bytes bytes, Sink& sink) {
  const std::optional<std::uint64_t> valid_word = try_load(bytes, layout.valid);
  std::size_t covered = 0;
  for (const Field& f : layout.fields) {
    if (f.end() > bytes.size()) break;
    covered = f.end();
    const bool valid = f.valid_bit < 0 || !valid_word || ((*valid_word >> f.valid_bit) & 1) != 0;
    if (!sink.wants(f, valid)) continue;
    const Bytes own = bytes.subspan(f.offset, f.size);
    const ChoiceRow* row = f.meaning == Meaning::choice ? select(*f.choices, bytes) : nullptr;
    switch (f.kind) {
      case Kind::uint: {
        const std::uint64_t value = load_le(own.data(), f.size);
        if (f.meaning == Meaning::word) {
          sink.word(f, value, f.word_bits);
        } else if (f.meaning == Meaning::choice) {
          sink.word(f, value, row != nullptr ? row->word : f.choices->otherwise);
        } else {
          sink.number(f, value);
        }
        break;
      }
      case Kind::guid:
        sink.guid(f, Guid::load(own.data()));
        break;
      case Kind::bytes:
      case Kind::ascii:
      case Kind::utf16:
      case Kind::pad:
        sink.bytes(f, own);
        break;
      case Kind::list:
      case Kind::part: {
        const Layout* inner = row != nullptr && row->layout != nullptr ? row->layout : f.layout;
        if (inner == nullptr) {
          sink.list(f, own);
        } else {
          sink.begin_part(f.name, *inner);
          walk(*inner, own, sink);
          sink.end_part();
        }
        break;
      }
    }
  }
  Bytes left = bytes.subspan(covered);
  if (covered == layout.size) {
    for (const Tail& tail : layout.tail) {
      if (tail.kind == TailKind::rest) {
        if (!left.empty()) sink.unread(tail.name, left);
        return;
      }
      const std::uint64_t count = try_load(bytes, tail.count).value_or(0);
      sink.begin_many(tail.name);
      std::uint64_t index = 0;
      for (; index < count; ++index) {
        const std::optional<Bytes> item = element(*tail.layout, left);
        if (!item) break;
        sink.begin_item(index, *tail.layout);
        walk(*tail.layout, *item, sink);
        sink.end_item();
        left = left.subspan(item->size());
      }
      sink.end_many();
      if (index < count) break;  // what follows cannot be located
    }
  }
  if (!left.empty()) sink.unread("Unread", left);
}

}  // namespace wheatstone::layout
