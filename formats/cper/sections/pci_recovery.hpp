// What Windows did after a PCI Express error, 3 bytes (WDK 22621 and later), and the copy of a port's
// Downstream Port Containment capability (19041 and later): 12 bytes, or up to 68 with the root port
// extensions. Source: WDK WHEA_PCI_RECOVERY_SECTION, PCI_EXPRESS_DPC_CAPABILITY; PCIe 7.9.14.
#pragma once

#include "formats/cper/sections/pcie.hpp"
#include "formats/layout/field.hpp"

namespace wheatstone::cper {

namespace tables {
using namespace layout;

inline constexpr Name kPciRecoverySignals[] = {{0, "Unknown"}, {1, "Aer"}, {2, "Dpc"}};
inline constexpr Name kPciRecoveryStatuses[] = {{0, "Unknown"},
                                                {1, "NoError"},
                                                {2, "LinkDisableTimeout"},
                                                {3, "LinkEnableTimeout"},
                                                {4, "RpBusyTimeout"},
                                                {5, "ComplexTree"},
                                                {6, "BusNotFound"},
                                                {7, "DeviceNotFound"},
                                                {8, "DdaAerNotRecoverable"},
                                                {9, "FailedRecovery"},
                                                {10, "RecoveredNoDevices"},
                                                {11, "CxlAerNotRecoverable"}};

inline constexpr Field kPciRecoveryFields[] = {
    u8(0, "SignalType").names(kPciRecoverySignals),
    u8(1, "RecoveryAttempted"),
    u8(2, "RecoveryStatus").names(kPciRecoveryStatuses),
};
}  // namespace tables

inline constexpr layout::Layout kPciRecovery{.name = "PciRecovery",
                                             .structure = "WHEA_PCI_RECOVERY_SECTION",
                                             .clause = "WDK ntddk.h (22621)",
                                             .min = 3,
                                             .size = 3,
                                             .fields = tables::kPciRecoveryFields};
static_assert(layout::check(kPciRecovery));

namespace tables {
inline constexpr Bit kDpcCapabilities[] = {{0, 5, "InterruptMsgNumber"},
                                           {5, 1, "RpExtensionsForDpc"},
                                           {6, 1, "PoisonedTlpEgressBlockingSupported"},
                                           {7, 1, "DpcSoftwareTriggeringSupported"},
                                           {8, 4, "RpPioLogSize"},
                                           {12, 1, "DlActiveErrCorSignalingSupported"}};
inline constexpr Name kDpcTriggers[] = {{0, "Disabled"}, {1, "Fatal"}, {2, "NonFatalOrFatal"}};
inline constexpr Bit kDpcControl[] = {{0, 2, "TriggerEnable", kDpcTriggers},
                                      {2, 1, "CompletionControl"},
                                      {3, 1, "InterruptEnable"},
                                      {4, 1, "ErrCorEnable"},
                                      {5, 1, "PoisonedTlpEgressBlockingEnable"},
                                      {6, 1, "SoftwareTrigger"},
                                      {7, 1, "DlActiveErrCorEnable"}};
inline constexpr Name kDpcTriggerReasons[] = {
    {0, "UncorrectableError"}, {1, "NonFatalMessage"}, {2, "FatalMessage"}, {3, "SeeExtension"}};
inline constexpr Name kDpcTriggerExtensions[] = {{0, "RpPioError"}, {1, "SoftwareTrigger"}};
inline constexpr Bit kDpcStatus[] = {{0, 1, "TriggerStatus"},
                                     {1, 2, "TriggerReason", kDpcTriggerReasons},
                                     {3, 1, "InterruptStatus"},
                                     {4, 1, "RpBusy"},
                                     {5, 2, "TriggerReasonExtension", kDpcTriggerExtensions},
                                     {8, 5, "PioFirstErrPointer"}};
// Status, mask, severity, system error and exception registers share their bits.
inline constexpr Bit kRpPio[] = {{0, 1, "CfgURCpl"},  {1, 1, "CfgCACpl"},  {2, 1, "CfgCTO"},
                                 {8, 1, "IoURCpl"},   {9, 1, "IoCACpl"},   {10, 1, "IoCTO"},
                                 {16, 1, "MemURCpl"}, {17, 1, "MemCACpl"}, {18, 1, "MemCTO"}};

inline constexpr Field kDpcCapabilityFields[] = {
    u32(0, "Header").bits(kPcieExtendedHeader),
    u16(4, "DpcCapabilities").bits(kDpcCapabilities),
    u16(6, "DpcControl").bits(kDpcControl),
    u16(8, "DpcStatus").bits(kDpcStatus),
    u16(10, "DpcErrSrcId").bits(kPcieRequesterId),
    u32(12, "RpPioStatus").bits(kRpPio),
    u32(16, "RpPioMask").bits(kRpPio),
    u32(20, "RpPioSeverity").bits(kRpPio),
    u32(24, "RpPioSysError").bits(kRpPio),
    u32(28, "RpPioException").bits(kRpPio),
    list(32, "RpPioHeaderLog", 4, 4).hex(),
    u32(48, "RpPioImpSpecLog").hex().about("there if RpPioLogSize is 5 or more"),
    list(52, "RpPioTlpPrefixLog", 4, 4).hex(),
};
}  // namespace tables

// The root port extensions are there if RpExtensionsForDpc is set.
inline constexpr layout::Layout kDpcCapability{.name = "DpcCapability",
                                               .structure = "PCI_EXPRESS_DPC_CAPABILITY",
                                               .clause = "PCIe 7.9.14",
                                               .min = 12,
                                               .size = 68,
                                               .fields = tables::kDpcCapabilityFields};
static_assert(layout::check(kDpcCapability));

}  // namespace wheatstone::cper
