// CCIX protocol error log: 16 bytes, then the log. Source: UEFI N.2.12, libcper EFI_CCIX_PER_LOG_DATA.
#pragma once

#include "formats/layout/field.hpp"

namespace wheatstone::cper {

namespace tables {
using namespace layout;

inline constexpr Bit kCcixValid[] = {{0, 1, "CcixSourceId"}, {1, 1, "CcixPortId"}, {2, 1, "CcixPerLog"}};

inline constexpr Field kCcixFields[] = {
    u32(0, "Length").unit("bytes").about("of the whole structure"),
    u64(4, "ValidBits").bits(kCcixValid),
    u8(12, "CcixSourceId").valid(0),
    u8(13, "CcixPortId").valid(1),
    pad(14, 2),
};
inline constexpr Tail kCcixTail[] = {rest("CcixPerLog").from("CCIX 1.0 7.3.2")};
}  // namespace tables

inline constexpr layout::Layout kCcixPer{.name = "CcixPer",
                                         .structure = "CCIX PER Log Error Section",
                                         .clause = "UEFI N.2.12",
                                         .min = 16,
                                         .size = 16,
                                         .fields = tables::kCcixFields,
                                         .tail = tables::kCcixTail,
                                         .valid = layout::ref(tables::kCcixFields, "ValidBits"),
                                         .self = layout::ref(tables::kCcixFields, "Length")};
static_assert(layout::check(kCcixPer));

}  // namespace wheatstone::cper
