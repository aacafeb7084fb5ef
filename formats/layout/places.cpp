#include "formats/layout/places.hpp"

#include <algorithm>

#include "formats/layout/walk.hpp"

namespace wheatstone::layout {
namespace {

// Of an integer that nothing else refers to.
Role role_of(const Field& f) {
  switch (f.meaning) {
    case Meaning::names:
      return Role::named;
    case Meaning::word:
    case Meaning::choice:
      return Role::flags;
    case Meaning::plain:
      break;
  }
  if (f.unit_name == "bytes") return f.name.ends_with("Offset") ? Role::offset : Role::length;
  return f.show == Show::filetime || f.show == Show::record_time ? Role::time : Role::quantity;
}

bool refers(Role role) {
  return role == Role::count || role == Role::length || role == Role::offset;
}

class PlaceSink {
 public:
  PlaceSink(Places& out, Bytes structure, std::uint32_t begin)
      : out_(out), start_(structure.data()), begin_(begin) {}

  std::uint32_t enter(Region::Kind kind, const Layout& layout, Bytes bytes, std::uint32_t parent,
                      const Tail* tail) {
    Level level{.layout = &layout, .region = add(kind, bytes, parent, &layout, tail)};
    level.cursor = begin_of(bytes) + layout.size;
    level.first_mark = marks_.size();
    level.first_ref = out_.places.size();
    if (layout.self.present()) refer(Role::length, layout.self, level.region, level.region);
    for (const Tail& part : layout.tail) {
      refer(Role::count, part.count, level.region, kNowhere);
      refer(Role::offset, part.offset, level.region, kNowhere);
      refer(Role::length, part.length, level.region, kNowhere);
    }
    for (const Field& f : layout.fields)
      if (f.meaning == Meaning::choice) mark(*f.choices);
    for (const Tail& part : layout.tail)
      if (part.choice != nullptr && part.kind != TailKind::many) mark(*part.choice);
    if (kind == Region::Kind::element && tail != nullptr && tail->choice != nullptr) mark(*tail->choice);
    levels_.push_back(level);
    return level.region;
  }
  void leave() {
    marks_.resize(levels_.back().first_mark);
    levels_.pop_back();
  }

  bool wants(const Field&, bool) const { return true; }
  void number(const Field& f, std::uint64_t) { integer(f, {}); }
  void word(const Field& f, std::uint64_t, Word bits) { integer(f, bits); }
  void guid(const Field& f, const Guid&) {
    const Choice* choice = selected_by(f);
    put(choice != nullptr ? Role::selector : Role::guid, f).choice = choice;
  }
  void bytes(const Field& f, Bytes) {
    put(f.kind == Kind::pad ? Role::reserved : f.kind == Kind::bytes ? Role::raw : Role::text, f);
  }
  void list(const Field& f, Bytes) { put(Role::list, f); }

  void begin_part(std::string_view name, const Layout& layout, Bytes bytes) {
    const Tail* tail = tail_of(name, bytes);
    const std::uint32_t region = enter(Region::Kind::structure, layout, bytes, levels_.back().region, tail);
    out_.regions[region].is_field = tail == nullptr;
    if (tail != nullptr) claim(levels_[levels_.size() - 2], *tail, region);
  }
  void end_part() { leave(); }

  void begin_many(const Tail& tail) {
    Level& level = levels_.back();
    const auto array = static_cast<std::uint32_t>(out_.regions.size());
    out_.regions.push_back({Region::Kind::array, level.cursor, level.cursor, level.region, nullptr, &tail});
    claim(level, tail, array);
    level.array = array;
  }
  void begin_item(std::uint64_t, const Layout& layout, Bytes bytes) {
    const std::uint32_t array = levels_.back().array;
    out_.regions[array].end = begin_of(bytes) + static_cast<std::uint32_t>(bytes.size());
    enter(Region::Kind::element, layout, bytes, array, out_.regions[array].tail);
  }
  void end_item() { leave(); }
  void end_many() { levels_.back().cursor = out_.regions[levels_.back().array].end; }

  void unread(std::string_view name, Bytes bytes) {
    Level& level = levels_.back();
    const Tail* tail = tail_of(name, bytes);
    const std::uint32_t region = add(Region::Kind::raw, bytes, level.region, nullptr, tail);
    out_.places.push_back({.role = Role::raw,
                           .at = begin_of(bytes),
                           .size = static_cast<std::uint32_t>(bytes.size()),
                           .within = level.region});
    if (tail != nullptr) claim(level, *tail, region);
  }

 private:
  struct Level {
    const Layout* layout;
    std::uint32_t region;
    std::uint32_t cursor = 0;  // where the next part of the variable part begins
    std::uint32_t array = kNowhere;
    std::size_t first_ref = 0;   // of its counts, offsets and lengths among the places
    std::size_t first_mark = 0;  // of its selectors
  };
  struct Mark {
    std::uint32_t offset;
    const Choice* choice;
  };

  std::uint32_t begin_of(Bytes bytes) const {
    return begin_ + static_cast<std::uint32_t>(bytes.data() - start_);
  }
  std::uint32_t add(Region::Kind kind, Bytes bytes, std::uint32_t parent, const Layout* layout,
                    const Tail* tail) {
    const std::uint32_t begin = begin_of(bytes);
    out_.regions.push_back(
        {kind, begin, begin + static_cast<std::uint32_t>(bytes.size()), parent, layout, tail});
    return static_cast<std::uint32_t>(out_.regions.size() - 1);
  }

  void mark(const Choice& choice) {
    marks_.push_back({choice.at.offset, &choice});
    for (const Choice* next : choice.next) mark(*next);
  }

  void refer(Role role, const Ref& ref, std::uint32_t within, std::uint32_t about) {
    const Region& region = out_.regions[within];
    if (!ref.present() || ref.bytes > 8 || ref.offset + ref.bytes > region.size()) return;
    Place place{.role = role,
                .low = ref.low,
                .width = ref.width,
                .at = region.begin + ref.offset,
                .size = ref.bytes,
                .within = within,
                .about = about};
    for (const Field& f : region.layout->fields)
      if (f.offset == ref.offset) place.field = &f;
    out_.places.push_back(place);
  }

  // Says of the places that speak of a tail what they speak of, now that it is found.
  void claim(Level& level, const Tail& tail, std::uint32_t region) {
    const std::uint32_t base = out_.regions[level.region].begin;
    for (std::size_t i = level.first_ref; i < out_.places.size(); ++i) {
      Place& place = out_.places[i];
      if (!refers(place.role)) break;
      if (place.within != level.region || place.about != kNowhere) continue;
      const auto is = [&](Role role, const Ref& ref) {
        return ref.present() && place.role == role && place.at == base + ref.offset && place.low == ref.low;
      };
      if (is(Role::count, tail.count) || is(Role::offset, tail.offset) || is(Role::length, tail.length))
        place.about = region;
    }
    if (tail.kind == TailKind::run) level.cursor = out_.regions[region].end;
  }

  // The tail that begin_part() or unread() speaks of; fields lie before the variable part.
  const Tail* tail_of(std::string_view name, Bytes bytes) const {
    const Level& level = levels_.back();
    if (begin_of(bytes) < out_.regions[level.region].begin + level.layout->size) return nullptr;
    for (const Tail& tail : level.layout->tail)
      if (tail.name == name && tail.kind != TailKind::many) return &tail;
    return nullptr;
  }

  const Choice* selected_by(const Field& f) const {
    for (std::size_t i = levels_.back().first_mark; i < marks_.size(); ++i)
      if (marks_[i].offset == f.offset) return marks_[i].choice;
    return nullptr;
  }

  Place& put(Role role, const Field& f) {
    const std::uint32_t region = levels_.back().region;
    out_.places.push_back({.role = role,
                           .at = out_.regions[region].begin + f.offset,
                           .size = f.size,
                           .within = region,
                           .field = &f});
    return out_.places.back();
  }

  void integer(const Field& f, Word bits) {
    const Level& level = levels_.back();
    const std::uint32_t at = out_.regions[level.region].begin + f.offset;
    const auto width = static_cast<std::uint8_t>(f.size * 8);
    // A count, a length or an offset that fills the whole field is known already.
    for (std::size_t i = level.first_ref; i < out_.places.size(); ++i) {
      const Place& place = out_.places[i];
      if (!refers(place.role)) break;
      if (place.at == at && place.width == width) return;
    }
    const Choice* choice = selected_by(f);
    const bool validity = level.layout->valid.present() && level.layout->valid.offset == f.offset;
    Place& place = put(validity ? Role::validity : choice != nullptr ? Role::selector : role_of(f), f);
    place.width = width;
    place.choice = choice;
    place.bits = bits;
  }

  Places& out_;
  const std::uint8_t* start_;
  std::uint32_t begin_;
  std::vector<Level> levels_;
  std::vector<Mark> marks_;
};

}  // namespace

std::uint32_t find_places(const Layout& layout, Bytes structure, std::uint32_t begin, std::uint32_t parent,
                          Places& out) {
  PlaceSink sink(out, structure, begin);
  const std::uint32_t region = sink.enter(Region::Kind::structure, layout, structure, parent, nullptr);
  walk(layout, structure, sink);
  sink.leave();
  return region;
}

std::uint64_t load(Bytes input, const Place& place) noexcept {
  return (load_le(input.data() + place.at, place.size) >> place.low) & largest(place.width);
}

void store(MutableBytes input, const Place& place, std::uint64_t value) noexcept {
  std::uint8_t* const p = input.data() + place.at;
  const std::uint64_t mask = largest(place.width) << place.low;
  store_le(p, (load_le(p, place.size) & ~mask) | ((value << place.low) & mask), place.size);
}

}  // namespace wheatstone::layout
