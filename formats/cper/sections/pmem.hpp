// Persistent memory error section: 88 bytes, then page ranges. Source: WDK WHEA_PMEM_ERROR_SECTION (18362 and
// later).
#pragma once

#include "formats/cper/error_status.hpp"
#include "formats/layout/field.hpp"

namespace wheatstone::cper {

namespace tables {
using namespace layout;

inline constexpr Field kPmemPageRangeFields[] = {
    u64(0, "StartingPfn").hex().page(),
    u64(8, "PageCount"),
    u64(16, "MarkedBadBitmap").hex(),
};
inline constexpr Layout kPmemPageRange{.name = "PmemPageRange",
                                       .structure = "WHEA_PMEM_PAGE_RANGE",
                                       .clause = "WDK ntddk.h (18362)",
                                       .min = 24,
                                       .size = 24,
                                       .fields = kPmemPageRangeFields};
static_assert(check(kPmemPageRange));

inline constexpr Bit kPmemValid[] = {{0, 1, "ErrorStatus"}, {1, 1, "NFITHandle"}, {2, 1, "LocationInfo"}};

inline constexpr Field kPmemFields[] = {
    u64(0, "ValidBits").bits(kPmemValid),
    ascii(8, 64, "LocationInfo").valid(2).identity(),
    u64(72, "ErrorStatus").valid(0).bits(kErrorStatus),
    u32(80, "NFITHandle").valid(1).hex(),
    u32(84, "PageRangeCount").about("Windows writes 50 at most"),
};
inline constexpr Tail kPmemTail[] = {many("PageRange", kPmemPageRange, ref(kPmemFields, "PageRangeCount"))};
}  // namespace tables

inline constexpr layout::Layout kPmem{.name = "Pmem",
                                      .structure = "WHEA_PMEM_ERROR_SECTION",
                                      .clause = "WDK ntddk.h (18362)",
                                      .min = 88,
                                      .size = 88,
                                      .fields = tables::kPmemFields,
                                      .tail = tables::kPmemTail,
                                      .valid = layout::ref(tables::kPmemFields, "ValidBits")};
static_assert(layout::check(kPmem));

}  // namespace wheatstone::cper
