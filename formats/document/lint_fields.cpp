#include "formats/document/lint_fields.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "formats/layout/walk.hpp"
#include "formats/layout/zeros.hpp"

namespace wheatstone::document {
namespace {

using layout::Bit;
using layout::Field;
using layout::Kind;
using layout::Layout;
using layout::Tail;
using layout::Word;

class LintSink {
 public:
  LintSink(const Layout& layout, Bytes bytes, std::string_view path, std::uint64_t offset, std::size_t most,
           std::vector<Finding>& findings)
      : start_(bytes.data()), path_(path), offset_(offset), most_(most), findings_(findings) {
    enter(layout, bytes, path_.size());
  }

  std::size_t left_out() const { return left_out_; }

  bool wants(const Field& f, bool valid) {
    field_ = &f;
    valid_ = valid;
    return true;
  }

  void number(const Field& f, std::uint64_t value) {
    if (!valid_) {
      if (value != 0) not_valid();
    } else if (f.meaning == layout::Meaning::names && layout::name_of(f.value_names, value).empty()) {
      report(FindingSeverity::note, "unknown-value", f.name, fmt::format("{:#x} has no meaning here", value));
    }
  }

  void word(const Field& f, std::uint64_t value, Word bits) {
    if (!valid_) {
      if (value != 0) not_valid();
      return;
    }
    if (bits.empty()) return;  // a choice without a case: nothing is known of the bits
    std::uint64_t rest = value;
    for (const Bit& bit : bits) {
      rest = bit.set(rest, 0);
      const std::uint64_t part = bit.get(value);
      if (!bit.names.empty() && layout::name_of(bit.names, part).empty())
        report(FindingSeverity::note, "unknown-value", f.name.empty() ? bit.name : f.name,
               f.name.empty() ? fmt::format("{:#x} has no meaning here", part)
                              : fmt::format("{} {:#x} has no meaning here", bit.name, part));
    }
    if (rest != 0)
      report(FindingSeverity::note, "reserved-bits-set", f.name,
             fmt::format("the bits {:#x} have no meaning", rest));
  }

  void guid(const Field& f, const Guid& value) {
    if (!valid_) {
      if (value != Guid{}) not_valid();
    } else if (!f.guid_names.empty() && layout::name_of(f.guid_names, value).empty()) {
      report(FindingSeverity::note, "unknown-guid", f.name,
             fmt::format("{} is not known here", value.text()));
    }
  }

  void bytes(const Field& f, Bytes value) {
    if (f.kind == Kind::pad) {
      if (!layout::all_zero(value))
        report(FindingSeverity::note, "reserved-not-zero", f.name, "reserved bytes are not zero");
      return;
    }
    if (!valid_) {
      if (!layout::all_zero(value)) not_valid();
      return;
    }
    if (f.kind == Kind::ascii && !is_text(value))
      report(FindingSeverity::warning, "text-not-ascii", f.name, "the text is not ASCII padded with zeros");
  }

  void list(const Field&, Bytes value) {
    if (!valid_ && !layout::all_zero(value)) not_valid();
  }

  void begin_part(std::string_view name, const Layout& layout, Bytes bytes) {
    const std::size_t mark = path_.size();
    if (!valid_ && field_ != nullptr && field_->name == name && !layout::all_zero(bytes)) not_valid();
    const bool hidden = hidden_ || (field_ != nullptr && field_->name == name && !valid_);
    fmt::format_to(std::back_inserter(path_), "{}.", name);
    enter(layout, bytes, mark, hidden);
  }
  void end_part() { leave(); }
  void begin_many(const Tail& tail) { many_.push_back(tail.name); }
  void begin_item(std::uint64_t index, const Layout& layout, Bytes bytes) {
    const std::size_t mark = path_.size();
    fmt::format_to(std::back_inserter(path_), "{}[{}].", many_.back(), index);
    enter(layout, bytes, mark, hidden_);
  }
  void end_item() { leave(); }
  void end_many() { many_.pop_back(); }
  void unread(std::string_view, Bytes) {}

 private:
  struct Level {
    const Layout* layout;
    Bytes bytes;
    std::size_t path;  // size of the path outside
    bool hidden;       // of the structure outside
  };

  void enter(const Layout& layout, Bytes bytes, std::size_t mark, bool hidden = false) {
    levels_.push_back({&layout, bytes, mark, hidden_});
    hidden_ = hidden;
    field_ = nullptr;
    absent_fields(layout, bytes);
  }
  void leave() {
    path_.resize(levels_.back().path);
    hidden_ = levels_.back().hidden;
    levels_.pop_back();
    field_ = nullptr;
  }

  // Validity bits of fields that a short form does not have.
  void absent_fields(const Layout& layout, Bytes bytes) {
    if (bytes.size() >= layout.size) return;
    const auto valid = layout::try_load(bytes, layout.valid);
    if (!valid) return;
    for (const Field& f : layout.fields) {
      if (f.end() <= bytes.size() || f.valid_bit < 0 || ((*valid >> f.valid_bit) & 1) == 0) continue;
      add(FindingSeverity::warning, "valid-but-absent", f.name, layout.valid.offset,
          fmt::format("it is marked valid, but the structure ends before it, after {} bytes", bytes.size()),
          f.clause);
    }
  }

  static bool is_text(Bytes bytes) {
    const auto end = std::ranges::find(bytes, std::uint8_t{0});
    return std::all_of(bytes.begin(), end, [](std::uint8_t c) { return c >= ' ' && c <= '~'; }) &&
           std::all_of(end, bytes.end(), [](std::uint8_t c) { return c == 0; });
  }

  void not_valid() {
    report(FindingSeverity::note, "value-not-valid", field_->name,
           "it holds something, but its validity bit is clear");
  }
  void report(FindingSeverity severity, std::string_view code, std::string_view name, std::string message) {
    add(severity, code, name, field_->offset, std::move(message), field_->clause);
  }
  void add(FindingSeverity severity, std::string_view code, std::string_view name, std::uint32_t offset,
           std::string message, std::string_view clause) {
    if (hidden_) return;  // inside something that is not valid as a whole
    if (findings_.size() >= most_) {
      ++left_out_;
      return;
    }
    std::string path = path_;
    path += name;
    if (path.ends_with('.')) path.pop_back();
    findings_.push_back({severity, code, std::move(message), std::move(path),
                         offset_ + static_cast<std::uint64_t>(levels_.back().bytes.data() - start_) + offset,
                         clause});
  }

  const std::uint8_t* start_;
  std::string path_;
  std::uint64_t offset_;
  std::size_t most_;
  std::vector<Finding>& findings_;
  std::vector<Level> levels_;
  std::vector<std::string_view> many_;
  const Field* field_ = nullptr;
  bool valid_ = true;
  bool hidden_ = false;
  std::size_t left_out_ = 0;
};

}  // namespace

std::size_t lint_fields(const Layout& layout, Bytes bytes, std::string_view path, std::uint64_t offset,
                        std::size_t most, std::vector<Finding>& findings) {
  LintSink sink(layout, bytes, path, offset, most, findings);
  layout::walk(layout, bytes, sink);
  return sink.left_out();
}

}  // namespace wheatstone::document
