// Section bodies of tests: bytes from hex, and every value of a structure by path.
#pragma once

#include <gtest/gtest.h>

#include <initializer_list>
#include <map>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "formats/cper/section.hpp"
#include "formats/layout/broken.hpp"
#include "formats/layout/bytes.hpp"
#include "formats/layout/flatten.hpp"
#include "formats/layout/text_buffer.hpp"

namespace wheatstone::test {

// "01 02 0a0b": white space is for the reader.
inline Buffer hex(std::string_view text) {
  Buffer bytes;
  int high = -1;
  for (const char c : text) {
    if (c == ' ' || c == '\n') continue;
    const auto at = std::string_view("0123456789abcdef").find(c);
    if (at == std::string_view::npos) throw std::runtime_error("not a hex digit");
    if (high < 0) {
      high = static_cast<int>(at);
    } else {
      bytes.push_back(static_cast<std::uint8_t>(high * 16 + static_cast<int>(at)));
      high = -1;
    }
  }
  if (high >= 0) throw std::runtime_error("half a byte");
  return bytes;
}

// Bytes that count up from `first`: no two fields of a structure made of them have the same value.
inline Buffer ascending(std::size_t size, std::uint8_t first = 1) {
  Buffer bytes(size);
  for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<std::uint8_t>(first + i);
  return bytes;
}

inline Buffer join(Bytes left, Bytes right) {
  Buffer both(left.begin(), left.end());
  both.insert(both.end(), right.begin(), right.end());
  return both;
}

using Values = std::vector<std::pair<std::string, std::string>>;

// Every leaf in order, as people see it; flags that are clear left out. " (not valid)" is appended where the
// validity bit is clear.
inline Values values(const layout::Layout& layout, Bytes bytes) {
  Values found;
  for (const layout::Leaf& leaf : layout::flatten(layout, bytes)) {
    if (leaf.kind == layout::Leaf::Kind::flag && leaf.number == 0) continue;
    found.emplace_back(leaf.path, layout::value_text(leaf) + (leaf.valid ? "" : " (not valid)"));
  }
  return found;
}

// As a section of that name is read.
inline Values section_values(std::string_view section, Bytes bytes) {
  const cper::SectionType* type = cper::find_section(section);
  if (type == nullptr) throw std::runtime_error("no section " + std::string(section));
  const layout::Layout* form = type->layout_of(bytes);
  return form != nullptr ? values(*form, bytes) : Values{};
}

// The value at a path; empty if there is none.
inline std::string value_at(const Values& values, std::string_view path) {
  for (const auto& [name, value] : values)
    if (name == path) return value;
  return {};
}

// What is broken in it: "code at path".
inline std::vector<std::string> broken(const layout::Layout& layout, Bytes bytes) {
  std::vector<Finding> findings;
  layout::find_broken(layout, bytes, 0, findings);
  std::vector<std::string> found;
  for (const Finding& finding : findings) found.push_back(std::string(finding.code) + " at " + finding.path);
  return found;
}

// A field as the specification places it, and the path by which it is shown.
struct Place {
  std::string_view path;
  std::size_t offset;
  std::size_t size;
};

// Each place shows the bytes that stand there, and together they are all of `bytes`. Text with padding
// (Kind::ascii) is not compared.
inline void expect_places(const layout::Layout& layout, Bytes bytes, std::initializer_list<Place> places) {
  std::map<std::string, layout::Leaf> leaves;
  for (layout::Leaf& leaf : layout::flatten(layout, bytes)) leaves.emplace(leaf.path, leaf);
  std::size_t covered = 0;
  for (const Place& place : places) {
    covered += place.size;
    if (place.path.empty()) continue;  // a word whose bits stand in the parent
    const auto found = leaves.find(std::string(place.path));
    ASSERT_NE(found, leaves.end()) << place.path;
    ASSERT_LE(place.offset + place.size, bytes.size()) << place.path;
    const Bytes own = bytes.subspan(place.offset, place.size);
    if (found->second.kind == layout::Leaf::Kind::number) {
      EXPECT_EQ(found->second.size, place.size) << place.path;
      EXPECT_EQ(found->second.number, load_le(own.data(), static_cast<unsigned>(place.size))) << place.path;
    } else {
      const std::string expected = place.size == Guid::kSize && found->second.text.size() == 36
                                       ? Guid::load(own.data()).text()
                                       : layout::hex_text(own);
      EXPECT_EQ(found->second.text, expected) << place.path;
    }
  }
  EXPECT_EQ(covered, bytes.size());
}

// Each bit of the validity word rules the fields that are listed with it and no others. Parts are named by
// their path with a dot at the end.
inline void expect_validity(const layout::Layout& layout, Bytes bytes,
                            std::initializer_list<std::pair<unsigned, std::string_view>> bits) {
  const auto invalid = [&](std::uint64_t cleared) {
    Buffer changed(bytes.begin(), bytes.end());
    store_le(&changed[layout.valid.offset], ~cleared, layout.valid.bytes);
    std::set<std::string> names;
    for (const layout::Leaf& leaf : layout::flatten(layout, changed))
      if (!leaf.valid) names.insert(leaf.path);
    return names;
  };
  EXPECT_TRUE(invalid(0).empty());
  std::map<unsigned, std::set<std::string>> expected;
  for (const auto& [bit, path] : bits) expected[bit].insert(std::string(path));
  for (const auto& [bit, paths] : expected) {
    std::set<std::string> found;
    for (const std::string& path : invalid(std::uint64_t{1} << bit)) {
      bool of_word = false;  // a bit of a word that is listed itself
      for (const std::string& listed : paths) of_word = of_word || path.starts_with(listed + ".");
      bool of_list = false;
      const std::size_t bracket = path.find('[');
      if (bracket != std::string::npos) of_list = paths.contains(path.substr(0, bracket));
      if (!of_word) found.insert(of_list ? path.substr(0, bracket) : path);
    }
    EXPECT_EQ(found, paths) << bit;
  }
}

// The section needs `shortest` bytes: one less is none, so many are one.
inline void expect_shortest(std::string_view section, std::size_t shortest) {
  const cper::SectionType* type = cper::find_section(section);
  ASSERT_NE(type, nullptr) << section;
  EXPECT_EQ(type->layout_for(shortest - 1), nullptr) << section;
  EXPECT_NE(type->layout_for(shortest), nullptr) << section;
}

}  // namespace wheatstone::test
