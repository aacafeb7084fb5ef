// Section bodies of tests: bytes from hex, and every value of a structure by path.
#pragma once

#include <initializer_list>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "formats/cper/section.hpp"
#include "formats/layout/broken.hpp"
#include "formats/layout/bytes.hpp"
#include "formats/layout/flatten.hpp"

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

}  // namespace wheatstone::test
