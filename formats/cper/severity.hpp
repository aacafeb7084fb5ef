// Severity of records, sections, packets and status blocks: one enumeration for all of them.
// Source: WDK WHEA_ERROR_SEVERITY, UEFI appendix N.2.1. Order by badness is fatal, recoverable, corrected,
// informational: never compare the numbers.
#pragma once

#include <cstdint>
#include <string_view>

#include "formats/layout/names.hpp"

namespace wheatstone::cper {

enum class Severity : std::uint32_t { recoverable = 0, fatal = 1, corrected = 2, informational = 3 };

inline constexpr layout::Name kSeverityNames[] = {
    {0, "Recoverable"}, {1, "Fatal"}, {2, "Corrected"}, {3, "Informational"}};

constexpr std::string_view to_string(Severity severity) noexcept {
  return layout::name_of(kSeverityNames, static_cast<std::uint32_t>(severity));
}

}  // namespace wheatstone::cper
