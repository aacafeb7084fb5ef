// The JSON of a layout as json.hpp describes it, written the slow and obvious way: what fast writers are held
// to.
#pragma once

#include <fmt/format.h>

#include <string>
#include <vector>

#include "formats/layout/json.hpp"
#include "formats/layout/record_time.hpp"
#include "formats/layout/utf16.hpp"
#include "formats/layout/walk.hpp"

namespace wheatstone::test {

class ReferenceJson {
 public:
  explicit ReferenceJson(layout::Detail detail) : all_(detail == layout::Detail::all) {}

  bool wants(const layout::Field&, bool valid) const { return valid || all_; }

  void number(const layout::Field& f, std::uint64_t value) {
    if (f.meaning == layout::Meaning::names) {
      add(f.name, named(plain(f.size, f.show, value), layout::name_of(f.value_names, value)));
    } else if (f.show == layout::Show::filetime || f.show == layout::Show::record_time) {
      layout::TimeText time;
      const std::string_view text =
          f.show == layout::Show::filetime ? time.filetime(value) : time.record(value);
      const std::string raw = fmt::format("\"raw\":{}", plain(8, layout::Show::hex, value));
      add(f.name, text.empty() ? "{" + raw + "}" : fmt::format("{{{},\"time\":\"{}\"}}", raw, text));
    } else {
      add(f.name, plain(f.size, f.show, value));
    }
  }

  void word(const layout::Field& f, std::uint64_t value, layout::Word bits) {
    if (!f.name.empty()) {
      open(f.name, '{');
      add("raw", plain(f.size, layout::Show::hex, value));
    }
    for (const layout::Bit& bit : bits) {
      const std::uint64_t part = bit.get(value);
      if (part == 0 && !all_) continue;
      const std::string number = plain(bit.width > 32 ? 8 : 4, layout::Show::dec, part);
      add(bit.name, bit.width == 1      ? std::string(part != 0 ? "true" : "false")
                    : bit.names.empty() ? number
                                        : named(number, layout::name_of(bit.names, part)));
    }
    if (!f.name.empty()) close('}');
  }

  void guid(const layout::Field& f, const Guid& value) {
    const std::string text = fmt::format("\"{}\"", value.text());
    const std::string_view name = layout::name_of(f.guid_names, value);
    add(f.name, name.empty() ? text : fmt::format("{{\"guid\":{},\"name\":\"{}\"}}", text, name));
  }

  void bytes(const layout::Field& f, Bytes value) {
    const bool zero = std::ranges::all_of(value, [](std::uint8_t byte) { return byte == 0; });
    if (f.kind == layout::Kind::pad && zero && !all_) return;
    if (f.kind == layout::Kind::ascii) {
      std::string text(as_text(value));
      text.resize(text.find_last_not_of('\0') + 1);
      add(f.name, quoted(text, 0x7f));
    } else if (f.kind == layout::Kind::utf16) {
      std::string text = utf16le_to_utf8_lossy(value);
      text.resize(text.find_last_not_of('\0') + 1);
      add(f.name, quoted(text, 0x100));
    } else {
      add(f.name, hex(value));
    }
  }

  void list(const layout::Field& f, Bytes value) {
    open(f.name, '[');
    for (std::size_t at = 0; at < value.size(); at += f.element) {
      separate();
      text_ += plain(f.element, f.show, load_le(&value[at], f.element));
    }
    close(']');
  }

  void begin_part(std::string_view name, const layout::Layout&, Bytes) { open(name, '{'); }
  void end_part() { close('}'); }
  void begin_many(const layout::Tail& tail) { open(tail.name, '['); }
  void begin_item(std::uint64_t, const layout::Layout&, Bytes) {
    separate();
    text_ += '{';
  }
  void end_item() { close('}'); }
  void end_many() { close(']'); }
  void unread(std::string_view name, Bytes value) { add(name, hex(value)); }

  std::string text() const { return "{" + text_ + "}"; }

 private:
  static std::string plain(std::uint32_t size, layout::Show show, std::uint64_t value) {
    if (show != layout::Show::dec) return fmt::format("\"0x{:0{}x}\"", value, size * 2);
    return size <= 4 ? fmt::format("{}", value) : fmt::format("\"{}\"", value);
  }
  static std::string named(const std::string& number, std::string_view name) {
    if (name.empty()) return fmt::format("{{\"value\":{}}}", number);
    return fmt::format("{{\"value\":{},\"name\":\"{}\"}}", number, name);
  }
  static std::string hex(Bytes bytes) {
    std::string text;
    for (const std::uint8_t byte : bytes) text += fmt::format("{:02x}", byte);
    return "\"" + text + "\"";
  }
  static std::string quoted(const std::string& text, unsigned first_escaped) {
    std::string out = "\"";
    for (const char c : text) {
      const auto byte = static_cast<unsigned char>(c);
      if (c == '"' || c == '\\') {
        out += {'\\', c};
      } else if (c == '\n' || c == '\r' || c == '\t') {
        out += {'\\', c == '\n' ? 'n' : c == '\r' ? 'r' : 't'};
      } else {
        out += byte < 0x20 || byte >= first_escaped ? fmt::format("\\u{:04x}", byte) : std::string(1, c);
      }
    }
    return out + "\"";
  }

  void separate() {
    if (!text_.empty() && text_.back() != '{' && text_.back() != '[') text_ += ',';
  }
  void open(std::string_view name, char c) {
    separate();
    text_ += fmt::format("\"{}\":{}", name, c);
  }
  void close(char c) { text_ += c; }
  void add(std::string_view name, const std::string& value) {
    separate();
    text_ += fmt::format("\"{}\":{}", name, value);
  }

  bool all_;
  std::string text_;
};

inline std::string reference_json(const layout::Layout& layout, Bytes bytes, layout::Detail detail) {
  ReferenceJson sink(detail);
  layout::walk(layout, bytes, sink);
  return sink.text();
}

}  // namespace wheatstone::test
