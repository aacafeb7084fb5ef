// Entries about machine checks: errors in banks, polling, CMCI. Source: WDK WHEAP_..._EVENT (ntddk.h of
// builds 18362 to 28000); CmcPollingTimeout is not public and laid out as ralish/DecodeWheaRecord observed it
// in 26100.
#pragma once

#include "formats/layout/field.hpp"
#include "formats/whea/log_entries/payload.hpp"

namespace wheatstone::whea {

namespace tables {
// KDPC_WATCHDOG_INFORMATION, then the count.
inline constexpr Field kPollingTimeoutFields[] = {u32(0, "DpcTimeLimit"),
                                                  u32(4, "DpcTimeCount"),
                                                  u32(8, "DpcWatchdogLimit"),
                                                  u32(12, "DpcWatchdogCount"),
                                                  pad(16, 4),
                                                  u32(20, "CmcPollCount")};
inline constexpr Field kFoundErrorFields[] = {u32(0, "EpIndex").about("number of the processor"),
                                              u32(4, "Bank"), u64(8, "MciStatus").hex(),
                                              u32(16, "ErrorType")};
inline constexpr Field kStuckErrorFields[] = {u32(0, "EpIndex"), u32(4, "Bank"), u64(8, "MciStatus").hex()};
inline constexpr Field kErrorClearedFields[] = {u32(0, "EpIndex"), u32(4, "Bank")};
inline constexpr Field kClearedPoisonFields[] = {u64(0, "PhysicalAddress").hex().address()};
inline constexpr Field kCmciRestartFields[] = {u32(0, "CmciRestoreAttempts"), u32(4, "MaxCmciRestoreLimit"),
                                               u32(8, "MaxCorrectedErrorsFound"),
                                               u32(12, "MaxCorrectedErrorLimit")};
inline constexpr Field kCmciPresentFields[] = {u8(0, "CmciAvailable")};
inline constexpr Field kCmciInitErrorFields[] = {u64(0, "Msr").hex(), u32(8, "Type"), u32(12, "Bank"),
                                                 u32(16, "EpIndex")};
}  // namespace tables

inline constexpr layout::Layout kLogCmcPollingTimeout = tables::log_payload(
    "LogCmcPollingTimeout", "WHEAP_CMC_POLLING_TIMEOUT_EVENT (internal)", tables::kPollingTimeoutFields);
static_assert(layout::check(kLogCmcPollingTimeout));
inline constexpr layout::Layout kLogMcaFoundErrorInBank = tables::log_payload(
    "LogMcaFoundErrorInBank", "WHEAP_FOUND_ERROR_IN_BANK_EVENT", tables::kFoundErrorFields);
static_assert(layout::check(kLogMcaFoundErrorInBank));
inline constexpr layout::Layout kLogMcaStuckErrorCheck =
    tables::log_payload("LogMcaStuckErrorCheck", "WHEAP_STUCK_ERROR_EVENT", tables::kStuckErrorFields);
static_assert(layout::check(kLogMcaStuckErrorCheck));
inline constexpr layout::Layout kLogMcaErrorCleared =
    tables::log_payload("LogMcaErrorCleared", "WHEAP_ERROR_CLEARED_EVENT", tables::kErrorClearedFields);
static_assert(layout::check(kLogMcaErrorCleared));
inline constexpr layout::Layout kLogClearedPoison =
    tables::log_payload("LogClearedPoison", "WHEAP_CLEARED_POISON_EVENT", tables::kClearedPoisonFields);
static_assert(layout::check(kLogClearedPoison));
inline constexpr layout::Layout kLogCmciRestart =
    tables::log_payload("LogCmciRestart", "WHEAP_CMCI_RESTART_EVENT", tables::kCmciRestartFields);
static_assert(layout::check(kLogCmciRestart));
inline constexpr layout::Layout kLogCmciImplPresent =
    tables::log_payload("LogCmciImplPresent", "WHEAP_CMCI_IMPLEMENTED_EVENT", tables::kCmciPresentFields);
static_assert(layout::check(kLogCmciImplPresent));
inline constexpr layout::Layout kLogCmciInitError =
    tables::log_payload("LogCmciInitError", "WHEAP_CMCI_INITERR_EVENT", tables::kCmciInitErrorFields);
static_assert(layout::check(kLogCmciInitError));

}  // namespace wheatstone::whea
