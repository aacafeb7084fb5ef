#include "formats/layout/describe.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "formats/layout/reach.hpp"

namespace wheatstone::layout {
namespace {

std::string type_of(const Field& f) {
  switch (f.kind) {
    case Kind::uint:
      switch (f.show) {
        case Show::filetime:
          return "FILETIME";
        case Show::record_time:
          return "timestamp";
        default:
          return fmt::format("u{}", f.size * 8);
      }
    case Kind::guid:
      return "GUID";
    case Kind::bytes:
      return fmt::format("u8[{}]", f.size);
    case Kind::ascii:
      return fmt::format("char[{}]", f.size);
    case Kind::utf16:
      return fmt::format("char16[{}]", f.size / 2);
    case Kind::pad:
      return "reserved";
    case Kind::list:
      return fmt::format("u{}[{}]", f.element * 8, f.size / f.element);
    case Kind::part:
      return f.layout->name.empty() ? "part" : std::string(f.layout->name);
  }
  return {};
}

std::string name_list(const std::vector<const Layout*>& structures) {
  std::string names;
  std::string_view last;
  for (const Layout* layout : structures) {
    if (layout->name == last) continue;  // another form of the same
    last = layout->name;
    names += fmt::format("{}{}", names.empty() ? "" : ", ", last);
  }
  return names;
}

std::string ref_text(const Layout& layout, const Ref& ref) {
  for (const Field& f : layout.fields) {
    if (f.offset != ref.offset) continue;
    for (const Bit& bit : f.word_bits)
      if (bit.low == ref.low && bit.width == ref.width && bit.width != f.size * 8)
        return fmt::format("{}.{}", f.name, bit.name);
    return std::string(f.name);
  }
  return fmt::format("the {} bytes at {}", ref.bytes, ref.offset);
}

class Page {
 public:
  explicit Page(const Layout& layout) : layout_(layout) {
    for (const Field& f : layout.fields) width_ = std::max(width_, f.name.size());
    width_ = std::min<std::size_t>(width_, 40);
  }

  std::string write() {
    line("{}: {}", layout_.name, layout_.structure);
    line("  {}", layout_.clause);
    std::string lengths = layout_.min == layout_.size
                              ? fmt::format("{} bytes", layout_.size)
                              : fmt::format("{} to {} bytes", layout_.min, layout_.size);
    if (!layout_.tail.empty()) lengths += ", then its variable part";
    if (layout_.self.present())
      lengths += fmt::format("; its length is {}{}", ref_text(layout_, layout_.self),
                             layout_.self_add != 0 ? fmt::format(" + {}", layout_.self_add) : "");
    line("  {}", lengths);
    line("");
    if (!layout_.fields.empty())
      line("  {:>6} {:>5}  {:<{}}  {:<12} {}", "offset", "size", "field", width_, "type", "meaning");
    for (const Field& f : layout_.fields) field(f);
    for (const Tail& tail : layout_.tail) variable(tail);
    return std::move(out_);
  }

 private:
  template <class... Args>
  void line(fmt::format_string<Args...> format, Args&&... args) {
    fmt::format_to(std::back_inserter(out_), format, std::forward<Args>(args)...);
    while (!out_.empty() && out_.back() == ' ') out_.pop_back();
    out_ += '\n';
  }

  // What scrubbing does with it.
  static std::string privacy(Privacy what) {
    switch (what) {
      case Privacy::none:
        break;
      case Privacy::identity:
        return "scrubbed";
      case Privacy::address:
      case Privacy::page:
        return "scrubbed with addresses";
    }
    return {};
  }

  void field(const Field& f) {
    std::string meaning;
    const auto add = [&meaning](const std::string& text) {
      if (text.empty()) return;
      meaning += meaning.empty() ? "" : "; ";
      meaning += text;
    };
    if (f.valid_bit >= 0) add(fmt::format("valid by bit {}", f.valid_bit));
    if (!f.unit_name.empty()) add(fmt::format("in {}", f.unit_name));
    if (f.meaning == Meaning::choice) add(fmt::format("decided by {}", f.choices->selector));
    add(std::string(f.note));
    add(privacy(f.privacy));
    if (!f.clause.empty()) add(fmt::format("[{}]", f.clause));
    line("  {:>6} {:>5}  {:<{}}  {:<12} {}", f.offset, f.size, f.name.empty() ? "(bits)" : f.name, width_,
         type_of(f), meaning);
    bits(f.word_bits, kIndent);
    values(f.value_names, kIndent);
    for (const GuidName& name : f.guid_names) line("{:{}}{} {}", "", kIndent, name.value.text(), name.text);
    if (f.meaning == Meaning::choice) choice(*f.choices);
  }

  void choice(const Choice& choice) {
    for (const ChoiceRow& row : choice.rows) {
      const std::string value =
          choice.at.bytes == Guid::kSize ? row.guid.text() : fmt::format("{}", row.value);
      std::string forms;
      for (const Layout* form : row.forms)
        forms += fmt::format("{}{} ({} bytes)", forms.empty() ? "" : ", ", form->name, form->size);
      line("{:{}}{} {} {}{}", "", kIndent, choice.selector, value, row.name,
           forms.empty() ? "" : fmt::format(": {}", forms));
      bits(row.word, kIndent + 2);
    }
    for (const Choice* next : choice.next) this->choice(*next);
    if (!choice.otherwise.empty()) line("{:{}}otherwise", "", kIndent);
    bits(choice.otherwise, kIndent + 2);
  }

  void bits(Word word, std::size_t indent) {
    for (const Bit& bit : word) {
      line("{:{}}bit{} {:<6} {}", "", indent, bit.width == 1 ? " " : "s",
           bit.width == 1 ? fmt::format("{}", bit.low)
                          : fmt::format("{}-{}", bit.low, bit.low + bit.width - 1),
           bit.name);
      values(bit.names, indent + 2);
    }
  }

  void values(Names names, std::size_t indent) {
    for (const Name& name : names)
      line("{:{}}{} {}", "", indent,
           name.value > 9 ? fmt::format("{:#x}", name.value) : fmt::format("{}", name.value), name.text);
  }

  void variable(const Tail& tail) {
    std::string text;
    switch (tail.kind) {
      case TailKind::many:
        text = tail.count.present() ? fmt::format("as many as {} says", ref_text(layout_, tail.count))
                                    : std::string("as many as there are");
        break;
      case TailKind::run:
        text = fmt::format("{} bytes", ref_text(layout_, tail.length));
        break;
      case TailKind::located:
        text = fmt::format("{} bytes at {}{}", ref_text(layout_, tail.length), ref_text(layout_, tail.offset),
                           tail.clipped ? ", at most" : "");
        break;
      case TailKind::rest:
        text = "all bytes that are left";
        break;
    }
    const std::string structures = name_list(structures_of(tail));
    if (tail.choice != nullptr)
      text += fmt::format("; {} decides: {}", tail.choice->selector, structures);
    else if (!structures.empty())
      text += fmt::format("; {}", structures);
    if (!tail.note.empty()) text += fmt::format("; {}", tail.note);
    if (!tail.clause.empty()) text += fmt::format("; [{}]", tail.clause);
    line("  {:>6} {:>5}  {:<{}}  {}", "then", "", tail.name, width_, text);
  }

  static constexpr std::size_t kIndent = 18;

  const Layout& layout_;
  std::string out_;
  std::size_t width_ = 5;
};

}  // namespace

std::string describe(const Layout& layout) {
  return Page(layout).write();
}

}  // namespace wheatstone::layout
