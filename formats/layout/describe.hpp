// A structure as a page of documentation, from its table.
#pragma once

#include <string>

#include "formats/layout/field.hpp"

namespace wheatstone::layout {

// Name, source clause, lengths, then a line for each field: offset, size, name, type, the validity bit, unit,
// clause where it differs, remark; below it the names of its bits and values; then the variable part.
std::string describe(const Layout& layout);

}  // namespace wheatstone::layout
