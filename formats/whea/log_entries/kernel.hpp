// Entries about what the kernel did with an error: reporting, recovery, bug checks, the registry. Source: WDK
// WHEAP_..._EVENT, WHEA_SEL_BUGCHECK_... (ntddk.h of builds 18362 to 28000).
#pragma once

#include "formats/cper/header.hpp"
#include "formats/layout/field.hpp"
#include "formats/whea/log_entries/payload.hpp"

namespace wheatstone::whea {

namespace tables {
inline constexpr Field kStartedFields[] = {u64(0, "ErrorPacket").hex()};
inline constexpr Field kRecoveryFields[] = {part(0, "ErrorHeader", cper::kRecordHeader),
                                            u8(128, "ArchitecturalRecovery"), u8(129, "PshedRecovery"),
                                            nt_status(130)};
inline constexpr Field kErrorRecordFields[] = {u64(0, "Record").hex()};
inline constexpr Field kEtwOverflowFields[] = {u64(0, "RecordId").hex()};
inline constexpr Field kProgressFields[] = {u32(0, "BugCheckCode").hex(),
                                            u32(4, "BugCheckProgressSummary").hex()};

// Four events under one id, told apart by their length.
inline constexpr Field kRecoveryStartFields[] = {u8(0, "StartingIrql")};
inline constexpr Field kRecoveryOwnerFields[] = {u8(0, "IsBugcheckOwner"), u8(1, "RecursionCount"),
                                                 u8(2, "IsBugcheckRecoveryOwner")};
inline constexpr Field kRecoveryPhase2Fields[] = {u32(0, "BootId"), u8(4, "Success")};
inline constexpr Field kRecoveryPhase1Fields[] = {u8(0, "Success"), u8(1, "Version"), u16(2, "EntryCount"),
                                                  u8(4, "DumpPolicy"), pad(5, 3)};

inline constexpr Field kRegPolicyFields[] = {ascii(0, kLogText, "PolicyName"), u32(32, "PolicyIndex"),
                                             u32(36, "PolicyValue")};
inline constexpr Name kRegErrors[] = {
    {0, "None"}, {1, "FailedToCreateWheaKey"}, {2, "FailedToCreatePolicyKey"}, {3, "FailedToOpenHandle"}};
inline constexpr Field kRegErrorFields[] = {u32(0, "RegErr").names(kRegErrors), nt_status(4)};
inline constexpr Field kDumpErrorFields[] = {u32(0, "SourceLocationId"), nt_status(4),
                                             nt_status(8, "IOStatus")};
inline constexpr Field kDumpProgressFields[] = {u32(0, "Value").unit("percent")};
}  // namespace tables

inline constexpr layout::Layout kLogStartedReportHwError =
    tables::log_payload("LogStartedReportHwError", "WHEAP_STARTED_REPORT_HW_ERROR", tables::kStartedFields);
static_assert(layout::check(kLogStartedReportHwError));
inline constexpr layout::Layout kLogAttemptErrorRecovery =
    tables::log_payload("LogAttemptErrorRecovery", "WHEAP_ATTEMPT_RECOVERY_EVENT", tables::kRecoveryFields);
static_assert(layout::check(kLogAttemptErrorRecovery));
inline constexpr layout::Layout kLogErrorRecord =
    tables::log_payload("LogErrorRecord", "WHEAP_ERROR_RECORD_EVENT", tables::kErrorRecordFields);
static_assert(layout::check(kLogErrorRecord));
inline constexpr layout::Layout kLogEtwOverFlow =
    tables::log_payload("LogEtwOverFlow", "WHEA_ETW_OVERFLOW_EVENT", tables::kEtwOverflowFields);
static_assert(layout::check(kLogEtwOverFlow));
inline constexpr layout::Layout kLogSelBugCheckProgress =
    tables::log_payload("LogSELBugCheckProgress", "WHEA_SEL_BUGCHECK_PROGRESS", tables::kProgressFields);
static_assert(layout::check(kLogSelBugCheckProgress));
inline constexpr layout::Layout kLogSelBugCheckStart = tables::log_payload(
    "LogSELBugCheckStart", "WHEA_SEL_BUGCHECK_RECOVERY_STATUS_START_EVENT", tables::kRecoveryStartFields);
static_assert(layout::check(kLogSelBugCheckStart));
inline constexpr layout::Layout kLogSelBugCheckOwner =
    tables::log_payload("LogSELBugCheckOwner", "WHEA_SEL_BUGCHECK_RECOVERY_STATUS_MULTIPLE_BUGCHECK_EVENT",
                        tables::kRecoveryOwnerFields);
static_assert(layout::check(kLogSelBugCheckOwner));
inline constexpr layout::Layout kLogSelBugCheckPhase2 = tables::log_payload(
    "LogSELBugCheckPhase2", "WHEA_SEL_BUGCHECK_RECOVERY_STATUS_PHASE2_EVENT", tables::kRecoveryPhase2Fields);
static_assert(layout::check(kLogSelBugCheckPhase2));
inline constexpr layout::Layout kLogSelBugCheckPhase1 = tables::log_payload(
    "LogSELBugCheckPhase1", "WHEA_SEL_BUGCHECK_RECOVERY_STATUS_PHASE1_EVENT", tables::kRecoveryPhase1Fields);
static_assert(layout::check(kLogSelBugCheckPhase1));
inline constexpr layout::Layout kLogRegNotifyPolicyChange = tables::log_payload(
    "LogRegNotifyPolicyChange", "WHEA_REGNOTIFY_POLICY_CHANGE_EVENT", tables::kRegPolicyFields);
static_assert(layout::check(kLogRegNotifyPolicyChange));
inline constexpr layout::Layout kLogRegError =
    tables::log_payload("LogRegError", "WHEA_REGISTRY_ERROR_EVENT", tables::kRegErrorFields);
static_assert(layout::check(kLogRegError));
inline constexpr layout::Layout kLogCrashDumpError = tables::log_payload(
    "LogCrashDumpError", "WHEA_CRASHDUMP_EVENT_LOG_ENTRY_WITH_STATUS", tables::kDumpErrorFields);
static_assert(layout::check(kLogCrashDumpError));
inline constexpr layout::Layout kLogCrashDumpProgressPercent = tables::log_payload(
    "LogCrashDumpProgressPercent", "WHEA_CRASHDUMP_EVENT_LOG_ENTRY_ULONG1", tables::kDumpProgressFields);
static_assert(layout::check(kLogCrashDumpProgressPercent));

}  // namespace wheatstone::whea
