// The sink of walk() that writes JSON members.
#pragma once

#include "formats/layout/json.hpp"
#include "formats/layout/json_text.hpp"
#include "formats/layout/zeros.hpp"

namespace wheatstone::layout {

// Every member ends with a comma; closing a container takes the last one back.
class JsonSink {
 public:
  JsonSink(TextBuffer& out, Detail detail) : out_(out), detail_(detail) {}

  bool wants(const Field&, bool valid) const { return valid || detail_ == Detail::all; }

  void number(const Field& f, std::uint64_t value) {
    member(f, [&](char* at) { return put_number(at, f, value); });
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
      at = bit.width == 1 ? put(at, part != 0 ? "true" : "false") : put_bits(at, bit, part);
      at = put(at, ',');
    }
    out_.commit(f.name.empty() ? at : put_close(at, '}'));
  }

  void guid(const Field& f, const Guid& value) {
    member(f, [&](char* at) { return put_guid(at, f, value); });
  }

  void bytes(const Field& f, Bytes value) {
    if (f.kind == Kind::pad && detail_ == Detail::valid && all_zero(value)) return;
    member(f, [&](char* at) { return put_bytes(at, f, value); });
  }

  void list(const Field& f, Bytes value) {
    member(f, [&](char* at) { return put_list(at, f, value); });
  }

  void begin_part(std::string_view name, const Layout&, Bytes) { open(name, '{'); }
  void end_part() { close('}'); }
  void begin_many(const Tail& tail) { open(tail.name, '['); }
  void begin_item(std::uint64_t, const Layout&, Bytes) { out_.append('{'); }
  void end_item() { close('}'); }
  void end_many() { close(']'); }

  void unread(std::string_view name, Bytes value) {
    out_.commit(put(put_key(out_.room(kKeyRoom), name), '"'));
    append_hex(out_, value);
    out_.append("\",");
  }

  void close(char c) {
    char* const at = out_.room(2);
    out_.commit(put_close(at, c));
  }

 private:
  template <class Put>
  void member(const Field& f, Put put_it) {
    char* const at = put_key(out_.room(kKeyRoom + value_room(f)), f.name);
    out_.commit(put(put_it(at), ','));
  }
  void open(std::string_view name, char c) { out_.commit(put(put_key(out_.room(kKeyRoom), name), c)); }

  TextBuffer& out_;
  Detail detail_;
};

}  // namespace wheatstone::layout
