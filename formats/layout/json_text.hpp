// The texts of JSON values, one place for every writer: what a number, a GUID, a time or some bytes of a
// field look like. All of them store through a cursor that has room: value_room() says how much.
#pragma once

#include <cstdint>
#include <string_view>

#include "formats/layout/bytes.hpp"
#include "formats/layout/field.hpp"
#include "formats/layout/guid.hpp"
#include "formats/layout/text_buffer.hpp"

namespace wheatstone::layout {

inline constexpr std::size_t kKeyRoom = kLongestName + 4;                  // quotes, colon, comma
inline constexpr std::size_t kNumberRoom = 24;                             // quotes, comma
inline constexpr std::size_t kNamedRoom = kLongestName + 2 * kNumberRoom;  // {"value":1,"name":""}
inline constexpr std::size_t kEscapeRoom = 6;                              // \u0000

inline char* put_key(char* at, std::string_view name) noexcept {
  *at = '"';
  at = put(at + 1, name);
  return put(put(at, '"'), ':');
}

// A quantity or an identifier of `size` bytes: json.hpp says which form it has.
inline char* put_plain(char* at, std::uint32_t size, Show show, std::uint64_t value) noexcept {
  if (show == Show::dec) return size <= 4 ? put_dec(at, value) : put(put_dec(put(at, '"'), value), '"');
  constexpr std::string_view kZero = "\"0x0000000000000000";  // most registers of most records are zero
  std::memcpy(at, kZero.data(), kZero.size());
  if (value != 0) put_hex(at + 3, value, size * 2);
  return put(at + 3 + size * 2, '"');
}

char* put_named(char* at, std::uint32_t size, Show show, std::uint64_t value, std::string_view name) noexcept;

// A small number of a word.
inline char* put_bits(char* at, const Bit& bit, std::uint64_t value) noexcept {
  const std::uint32_t size = bit.width > 32 ? 8 : 4;
  return bit.names.empty() ? put_plain(at, size, Show::dec, value)
                           : put_named(at, size, Show::dec, value, name_of(bit.names, value));
}

// What a field holds: an integer without bits; a GUID; bytes, text or padding.
char* put_number(char* at, const Field& f, std::uint64_t value) noexcept;
char* put_guid(char* at, const Field& f, const Guid& value) noexcept;
char* put_bytes(char* at, const Field& f, Bytes value);
// Integers of a list, with the brackets.
char* put_list(char* at, const Field& f, Bytes value) noexcept;

// Closes an object or an array behind its last member, and adds the comma that is due then.
// REQUIRES: at[-1] is the comma of the last member, or the opening.
inline char* put_close(char* at, char c) noexcept {
  if (at[-1] == ',') --at;
  return put(put(at, c), ',');
}

// Room for the value of a field that is no word and no part, and for a comma.
constexpr std::size_t value_room(const Field& f) noexcept {
  switch (f.kind) {
    case Kind::list:
      return 4 + f.size / f.element * kNumberRoom;
    case Kind::ascii:
      return 3 + f.size * kEscapeRoom;
    case Kind::utf16:
      return 3 + f.size / 2 * kEscapeRoom;
    case Kind::bytes:
    case Kind::pad:
      return 3 + f.size * 2;
    case Kind::guid:
      return kNamedRoom + 40;
    default:
      return kNamedRoom;
  }
}

// REQUIRES: room for six characters a byte and two quotes. `text` is UTF-8.
char* put_quoted(char* at, std::string_view text) noexcept;

}  // namespace wheatstone::layout
