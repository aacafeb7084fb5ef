#include "formats/layout/json.hpp"

#include <fmt/format.h>

#include <bit>
#include <cstring>

#include "formats/layout/record_time.hpp"
#include "formats/layout/time.hpp"
#include "formats/layout/utf16.hpp"
#include "formats/layout/walk.hpp"

namespace wheatstone::layout {
namespace {

constexpr std::size_t kKeyRoom = kLongestName + 4;  // quotes, colon, comma
constexpr std::size_t kNumberRoom = 24;
constexpr std::size_t kNamedRoom = kLongestName + 2 * kNumberRoom;
constexpr std::size_t kEscapeRoom = 6;  // \u0000

char* put_key(char* at, std::string_view name) {
  *at = '"';
  at = put(at + 1, name);
  std::memcpy(at, "\":", 2);
  return at + 2;
}

char* put_escaped(char* at, char c) {
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

// REQUIRES: room for six characters a byte and two quotes.
char* put_quoted(char* at, std::string_view text) {
  at = put(at, '"');
  for (const char c : text) at = put_escaped(at, c);
  return put(at, '"');
}

// Bytes >= 0x80 of a field that should be ASCII are shown as Latin-1, so that each keeps its identity.
char* put_ascii(char* at, Bytes bytes) {
  at = put(at, '"');
  for (const std::uint8_t byte : bytes)
    at = byte < 0x7f ? put_escaped(at, static_cast<char>(byte)) : put_hex(put(at, "\\u00"), byte, 2);
  return put(at, '"');
}

char* put_guid(char* at, const Guid& value) {
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

// True for text that JSON carries as it is.
bool is_plain(std::string_view text) {
  for (const char c : text)
    if (c < ' ' || c > '~' || c == '"' || c == '\\') return false;
  return true;
}

// A quantity or an identifier of `size` bytes: see the header for the forms.
char* put_plain(char* at, std::uint32_t size, Show show, std::uint64_t value) {
  if (show == Show::dec) return size <= 4 ? put_dec(at, value) : put(put_dec(put(at, '"'), value), '"');
  std::memcpy(at, "\"0x0000000000000000", 19);  // most registers of most records are zero
  if (value != 0) put_hex(at + 3, value, size * 2);
  return put(at + 3 + size * 2, '"');
}

char* put_named(char* at, std::uint32_t size, Show show, std::uint64_t value, std::string_view name) {
  at = put_plain(put(at, "{\"value\":"), size, show, value);
  if (!name.empty()) at = put(put(put(at, ",\"name\":\""), name), '"');
  return put(at, '}');
}

char* put_time(char* at, Show show, std::uint64_t value) {
  at = put_plain(put(at, "{\"raw\":"), 8, Show::hex, value);
  TimeText text;
  const std::string_view shown = show == Show::filetime ? text.filetime(value) : text.record(value);
  if (!shown.empty()) at = put(put(put(at, ",\"time\":\""), shown), '"');
  return put(at, '}');
}

// Without the NULs at the end.
Bytes trimmed(Bytes bytes, std::size_t unit) {
  while (bytes.size() >= unit) {
    for (std::size_t i = bytes.size() - unit; i < bytes.size(); ++i)
      if (bytes[i] != 0) return bytes;
    bytes = bytes.first(bytes.size() - unit);
  }
  return bytes;
}

bool all_zero(Bytes bytes) {
  for (const std::uint8_t byte : bytes)
    if (byte != 0) return false;
  return true;
}

// Every value ends with a comma; closing a container takes the last one back.
class JsonSink {
 public:
  JsonSink(TextBuffer& out, Detail detail) : out_(out), detail_(detail) {}

  bool wants(const Field&, bool valid) const { return valid || detail_ == Detail::all; }

  void number(const Field& f, std::uint64_t value) {
    char* at = put_key(out_.room(kKeyRoom + kNamedRoom), f.name);
    if (f.meaning == Meaning::names) {
      at = put_named(at, f.size, f.show, value, name_of(f.value_names, value));
    } else if (f.show == Show::filetime || f.show == Show::record_time) {
      at = put_time(at, f.show, value);
    } else {
      at = put_plain(at, f.size, f.show, value);
    }
    out_.commit(put(at, ','));
  }

  void word(const Field& f, std::uint64_t value, Word bits) {
    char* at = out_.room(kKeyRoom + kNumberRoom + bits.size() * (kKeyRoom + kNamedRoom));
    if (!f.name.empty()) {
      at = put(put_key(at, f.name), "{\"raw\":");
      at = put(put_plain(at, f.size, Show::hex, value), ',');
    }
    for (const Bit& bit : bits) {
      const std::uint64_t part = bit.get(value);
      if (part == 0 && detail_ == Detail::valid) continue;
      at = put_key(at, bit.name);
      if (bit.width == 1) {
        std::memcpy(at, part != 0 ? "true," : "false,", 6);
        at += part != 0 ? 5 : 6;
        continue;
      }
      const std::uint32_t size = bit.width > 32 ? 8 : 4;
      at = bit.names.empty() ? put_plain(at, size, Show::dec, part)
                             : put_named(at, size, Show::dec, part, name_of(bit.names, part));
      at = put(at, ',');
    }
    if (!f.name.empty()) at = put(put(at[-1] == ',' ? at - 1 : at, '}'), ',');
    out_.commit(at);
  }

  void guid(const Field& f, const Guid& value) {
    const std::string_view name = name_of(f.guid_names, value);
    char* at = put_key(out_.room(kKeyRoom + kNamedRoom + 40), f.name);
    if (name.empty()) {
      at = put_guid(at, value);
    } else {
      at = put_guid(put(at, "{\"guid\":"), value);
      at = put(put(put(at, ",\"name\":\""), name), "\"}");
    }
    out_.commit(put(at, ','));
  }

  void bytes(const Field& f, Bytes value) {
    if (f.kind == Kind::pad && detail_ == Detail::valid && all_zero(value)) return;
    if (f.kind == Kind::ascii) {
      const Bytes text = trimmed(value, 1);
      char* at = put_key(out_.room(kKeyRoom + 2 + text.size() * kEscapeRoom), f.name);
      out_.commit(put(put_ascii(at, text), ','));
    } else if (f.kind == Kind::utf16) {
      const std::string text = utf16le_to_utf8_lossy(trimmed(value, 2));
      char* at = put_key(out_.room(kKeyRoom + 2 + text.size() * kEscapeRoom), f.name);
      out_.commit(put(put_quoted(at, text), ','));
    } else {
      unread(f.name, value);
    }
  }

  void list(const Field& f, Bytes value) {
    char* at = put_key(out_.room(kKeyRoom + 4 + value.size() / f.element * kNumberRoom), f.name);
    at = put(at, '[');
    for (std::size_t i = 0; i < value.size(); i += f.element)
      at = put(put_plain(at, f.element, f.show, load_le(value.data() + i, f.element)), ',');
    out_.commit(put(put(at[-1] == ',' ? at - 1 : at, ']'), ','));
  }

  void begin_part(std::string_view name, const Layout&, Bytes) { open(name, '{'); }
  void end_part() { close('}'); }
  void begin_many(const Tail& tail) { open(tail.name, '['); }
  void begin_item(std::uint64_t, const Layout&, Bytes) { out_.append('{'); }
  void end_item() { close('}'); }
  void end_many() { close(']'); }

  void unread(std::string_view name, Bytes value) {
    char* at = put_key(out_.room(kKeyRoom + 4 + value.size() * 2), name);
    at = put_hex(put(at, '"'), value);
    out_.commit(put(put(at, '"'), ','));
  }

  // Takes back the comma before, if there is one, and adds one behind.
  void close(char c) {
    if (out_.back() == ',') out_.pop();
    out_.commit(put(put(out_.room(2), c), ','));
  }

 private:
  void open(std::string_view name, char c) { out_.commit(put(put_key(out_.room(kKeyRoom + 1), name), c)); }

  TextBuffer& out_;
  Detail detail_;
};

}  // namespace

void to_json(TextBuffer& out, const Layout& layout, Bytes bytes, Detail detail) {
  JsonSink sink(out, detail);
  out.append('{');
  walk(layout, bytes, sink);
  sink.close('}');
  out.pop();
}

// What stands last says whether this is a further member or item: a comma is due after anything but an
// opening, a colon, a line end or nothing.
void JsonWriter::separate() {
  const char last = out_.back();
  if (last != '\0' && last != '{' && last != '[' && last != ':' && last != '\n') out_.append(',');
}

void JsonWriter::open(char c) {
  separate();
  out_.append(c);
}

void JsonWriter::close(char c) {
  out_.append(c);
}

void JsonWriter::key(std::string_view name) {
  text(name);
  out_.append(':');
}

void JsonWriter::text(std::string_view value) {
  separate();
  if (is_plain(value)) {
    char* at = put(put(out_.room(2 + value.size()), '"'), value);
    out_.commit(put(at, '"'));
    return;
  }
  std::string repaired;
  if (find_invalid_utf8(value)) {
    // Each byte that starts no character is replaced; what follows it is looked at afresh.
    while (const auto bad = find_invalid_utf8(value)) {
      repaired += value.substr(0, *bad);
      repaired += "\xef\xbf\xbd";
      value.remove_prefix(*bad + 1);
    }
    repaired += value;
    value = repaired;
  }
  out_.commit(put_quoted(out_.room(2 + value.size() * kEscapeRoom), value));
}

void JsonWriter::number(std::uint64_t value) {
  separate();
  out_.commit(put_dec(out_.room(kDecimalRoom), value));
}

void JsonWriter::number(double value) {
  separate();
  out_.append(fmt::format("{}", value));
}

void JsonWriter::hex(std::uint64_t value, unsigned digits) {
  separate();
  char* at = put_hex(put(out_.room(kNumberRoom), "\"0x"), value, digits);
  out_.commit(put(at, '"'));
}

void JsonWriter::boolean(bool value) {
  separate();
  out_.append(value ? "true" : "false");
}

void JsonWriter::null() {
  separate();
  out_.append("null");
}

void JsonWriter::hex_bytes(Bytes bytes) {
  separate();
  char* at = put_hex(put(out_.room(2 + bytes.size() * 2), '"'), bytes);
  out_.commit(put(at, '"'));
}

void JsonWriter::layout(const Layout& layout, Bytes bytes, Detail detail) {
  separate();
  to_json(out_, layout, bytes, detail);
}

}  // namespace wheatstone::layout
