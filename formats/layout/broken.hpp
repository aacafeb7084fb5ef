// What a structure promises and its bytes do not hold: counted elements, runs and located parts.
#pragma once

#include <cstdint>
#include <vector>

#include "formats/layout/bytes.hpp"
#include "formats/layout/field.hpp"
#include "formats/layout/finding.hpp"

namespace wheatstone::layout {

// Adds a finding for each element, run and located part that does not fit: `element-outside-section` and
// `part-outside-section`, with its path within the structure; `offset` is that of
// `bytes`. Linear; no allocation if all is well.
void find_broken(const Layout& layout, Bytes bytes, std::uint64_t offset, std::vector<Finding>& findings);

}  // namespace wheatstone::layout
