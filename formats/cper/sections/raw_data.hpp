// Sections that carry bytes of others: Generic (WDK 7600 and later), MSR dump (19041), platform extended RAS
// (28000). Source: WDK GENERIC_SECTION_GUID, WHEA_MSR_DUMP_SECTION, WHEA_EXTENDED_RAS.
#pragma once

#include "formats/cper/sections/opaque.hpp"
#include "formats/layout/field.hpp"

namespace wheatstone::cper {

namespace tables {
using namespace layout;

inline constexpr Field kMsrDumpFields[] = {
    u8(0, "MsrDumpBuffer"),
    u32(1, "MsrDumpLength").unit("bytes"),
};
inline constexpr Tail kMsrDumpTail[] = {run("MsrDumpData", ref(kMsrDumpFields, "MsrDumpLength"))};

inline constexpr Field kExtendedRasFields[] = {
    u32(0, "Flag").hex(),
    u32(4, "DimmLocation").hex(),
    u64(8, "SectionLength").about("whether it counts these 16 bytes is not documented"),
};
inline constexpr Tail kExtendedRasTail[] = {rest("SectionData")};
}  // namespace tables

inline constexpr layout::Layout kGeneric =
    tables::opaque("Generic", "GENERIC_SECTION_GUID", "WDK cperguid.h (7600)");
static_assert(layout::check(kGeneric));

inline constexpr layout::Layout kMsrDump{.name = "MsrDump",
                                         .structure = "WHEA_MSR_DUMP_SECTION",
                                         .clause = "WDK ntddk.h (19041)",
                                         .min = 5,
                                         .size = 5,
                                         .fields = tables::kMsrDumpFields,
                                         .tail = tables::kMsrDumpTail};
static_assert(layout::check(kMsrDump));

inline constexpr layout::Layout kExtendedRas{.name = "ExtendedRas",
                                             .structure = "WHEA_EXTENDED_RAS",
                                             .clause = "WDK ntddk.h (28000)",
                                             .min = 16,
                                             .size = 16,
                                             .fields = tables::kExtendedRasFields,
                                             .tail = tables::kExtendedRasTail};
static_assert(layout::check(kExtendedRas));

}  // namespace wheatstone::cper
