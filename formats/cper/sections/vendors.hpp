// Sections of vendors: NVIDIA, 32 bytes, and Ampere, 8 bytes, with data of their own behind. Source: libcper
// EFI_NVIDIA_ERROR_DATA and EFI_AMPERE_ERROR_DATA.
#pragma once

#include "formats/layout/field.hpp"

namespace wheatstone::cper {

namespace tables {
using namespace layout;

inline constexpr Field kNvidiaFields[] = {
    ascii(0, 16, "Signature"),
    u16(16, "ErrorType"),
    u16(18, "ErrorInstance"),
    u8(20, "Severity"),
    u8(21, "Socket"),
    u8(22, "NumberRegs"),
    pad(23, 1),
    u64(24, "InstanceBase").hex(),
};
inline constexpr Tail kNvidiaTail[] = {
    rest("Data").about("NumberRegs pairs of address and value, or what the signature says")};

inline constexpr Field kAmpereFields[] = {
    u16(0, "TypeId"),
    u16(2, "SubtypeId"),
    u32(4, "InstanceId"),
};
inline constexpr Tail kAmpereTail[] = {rest("Data")};
}  // namespace tables

inline constexpr layout::Layout kNvidia{.name = "Nvidia",
                                        .structure = "EFI_NVIDIA_ERROR_DATA",
                                        .clause = "libcper Cper.h",
                                        .min = 32,
                                        .size = 32,
                                        .fields = tables::kNvidiaFields,
                                        .tail = tables::kNvidiaTail};
static_assert(layout::check(kNvidia));

inline constexpr layout::Layout kAmpere{.name = "Ampere",
                                        .structure = "EFI_AMPERE_ERROR_DATA",
                                        .clause = "libcper Cper.h",
                                        .min = 8,
                                        .size = 8,
                                        .fields = tables::kAmpereFields,
                                        .tail = tables::kAmpereTail};
static_assert(layout::check(kAmpere));

}  // namespace wheatstone::cper
