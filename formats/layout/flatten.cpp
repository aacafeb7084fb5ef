#include "formats/layout/flatten.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>

#include "formats/layout/record_time.hpp"
#include "formats/layout/text_buffer.hpp"
#include "formats/layout/utf16.hpp"
#include "formats/layout/walk.hpp"

namespace wheatstone::layout {
namespace {

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

std::string value_text(const Leaf& leaf) {
  switch (leaf.kind) {
    case Leaf::Kind::text:
      return leaf.text;
    case Leaf::Kind::flag:
      return leaf.number != 0 ? "true" : "false";
    case Leaf::Kind::number:
      break;
  }
  const std::string number =
      leaf.hex ? fmt::format("0x{:0{}x}", leaf.number, leaf.size * 2) : fmt::format("{}", leaf.number);
  return leaf.text.empty() ? number : fmt::format("{} ({})", leaf.text, number);
}

std::string to_text(const Layout& layout, Bytes bytes, std::string_view indent) {
  std::vector<Leaf> leaves = flatten(layout, bytes);
  std::erase_if(leaves, [](const Leaf& leaf) { return leaf.kind == Leaf::Kind::flag && leaf.number == 0; });
  std::size_t width = 0;
  for (const Leaf& leaf : leaves) width = std::max(width, leaf.path.size());
  std::string out;
  for (const Leaf& leaf : leaves) {
    fmt::format_to(std::back_inserter(out), "{}{:<{}} : {}{}\n", indent, leaf.path, width, value_text(leaf),
                   leaf.valid ? "" : "  (not valid)");
  }
  return out;
}

std::vector<Difference> diff(const std::vector<Leaf>& left, const std::vector<Leaf>& right) {
  std::unordered_map<std::string_view, const Leaf*> by_path;
  for (const Leaf& leaf : right) by_path.emplace(leaf.path, &leaf);
  std::vector<Difference> differences;
  for (const Leaf& leaf : left) {
    const auto found = by_path.find(leaf.path);
    if (found == by_path.end()) {
      differences.push_back({leaf.path, value_text(leaf), {}});
      continue;
    }
    if (leaf.number != found->second->number || leaf.text != found->second->text)
      differences.push_back({leaf.path, value_text(leaf), value_text(*found->second)});
    by_path.erase(found);
  }
  for (const Leaf& leaf : right)
    if (by_path.contains(leaf.path)) differences.push_back({leaf.path, {}, value_text(leaf)});
  return differences;
}

}  // namespace wheatstone::layout
