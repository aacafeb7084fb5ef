// Whether anybody wrote there.
#pragma once

#include "formats/layout/bytes.hpp"

namespace wheatstone::layout {

bool all_zero(Bytes bytes) noexcept;

}  // namespace wheatstone::layout
