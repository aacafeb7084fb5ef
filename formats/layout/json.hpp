// JSON text from layouts, and a small writer for the JSON around them.
//
// Numbers: quantities of up to 32 bits are JSON numbers, 64-bit quantities are decimal strings, identifiers,
// addresses and registers are "0x..." strings of the field's full width; nothing is ever rounded. Named
// values are
// {"value": 1, "name": "Fatal"}, words are {"raw": "0x...", "Flag": true, ...}, bytes are strings of hex
// digits.
#pragma once

#include <string>
#include <string_view>

#include "formats/layout/bytes.hpp"
#include "formats/layout/field.hpp"
#include "formats/layout/text_buffer.hpp"

namespace wheatstone::layout {

enum class Detail : std::uint8_t {
  all,    // every field and every named bit
  valid,  // without fields whose validity bit is clear, bits that are clear and reserved bytes that are zero
};

// Appends the structure as a JSON object. Output is linear in bytes.size() for a given layout; no other
// allocation than the buffer's.
void to_json(TextBuffer& out, const Layout& layout, Bytes bytes, Detail detail = Detail::all);

// Writes JSON by hand: commas and escapes are its business, matching begin and end are the caller's.
class JsonWriter {
 public:
  explicit JsonWriter(TextBuffer& out) : out_(out) {}

  void begin_object() { open('{'); }
  void end_object() { close('}'); }
  void begin_array() { open('['); }
  void end_array() { close(']'); }
  void key(std::string_view name);
  void text(std::string_view value);  // UTF-8; ill-formed bytes become U+FFFD
  void number(std::uint64_t value);
  void number(double value);
  void hex(std::uint64_t value, unsigned digits);  // "0x..."
  void boolean(bool value);
  void null();
  void hex_bytes(Bytes bytes);
  void layout(const Layout& layout, Bytes bytes, Detail detail);

 private:
  void open(char c);
  void close(char c);
  void separate();

  TextBuffer& out_;
};

}  // namespace wheatstone::layout
