// How a binary structure is described: once, as a constexpr table of fields. Reading, writing, JSON, text,
// YAML, diff, checks and documentation are interpreters over these tables; none of them knows a structure by
// itself.
//
//     inline constexpr Field kMemoryFields[] = {
//         u64(0, "ValidBits").bits(kMemoryValid),
//         u64(16, "PhysicalAddress").valid(1).hex(),
//         u16(42, "Row").valid(8), ...};
//     inline constexpr Layout kMemory{.name = "Memory", .structure = "WHEA_MEMORY_ERROR_SECTION", ...};
//     static_assert(check(kMemory));
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "formats/layout/guid.hpp"
#include "formats/layout/names.hpp"

namespace wheatstone::layout {

struct Layout;
struct Choice;

// A named value of a GUID field.
struct GuidName {
  Guid value;
  std::string_view text;
};
using GuidNames = std::span<const GuidName>;

// Empty if the GUID has no name.
constexpr std::string_view name_of(GuidNames names, const Guid& value) noexcept {
  for (const GuidName& name : names)
    if (name.value == value) return name.text;
  return {};
}

// A range of bits in an integer: a flag (width 1) or a small number.
struct Bit {
  std::uint8_t low = 0;
  std::uint8_t width = 1;
  std::string_view name;
  Names names{};

  constexpr std::uint64_t mask() const noexcept {
    return width >= 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << width) - 1;
  }
  constexpr std::uint64_t get(std::uint64_t word) const noexcept { return (word >> low) & mask(); }
  constexpr std::uint64_t set(std::uint64_t word, std::uint64_t value) const noexcept {
    return (word & ~(mask() << low)) | ((value & mask()) << low);
  }
};

// The bits of an integer that have names, ascending and without overlap. Other bits are reserved: carried,
// not named.
using Word = std::span<const Bit>;

// A run of bits at a fixed place of a structure: a count, a length, a validity word, a selector.
struct Ref {
  std::uint32_t offset = 0;
  std::uint8_t bytes = 0;  // 0: no such thing
  std::uint8_t low = 0;
  std::uint8_t width = 0;

  constexpr bool present() const noexcept { return bytes != 0; }
};

enum class Kind : std::uint8_t {
  uint,   // little-endian integer of 1 to 8 bytes
  guid,   // 16 bytes
  bytes,  // raw
  ascii,  // text padded with NUL
  utf16,  // UTF-16LE text padded with NUL
  pad,    // reserved bytes: carried, shown when they are not zero
  list,   // integers of `element` bytes each
  part,   // a structure of its own layout
};

enum class Show : std::uint8_t {
  dec,
  hex,
  filetime,     // u64 FILETIME
  record_time,  // u64 WHEA_TIMESTAMP: binary or BCD calendar fields
};

// What gives the values of a field a meaning beyond the number.
enum class Meaning : std::uint8_t { plain, names, word, choice };

// What a value gives away about who owns the machine: what scrubbing replaces.
enum class Privacy : std::uint8_t {
  none,
  identity,  // tells one machine, part, process or owner from others: a serial number, a FRU text, a PPIN
  address,   // in memory, or what a register held, which may be one
  page,      // the number of a page of 4 KiB
};

struct Field {
  std::string_view name;  // the specification's; empty for a word whose bits stand in the parent
  std::uint32_t offset = 0;
  std::uint32_t size = 0;  // bytes, a list's as a whole
  Kind kind = Kind::uint;
  Show show = Show::dec;
  Meaning meaning = Meaning::plain;
  std::uint8_t element = 0;  // list: bytes of an item
  Privacy privacy = Privacy::none;
  std::int8_t valid_bit = -1;  // bit of the layout's validity word that says this field holds something
  Names value_names{};
  GuidNames guid_names{};
  Word word_bits{};
  const Choice* choices = nullptr;
  const Layout* layout = nullptr;
  std::string_view unit_name{};
  std::string_view clause{};  // empty: that of the layout
  std::string_view note{};    // one sentence for the documentation

  // A copy with a change. Before its users: clang wants a template defined before constant expressions.
  template <class Change>
  constexpr Field with(Change change) const {
    Field field = *this;
    change(field);
    return field;
  }

  constexpr Field hex() const {
    return with([](Field& f) { f.show = Show::hex; });
  }
  constexpr Field filetime() const {
    return with([](Field& f) { f.show = Show::filetime; });
  }
  constexpr Field record_time() const {
    return with([](Field& f) { f.show = Show::record_time; });
  }
  constexpr Field valid(int bit) const {
    return with([=](Field& f) { f.valid_bit = static_cast<std::int8_t>(bit); });
  }
  constexpr Field identity() const {
    return with([](Field& f) { f.privacy = Privacy::identity; });
  }
  constexpr Field address() const {
    return with([](Field& f) { f.privacy = Privacy::address; });
  }
  constexpr Field page() const {
    return with([](Field& f) { f.privacy = Privacy::page; });
  }
  constexpr Field names(Names table) const {
    return with([=](Field& f) { f.value_names = table, f.meaning = Meaning::names; });
  }
  constexpr Field names(GuidNames table) const {
    return with([=](Field& f) { f.guid_names = table, f.meaning = Meaning::names; });
  }
  constexpr Field bits(Word bits) const {
    return with([=](Field& f) { f.word_bits = bits, f.meaning = Meaning::word, f.show = Show::hex; });
  }
  constexpr Field choose(const Choice& table) const {
    return with([&](Field& f) { f.choices = &table, f.meaning = Meaning::choice, f.show = Show::hex; });
  }
  constexpr Field unit(std::string_view text) const {
    return with([=](Field& f) { f.unit_name = text; });
  }
  constexpr Field from(std::string_view text) const {
    return with([=](Field& f) { f.clause = text; });
  }
  constexpr Field about(std::string_view text) const {
    return with([=](Field& f) { f.note = text; });
  }

  constexpr std::uint32_t end() const noexcept { return offset + size; }
};

// The forms that one structure has had, by ascending size; its length says which one it is: form_for() in
// walk.hpp.
using Forms = std::span<const Layout* const>;

// kForms<kFirst, kSecond> is the Forms of these layouts.
template <const Layout&... kLayouts>
inline constexpr const Layout* kForms[] = {&kLayouts...};

// One case of a choice: what the field is when the selector has this value.
struct ChoiceRow {
  std::uint64_t value = 0;  // of an integer selector
  Guid guid{};              // of a GUID selector
  std::string_view name;    // of the case: "CacheCheck"
  Word word{};              // an integer field: its bits
  Forms forms{};            // bytes: their structure
};

// Bytes whose meaning another field decides.
struct Choice {
  std::string_view selector;  // name of that field
  Ref at;                     // where it is; check() proves that both agree where the name is in the table
  std::span<const ChoiceRow> rows;
  Word otherwise{};                       // for selectors without a row
  std::span<const Choice* const> next{};  // decide, in this order, if no row has the selector's value
};

// kChoices<kFirst, kSecond> is what `next` takes.
template <const Choice&... kOthers>
inline constexpr const Choice* kChoices[] = {&kOthers...};

// Calls `take` for every row that the choice can come to.
template <class Take>
constexpr void each_row(const Choice& choice, const Take& take) {
  for (const ChoiceRow& row : choice.rows) take(row);
  for (const Choice* next : choice.next) each_row(*next, take);
}

enum class TailKind : std::uint8_t {
  many,     // structures one after another
  run,      // so many bytes
  located,  // so many bytes at an offset from the start of the structure
  rest,     // all bytes that are left
};

// The variable part behind the fixed fields, in order. Located bytes may lie anywhere and do not move what
// comes after them.
struct Tail {
  std::string_view name;
  TailKind kind = TailKind::rest;
  const Layout* layout = nullptr;  // of an element, or of the bytes; nullptr: the choice says, or raw bytes
  const Choice* choice = nullptr;  // looks at the element itself (many) or at the structure (all others)
  bool chosen = false;             // choice is set: see choice_rows()
  Ref count{};                     // many: how many; absent: as many as there are
  Ref offset{};                    // located: where
  Ref length{};                    // run, located: how many bytes
  std::uint32_t fixed = 0;         // run without a length: always so many bytes
  bool clipped = false;            // run, located: the length is the most there may be, input may end before
  std::string_view clause{};
  std::string_view note{};

  // Under sanitizers GCC 12 cannot compare the address of an inline constant with nullptr at compile time.
  constexpr std::span<const ChoiceRow> choice_rows() const {
    if (!chosen) return {};
    return choice->rows;
  }
  constexpr Tail as(const Layout& structure) const {
    Tail tail = *this;
    tail.layout = &structure;
    return tail;
  }
  constexpr Tail choose(const Choice& table) const {
    Tail tail = *this;
    tail.choice = &table;
    tail.chosen = true;
    return tail;
  }
  constexpr Tail clip() const {
    Tail tail = *this;
    tail.clipped = true;
    return tail;
  }
  constexpr Tail from(std::string_view text) const {
    Tail tail = *this;
    tail.clause = text;
    return tail;
  }
  constexpr Tail about(std::string_view text) const {
    Tail tail = *this;
    tail.note = text;
    return tail;
  }
};

// A structure has at most so many located parts.
inline constexpr std::size_t kMostLocated = 4;

struct Layout {
  std::string_view name;       // ours, unique: "XpfMca"
  std::string_view structure;  // the specification's: "WHEA_XPF_MCA_SECTION"
  std::string_view clause;     // where it is specified
  std::uint32_t min = 0;       // shortest length that is this structure
  std::uint32_t size = 0;      // bytes covered by `fields`
  std::span<const Field> fields;
  std::span<const Tail> tail{};
  Ref valid{};                 // the validity word
  Ref self{};                  // an element that says its own length...
  std::uint32_t self_add = 0;  // ... which is the value plus this
};

// ---- builders
// ------------------------------------------------------------------------------------------------------

constexpr Field field(std::uint32_t offset, std::uint32_t size, std::string_view name, Kind kind) {
  Field made;
  made.name = name;
  made.offset = offset;
  made.size = size;
  made.kind = kind;
  return made;
}
constexpr Field u8(std::uint32_t offset, std::string_view name) {
  return field(offset, 1, name, Kind::uint);
}
constexpr Field u16(std::uint32_t offset, std::string_view name) {
  return field(offset, 2, name, Kind::uint);
}
constexpr Field u24(std::uint32_t offset, std::string_view name) {
  return field(offset, 3, name, Kind::uint);
}
constexpr Field u32(std::uint32_t offset, std::string_view name) {
  return field(offset, 4, name, Kind::uint);
}
constexpr Field u64(std::uint32_t offset, std::string_view name) {
  return field(offset, 8, name, Kind::uint);
}
constexpr Field guid(std::uint32_t offset, std::string_view name) {
  return field(offset, Guid::kSize, name, Kind::guid);
}
constexpr Field raw(std::uint32_t offset, std::uint32_t size, std::string_view name) {
  return field(offset, size, name, Kind::bytes);
}
constexpr Field ascii(std::uint32_t offset, std::uint32_t size, std::string_view name) {
  return field(offset, size, name, Kind::ascii);
}
constexpr Field utf16(std::uint32_t offset, std::uint32_t size, std::string_view name) {
  return field(offset, size, name, Kind::utf16);
}
constexpr Field pad(std::uint32_t offset, std::uint32_t size, std::string_view name = "Reserved") {
  return field(offset, size, name, Kind::pad);
}
constexpr Field list(std::uint32_t offset, std::string_view name, std::uint32_t count, std::uint8_t element) {
  Field made = field(offset, count * element, name, Kind::list);
  made.element = element;
  return made;
}
// `layout` must be complete: its size is the field's.
constexpr Field part(std::uint32_t offset, std::string_view name, const Layout& layout) {
  Field made = field(offset, layout.size, name, Kind::part);
  made.layout = &layout;
  return made;
}
constexpr Tail tail(std::string_view name, TailKind kind) {
  Tail made;
  made.name = name;
  made.kind = kind;
  return made;
}
constexpr Tail many(std::string_view name, const Layout& layout, Ref count) {
  Tail made = tail(name, TailKind::many);
  made.layout = &layout;
  made.count = count;
  return made;
}
// Each element says itself what it is; every row of the choice has one form.
constexpr Tail many(std::string_view name, const Choice& choice, Ref count) {
  Tail made = tail(name, TailKind::many);
  made.choice = &choice;
  made.chosen = true;
  made.count = count;
  return made;
}
constexpr Tail run(std::string_view name, Ref length) {
  Tail made = tail(name, TailKind::run);
  made.length = length;
  return made;
}
// Always that many bytes: what stands behind an array at no fixed place.
constexpr Tail run(std::string_view name, std::uint32_t bytes) {
  Tail made = tail(name, TailKind::run);
  made.fixed = bytes;
  return made;
}
constexpr Tail located(std::string_view name, Ref offset, Ref length) {
  Tail made = tail(name, TailKind::located);
  made.offset = offset;
  made.length = length;
  return made;
}
constexpr Tail rest(std::string_view name) {
  return tail(name, TailKind::rest);
}

// ---- looked up at compile time
// ----------------------------------------------------------------------------------------

consteval const Field& find(std::span<const Field> fields, std::string_view name) {
  for (const Field& f : fields)
    if (f.name == name) return f;
  throw "no such field";
}

// "Length" or, for bits of a word, "ValidBits.ProcInfoCount".
consteval Ref ref(std::span<const Field> fields, std::string_view path) {
  const std::size_t dot = path.find('.');
  const Field& f = find(fields, path.substr(0, dot));
  if (f.kind != Kind::uint && f.kind != Kind::guid) throw "not an integer or a GUID";
  Ref found{f.offset, static_cast<std::uint8_t>(f.size), 0,
            static_cast<std::uint8_t>(f.size * 8 > 64 ? 64 : f.size * 8)};
  if (dot == std::string_view::npos) return found;
  for (const Bit& bit : f.word_bits) {
    if (bit.name != path.substr(dot + 1)) continue;
    found.low = bit.low;
    found.width = bit.width;
    return found;
  }
  throw "no such bits";
}

// The longest name a table may use: JSON and text reserve room by it.
inline constexpr std::size_t kLongestName = 48;

consteval bool good_name(std::string_view name) {
  if (name.size() > kLongestName) return false;
  for (const char c : name)
    if (c < ' ' || c > '~' || c == '"' || c == '\\') return false;
  return true;
}

consteval bool check(Word word, std::uint32_t bits) {
  unsigned next = 0;
  for (const Bit& bit : word) {
    if (bit.low < next || bit.width == 0 || bit.low + bit.width > bits || !good_name(bit.name) ||
        !sorted(bit.names))
      return false;
    next = bit.low + bit.width;
  }
  return true;
}

// The selector is where the table says, if it is one of these fields; a member of a union is not.
consteval bool check(const Choice& choice, std::span<const Field> fields) {
  for (const Field& f : fields)
    if (f.name == choice.selector && (f.offset != choice.at.offset || f.size != choice.at.bytes))
      return false;
  if (!choice.at.present() || choice.selector.empty()) return false;
  for (const ChoiceRow& row : choice.rows)
    if (!good_name(row.name)) return false;
  for (const Choice* next : choice.next)
    if (!check(*next, fields)) return false;
  return true;
}

// An element of an array is one structure, whose size its own bytes say.
consteval bool has_element(const Tail& t) {
  for (const ChoiceRow& row : t.choice_rows())
    if (row.forms.size() != 1) return false;
  return true;
}

// Proves what can be proved about a table: the fields tile it without gap or overlap (so that every reserved
// byte has a name), sizes fit their kinds, names can be printed unescaped, choices name a real selector.
// Linear.
consteval bool check(const Layout& layout) {
  std::uint32_t next = 0;
  for (const Field& f : layout.fields) {
    if (f.offset != next || f.size == 0 || !good_name(f.name)) return false;
    next = f.end();
    switch (f.kind) {
      case Kind::uint:
        if (f.size > 8 || (f.meaning == Meaning::word && !check(f.word_bits, f.size * 8))) return false;
        if (f.name.empty() && f.meaning != Meaning::word) return false;
        break;
      case Kind::guid:
        if (f.size != Guid::kSize) return false;
        break;
      case Kind::utf16:
        if (f.size % 2 != 0) return false;
        break;
      case Kind::list:
        if (f.element == 0 || f.element > 8 || f.size % f.element != 0) return false;
        break;
      case Kind::part:
        if (f.layout->size != f.size) return false;
        break;
      case Kind::bytes:
      case Kind::ascii:
      case Kind::pad:
        break;
    }
    if (f.kind != Kind::uint && f.kind != Kind::part && f.kind != Kind::list && f.name.empty()) return false;
    if (f.meaning == Meaning::names && !sorted(f.value_names)) return false;
    if (f.valid_bit >= 0 && !layout.valid.present()) return false;
    if (f.meaning == Meaning::choice) {
      if (!check(*f.choices, layout.fields)) return false;
      if (f.kind == Kind::uint)
        for (const ChoiceRow& row : f.choices->rows)
          if (!check(row.word, f.size * 8)) return false;
    }
  }
  std::size_t located = 0;
  for (const Tail& t : layout.tail) {
    if (!good_name(t.name) || t.name.empty()) return false;
    switch (t.kind) {
      case TailKind::many:
        if (!has_element(t)) return false;
        break;
      case TailKind::located:
        if (!t.offset.present() || !t.length.present() || ++located > kMostLocated) return false;
        break;
      case TailKind::run:
        if (t.length.present() == (t.fixed != 0)) return false;
        break;
      case TailKind::rest:
        break;
    }
    if (t.kind == TailKind::rest && &t != &layout.tail.back()) return false;
  }
  return next == layout.size && layout.min <= layout.size && good_name(layout.name);
}

}  // namespace wheatstone::layout
