#include "formats/layout/json.hpp"

#include <fmt/format.h>

#include "formats/layout/record_time.hpp"
#include "formats/layout/time.hpp"
#include "formats/layout/utf16.hpp"
#include "formats/layout/walk.hpp"

namespace wheatstone::layout {
namespace {

constexpr std::size_t kKeyRoom = kLongestName + 4;  // quotes, colon, comma
constexpr std::size_t kNumberRoom = 24;
constexpr std::size_t kEscapeRoom = 6;  // \u0000

void put_escaped(TextBuffer& out, char c) {
  switch (c) {
    case '"':
      out.put("\\\"");
      return;
    case '\\':
      out.put("\\\\");
      return;
    case '\n':
      out.put("\\n");
      return;
    case '\r':
      out.put("\\r");
      return;
    case '\t':
      out.put("\\t");
      return;
    default:
      break;
  }
  if (static_cast<unsigned char>(c) >= 0x20) {
    out.put(c);
  } else {
    out.put("\\u00");
    out.put_hex(static_cast<unsigned char>(c), 2);
  }
}

// REQUIRES: room for six characters a byte and two quotes.
void put_quoted(TextBuffer& out, std::string_view text) {
  out.put('"');
  for (const char c : text) put_escaped(out, c);
  out.put('"');
}

// Bytes >= 0x80 of a field that should be ASCII are shown as Latin-1, so that each keeps its identity.
void put_ascii(TextBuffer& out, Bytes bytes) {
  out.put('"');
  for (const std::uint8_t byte : bytes) {
    if (byte < 0x7f) {
      put_escaped(out, static_cast<char>(byte));
    } else {
      out.put("\\u00");
      out.put_hex(byte, 2);
    }
  }
  out.put('"');
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
    out_.reserve(2 * kKeyRoom + 3 * kNumberRoom);
    key(f.name);
    if (f.meaning == Meaning::names) {
      named(f.size, f.show, value, name_of(f.value_names, value));
    } else if (f.show == Show::filetime || f.show == Show::record_time) {
      time(f, value);
    } else {
      plain(f.size, f.show, value);
    }
    out_.put(',');
  }

  void word(const Field& f, std::uint64_t value, Word bits) {
    out_.reserve(kKeyRoom + kNumberRoom + bits.size() * (2 * kKeyRoom + 2 * kNumberRoom));
    if (!f.name.empty()) {
      key(f.name);
      out_.put("{\"raw\":");
      plain(f.size, Show::hex, value);
      out_.put(',');
    }
    for (const Bit& bit : bits) {
      const std::uint64_t part = bit.get(value);
      if (part == 0 && detail_ == Detail::valid) continue;
      key(bit.name);
      if (bit.width == 1) {
        out_.put(part != 0 ? "true" : "false");
      } else if (!bit.names.empty()) {
        named(bit.width > 32 ? 8 : 4, Show::dec, part, name_of(bit.names, part));
      } else {
        plain(bit.width > 32 ? 8 : 4, Show::dec, part);
      }
      out_.put(',');
    }
    if (!f.name.empty()) close('}');
  }

  void guid(const Field& f, const Guid& value) {
    const std::string_view name = name_of(f.guid_names, value);
    out_.reserve(2 * kKeyRoom + 96);
    key(f.name);
    if (!name.empty()) out_.put("{\"guid\":");
    out_.put('"');
    for (std::size_t i = 0; i < Guid::kSize; ++i) {
      if (i == 4 || i == 6 || i == 8 || i == 10) out_.put('-');
      out_.put_hex(value.bytes[Guid::kOrder[i]], 2);
    }
    out_.put('"');
    if (!name.empty()) {
      out_.put(",\"name\":\"");
      out_.put(name);
      out_.put("\"}");
    }
    out_.put(',');
  }

  void bytes(const Field& f, Bytes value) {
    if (f.kind == Kind::pad && detail_ == Detail::valid && all_zero(value)) return;
    if (f.kind == Kind::ascii) {
      const Bytes text = trimmed(value, 1);
      out_.reserve(kKeyRoom + 2 + text.size() * kEscapeRoom);
      key(f.name);
      put_ascii(out_, text);
    } else if (f.kind == Kind::utf16) {
      const std::string text = utf16le_to_utf8_lossy(trimmed(value, 2));
      out_.reserve(kKeyRoom + 2 + text.size() * kEscapeRoom);
      key(f.name);
      put_quoted(out_, text);
    } else {
      hex(f.name, value);
    }
    out_.put(',');
  }

  void list(const Field& f, Bytes value) {
    out_.reserve(kKeyRoom + 4 + value.size() / f.element * kNumberRoom);
    key(f.name);
    out_.put('[');
    for (std::size_t at = 0; at < value.size(); at += f.element) {
      plain(f.element, f.show, load_le(value.data() + at, f.element));
      out_.put(',');
    }
    close(']');
  }

  void begin_part(std::string_view name, const Layout&) {
    out_.reserve(kKeyRoom + 1);
    key(name);
    out_.put('{');
  }
  void end_part() { close('}'); }

  void begin_many(std::string_view name) {
    out_.reserve(kKeyRoom + 1);
    key(name);
    out_.put('[');
  }
  void begin_item(std::uint64_t, const Layout&) {
    out_.reserve(1);
    out_.put('{');
  }
  void end_item() { close('}'); }
  void end_many() { close(']'); }

  void unread(std::string_view name, Bytes value) {
    hex(name, value);
    out_.put(',');
  }

  // Takes back the comma before, if there is one, and adds one behind.
  void close(char c) {
    out_.reserve(2);
    if (out_.back() == ',') out_.pop();
    out_.put(c);
    out_.put(',');
  }

 private:
  void key(std::string_view name) {
    out_.put('"');
    out_.put(name);
    out_.put("\":");
  }

  void plain(std::uint32_t size, Show show, std::uint64_t value) {
    if (show == Show::dec && size <= 4) {
      out_.put_dec(value);
      return;
    }
    out_.put('"');
    if (show == Show::dec) {
      out_.put_dec(value);
    } else {
      out_.put("0x");
      out_.put_hex(value, size * 2);
    }
    out_.put('"');
  }

  void named(std::uint32_t size, Show show, std::uint64_t value, std::string_view name) {
    out_.put("{\"value\":");
    plain(size, show, value);
    if (!name.empty()) {
      out_.put(",\"name\":\"");
      out_.put(name);
      out_.put('"');
    }
    out_.put('}');
  }

  void time(const Field& f, std::uint64_t value) {
    out_.put("{\"raw\":");
    plain(8, Show::hex, value);
    TimeText text;
    const std::string_view shown = f.show == Show::filetime ? text.filetime(value) : text.record(value);
    if (!shown.empty()) {
      out_.put(",\"time\":\"");
      out_.put(shown);
      out_.put('"');
    }
    out_.put('}');
  }

  void hex(std::string_view name, Bytes value) {
    out_.reserve(kKeyRoom + 4 + value.size() * 2);
    key(name);
    out_.put('"');
    out_.put_hex(value);
    out_.put('"');
  }

  TextBuffer& out_;
  Detail detail_;
};

}  // namespace

void to_json(TextBuffer& out, const Layout& layout, Bytes bytes, Detail detail) {
  JsonSink sink(out, detail);
  out.reserve(1);
  out.put('{');
  walk(layout, bytes, sink);
  sink.close('}');
  out.pop();
}

void JsonWriter::separate() {
  out_.reserve(1);
  const char last = out_.back();
  if (last != '\0' && last != '{' && last != '[' && last != ':' && last != '\n') out_.put(',');
}

void JsonWriter::open(char c) {
  separate();
  out_.reserve(1);
  out_.put(c);
}

void JsonWriter::close(char c) {
  out_.reserve(1);
  out_.put(c);
}

void JsonWriter::key(std::string_view name) {
  text(name);
  out_.reserve(1);
  out_.put(':');
}

void JsonWriter::text(std::string_view value) {
  separate();
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
  out_.reserve(2 + value.size() * kEscapeRoom);
  put_quoted(out_, value);
}

void JsonWriter::number(std::uint64_t value) {
  separate();
  out_.reserve(kNumberRoom);
  out_.put_dec(value);
}

void JsonWriter::number(double value) {
  separate();
  out_.append(fmt::format("{}", value));
}

void JsonWriter::hex(std::uint64_t value, unsigned digits) {
  separate();
  out_.reserve(kNumberRoom);
  out_.put("\"0x");
  out_.put_hex(value, digits);
  out_.put('"');
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
  out_.reserve(2 + bytes.size() * 2);
  out_.put('"');
  out_.put_hex(bytes);
  out_.put('"');
}

void JsonWriter::layout(const Layout& layout, Bytes bytes, Detail detail) {
  separate();
  to_json(out_, layout, bytes, detail);
}

}  // namespace wheatstone::layout
