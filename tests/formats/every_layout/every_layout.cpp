#include "tests/formats/every_layout/every_layout.hpp"

#include "formats/acpi/bert.hpp"
#include "formats/acpi/einj.hpp"
#include "formats/acpi/erst.hpp"
#include "formats/acpi/erst_store.hpp"
#include "formats/acpi/generic_address.hpp"
#include "formats/acpi/hest.hpp"
#include "formats/acpi/status_block.hpp"
#include "formats/acpi/table.hpp"
#include "formats/cper/header.hpp"
#include "formats/cper/sections/arm_aborts.hpp"
#include "formats/cper/sections/arm_context.hpp"
#include "formats/cper/sections/arm_processor.hpp"
#include "formats/cper/sections/arm_ras.hpp"
#include "formats/cper/sections/arm_ras_node.hpp"
#include "formats/cper/sections/ccix.hpp"
#include "formats/cper/sections/correctable_summary.hpp"
#include "formats/cper/sections/cxl_device.hpp"
#include "formats/cper/sections/cxl_events.hpp"
#include "formats/cper/sections/cxl_protocol.hpp"
#include "formats/cper/sections/dmar.hpp"
#include "formats/cper/sections/error_packet.hpp"
#include "formats/cper/sections/firmware.hpp"
#include "formats/cper/sections/fru_memory_poison.hpp"
#include "formats/cper/sections/ipf_processor.hpp"
#include "formats/cper/sections/mca_exception.hpp"
#include "formats/cper/sections/memory.hpp"
#include "formats/cper/sections/memory2.hpp"
#include "formats/cper/sections/memory_extension.hpp"
#include "formats/cper/sections/memory_range.hpp"
#include "formats/cper/sections/mu_telemetry.hpp"
#include "formats/cper/sections/nmi.hpp"
#include "formats/cper/sections/opaque.hpp"
#include "formats/cper/sections/pci_recovery.hpp"
#include "formats/cper/sections/pcie.hpp"
#include "formats/cper/sections/pcix.hpp"
#include "formats/cper/sections/pmem.hpp"
#include "formats/cper/sections/processor_generic.hpp"
#include "formats/cper/sections/raw_data.hpp"
#include "formats/cper/sections/recovery_info.hpp"
#include "formats/cper/sections/vendors.hpp"
#include "formats/cper/sections/xpf_context.hpp"
#include "formats/cper/sections/xpf_mca.hpp"
#include "formats/cper/sections/xpf_processor.hpp"
#include "formats/whea/error_source_descriptor.hpp"
#include "formats/whea/error_source_entry.hpp"
#include "formats/whea/log_entries/acpi.hpp"
#include "formats/whea/log_entries/kernel.hpp"
#include "formats/whea/log_entries/machine_check.hpp"
#include "formats/whea/log_entries/memory.hpp"
#include "formats/whea/log_entries/payload.hpp"
#include "formats/whea/log_entries/pcie.hpp"
#include "formats/whea/log_entries/pshed.hpp"
#include "formats/whea/log_entries/sources.hpp"
#include "formats/whea/log_entry.hpp"
#include "formats/whea/sources/aer.hpp"
#include "formats/whea/sources/device_driver.hpp"
#include "formats/whea/sources/generic_error.hpp"
#include "formats/whea/sources/itanium.hpp"
#include "formats/whea/sources/machine_check.hpp"
#include "formats/whea/sources/notification.hpp"

namespace wheatstone {
namespace {

#define WHEATSTONE_LAYOUT(constant) \
  test::NamedLayout {               \
    #constant, &constant            \
  }

constexpr test::NamedLayout kEvery[] = {
    WHEATSTONE_LAYOUT(acpi::kBert),
    WHEATSTONE_LAYOUT(acpi::kEinjEntry),
    WHEATSTONE_LAYOUT(acpi::kEinj),
    WHEATSTONE_LAYOUT(acpi::kTriggerTable),
    WHEATSTONE_LAYOUT(acpi::kSetErrorTypeWithAddress),
    WHEATSTONE_LAYOUT(acpi::kSetErrorTypeWithAddressItanium),
    WHEATSTONE_LAYOUT(acpi::kVendorErrorTypeExtension),
    WHEATSTONE_LAYOUT(acpi::kErstEntry),
    WHEATSTONE_LAYOUT(acpi::kErst),
    WHEATSTONE_LAYOUT(acpi::tables::kErstMapEntry),
    WHEATSTONE_LAYOUT(acpi::kErstStore),
    WHEATSTONE_LAYOUT(acpi::kGenericAddress),
    WHEATSTONE_LAYOUT(acpi::kNotification),
    WHEATSTONE_LAYOUT(acpi::kNotificationWindows),
    WHEATSTONE_LAYOUT(acpi::kMachineCheckBank),
    WHEATSTONE_LAYOUT(acpi::kMachineCheckSource),
    WHEATSTONE_LAYOUT(acpi::kCorrectedMachineCheckSource),
    WHEATSTONE_LAYOUT(acpi::kDeferredMachineCheckSource),
    WHEATSTONE_LAYOUT(acpi::kNmiSource),
    WHEATSTONE_LAYOUT(acpi::kAerRootPortSource),
    WHEATSTONE_LAYOUT(acpi::kAerEndpointSource),
    WHEATSTONE_LAYOUT(acpi::kAerBridgeSource),
    WHEATSTONE_LAYOUT(acpi::kGenericSource),
    WHEATSTONE_LAYOUT(acpi::kGenericV2Source),
    WHEATSTONE_LAYOUT(acpi::kHest),
    WHEATSTONE_LAYOUT(acpi::kDataEntryV1),
    WHEATSTONE_LAYOUT(acpi::kDataEntryV2),
    WHEATSTONE_LAYOUT(acpi::kStatusBlock),
    WHEATSTONE_LAYOUT(acpi::kStatusBlockAcpica),
    WHEATSTONE_LAYOUT(acpi::kTableHeader),
    WHEATSTONE_LAYOUT(acpi::kOtherTable),
    WHEATSTONE_LAYOUT(cper::kRecordHeader),
    WHEATSTONE_LAYOUT(cper::kSectionDescriptor),
    WHEATSTONE_LAYOUT(cper::kRecordHeaderVistaSp1),
    WHEATSTONE_LAYOUT(cper::kSectionDescriptorUefi),
    WHEATSTONE_LAYOUT(cper::kSea),
    WHEATSTONE_LAYOUT(cper::kSei),
    WHEATSTONE_LAYOUT(cper::kArm32Gpr),
    WHEATSTONE_LAYOUT(cper::kArm32El1),
    WHEATSTONE_LAYOUT(cper::kArm32El2),
    WHEATSTONE_LAYOUT(cper::kArm32Secure),
    WHEATSTONE_LAYOUT(cper::kArm64Gpr),
    WHEATSTONE_LAYOUT(cper::kArm64El1),
    WHEATSTONE_LAYOUT(cper::kArm64El2),
    WHEATSTONE_LAYOUT(cper::kArm64El3),
    WHEATSTONE_LAYOUT(cper::kArmMisc),
    WHEATSTONE_LAYOUT(cper::kArmContextInformation),
    WHEATSTONE_LAYOUT(cper::kArm64El1Windows),
    WHEATSTONE_LAYOUT(cper::kArmContextInformationWindows),
    WHEATSTONE_LAYOUT(cper::kArmErrorInformation),
    WHEATSTONE_LAYOUT(cper::kArmErrorInformationWindows),
    WHEATSTONE_LAYOUT(cper::kArmErrorInformationLibcper),
    WHEATSTONE_LAYOUT(cper::kArmErrorInformationLinux),
    WHEATSTONE_LAYOUT(cper::kArmProcessor),
    WHEATSTONE_LAYOUT(cper::kArmProcessorWindows),
    WHEATSTONE_LAYOUT(cper::kArmProcessorLibcper),
    WHEATSTONE_LAYOUT(cper::kArmProcessorLinux),
    WHEATSTONE_LAYOUT(cper::tables::kArmRasRecord),
    WHEATSTONE_LAYOUT(cper::tables::kArmRasPe),
    WHEATSTONE_LAYOUT(cper::tables::kArmRasAddress),
    WHEATSTONE_LAYOUT(cper::tables::kArmRasLocal),
    WHEATSTONE_LAYOUT(cper::tables::kArmRasPeType),
    WHEATSTONE_LAYOUT(cper::tables::kArmRasIidr),
    WHEATSTONE_LAYOUT(cper::tables::kArmRasPidr),
    WHEATSTONE_LAYOUT(cper::kArmRas),
    WHEATSTONE_LAYOUT(cper::kArmRasElsewhere),
    WHEATSTONE_LAYOUT(cper::kArmRasNode),
    WHEATSTONE_LAYOUT(cper::kCcixPer),
    WHEATSTONE_LAYOUT(cper::tables::kPcieCorrectableDevice),
    WHEATSTONE_LAYOUT(cper::tables::kMemoryCorrectableData),
    WHEATSTONE_LAYOUT(cper::kPcieCorrectableSummary),
    WHEATSTONE_LAYOUT(cper::kMemoryCorrectableSummary),
    WHEATSTONE_LAYOUT(cper::tables::kCxlPcieDeviceId),
    WHEATSTONE_LAYOUT(cper::tables::kCxlSerialNumber),
    WHEATSTONE_LAYOUT(cper::tables::kCxlMediaRecord),
    WHEATSTONE_LAYOUT(cper::tables::kCxlDramRecord),
    WHEATSTONE_LAYOUT(cper::tables::kCxlModuleRecord),
    WHEATSTONE_LAYOUT(cper::tables::kCxlOtherRecord),
    WHEATSTONE_LAYOUT(cper::kCxlGeneralMedia),
    WHEATSTONE_LAYOUT(cper::kCxlDram),
    WHEATSTONE_LAYOUT(cper::kCxlMemoryModule),
    WHEATSTONE_LAYOUT(cper::kCxlPhysicalSwitch),
    WHEATSTONE_LAYOUT(cper::kCxlVirtualSwitch),
    WHEATSTONE_LAYOUT(cper::kCxlMldPort),
    WHEATSTONE_LAYOUT(cper::tables::kCxlAgent),
    WHEATSTONE_LAYOUT(cper::tables::kCxlRcrb),
    WHEATSTONE_LAYOUT(cper::tables::kCxlDeviceId),
    WHEATSTONE_LAYOUT(cper::tables::kDvsec),
    WHEATSTONE_LAYOUT(cper::tables::kCxlRas),
    WHEATSTONE_LAYOUT(cper::kCxlProtocol),
    WHEATSTONE_LAYOUT(cper::kCxlProtocolLibcper),
    WHEATSTONE_LAYOUT(cper::kDmarGeneric),
    WHEATSTONE_LAYOUT(cper::kDmarGenericLibcper),
    WHEATSTONE_LAYOUT(cper::tables::kVtdFaultRecord),
    WHEATSTONE_LAYOUT(cper::kDmarVtd),
    WHEATSTONE_LAYOUT(cper::kDmarIommu),
    WHEATSTONE_LAYOUT(cper::kErrorPacketV2),
    WHEATSTONE_LAYOUT(cper::kErrorPacketV1),
    WHEATSTONE_LAYOUT(cper::kErrorPacketV1VistaSp1),
    WHEATSTONE_LAYOUT(cper::kPacketLogData),
    WHEATSTONE_LAYOUT(cper::kFirmwareWindows),
    WHEATSTONE_LAYOUT(cper::kFirmwareUefi),
    WHEATSTONE_LAYOUT(cper::tables::kFruPoisonEntry),
    WHEATSTONE_LAYOUT(cper::kFruMemoryPoison),
    WHEATSTONE_LAYOUT(cper::tables::kIpfModule),
    WHEATSTONE_LAYOUT(cper::tables::kIpfCpuid),
    WHEATSTONE_LAYOUT(cper::tables::kIpfPsiStatic),
    WHEATSTONE_LAYOUT(cper::kIpfProcessor),
    WHEATSTONE_LAYOUT(cper::tables::kMcaExceptionMce),
    WHEATSTONE_LAYOUT(cper::tables::kMcaExceptionMca),
    WHEATSTONE_LAYOUT(cper::kMcaException),
    WHEATSTONE_LAYOUT(cper::kMemory),
    WHEATSTONE_LAYOUT(cper::kMemory2),
    WHEATSTONE_LAYOUT(cper::kMemoryExtensionIntel),
    WHEATSTONE_LAYOUT(cper::kMemoryExtensionAmd),
    WHEATSTONE_LAYOUT(cper::tables::kCxlDeviceInfo),
    WHEATSTONE_LAYOUT(cper::tables::kMemoryRangeEntry),
    WHEATSTONE_LAYOUT(cper::kMemoryRange),
    WHEATSTONE_LAYOUT(cper::kMuTelemetry),
    WHEATSTONE_LAYOUT(cper::kNmi),
    WHEATSTONE_LAYOUT(cper::kIpfSalRecord),
    WHEATSTONE_LAYOUT(cper::kX64ProcessorVistaSp1),
    WHEATSTONE_LAYOUT(cper::kPlatformCacheVistaSp1),
    WHEATSTONE_LAYOUT(cper::kPciRecovery),
    WHEATSTONE_LAYOUT(cper::kDpcCapability),
    WHEATSTONE_LAYOUT(cper::tables::kPcieDeviceId),
    WHEATSTONE_LAYOUT(cper::tables::kExpressCapability),
    WHEATSTONE_LAYOUT(cper::tables::kAerInfo),
    WHEATSTONE_LAYOUT(cper::tables::kAerBridgeInfo),
    WHEATSTONE_LAYOUT(cper::kPciExpress),
    WHEATSTONE_LAYOUT(cper::kPciXBus),
    WHEATSTONE_LAYOUT(cper::tables::kPciXDeviceId),
    WHEATSTONE_LAYOUT(cper::tables::kPciXRegisterPair),
    WHEATSTONE_LAYOUT(cper::kPciXDevice),
    WHEATSTONE_LAYOUT(cper::kPciXDeviceVistaSp1),
    WHEATSTONE_LAYOUT(cper::tables::kPmemPageRange),
    WHEATSTONE_LAYOUT(cper::kPmem),
    WHEATSTONE_LAYOUT(cper::kProcessorGeneric),
    WHEATSTONE_LAYOUT(cper::kProcessorGenericUefi),
    WHEATSTONE_LAYOUT(cper::kGeneric),
    WHEATSTONE_LAYOUT(cper::kMsrDump),
    WHEATSTONE_LAYOUT(cper::kExtendedRas),
    WHEATSTONE_LAYOUT(cper::kRecoveryInfo),
    WHEATSTONE_LAYOUT(cper::kNvidia),
    WHEATSTONE_LAYOUT(cper::kAmpere),
    WHEATSTONE_LAYOUT(cper::kXpfGpr32),
    WHEATSTONE_LAYOUT(cper::kXpfGpr64Edk2),
    WHEATSTONE_LAYOUT(cper::kXpfGpr64Vista),
    WHEATSTONE_LAYOUT(cper::kXpfGpr64Uefi),
    WHEATSTONE_LAYOUT(cper::kXpfGpr64),
    WHEATSTONE_LAYOUT(cper::tables::kRegister32),
    WHEATSTONE_LAYOUT(cper::tables::kRegister64),
    WHEATSTONE_LAYOUT(cper::kXpfFxsave),
    WHEATSTONE_LAYOUT(cper::kXpfRegisters32),
    WHEATSTONE_LAYOUT(cper::kXpfRegisters64),
    WHEATSTONE_LAYOUT(cper::kXpfContextInfo),
    WHEATSTONE_LAYOUT(cper::tables::kAmdExtended),
    WHEATSTONE_LAYOUT(cper::tables::kXpfRecovery),
    WHEATSTONE_LAYOUT(cper::kXpfMcaV1),
    WHEATSTONE_LAYOUT(cper::kXpfMcaV2),
    WHEATSTONE_LAYOUT(cper::kXpfMcaV3),
    WHEATSTONE_LAYOUT(cper::kXpfMcaV4),
    WHEATSTONE_LAYOUT(cper::kXpfMcaV5),
    WHEATSTONE_LAYOUT(cper::kXpfProcInfo),
    WHEATSTONE_LAYOUT(cper::kXpfProcessor),
    WHEATSTONE_LAYOUT(cper::kXpfProcessorMisplaced),
    WHEATSTONE_LAYOUT(whea::kNoMember),
    WHEATSTONE_LAYOUT(whea::kErrorSourceDescriptor),
    WHEATSTONE_LAYOUT(whea::kErrorSourceDescriptorV2),
    WHEATSTONE_LAYOUT(whea::kErrorSourceEntry),
    WHEATSTONE_LAYOUT(whea::kLogOscCapabilities),
    WHEATSTONE_LAYOUT(whea::kLogProcessEinj),
    WHEATSTONE_LAYOUT(whea::kLogProcessEinj2),
    WHEATSTONE_LAYOUT(whea::kLogProcessHest),
    WHEATSTONE_LAYOUT(whea::kLogCreateGenericRecord),
    WHEATSTONE_LAYOUT(whea::kLogAcpiTimeOut),
    WHEATSTONE_LAYOUT(whea::kLogGenericErrMemMap),
    WHEATSTONE_LAYOUT(whea::kLogBadGasFields),
    WHEATSTONE_LAYOUT(whea::kLogSrasTableEntries),
    WHEATSTONE_LAYOUT(whea::kLogStartedReportHwError),
    WHEATSTONE_LAYOUT(whea::kLogAttemptErrorRecovery),
    WHEATSTONE_LAYOUT(whea::kLogErrorRecord),
    WHEATSTONE_LAYOUT(whea::kLogEtwOverFlow),
    WHEATSTONE_LAYOUT(whea::kLogSelBugCheckProgress),
    WHEATSTONE_LAYOUT(whea::kLogSelBugCheckStart),
    WHEATSTONE_LAYOUT(whea::kLogSelBugCheckOwner),
    WHEATSTONE_LAYOUT(whea::kLogSelBugCheckPhase2),
    WHEATSTONE_LAYOUT(whea::kLogSelBugCheckPhase1),
    WHEATSTONE_LAYOUT(whea::kLogRegNotifyPolicyChange),
    WHEATSTONE_LAYOUT(whea::kLogRegError),
    WHEATSTONE_LAYOUT(whea::kLogCrashDumpError),
    WHEATSTONE_LAYOUT(whea::kLogCrashDumpProgressPercent),
    WHEATSTONE_LAYOUT(whea::kLogCmcPollingTimeout),
    WHEATSTONE_LAYOUT(whea::kLogMcaFoundErrorInBank),
    WHEATSTONE_LAYOUT(whea::kLogMcaStuckErrorCheck),
    WHEATSTONE_LAYOUT(whea::kLogMcaErrorCleared),
    WHEATSTONE_LAYOUT(whea::kLogClearedPoison),
    WHEATSTONE_LAYOUT(whea::kLogCmciRestart),
    WHEATSTONE_LAYOUT(whea::kLogCmciImplPresent),
    WHEATSTONE_LAYOUT(whea::kLogCmciInitError),
    WHEATSTONE_LAYOUT(whea::kLogPfaMemoryOfflined),
    WHEATSTONE_LAYOUT(whea::kLogPfaMemoryRemoveMonitor),
    WHEATSTONE_LAYOUT(whea::kLogPfaMemoryPolicy),
    WHEATSTONE_LAYOUT(whea::kLogErrDimmInfoMismatch),
    WHEATSTONE_LAYOUT(whea::kLogPageOfflineDone),
    WHEATSTONE_LAYOUT(whea::kLogMemoryDevice),
    WHEATSTONE_LAYOUT(whea::kLogMemorySummaryFailed),
    WHEATSTONE_LAYOUT(whea::kLogRowFailure),
    WHEATSTONE_LAYOUT(whea::kLogPfaNotifyCallbackAction),
    WHEATSTONE_LAYOUT(whea::kLogRowOffline),
    WHEATSTONE_LAYOUT(whea::kLogBitOffline),
    WHEATSTONE_LAYOUT(whea::kLogSrarDetail),
    WHEATSTONE_LAYOUT(whea::kLogNothing),
    WHEATSTONE_LAYOUT(whea::kLogEDpcEnabled),
    WHEATSTONE_LAYOUT(whea::kLogAzccRootBusSearchErr),
    WHEATSTONE_LAYOUT(whea::kLogAzccRootBusList),
    WHEATSTONE_LAYOUT(whea::kLogAzccRootBusPoisonSet),
    WHEATSTONE_LAYOUT(whea::kLogPcieOverrideInfo),
    WHEATSTONE_LAYOUT(whea::kLogReadPcieOverridesErr),
    WHEATSTONE_LAYOUT(whea::kLogPcieConfigInfo),
    WHEATSTONE_LAYOUT(whea::kLogPcieRemoveDevice),
    WHEATSTONE_LAYOUT(whea::kLogPcieAddDevice),
    WHEATSTONE_LAYOUT(whea::kLogPcieSpuriousErrSource),
    WHEATSTONE_LAYOUT(whea::kLogPciePromotedAerErr),
    WHEATSTONE_LAYOUT(whea::kLogPcieDpcError),
    WHEATSTONE_LAYOUT(whea::kLogPshedInjectError),
    WHEATSTONE_LAYOUT(whea::kLogPshedPluginRegister),
    WHEATSTONE_LAYOUT(whea::kLogPshedPluginLoad),
    WHEATSTONE_LAYOUT(whea::kLogPshedPluginUnload),
    WHEATSTONE_LAYOUT(whea::kLogPshedPluginSupported),
    WHEATSTONE_LAYOUT(whea::kLogThrottleRegistry),
    WHEATSTONE_LAYOUT(whea::kLogEnableKeyNotifFailed),
    WHEATSTONE_LAYOUT(whea::kLogCpuBusesInitFailed),
    WHEATSTONE_LAYOUT(whea::kLogPshedPluginInitFailed),
    WHEATSTONE_LAYOUT(whea::kLogPshedPiCpuid),
    WHEATSTONE_LAYOUT(whea::kLogPshedPiTraceLog),
    WHEATSTONE_LAYOUT(whea::kLogPshedWriteVendorDefined),
    WHEATSTONE_LAYOUT(whea::kLogPshedReadVendorDefined),
    WHEATSTONE_LAYOUT(whea::kLogImpiOnline),
    WHEATSTONE_LAYOUT(whea::kLogImpiSubscribe),
    WHEATSTONE_LAYOUT(whea::kLogServerType),
    WHEATSTONE_LAYOUT(whea::kLogErrorRecordFull),
    WHEATSTONE_LAYOUT(whea::kLogWheaInit),
    WHEATSTONE_LAYOUT(whea::kLogDroppedCorrectedError),
    WHEATSTONE_LAYOUT(whea::kLogAddRemoveErrorSource),
    WHEATSTONE_LAYOUT(whea::kLogErrSrcArrayInvalid),
    WHEATSTONE_LAYOUT(whea::kLogErrSrcInvalid),
    WHEATSTONE_LAYOUT(whea::kLogBadHestNotifyData),
    WHEATSTONE_LAYOUT(whea::kLogDeviceDriver),
    WHEATSTONE_LAYOUT(whea::kLogEntry),
    WHEATSTONE_LAYOUT(whea::kAerRootportDescriptor),
    WHEATSTONE_LAYOUT(whea::kAerEndpointDescriptor),
    WHEATSTONE_LAYOUT(whea::kAerBridgeDescriptor),
    WHEATSTONE_LAYOUT(whea::tables::kDriverCallbacks),
    WHEATSTONE_LAYOUT(whea::kDeviceDriverDescriptor),
    WHEATSTONE_LAYOUT(whea::kDriverConfigV1),
    WHEATSTONE_LAYOUT(whea::kDriverConfig),
    WHEATSTONE_LAYOUT(whea::kGenErrDescriptor),
    WHEATSTONE_LAYOUT(whea::kGenErrDescriptorV2),
    WHEATSTONE_LAYOUT(whea::kIpfMcaDescriptor),
    WHEATSTONE_LAYOUT(whea::kIpfCmcDescriptor),
    WHEATSTONE_LAYOUT(whea::kIpfCpeDescriptor),
    WHEATSTONE_LAYOUT(whea::kMachineCheckBank),
    WHEATSTONE_LAYOUT(whea::kXpfMceDescriptor),
    WHEATSTONE_LAYOUT(whea::kXpfCmcDescriptor),
    WHEATSTONE_LAYOUT(whea::kXpfNmiDescriptor),
    WHEATSTONE_LAYOUT(whea::kNotification),
    WHEATSTONE_LAYOUT(whea::kNotificationWdk),
};

#undef WHEATSTONE_LAYOUT

}  // namespace

namespace test {

std::span<const NamedLayout> every_layout() {
  return kEvery;
}

const layout::Layout* find_layout(std::string_view key) {
  for (const NamedLayout& each : kEvery)
    if (each.key == key) return each.layout;
  return nullptr;
}

}  // namespace test
}  // namespace wheatstone
