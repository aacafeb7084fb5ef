#include "formats/layout/assign.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "formats/layout/characters.hpp"
#include "formats/layout/record_time.hpp"
#include "formats/layout/time.hpp"
#include "formats/layout/to_node.hpp"
#include "formats/layout/utf16.hpp"
#include "formats/layout/walk.hpp"

namespace wheatstone::layout {
namespace {

constexpr std::size_t kShownText = 40;
constexpr std::uint64_t kLongestPart = std::uint64_t{64} << 20;  // that a length in the text may ask for

std::uint64_t largest(std::uint32_t bits) {
  return bits >= 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << bits) - 1;
}

std::string shown(const Node& node) {
  if (!node.is_scalar()) return std::string(node.kind_text());
  if (node.text.size() <= kShownText) return fmt::format("'{}'", node.text);
  return fmt::format("a text of {} characters", node.text.size());
}

std::string did_you_mean(std::string_view text, const std::vector<std::string_view>& candidates) {
  const std::string_view close = nearest(text, candidates);
  return close.empty() ? std::string() : fmt::format("did you mean '{}'?", close);
}

// A number of at most `bits` bits, or one of `names`.
Result<std::uint64_t> number_from(const Node& node, std::string_view key, std::uint32_t bits, Names names) {
  if (node.is_scalar() && !node.quoted) {
    if (const auto value = parse_number(node.text)) {
      if (*value > largest(bits))
        return fail_at(node.mark, fmt::format("{} is too large for '{}'", node.text, key),
                       fmt::format("it holds {} bits: 0 to 0x{:x}", bits, largest(bits)));
      return *value;
    }
    if (bits == 1 && node.text == "true") return 1u;
    if (bits == 1 && node.text == "false") return 0u;
  }
  if (node.is_scalar()) {
    if (const auto value = value_of(names, node.text)) return *value;
  }
  std::vector<std::string_view> candidates;
  for (const Name& name : names) candidates.push_back(name.text);
  std::string hint = node.is_scalar() ? did_you_mean(node.text, candidates) : std::string();
  return fail_at(node.mark,
                 fmt::format("'{}' needs {}{}, not {}", key, bits == 1 ? "true or false" : "a number",
                             names.empty() ? "" : " or a name", shown(node)),
                 std::move(hint));
}

// A word: a number, a list of flag names, or a map of bits (with "raw" as the start value).
Result<std::uint64_t> word_from(const Node& node, std::string_view key, std::uint32_t bits, Word word,
                                std::uint64_t before) {
  const auto find_bit = [&](std::string_view name) -> const Bit* {
    for (const Bit& bit : word)
      if (bit.name == name) return &bit;
    return nullptr;
  };
  // Only for messages.
  const auto bit_names = [&](bool flags_only) {
    std::vector<std::string_view> all;
    for (const Bit& bit : word)
      if (!flags_only || bit.width == 1) all.push_back(bit.name);
    return all;
  };
  if (node.is_list()) {
    std::uint64_t value = 0;
    for (const Node& item : node.items) {
      const Bit* bit = item.is_scalar() ? find_bit(item.text) : nullptr;
      if (bit == nullptr || bit->width != 1)
        return fail_at(item.mark, fmt::format("{} is no flag of '{}'", shown(item), key),
                       did_you_mean(item.text, bit_names(true)));
      value = bit->set(value, 1);
    }
    return value;
  }
  if (node.is_map()) {
    std::uint64_t value = before;
    for (const Member& member : node.members) {
      if (member.key == "raw") {
        const auto number = number_from(member.value, member.key, bits, {});
        if (!number) return number;
        value = *number;
        continue;
      }
      const Bit* bit = find_bit(member.key);
      if (bit == nullptr)
        return fail_at(member.mark, fmt::format("'{}' has no bits named '{}'", key, member.key),
                       did_you_mean(member.key, bit_names(false)));
      const auto number = number_from(member.value, member.key, bit->width, bit->names);
      if (!number) return number;
      value = bit->set(value, *number);
    }
    return value;
  }
  if (node.is_scalar() && !parse_number(node.text)) {
    if (const Bit* bit = find_bit(node.text); bit != nullptr && bit->width == 1) return bit->set(0, 1);
  }
  return number_from(node, key, bits, {});
}

Result<std::uint64_t> time_from(const Field& f, const Node& node) {
  if (node.is_scalar()) {
    if (const auto time = parse_iso8601(node.text)) {
      if (f.show == Show::filetime) return time->ticks;
      return encode_record_time(to_civil(*time), TimestampForm::binary);
    }
  }
  const auto number = number_from(node, f.name, f.size * 8, {});
  if (!number)
    return fail_at(node.mark, fmt::format("'{}' needs a time or a number, not {}", f.name, shown(node)),
                   "times look like 2026-01-31T08:00:00Z");
  return number;
}

class Assigner {
 public:
  Assigner(const Layout& layout, Buffer& bytes) : layout_(layout), bytes_(bytes) {}

  Result<void> run(const Node& fields) {
    if (fields.is_null()) return {};
    if (!fields.is_map())
      return fail_at(fields.mark,
                     fmt::format("'{}' needs a map of fields, not {}", layout_.name, shown(fields)));
    explicit_valid_ = gives_validity(fields);
    const std::size_t length = bytes_.size();
    // Choices come second: what they mean depends on fields that may stand behind them in the text.
    for (const bool choices : {false, true}) {
      if (choices && !deferred_) break;
      for (const Member& member : fields.members) {
        if (!choices && number_in_order(member)) continue;
        const auto done = one(member, choices);
        if (!done) return done;
      }
    }
    if (length >= layout_.size) {
      // The variable part starts where the fields end; a longer structure is filled up behind it.
      if (!layout_.tail.empty()) bytes_.resize(layout_.size);
      target_ = length;
      for (const Tail& tail : layout_.tail) {
        const Node* value = fields.find(tail.name);
        if (value == nullptr) {
          bytes_.resize(bytes_.size() + tail.fixed);
          continue;
        }
        const auto done = variable(tail, *value);
        if (!done) return done;
      }
    }
    if (auto done = unread(fields); !done) return done;
    if (bytes_.size() < length) bytes_.resize(length);
    return {};
  }

 private:
  // The short way of what most members are: a number for the field behind the last one. False: not that, and
  // nothing is done.
  bool number_in_order(const Member& member) {
    if (next_ == layout_.fields.size()) return false;
    const Field& f = layout_.fields[next_];
    const Node& value = member.value;
    if (f.kind != Kind::uint || f.meaning == Meaning::choice || f.show == Show::filetime ||
        f.show == Show::record_time || f.name.empty() || f.name != member.key || f.end() > bytes_.size() ||
        !value.is_scalar() || value.quoted)
      return false;
    const auto number = parse_number(value.text);
    if (!number || *number > largest(f.size * 8)) return false;
    store(f, *number);
    mark_valid(f);
    ++next_;
    return true;
  }

  // The key's field, or its part by a dotted key; nothing of the wrong pass is touched.
  Result<void> one(const Member& member, bool choices) {
    const std::string_view key = member.key;
    // Most maps have the order of the table: then the field is the one behind the last.
    if (next_ < layout_.fields.size() && layout_.fields[next_].name == key && !key.empty())
      return found(layout_.fields[next_], member, choices);
    bool is_prefix = false;  // of fields whose own names have a dot: "Version" of "Version.MinorVersion"
    for (const Field& f : layout_.fields) {
      if (f.name.empty()) {
        for (const Bit& bit : f.word_bits)
          if (bit.name == key) return choices ? Result<void>{} : bit_of(f, bit, member.value);
        continue;
      }
      is_prefix = is_prefix || (f.name.starts_with(key) && f.name[key.size()] == '.');
      if (!key.starts_with(f.name) || (key.size() > f.name.size() && key[f.name.size()] != '.')) continue;
      return found(f, member, choices);
    }
    for (const Tail& tail : layout_.tail)
      if (tail.name == key) return {};
    if (is_unread(key)) return {};
    if (is_prefix && member.value.is_map()) {
      for (const Member& inner : member.value.members)
        if (auto done = one({fmt::format("{}.{}", key, inner.key), inner.mark, inner.value}, choices); !done)
          return done;
      return {};
    }
    return fail_at(member.mark, fmt::format("{} has no field '{}'", layout_.name, key),
                   did_you_mean(key, names()));
  }

  // What to do in this pass with a field and the member that is about it.
  Result<void> found(const Field& f, const Member& member, bool choices) {
    next_ = static_cast<std::size_t>(&f - layout_.fields.data()) + 1;
    if ((f.meaning == Meaning::choice) == choices) return field(f, member);
    deferred_ = deferred_ || !choices;
    return {};
  }

  Result<void> field(const Field& f, const Member& member) {
    if (f.end() > bytes_.size())
      return fail_at(member.mark, fmt::format("'{}' is not in this form of {}: it has {} bytes", f.name,
                                              layout_.name, bytes_.size()));
    Result<void> done;
    if (member.key.size() == f.name.size()) {
      done = whole(f, member.value);
    } else {
      Node nested;
      nested.kind = Node::Kind::map;
      nested.mark = member.mark;
      nested.members.push_back({member.key.substr(f.name.size() + 1), member.mark, member.value});
      done = whole(f, nested);
    }
    if (done) mark_valid(f);
    return done;
  }

  bool gives_validity(const Node& fields) const {
    if (!layout_.valid.present()) return false;
    for (const Field& f : layout_.fields)
      if (f.offset == layout_.valid.offset) return fields.find(f.name) != nullptr;
    return false;
  }

  std::vector<std::string_view> names() const {
    std::vector<std::string_view> all;
    for (const Field& f : layout_.fields) {
      if (!f.name.empty()) all.push_back(f.name);
      if (f.name.empty())
        for (const Bit& bit : f.word_bits) all.push_back(bit.name);
    }
    for (const Tail& tail : layout_.tail) all.push_back(tail.name);
    return all;
  }

  std::uint64_t value_of_field(const Field& f) const { return load_le(&bytes_[f.offset], f.size); }
  void store(const Field& f, std::uint64_t value) { store_le(&bytes_[f.offset], value, f.size); }

  void mark_valid(const Field& f) {
    if (f.valid_bit < 0 || explicit_valid_) return;
    const Ref& at = layout_.valid;
    store_le(&bytes_[at.offset], load_le(&bytes_[at.offset], at.bytes) | std::uint64_t{1} << f.valid_bit,
             at.bytes);
  }

  Result<void> bit_of(const Field& f, const Bit& bit, const Node& value) {
    const auto number = number_from(value, bit.name, bit.width, bit.names);
    if (!number) return std::unexpected(number.error());
    store(f, bit.set(value_of_field(f), *number));
    return {};
  }

  Result<void> whole(const Field& f, const Node& value) {
    const ChoiceRow* row = f.meaning == Meaning::choice ? row_of(f, *f.choices, value) : nullptr;
    switch (f.kind) {
      case Kind::uint: {
        const auto number = [&]() -> Result<std::uint64_t> {
          if (f.show == Show::filetime || f.show == Show::record_time) return time_from(f, value);
          if (f.meaning != Meaning::word && f.meaning != Meaning::choice)
            return number_from(value, f.name, f.size * 8, f.value_names);
          const Word word = f.meaning == Meaning::word ? f.word_bits
                            : row != nullptr           ? row->word
                                                       : f.choices->otherwise;
          return word_from(value, f.name, f.size * 8, word, value_of_field(f));
        }();
        if (!number) return std::unexpected(number.error());
        store(f, *number);
        return {};
      }
      case Kind::guid:
        return guid_into(f, value);
      case Kind::ascii:
      case Kind::utf16:
        return text_into(f, value);
      case Kind::bytes:
      case Kind::pad:
        return bytes_into(f, value);
      case Kind::list:
      case Kind::part: {
        const Layout* inner = part_layout(f, row);
        if (inner == nullptr || (f.kind == Kind::list && value.is_list())) return list_into(f, value);
        return part_into(f, *inner, value);
      }
    }
    return {};
  }

  Result<void> put(const Field& f, Bytes value) {
    for (std::size_t i = 0; i < f.size; ++i) bytes_[f.offset + i] = i < value.size() ? value[i] : 0;
    return {};
  }

  Result<void> guid_into(const Field& f, const Node& value) {
    if (value.is_scalar()) {
      if (const auto parsed = Guid::parse(value.text)) return put(f, parsed->bytes);
      for (const GuidName& name : f.guid_names)
        if (name.text == value.text) return put(f, name.value.bytes);
    }
    std::vector<std::string_view> candidates;
    for (const GuidName& name : f.guid_names) candidates.push_back(name.text);
    return fail_at(value.mark,
                   fmt::format("'{}' needs a GUID{}, not {}", f.name, candidates.empty() ? "" : " or a name",
                               shown(value)),
                   did_you_mean(value.text, candidates));
  }

  Result<void> text_into(const Field& f, const Node& value) {
    if (!value.is_scalar())
      return fail_at(value.mark, fmt::format("'{}' needs a text, not {}", f.name, shown(value)));
    Buffer text(value.text.begin(), value.text.end());
    if (f.kind == Kind::utf16) {
      auto wide = utf8_to_utf16le(value.text);
      if (!wide) return fail_at(value.mark, fmt::format("'{}' needs a text in UTF-8", f.name));
      text = std::move(*wide);
    }
    if (text.size() > f.size)
      return fail_at(value.mark, fmt::format("the text is too long for '{}': {} bytes, {} fit", f.name,
                                             text.size(), f.size));
    return put(f, text);
  }

  Result<void> bytes_into(const Field& f, const Node& value) {
    const auto given = hex_from(f.name, value);
    if (!given) return std::unexpected(given.error());
    if (given->size() > f.size)
      return fail_at(value.mark,
                     fmt::format("too many bytes for '{}': {} given, {} fit", f.name, given->size(), f.size));
    return put(f, *given);
  }

  Result<void> list_into(const Field& f, const Node& value) {
    const std::size_t count = f.size / (f.element == 0 ? 1u : f.element);
    if (!value.is_list() || value.items.size() > count)
      return fail_at(value.mark,
                     fmt::format("'{}' needs a list of at most {} numbers, not {}", f.name, count,
                                 value.is_list() ? fmt::format("{}", value.items.size()) : shown(value)));
    Buffer made(f.size, 0);
    for (std::size_t i = 0; i < value.items.size(); ++i) {
      const auto number = number_from(value.items[i], f.name, f.element * 8u, {});
      if (!number) return std::unexpected(number.error());
      store_le(&made[i * f.element], *number, f.element);
    }
    return put(f, made);
  }

  Result<void> part_into(const Field& f, const Layout& inner, const Node& value) {
    const auto at = bytes_.begin() + static_cast<std::ptrdiff_t>(f.offset);
    Buffer own(at, at + static_cast<std::ptrdiff_t>(f.size));
    auto done = assign(inner, own, value);
    if (!done) return done;
    if (own.size() > f.size)
      return fail_at(value.mark, fmt::format("'{}' would have {} bytes, {} fit", f.name, own.size(), f.size));
    return put(f, own);
  }

  // The case of a choice. A union may hold its selector itself: the value says it before the bytes do.
  const ChoiceRow* row_of(const Field& f, const Choice& choice, const Node& value) const {
    const bool own = f.offset <= choice.at.offset && choice.at.offset < f.end();
    const ChoiceRow* row = own && selector_in(value, choice.selector) != nullptr ? row_named(choice, value)
                                                                                 : select_row(choice, bytes_);
    for (std::size_t i = 0; row == nullptr && i < choice.next.size(); ++i)
      row = row_of(f, *choice.next[i], value);
    return row;
  }

  // What a map says about the selector "Info.Type": as "Info.Type", as "Type" of its "Info", or, if the map
  // is that of Info, as "Type". nullptr if it says nothing.
  static const Node* selector_in(const Node& map, std::string_view path) {
    if (const Node* whole = map.find(path)) return whole;
    const std::size_t dot = path.find('.');
    if (dot == std::string_view::npos) return nullptr;
    const std::string_view rest = path.substr(dot + 1);
    const Node* part = map.find(path.substr(0, dot));
    return part != nullptr && part->is_map() ? part->find(rest) : map.find(rest);
  }

  static bool is_unread(std::string_view key) {
    return key.starts_with('U') && std::ranges::find(kUnreadNames, key) != std::end(kUnreadNames);
  }

  // Bytes that no field covers: behind the last whole field of a short form, else behind the variable part.
  Result<void> unread(const Node& fields) {
    std::size_t at = layout_.tail.empty() ? layout_.size : bytes_.size();
    if (bytes_.size() < layout_.size) {
      at = 0;
      for (const Field& f : layout_.fields)
        if (f.end() <= bytes_.size()) at = f.end();
    }
    for (const Member& member : fields.members) {
      if (!is_unread(member.key)) continue;
      const auto given = hex_from(member.key, member.value);
      if (!given) return std::unexpected(given.error());
      if (bytes_.size() < at + given->size()) bytes_.resize(at + given->size());
      std::ranges::copy(*given, bytes_.begin() + static_cast<std::ptrdiff_t>(at));
      at += given->size();
    }
    return {};
  }

  static Result<Buffer> hex_from(std::string_view key, const Node& value) {
    auto given = value.is_scalar() ? parse_hex_bytes(value.text) : std::nullopt;
    if (!given)
      return fail_at(value.mark, fmt::format("'{}' needs hex digits, two a byte, not {}", key, shown(value)));
    return std::move(*given);
  }

  Result<void> variable(const Tail& tail, const Node& value) {
    if (tail.kind == TailKind::many) return elements(tail, value);
    const auto wanted = wanted_length(tail, value);
    if (!wanted) return std::unexpected(wanted.error());
    auto own = content(tail, value, *wanted);
    if (!own) return std::unexpected(own.error());
    if (own->size() < *wanted && !tail.clipped) own->resize(*wanted);
    if (tail.fixed != 0 && own->size() > tail.fixed)
      return fail_at(value.mark, fmt::format("too many bytes for '{}': {} given, {} fit", tail.name,
                                             own->size(), tail.fixed));
    if (tail.kind == TailKind::located) {
      const std::uint64_t offset = load(bytes_, tail.offset);
      if (offset > bytes_.size() && offset - bytes_.size() <= kLongestPart) bytes_.resize(offset);
      set(bytes_, tail.offset, bytes_.size());
    }
    if (tail.length.present() && (own->size() != *wanted && !(tail.clipped && own->size() < *wanted))) {
      if (own->size() > largest(tail.length.width))
        return fail_at(value.mark, fmt::format("'{}' has {} bytes, its length counts to {}", tail.name,
                                               own->size(), largest(tail.length.width)));
      set(bytes_, tail.length, own->size());
    }
    return append(*own, value.mark);
  }

  Result<void> append(Bytes own, Mark mark) {
    if (own.size() > kLongestPart - std::min<std::uint64_t>(bytes_.size(), kLongestPart))
      return fail_at(mark, fmt::format("{} would have more than {} bytes", layout_.name, kLongestPart));
    bytes_.insert(bytes_.end(), own.begin(), own.end());
    return {};
  }

  // The length that the fields give a part; 0 if they leave it to its content.
  Result<std::size_t> wanted_length(const Tail& tail, const Node& value) const {
    std::uint64_t wanted = 0;
    if (tail.length.present()) {
      wanted = load(bytes_, tail.length);
    } else if (tail.fixed != 0) {
      wanted = tail.fixed;
    } else if (tail.kind == TailKind::rest) {
      const std::uint64_t whole = layout_.self.present() && load(bytes_, layout_.self) != 0
                                      ? load(bytes_, layout_.self) + layout_.self_add
                                      : target_;
      wanted = whole > bytes_.size() ? whole - bytes_.size() : 0;
    }
    if (wanted > kLongestPart)
      return fail_at(value.mark, fmt::format("the length of '{}' is {}, at most {} bytes can be made",
                                             tail.name, wanted, kLongestPart));
    return static_cast<std::size_t>(wanted);
  }

  Result<Buffer> content(const Tail& tail, const Node& value, std::size_t wanted) {
    if (!value.is_map()) return hex_from(tail.name, value);
    const Layout* inner = tail.layout;
    if (tail.choice != nullptr) {
      const auto& at = tail.choice->at;
      const bool inside = CheckedRange::make(at.offset, at.bytes, bytes_.size()).has_value();
      const ChoiceRow* row = inside ? select(*tail.choice, bytes_) : row_named(*tail.choice, value);
      if (row != nullptr && !row->forms.empty())
        inner = wanted != 0 ? form_for(row->forms, wanted) : row->forms.back();
    }
    if (inner == nullptr)
      return fail_at(value.mark, fmt::format("'{}' has no fields here: it needs hex digits", tail.name),
                     tail.choice != nullptr ? fmt::format("'{}' decides what it is", tail.choice->selector)
                                            : std::string());
    Buffer own(wanted != 0 ? std::min<std::size_t>(wanted, inner->size) : inner->size, 0);
    if (auto done = assign(*inner, own, value); !done) return std::unexpected(done.error());
    return own;
  }

  // The case that an element, or a member of a union, says it is.
  static const ChoiceRow* row_named(const Choice& choice, const Node& value) {
    const std::string_view name = choice.selector.substr(choice.selector.rfind('.') + 1);
    static const Node kZero = scalar("0");
    const Node* said = selector_in(value, choice.selector);
    if (said == nullptr) said = &kZero;
    if (!said->is_scalar()) return nullptr;
    for (const ChoiceRow& row : choice.rows) {
      if (row.name == said->text) return &row;
      if (choice.at.bytes == Guid::kSize) {
        const auto guid = Guid::parse(said->text);
        if (guid && *guid == row.guid) return &row;
        continue;
      }
      if (const auto number = parse_number(said->text); number && *number == row.value) return &row;
      for (const Layout* form : row.forms)
        for (const Field& f : form->fields)
          if (f.name == name && value_of(f.value_names, said->text) == row.value) return &row;
    }
    return nullptr;
  }

  Result<void> elements(const Tail& tail, const Node& value) {
    if (!value.is_list())
      return fail_at(value.mark, fmt::format("'{}' needs a list, not {}", tail.name, shown(value)));
    if (tail.count.present() && value.items.size() > largest(tail.count.width))
      return fail_at(value.mark,
                     fmt::format("'{}' holds at most {} elements", tail.name, largest(tail.count.width)));
    for (const Node& item : value.items) {
      const Layout* inner = tail.layout;
      if (tail.choice != nullptr) {
        const ChoiceRow* row = row_named(*tail.choice, item);
        if (row != nullptr) inner = row->forms.front();
      }
      if (inner == nullptr)
        return fail_at(item.mark,
                       fmt::format("an element of '{}' must say its '{}'", tail.name, tail.choice->selector),
                       fmt::format("it may be {}", row_names(*tail.choice)));
      Buffer own(inner->size, 0);
      if (auto done = assign(*inner, own, item); !done) return done;
      const Ref& self = inner->self;
      if (self.present()) {
        const std::uint64_t said = load(own, self) + inner->self_add;
        if (load(own, self) != 0 && said > own.size() && said - own.size() <= kLongestPart) own.resize(said);
        if (own.size() - inner->self_add > largest(self.width))
          return fail_at(item.mark, fmt::format("an element of '{}' has {} bytes, too many for its length",
                                                tail.name, own.size()));
        if (said != own.size()) set(own, self, own.size() - inner->self_add);
      }
      if (auto done = append(own, item.mark); !done) return done;
    }
    if (tail.count.present()) set(bytes_, tail.count, value.items.size());
    return {};
  }

  static std::string row_names(const Choice& choice) {
    std::string names;
    for (const ChoiceRow& row : choice.rows)
      names += fmt::format("{}{}", names.empty() ? "" : ", ", row.name);
    return names;
  }

  static void set(Buffer& bytes, const Ref& at, std::uint64_t value) {
    const Bit bits{at.low, at.width, {}, {}};
    store_le(&bytes[at.offset], bits.set(load_le(&bytes[at.offset], at.bytes), value), at.bytes);
  }

  const Layout& layout_;
  Buffer& bytes_;
  bool explicit_valid_ = false;
  bool deferred_ = false;   // the first pass met a choice
  std::size_t next_ = 0;    // the field behind the last one that was found
  std::size_t target_ = 0;  // the length that the caller wants the structure to have at least
};

}  // namespace

std::optional<std::uint64_t> parse_number(std::string_view text) noexcept {
  std::uint64_t value = 0;
  if (text.size() > 2 && text[0] == '0' && (text[1] == 'x' || text[1] == 'X')) {
    for (const char c : text.substr(2)) {
      const int digit = hex_digit(c);
      if (digit < 0 || value >> 60 != 0) return std::nullopt;
      value = value << 4 | static_cast<unsigned>(digit);
    }
    return value;
  }
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || text.empty()) return std::nullopt;
  return value;
}

std::optional<Buffer> parse_hex_bytes(std::string_view text) {
  Buffer bytes;
  bytes.reserve(text.size() / 2);
  for (std::size_t at = 0; at < text.size();) {
    if (is_white(text[at])) {
      ++at;
      continue;
    }
    const int high = hex_digit(text[at]);
    const int low = at + 1 < text.size() ? hex_digit(text[at + 1]) : -1;
    if (high < 0 || low < 0) return std::nullopt;
    bytes.push_back(static_cast<std::uint8_t>(high * 16 + low));
    at += 2;
  }
  return bytes;
}

Result<void> assign(const Layout& layout, Buffer& bytes, const Node& fields) {
  if (bytes.size() < layout.min)
    return fail(ErrorKind::internal, fmt::format("{} needs {} bytes", layout.name, layout.min));
  return Assigner(layout, bytes).run(fields);
}

}  // namespace wheatstone::layout
