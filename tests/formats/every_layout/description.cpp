#include "tests/formats/every_layout/description.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include "formats/layout/guid.hpp"

namespace wheatstone::test {
namespace {

std::vector<std::string> split(std::string_view text, std::string_view separator) {
  std::vector<std::string> parts;
  while (true) {
    const std::size_t at = text.find(separator);
    parts.emplace_back(text.substr(0, at));
    if (at == std::string_view::npos) return parts;
    text.remove_prefix(at + separator.size());
  }
}

// "8/4" or "0/8:2-7".
Where parse_where(std::string_view text) {
  Where where;
  const auto colon = split(text, ":");
  const auto place = split(colon[0], "/");
  where.offset = std::stoul(place.at(0));
  where.bytes = std::stoul(place.at(1));
  where.width = static_cast<unsigned>(std::min<std::size_t>(8 * where.bytes, 64));
  if (colon.size() > 1) {
    const auto bits = split(colon[1], "-");
    where.low = static_cast<unsigned>(std::stoul(bits.at(0)));
    where.width = static_cast<unsigned>(std::stoul(bits.at(1))) - where.low + 1;
  }
  return where;
}

// "0 Polled, 1 ExternalInterrupt".
ValueNames parse_names(std::string_view text) {
  ValueNames names;
  for (const std::string& each : split(text, ", ")) {
    const std::size_t space = each.find(' ');
    names.emplace_back(each.substr(0, space), each.substr(space + 1));
  }
  return names;
}

// "0 PlatformId, 2-7 Count"; nothing: no bit has a name.
DescribedWord parse_word(std::string_view text) {
  DescribedWord word;
  if (text.empty()) return word;
  for (const auto& [bits, name] : parse_names(text)) {
    const auto ends = split(bits, "-");
    const auto low = static_cast<unsigned>(std::stoul(ends[0]));
    word.push_back({low, static_cast<unsigned>(std::stoul(ends.back())) - low + 1, name});
  }
  return word;
}

// Lines of one file, with those that begin with six spaces joined to the one before; comments left out.
std::vector<std::pair<std::size_t, std::string>> read_lines(const std::string& path) {
  std::ifstream file(path);
  if (!file) throw std::runtime_error("no " + path);
  std::vector<std::pair<std::size_t, std::string>> lines;
  std::size_t number = 0;
  for (std::string line; std::getline(file, line);) {
    ++number;
    if (line.find_first_not_of(' ') == std::string::npos || line[line.find_first_not_of(' ')] == '#')
      continue;
    if (line.starts_with("      ")) {
      lines.back().second += line.substr(5);
    } else {
      lines.emplace_back(number, line);
    }
  }
  return lines;
}

class Reader {
 public:
  explicit Reader(std::map<std::string, Described>& all) : all_(all) {}

  void read(std::string_view name) {
    const std::string path = fmt::format(WHEATSTONE_SOURCE_DIR "/tests/data/layouts/{}.txt", name);
    for (const auto& [number, line] : read_lines(path)) {
      try {
        take(line);
      } catch (const std::exception& error) {
        throw std::runtime_error(fmt::format("{}:{}: {}: {}", path, number, line, error.what()));
      }
    }
  }

 private:
  void take(const std::string& line) {
    if (line.starts_with("    ")) {
      bit_names(std::string_view(line).substr(4));
    } else if (line.starts_with("  when ") || line.starts_with("  otherwise ")) {
      take_case(line);
    } else if (line.starts_with("  = ")) {
      DescribedField& field = now_->fields.back();
      const std::string text = line.substr(4);
      field.names = text.starts_with("as ") ? names_.at(text.substr(3)) : parse_names(text);
      names_[now_->key + "." + field.name] = field.names;
    } else if (line.starts_with("  : ")) {
      word_key_ = now_->key + "." + now_->fields.back().name;
      now_->fields.back().word = take_word(line.substr(4));
      word_ = &now_->fields.back().word;
    } else if (line.starts_with("+ ")) {
      tail(line.substr(2));
    } else if (line[0] >= '0' && line[0] <= '9') {
      field(line);
    } else {
      head(line);
    }
  }

  DescribedWord take_word(const std::string& text) {
    const DescribedWord word = text.starts_with("as ") ? words_.at(text.substr(3)) : parse_word(text);
    words_[word_key_] = word;
    return word;
  }

  void bit_names(std::string_view text) {
    const auto parts = split(text, " = ");
    const ValueNames names =
        parts.at(1).starts_with("as ") ? names_.at(parts[1].substr(3)) : parse_names(parts[1]);
    names_[word_key_ + "." + parts[0]] = names;
    for (DescribedBits& bits : *word_)
      if (bits.name == parts[0]) bits.names = names;
    words_[word_key_] = *word_;
  }

  void take_case(const std::string& line) {
    std::vector<When>& cases = tail_ ? now_->tails.back().when : now_->fields.back().when;
    const std::string owner = now_->key + "." + (tail_ ? now_->tails.back().name : now_->fields.back().name);
    When when;
    std::string what;
    if (line.starts_with("  when as ")) {
      cases = cases_.at(line.substr(10));
      return;
    }
    if (line.starts_with("  otherwise ")) {
      what = line.substr(12);
    } else {
      const auto parts = split(std::string_view(line).substr(7), " = ");
      when.where = parse_where(parts[0]);
      when.value = parts.at(1).substr(0, parts[1].find(' '));
      what = parts[1].substr(when.value.size() + 1);
    }
    word_key_ = fmt::format("{}[{}]", owner, when.value);
    if (what.starts_with("is ")) {
      when.forms = split(what.substr(3), ", ");
    } else {
      when.word = take_word(what.size() > 2 ? what.substr(2) : "");
    }
    cases.push_back(when);
    word_ = &cases.back().word;
    cases_[owner] = cases;
  }

  void head(const std::string& line) {
    std::istringstream words(line);
    std::string key, word;
    words >> key;
    if (all_.contains(key)) throw std::runtime_error("described twice");
    now_ = &all_[key];
    now_->key = key;
    tail_ = false;
    words >> now_->size;
    now_->min = now_->size;
    while (words >> word) {
      std::string value;
      words >> value;
      if (word == "min") {
        now_->min = std::stoul(value);
      } else if (word == "valid") {
        now_->valid = parse_where(value);
      } else if (word == "self") {
        const auto parts = split(value, "+");
        now_->self = parse_where(parts[0]);
        if (parts.size() > 1) now_->self_add = std::stoul(parts[1]);
      } else {
        throw std::runtime_error("what is " + word);
      }
    }
  }

  void field(const std::string& line) {
    std::istringstream words(line);
    DescribedField field;
    words >> field.offset >> field.size >> field.name;
    if (field.name == "-") field.name.clear();
    for (std::string word; words >> word;) {
      if (word == "valid") {
        words >> field.valid;
      } else if (word[0] >= '0' && word[0] <= '9') {
        std::string of;
        words >> of >> field.element;
        field.kind = "list";
        if (std::stoul(word) * field.element != field.size) throw std::runtime_error("wrong size");
      } else if (word.find("::") != std::string::npos) {
        field.kind = "part";
        field.part = word;
      } else {
        field.kind = word;
      }
    }
    now_->fields.push_back(field);
  }

  void tail(const std::string& line) {
    std::istringstream words(line);
    DescribedTail tail;
    words >> tail.kind >> tail.name;
    for (std::string word; words >> word;) {
      std::string value;
      if (word == "clipped") {
        tail.clipped = true;
        continue;
      }
      words >> value;
      if (word == "of") tail.of = value;
      if (word == "count") tail.count = parse_where(value);
      if (word == "at") tail.at = parse_where(value);
      if (word == "length" && value.find('/') != std::string::npos) tail.length = parse_where(value);
      if (word == "length" && value.find('/') == std::string::npos) tail.fixed = std::stoul(value);
    }
    now_->tails.push_back(tail);
    tail_ = true;
  }

  std::map<std::string, Described>& all_;
  Described* now_ = nullptr;
  bool tail_ = false;
  DescribedWord* word_ = nullptr;
  std::string word_key_;
  std::map<std::string, ValueNames> names_;
  std::map<std::string, DescribedWord> words_;
  std::map<std::string, std::vector<When>> cases_;
};

bool holds(const When& when, Bytes bytes) {
  if (when.where.bytes == 0) return true;
  if (when.where.offset + when.where.bytes > bytes.size()) return false;
  if (when.where.bytes == Guid::kSize) return Guid::load(&bytes[when.where.offset]).text() == when.value;
  return load_at(bytes, when.where) == number_of(when.value);
}

const When* select(const std::vector<When>& cases, Bytes bytes) {
  for (const When& when : cases)
    if (holds(when, bytes)) return &when;
  return nullptr;
}

std::string name_of(const ValueNames& names, std::uint64_t value) {
  for (const auto& [number, name] : names)
    if (number_of(number) == value) return name;
  return {};
}

std::string hex(Bytes bytes) {
  std::string digits;
  for (const std::uint8_t byte : bytes) digits += fmt::format("{:02x}", byte);
  return digits;
}

}  // namespace

std::uint64_t number_of(std::string_view text) {
  return std::stoull(std::string(text), nullptr, 0);
}

std::uint64_t load_at(Bytes bytes, const Where& where) {
  std::uint64_t value = 0;
  for (std::size_t i = std::min<std::size_t>(where.bytes, 8); i > 0; --i)
    value = value << 8 | bytes[where.offset + i - 1];
  value >>= where.low;
  return where.width >= 64 ? value : value & ((std::uint64_t{1} << where.width) - 1);
}

void store_at(MutableBytes bytes, const Where& where, std::uint64_t value) {
  for (unsigned bit = 0; bit < where.width; ++bit) {
    const unsigned at = where.low + bit;
    std::uint8_t& byte = bytes[where.offset + at / 8];
    const auto mask = static_cast<std::uint8_t>(1u << at % 8);
    byte = static_cast<std::uint8_t>((value >> bit & 1) != 0 ? byte | mask : byte & ~mask);
  }
}

void store_case(MutableBytes bytes, const When& when) {
  if (when.where.bytes == Guid::kSize) {
    const Guid guid = *Guid::parse(when.value);
    std::ranges::copy(guid.bytes, bytes.begin() + static_cast<std::ptrdiff_t>(when.where.offset));
  } else if (when.where.bytes != 0) {
    store_at(bytes, when.where, number_of(when.value));
  }
}

Descriptions::Descriptions() {
  Reader reader(all_);
  for (const char* file : {"cper", "whea", "acpi"}) reader.read(file);
}

// The walk over a structure as its description has it.
struct Descriptions::Walk {
  const Descriptions& all;
  std::vector<layout::Leaf> leaves{};

  const Described* form_for(const std::vector<std::string>& forms, std::size_t length) const {
    const Described* best = nullptr;
    for (const std::string& key : forms) {
      const Described& form = all.at(key);
      if (form.size <= length || (best == nullptr && form.min <= length)) best = &form;
    }
    return best;
  }

  void text(const std::string& path, std::string value, bool valid) {
    layout::Leaf leaf;
    leaf.path = path;
    leaf.valid = valid;
    leaf.text = std::move(value);
    leaves.push_back(std::move(leaf));
  }

  void number(const std::string& path, std::uint64_t value, std::size_t size, bool flag, std::string name,
              bool valid) {
    layout::Leaf leaf;
    leaf.path = path;
    leaf.kind = flag ? layout::Leaf::Kind::flag : layout::Leaf::Kind::number;
    leaf.size = static_cast<std::uint8_t>(size);
    leaf.number = value;
    leaf.text = std::move(name);
    leaf.valid = valid;
    leaves.push_back(std::move(leaf));
  }

  void word(const DescribedWord& bits, std::uint64_t value, const std::string& prefix, std::size_t size,
            bool valid) {
    for (const DescribedBits& each : bits) {
      const std::uint64_t own =
          each.width >= 64 ? value : value >> each.low & ((std::uint64_t{1} << each.width) - 1);
      number(prefix + each.name, own, size, each.width == 1, name_of(each.names, own), valid);
    }
  }

  void field(const DescribedField& field, Bytes bytes, const std::string& prefix, bool valid) {
    const Bytes own = bytes.subspan(field.offset, field.size);
    const std::string path = prefix + field.name;
    const When* when = select(field.when, bytes);
    if (field.kind == "guid") {
      std::string value = Guid::load(own.data()).text();
      for (const auto& [guid, name] : field.names)
        if (guid == value) value = name;
      text(path, value, valid);
    } else if (field.kind == "bytes" || field.kind == "reserved") {
      text(path, hex(own), valid);
    } else if (field.kind == "text" || field.kind == "wide") {
      std::size_t size = own.size();
      while (size > 0 && own[size - 1] == 0) --size;
      std::string value;
      for (std::size_t i = 0; i < size; i += field.kind == "wide" ? 2u : 1u)
        value += own[i] >= ' ' && own[i] < 0x7f ? std::string(1, static_cast<char>(own[i]))
                                                : fmt::format("\\x{:02x}", own[i]);
      text(path, value, valid);
    } else if (field.kind == "part" || field.kind == "list") {
      const Described* form = when != nullptr ? form_for(when->forms, field.size) : nullptr;
      if (form == nullptr && field.kind == "part") form = &all.at(field.part);
      if (form != nullptr) return structure(*form, own, path + ".", valid);
      for (std::size_t at = 0; at < own.size(); at += field.element)
        number(fmt::format("{}[{}]", path, at / field.element),
               load_at(own, {at, field.element, 0, static_cast<unsigned>(8 * field.element)}), field.element,
               false, {}, valid);
    } else {
      const std::uint64_t value = load_at(own, {0, field.size, 0, static_cast<unsigned>(8 * field.size)});
      if (!field.name.empty()) number(path, value, field.size, false, name_of(field.names, value), valid);
      word(when != nullptr ? when->word : field.word, value, field.name.empty() ? prefix : path + ".",
           field.size, valid);
    }
  }

  void part(const DescribedTail& tail, Bytes bytes, Bytes own, const std::string& prefix, bool valid) {
    const When* when = select(tail.when, bytes);
    const Described* form = when != nullptr ? form_for(when->forms, own.size()) : nullptr;
    if (form == nullptr && !tail.of.empty() && own.size() >= all.at(tail.of).min) form = &all.at(tail.of);
    if (form != nullptr) {
      structure(*form, own, prefix + tail.name + ".", valid);
    } else {
      text(prefix + tail.name, hex(own), valid);
    }
  }

  void structure(const Described& described, Bytes bytes, const std::string& prefix, bool outer_valid) {
    std::size_t covered = 0;
    for (const DescribedField& each : described.fields) {
      if (each.offset + each.size > bytes.size()) break;
      covered = each.offset + each.size;
      bool valid = outer_valid;
      const Where& word = described.valid;
      if (each.valid >= 0 && word.offset + word.bytes <= bytes.size())
        valid = valid && (load_at(bytes, word) >> each.valid & 1) != 0;
      field(each, bytes, prefix, valid);
    }
    if (covered != described.size) {
      if (covered < bytes.size()) text(prefix + "Unread", hex(bytes.subspan(covered)), outer_valid);
      return;
    }
    variable(described, bytes, prefix, outer_valid);
  }

  void variable(const Described& described, Bytes bytes, const std::string& prefix, bool valid) {
    std::size_t at = described.size;
    std::vector<std::pair<std::size_t, std::size_t>> located;
    for (const DescribedTail& tail : described.tails) {
      if (tail.kind == "many") {
        const std::uint64_t count = tail.count.bytes != 0 ? load_at(bytes, tail.count) : ~std::uint64_t{0};
        std::uint64_t index = 0;
        for (; index < count && at < bytes.size(); ++index) {
          const Described* element = all.element_of(tail, bytes.subspan(at));
          const std::size_t size = element != nullptr ? all.element_size(*element, bytes.subspan(at)) : 0;
          if (size == 0) break;
          structure(*element, bytes.subspan(at, size), fmt::format("{}{}[{}].", prefix, tail.name, index),
                    valid);
          at += size;
        }
        if (index < count && (tail.count.bytes != 0 || at < bytes.size())) {
          if (at < bytes.size()) text(prefix + "Unread", hex(bytes.subspan(at)), valid);
          return;
        }
      } else if (tail.kind == "run") {
        std::uint64_t length = tail.length.bytes != 0 ? load_at(bytes, tail.length) : tail.fixed;
        if (tail.clipped) length = std::min<std::uint64_t>(length, bytes.size() - at);
        if (length > bytes.size() - at) {
          if (at < bytes.size()) text(prefix + "Unread", hex(bytes.subspan(at)), valid);
          return;
        }
        if (length != 0)
          part(tail, bytes, bytes.subspan(at, static_cast<std::size_t>(length)), prefix, valid);
        at += static_cast<std::size_t>(length);
      } else if (tail.kind == "located") {
        const std::uint64_t offset = load_at(bytes, tail.at);
        std::uint64_t length = load_at(bytes, tail.length);
        if (tail.clipped && offset < bytes.size()) length = std::min(length, bytes.size() - offset);
        if (length == 0 || offset < described.size || offset > bytes.size() || length > bytes.size() - offset)
          continue;
        const auto begin = static_cast<std::size_t>(offset);
        const auto size = static_cast<std::size_t>(length);
        located.emplace_back(begin, begin + size);
        part(tail, bytes, bytes.subspan(begin, size), prefix, valid);
      } else if (at < bytes.size()) {
        part(tail, bytes, bytes.subspan(at), prefix, valid);
        at = bytes.size();
      }
    }
    std::ranges::sort(located);
    int runs = 0;
    const auto unread = [&](std::size_t end) {
      if (end <= at) return;
      ++runs;
      text(prefix + (runs == 1 ? "Unread" : fmt::format("Unread{}", runs)), hex(bytes.subspan(at, end - at)),
           valid);
    };
    for (const auto& [begin, end] : located) {
      unread(begin);
      at = std::max(at, end);
    }
    unread(bytes.size());
  }
};

std::vector<layout::Leaf> Descriptions::leaves(const Described& described, Bytes bytes) const {
  Walk walk{*this};
  walk.structure(described, bytes, "", true);
  return std::move(walk.leaves);
}

const Described* Descriptions::element_of(const DescribedTail& tail, Bytes bytes) const {
  const When* when = select(tail.when, bytes);
  if (when != nullptr && !when->forms.empty()) return &at(when->forms.front());
  return tail.of.empty() ? nullptr : &at(tail.of);
}

std::size_t Descriptions::element_size(const Described& described, Bytes bytes) const {
  if (bytes.size() < described.size) return 0;
  if (described.self.bytes != 0) {
    const std::uint64_t own = load_at(bytes, described.self) + described.self_add;
    return own < described.size || own > bytes.size() ? 0 : static_cast<std::size_t>(own);
  }
  std::size_t size = described.size;
  for (const DescribedTail& tail : described.tails) {
    if (tail.kind != "many" || tail.count.bytes == 0) return bytes.size();
    for (std::uint64_t count = load_at(bytes, tail.count); count > 0; --count) {
      const Described* element = element_of(tail, bytes.subspan(size));
      const std::size_t own = element != nullptr ? element_size(*element, bytes.subspan(size)) : 0;
      if (own == 0) return 0;
      size += own;
    }
  }
  return size;
}

}  // namespace wheatstone::test
