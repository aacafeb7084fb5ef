// Bits of a register by the names of its table, so that no position is written twice.
#pragma once

#include <string_view>

#include "formats/layout/field.hpp"

namespace wheatstone::whea {

// A name that the table does not have stops the build.
consteval layout::Bit bit(layout::Word word, std::string_view name) {
  for (const layout::Bit& candidate : word)
    if (candidate.name == name) return candidate;
  throw "no such bits";
}

}  // namespace wheatstone::whea
