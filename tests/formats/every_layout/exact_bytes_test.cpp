// Every layout, byte by byte: what stands where, how it is called, which validity bit rules it, what its
// values and bits are named, and what its variable part is, against tests/data/layouts.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <set>

#include "formats/layout/assign.hpp"
#include "tests/formats/every_layout/subjects.hpp"

namespace wheatstone::test {
namespace {

void expect_sizes_and_places_are_those_described(const Subject& subject) {
  const Described& described = subject.described;
  EXPECT_EQ(subject.table.size, described.size);
  EXPECT_EQ(subject.table.min, described.min);
  std::size_t next = 0;
  for (const DescribedField& field : described.fields) {
    EXPECT_EQ(field.offset, next) << field.name;
    next = field.offset + field.size;
  }
  EXPECT_EQ(next, described.size);
}

TEST(ExactBytes, SizesAndPlacesAreThoseDescribed) {
  for (const Subject& subject : subjects()) expect_sizes_and_places_are_those_described(subject);
}

void expect_every_field_is_read_where_it_stands(const Subject& subject) {
  const Described& described = subject.described;
  expect_same(subject, pattern(described, described.size), "the fixed fields");
  expect_same(subject, Buffer(described.size, 0), "zeros");
  Buffer ones = pattern(described, described.size);
  for (const DescribedField& field : described.fields)
    if (field.kind != "text" && field.kind != "wide" && field.kind != "part")
      std::fill_n(ones.begin() + static_cast<std::ptrdiff_t>(field.offset), field.size, std::uint8_t{0xff});
  expect_same(subject, ones, "ones");
}

TEST(ExactBytes, EveryFieldIsReadWhereItStands) {
  for (const Subject& subject : subjects()) expect_every_field_is_read_where_it_stands(subject);
}

void expect_every_validity_bit_rules_its_fields(const Subject& subject) {
  const Described& described = subject.described;
  const Where word = described.valid;
  std::set<int> bits;
  for (const DescribedField& field : described.fields)
    if (field.valid >= 0) bits.insert(field.valid);
  ASSERT_EQ(word.bytes != 0 || bits.empty(), true);
  for (const int bit : bits) {
    for (const bool only : {true, false}) {
      Buffer bytes = pattern(described, described.size);
      const std::uint64_t one = std::uint64_t{1} << bit;
      store_at(bytes, word, only ? one : ~one);
      expect_same(subject, bytes, fmt::format("bit {} {}", bit, only ? "alone" : "missing"));
    }
  }
}

TEST(ExactBytes, EveryValidityBitRulesItsFields) {
  for (const Subject& subject : subjects()) expect_every_validity_bit_rules_its_fields(subject);
}

void expect_every_named_value_has_its_name(const Subject& subject) {
  const Described& described = subject.described;
  for (const DescribedField& field : described.fields) {
    if (field.kind == "guid") {
      for (const auto& [value, name] : field.names) {
        Buffer bytes = pattern(described, described.size);
        store_case(bytes, {{field.offset, Guid::kSize}, value});
        expect_same(subject, bytes, name);
      }
      continue;
    }
    if (!field.kind.empty()) continue;
    const Where own{field.offset, field.size, 0, static_cast<unsigned>(8 * field.size)};
    std::set<std::uint64_t> values;
    for (const auto& [value, name] : field.names)
      values.insert({number_of(value) - 1, number_of(value), number_of(value) + 1});
    for (const std::uint64_t value : values) {
      Buffer bytes = pattern(described, described.size);
      store_at(bytes, own, value);
      expect_same(subject, bytes, fmt::format("{} = {}", field.name, value));
    }
  }
}

TEST(ExactBytes, EveryNamedValueHasItsName) {
  for (const Subject& subject : subjects()) expect_every_named_value_has_its_name(subject);
}

// Each run of bits with a name alone, all ones and each of its named values, and the bits between them.
void expect_every_bit_is_where_it_stands(const Subject& subject) {
  const Described& described = subject.described;
  for (const DescribedField& field : described.fields) {
    std::vector<std::pair<const When*, const DescribedWord*>> words = {{nullptr, &field.word}};
    for (const When& when : field.when)
      if (when.forms.empty()) words.emplace_back(&when, &when.word);
    for (const auto& [when, word] : words) {
      for (const DescribedBits& bits : *word) {
        std::set<std::uint64_t> values = {~std::uint64_t{0}};
        for (const auto& [value, name] : bits.names) values.insert({number_of(value), number_of(value) + 1});
        for (const std::uint64_t value : values) {
          Buffer bytes(described.size, 0);
          if (when != nullptr) store_case(bytes, *when);
          store_at(bytes, {field.offset, field.size, bits.low, bits.width}, value);
          expect_same(subject, bytes, fmt::format("{}.{} = {}", field.name, bits.name, value));
        }
      }
      if (word->empty()) continue;
      for (unsigned bit = 0; bit < 8 * field.size; ++bit) {
        Buffer bytes(described.size, 0);
        if (when != nullptr) store_case(bytes, *when);
        store_at(bytes, {field.offset, field.size, bit, 1}, 1);
        expect_same(subject, bytes, fmt::format("{} bit {}", field.name, bit));
      }
    }
  }
}

TEST(ExactBytes, EveryBitIsWhereItStands) {
  for (const Subject& subject : subjects()) expect_every_bit_is_where_it_stands(subject);
}

// What another field decides: each case, and one that is none.
void expect_every_case_is_read_as_what_it_selects(const Subject& subject) {
  const Described& described = subject.described;
  for (const DescribedField& field : described.fields) {
    for (const When& when : field.when) {
      Buffer bytes = pattern(described, described.size);
      store_case(bytes, when);
      expect_same(subject, bytes, fmt::format("{} for {}", field.name, when.value));
      if (when.where.bytes == 0 || when.where.bytes == Guid::kSize) continue;
      store_at(bytes, when.where, ~std::uint64_t{0});
      expect_same(subject, bytes, fmt::format("{} for none", field.name));
    }
  }
}

TEST(ExactBytes, EveryCaseIsReadAsWhatItSelects) {
  for (const Subject& subject : subjects()) expect_every_case_is_read_as_what_it_selects(subject);
}

// Each variable part alone: two elements of each kind, each case with bytes behind it.
void expect_every_variable_part_is_read_where_it_stands(const Subject& subject) {
  const Described& described = subject.described;
  constexpr std::size_t kBytes = 8;  // behind what is known
  for (const DescribedTail& tail : described.tails) {
    std::vector<const When*> cases = {nullptr};
    for (const When& when : tail.when) cases.push_back(&when);
    for (const When* when : cases) {
      Buffer bytes = without_variable_part(described);
      if (tail.kind == "many") {
        if (when == nullptr && tail.of.empty()) continue;
        const Buffer one = element(tail, when);
        const std::size_t most = tail.count.width == 1 ? 1 : 2;
        for (std::size_t i = 0; i < most; ++i) bytes.insert(bytes.end(), one.begin(), one.end());
        if (tail.count.bytes != 0) store_at(bytes, tail.count, most);
      } else {
        const std::size_t gap = tail.kind == "located" ? 3 : 0;
        std::string form = tail.of;
        if (when != nullptr && !when->forms.empty()) {
          store_case(bytes, *when);
          form = when->forms.back();
        }
        Buffer own = form.empty() ? Buffer{} : pattern(descriptions().at(form), descriptions().at(form).size);
        own.resize(tail.fixed != 0 ? tail.fixed : own.size() + kBytes, 5);
        const std::size_t length = own.size();
        bytes.insert(bytes.end(), gap, 9);
        bytes.insert(bytes.end(), own.begin(), own.end());
        if (tail.at.bytes != 0) store_at(bytes, tail.at, described.size + gap);
        if (tail.length.bytes != 0) store_at(bytes, tail.length, length);
      }
      const std::string what = fmt::format("{} for {}", tail.name, when != nullptr ? when->value : "none");
      expect_same(subject, bytes, what);
      bytes.insert(bytes.end(), {7, 8, 9});
      expect_same(subject, bytes, what + ", then three bytes");
      bytes.resize(bytes.size() < 4 ? 0 : bytes.size() - 4);
      expect_same(subject, bytes, what + ", a byte short");
    }
  }
}

TEST(ExactBytes, EveryVariablePartIsReadWhereItStands) {
  for (const Subject& subject : subjects()) expect_every_variable_part_is_read_where_it_stands(subject);
}

layout::Node scalar(std::string text, bool quoted = false) {
  layout::Node node;
  node.kind = layout::Node::Kind::scalar;
  node.text = std::move(text);
  node.quoted = quoted;
  return node;
}

// The fields by name, as somebody would write them down.
layout::Node names_and_values(const Described& described, Bytes bytes) {
  layout::Node map;
  map.kind = layout::Node::Kind::map;
  for (const DescribedField& field : described.fields) {
    const Bytes own = bytes.subspan(field.offset, field.size);
    layout::Node value;
    if (field.kind == "reserved") continue;
    if (field.kind == "part") {
      value = names_and_values(descriptions().at(field.part), own);
    } else if (field.kind == "list") {
      value.kind = layout::Node::Kind::list;
      for (std::size_t at = 0; at < field.size; at += field.element)
        value.items.push_back(scalar(fmt::format(
            "{}", load_at(own, {at, field.element, 0, static_cast<unsigned>(8 * field.element)}))));
    } else if (field.kind == "guid") {
      value = scalar(Guid::load(own.data()).text());
    } else if (field.kind == "text" || field.kind == "wide") {
      value = scalar({}, true);
      for (std::size_t i = 0; i < own.size(); i += field.kind == "wide" ? 2u : 1u)
        value.text += static_cast<char>(own[i]);
    } else if (field.kind == "bytes") {
      value = scalar({}, true);
      for (const std::uint8_t byte : own) value.text += fmt::format("{:02x}", byte);
    } else {
      const std::uint64_t number = load_at(own, {0, field.size, 0, static_cast<unsigned>(8 * field.size)});
      for (const DescribedBits& bits : field.name.empty() ? field.word : DescribedWord())
        map.members.push_back(
            {bits.name, {}, scalar(fmt::format("{}", number >> bits.low & ((1u << bits.width) - 1)))});
      if (field.name.empty()) continue;
      value = scalar(fmt::format("{:#x}", number));
    }
    map.members.push_back({field.name, {}, std::move(value)});
  }
  return map;
}

void expect_every_field_is_written_where_it_stands(const Subject& subject) {
  const Described& described = subject.described;
  Buffer bytes = pattern(described, described.size);
  const auto clear = [](const auto& self, const Described& what, MutableBytes own) -> void {
    for (const DescribedField& field : what.fields) {
      const MutableBytes inner = own.subspan(field.offset, field.size);
      if (field.kind == "reserved") std::ranges::fill(inner, std::uint8_t{0});
      if (field.kind == "part") self(self, descriptions().at(field.part), inner);
    }
    for (const DescribedTail& tail : what.tails)
      for (const Where& where : {tail.count, tail.length, tail.at})
        if (where.bytes != 0) store_at(own, where, 0);
    if (what.self.bytes != 0) store_at(own, what.self, what.size - what.self_add);
  };
  clear(clear, described, bytes);
  // No case of a choice: its bytes are written as a list.
  for (const DescribedField& field : described.fields)
    for (const When& when : field.when)
      if (!when.forms.empty()) store_at(bytes, when.where, ~std::uint64_t{0});
  Buffer made(described.size, 0);
  const auto done = layout::assign(subject.table, made, names_and_values(described, bytes));
  ASSERT_TRUE(done) << subject.key << ": " << done.error().text();
  std::string differs;
  for (std::size_t i = 0; i < bytes.size() && i < made.size(); ++i)
    if (bytes[i] != made[i]) differs += fmt::format("{}: {:02x}, not {:02x}\n", i, made[i], bytes[i]);
  EXPECT_EQ(differs, "") << subject.key;
  std::size_t always = bytes.size();  // and what is there whatever the fields say
  for (const DescribedTail& tail : described.tails) always += tail.fixed;
  EXPECT_EQ(made.size(), always) << subject.key;
}

TEST(ExactBytes, EveryFieldIsWrittenWhereItStands) {
  for (const Subject& subject : subjects()) expect_every_field_is_written_where_it_stands(subject);
}

}  // namespace
}  // namespace wheatstone::test
