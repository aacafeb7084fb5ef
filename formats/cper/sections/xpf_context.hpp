// Register contexts of the IA32/X64 processor error section: a header of 16 bytes and the registers.
// Source: UEFI N.2.4.2.2, WDK WHEA_XPF_CONTEXT_INFO of builds 6001 to 28000, EDK2 Cper.h.
#pragma once

#include <array>

#include "formats/layout/field.hpp"

namespace wheatstone::cper {

namespace tables {
using namespace layout;

inline constexpr Field kGpr32Fields[] = {
    u32(0, "EAX").hex().address(),
    u32(4, "EBX").hex().address(),
    u32(8, "ECX").hex().address(),
    u32(12, "EDX").hex().address(),
    u32(16, "ESI").hex().address(),
    u32(20, "EDI").hex().address(),
    u32(24, "EBP").hex().address(),
    u32(28, "ESP").hex().address(),
    u16(32, "CS").hex(),
    u16(34, "DS").hex(),
    u16(36, "SS").hex(),
    u16(38, "ES").hex(),
    u16(40, "FS").hex(),
    u16(42, "GS").hex(),
    u32(44, "EFLAGS").hex(),
    u32(48, "EIP").hex().address(),
    u32(52, "CR0").hex(),
    u32(56, "CR1").hex(),
    u32(60, "CR2").hex().address(),
    u32(64, "CR3").hex().address(),
    u32(68, "CR4").hex(),
    u64(72, "GDTR").hex().address(),
    u64(80, "IDTR").hex().address(),
    u16(88, "LDTR").hex(),
    u16(90, "TR").hex(),
};

// The 64-bit registers have had four forms; up to the segment registers they agree.
struct Gpr64Form {
  std::uint32_t reserved;  // bytes between GS and RFLAGS
  bool cr8;
  std::uint32_t padding;  // bytes behind TR
};
inline constexpr std::string_view kGpr64Names[] = {"RAX", "RBX", "RCX", "RDX", "RSI", "RDI", "RBP", "RSP",
                                                   "R8",  "R9",  "R10", "R11", "R12", "R13", "R14", "R15"};
inline constexpr std::string_view kSegmentNames[] = {"CS", "DS", "SS", "ES", "FS", "GS"};
inline constexpr std::string_view kControlNames[] = {"RFLAGS", "RIP", "CR0", "CR1",
                                                     "CR2",    "CR3", "CR4", "CR8"};

template <Gpr64Form form>
consteval auto gpr64() {
  std::array<Field, 34u + form.cr8 + (form.padding != 0)> fields;
  std::size_t next = 0;
  std::uint32_t at = 0;
  const auto add = [&](const Field& f) {
    fields[next++] = f;
    at = f.end();
  };
  for (const std::string_view name : kGpr64Names) add(u64(at, name).hex().address());
  for (const std::string_view name : kSegmentNames) add(u16(at, name).hex());
  add(pad(at, form.reserved));
  for (const std::string_view name : kControlNames) {
    const Field control = u64(at, name).hex();
    if (name != "CR8" || form.cr8)
      add(name == "RIP" || name == "CR2" || name == "CR3" ? control.address() : control);
  }
  add(list(at, "GDTR", 2, 8).hex().address());
  add(list(at, "IDTR", 2, 8).hex().address());
  add(u16(at, "LDTR").hex());
  add(u16(at, "TR").hex());
  if (form.padding != 0) add(pad(at, form.padding, "Padding"));
  return fields;
}
inline constexpr auto kGpr64Edk2Fields = gpr64<{4, false, 0}>();
inline constexpr auto kGpr64VistaFields = gpr64<{2, true, 0}>();
inline constexpr auto kGpr64UefiFields = gpr64<{4, true, 0}>();
inline constexpr auto kGpr64Fields = gpr64<{4, true, 12}>();

// Registers that are not all there could be those of another form: every form needs its full size.
consteval Layout registers(std::string_view name, std::string_view structure, std::string_view clause,
                           std::span<const Field> fields) {
  return {.name = name,
          .structure = structure,
          .clause = clause,
          .min = fields.back().end(),
          .size = fields.back().end(),
          .fields = fields};
}
}  // namespace tables

inline constexpr layout::Layout kXpfGpr32 = tables::registers(
    "XpfGpr32", "WHEA_X86_REGISTER_STATE", "UEFI N.2.4.2.2, WDK ntddk.h", tables::kGpr32Fields);
inline constexpr layout::Layout kXpfGpr64Edk2 = tables::registers(
    "XpfGpr64", "EFI_CONTEXT_X64_REGISTER_STATE", "EDK2 Cper.h (without CR8)", tables::kGpr64Edk2Fields);
inline constexpr layout::Layout kXpfGpr64Vista = tables::registers(
    "XpfGpr64", "WHEA_X64_REGISTER_STATE", "WDK ntddk.h (6001: 16 reserved bits)", tables::kGpr64VistaFields);
inline constexpr layout::Layout kXpfGpr64Uefi = tables::registers(
    "XpfGpr64", "EFI_CONTEXT_X64_REGISTER_STATE", "UEFI N.2.4.2.2", tables::kGpr64UefiFields);
inline constexpr layout::Layout kXpfGpr64 =
    tables::registers("XpfGpr64", "WHEA_X64_REGISTER_STATE",
                      "WDK ntddk.h (7600: padded for a 16-byte aligned member)", tables::kGpr64Fields);
static_assert(layout::check(kXpfGpr32) && kXpfGpr32.size == 92);
static_assert(layout::check(kXpfGpr64Edk2) && kXpfGpr64Edk2.size == 236);
static_assert(layout::check(kXpfGpr64Vista) && kXpfGpr64Vista.size == 242);
static_assert(layout::check(kXpfGpr64Uefi) && kXpfGpr64Uefi.size == 244);
static_assert(layout::check(kXpfGpr64) && kXpfGpr64.size == 256);

namespace tables {
// The legacy area of FXSAVE: eight x87 registers of 16 bytes, 16 XMM registers.
inline constexpr std::string_view kX87Names[] = {"ST0", "ST1", "ST2", "ST3", "ST4", "ST5", "ST6", "ST7"};
inline constexpr std::string_view kXmmNames[] = {"XMM0",  "XMM1",  "XMM2",  "XMM3", "XMM4",  "XMM5",
                                                 "XMM6",  "XMM7",  "XMM8",  "XMM9", "XMM10", "XMM11",
                                                 "XMM12", "XMM13", "XMM14", "XMM15"};
consteval auto fxsave() {
  std::array<Field, 9 + std::size(kX87Names) + std::size(kXmmNames) + 1> fields{
      u16(0, "FCW").hex(),        u16(2, "FSW").hex(), u8(4, "FTW").hex(),   pad(5, 1),
      u16(6, "FOP").hex(),        u64(8, "FIP").hex(), u64(16, "FDP").hex(), u32(24, "MXCSR").hex(),
      u32(28, "MXCSR_MASK").hex()};
  std::size_t next = 9;
  std::uint32_t at = 32;
  const auto add = [&](std::string_view name) {
    fields[next++] = raw(at, 16, name).address();
    at += 16;
  };
  for (const std::string_view name : kX87Names) add(name);
  for (const std::string_view name : kXmmNames) add(name);
  fields[next] = pad(at, 96, "Reserved2");
  return fields;
}
inline constexpr auto kFxsaveFields = fxsave();

inline constexpr Field kRegister32Fields[] = {u32(0, "Value").hex()};
inline constexpr Field kRegister64Fields[] = {u64(0, "Value").hex()};
inline constexpr Layout kRegister32 = registers("Register32", "UINT32", "UEFI N.2.4.2.2", kRegister32Fields);
inline constexpr Layout kRegister64 = registers("Register64", "UINT64", "UEFI N.2.4.2.2", kRegister64Fields);
static_assert(check(kRegister32) && check(kRegister64));

// As many registers as there are.
consteval Layout register_list(std::string_view name, std::span<const Tail> tail) {
  return {.name = name,
          .structure = "RegisterData",
          .clause = "UEFI N.2.4.2.2",
          .min = 0,
          .size = 0,
          .fields = {},
          .tail = tail};
}
inline constexpr Tail kRegister32Tail[] = {many("Register", kRegister32, Ref{})};
inline constexpr Tail kRegister64Tail[] = {many("Register", kRegister64, Ref{})};
}  // namespace tables

inline constexpr layout::Layout kXpfFxsave = tables::registers(
    "XpfFxsave", "FXSAVE", "UEFI N.2.4.2.2, Intel SDM volume 1, 10.5.1", tables::kFxsaveFields);
inline constexpr layout::Layout kXpfRegisters32 =
    tables::register_list("XpfRegisters32", tables::kRegister32Tail);
inline constexpr layout::Layout kXpfRegisters64 =
    tables::register_list("XpfRegisters64", tables::kRegister64Tail);
static_assert(layout::check(kXpfFxsave) && kXpfFxsave.size == 512);
static_assert(layout::check(kXpfRegisters32) && layout::check(kXpfRegisters64));

namespace tables {
inline constexpr Name kContextTypes[] = {{0, "Unclassified"}, {1, "MSR"},         {2, "GPR32"},
                                         {3, "GPR64"},        {4, "FXSAVE"},      {5, "Debug32"},
                                         {6, "Debug64"},      {7, "MemoryMapped"}};
// Which debug register stands where is not said, nor how wide memory-mapped registers are: those stay bytes.
inline constexpr ChoiceRow kContextRows[] = {
    {1, {}, "MSR", {}, kForms<kXpfRegisters64>},
    {2, {}, "GPR32", {}, kForms<kXpfGpr32>},
    {3, {}, "GPR64", {}, kForms<kXpfGpr64Edk2, kXpfGpr64Vista, kXpfGpr64Uefi, kXpfGpr64>},
    {4, {}, "FXSAVE", {}, kForms<kXpfFxsave>},
    {5, {}, "Debug32", {}, kForms<kXpfRegisters32>},
    {6, {}, "Debug64", {}, kForms<kXpfRegisters64>}};
inline constexpr Choice kContextChoice{
    .selector = "RegisterContextType", .at = {0, 2, 0, 16}, .rows = kContextRows};

inline constexpr Field kContextFields[] = {
    u16(0, "RegisterContextType").names(kContextTypes),
    u16(2, "RegisterDataSize").unit("bytes").about("behind this header; says more than the type"),
    u32(4, "MSRAddress").hex().about("of the first MSR, for type 1; the others follow it"),
    u64(8, "MmRegisterAddress").hex().address().about("for type 7"),
};
inline constexpr Tail kContextTail[] = {rest("RegisterData").choose(kContextChoice)};
}  // namespace tables

// RegisterDataSize rules, never the type.
inline constexpr layout::Layout kXpfContextInfo{
    .name = "XpfContextInfo",
    .structure = "WHEA_XPF_CONTEXT_INFO",
    .clause = "UEFI N.2.4.2.2",
    .min = 16,
    .size = 16,
    .fields = tables::kContextFields,
    .tail = tables::kContextTail,
    .self = layout::ref(tables::kContextFields, "RegisterDataSize"),
    .self_add = 16};
static_assert(layout::check(kXpfContextInfo));

}  // namespace wheatstone::cper
