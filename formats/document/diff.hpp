// What differs between two documents, by field.
#pragma once

#include <vector>

#include "formats/document/document.hpp"

namespace wheatstone::document {

// Empty if and only if the bytes are the same. If they differ where no field shows it (in gaps, behind the
// end), each run that differs is told as "Bytes[offset]". Linear.
std::vector<layout::Difference> diff(const Document& left, const Document& right);

}  // namespace wheatstone::document
