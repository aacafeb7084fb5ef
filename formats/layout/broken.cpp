#include "formats/layout/broken.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "formats/layout/walk.hpp"

namespace wheatstone::layout {
namespace {

// Visits the structures only; remembers where it is so that a path can be told when it is asked for.
class BrokenSink {
 public:
  BrokenSink(const Layout& layout, Bytes bytes, std::uint64_t offset, std::vector<Finding>& findings)
      : start_(bytes.data()), offset_(offset), findings_(findings) {
    levels_[0] = {{}, 0, bytes, &layout};
  }

  // Fields cannot be broken, but a structure inside one can.
  bool wants(const Field& f, bool) const {
    return f.kind == Kind::part || (f.kind == Kind::list && f.meaning == Meaning::choice);
  }
  void number(const Field&, std::uint64_t) {}
  void word(const Field&, std::uint64_t, Word) {}
  void guid(const Field&, const Guid&) {}
  void bytes(const Field&, Bytes) {}
  void list(const Field&, Bytes) {}
  void unread(std::string_view, Bytes) {}

  void begin_part(std::string_view name, const Layout& layout, Bytes bytes) {
    enter({name, kNoIndex, bytes, &layout});
  }
  void end_part() { --depth_; }
  void begin_many(const Tail& tail) { many_ = tail.name; }
  void begin_item(std::uint64_t index, const Layout& layout, Bytes bytes) {
    enter({many_, index, bytes, &layout});
  }
  void end_item() {
    many_ = level().name;
    --depth_;
  }
  void end_many() {}

  void broken(const Tail& tail, std::uint64_t index, Bytes left) {
    const Bytes structure = level().bytes;
    const bool many = tail.kind == TailKind::many;
    std::string message;
    if (many) {
      const std::uint64_t count = tail.count.present() ? load(structure, tail.count) : index + 1;
      message = element_layout(tail, left) == nullptr && !left.empty()
                    ? fmt::format("element {} of {} is of an unknown kind", index, count)
                    : fmt::format("element {} of {} does not fit the {} bytes that are left", index, count,
                                  left.size());
    } else {
      const std::uint64_t length = length_of(tail, structure);
      message =
          tail.kind == TailKind::run
              ? fmt::format("{} bytes do not fit the {} that are left", length, left.size())
              : fmt::format("{} bytes at {} are not inside the {} bytes there are, behind the first {}",
                            length, load(structure, tail.offset), structure.size(), level().layout->size);
    }
    std::string path;
    for (std::size_t i = 1; i <= top(); ++i) {
      append(path, levels_[i].name);
      if (levels_[i].index != kNoIndex) path += fmt::format("[{}]", levels_[i].index);
    }
    append(path, tail.name);
    if (many) path += fmt::format("[{}]", index);
    const std::string_view clause = !tail.clause.empty()             ? tail.clause
                                    : many && tail.layout != nullptr ? tail.layout->clause
                                                                     : level().layout->clause;
    findings_.push_back({FindingSeverity::error, many ? "element-outside-section" : "part-outside-section",
                         std::move(message), std::move(path),
                         offset_ + static_cast<std::uint64_t>(left.data() - start_), clause});
  }

 private:
  static constexpr std::uint64_t kNoIndex = ~std::uint64_t{0};
  static constexpr std::size_t kDeepest = 15;  // a path names so many levels at most

  struct Level {
    std::string_view name;
    std::uint64_t index = 0;
    Bytes bytes;
    const Layout* layout = nullptr;
  };

  std::size_t top() const { return std::min(depth_, kDeepest); }
  Level& level() { return levels_[top()]; }
  void enter(const Level& next) {
    ++depth_;
    level() = next;
  }
  static void append(std::string& path, std::string_view name) {
    if (!path.empty()) path += '.';
    path += name;
  }

  const std::uint8_t* start_;
  std::uint64_t offset_;
  std::vector<Finding>& findings_;
  std::string_view many_;
  Level levels_[kDeepest + 1];
  std::size_t depth_ = 0;
};

}  // namespace

void find_broken(const Layout& layout, Bytes bytes, std::uint64_t offset, std::vector<Finding>& findings) {
  BrokenSink sink(layout, bytes, offset, findings);
  walk(layout, bytes, sink);
}

}  // namespace wheatstone::layout
