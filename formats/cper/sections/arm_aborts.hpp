// Sections of ARM aborts: synchronous external abort (SEA, 21 bytes) and SError interrupt (SEI, 12 bytes).
// Source: WDK WHEA_SEA_SECTION and WHEA_SEI_SECTION (22621 and later).
#pragma once

#include "formats/layout/field.hpp"

namespace wheatstone::cper {

namespace tables {
using namespace layout;
inline constexpr Field kSeaFields[] = {
    u32(0, "Esr").hex().about("exception syndrome"),
    u64(4, "Far").hex().address().about("fault address"),
    u64(12, "Par").hex().address().about("physical address that the fault address translates to"),
    u8(20, "WasKernel").about("1 if the processor ran the kernel"),
};
inline constexpr Field kSeiFields[] = {
    u32(0, "Esr").hex().about("exception syndrome"),
    u64(4, "Far").hex().address().about("fault address"),
};
}  // namespace tables

inline constexpr layout::Layout kSea{.name = "Sea",
                                     .structure = "WHEA_SEA_SECTION",
                                     .clause = "WDK ntddk.h (22621)",
                                     .min = 21,
                                     .size = 21,
                                     .fields = tables::kSeaFields};
static_assert(layout::check(kSea));

inline constexpr layout::Layout kSei{.name = "Sei",
                                     .structure = "WHEA_SEI_SECTION",
                                     .clause = "WDK ntddk.h (22621)",
                                     .min = 12,
                                     .size = 12,
                                     .fields = tables::kSeiFields};
static_assert(layout::check(kSei));

}  // namespace wheatstone::cper
