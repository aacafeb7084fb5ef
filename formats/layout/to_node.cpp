#include "formats/layout/to_node.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "formats/layout/record_time.hpp"
#include "formats/layout/text_buffer.hpp"
#include "formats/layout/time.hpp"
#include "formats/layout/utf16.hpp"
#include "formats/layout/walk.hpp"
#include "formats/layout/zeros.hpp"

namespace wheatstone::layout {
namespace {

Bytes without_zeros_behind(Bytes bytes, std::size_t unit) {
  while (bytes.size() >= unit && all_zero(bytes.last(unit))) bytes = bytes.first(bytes.size() - unit);
  return bytes;
}

Node named(std::string_view name, std::uint64_t value, bool hex) {
  return name.empty() ? number_node(value, hex) : scalar(std::string(name), true);
}

// A list of the flags that are set or, if there is more than flags, a map of the bits that are not zero. Bits
// without a name are in "raw".
Node word_node(std::uint64_t value, Word bits) {
  std::uint64_t unnamed = value;
  bool flags_only = true;
  for (const Bit& bit : bits) {
    unnamed = bit.set(unnamed, 0);
    flags_only = flags_only && (bit.width == 1 || bit.get(value) == 0);
  }
  Node node;
  if (flags_only && unnamed == 0) {
    node.kind = Node::Kind::list;
    for (const Bit& bit : bits)
      if (bit.get(value) != 0) node.items.push_back(scalar(std::string(bit.name), true));
    return node;
  }
  node.kind = Node::Kind::map;
  if (unnamed != 0) node.members.push_back({"raw", {}, number_node(unnamed, true)});
  for (const Bit& bit : bits) {
    const std::uint64_t part = bit.get(value);
    if (part == 0) continue;
    node.members.push_back({std::string(bit.name),
                            {},
                            bit.width == 1 ? scalar("true") : named(name_of(bit.names, part), part, false)});
  }
  return node;
}

// Times that cannot be written as a date and read back stay numbers.
Node time_node(Show show, std::uint64_t value) {
  TimeText text;
  const std::string_view shown = show == Show::filetime ? text.filetime(value) : text.record(value);
  const auto time = parse_iso8601(shown);
  if (time && (show == Show::filetime ? time->ticks == value
                                      : encode_record_time(to_civil(*time), TimestampForm::binary) == value))
    return scalar(std::string(shown), true);
  return number_node(value, true);
}

class NodeSink {
 public:
  NodeSink(const Layout& layout, Bytes bytes) { enter(layout, bytes); }

  Node take() { return std::move(levels_.back().node); }

  bool wants(const Field& f, bool valid) {
    const Layout& layout = *levels_.back().layout;
    keep_zero_ = (f.valid_bit >= 0 && valid && layout.valid.present()) || is(layout.valid, f) ||
                 (!f.name.empty() && f.name == levels_.back().selector);
    return !is_derived(f);
  }

  void number(const Field& f, std::uint64_t value) {
    if (value == 0 && !keep_zero_) return;
    if (f.show == Show::filetime || f.show == Show::record_time) {
      add(f.name, time_node(f.show, value));
    } else {
      add(f.name, named(f.meaning == Meaning::names ? name_of(f.value_names, value) : std::string_view(),
                        value, f.show == Show::hex));
    }
  }

  void word(const Field& f, std::uint64_t value, Word bits) {
    if (f.name.empty()) {
      for (const Bit& bit : bits)
        if (const std::uint64_t part = bit.get(value); part != 0)
          add(bit.name, bit.width == 1 ? scalar("true") : named(name_of(bit.names, part), part, false));
    } else if (const std::uint64_t said = without_counts(f, value); said != 0 || keep_zero_) {
      add(f.name, bits.empty() ? number_node(said, true) : word_node(said, bits));
    }
  }

  void guid(const Field& f, const Guid& value) {
    if (value == Guid{} && !keep_zero_) return;
    const std::string_view name = name_of(f.guid_names, value);
    add(f.name, scalar(name.empty() ? value.text() : std::string(name), true));
  }

  void bytes(const Field& f, Bytes value) {
    if (all_zero(value) && !keep_zero_) return;
    if (f.kind == Kind::ascii) {
      const std::string_view text = as_text(without_zeros_behind(value, 1));
      if (std::ranges::all_of(text, [](char c) { return c >= ' ' && c <= '~'; }))
        add(f.name, scalar(std::string(text), true));
    } else if (f.kind == Kind::utf16) {
      const Bytes wide = without_zeros_behind(value, 2);
      std::string text = utf16le_to_utf8_lossy(wide);
      const auto back = utf8_to_utf16le(text);
      if (back && std::ranges::equal(*back, wide) &&
          std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) >= ' ' && c != 0x7f; }))
        add(f.name, scalar(std::move(text), true));
    } else {
      add(f.name, hex_scalar(without_zeros_behind(value, 1)));
    }
  }

  void list(const Field& f, Bytes value) {
    const Bytes shown = without_zeros_behind(value, f.element);
    if (shown.empty() && !keep_zero_) return;
    Node node;
    node.kind = Node::Kind::list;
    for (std::size_t at = 0; at < shown.size(); at += f.element)
      node.items.push_back(number_node(load_le(shown.data() + at, f.element), f.show != Show::dec));
    add(f.name, std::move(node));
  }

  void begin_part(std::string_view name, const Layout& layout, Bytes bytes) {
    parts_.push_back({name, keep_zero_});
    enter(layout, bytes);
  }
  void end_part() {
    Node node = leave();
    const Part part = parts_.back();
    parts_.pop_back();
    if (!node.members.empty() || part.keep) add(part.name, std::move(node));
  }
  void begin_many(const Tail& tail) {
    lists_.push_back({&tail, {}});
    lists_.back().list.kind = Node::Kind::list;
  }
  void begin_item(std::uint64_t, const Layout& layout, Bytes bytes) {
    const Choice* choice = lists_.back().tail->choice;
    enter(layout, bytes, choice != nullptr ? choice->selector : std::string_view());
  }
  void end_item() { lists_.back().list.items.push_back(leave()); }
  void end_many() {
    Array array = std::move(lists_.back());
    lists_.pop_back();
    if (!array.list.items.empty()) add(array.tail->name, std::move(array.list));
  }

  void unread(std::string_view name, Bytes value) { add(name, hex_scalar(value)); }

 private:
  struct Level {
    const Layout* layout;
    Bytes bytes;
    std::string_view selector;  // an element's field that says what it is
    Node node;
  };
  struct Array {
    const Tail* tail;
    Node list;
  };
  struct Part {
    std::string_view name;
    bool keep;
  };

  void enter(const Layout& layout, Bytes bytes, std::string_view selector = {}) {
    levels_.push_back({&layout, bytes, selector, {}});
    levels_.back().node.kind = Node::Kind::map;
  }
  Node leave() {
    Node node = std::move(levels_.back().node);
    levels_.pop_back();
    return node;
  }

  static bool is(const Ref& ref, const Field& f) {
    return ref.present() && ref.offset == f.offset && ref.bytes == f.size;
  }
  // Whether all of the field is the count.
  static bool is_count(const Tail& tail, const Field& f) {
    return is(tail.count, f) && tail.count.width == f.size * 8;
  }
  // A word less the bits of it that count.
  std::uint64_t without_counts(const Field& f, std::uint64_t value) const {
    for (const Tail& tail : levels_.back().layout->tail)
      if (is(tail.count, f)) value = Bit{tail.count.low, tail.count.width, {}, {}}.set(value, 0);
    return value;
  }
  // What making the structure gives: whole fields that count or locate, and lengths that cannot be true.
  bool is_derived(const Field& f) const {
    const Level& level = levels_.back();
    const auto too_long = [&](const Ref& ref) {
      return is(ref, f) && load(level.bytes, ref) > level.bytes.size();
    };
    if (too_long(level.layout->self)) return true;
    for (const Tail& tail : level.layout->tail) {
      if (is_count(tail, f) || is(tail.offset, f)) return true;
      if (!tail.clipped && too_long(tail.length)) return true;
    }
    return false;
  }

  void add(std::string_view name, Node value) {
    levels_.back().node.members.push_back({std::string(name), {}, std::move(value)});
  }

  std::vector<Level> levels_;
  std::vector<Array> lists_;
  std::vector<Part> parts_;
  bool keep_zero_ = false;  // the field is valid, or says what is: it is shown though it is zero
};

}  // namespace

Node scalar(std::string text, bool quoted) {
  Node node;
  node.kind = Node::Kind::scalar;
  node.quoted = quoted;
  node.text = std::move(text);
  return node;
}

Node number_node(std::uint64_t value, bool hex) {
  return scalar(hex ? fmt::format("{:#x}", value) : fmt::format("{}", value));
}

Node map_node() {
  Node node;
  node.kind = Node::Kind::map;
  return node;
}

Node hex_scalar(Bytes bytes) {
  return scalar(hex_text(bytes), true);
}

Node to_node(const Layout& layout, Bytes bytes) {
  NodeSink sink(layout, bytes);
  walk(layout, bytes, sink);
  return sink.take();
}

}  // namespace wheatstone::layout
