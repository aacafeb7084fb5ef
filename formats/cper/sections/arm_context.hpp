// Register contexts of the ARM processor error section: a header of 8 bytes and the registers. Source: UEFI
// N.2.4.4.2, EDK2 Cper.h.
#pragma once

#include <array>
#include <string_view>

#include "formats/cper/sections/reread.hpp"
#include "formats/layout/field.hpp"

namespace wheatstone::cper {

namespace tables {
using namespace layout;

inline constexpr std::string_view kArm32GprNames[] = {"R0", "R1", "R2",  "R3",  "R4",  "R5",  "R6",  "R7",
                                                      "R8", "R9", "R10", "R11", "R12", "R13", "R14", "R15"};
inline constexpr std::string_view kArm32El1Names[] = {
    "DFAR",     "DFSR",     "IFAR",     "ISR",      "MAIR0",    "MAIR1",    "MIDR",     "MPIDR",
    "NMRR",     "PRRR",     "SCTLR",    "SPSR",     "SPSR_abt", "SPSR_fiq", "SPSR_irq", "SPSR_svc",
    "SPSR_und", "TPIDRPRW", "TPIDRURO", "TPIDRURW", "TTBCR",    "TTBR0",    "TTBR1",    "DACR"};
inline constexpr std::string_view kArm32El2Names[] = {
    "ELR_hyp", "HAMAIR0", "HAMAIR1", "HCR",   "HCR2",     "HDFAR", "HIFAR", "HPFAR",
    "HSR",     "HTCR",    "HTPIDR",  "HTTBR", "SPSR_hyp", "VTCR",  "VTTBR", "DACR32_EL2"};
inline constexpr std::string_view kArm32SecureNames[] = {"SCTLR", "SPSR_mon"};
inline constexpr std::string_view kArm64GprNames[] = {"X0",  "X1",  "X2",  "X3",  "X4",  "X5",  "X6",  "X7",
                                                      "X8",  "X9",  "X10", "X11", "X12", "X13", "X14", "X15",
                                                      "X16", "X17", "X18", "X19", "X20", "X21", "X22", "X23",
                                                      "X24", "X25", "X26", "X27", "X28", "X29", "X30", "SP"};
inline constexpr std::string_view kArm64El1Names[] = {
    "ELR_EL1",   "ESR_EL1",   "FAR_EL1",     "ISR_EL1",   "MAIR_EL1", "MIDR_EL1",
    "MPIDR_EL1", "SCTLR_EL1", "SP_EL0",      "SP_EL1",    "SPSR_EL1", "TCR_EL1",
    "TPIDR_EL0", "TPIDR_EL1", "TPIDRRO_EL0", "TTBR0_EL1", "TTBR1_EL1"};
inline constexpr std::string_view kArm64El2Names[] = {
    "ELR_EL2", "ESR_EL2",  "FAR_EL2", "HACR_EL2",  "HCR_EL2",   "HPFAR_EL2", "MAIR_EL2", "SCTLR_EL2",
    "SP_EL2",  "SPSR_EL2", "TCR_EL2", "TPIDR_EL2", "TTBR0_EL2", "VTCR_EL2",  "VTTBR_EL2"};
inline constexpr std::string_view kArm64El3Names[] = {"ELR_EL3",   "ESR_EL3",  "FAR_EL3",  "MAIR_EL3",
                                                      "SCTLR_EL3", "SP_EL3",   "SPSR_EL3", "TCR_EL3",
                                                      "TPIDR_EL3", "TTBR0_EL3"};

// General registers, stack and link registers, fault addresses and bases of translation tables.
consteval bool holds_address(std::string_view name) {
  constexpr std::string_view kStarts[] = {"R",     "X",     "SP_E",  "ELR",   "FAR",   "DFAR",  "IFAR",
                                          "HDFAR", "HIFAR", "HPFAR", "TTBR0", "TTBR1", "HTTBR", "VTTBR"};
  for (const std::string_view start : kStarts)
    if (name.starts_with(start)) return true;
  return name == "SP";
}

// One register behind the other, each of `bytes` bytes.
template <std::size_t kCount>
consteval auto arm_registers(const std::string_view (&names)[kCount], std::uint32_t bytes) {
  std::array<Field, kCount> fields;
  std::uint32_t at = 0;
  for (std::size_t i = 0; i < kCount; ++i, at += bytes) {
    const Field plain = field(at, bytes, names[i], Kind::uint).hex();
    fields[i] = holds_address(names[i]) ? plain.address() : plain;
  }
  return fields;
}
inline constexpr auto kArm32GprFields = arm_registers(kArm32GprNames, 4);
inline constexpr auto kArm32El1Fields = arm_registers(kArm32El1Names, 4);
inline constexpr auto kArm32El2Fields = arm_registers(kArm32El2Names, 4);
inline constexpr auto kArm32SecureFields = arm_registers(kArm32SecureNames, 4);
inline constexpr auto kArm64GprFields = arm_registers(kArm64GprNames, 8);
inline constexpr auto kArm64El1Fields = arm_registers(kArm64El1Names, 8);
inline constexpr auto kArm64El2Fields = arm_registers(kArm64El2Names, 8);
inline constexpr auto kArm64El3Fields = arm_registers(kArm64El3Names, 8);
inline constexpr Field kArmMiscFields[] = {
    u16(0, "MrsEncoding").hex().about("which register: its encoding in an MRS instruction"),
    u64(2, "Value").hex(),
};

// Registers that are cut off are absent; those before them are read.
consteval Layout arm_context(std::string_view name, std::string_view structure,
                             std::span<const Field> fields) {
  return {.name = name,
          .structure = structure,
          .clause = "UEFI N.2.4.4.2",
          .min = fields.front().size,
          .size = fields.back().end(),
          .fields = fields};
}
}  // namespace tables

inline constexpr layout::Layout kArm32Gpr =
    tables::arm_context("Arm32Gpr", "EFI_ARM_V8_AARCH32_GPR", tables::kArm32GprFields);
inline constexpr layout::Layout kArm32El1 =
    tables::arm_context("Arm32El1", "EFI_ARM_AARCH32_EL1_CONTEXT_REGISTERS", tables::kArm32El1Fields);
inline constexpr layout::Layout kArm32El2 =
    tables::arm_context("Arm32El2", "EFI_ARM_AARCH32_EL2_CONTEXT_REGISTERS", tables::kArm32El2Fields);
inline constexpr layout::Layout kArm32Secure = tables::arm_context(
    "Arm32Secure", "EFI_ARM_AARCH32_SECURE_CONTEXT_REGISTERS", tables::kArm32SecureFields);
inline constexpr layout::Layout kArm64Gpr =
    tables::arm_context("Arm64Gpr", "EFI_ARM_V8_AARCH64_GPR", tables::kArm64GprFields);
inline constexpr layout::Layout kArm64El1 =
    tables::arm_context("Arm64El1", "EFI_ARM_AARCH64_EL1_CONTEXT_REGISTERS", tables::kArm64El1Fields);
inline constexpr layout::Layout kArm64El2 =
    tables::arm_context("Arm64El2", "EFI_ARM_AARCH64_EL2_CONTEXT_REGISTERS", tables::kArm64El2Fields);
inline constexpr layout::Layout kArm64El3 =
    tables::arm_context("Arm64El3", "EFI_ARM_AARCH64_EL3_CONTEXT_REGISTERS", tables::kArm64El3Fields);
inline constexpr layout::Layout kArmMisc =
    tables::arm_context("ArmMisc", "EFI_ARM_MISC_CONTEXT_REGISTER", tables::kArmMiscFields);
static_assert(layout::check(kArm32Gpr) && kArm32Gpr.size == 64);
static_assert(layout::check(kArm32El1) && kArm32El1.size == 96);
static_assert(layout::check(kArm32El2) && kArm32El2.size == 64);
static_assert(layout::check(kArm32Secure) && kArm32Secure.size == 8);
static_assert(layout::check(kArm64Gpr) && kArm64Gpr.size == 256);
static_assert(layout::check(kArm64El1) && kArm64El1.size == 136);
static_assert(layout::check(kArm64El2) && kArm64El2.size == 120);
static_assert(layout::check(kArm64El3) && kArm64El3.size == 80);
static_assert(layout::check(kArmMisc) && kArmMisc.size == 10);

namespace tables {
inline constexpr Name kArmContextTypes[] = {{0, "AArch32GPR"},    {1, "AArch32EL1"}, {2, "AArch32EL2"},
                                            {3, "AArch32Secure"}, {4, "AArch64GPR"}, {5, "AArch64EL1"},
                                            {6, "AArch64EL2"},    {7, "AArch64EL3"}, {8, "Misc"}};
template <const Layout& kEl1>
inline constexpr ChoiceRow kArmContextRows[] = {
    {0, {}, "AArch32GPR", {}, kForms<kArm32Gpr>}, {1, {}, "AArch32EL1", {}, kForms<kArm32El1>},
    {2, {}, "AArch32EL2", {}, kForms<kArm32El2>}, {3, {}, "AArch32Secure", {}, kForms<kArm32Secure>},
    {4, {}, "AArch64GPR", {}, kForms<kArm64Gpr>}, {5, {}, "AArch64EL1", {}, kForms<kEl1>},
    {6, {}, "AArch64EL2", {}, kForms<kArm64El2>}, {7, {}, "AArch64EL3", {}, kForms<kArm64El3>},
    {8, {}, "Misc", {}, kForms<kArmMisc>}};
template <const Layout& kEl1>
inline constexpr Choice kArmContextChoice{
    .selector = "RegisterContextType", .at = {2, 2, 0, 16}, .rows = kArmContextRows<kEl1>};
template <const Layout& kEl1>
inline constexpr Tail kArmContextTail[] = {rest("RegisterArray").choose(kArmContextChoice<kEl1>)};

inline constexpr Field kArmContextFields[] = {
    u16(0, "Version"),
    u16(2, "RegisterContextType").names(kArmContextTypes),
    u32(4, "RegisterArraySize").unit("bytes").about("behind this header"),
};

consteval Layout arm_context_header(std::span<const Tail> tail) {
  return {.name = "ArmContextInformation",
          .structure = "EFI_ARM_CONTEXT_INFORMATION_HEADER",
          .clause = "UEFI N.2.4.4.2",
          .min = 8,
          .size = 8,
          .fields = kArmContextFields,
          .tail = tail,
          .self = ref(kArmContextFields, "RegisterArraySize"),
          .self_add = 8};
}
}  // namespace tables

inline constexpr layout::Layout kArmContextInformation =
    tables::arm_context_header(tables::kArmContextTail<kArm64El1>);
static_assert(layout::check(kArmContextInformation));

// As the WDK has it, whose header calls the second register of EL1 ESR_EL2.
namespace tables {
consteval auto arm64_el1_windows() {
  auto fields = kArm64El1Fields;
  fields[1] = u64(8, "ESR_EL2").hex().from("WDK cper.h").about("ESR_EL1, by a wrong name");
  return fields;
}
inline constexpr auto kArm64El1WindowsFields = arm64_el1_windows();
}  // namespace tables
inline constexpr layout::Layout kArm64El1Windows = reread(kArm64El1, tables::kArm64El1WindowsFields);
inline constexpr layout::Layout kArmContextInformationWindows =
    tables::arm_context_header(tables::kArmContextTail<kArm64El1Windows>);
static_assert(layout::check(kArm64El1Windows) && layout::check(kArmContextInformationWindows));

}  // namespace wheatstone::cper
