// Error packets as a section of a record, and on their own: WHEA_ERROR_PACKET_V2 (Windows 7 and later) and
// WHEA_ERROR_PACKET_V1 (Vista SP1, Server 2008: the last section of every record). Source: WDK ntddk.h of
// builds 6001 to 28000. The first four bytes tell them apart; every offset counts from the start of the
// packet.
#pragma once

#include <cstddef>
#include <cstdint>

#include "formats/cper/error_source_names.hpp"
#include "formats/cper/guids.hpp"
#include "formats/cper/sections/memory.hpp"
#include "formats/cper/sections/nmi.hpp"
#include "formats/cper/sections/pcie.hpp"
#include "formats/cper/sections/pcix.hpp"
#include "formats/cper/sections/pmem.hpp"
#include "formats/cper/sections/processor_generic.hpp"
#include "formats/cper/sections/xpf_mca.hpp"
#include "formats/cper/severity.hpp"
#include "formats/layout/field.hpp"

namespace wheatstone::cper {

inline constexpr std::uint32_t kPacketSignatureV1 = 0x74507245;  // "ErPt"
inline constexpr std::uint32_t kPacketSignatureV2 = 0x41454857;  // "WHEA"
inline constexpr std::uint32_t kPacketVersionV1 = 2;
inline constexpr std::uint32_t kPacketVersionV2 = 3;
inline constexpr std::size_t kPacketHeaderV1 = 280;
inline constexpr std::size_t kPacketHeaderV2 = 80;

namespace packet_tables {
using namespace layout;
inline constexpr Name kMcaExceptionTypes[] = {{0, "MCE"}, {1, "MCA"}};
inline constexpr Field kMcaExceptionFields[] = {
    u32(0, "VersionNumber"),
    u32(4, "ExceptionType").names(kMcaExceptionTypes),
    u64(8, "TimeStamp").filetime(),
    u32(16, "ProcessorNumber"),
    pad(20, 4, "Reserved1"),
    u8(24, "BankNumber"),
    pad(25, 7, "Reserved2"),
    u64(32, "Status").hex(),
    u64(40, "Address").hex(),
    u64(48, "Misc").hex(),
    u32(56, "ExtCnt"),
    pad(60, 4, "Reserved3"),
    list(64, "ExtReg", 24, 8).hex(),
};
}  // namespace packet_tables

// Raw data of a V1 packet about a machine check, and what parameter 2 of bug check 0x9C points at.
inline constexpr layout::Layout kMcaException{.name = "McaException",
                                              .structure = "MCA_EXCEPTION",
                                              .clause = "WDK ntddk.h",
                                              .min = 256,
                                              .size = 256,
                                              .fields = packet_tables::kMcaExceptionFields};
static_assert(layout::check(kMcaException));

namespace packet_tables {
using namespace layout;

inline constexpr Name kErrorTypes[] = {{0, "Processor"}, {1, "Memory"},     {2, "PCIExpress"}, {3, "NMI"},
                                       {4, "PCIXBus"},   {5, "PCIXDevice"}, {6, "Generic"},    {7, "Pmem"}};
inline constexpr Name kRawDataFormats[] = {
    {0, "IPFSalRecord"}, {1, "IA32MCA"}, {2, "Intel64MCA"}, {3, "AMD64MCA"},   {4, "Memory"},
    {5, "PCIExpress"},   {6, "NMIPort"}, {7, "PCIXBus"},    {8, "PCIXDevice"}, {9, "Generic"}};
inline constexpr Name kDataFormats[] = {{0, "IPFSalRecord"}, {1, "XPFMCA"},  {2, "Memory"},
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

inline constexpr Field kPacketV2Fields[] = {
    ascii(0, 4, "Signature"),
    u32(4, "Version"),
    u32(8, "Length").unit("bytes"),
    u32(12, "Flags").bits(kPacketFlags),
    u32(16, "ErrorType").names(kErrorTypes),
    u32(20, "ErrorSeverity").names(kSeverityNames),
    u32(24, "ErrorSourceId"),
    u32(28, "ErrorSourceType").names(kErrorSourceTypeNames),
    guid(32, "NotifyType").names(kNotifyNames),
    u64(48, "Context").hex(),
    u32(56, "DataFormat").names(kDataFormats),
    pad(60, 4, "Reserved1"),
    u32(64, "DataOffset").unit("bytes").about("from the start of the packet"),
    u32(68, "DataLength").unit("bytes"),
    u32(72, "PshedDataOffset").unit("bytes").about("from the start of the packet"),
    u32(76, "PshedDataLength").unit("bytes"),
};

// What the data of a V2 packet is goes by DataFormat: a section body of that build.
inline constexpr ChoiceRow kPacketV2DataRows[] = {
    {1, {}, "XPFMCA", {}, kForms<kXpfMcaV1, kXpfMcaV2, kXpfMcaV3, kXpfMcaV4, kXpfMcaV5>},
    {2, {}, "Memory", {}, kForms<kMemory>},
    {3, {}, "PCIExpress", {}, kForms<kPciExpress>},
    {4, {}, "NMIPort", {}, kForms<kNmi>},
    {5, {}, "PCIXBus", {}, kForms<kPciXBus>},
    {6, {}, "PCIXDevice", {}, kForms<kPciXDevice>}};
inline constexpr Choice kPacketV2Data{
    .selector = "DataFormat", .at = {56, 4, 0, 32}, .rows = kPacketV2DataRows};
inline constexpr Tail kPacketV2Tail[] = {
    located("Data", ref(kPacketV2Fields, "DataOffset"), ref(kPacketV2Fields, "DataLength"))
        .choose(kPacketV2Data),
    located("PshedData", ref(kPacketV2Fields, "PshedDataOffset"), ref(kPacketV2Fields, "PshedDataLength"))
        .about("what PSHED or a plug-in added in RetrieveErrorInfo"),
};

// The union of V1 is 208 bytes in every build; its member goes by ErrorType.
inline constexpr ChoiceRow kPacketV1Rows[] = {{0, {}, "ProcessorError", {}, kForms<kProcessorGeneric>},
                                              {1, {}, "MemoryError", {}, kForms<kMemory>},
                                              {2, {}, "PciExpressError", {}, kForms<kPciExpress>},
                                              {3, {}, "NmiError", {}, kForms<kNmi>},
                                              {4, {}, "PciXBusError", {}, kForms<kPciXBus>},
                                              {5, {}, "PciXDeviceError", {}, kForms<kPciXDevice>},
                                              {7, {}, "PmemError", {}, kForms<kPmem>}};
inline constexpr Choice kPacketV1Union{.selector = "ErrorType", .at = {32, 4, 0, 32}, .rows = kPacketV1Rows};

inline constexpr Field kPacketV1Fields[] = {
    ascii(0, 4, "Signature"),
    u32(4, "Flags").bits(kPacketFlags),
    u32(8, "Size").unit("bytes"),
    u32(12, "RawDataLength").unit("bytes").about("the most the source may give, not what is here"),
    u64(16, "Reserved1").hex(),
    u64(24, "Context").hex(),
    u32(32, "ErrorType").names(kErrorTypes),
    u32(36, "ErrorSeverity").names(kSeverityNames),
    u32(40, "ErrorSourceId"),
    u32(44, "ErrorSourceType").names(kErrorSourceTypeNames),
    pad(48, 4, "Reserved2"),
    u32(52, "Version"),
    u64(56, "Cpu").hex(),
    list(64, "Error", 26, 8).hex().choose(kPacketV1Union),
    u32(272, "RawDataFormat").names(kRawDataFormats),
    u32(276, "RawDataOffset").unit("bytes").about("from the start of the packet"),
};

inline constexpr ChoiceRow kPacketV1DataRows[] = {
    {1, {}, "IA32MCA", {}, kForms<kMcaException>},  {2, {}, "Intel64MCA", {}, kForms<kMcaException>},
    {3, {}, "AMD64MCA", {}, kForms<kMcaException>}, {4, {}, "Memory", {}, kForms<kMemory>},
    {5, {}, "PCIExpress", {}, kForms<kPciExpress>}, {6, {}, "NMIPort", {}, kForms<kNmi>},
    {7, {}, "PCIXBus", {}, kForms<kPciXBus>},       {8, {}, "PCIXDevice", {}, kForms<kPciXDevice>}};
inline constexpr Choice kPacketV1Data{
    .selector = "RawDataFormat", .at = {272, 4, 0, 32}, .rows = kPacketV1DataRows};
inline constexpr Tail kPacketV1Tail[] = {
    located("RawData", ref(kPacketV1Fields, "RawDataOffset"), ref(kPacketV1Fields, "RawDataLength"))
        .choose(kPacketV1Data)
        .clip(),
};
}  // namespace packet_tables

inline constexpr layout::Layout kPacketV2{.name = "ErrorPacketV2",
                                          .structure = "WHEA_ERROR_PACKET_V2",
                                          .clause = "WDK ntddk.h (7600)",
                                          .min = kPacketHeaderV2,
                                          .size = kPacketHeaderV2,
                                          .fields = packet_tables::kPacketV2Fields,
                                          .tail = packet_tables::kPacketV2Tail,
                                          .self = layout::ref(packet_tables::kPacketV2Fields, "Length")};
static_assert(layout::check(kPacketV2));

inline constexpr layout::Layout kPacketV1{.name = "ErrorPacketV1",
                                          .structure = "WHEA_ERROR_PACKET_V1",
                                          .clause = "WDK ntddk.h (6001)",
                                          .min = kPacketHeaderV1,
                                          .size = kPacketHeaderV1,
                                          .fields = packet_tables::kPacketV1Fields,
                                          .tail = packet_tables::kPacketV1Tail,
                                          .self = layout::ref(packet_tables::kPacketV1Fields, "Size")};
static_assert(layout::check(kPacketV1));

}  // namespace wheatstone::cper
