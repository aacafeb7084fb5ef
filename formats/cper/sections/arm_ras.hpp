// Arm RAS System Architecture section (not Microsoft's Arm RAS node): 80 bytes, error records of 72 bytes,
// and auxiliary data. Source: Arm DEN0085 tables 20 and 21, libcper EFI_ARM_RAS_NODE.
#pragma once

#include "formats/cper/sections/arm_ras_node.hpp"
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

// Which instance of a component it is, and of what type.
consteval Layout arm_ras_part(std::string_view name, std::string_view structure,
                              std::span<const Field> fields) {
  const std::uint32_t size = fields.back().end();
  return {.name = name,
          .structure = structure,
          .clause = "Arm DEN0085 table 20",
          .min = size,
          .size = size,
          .fields = fields};
}
inline constexpr Field kArmRasPeFields[] = {u64(0, "MPIDR_EL1").hex(), pad(8, 8)};
inline constexpr Layout kArmRasPe =
    arm_ras_part("ArmRasPe", "EFI_ARM_RAS_NODE.IPInstance.pe", kArmRasPeFields);
inline constexpr Field kArmRasAddressFields[] = {u64(0, "SystemPhysicalAddress").hex().address(), pad(8, 8)};
inline constexpr Layout kArmRasAddress =
    arm_ras_part("ArmRasAddress", "EFI_ARM_RAS_NODE.IPInstance.systemPhysicalAddress", kArmRasAddressFields);
inline constexpr Field kArmRasLocalFields[] = {u64(0, "SocSpecificLocalAddressSpace").hex(),
                                               u64(8, "BaseAddress").hex().address()};
inline constexpr Layout kArmRasLocal =
    arm_ras_part("ArmRasLocal", "EFI_ARM_RAS_NODE.IPInstance.localAddressIdentifier", kArmRasLocalFields);
inline constexpr Field kArmRasPeTypeFields[] = {u64(0, "MIDR_EL1").hex(), u64(8, "REVIDR_EL1").hex(),
                                                u64(16, "AIDR_EL1").hex()};
inline constexpr Layout kArmRasPeType =
    arm_ras_part("ArmRasPeType", "EFI_ARM_RAS_NODE.IPType.pe", kArmRasPeTypeFields);
inline constexpr Field kArmRasIidrFields[] = {u32(0, "IIDR").hex(), u32(4, "AIDR").hex(), pad(8, 16)};
inline constexpr Layout kArmRasIidr =
    arm_ras_part("ArmRasIidr", "EFI_ARM_RAS_NODE.IPType.iidr", kArmRasIidrFields);
inline constexpr Field kArmRasPidrFields[] = {
    u8(0, "PIDR3").hex(), u8(1, "PIDR2").hex(), u8(2, "PIDR1").hex(),
    u8(3, "PIDR0").hex(), u8(4, "PIDR7").hex(), u8(5, "PIDR6").hex(),
    u8(6, "PIDR5").hex(), u8(7, "PIDR4").hex(), pad(8, 16)};
inline constexpr Layout kArmRasPidr =
    arm_ras_part("ArmRasPidr", "EFI_ARM_RAS_NODE.IPType.pidr", kArmRasPidrFields);
static_assert(check(kArmRasPe) && check(kArmRasAddress) && check(kArmRasLocal) && check(kArmRasPeType) &&
              check(kArmRasIidr) && check(kArmRasPidr));

inline constexpr Name kArmRasInstances[] = {
    {0, "PE"}, {1, "SystemPhysicalAddress"}, {2, "LocalAddressIdentifier"}, {3, "SocSpecificIpIdentifier"}};
inline constexpr ChoiceRow kArmRasInstanceRows[] = {
    {0, {}, "PE", {}, kForms<kArmRasPe>},
    {1, {}, "SystemPhysicalAddress", {}, kForms<kArmRasAddress>},
    {2, {}, "LocalAddressIdentifier", {}, kForms<kArmRasLocal>}};
inline constexpr Choice kArmRasInstance{
    .selector = "IPInstanceFormat", .at = {16, 1, 0, 8}, .rows = kArmRasInstanceRows};
inline constexpr Name kArmRasTypes[] = {{0, "PE"}, {1, "SMMU_IIDR"}, {2, "GIC_IIDR"}, {3, "PIDR"}};
inline constexpr ChoiceRow kArmRasTypeRows[] = {{0, {}, "PE", {}, kForms<kArmRasPeType>},
                                                {1, {}, "SMMU_IIDR", {}, kForms<kArmRasIidr>},
                                                {2, {}, "GIC_IIDR", {}, kForms<kArmRasIidr>},
                                                {3, {}, "PIDR", {}, kForms<kArmRasPidr>}};
inline constexpr Choice kArmRasType{.selector = "IPTypeFormat", .at = {17, 1, 0, 8}, .rows = kArmRasTypeRows};

inline constexpr Field kArmRasFields[] = {
    u32(0, "Revision").about("1 in the published revision"),
    u8(4, "ComponentType").names(kAestNodeTypes),
    pad(5, 3),
    u32(8, "ErrorSyndromeArrayNumEntries"),
    u16(12, "ErrorSyndromeArrayOffset").unit("bytes"),
    u16(14, "AuxiliaryDataOffset").unit("bytes"),
    u8(16, "IPInstanceFormat").names(kArmRasInstances),
    u8(17, "IPTypeFormat").names(kArmRasTypes),
    pad(18, 6, "Reserved2"),
    list(24, "IPInstance", 2, 8).hex().choose(kArmRasInstance),
    list(40, "IPType", 3, 8).hex().choose(kArmRasType),
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
