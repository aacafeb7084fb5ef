// ARM processor error section: 40 bytes, then error informations, then register contexts, then what the
// vendor adds. Source: UEFI N.2.4.4, EDK2 Cper.h, WDK WHEA_ARM_PROCESSOR_ERROR_SECTION (14393 and later).
#pragma once

#include <array>

#include "formats/cper/sections/arm_context.hpp"
#include "formats/cper/sections/reread.hpp"
#include "formats/cper/sections/xpf_processor.hpp"
#include "formats/layout/field.hpp"

namespace wheatstone::cper {

namespace tables {
using namespace layout;

// The words are those of UEFI. The structures of the WDK mix bit fields of several types and do not match the
// eight bytes on the wire.
inline constexpr Name kArmOperations[] = {{0, "Generic"},  {1, "GenericRead"}, {2, "GenericWrite"},
                                          {3, "DataRead"}, {4, "DataWrite"},   {5, "InstructionFetch"},
                                          {6, "Prefetch"}, {7, "Eviction"},    {8, "Snoop"},
                                          {9, "Snooped"},  {10, "Management"}};
inline constexpr Name kArmTlbOperations[] = {
    {0, "Generic"},  {1, "GenericRead"},     {2, "GenericWrite"},
    {3, "DataRead"}, {4, "DataWrite"},       {5, "InstructionFetch"},
    {6, "Prefetch"}, {7, "LocalManagement"}, {8, "ExternalManagement"}};
inline constexpr Name kArmAddressSpaces[] = {
    {0, "ExternalMemory"}, {1, "InternalMemory"}, {3, "DeviceMemory"}};
inline constexpr Name kArmAddressSpacesWindows[] = {
    {0, "ExternalMemory"}, {1, "InternalMemory"}, {2, "DeviceMemory"}};

// Caches and TLBs.
consteval std::array<Bit, 14> arm_cache_error(Names operations) {
  return {{{0, 1, "TransactionTypeValid"},
           {1, 1, "OperationValid"},
           {2, 1, "LevelValid"},
           {3, 1, "ProcessorContextCorruptValid"},
           {4, 1, "CorrectedValid"},
           {5, 1, "PrecisePCValid"},
           {6, 1, "RestartablePCValid"},
           {16, 2, "TransactionType", kTransactionTypes},
           {18, 4, "Operation", operations},
           {22, 3, "Level"},
           {25, 1, "ProcessorContextCorrupt"},
           {26, 1, "Corrected"},
           {27, 1, "PrecisePC"},
           {28, 1, "RestartablePC"}}};
}
consteval std::array<Bit, 24> arm_bus_error(Names address_spaces) {
  return {{{0, 1, "TransactionTypeValid"},
           {1, 1, "OperationValid"},
           {2, 1, "LevelValid"},
           {3, 1, "ProcessorContextCorruptValid"},
           {4, 1, "CorrectedValid"},
           {5, 1, "PrecisePCValid"},
           {6, 1, "RestartablePCValid"},
           {7, 1, "ParticipationTypeValid"},
           {8, 1, "TimeOutValid"},
           {9, 1, "AddressSpaceValid"},
           {10, 1, "MemoryAccessAttributesValid"},
           {11, 1, "AccessModeValid"},
           {16, 2, "TransactionType", kTransactionTypes},
           {18, 4, "Operation", kArmOperations},
           {22, 3, "Level"},
           {25, 1, "ProcessorContextCorrupt"},
           {26, 1, "Corrected"},
           {27, 1, "PrecisePC"},
           {28, 1, "RestartablePC"},
           {29, 2, "ParticipationType", kParticipations},
           {31, 1, "TimeOut"},
           {32, 2, "AddressSpace", address_spaces},
           {34, 9, "MemoryAccessAttributes"},
           {43, 1, "NormalAccessMode"}}};
}
inline constexpr auto kArmCacheError = arm_cache_error(kArmOperations);
inline constexpr auto kArmTlbError = arm_cache_error(kArmTlbOperations);
inline constexpr auto kArmBusError = arm_bus_error(kArmAddressSpaces);
inline constexpr auto kArmBusErrorWindows = arm_bus_error(kArmAddressSpacesWindows);

// What ErrorInformation is where cache, TLB and bus errors have these types.
consteval std::array<ChoiceRow, 3> arm_error_rows(std::uint64_t cache, std::uint64_t tlb, std::uint64_t bus,
                                                  Word bus_word) {
  return {{{cache, {}, "CacheError", kArmCacheError},
           {tlb, {}, "TlbError", kArmTlbError},
           {bus, {}, "BusError", bus_word}}};
}
inline constexpr auto kArmErrorRows = arm_error_rows(0, 1, 2, kArmBusError);
inline constexpr auto kArmErrorRowsWindows = arm_error_rows(0, 1, 2, kArmBusErrorWindows);
inline constexpr auto kArmErrorRowsLibcper = arm_error_rows(1, 2, 4, kArmBusError);
inline constexpr auto kArmErrorRowsLinux = arm_error_rows(2, 4, 8, kArmBusError);
inline constexpr Ref kArmTypeAt{4, 1, 0, 8};
inline constexpr Choice kArmError{.selector = "Type", .at = kArmTypeAt, .rows = kArmErrorRows};
inline constexpr Choice kArmErrorWindows{.selector = "Type", .at = kArmTypeAt, .rows = kArmErrorRowsWindows};
inline constexpr Choice kArmErrorLibcper{.selector = "Type", .at = kArmTypeAt, .rows = kArmErrorRowsLibcper};
inline constexpr Choice kArmErrorLinux{.selector = "Type", .at = kArmTypeAt, .rows = kArmErrorRowsLinux};

inline constexpr Name kArmErrorTypes[] = {{0, "Cache"}, {1, "TLB"}, {2, "Bus"}, {3, "MicroArch"}};
inline constexpr Bit kArmErrorTypesLibcper[] = {
    {0, 1, "Cache"}, {1, 1, "TLB"}, {2, 1, "Bus"}, {3, 1, "MicroArch"}};
inline constexpr Bit kArmErrorTypesLinux[] = {
    {1, 1, "Cache"}, {2, 1, "TLB"}, {3, 1, "Bus"}, {4, 1, "MicroArch"}};

inline constexpr Bit kArmErrorInformationValid[] = {{0, 1, "MultipleError"},
                                                    {1, 1, "Flags"},
                                                    {2, 1, "ErrorInformation"},
                                                    {3, 1, "VirtualFaultAddress"},
                                                    {4, 1, "PhysicalFaultAddress"}};
inline constexpr Bit kArmErrorFlags[] = {
    {0, 1, "FirstErrorCaptured"}, {1, 1, "LastErrorCaptured"}, {2, 1, "Propagated"}, {3, 1, "Overflow"}};

inline constexpr Field kArmErrorInformationFields[] = {
    u8(0, "Version"),
    u8(1, "Length").unit("bytes"),
    u16(2, "ValidationBit").bits(kArmErrorInformationValid),
    u8(4, "Type").names(kArmErrorTypes).about("a number, as EDK2 and the events of Windows have it"),
    u16(5, "MultipleError").valid(0).about("at an odd offset"),
    u8(7, "Flags").valid(1).bits(kArmErrorFlags),
    u64(8, "ErrorInformation").valid(2).choose(kArmError),
    u64(16, "VirtualFaultAddress").valid(3).hex().address(),
    u64(24, "PhysicalFaultAddress").valid(4).hex().address(),
};
inline constexpr auto kArmErrorInformationFieldsWindows =
    with_fields(kArmErrorInformationFields,
                u64(8, "ErrorInformation").valid(2).choose(kArmErrorWindows).from("WHEA-Logger manifest"));
inline constexpr auto kArmErrorInformationFieldsLibcper =
    with_fields(kArmErrorInformationFields, u8(4, "Type").bits(kArmErrorTypesLibcper).from("libcper"),
                u64(8, "ErrorInformation").valid(2).choose(kArmErrorLibcper).from("libcper"));
inline constexpr auto kArmErrorInformationFieldsLinux =
    with_fields(kArmErrorInformationFields, u8(4, "Type").bits(kArmErrorTypesLinux).from("Linux cper.h"),
                u64(8, "ErrorInformation").valid(2).choose(kArmErrorLinux).from("Linux cper.h"));
}  // namespace tables

inline constexpr layout::Layout kArmErrorInformation{
    .name = "ArmErrorInformation",
    .structure = "WHEA_ARM_PROCESSOR_ERROR_INFORMATION",
    .clause = "UEFI N.2.4.4.1",
    .min = 32,
    .size = 32,
    .fields = tables::kArmErrorInformationFields,
    .valid = layout::ref(tables::kArmErrorInformationFields, "ValidationBit"),
    .self = layout::ref(tables::kArmErrorInformationFields, "Length")};
inline constexpr layout::Layout kArmErrorInformationWindows =
    reread(kArmErrorInformation, tables::kArmErrorInformationFieldsWindows);
inline constexpr layout::Layout kArmErrorInformationLibcper =
    reread(kArmErrorInformation, tables::kArmErrorInformationFieldsLibcper);
inline constexpr layout::Layout kArmErrorInformationLinux =
    reread(kArmErrorInformation, tables::kArmErrorInformationFieldsLinux);
static_assert(layout::check(kArmErrorInformation) && layout::check(kArmErrorInformationWindows));
static_assert(layout::check(kArmErrorInformationLibcper) && layout::check(kArmErrorInformationLinux));

namespace tables {
inline constexpr Bit kArmProcessorValid[] = {
    {0, 1, "MPIDR"}, {1, 1, "AffinityLevel"}, {2, 1, "RunningState"}, {3, 1, "VendorSpecificInfo"}};

inline constexpr Field kArmProcessorFields[] = {
    u32(0, "ValidBits").bits(kArmProcessorValid),
    u16(4, "ErrorInformationStructures"),
    u16(6, "ContextInformationStructures"),
    u32(8, "SectionLength").unit("bytes").about("of the whole section; its descriptor says it too"),
    u8(12, "ErrorAffinityLevel").valid(1),
    pad(13, 3),
    u64(16, "MPIDR_EL1").valid(0).hex(),
    u64(24, "MIDR_EL1").hex(),
    u32(32, "RunningState").valid(2).hex(),
    u32(36, "PSCIState").hex(),
};

template <const Layout& kError, const Layout& kContext>
inline constexpr Tail kArmProcessorTail[] = {
    many("ErrorInformation", kError, ref(kArmProcessorFields, "ErrorInformationStructures")),
    many("ContextInformation", kContext, ref(kArmProcessorFields, "ContextInformationStructures")),
    rest("VendorSpecificInfo"),
};

consteval Layout arm_processor(std::span<const Tail> tail) {
  return {.name = "ArmProcessor",
          .structure = "WHEA_ARM_PROCESSOR_ERROR_SECTION",
          .clause = "UEFI N.2.4.4",
          .min = 40,
          .size = 40,
          .fields = kArmProcessorFields,
          .tail = tail,
          .valid = ref(kArmProcessorFields, "ValidBits"),
          .self = ref(kArmProcessorFields, "SectionLength")};
}
}  // namespace tables

inline constexpr layout::Layout kArmProcessor =
    tables::arm_processor(tables::kArmProcessorTail<kArmErrorInformation, kArmContextInformation>);
static_assert(layout::check(kArmProcessor));

// Readings "ArmProcessor:Windows", "ArmProcessor:LIBCPER" and "ArmProcessor:Linux".
inline constexpr layout::Layout kArmProcessorWindows = tables::arm_processor(
    tables::kArmProcessorTail<kArmErrorInformationWindows, kArmContextInformationWindows>);
inline constexpr layout::Layout kArmProcessorLibcper =
    tables::arm_processor(tables::kArmProcessorTail<kArmErrorInformationLibcper, kArmContextInformation>);
inline constexpr layout::Layout kArmProcessorLinux =
    tables::arm_processor(tables::kArmProcessorTail<kArmErrorInformationLinux, kArmContextInformation>);
static_assert(layout::check(kArmProcessorWindows));
static_assert(layout::check(kArmProcessorLibcper));
static_assert(layout::check(kArmProcessorLinux));

}  // namespace wheatstone::cper
