// Entries that WHEA writes into the event log about itself: the payload of Kernel-WHEA event 42. A header of
// 32 bytes names what happened, the payload behind it goes by the id. Source: WDK WHEA_EVENT_LOG_ENTRY
// (ntddk.h of builds 17763 to 28000).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "formats/layout/bytes.hpp"
#include "formats/layout/field.hpp"
#include "formats/layout/finding.hpp"
#include "formats/layout/node.hpp"
#include "formats/layout/result.hpp"
#include "formats/layout/view.hpp"
#include "formats/whea/log_entries/acpi.hpp"
#include "formats/whea/log_entries/kernel.hpp"
#include "formats/whea/log_entries/machine_check.hpp"
#include "formats/whea/log_entries/memory.hpp"
#include "formats/whea/log_entries/pcie.hpp"
#include "formats/whea/log_entries/pshed.hpp"
#include "formats/whea/log_entries/sources.hpp"

namespace wheatstone::whea {

inline constexpr std::uint32_t kLogEntrySignature = 0x674c6857;  // "WhLg"
inline constexpr std::uint32_t kLogEntryVersion = 1;
inline constexpr std::size_t kLogEntryHeader = 32;

// WHEA_EVENT_LOG_ENTRY_TYPE.
enum class LogEntryType : std::uint32_t { informational = 0, warning = 1, error = 2 };

inline constexpr layout::Name kLogEntryTypeNames[] = {{0, "Informational"}, {1, "Warning"}, {2, "Error"}};

// WHEA_EVENT_LOG_ENTRY_ID, without the prefixes of the WDK. An id means the same in every build; its payload
// may be shorter in an older one.
inline constexpr layout::Name kLogEntryIdNames[] = {
    {0x80000001, "CmcPollingTimeout"},
    {0x80000002, "WheaInit"},
    {0x80000003, "CmcSwitchToPolling"},
    {0x80000004, "DroppedCorrectedError"},
    {0x80000005, "StartedReportHwError"},
    {0x80000006, "PFAMemoryOfflined"},
    {0x80000007, "PFAMemoryRemoveMonitor"},
    {0x80000008, "PFAMemoryPolicy"},
    {0x80000009, "PshedInjectError"},
    {0x8000000a, "OscCapabilities"},
    {0x8000000b, "PshedPluginRegister"},
    {0x8000000c, "AddRemoveErrorSource"},
    {0x8000000d, "WorkQueueItem"},
    {0x8000000e, "AttemptErrorRecovery"},
    {0x8000000f, "McaFoundErrorInBank"},
    {0x80000010, "McaStuckErrorCheck"},
    {0x80000011, "McaErrorCleared"},
    {0x80000012, "ClearedPoison"},
    {0x80000013, "ProcessEINJ"},
    {0x80000014, "ProcessHEST"},
    {0x80000015, "CreateGenericRecord"},
    {0x80000016, "ErrorRecord"},
    {0x80000017, "ErrorRecordLimit"},
    {0x80000018, "AerNotGrantedToOs"},
    {0x80000019, "ErrSrcArrayInvalid"},
    {0x8000001a, "AcpiTimeOut"},
    {0x8000001b, "CmciRestart"},
    {0x8000001c, "CmciFinalRestart"},
    {0x8000001d, "EtwOverFlow"},
    {0x8000001e, "AzccRootBusSearchErr"},
    {0x8000001f, "AzccRootBusList"},
    {0x80000020, "ErrSrcInvalid"},
    {0x80000021, "GenericErrMemMap"},
    {0x80000022, "PshedCallbackCollision"},
    {0x80000023, "SELBugCheckProgress"},
    {0x80000024, "PshedPluginLoad"},
    {0x80000025, "PshedPluginUnload"},
    {0x80000026, "PshedPluginSupported"},
    {0x80000027, "DeviceDriver"},
    {0x80000028, "CmciImplPresent"},
    {0x80000029, "CmciInitError"},
    {0x8000002a, "SELBugCheckRecovery"},
    {0x8000002b, "DrvErrSrcInvalid"},
    {0x8000002c, "DrvHandleBusy"},
    {0x8000002d, "WheaHeartbeat"},
    {0x8000002e, "AzccRootBusPoisonSet"},
    {0x8000002f, "SELBugCheckInfo"},
    {0x80000030, "ErrDimmInfoMismatch"},
    {0x80000031, "eDpcEnabled"},
    {0x80000032, "PageOfflineDone"},
    {0x80000033, "PageOfflinePendMax"},
    {0x80000034, "BadPageLimitReached"},
    {0x80000035, "SrarDetail"},
    {0x80000036, "EarlyError"},
    {0x80000037, "PcieOverrideInfo"},
    {0x80000038, "ReadPcieOverridesErr"},
    {0x80000039, "PcieConfigInfo"},
    {0x80000040, "PcieSummaryFailed"},
    {0x80000041, "ThrottleRegCorrupt"},
    {0x80000042, "ThrottleAddErrSrcFailed"},
    {0x80000043, "ThrottleRegDataIgnored"},
    {0x80000044, "EnableKeyNotifFailed"},
    {0x80000045, "KeyNotificationFailed"},
    {0x80000046, "PcieRemoveDevice"},
    {0x80000047, "PcieAddDevice"},
    {0x80000048, "PcieSpuriousErrSource"},
    {0x80000049, "MemoryAddDevice"},
    {0x8000004a, "MemoryRemoveDevice"},
    {0x8000004b, "MemorySummaryFailed"},
    {0x8000004c, "PcieDpcError"},
    {0x8000004d, "CpuBusesInitFailed"},
    {0x8000004e, "PshedPluginInitFailed"},
    {0x8000004f, "FailedAddToDefectList"},
    {0x80000050, "DefectListFull"},
    {0x80000051, "DefectListUEFIVarFailed"},
    {0x80000052, "DefectListCorrupt"},
    {0x80000053, "BadHestNotifyData"},
    {0x80000054, "RowFailure"},
    {0x80000055, "SrasTableNotFound"},
    {0x80000056, "SrasTableError"},
    {0x80000057, "SrasTableEntries"},
    {0x80000058, "PFANotifyCallbackAction"},
    {0x80000059, "SELBugCheckCpusQuiesced"},
    {0x8000005a, "PshedPiCpuid"},
    {0x8000005b, "SrasTableBadData"},
    {0x8000005c, "DriFsStatus"},
    {0x80000060, "CpusFrozen"},
    {0x80000061, "CpusFrozenNoCrashDump"},
    {0x80000062, "RegNotifyPolicyChange"},
    {0x80000063, "RegError"},
    {0x80000064, "RowOfflineEvent"},
    {0x80000065, "BitOfflineEvent"},
    {0x80000066, "BadGasFields"},
    {0x80000067, "CrashDumpError"},
    {0x80000068, "CrashDumpCheckpoint"},
    {0x80000069, "CrashDumpProgressPercent"},
    {0x8000006a, "PreviousCrashBugCheckProgress"},
    {0x8000006b, "SELBugCheckStackDump"},
    {0x8000006c, "PciePromotedAerErr"},
    {0x8000006d, "CrashDumpGuid"},
    {0x8000006e, "DumpGUIDStatus"},
    {0x8000006f, "ProcessEINJ2"},
    {0x80000070, "PshedWriteVendorDefined"},
    {0x80000071, "PshedReadVendorDefined"},
    {0x80000072, "ImpiOnline"},
    {0x80000073, "ImpiSubscribe"},
    {0x80000074, "ServerType"},
    {0x80000075, "ErrorRecordFull"},
    {0x80000076, "PluginIncorrectBufferRead"},
    {0x80040010, "PshedPiTraceLog"},
};

// OwnerTag: who wrote the entry.
inline constexpr std::string_view kLogOwnerKernel = "KRNL";
inline constexpr std::string_view kLogOwnerHypervisor = "HYVP";
inline constexpr std::string_view kLogOwnerHal = "HAL ";
inline constexpr std::string_view kLogOwnerPci = "PCI ";
inline constexpr std::string_view kLogOwnerAcpi = "ACPI";
inline constexpr std::string_view kLogOwnerPshed = "PSHD";
inline constexpr std::string_view kLogOwnerPlugin = "PSPI";

namespace tables {
inline constexpr Bit kLogEntryFlags[] = {{1, 1, "LogInternalEtw"}, {2, 1, "LogBlackbox"}, {3, 1, "LogSel"},
                                         {4, 1, "RawSel"},         {5, 1, "NoFormat"},    {6, 1, "Driver"}};
inline constexpr Field kLogEntryFields[] = {
    ascii(0, 4, "Signature"),
    u32(4, "Version"),
    u32(8, "Length").unit("bytes").about("header and payload"),
    u32(12, "Type").names(kLogEntryTypeNames),
    ascii(16, 4, "OwnerTag").about("KRNL, HYVP, HAL, PCI, ACPI, PSHD or PSPI, filled with spaces"),
    u32(20, "Id").hex().names(kLogEntryIdNames),
    u32(24, "Flags").bits(kLogEntryFlags),
    u32(28, "PayloadLength").unit("bytes"),
};

// Ids with a known payload; those not in here are shown as bytes.
inline constexpr ChoiceRow kLogPayloadRows[] = {
    {0x80000001, {}, "CmcPollingTimeout", {}, kForms<kLogCmcPollingTimeout>},
    {0x80000002, {}, "WheaInit", {}, kForms<kLogWheaInit>},
    {0x80000003, {}, "CmcSwitchToPolling", {}, kForms<kLogNothing>},
    {0x80000004, {}, "DroppedCorrectedError", {}, kForms<kLogDroppedCorrectedError>},
    {0x80000005, {}, "StartedReportHwError", {}, kForms<kLogStartedReportHwError>},
    {0x80000006, {}, "PFAMemoryOfflined", {}, kForms<kLogPfaMemoryOfflined>},
    {0x80000007, {}, "PFAMemoryRemoveMonitor", {}, kForms<kLogPfaMemoryRemoveMonitor>},
    {0x80000008, {}, "PFAMemoryPolicy", {}, kForms<kLogPfaMemoryPolicy>},
    {0x80000009, {}, "PshedInjectError", {}, kForms<kLogPshedInjectError>},
    {0x8000000a, {}, "OscCapabilities", {}, kForms<kLogOscCapabilities>},
    {0x8000000b, {}, "PshedPluginRegister", {}, kForms<kLogPshedPluginRegister>},
    {0x8000000c, {}, "AddRemoveErrorSource", {}, kForms<kLogAddRemoveErrorSource>},
    {0x8000000e, {}, "AttemptErrorRecovery", {}, kForms<kLogAttemptErrorRecovery>},
    {0x8000000f, {}, "McaFoundErrorInBank", {}, kForms<kLogMcaFoundErrorInBank>},
    {0x80000010, {}, "McaStuckErrorCheck", {}, kForms<kLogMcaStuckErrorCheck>},
    {0x80000011, {}, "McaErrorCleared", {}, kForms<kLogMcaErrorCleared>},
    {0x80000012, {}, "ClearedPoison", {}, kForms<kLogClearedPoison>},
    {0x80000013, {}, "ProcessEINJ", {}, kForms<kLogProcessEinj>},
    {0x80000014, {}, "ProcessHEST", {}, kForms<kLogProcessHest>},
    {0x80000015, {}, "CreateGenericRecord", {}, kForms<kLogCreateGenericRecord>},
    {0x80000016, {}, "ErrorRecord", {}, kForms<kLogErrorRecord>},
    {0x80000018, {}, "AerNotGrantedToOs", {}, kForms<kLogNothing>},
    {0x80000019, {}, "ErrSrcArrayInvalid", {}, kForms<kLogErrSrcArrayInvalid>},
    {0x8000001a, {}, "AcpiTimeOut", {}, kForms<kLogAcpiTimeOut>},
    {0x8000001b, {}, "CmciRestart", {}, kForms<kLogCmciRestart>},
    {0x8000001c, {}, "CmciFinalRestart", {}, kForms<kLogCmciRestart>},
    {0x8000001d, {}, "EtwOverFlow", {}, kForms<kLogEtwOverFlow>},
    {0x8000001e, {}, "AzccRootBusSearchErr", {}, kForms<kLogAzccRootBusSearchErr>},
    {0x8000001f, {}, "AzccRootBusList", {}, kForms<kLogAzccRootBusList>},
    {0x80000020, {}, "ErrSrcInvalid", {}, kForms<kLogErrSrcInvalid>},
    {0x80000021, {}, "GenericErrMemMap", {}, kForms<kLogGenericErrMemMap>},
    {0x80000023, {}, "SELBugCheckProgress", {}, kForms<kLogSelBugCheckProgress>},
    {0x80000024, {}, "PshedPluginLoad", {}, kForms<kLogPshedPluginLoad>},
    {0x80000025, {}, "PshedPluginUnload", {}, kForms<kLogPshedPluginUnload>},
    {0x80000026, {}, "PshedPluginSupported", {}, kForms<kLogPshedPluginSupported>},
    {0x80000028, {}, "CmciImplPresent", {}, kForms<kLogCmciImplPresent>},
    {0x80000029, {}, "CmciInitError", {}, kForms<kLogCmciInitError>},
    {0x8000002a,
     {},
     "SELBugCheckRecovery",
     {},
     kForms<kLogSelBugCheckStart, kLogSelBugCheckOwner, kLogSelBugCheckPhase2, kLogSelBugCheckPhase1>},
    {0x8000002b, {}, "DrvErrSrcInvalid", {}, kForms<kLogDeviceDriver>},
    {0x8000002c, {}, "DrvHandleBusy", {}, kForms<kLogDeviceDriver>},
    {0x8000002d, {}, "WheaHeartbeat", {}, kForms<kLogNothing>},
    {0x8000002e, {}, "AzccRootBusPoisonSet", {}, kForms<kLogAzccRootBusPoisonSet>},
    {0x80000030, {}, "ErrDimmInfoMismatch", {}, kForms<kLogErrDimmInfoMismatch>},
    {0x80000031, {}, "eDpcEnabled", {}, kForms<kLogEDpcEnabled>},
    {0x80000032, {}, "PageOfflineDone", {}, kForms<kLogPageOfflineDone>},
    {0x80000035, {}, "SrarDetail", {}, kForms<kLogSrarDetail>},
    {0x80000036, {}, "EarlyError", {}, kForms<kLogNothing>},
    {0x80000037, {}, "PcieOverrideInfo", {}, kForms<kLogPcieOverrideInfo>},
    {0x80000038, {}, "ReadPcieOverridesErr", {}, kForms<kLogReadPcieOverridesErr>},
    {0x80000039, {}, "PcieConfigInfo", {}, kForms<kLogPcieConfigInfo>},
    {0x80000041, {}, "ThrottleRegCorrupt", {}, kForms<kLogThrottleRegistry>},
    {0x80000042, {}, "ThrottleAddErrSrcFailed", {}, kForms<kLogNothing>},
    {0x80000043, {}, "ThrottleRegDataIgnored", {}, kForms<kLogThrottleRegistry>},
    {0x80000044, {}, "EnableKeyNotifFailed", {}, kForms<kLogEnableKeyNotifFailed>},
    {0x80000045, {}, "KeyNotificationFailed", {}, kForms<kLogNothing>},
    {0x80000046, {}, "PcieRemoveDevice", {}, kForms<kLogPcieRemoveDevice>},
    {0x80000047, {}, "PcieAddDevice", {}, kForms<kLogPcieAddDevice>},
    {0x80000048, {}, "PcieSpuriousErrSource", {}, kForms<kLogPcieSpuriousErrSource>},
    {0x80000049, {}, "MemoryAddDevice", {}, kForms<kLogMemoryDevice>},
    {0x8000004a, {}, "MemoryRemoveDevice", {}, kForms<kLogMemoryDevice>},
    {0x8000004b, {}, "MemorySummaryFailed", {}, kForms<kLogMemorySummaryFailed>},
    {0x8000004c, {}, "PcieDpcError", {}, kForms<kLogPcieDpcError>},
    {0x8000004d, {}, "CpuBusesInitFailed", {}, kForms<kLogCpuBusesInitFailed>},
    {0x8000004e, {}, "PshedPluginInitFailed", {}, kForms<kLogPshedPluginInitFailed>},
    {0x8000004f, {}, "FailedAddToDefectList", {}, kForms<kLogNothing>},
    {0x80000050, {}, "DefectListFull", {}, kForms<kLogNothing>},
    {0x80000051, {}, "DefectListUEFIVarFailed", {}, kForms<kLogNothing>},
    {0x80000052, {}, "DefectListCorrupt", {}, kForms<kLogNothing>},
    {0x80000053, {}, "BadHestNotifyData", {}, kForms<kLogBadHestNotifyData>},
    {0x80000054, {}, "RowFailure", {}, kForms<kLogRowFailure>},
    {0x80000055, {}, "SrasTableNotFound", {}, kForms<kLogNothing>},
    {0x80000056, {}, "SrasTableError", {}, kForms<kLogNothing>},
    {0x80000057, {}, "SrasTableEntries", {}, kForms<kLogSrasTableEntries>},
    {0x80000058, {}, "PFANotifyCallbackAction", {}, kForms<kLogPfaNotifyCallbackAction>},
    {0x8000005a, {}, "PshedPiCpuid", {}, kForms<kLogPshedPiCpuid>},
    {0x80000062, {}, "RegNotifyPolicyChange", {}, kForms<kLogRegNotifyPolicyChange>},
    {0x80000063, {}, "RegError", {}, kForms<kLogRegError>},
    {0x80000064, {}, "RowOfflineEvent", {}, kForms<kLogRowOffline>},
    {0x80000065, {}, "BitOfflineEvent", {}, kForms<kLogBitOffline>},
    {0x80000066, {}, "BadGasFields", {}, kForms<kLogBadGasFields>},
    {0x80000067, {}, "CrashDumpError", {}, kForms<kLogCrashDumpError>},
    {0x80000069, {}, "CrashDumpProgressPercent", {}, kForms<kLogCrashDumpProgressPercent>},
    {0x8000006c, {}, "PciePromotedAerErr", {}, kForms<kLogPciePromotedAerErr>},
    {0x8000006f, {}, "ProcessEINJ2", {}, kForms<kLogProcessEinj2>},
    {0x80000070, {}, "PshedWriteVendorDefined", {}, kForms<kLogPshedWriteVendorDefined>},
    {0x80000071, {}, "PshedReadVendorDefined", {}, kForms<kLogPshedReadVendorDefined>},
    {0x80000072, {}, "ImpiOnline", {}, kForms<kLogImpiOnline>},
    {0x80000073, {}, "ImpiSubscribe", {}, kForms<kLogImpiSubscribe>},
    {0x80000074, {}, "ServerType", {}, kForms<kLogServerType>},
    {0x80000075, {}, "ErrorRecordFull", {}, kForms<kLogErrorRecordFull>},
    {0x80040010, {}, "PshedPiTraceLog", {}, kForms<kLogPshedPiTraceLog>},
};
inline constexpr Choice kLogPayload{.selector = "Id", .at = {20, 4, 0, 32}, .rows = kLogPayloadRows};
inline constexpr Tail kLogEntryTail[] = {
    run("Payload", ref(kLogEntryFields, "PayloadLength")).choose(kLogPayload).clip()};
}  // namespace tables

// Header and payload. An entry that is cut short has what there is of the payload.
inline constexpr layout::Layout kLogEntry{.name = "LogEntry",
                                          .structure = "WHEA_EVENT_LOG_ENTRY",
                                          .clause = "WDK ntddk.h (17763)",
                                          .min = kLogEntryHeader,
                                          .size = kLogEntryHeader,
                                          .fields = tables::kLogEntryFields,
                                          .tail = tables::kLogEntryTail};
static_assert(layout::check(kLogEntry));

struct LogEntryHeader {
  static constexpr auto kVersion = layout::handle<LogEntryHeader, std::uint32_t>(kLogEntry, "Version");
  static constexpr auto kLength = layout::handle<LogEntryHeader, std::uint32_t>(kLogEntry, "Length");
  static constexpr auto kType = layout::handle<LogEntryHeader, std::uint32_t>(kLogEntry, "Type");
  static constexpr auto kId = layout::handle<LogEntryHeader, std::uint32_t>(kLogEntry, "Id");
  static constexpr auto kFlags = layout::handle<LogEntryHeader, std::uint32_t>(kLogEntry, "Flags");
  static constexpr auto kPayloadLength =
      layout::handle<LogEntryHeader, std::uint32_t>(kLogEntry, "PayloadLength");
};

// An entry is its bytes; decoding finds where its payload is and what is wrong. Never fails, loses nothing;
// time and memory are linear in the findings.
class LogEntry {
 public:
  // `bytes` must outlive the entry.
  static LogEntry decode(Bytes bytes);

  Bytes bytes() const noexcept { return bytes_; }
  // Without value if the header is not all there.
  std::optional<layout::View<LogEntryHeader>> header() const noexcept {
    return layout::View<LogEntryHeader>::make(kLogEntry, bytes_);
  }
  // The four characters of OwnerTag as they stand; empty without a header.
  std::string_view owner() const noexcept;
  // "WheaInit"; empty if the id has no name or there is no header.
  std::string_view id_name() const noexcept;
  // As many bytes as PayloadLength says and there are.
  Bytes payload() const noexcept { return payload_; }
  // nullptr if nothing is known about payloads of this id, or this one is too short.
  const layout::Layout* payload_layout() const noexcept { return payload_layout_; }
  std::span<const Finding> findings() const noexcept { return findings_; }

 private:
  explicit LogEntry(Bytes bytes) : bytes_(bytes) {}

  void check_lengths();
  void check_payload();
  void check_descriptors();
  void report(FindingSeverity severity, std::string_view code, std::string_view path, std::uint64_t offset,
              std::string message);

  Bytes bytes_;
  Bytes payload_;
  const layout::Layout* payload_layout_ = nullptr;
  std::vector<Finding> findings_;
};

struct NewLogEntry {
  LogEntryType type = LogEntryType::informational;
  std::string_view owner = kLogOwnerKernel;  // four characters
  std::uint32_t id = 0;
  std::uint32_t flags = 1u << 1;  // LogInternalEtw, as all real entries have
};

// Header and payload in one piece. Fails (invalid_argument) if the owner has not four characters or the entry
// would exceed 4 GiB.
Result<Buffer> encode_log_entry(const NewLogEntry& entry, Bytes payload);

// The entry that a map of values describes: the header's fields, and `Payload` as hex digits or the fields of
// the payload. Signature, Version, OwnerTag (KRNL), Length and PayloadLength are filled in unless they are
// given. Errors (malformed) name line, column, key and what was expected.
Result<Buffer> compose_log_entry(const layout::Node& fields);

}  // namespace wheatstone::whea
