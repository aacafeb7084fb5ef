// MCA_EXCEPTION, 256 bytes: the raw data of a V1 packet about a machine check, and what parameter 2 of bug
// check 0x9C points at. Source: WDK ntddk.h.
#pragma once

#include "formats/cper/sections/xpf_mca.hpp"
#include "formats/layout/field.hpp"

namespace wheatstone::cper {

namespace tables {
using namespace layout;

inline constexpr Field kMcaExceptionMceFields[] = {
    u64(0, "Address").hex().address().about("P5_MC_ADDR"),
    u64(8, "Type").hex().about("P5_MC_TYPE"),
    pad(16, 16),
};
inline constexpr Layout kMcaExceptionMce{.name = "McaExceptionMce",
                                         .structure = "MCA_EXCEPTION.u.Mce",
                                         .clause = "WDK ntddk.h",
                                         .min = 32,
                                         .size = 32,
                                         .fields = kMcaExceptionMceFields};
static_assert(check(kMcaExceptionMce));

inline constexpr Field kMcaExceptionMcaFields[] = {
    u8(0, "BankNumber"),
    pad(1, 7, "Reserved2"),
    u64(8, "Status").bits(kMciStatusCommon),
    u64(16, "Address").hex().address(),
    u64(24, "Misc").hex(),
};
inline constexpr Layout kMcaExceptionMca{.name = "McaExceptionMca",
                                         .structure = "MCA_EXCEPTION.u.Mca",
                                         .clause = "WDK ntddk.h",
                                         .min = 32,
                                         .size = 32,
                                         .fields = kMcaExceptionMcaFields};
static_assert(check(kMcaExceptionMca));

inline constexpr Name kMcaExceptionTypes[] = {{0, "MCE"}, {1, "MCA"}};
inline constexpr ChoiceRow kMcaExceptionRows[] = {{0, {}, "Mce", {}, kForms<kMcaExceptionMce>},
                                                  {1, {}, "Mca", {}, kForms<kMcaExceptionMca>}};
inline constexpr Choice kMcaExceptionUnion{
    .selector = "ExceptionType", .at = {4, 4, 0, 32}, .rows = kMcaExceptionRows};

inline constexpr Field kMcaExceptionFields[] = {
    u32(0, "VersionNumber"),
    u32(4, "ExceptionType").names(kMcaExceptionTypes),
    u64(8, "TimeStamp").filetime(),
    u32(16, "ProcessorNumber"),
    pad(20, 4, "Reserved1"),
    list(24, "u", 4, 8).hex().choose(kMcaExceptionUnion).about("Mce is the form of the Pentium"),
    u32(56, "ExtCnt"),
    pad(60, 4, "Reserved3"),
    list(64, "ExtReg", 24, 8).hex(),
};
}  // namespace tables

inline constexpr layout::Layout kMcaException{.name = "McaException",
                                              .structure = "MCA_EXCEPTION",
                                              .clause = "WDK ntddk.h",
                                              .min = 256,
                                              .size = 256,
                                              .fields = tables::kMcaExceptionFields};
static_assert(layout::check(kMcaException));

}  // namespace wheatstone::cper
