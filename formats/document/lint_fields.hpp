// What can be remarked about any structure from its table alone.
#pragma once

#include <string_view>
#include <vector>

#include "formats/layout/bytes.hpp"
#include "formats/layout/field.hpp"
#include "formats/layout/finding.hpp"

namespace wheatstone::document {

// Values without a name, reserved bits and bytes that are not zero, values whose validity bit is clear,
// validity bits of absent fields, text that is no text. Paths start with `path`; `offset` is that of `bytes`.
// Nothing is added beyond `most` findings; the number of those that were left out is returned.
std::size_t lint_fields(const layout::Layout& layout, Bytes bytes, std::string_view path,
                        std::uint64_t offset, std::size_t most, std::vector<Finding>& findings);

}  // namespace wheatstone::document
