// Arm RAS System Architecture section (not Microsoft's Arm RAS node): 80 bytes, error records of 72 bytes,
// and auxiliary data. Source: Arm DEN0085 tables 20 and 21, libcper EFI_ARM_RAS_NODE.
#pragma once

#include "formats/layout/field.hpp"

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
    ascii(64, 16, "UserData"),
};
inline constexpr Tail kArmRasTail[] = {
    many("ErrorSyndrome", kArmRasRecord, ref(kArmRasFields, "ErrorSyndromeArrayNumEntries")),
    rest("AuxiliaryData").from("Arm DEN0085 tables 22 to 26"),
};
inline constexpr Layout kArmRasNode{.name = "ArmRasNodeInOrder",
                                    .structure = "EFI_ARM_RAS_NODE",
                                    .clause = "Arm DEN0085 table 20",
                                    .min = 80,
                                    .size = 80,
                                    .fields = kArmRasFields,
                                    .tail = kArmRasTail};
static_assert(check(kArmRasNode));

// The same with the array anywhere else: its bytes are shown as they are.
inline constexpr Tail kArmRasOtherTail[] = {rest("Data")};
inline constexpr Layout kArmRasOther{.name = "ArmRasNodeElsewhere",
                                     .structure = "EFI_ARM_RAS_NODE",
                                     .clause = "Arm DEN0085 table 20",
                                     .min = 80,
                                     .size = 80,
                                     .fields = kArmRasFields,
                                     .tail = kArmRasOtherTail};
static_assert(check(kArmRasOther));

inline constexpr ChoiceRow kArmRasRows[] = {{80, {}, "InOrder", {}, kForms<kArmRasNode>}};
inline constexpr Choice kArmRasChoice{.selector = "ErrorSyndromeArrayOffset",
                                      .at = ref(kArmRasFields, "ErrorSyndromeArrayOffset"),
                                      .rows = kArmRasRows};
inline constexpr Tail kArmRasWhole[] = {rest("Node").as(kArmRasOther).choose(kArmRasChoice)};
}  // namespace tables

// One part, of which ErrorSyndromeArrayOffset says whether the array follows it at once.
inline constexpr layout::Layout kArmRas{.name = "ArmRas",
                                        .structure = "EFI_ARM_RAS_NODE",
                                        .clause = "Arm DEN0085 table 20",
                                        .fields = {},
                                        .tail = tables::kArmRasWhole};
static_assert(layout::check(kArmRas));

}  // namespace wheatstone::cper
