#include "formats/layout/json_text.hpp"

#include <bit>
#include <cstring>

#include "formats/layout/record_time.hpp"
#include "formats/layout/utf16.hpp"

namespace wheatstone::layout {
namespace {

char* put_escaped(char* at, char c) noexcept {
  switch (c) {
    case '"':
      return put(at, "\\\"");
    case '\\':
      return put(at, "\\\\");
    case '\n':
      return put(at, "\\n");
    case '\r':
      return put(at, "\\r");
    case '\t':
      return put(at, "\\t");
    default:
      break;
  }
  if (static_cast<unsigned char>(c) >= 0x20) return put(at, c);
  return put_hex(put(at, "\\u00"), static_cast<unsigned char>(c), 2);
}

// Bytes >= 0x80 of a field that should be ASCII are shown as Latin-1, so that each keeps its identity.
char* put_ascii(char* at, Bytes bytes) noexcept {
  at = put(at, '"');
  for (const std::uint8_t byte : bytes)
    at = byte < 0x7f ? put_escaped(at, static_cast<char>(byte)) : put_hex(put(at, "\\u00"), byte, 2);
  return put(at, '"');
}

char* put_guid(char* at, const Guid& value) noexcept {
  const std::uint8_t* p = value.bytes.data();
  const auto big_endian = [](const std::uint8_t* from) {
    return std::byteswap(load_le<std::uint32_t>(from));
  };
  const auto four = [&at](std::uint64_t digits) {
    *at = '-';
    store_le<std::uint32_t>(reinterpret_cast<std::uint8_t*>(at + 1), static_cast<std::uint32_t>(digits));
    at += 5;
  };
  const std::uint64_t words = hex8(std::rotl(load_le<std::uint32_t>(p + 4), 16));  // the two 16-bit words
  const std::uint64_t raw = hex8(big_endian(p + 8));
  at = put_hex8(put(at, '"'), load_le<std::uint32_t>(p));
  four(words);
  four(words >> 32);
  four(raw);
  four(raw >> 32);
  return put(put_hex8(at, big_endian(p + 12)), '"');
}

char* put_time(char* at, Show show, std::uint64_t value) noexcept {
  at = put_plain(put(at, "{\"raw\":"), 8, Show::hex, value);
  TimeText text;
  const std::string_view shown = show == Show::filetime ? text.filetime(value) : text.record(value);
  if (!shown.empty()) at = put(put(put(at, ",\"time\":\""), shown), '"');
  return put(at, '}');
}

// Without the NULs at the end.
Bytes trimmed(Bytes bytes, std::size_t unit) noexcept {
  while (bytes.size() >= unit) {
    for (std::size_t i = bytes.size() - unit; i < bytes.size(); ++i)
      if (bytes[i] != 0) return bytes;
    bytes = bytes.first(bytes.size() - unit);
  }
  return bytes;
}

}  // namespace

char* put_quoted(char* at, std::string_view text) noexcept {
  at = put(at, '"');
  for (const char c : text) at = put_escaped(at, c);
  return put(at, '"');
}

char* put_named(char* at, std::uint32_t size, Show show, std::uint64_t value,
                std::string_view name) noexcept {
  at = put_plain(put(at, "{\"value\":"), size, show, value);
  if (!name.empty()) at = put(put(put(at, ",\"name\":\""), name), '"');
  return put(at, '}');
}

char* put_number(char* at, const Field& f, std::uint64_t value) noexcept {
  if (f.meaning == Meaning::names) return put_named(at, f.size, f.show, value, name_of(f.value_names, value));
  if (f.show == Show::filetime || f.show == Show::record_time) return put_time(at, f.show, value);
  return put_plain(at, f.size, f.show, value);
}

char* put_guid(char* at, const Field& f, const Guid& value) noexcept {
  const std::string_view name = name_of(f.guid_names, value);
  if (name.empty()) return put_guid(at, value);
  at = put_guid(put(at, "{\"guid\":"), value);
  return put(put(put(at, ",\"name\":\""), name), "\"}");
}

char* put_bytes(char* at, const Field& f, Bytes value) {
  if (f.kind == Kind::ascii) return put_ascii(at, trimmed(value, 1));
  if (f.kind == Kind::utf16) return put_quoted(at, utf16le_to_utf8_lossy(trimmed(value, 2)));
  return put(put_hex(put(at, '"'), value), '"');
}

char* put_list(char* at, const Field& f, Bytes value) noexcept {
  at = put(at, '[');
  for (std::size_t i = 0; i < value.size(); i += f.element)
    at = put(put_plain(at, f.element, f.show, load_le(value.data() + i, f.element)), ',');
  return put(at[-1] == ',' ? at - 1 : at, ']');
}

}  // namespace wheatstone::layout
