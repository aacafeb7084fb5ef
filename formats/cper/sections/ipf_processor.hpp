// Itanium processor error section: 32 bytes, then what its validity word counts. Source: UEFI N.2.4.3 as
// libcper has it, which calls its own layout a best guess; no Windows of today writes the section.
#pragma once

#include "formats/layout/field.hpp"

namespace wheatstone::cper {

namespace tables {
using namespace layout;

inline constexpr Field kIpfModuleFields[] = {
    u64(0, "ValidBits").hex().about("which of the others hold something; its bits are not known"),
    u64(8, "CheckInfo").hex(),
    u64(16, "Target").hex(),
    u64(24, "Requester").hex(),
    u64(32, "Responder").hex(),
    u64(40, "PreciseIP").hex(),
};
inline constexpr Layout kIpfModule{.name = "IpfModuleInfo",
                                   .structure = "EFI_IPF_MOD_ERROR_INFO",
                                   .clause = "libcper (best guess)",
                                   .min = 48,
                                   .size = 48,
                                   .fields = kIpfModuleFields};
static_assert(check(kIpfModule));

inline constexpr Field kIpfCpuidFields[] = {list(0, "Register", 6, 8).hex()};
inline constexpr Layout kIpfCpuid{.name = "IpfCpuidInfo",
                                  .structure = "EFI_IPF_CPU_INFO",
                                  .clause = "libcper (best guess)",
                                  .min = 48,
                                  .size = 48,
                                  .fields = kIpfCpuidFields};
static_assert(check(kIpfCpuid));

inline constexpr Field kIpfPsiStaticFields[] = {
    u64(0, "ValidBits").hex(),
    raw(8, 1024, "MinState"),
    list(1032, "BR", 8, 8).hex(),
    list(1096, "CR", 128, 8).hex(),
    list(2120, "AR", 128, 8).hex(),
    list(3144, "RR", 8, 8).hex(),
    list(3208, "FR", 256, 8).hex().about("128 registers of two words"),
};
inline constexpr Layout kIpfPsiStatic{.name = "IpfPsiStatic",
                                      .structure = "EFI_IPF_PSI_STATIC",
                                      .clause = "libcper (best guess)",
                                      .min = 5256,
                                      .size = 5256,
                                      .fields = kIpfPsiStaticFields};
static_assert(check(kIpfPsiStatic));

inline constexpr Bit kIpfProcessorValid[] = {{0, 1, "ErrorMap"},        {1, 1, "StateParameter"},
                                             {2, 1, "CrLid"},           {3, 1, "PsiStatic"},
                                             {4, 4, "CacheCheckCount"}, {8, 4, "TlbCheckCount"},
                                             {12, 4, "BusCheckCount"},  {16, 4, "RegisterFileCheckCount"},
                                             {20, 4, "MsCheckCount"},   {24, 1, "CpuidInfo"}};
inline constexpr Field kIpfProcessorFields[] = {
    u64(0, "ValidBits").bits(kIpfProcessorValid),
    u64(8, "ErrorMap").valid(0).hex(),
    u64(16, "StateParameter").valid(1).hex(),
    u64(24, "CrLid").valid(2).hex(),
};
inline constexpr Tail kIpfProcessorTail[] = {
    many("CacheCheck", kIpfModule, ref(kIpfProcessorFields, "ValidBits.CacheCheckCount")),
    many("TlbCheck", kIpfModule, ref(kIpfProcessorFields, "ValidBits.TlbCheckCount")),
    many("BusCheck", kIpfModule, ref(kIpfProcessorFields, "ValidBits.BusCheckCount")),
    many("RegisterFileCheck", kIpfModule, ref(kIpfProcessorFields, "ValidBits.RegisterFileCheckCount")),
    many("MsCheck", kIpfModule, ref(kIpfProcessorFields, "ValidBits.MsCheckCount")),
    many("CpuidInfo", kIpfCpuid, ref(kIpfProcessorFields, "ValidBits.CpuidInfo")),
    many("PsiStatic", kIpfPsiStatic, ref(kIpfProcessorFields, "ValidBits.PsiStatic")),
};
}  // namespace tables

inline constexpr layout::Layout kIpfProcessor{.name = "IpfProcessor",
                                              .structure = "EFI_IPF_ERROR_INFO_HEADER",
                                              .clause = "UEFI N.2.4.3, libcper (best guess)",
                                              .min = 32,
                                              .size = 32,
                                              .fields = tables::kIpfProcessorFields,
                                              .tail = tables::kIpfProcessorTail,
                                              .valid = layout::ref(tables::kIpfProcessorFields, "ValidBits")};
static_assert(layout::check(kIpfProcessor));

}  // namespace wheatstone::cper
