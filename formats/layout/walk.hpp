// The one walk over a structure: fields in order, then the variable part. JSON, text, diff and the rest are
// sinks of it, so that they cannot disagree about what is there.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

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

// How many bytes a run or a located part has. REQUIRES: the fixed fields of the structure are there.
inline std::uint64_t length_of(const Tail& tail, Bytes structure) noexcept {
  return tail.length.present() ? load(structure, tail.length) : tail.fixed;
}

// The case of a choice that the bytes select, without the choices that it leaves it to.
inline const ChoiceRow* select_row(const Choice& choice, Bytes bytes) noexcept {
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

// The case of a choice that the bytes select, or nullptr.
inline const ChoiceRow* select(const Choice& choice, Bytes bytes) noexcept {
  const ChoiceRow* row = select_row(choice, bytes);
  for (std::size_t i = 0; row == nullptr && i < choice.next.size(); ++i) row = select(*choice.next[i], bytes);
  return row;
}

// The longest form that fits `length`; the shortest if only its minimum fits; nullptr if not even that.
inline const Layout* form_for(Forms forms, std::size_t length) noexcept {
  const Layout* best = nullptr;
  for (const Layout* layout : forms)
    if (layout->size <= length || (best == nullptr && layout->min <= length)) best = layout;
  return best;
}

// The structure of a list or part field; nullptr: it is shown as a list. REQUIRES: row is what the field's
// choice selects.
inline const Layout* part_layout(const Field& f, const ChoiceRow* row) noexcept {
  const Layout* form = row != nullptr ? form_for(row->forms, f.size) : nullptr;
  return form != nullptr ? form : f.layout;
}

inline std::optional<Bytes> element(const Tail& tail, Bytes bytes) noexcept;

// The structure at the front of `bytes`: as long as it says itself, or as its variable part makes it. nullopt
// if it is not all there. What is returned is never empty: every step over elements consumes bytes.
inline std::optional<Bytes> element(const Layout& layout, Bytes bytes) noexcept {
  if (bytes.size() < layout.size || layout.size == 0) return std::nullopt;
  if (layout.self.present()) {
    const std::uint64_t value = load(bytes, layout.self);
    if (value > bytes.size() || value + layout.self_add > bytes.size() ||
        value + layout.self_add < layout.size)
      return std::nullopt;
    return bytes.first(static_cast<std::size_t>(value + layout.self_add));
  }
  std::size_t size = layout.size;
  for (const Tail& tail : layout.tail) {
    if (tail.kind == TailKind::rest || (tail.kind == TailKind::many && !tail.count.present())) return bytes;
    if (tail.kind == TailKind::many) {
      for (std::uint64_t count = load(bytes, tail.count); count > 0; --count) {
        const std::optional<Bytes> item = element(tail, bytes.subspan(size));
        if (!item) return std::nullopt;
        size += item->size();
      }
      continue;
    }
    const std::uint64_t at = tail.kind == TailKind::located ? load(bytes, tail.offset) : size;
    const auto range = CheckedRange::make(at, length_of(tail, bytes), bytes.size());
    if (!range) return std::nullopt;
    size = std::max(size, static_cast<std::size_t>(range->end()));
  }
  return bytes.first(size);
}

// The layout of an array's element at the front of `bytes`; nullptr if its kind is not known.
inline const Layout* element_layout(const Tail& tail, Bytes bytes) noexcept {
  if (tail.choice == nullptr) return tail.layout;
  const ChoiceRow* row = select(*tail.choice, bytes);
  return row != nullptr && !row->forms.empty() ? row->forms.front() : tail.layout;
}

inline std::optional<Bytes> element(const Tail& tail, Bytes bytes) noexcept {
  const Layout* layout = element_layout(tail, bytes);
  return layout != nullptr ? element(*layout, bytes) : std::nullopt;
}

// What the bytes of a tail that is no array are; nullptr: bytes.
inline const Layout* tail_layout(const Tail& tail, Bytes structure, Bytes own) noexcept {
  if (tail.choice != nullptr) {
    const ChoiceRow* row = select(*tail.choice, structure);
    if (row != nullptr && !row->forms.empty()) return form_for(row->forms, own.size());
  }
  return tail.layout != nullptr && own.size() >= tail.layout->min ? tail.layout : nullptr;
}

// What bytes are called that no field and no tail covers, from the first run of them on.
inline constexpr std::string_view kUnreadNames[kMostLocated + 1] = {"Unread", "Unread2", "Unread3", "Unread4",
                                                                    "Unread5"};

// Walks `bytes` as `layout` and tells the sink what it finds:
//
//   bool wants(const Field&, bool valid)             false skips the field
//   void number(const Field&, std::uint64_t)         plain or named integer
//   void word(const Field&, std::uint64_t, Word)     integer with named bits
//   void guid(const Field&, const Guid&)
//   void bytes(const Field&, Bytes)                  bytes, ascii, utf16 and pad
//   void list(const Field&, Bytes)
//   void begin_part(std::string_view name, const Layout&, Bytes), end_part()
//   void begin_many(const Tail&), begin_item(index, const Layout&, Bytes), end_item(), end_many()
//   void unread(std::string_view name, Bytes)        bytes that are no structure
//   void structure(const Layout&, Bytes)             optional: walks a part or an element itself
//   void broken(const Tail&, std::uint64_t index, Bytes left)
//                                                    optional: an element, or the bytes, that are not there
//
// A field is present only if all of it is. Time is linear in bytes.size() (each located part of a structure
// may cover the same bytes again, kMostLocated at most); the depth is that of the tables.
template <class Sink>
void walk(const Layout& layout, Bytes bytes, Sink& sink);

template <class Sink>
void walk_inner(const Layout& layout, Bytes bytes, Sink& sink) {
  if constexpr (requires { sink.structure(layout, bytes); }) {
    sink.structure(layout, bytes);
  } else {
    walk(layout, bytes, sink);
  }
}

// The variable part alone. REQUIRES: bytes.size() >= layout.size.
template <class Sink>
void walk_tail(const Layout& layout, Bytes bytes, Sink& sink) {
  const auto broken = [&](const Tail& tail, std::uint64_t index, Bytes left) {
    if constexpr (requires { sink.broken(tail, index, left); }) sink.broken(tail, index, left);
  };
  const auto show = [&](const Tail& tail, Bytes own) {
    const Layout* inner = tail_layout(tail, bytes, own);
    if (inner == nullptr) {
      sink.unread(tail.name, own);
      return;
    }
    sink.begin_part(tail.name, *inner, own);
    walk_inner(*inner, own, sink);
    sink.end_part();
  };
  std::size_t at = layout.size;
  struct Extent {
    std::size_t begin, end;
  };
  Extent extents[kMostLocated];  // of the located parts
  std::size_t located = 0;
  for (const Tail& tail : layout.tail) {
    switch (tail.kind) {
      case TailKind::many: {
        const std::uint64_t count = tail.count.present() ? load(bytes, tail.count) : ~std::uint64_t{0};
        sink.begin_many(tail);
        std::uint64_t index = 0;
        for (; index < count; ++index) {
          const Bytes left = bytes.subspan(at);
          if (left.empty() && !tail.count.present()) break;
          const Layout* inner = element_layout(tail, left);
          const std::optional<Bytes> item = inner != nullptr ? element(*inner, left) : std::nullopt;
          if (!item) break;
          sink.begin_item(index, *inner, *item);
          walk_inner(*inner, *item, sink);
          sink.end_item();
          at += item->size();
        }
        sink.end_many();
        if (index < count && (tail.count.present() || at < bytes.size())) {
          broken(tail, index, bytes.subspan(at));
          if (at < bytes.size()) sink.unread(kUnreadNames[0], bytes.subspan(at));
          return;  // what follows cannot be located
        }
        break;
      }
      case TailKind::run: {
        std::uint64_t length = length_of(tail, bytes);
        if (tail.clipped) length = std::min<std::uint64_t>(length, bytes.size() - at);
        if (length > bytes.size() - at) {
          broken(tail, 0, bytes.subspan(at));
          if (at < bytes.size()) sink.unread(kUnreadNames[0], bytes.subspan(at));
          return;
        }
        if (length != 0) show(tail, bytes.subspan(at, static_cast<std::size_t>(length)));
        at += static_cast<std::size_t>(length);
        break;
      }
      case TailKind::located: {
        const std::uint64_t offset = load(bytes, tail.offset);
        std::uint64_t length = load(bytes, tail.length);
        if (length == 0) break;
        if (tail.clipped && offset < bytes.size()) length = std::min(length, bytes.size() - offset);
        const auto range = CheckedRange::make(offset, length, bytes.size());
        if (!range || offset < layout.size) {
          broken(tail, 0, bytes.subspan(at));
          break;
        }
        std::size_t place = located++;  // by where they begin
        for (; place > 0 && extents[place - 1].begin > range->offset(); --place)
          extents[place] = extents[place - 1];
        extents[place] = {static_cast<std::size_t>(range->offset()), static_cast<std::size_t>(range->end())};
        show(tail, bytes.subspan(static_cast<std::size_t>(offset), static_cast<std::size_t>(length)));
        break;
      }
      case TailKind::rest:
        if (at < bytes.size()) show(tail, bytes.subspan(at));
        return;
    }
  }
  std::size_t runs = 0;
  const auto unread_to = [&](std::size_t next) {
    if (next > at) sink.unread(kUnreadNames[runs++], bytes.subspan(at, next - at));
  };
  for (const Extent& extent : std::span(extents).first(located)) {
    unread_to(extent.begin);
    at = std::max(at, extent.end);
  }
  unread_to(bytes.size());
}

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
        const Layout* inner = part_layout(f, row);
        if (inner == nullptr) {
          sink.list(f, own);
        } else {
          sink.begin_part(f.name, *inner, own);
          walk_inner(*inner, own, sink);
          sink.end_part();
        }
        break;
      }
    }
  }
  if (covered != layout.size) {
    if (covered < bytes.size()) sink.unread(kUnreadNames[0], bytes.subspan(covered));
    return;
  }
  walk_tail(layout, bytes, sink);
}

}  // namespace wheatstone::layout
