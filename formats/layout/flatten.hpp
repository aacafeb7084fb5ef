// A structure as a list of (path, value): for matching, comparing and showing.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "formats/layout/bytes.hpp"
#include "formats/layout/field.hpp"

namespace wheatstone::layout {

// A leaf of a structure. `text` is the name of a named value, or the text form of what is no number.
struct Leaf {
  enum class Kind : std::uint8_t { number, flag, text };

  std::string path;  // "DeviceId.VendorID", "Status.McaErrorCode", "ExtendedRegisters[3]"
  Kind kind = Kind::text;
  bool hex = false;       // a number that is usually written in hex
  bool valid = true;      // false: its validity bit is clear
  std::uint8_t size = 8;  // bytes of a number, or of the word a bit stands in
  std::uint64_t number = 0;
  std::string text;

  friend bool operator==(const Leaf&, const Leaf&) = default;
};

// Calls `take` for each leaf in order; paths start with `prefix`.
void flatten(const Layout& layout, Bytes bytes, std::string_view prefix,
             const std::function<void(Leaf&&)>& take);
std::vector<Leaf> flatten(const Layout& layout, Bytes bytes, std::string_view prefix = {});

// A leaf's value for people: "0x00000000000c0135", "3", "Fatal (1)", "true".
std::string value_text(const Leaf& leaf);

// The structure as aligned "path : value" lines. Fields that are not valid are marked, flags that are clear
// left out.
std::string to_text(const Layout& layout, Bytes bytes, std::string_view indent = {});

// What differs between two structures, by path. A leaf that only one side has is an empty text on the other.
struct Difference {
  std::string path;
  std::string left;
  std::string right;
};
std::vector<Difference> diff(const std::vector<Leaf>& left, const std::vector<Leaf>& right);

}  // namespace wheatstone::layout
