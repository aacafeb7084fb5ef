// Entries about memory: pages taken out of service and those that will be, rows, bits, throttling. Source:
// WDK WHEAP_PFA_..., WHEAP_..._OFFLINE_EVENT (ntddk.h of builds 18362 to 28000).
#pragma once

#include "formats/layout/field.hpp"
#include "formats/whea/log_entries/payload.hpp"

namespace wheatstone::whea {

namespace tables {
inline constexpr Name kOfflineDecisions[] = {{1, "PredictiveFailure"}, {2, "UncorrectedError"}};
inline constexpr Field kOfflinedFields[] = {u32(0, "DecisionType").names(kOfflineDecisions),
                                            u8(4, "ImmediateSuccess"), u32(5, "Page").hex().page(),
                                            u8(9, "NotifyVid").about("older builds end before it")};
inline constexpr Name kRemoveTriggers[] = {{1, "ErrorThreshold"}, {2, "Timeout"}, {3, "Capacity"}};
inline constexpr Field kRemoveMonitorFields[] = {u32(0, "RemoveTrigger").names(kRemoveTriggers),
                                                 u32(4, "TimeInList"), u32(8, "ErrorCount"),
                                                 u32(12, "Page").hex().page()};
inline constexpr Field kPolicyFields[] = {u32(0, "RegistryKeysPresent").hex(),
                                          u8(4, "DisableOffline"),
                                          u8(5, "PersistOffline"),
                                          u8(6, "PfaDisabled"),
                                          u32(7, "PageCount"),
                                          u32(11, "ErrorThreshold"),
                                          u32(15, "TimeOut")};
inline constexpr Field kDimmMismatchFields[] = {
    u16(0, "FirmwareBank"), u16(2, "FirmwareCol"), u16(4, "FirmwareRow"),
    u16(6, "RetryRdBank"),  u16(8, "RetryRdCol"),  u16(10, "RetryRdRow"),
    u16(12, "TaBank"),      u16(14, "TaCol"),      u16(16, "TaRow")};
inline constexpr Field kOfflineDoneFields[] = {u64(0, "Address").hex().address()};
inline constexpr Field kThrottleMemoryFields[] = {u32(0, "SocketId"), u32(4, "ChannelId"),
                                                  u32(8, "DimmSlot")};
inline constexpr Field kStatusFields[] = {nt_status(0)};
inline constexpr Field kRowFailureFields[] = {u64(0, "LowOrderPage").hex().page(),
                                              u64(8, "HighOrderPage").hex().page()};
inline constexpr Name kActionsTaken[] = {
    {0, "None"}, {1, "OfflineDemotion"}, {2, "PageNotReplaced"}, {3, "PageReplaced"}};
inline constexpr Field kNotifyActionFields[] = {u32(0, "Page").hex().page(), u32(4, "ComponentTag").hex(),
                                                nt_status(8), u32(12, "ActionTaken").names(kActionsTaken),
                                                u64(16, "ActionTakenAdditionalInfo").hex()};
inline constexpr Name kOfflineErrors[] = {{0, "NoError"},
                                          {1, "GetMemoryDetailsErr"},
                                          {2, "RatFailure"},
                                          {3, "RatFailureFirstCol"},
                                          {4, "RatFailureLastCol"},
                                          {5, "ClosedPage"},
                                          {6, "BadPageRange"},
                                          {7, "InvalidData"},
                                          {8, "NotDdr"},
                                          {9, "UnsupportedDdrVersion"},
                                          {10, "IncorrectDdrVersion"},
                                          {11, "NoMemoryForWrapper"}};
inline constexpr Field kRowOfflineFields[] = {u64(0, "FirstPage").hex().page(),
                                              u64(8, "LastPage").hex().page(), u32(16, "Range"),
                                              nt_status(20), u32(24, "ErrorReason").names(kOfflineErrors)};
inline constexpr Field kBitOfflineFields[] = {u64(0, "Page").hex().page(), nt_status(8),
                                              u32(12, "ErrorReason").names(kOfflineErrors)};
inline constexpr Field kSrarFields[] = {u32(0, "RecoveryContextFlags").hex(),
                                        u64(4, "RecoveryContextPa").hex().address(),
                                        nt_status(12, "PageOfflineStatus"), u8(16, "KernelConsumerError")};
}  // namespace tables

inline constexpr layout::Layout kLogPfaMemoryOfflined =
    tables::log_payload("LogPFAMemoryOfflined", "WHEAP_PFA_MEMORY_OFFLINED", tables::kOfflinedFields, 9);
static_assert(layout::check(kLogPfaMemoryOfflined));
inline constexpr layout::Layout kLogPfaMemoryRemoveMonitor = tables::log_payload(
    "LogPFAMemoryRemoveMonitor", "WHEAP_PFA_MEMORY_REMOVE_MONITOR", tables::kRemoveMonitorFields);
static_assert(layout::check(kLogPfaMemoryRemoveMonitor));
inline constexpr layout::Layout kLogPfaMemoryPolicy =
    tables::log_payload("LogPFAMemoryPolicy", "WHEAP_PFA_MEMORY_POLICY", tables::kPolicyFields);
static_assert(layout::check(kLogPfaMemoryPolicy));
inline constexpr layout::Layout kLogErrDimmInfoMismatch = tables::log_payload(
    "LogErrDimmInfoMismatch", "WHEA_PSHED_PLUGIN_DIMM_MISMATCH", tables::kDimmMismatchFields);
static_assert(layout::check(kLogErrDimmInfoMismatch));
inline constexpr layout::Layout kLogPageOfflineDone =
    tables::log_payload("LogPageOfflineDone", "WHEA_OFFLINE_DONE_EVENT", tables::kOfflineDoneFields);
static_assert(layout::check(kLogPageOfflineDone));
inline constexpr layout::Layout kLogMemoryDevice = tables::log_payload(
    "LogMemoryDevice", "WHEA_THROTTLE_MEMORY_ADD_OR_REMOVE_EVENT", tables::kThrottleMemoryFields);
static_assert(layout::check(kLogMemoryDevice));
inline constexpr layout::Layout kLogMemorySummaryFailed = tables::log_payload(
    "LogMemorySummaryFailed", "WHEA_MEMORY_THROTTLE_SUMMARY_FAILED_EVENT", tables::kStatusFields);
static_assert(layout::check(kLogMemorySummaryFailed));
inline constexpr layout::Layout kLogRowFailure =
    tables::log_payload("LogRowFailure", "WHEAP_ROW_FAILURE_EVENT", tables::kRowFailureFields);
static_assert(layout::check(kLogRowFailure));
inline constexpr layout::Layout kLogPfaNotifyCallbackAction =
    tables::log_payload("LogPFANotifyCallbackAction", "WHEAP_PFA_MEMORY_OFFLINED_NOTIFY_CALLBACK_ACTION",
                        tables::kNotifyActionFields);
static_assert(layout::check(kLogPfaNotifyCallbackAction));
inline constexpr layout::Layout kLogRowOffline =
    tables::log_payload("LogRowOffline", "WHEAP_ROW_OFFLINE_EVENT", tables::kRowOfflineFields);
static_assert(layout::check(kLogRowOffline));
inline constexpr layout::Layout kLogBitOffline =
    tables::log_payload("LogBitOffline", "WHEAP_BIT_OFFLINE_EVENT", tables::kBitOfflineFields);
static_assert(layout::check(kLogBitOffline));
inline constexpr layout::Layout kLogSrarDetail =
    tables::log_payload("LogSrarDetail", "WHEA_SRAR_DETAIL_EVENT", tables::kSrarFields);
static_assert(layout::check(kLogSrarDetail));

}  // namespace wheatstone::whea
