#include "formats/document/locate.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "formats/layout/walk.hpp"

namespace wheatstone::document {
namespace {

using layout::Bit;
using layout::Field;
using layout::Layout;
using layout::Tail;
using layout::Word;

// Follows a path down: only structures whose path leads to it are entered in earnest, the others pass by.
class LocateSink {
 public:
  LocateSink(Bytes whole, Bytes start, std::string_view path) : whole_(whole.data()), path_(path) {
    structures_.push_back(start);
  }

  std::optional<Place> found() const { return found_; }

  bool wants(const Field& f, bool) {
    field_ = &f;
    return !found_ && miss_ == 0;
  }
  void number(const Field& f, std::uint64_t) { whole_field(f.name); }
  void word(const Field& f, std::uint64_t, Word bits) {
    whole_field(f.name);
    std::string_view rest = path_;
    if (!f.name.empty() && !take(rest, f.name, '.')) return;
    for (const Bit& bit : bits)
      if (bit.name == rest) hit(f.offset, f.size, bit.low, bit.width);
  }
  void guid(const Field& f, const Guid&) { whole_field(f.name); }
  void bytes(const Field& f, Bytes) { whole_field(f.name); }
  void list(const Field& f, Bytes bytes) {
    whole_field(f.name);
    std::string_view rest = path_;
    if (!take(rest, f.name, '[') || rest.empty() || rest.back() != ']') return;
    rest.remove_suffix(1);
    std::uint64_t index = 0;
    for (const char c : rest) {
      if (c < '0' || c > '9' || index > bytes.size()) return;
      index = index * 10 + static_cast<std::uint64_t>(c - '0');
    }
    if (!rest.empty() && index < bytes.size() / f.element)
      hit(f.offset + static_cast<std::uint32_t>(index) * f.element, f.element, 0, 0);
  }
  void unread(std::string_view name, Bytes bytes) {
    if (!found_ && miss_ == 0 && name == path_)
      found_ = Place{offset_of(bytes), static_cast<std::uint32_t>(bytes.size()), 0, 0};
  }

  void begin_part(std::string_view name, const Layout&, Bytes bytes) {
    if (miss_ == 0 && name == path_)
      found_ = Place{offset_of(bytes), static_cast<std::uint32_t>(bytes.size()), 0, 0};
    enter(name, '.', bytes);
  }
  void end_part() { leave(); }
  void begin_many(const Tail& tail) { many_.push_back(tail.name); }
  void begin_item(std::uint64_t index, const Layout&, Bytes bytes) {
    enter(miss_ == 0 ? fmt::format("{}[{}]", many_.back(), index) : std::string(), '.', bytes);
  }
  void end_item() { leave(); }
  void end_many() { many_.pop_back(); }

 private:
  static bool take(std::string_view& path, std::string_view name, char separator) {
    if (!path.starts_with(name) || path.size() <= name.size() || path[name.size()] != separator) return false;
    path.remove_prefix(name.size() + 1);
    return true;
  }

  std::uint64_t offset_of(Bytes bytes) const { return static_cast<std::uint64_t>(bytes.data() - whole_); }

  void hit(std::uint32_t offset, std::uint32_t size, std::uint8_t low, std::uint8_t width) {
    if (found_ || miss_ != 0) return;
    found_ = Place{offset_of(structures_.back()) + offset, size, low, width};
  }
  void whole_field(std::string_view name) {
    if (!name.empty() && name == path_) hit(field_->offset, field_->size, 0, 0);
  }

  void enter(std::string_view name, char separator, Bytes bytes) {
    structures_.push_back(bytes);
    std::string_view rest = path_;
    if (found_ || miss_ != 0 || !take(rest, name, separator)) {
      ++miss_;
      return;
    }
    paths_.push_back(path_);
    path_ = rest;
  }
  void leave() {
    structures_.pop_back();
    if (miss_ != 0) {
      --miss_;
      return;
    }
    path_ = paths_.back();
    paths_.pop_back();
  }

  const std::uint8_t* whole_;
  std::string_view path_;  // what is left of it
  std::vector<Bytes> structures_;
  std::vector<std::string_view> paths_;
  std::vector<std::string_view> many_;
  std::size_t miss_ = 0;  // structures that are being passed by
  const Field* field_ = nullptr;
  std::optional<Place> found_;
};

}  // namespace

std::string stored_path(std::size_t index) {
  return fmt::format("Records[{}].", index);
}

std::vector<cper::Piece> pieces(const Document& document) {
  if (const cper::Record* record = document.record()) return cper::pieces(*record);
  std::vector<cper::Piece> all;
  if (document.layout() == nullptr) return {{"", nullptr, document.bytes(), nullptr, true}};
  all.push_back({"", document.layout(), document.structure(), nullptr, true});
  if (!document.behind().empty()) all.push_back({"Behind.", nullptr, document.behind(), nullptr, true});
  for (std::size_t i = 0; i < document.stored().size(); ++i) {
    for (cper::Piece& piece : cper::pieces(document.stored()[i])) {
      piece.path.insert(0, stored_path(i));
      all.push_back(std::move(piece));
    }
  }
  return all;
}

std::optional<Place> locate(const Document& document, std::string_view path) {
  for (const cper::Piece& piece : pieces(document)) {
    if (!path.starts_with(piece.path)) continue;
    const std::string_view rest = path.substr(piece.path.size());
    if (piece.layout == nullptr) {
      if (rest == "Bytes")
        return Place{static_cast<std::uint64_t>(piece.bytes.data() - document.bytes().data()),
                     static_cast<std::uint32_t>(piece.bytes.size()), 0, 0};
      continue;
    }
    LocateSink sink(document.bytes(), piece.bytes, rest);
    layout::walk(*piece.layout, piece.bytes, sink);
    if (sink.found()) return sink.found();
  }
  return std::nullopt;
}

std::uint64_t load(Bytes bytes, const Place& place) {
  const std::uint64_t word = load_le(bytes.data() + place.offset, std::min(place.size, 8u));
  return place.width == 0 ? word : Bit{place.low, place.width, {}, {}}.get(word);
}

void store(MutableBytes bytes, const Place& place, std::uint64_t value) {
  const std::uint32_t size = std::min(place.size, 8u);
  if (place.width != 0)
    value = Bit{place.low, place.width, {}, {}}.set(load_le(bytes.data() + place.offset, size), value);
  store_le(bytes.data() + place.offset, value, size);
  std::ranges::fill(bytes.subspan(static_cast<std::size_t>(place.offset) + size, place.size - size),
                    std::uint8_t{0});
}

}  // namespace wheatstone::document
