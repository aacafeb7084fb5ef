// Sections that are bytes under a name: what they hold is another format, or nobody says. Source: WDK
// cperguid.h.
#pragma once

#include "formats/layout/field.hpp"

namespace wheatstone::cper {

namespace tables {
using namespace layout;
inline constexpr Tail kOpaqueTail[] = {rest("Data")};

consteval Layout opaque(std::string_view name, std::string_view structure, std::string_view clause) {
  return {.name = name, .structure = structure, .clause = clause, .fields = {}, .tail = kOpaqueTail};
}
}  // namespace tables

// A record of the Itanium firmware (SAL): machine check, INIT, corrected errors.
inline constexpr layout::Layout kIpfSalRecord =
    tables::opaque("IpfSalRecord", "IPF_SAL_RECORD_SECTION_GUID", "WDK cperguid.h (7600)");
static_assert(layout::check(kIpfSalRecord));

// Vista SP1 only, no layout is published; one record shows the section with 658 bytes.
inline constexpr layout::Layout kX64ProcessorVistaSp1 = tables::opaque(
    "X64ProcessorVistaSp1", "X64_PROCESSOR_SPECIFIC_ERROR_SECTION_GUID", "WDK cperguid.h (6001)");
static_assert(layout::check(kX64ProcessorVistaSp1));

// Vista SP1 only, no layout is published.
inline constexpr layout::Layout kPlatformCacheVistaSp1 =
    tables::opaque("PlatformCacheVistaSp1", "PLATFORM_CACHE_ERROR_SECTION_GUID", "WDK cperguid.h (6001)");
static_assert(layout::check(kPlatformCacheVistaSp1));

}  // namespace wheatstone::cper
