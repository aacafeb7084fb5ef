// Arm RAS System Architecture section (not Microsoft's Arm RAS node): 80 bytes, error records of 72 bytes,
// and auxiliary data. Source: Arm DEN0085 tables 20 and 21, libcper EFI_ARM_RAS_NODE.
#pragma once

#include "formats/layout/field.hpp"
#include "formats/layout/walk.hpp"

namespace wheatstone::cper {

namespace tables {
using namespace layout;

inline constexpr Bit kArmRasRevision[] = {{0, 4, "ARCHVER"}, {4, 4, "REVISION"}};
inline constexpr Field kArmRasRecordFields[] = {
    u32(0, "ErrorRecordIndex"),
    u8(4, "RasExtensionRevision").bits(kArmRasRevision),
    pad(5, 3),
    u64(8, "ERR_FR").hex(),
    u64(16, "ERR_CTLR").hex(),
    u64(24, "ERR_STATUS").hex(),
    u64(32, "ERR_ADDR").hex(),
    u64(40, "ERR_MISC0").hex(),
    u64(48, "ERR_MISC1").hex(),
    u64(56, "ERR_MISC2").hex().about("holds something if RasExtensionRevision is not 0"),
    u64(64, "ERR_MISC3").hex().about("holds something if RasExtensionRevision is not 0"),
};
inline constexpr Layout kArmRasRecord{.name = "ArmRasErrorRecord",
                                      .structure = "EFI_ARM_RAS_ERROR_RECORD_DESCRIPTOR",
                                      .clause = "Arm DEN0085 table 21",
                                      .min = 72,
                                      .size = 72,
                                      .fields = kArmRasRecordFields};
static_assert(check(kArmRasRecord));

inline constexpr Field kArmRasFields[] = {
    u32(0, "Revision"),
    u8(4, "ComponentType"),
    pad(5, 3),
    u32(8, "ErrorSyndromeArrayNumEntries"),
    u16(12, "ErrorSyndromeArrayOffset").unit("bytes"),
    u16(14, "AuxiliaryDataOffset").unit("bytes"),
    u8(16, "IPInstanceFormat"),
    u8(17, "IPTypeFormat"),
    pad(18, 6, "Reserved2"),
    raw(24, 16, "IPInstance").about("IPInstanceFormat says what it is"),
    raw(40, 24, "IPType").about("IPTypeFormat says what it is"),
    ascii(64, 16, "UserData").identity(),
};
inline constexpr Tail kArmRasTail[] = {
    many("ErrorSyndrome", kArmRasRecord, ref(kArmRasFields, "ErrorSyndromeArrayNumEntries")),
    rest("AuxiliaryData").from("Arm DEN0085 tables 22 to 26"),
};
// With the array anywhere else its bytes are shown as they are.
inline constexpr Tail kArmRasElsewhereTail[] = {rest("Data")};

consteval Layout arm_ras(std::string_view name, std::span<const Tail> tail) {
  return {.name = name,
          .structure = "EFI_ARM_RAS_NODE",
          .clause = "Arm DEN0085 table 20",
          .min = 80,
          .size = 80,
          .fields = kArmRasFields,
          .tail = tail};
}
}  // namespace tables

inline constexpr layout::Layout kArmRas = tables::arm_ras("ArmRas", tables::kArmRasTail);
static_assert(layout::check(kArmRas));
inline constexpr layout::Layout kArmRasElsewhere =
    tables::arm_ras("ArmRasElsewhere", tables::kArmRasElsewhereTail);
static_assert(layout::check(kArmRasElsewhere));

// Whether the array follows the fixed fields at once: ErrorSyndromeArrayOffset says so.
inline const layout::Layout* arm_ras_form(Bytes body) noexcept {
  constexpr layout::Ref kOffset = layout::ref(tables::kArmRasFields, "ErrorSyndromeArrayOffset");
  if (body.size() < kArmRas.min) return nullptr;
  return layout::load(body, kOffset) == kArmRas.size ? &kArmRas : &kArmRasElsewhere;
}

}  // namespace wheatstone::cper
