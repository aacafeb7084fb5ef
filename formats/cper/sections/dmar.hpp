// The DMA remapping sections: generic (32 bytes), Intel VT-d and AMD IOMMU (144 bytes each). Source: UEFI
// N.2.11, EDK2 Cper.h, libcper.
#pragma once

#include "formats/cper/sections/reread.hpp"
#include "formats/layout/field.hpp"

namespace wheatstone::cper {

namespace tables {
using namespace layout;

inline constexpr Name kDmarFaultReasons[] = {{0x1, "DomainMappingEntryNotPresent"},
                                             {0x2, "DomainMappingEntryInvalid"},
                                             {0x3, "DomainMappingTableAccessError"},
                                             {0x4, "DomainMappingReservedBit"},
                                             {0x5, "AddressBeyondWidth"},
                                             {0x6, "InvalidReadOrWrite"},
                                             {0x7, "InvalidDeviceRequest"},
                                             {0x8, "TranslationTableAccessError"},
                                             {0x9, "TranslationReservedBit"},
                                             {0xa, "IllegalCommand"},
                                             {0xb, "CommandBufferAccessError"}};
inline constexpr Name kDmarAccessTypes[] = {{0, "Read"}, {1, "Write"}};
inline constexpr Name kDmarAddressTypes[] = {{0, "UntranslatedRequest"}, {1, "TranslationRequest"}};
inline constexpr Name kDmarArchTypes[] = {{1, "VtD"}, {2, "Iommu"}};

inline constexpr Field kDmarGenericFields[] = {
    u16(0, "RequesterId").hex(),
    u16(2, "SegmentNumber"),
    u8(4, "FaultReason").names(kDmarFaultReasons),
    u8(5, "AccessType").names(kDmarAccessTypes).about("as EDK2 has it, by whose header firmware is built"),
    u8(6, "AddressType").names(kDmarAddressTypes),
    u8(7, "ArchType").names(kDmarArchTypes).about("as EDK2 has it, by whose header firmware is built"),
    u64(8, "DeviceAddr").hex(),
    pad(16, 16, "Resv1"),
};

inline constexpr Name kDmarAccessTypesLibcper[] = {{0, "Write"}, {1, "Read"}};
inline constexpr Name kDmarArchTypesLibcper[] = {{0, "VtD"}, {1, "Iommu"}};
inline constexpr auto kDmarGenericFieldsLibcper =
    with_fields(kDmarGenericFields, u8(5, "AccessType").names(kDmarAccessTypesLibcper).from("libcper"),
                u8(7, "ArchType").names(kDmarArchTypesLibcper).from("libcper"));
}  // namespace tables

inline constexpr layout::Layout kDmarGeneric{.name = "DmarGeneric",
                                             .structure = "EFI_DMAR_GENERIC_ERROR_DATA",
                                             .clause = "UEFI N.2.11.1",
                                             .min = 32,
                                             .size = 32,
                                             .fields = tables::kDmarGenericFields};
static_assert(layout::check(kDmarGeneric));

// Reading "DmarGeneric:LIBCPER".
inline constexpr layout::Layout kDmarGenericLibcper = reread(kDmarGeneric, tables::kDmarGenericFieldsLibcper);
static_assert(layout::check(kDmarGenericLibcper));

namespace tables {
inline constexpr Bit kVtdFaultInformation[] = {{12, 52, "FaultInformation"}};
inline constexpr Name kVtdRequestTypes[] = {{0, "Write"}, {1, "ReadOrAtomicOp"}};
inline constexpr Bit kVtdFault[] = {{0, 16, "SourceIdentifier"},
                                    {29, 1, "PrivilegeModeRequested"},
                                    {30, 1, "ExecutePermission"},
                                    {31, 1, "PasidPresent"},
                                    {32, 8, "FaultReason"},
                                    {40, 20, "PasidValue"},
                                    {60, 2, "AddressType"},
                                    {62, 1, "Type", kVtdRequestTypes},
                                    {63, 1, "Fault"}};
// The fault recording register of VT-d, low half first.
inline constexpr Field kVtdFaultRecordFields[] = {
    u64(0, "Address").bits(kVtdFaultInformation).address(),
    u64(8, "Request").bits(kVtdFault),
};
inline constexpr Layout kVtdFaultRecord{.name = "VtdFaultRecord",
                                        .structure = "Fault Recording Register",
                                        .clause = "VT-d 11.4.7.6",
                                        .min = 16,
                                        .size = 16,
                                        .fields = kVtdFaultRecordFields};
static_assert(check(kVtdFaultRecord));

inline constexpr Field kDmarVtdFields[] = {
    u8(0, "Version"),
    u8(1, "Revision"),
    ascii(2, 6, "OemId"),
    u64(8, "Capability").hex(),
    u64(16, "CapabilityEx").hex(),
    u32(24, "GlobalCommand").hex(),
    u32(28, "GlobalStatus").hex(),
    u32(32, "FaultStatus").hex(),
    pad(36, 12, "Resv1"),
    part(48, "FaultRecord", kVtdFaultRecord),
    list(64, "RootEntry", 2, 8).hex(),
    list(80, "ContextEntry", 2, 8).hex(),
    u64(96, "PteL6").hex(),
    u64(104, "PteL5").hex(),
    u64(112, "PteL4").hex(),
    u64(120, "PteL3").hex(),
    u64(128, "PteL2").hex(),
    u64(136, "PteL1").hex(),
};
}  // namespace tables

inline constexpr layout::Layout kDmarVtd{.name = "DmarVtd",
                                         .structure = "EFI_DIRECTED_IO_DMAR_ERROR_DATA",
                                         .clause = "UEFI N.2.11.2",
                                         .min = 144,
                                         .size = 144,
                                         .fields = tables::kDmarVtdFields};
static_assert(layout::check(kDmarVtd));

namespace tables {
inline constexpr Field kDmarIommuFields[] = {
    u8(0, "Revision"),       pad(1, 7, "Resv1"),
    u64(8, "Control").hex(), u64(16, "Status").hex(),
    pad(24, 8, "Resv2"),     list(32, "EventLogEntry", 2, 8).hex(),
    pad(48, 16, "Resv3"),    list(64, "DeviceTableEntry", 4, 8).hex(),
    u64(96, "PteL6").hex(),  u64(104, "PteL5").hex(),
    u64(112, "PteL4").hex(), u64(120, "PteL3").hex(),
    u64(128, "PteL2").hex(), u64(136, "PteL1").hex(),
};
}  // namespace tables

inline constexpr layout::Layout kDmarIommu{.name = "DmarIommu",
                                           .structure = "EFI_IOMMU_DMAR_ERROR_DATA",
                                           .clause = "UEFI N.2.11.3",
                                           .min = 144,
                                           .size = 144,
                                           .fields = tables::kDmarIommuFields};
static_assert(layout::check(kDmarIommu));

}  // namespace wheatstone::cper
