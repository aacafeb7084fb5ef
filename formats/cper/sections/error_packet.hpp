// Error packets: what a low-level handler gives the kernel, and the last section of a record on Vista SP1.
// WHEA_ERROR_PACKET_V2 (Windows 7 and later), WHEA_ERROR_PACKET_V1 (Vista SP1, Server 2008); the first four
// bytes say which. Source: WDK ntddk.h of builds 6001 to 28000.
#pragma once

#include "formats/cper/error_source_types.hpp"
#include "formats/cper/guids.hpp"
#include "formats/cper/sections/mca_exception.hpp"
#include "formats/cper/sections/memory.hpp"
#include "formats/cper/sections/nmi.hpp"
#include "formats/cper/sections/pcie.hpp"
#include "formats/cper/sections/pcix.hpp"
#include "formats/cper/sections/pmem.hpp"
#include "formats/cper/sections/processor_generic.hpp"
#include "formats/cper/sections/reread.hpp"
#include "formats/cper/sections/xpf_mca.hpp"
#include "formats/cper/severity.hpp"
#include "formats/layout/bytes.hpp"
#include "formats/layout/field.hpp"

namespace wheatstone::cper {

inline constexpr std::uint32_t kPacketSignatureV1 = 0x74507245;  // "ErPt"
inline constexpr std::uint32_t kPacketSignatureV2 = 0x41454857;  // "WHEA"

namespace tables {
using namespace layout;

inline constexpr Name kPacketErrorTypes[] = {{0, "Processor"}, {1, "Memory"},  {2, "PCIExpress"},
                                             {3, "NMI"},       {4, "PCIXBus"}, {5, "PCIXDevice"},
                                             {6, "Generic"},   {7, "Pmem"}};
inline constexpr Name kPacketRawDataFormats[] = {
    {0, "IPFSalRecord"}, {1, "IA32MCA"}, {2, "Intel64MCA"}, {3, "AMD64MCA"},   {4, "Memory"},
    {5, "PCIExpress"},   {6, "NMIPort"}, {7, "PCIXBus"},    {8, "PCIXDevice"}, {9, "Generic"}};
inline constexpr Name kPacketDataFormats[] = {{0, "IPFSalRecord"}, {1, "XPFMCA"},  {2, "Memory"},
                                              {3, "PCIExpress"},   {4, "NMIPort"}, {5, "PCIXBus"},
                                              {6, "PCIXDevice"},   {7, "Generic"}};

inline constexpr Bit kPacketFlags[] = {{0, 1, "PreviousError"},
                                       {1, 1, "CriticalEvent"},
                                       {2, 1, "HypervisorError"},
                                       {3, 1, "Simulated"},
                                       {4, 1, "PlatformPfaControl"},
                                       {5, 1, "PlatformDirectedOffline"},
                                       {6, 1, "AddressTranslationRequired"},
                                       {7, 1, "AddressTranslationCompleted"},
                                       {8, 1, "RecoveryOptional"}};

// ---- version 2 ----

inline constexpr Field kPacketV2Fields[] = {
    ascii(0, 4, "Signature"),
    u32(4, "Version"),
    u32(8, "Length").unit("bytes"),
    u32(12, "Flags").bits(kPacketFlags),
    u32(16, "ErrorType").names(kPacketErrorTypes),
    u32(20, "ErrorSeverity").names(kSeverityNames),
    u32(24, "ErrorSourceId"),
    u32(28, "ErrorSourceType").names(kErrorSourceTypeNames),
    guid(32, "NotifyType").names(kNotifyNames),
    u64(48, "Context").hex(),
    u32(56, "DataFormat").names(kPacketDataFormats),
    pad(60, 4, "Reserved1"),
    u32(64, "DataOffset").unit("bytes").about("from the start of the packet"),
    u32(68, "DataLength").unit("bytes"),
    u32(72, "PshedDataOffset").unit("bytes").about("from the start of the packet"),
    u32(76, "PshedDataLength").unit("bytes"),
};
inline constexpr ChoiceRow kPacketV2Rows[] = {
    {1, {}, "XPFMCA", {}, kForms<kXpfMcaV1, kXpfMcaV2, kXpfMcaV3, kXpfMcaV4, kXpfMcaV5>},
    {2, {}, "Memory", {}, kForms<kMemory>},
    {3, {}, "PCIExpress", {}, kForms<kPciExpress>},
    {4, {}, "NMIPort", {}, kForms<kNmi>},
    {5, {}, "PCIXBus", {}, kForms<kPciXBus>},
    {6, {}, "PCIXDevice", {}, kForms<kPciXDevice>}};
inline constexpr Choice kPacketV2Data{.selector = "DataFormat", .at = {56, 4, 0, 32}, .rows = kPacketV2Rows};
inline constexpr Tail kPacketV2Tail[] = {
    located("Data", ref(kPacketV2Fields, "DataOffset"), ref(kPacketV2Fields, "DataLength"))
        .choose(kPacketV2Data),
    located("PshedData", ref(kPacketV2Fields, "PshedDataOffset"), ref(kPacketV2Fields, "PshedDataLength"))
        .about("what PSHED or a plug-in added"),
};

// ---- version 1 ----

// The union is 208 bytes in every build; its member goes by ErrorType.
inline constexpr ChoiceRow kPacketV1ErrorRows[] = {{0, {}, "ProcessorError", {}, kForms<kProcessorGeneric>},
                                                   {1, {}, "MemoryError", {}, kForms<kMemory>},
                                                   {2, {}, "PciExpressError", {}, kForms<kPciExpress>},
                                                   {3, {}, "NmiError", {}, kForms<kNmi>},
                                                   {4, {}, "PciXBusError", {}, kForms<kPciXBus>},
                                                   {5, {}, "PciXDeviceError", {}, kForms<kPciXDevice>},
                                                   {7, {}, "PmemError", {}, kForms<kPmem>}};
inline constexpr Choice kPacketV1Error{
    .selector = "ErrorType", .at = {32, 4, 0, 32}, .rows = kPacketV1ErrorRows};

inline constexpr Field kPacketV1Fields[] = {
    ascii(0, 4, "Signature"),
    u32(4, "Flags").bits(kPacketFlags).about("bit 1 as 19041 and later have it; Vista SP1 calls it CpuValid"),
    u32(8, "Size").unit("bytes"),
    u32(12, "RawDataLength").unit("bytes").about("the most the source may give, not what is here"),
    u64(16, "Reserved1").hex(),
    u64(24, "Context").hex(),
    u32(32, "ErrorType").names(kPacketErrorTypes),
    u32(36, "ErrorSeverity").names(kSeverityNames),
    u32(40, "ErrorSourceId"),
    u32(44, "ErrorSourceType").names(kErrorSourceTypeNames),
    pad(48, 4, "Reserved2"),
    u32(52, "Version"),
    u64(56, "Cpu").hex(),
    list(64, "Error", 26, 8).hex().choose(kPacketV1Error),
    u32(272, "RawDataFormat").names(kPacketRawDataFormats),
    u32(276, "RawDataOffset").unit("bytes").about("from the start of the packet"),
};
inline constexpr ChoiceRow kPacketV1RawDataRows[] = {
    {1, {}, "IA32MCA", {}, kForms<kMcaException>},  {2, {}, "Intel64MCA", {}, kForms<kMcaException>},
    {3, {}, "AMD64MCA", {}, kForms<kMcaException>}, {4, {}, "Memory", {}, kForms<kMemory>},
    {5, {}, "PCIExpress", {}, kForms<kPciExpress>}, {6, {}, "NMIPort", {}, kForms<kNmi>},
    {7, {}, "PCIXBus", {}, kForms<kPciXBus>},       {8, {}, "PCIXDevice", {}, kForms<kPciXDevice>}};
inline constexpr Choice kPacketV1RawData{
    .selector = "RawDataFormat", .at = {272, 4, 0, 32}, .rows = kPacketV1RawDataRows};
inline constexpr Tail kPacketV1Tail[] = {
    located("RawData", ref(kPacketV1Fields, "RawDataOffset"), ref(kPacketV1Fields, "RawDataLength"))
        .choose(kPacketV1RawData)
        .clip(),
};

inline constexpr Bit kPacketFlagsVistaSp1[] = {
    {0, 1, "PreviousError"}, {1, 1, "CpuValid"}, {2, 1, "HypervisorError"}, {3, 1, "Simulated"}};
inline constexpr auto kPacketV1FieldsVistaSp1 =
    with_fields(kPacketV1Fields, u32(4, "Flags").bits(kPacketFlagsVistaSp1).from("WDK ntddk.h (6001)"));

// ---- what follows the packet of a device driver ----

inline constexpr Field kPacketLogDataFields[] = {
    raw(0, 36, "LogData"),
    raw(36, 36, "ExtraBytes"),
    u64(72, "BcParam3").hex().about("parameter 3 of the bug check"),
    u64(80, "BcParam4").hex().about("parameter 4 of the bug check"),
    u32(88, "LogDataLength").unit("bytes"),
    u16(92, "LogTag").hex(),
    pad(94, 2),
    u32(96, "Flags").hex(),
    pad(100, 4, "Padding"),
};
}  // namespace tables

inline constexpr layout::Layout kErrorPacketV2{.name = "ErrorPacketV2",
                                               .structure = "WHEA_ERROR_PACKET_V2",
                                               .clause = "WDK ntddk.h (7600)",
                                               .min = 80,
                                               .size = 80,
                                               .fields = tables::kPacketV2Fields,
                                               .tail = tables::kPacketV2Tail,
                                               .self = layout::ref(tables::kPacketV2Fields, "Length")};
static_assert(layout::check(kErrorPacketV2));

inline constexpr layout::Layout kErrorPacketV1{.name = "ErrorPacketV1",
                                               .structure = "WHEA_ERROR_PACKET_V1",
                                               .clause = "WDK ntddk.h (6001)",
                                               .min = 280,
                                               .size = 280,
                                               .fields = tables::kPacketV1Fields,
                                               .tail = tables::kPacketV1Tail,
                                               .self = layout::ref(tables::kPacketV1Fields, "Size")};
static_assert(layout::check(kErrorPacketV1));

// Reading "ErrorPacket:VistaSP1".
inline constexpr layout::Layout kErrorPacketV1VistaSp1 =
    reread(kErrorPacketV1, tables::kPacketV1FieldsVistaSp1);
static_assert(layout::check(kErrorPacketV1VistaSp1));

inline constexpr layout::Layout kPacketLogData{.name = "PacketLogData",
                                               .structure = "WHEA_PACKET_LOG_DATA",
                                               .clause = "WDK ntddk.h (18362)",
                                               .min = 104,
                                               .size = 104,
                                               .fields = tables::kPacketLogDataFields};
static_assert(layout::check(kPacketLogData));

// By signature; nullptr if the body is no packet or its header is cut short.
template <const layout::Layout& kV1>
const layout::Layout* error_packet_form(Bytes body) noexcept {
  if (body.size() < kErrorPacketV2.min) return nullptr;
  const std::uint32_t signature = load_le<std::uint32_t>(body.data());
  if (signature == kPacketSignatureV2) return &kErrorPacketV2;
  return signature == kPacketSignatureV1 && body.size() >= kV1.min ? &kV1 : nullptr;
}

}  // namespace wheatstone::cper
