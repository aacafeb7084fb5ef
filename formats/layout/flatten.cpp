#include "formats/layout/flatten.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <span>
#include <unordered_map>

#include "formats/layout/record_time.hpp"
#include "formats/layout/text_buffer.hpp"
#include "formats/layout/utf16.hpp"
#include "formats/layout/walk.hpp"

namespace wheatstone::layout {
namespace {

constexpr std::string_view kMark = " : ";  // between path and value
constexpr std::string_view kNotValid = "  (not valid)\n";

class FlattenSink {
 public:
  FlattenSink(std::string_view prefix, const std::function<void(Leaf&&)>& take)
      : path_(prefix), take_(take) {}

  bool wants(const Field& f, bool valid) {
    field_ = f.name;
    valid_ = valid && outer_valid_;
    return true;
  }

  void number(const Field& f, std::uint64_t value) {
    Leaf leaf = numeric(f.name, f.show != Show::dec, f.size, value);
    if (f.meaning == Meaning::names) leaf.text = name_of(f.value_names, value);
    TimeText time;
    if (f.show == Show::filetime) leaf.text = time.filetime(value);
    if (f.show == Show::record_time) leaf.text = time.record(value);
    take_(std::move(leaf));
  }

  void word(const Field& f, std::uint64_t value, Word bits) {
    const std::size_t mark = path_.size();
    if (!f.name.empty()) {
      take_(numeric(f.name, true, f.size, value));
      descend(f.name);
    }
    for (const Bit& bit : bits) {
      Leaf leaf = numeric(bit.name, false, f.size, bit.get(value));
      if (bit.width == 1) leaf.kind = Leaf::Kind::flag;
      leaf.text = name_of(bit.names, leaf.number);
      take_(std::move(leaf));
    }
    path_.resize(mark);
  }

  void guid(const Field& f, const Guid& value) {
    const std::string_view name = name_of(f.guid_names, value);
    text(f.name, name.empty() ? value.text() : std::string(name));
  }

  void bytes(const Field& f, Bytes value) {
    if (f.kind == Kind::ascii) {
      std::size_t size = value.size();
      while (size > 0 && value[size - 1] == 0) --size;
      std::string shown;
      for (const std::uint8_t byte : value.first(size))
        shown += byte >= ' ' && byte < 0x7f ? std::string(1, static_cast<char>(byte))
                                            : fmt::format("\\x{:02x}", byte);
      text(f.name, std::move(shown));
    } else if (f.kind == Kind::utf16) {
      std::string shown = utf16le_to_utf8_lossy(value);
      shown.resize(std::min(shown.size(), shown.find_last_not_of('\0') + 1));
      text(f.name, std::move(shown));
    } else {
      text(f.name, hex_text(value));
    }
  }

  void list(const Field& f, Bytes value) {
    const std::size_t mark = path_.size();
    const bool valid = valid_;
    descend(f.name);
    const std::size_t base = path_.size();
    for (std::size_t at = 0; at < value.size(); at += f.element) {
      path_.resize(base - 1);
      fmt::format_to(std::back_inserter(path_), "[{}]", at / f.element);
      Leaf leaf;
      leaf.path = path_;
      leaf.kind = Leaf::Kind::number;
      leaf.hex = f.show != Show::dec;
      leaf.size = f.element;
      leaf.valid = valid;
      leaf.number = load_le(value.data() + at, f.element);
      take_(std::move(leaf));
    }
    path_.resize(mark);
  }

  void begin_part(std::string_view name, const Layout&, Bytes) {
    // What a field that is not valid holds is not valid either; parts behind the fields are no fields.
    const bool of_field = name.data() == field_.data();
    marks_.push_back({path_.size(), outer_valid_});
    outer_valid_ = outer_valid_ && (!of_field || valid_);
    descend(name);
  }
  void end_part() { ascend(); }
  void begin_many(const Tail& tail) {
    marks_.push_back({path_.size(), outer_valid_});
    path_ += tail.name;
  }
  void begin_item(std::uint64_t index, const Layout&, Bytes) {
    marks_.push_back({path_.size(), outer_valid_});
    fmt::format_to(std::back_inserter(path_), "[{}].", index);
  }
  void end_item() { ascend(); }
  void end_many() { ascend(); }

  void unread(std::string_view name, Bytes value) {
    valid_ = outer_valid_;
    text(name, hex_text(value));
  }

 private:
  struct Mark {
    std::size_t path;
    bool outer_valid;
  };

  void descend(std::string_view name) {
    path_ += name;
    path_ += '.';
  }
  void ascend() {
    path_.resize(marks_.back().path);
    outer_valid_ = marks_.back().outer_valid;
    marks_.pop_back();
  }

  Leaf numeric(std::string_view name, bool hex, std::uint32_t size, std::uint64_t value) const {
    Leaf leaf;
    leaf.path = path_;
    leaf.path += name;
    leaf.kind = Leaf::Kind::number;
    leaf.hex = hex;
    leaf.valid = valid_;
    leaf.size = static_cast<std::uint8_t>(size);
    leaf.number = value;
    return leaf;
  }

  void text(std::string_view name, std::string value) {
    Leaf leaf;
    leaf.path = path_;
    leaf.path += name;
    leaf.valid = valid_;
    leaf.text = std::move(value);
    take_(std::move(leaf));
  }

  std::string path_;
  std::vector<Mark> marks_;
  const std::function<void(Leaf&&)>& take_;
  std::string_view field_;
  bool valid_ = true;
  bool outer_valid_ = true;  // of the structures around
};

}  // namespace

void flatten(const Layout& layout, Bytes bytes, std::string_view prefix,
             const std::function<void(Leaf&&)>& take) {
  FlattenSink sink(prefix, take);
  walk(layout, bytes, sink);
}

std::vector<Leaf> flatten(const Layout& layout, Bytes bytes, std::string_view prefix) {
  std::vector<Leaf> leaves;
  flatten(layout, bytes, prefix, [&leaves](Leaf&& leaf) { leaves.push_back(std::move(leaf)); });
  return leaves;
}

namespace {

// These run once a leaf, of which a record can have a hundred thousand: fmt would cost more than the rest.
void append_number(std::string& out, const Leaf& leaf) {
  char digits[24];
  if (leaf.hex) {
    static constexpr char kDigits[] = "0123456789abcdef";
    const unsigned least = leaf.size * 2u;
    unsigned count = 0;
    for (std::uint64_t rest = leaf.number; rest != 0 || count < least; rest >>= 4)
      digits[sizeof digits - ++count] = kDigits[rest & 15];
    out += "0x";
    out.append(digits + sizeof digits - count, count);
  } else {
    const auto end = std::to_chars(digits, digits + sizeof digits, leaf.number).ptr;
    out.append(digits, end);
  }
}

void append_value(std::string& out, const Leaf& leaf) {
  switch (leaf.kind) {
    case Leaf::Kind::text:
      out += leaf.text;
      return;
    case Leaf::Kind::flag:
      out += leaf.number != 0 ? "true" : "false";
      return;
    case Leaf::Kind::number:
      break;
  }
  if (leaf.text.empty()) {
    append_number(out, leaf);
    return;
  }
  out += leaf.text;
  out += " (";
  append_number(out, leaf);
  out += ')';
}

}  // namespace

std::string value_text(const Leaf& leaf) {
  std::string out;
  append_value(out, leaf);
  return out;
}

std::string to_text(const Layout& layout, Bytes bytes, std::string_view indent) {
  // The longest path is known at the end. Until then paths and values stand close together, not as leaves: a
  // structure can have a million of them.
  struct Line {
    std::uint32_t path, value;  // characters
    bool valid;
  };
  std::vector<Line> lines;
  std::string parts;
  std::size_t width = 0, size = 0;
  flatten(layout, bytes, {}, [&](Leaf&& leaf) {
    if (leaf.kind == Leaf::Kind::flag && leaf.number == 0) return;
    parts += leaf.path;
    const std::size_t before = parts.size();
    append_value(parts, leaf);
    lines.push_back({static_cast<std::uint32_t>(leaf.path.size()),
                     static_cast<std::uint32_t>(parts.size() - before), leaf.valid});
    width = std::max(width, leaf.path.size());
    size += lines.back().value + (leaf.valid ? kMark.size() + 1 : kMark.size() + kNotValid.size());
  });
  std::string out;
  out.reserve(size + lines.size() * (indent.size() + width));
  std::size_t at = 0;
  for (const Line& line : lines) {
    out += indent;
    out.append(parts, at, line.path);
    out.append(width - line.path, ' ');
    out += kMark;
    out.append(parts, at + line.path, line.value);
    out += line.valid ? "\n" : kNotValid;
    at += line.path + line.value;
  }
  return out;
}

std::vector<Difference> diff(const std::vector<Leaf>& left, const std::vector<Leaf>& right) {
  std::vector<Difference> differences;
  const auto compare = [&](const Leaf& one, const Leaf& other) {
    if (one.number != other.number || one.text != other.text)
      differences.push_back({one.path, value_text(one), value_text(other)});
  };
  // What both have in the same places at front and back needs no search: that is nearly all.
  const std::size_t common = std::min(left.size(), right.size());
  std::size_t front = 0, back = 0;
  while (front < common && left[front].path == right[front].path) ++front;
  while (back < common - front && left[left.size() - 1 - back].path == right[right.size() - 1 - back].path)
    ++back;
  const auto left_middle = std::span(left).subspan(front, left.size() - front - back);
  const auto right_middle = std::span(right).subspan(front, right.size() - front - back);

  for (std::size_t i = 0; i < front; ++i) compare(left[i], right[i]);
  std::unordered_map<std::string_view, const Leaf*> by_path;
  by_path.reserve(right_middle.size());
  for (const Leaf& leaf : right_middle) by_path.emplace(leaf.path, &leaf);
  for (const Leaf& leaf : left_middle) {
    const auto found = by_path.find(leaf.path);
    if (found == by_path.end()) {
      differences.push_back({leaf.path, value_text(leaf), {}});
      continue;
    }
    compare(leaf, *found->second);
    by_path.erase(found);
  }
  for (std::size_t i = back; i > 0; --i) compare(left[left.size() - i], right[right.size() - i]);
  for (const Leaf& leaf : right_middle)
    if (by_path.contains(leaf.path)) differences.push_back({leaf.path, {}, value_text(leaf)});
  return differences;
}

}  // namespace wheatstone::layout
