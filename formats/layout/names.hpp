// Names of values: how an enumeration of a specification is described, once, for reading, writing and
// documentation.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace wheatstone::layout {

struct Name {
  std::uint64_t value;
  std::string_view text;
};

// Sorted by value, without duplicates.
using Names = std::span<const Name>;

// Empty if the value has no name.
constexpr std::string_view name_of(Names names, std::uint64_t value) noexcept {
  if (value < names.size() && names[value].value == value) return names[value].text;
  std::size_t low = 0, high = names.size();
  while (low < high) {
    const std::size_t middle = (low + high) / 2;
    if (names[middle].value < value) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low < names.size() && names[low].value == value ? names[low].text : std::string_view{};
}

// Exact spelling; nullopt if no value has that name.
constexpr std::optional<std::uint64_t> value_of(Names names, std::string_view text) noexcept {
  for (const Name& name : names)
    if (name.text == text) return name.value;
  return std::nullopt;
}

consteval bool sorted(Names names) {
  for (std::size_t i = 1; i < names.size(); ++i)
    if (names[i - 1].value >= names[i].value) return false;
  return true;
}

}  // namespace wheatstone::layout
