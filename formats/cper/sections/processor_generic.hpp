// Processor generic error section, 192 bytes. Source: UEFI N.2.4.1, WDK WHEA_PROCESSOR_GENERIC_ERROR_SECTION.
#pragma once

#include "formats/cper/sections/reread.hpp"
#include "formats/layout/field.hpp"
#include "formats/layout/view.hpp"

namespace wheatstone::cper {

namespace tables {
using namespace layout;

inline constexpr Bit kProcessorGenericValid[] = {
    {0, 1, "ProcessorType"},       {1, 1, "InstructionSet"}, {2, 1, "ErrorType"},
    {3, 1, "Operation"},           {4, 1, "Flags"},          {5, 1, "Level"},
    {6, 1, "CPUVersion"},          {7, 1, "CPUBrandString"}, {8, 1, "ProcessorId"},
    {9, 1, "TargetAddress"},       {10, 1, "RequesterId"},   {11, 1, "ResponderId"},
    {12, 1, "InstructionPointer"}, {13, 1, "NativeModelId"}};

inline constexpr Name kProcessorTypes[] = {{0, "XPF"}, {1, "IPF"}, {2, "ARM"}};
// Windows and UEFI agree on x86 and Itanium alone.
inline constexpr Name kInstructionSets[] = {{0, "X86"}, {1, "IPF"}, {2, "X64"}, {4, "ARM32"}, {8, "ARM64"}};
inline constexpr Name kInstructionSetsUefi[] = {
    {0, "X86"}, {1, "IPF"}, {2, "X64"}, {3, "ARM32"}, {4, "ARM64"}};
inline constexpr Bit kProcessorErrorTypes[] = {
    {0, 1, "Cache"}, {1, 1, "TLB"}, {2, 1, "Bus"}, {3, 1, "MicroArch"}};
inline constexpr Name kProcessorOperations[] = {
    {0, "Generic"}, {1, "DataRead"}, {2, "DataWrite"}, {3, "InstructionExecute"}};
inline constexpr Bit kProcessorFlags[] = {
    {0, 1, "Restartable"}, {1, 1, "PreciseIP"}, {2, 1, "Overflow"}, {3, 1, "Corrected"}};

inline constexpr Field kProcessorGenericFields[] = {
    u64(0, "ValidBits").bits(kProcessorGenericValid),
    u8(8, "ProcessorType").valid(0).names(kProcessorTypes),
    u8(9, "InstructionSet")
        .valid(1)
        .names(kInstructionSets)
        .about("as Windows has it; in UEFI 3 is AArch32 and 4 AArch64"),
    u8(10, "ErrorType").valid(2).bits(kProcessorErrorTypes),
    u8(11, "Operation").valid(3).names(kProcessorOperations),
    u8(12, "Flags").valid(4).bits(kProcessorFlags),
    u8(13, "Level").valid(5).about("of the cache, TLB or bus; 3 = generic"),
    pad(14, 2),
    u64(16, "CPUVersion").valid(6).hex().about("CPUID leaf 1 EAX on x86 and x64, MIDR_EL1 on ARM"),
    ascii(24, 128, "CPUBrandString").valid(7),
    u64(152, "ProcessorId").valid(8).hex().about("local APIC id on x86 and x64, MPIDR_EL1 on ARM"),
    u64(160, "TargetAddress").valid(9).hex().address(),
    u64(168, "RequesterId").valid(10).hex(),
    u64(176, "ResponderId").valid(11).hex(),
    u64(184, "InstructionPointer").valid(12).hex().address(),
};
}  // namespace tables

inline constexpr layout::Layout kProcessorGeneric{
    .name = "ProcessorGeneric",
    .structure = "WHEA_PROCESSOR_GENERIC_ERROR_SECTION",
    .clause = "UEFI N.2.4.1",
    .min = 192,
    .size = 192,
    .fields = tables::kProcessorGenericFields,
    .valid = layout::ref(tables::kProcessorGenericFields, "ValidBits")};
static_assert(layout::check(kProcessorGeneric));

namespace tables {
inline constexpr auto kProcessorGenericFieldsUefi = with_fields(
    kProcessorGenericFields,
    u8(9, "InstructionSet").valid(1).names(kInstructionSetsUefi).from("UEFI N.2.4.1 (EDK2, Linux)"));
}  // namespace tables

// Reading "ProcessorGeneric:UEFI".
inline constexpr layout::Layout kProcessorGenericUefi =
    reread(kProcessorGeneric, tables::kProcessorGenericFieldsUefi);
static_assert(layout::check(kProcessorGenericUefi));

struct ProcessorGeneric {
  static constexpr auto kValidBits =
      layout::handle<ProcessorGeneric, std::uint64_t>(kProcessorGeneric, "ValidBits");
  static constexpr auto kProcessorType =
      layout::handle<ProcessorGeneric, std::uint8_t>(kProcessorGeneric, "ProcessorType");
  static constexpr auto kInstructionSet =
      layout::handle<ProcessorGeneric, std::uint8_t>(kProcessorGeneric, "InstructionSet");
  static constexpr auto kErrorType =
      layout::handle<ProcessorGeneric, std::uint8_t>(kProcessorGeneric, "ErrorType");
  static constexpr auto kOperation =
      layout::handle<ProcessorGeneric, std::uint8_t>(kProcessorGeneric, "Operation");
  static constexpr auto kFlags = layout::handle<ProcessorGeneric, std::uint8_t>(kProcessorGeneric, "Flags");
  static constexpr auto kLevel = layout::handle<ProcessorGeneric, std::uint8_t>(kProcessorGeneric, "Level");
  static constexpr auto kCpuVersion =
      layout::handle<ProcessorGeneric, std::uint64_t>(kProcessorGeneric, "CPUVersion");
  static constexpr auto kProcessorId =
      layout::handle<ProcessorGeneric, std::uint64_t>(kProcessorGeneric, "ProcessorId");
};

}  // namespace wheatstone::cper
