#include "formats/layout/json.hpp"

#include <fmt/format.h>

#include "formats/layout/json_sink.hpp"
#include "formats/layout/utf16.hpp"
#include "formats/layout/walk.hpp"

namespace wheatstone::layout {
namespace {

// True for text that JSON carries as it is.
bool is_plain(std::string_view text) {
  for (const char c : text)
    if (c < ' ' || c > '~' || c == '"' || c == '\\') return false;
  return true;
}

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
  out_.append('"');
  append_hex(out_, bytes);
  out_.append('"');
}

void JsonWriter::layout(const Layout& layout, Bytes bytes, Detail detail) {
  separate();
  to_json(out_, layout, bytes, detail);
}

}  // namespace wheatstone::layout
