// Memory that a replaceable unit has lost, kept across boots: 40 bytes, then one descriptor a place. Linux
// writes it on AMD. Source: Linux drivers/ras/amd/fmpm.c; the clause of UEFI is not known to us.
#pragma once

#include "formats/layout/field.hpp"

namespace wheatstone::cper {

namespace tables {
using namespace layout;

inline constexpr Name kFruHwIdTypes[] = {{0, "McaIpid"}};
inline constexpr Name kFruAddressTypes[] = {{0, "McaAddr"}};
inline constexpr Field kFruPoisonEntryFields[] = {
    u64(0, "Timestamp").unit("s since 1970"),
    u32(8, "HwIdType").names(kFruHwIdTypes),
    u64(12, "HwId").hex(),
    u32(20, "AddrType").names(kFruAddressTypes),
    u64(24, "Addr").hex().address(),
};
inline constexpr Layout kFruPoisonEntry{.name = "FruPoisonDescriptor",
                                        .structure = "cper_fru_poison_desc",
                                        .clause = "Linux drivers/ras/amd/fmpm.c",
                                        .min = 32,
                                        .size = 32,
                                        .fields = kFruPoisonEntryFields};
static_assert(check(kFruPoisonEntry));

inline constexpr Bit kFruPoisonValid[] = {{0, 1, "FruArchType"}, {1, 1, "FruArch"},   {2, 1, "FruIdType"},
                                          {3, 1, "FruId"},       {4, 1, "NrEntries"}, {5, 1, "Entries"}};
inline constexpr Name kFruArchTypes[] = {{0, "X86Cpuid1Eax"}};
inline constexpr Name kFruIdTypes[] = {{0, "X86Ppin"}};
inline constexpr Field kFruPoisonFields[] = {
    u32(0, "Checksum").hex(),
    u64(4, "ValidationBits").bits(kFruPoisonValid),
    u32(12, "FruArchType").valid(0).names(kFruArchTypes),
    u64(16, "FruArch").valid(1).hex(),
    u32(24, "FruIdType").valid(2).names(kFruIdTypes),
    u64(28, "FruId").valid(3).hex().identity(),
    u32(36, "NrEntries").valid(4),
};
inline constexpr Tail kFruPoisonTail[] = {
    many("Entries", kFruPoisonEntry, ref(kFruPoisonFields, "NrEntries")),
    rest("Spare").about("room for more entries"),
};
}  // namespace tables

inline constexpr layout::Layout kFruMemoryPoison{
    .name = "FruMemoryPoison",
    .structure = "cper_sec_fru_mem_poison",
    .clause = "Linux drivers/ras/amd/fmpm.c",
    .min = 40,
    .size = 40,
    .fields = tables::kFruPoisonFields,
    .tail = tables::kFruPoisonTail,
    .valid = layout::ref(tables::kFruPoisonFields, "ValidationBits")};
static_assert(layout::check(kFruMemoryPoison));

}  // namespace wheatstone::cper
