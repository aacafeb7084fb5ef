// The key SectionLength of a section that is written by name.
#pragma once

#include <string_view>

#include "formats/cper/section.hpp"

namespace wheatstone::cper {

inline constexpr std::string_view kSectionLength = "SectionLength";

// Whether that is a field of the section itself. Elsewhere it says how long the body is.
bool has_section_length(const SectionType& type) noexcept;

}  // namespace wheatstone::cper
