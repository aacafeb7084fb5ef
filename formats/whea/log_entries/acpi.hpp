// Entries about firmware tables and what the system asked of firmware: _OSC, HEST, EINJ, SRAS, generic
// addresses. Source: WDK WHEAP_..._EVENT (ntddk.h of builds 18362 to 28000).
#pragma once

#include "formats/layout/field.hpp"
#include "formats/whea/log_entries/payload.hpp"

namespace wheatstone::whea {

namespace tables {
inline constexpr Field kOscFields[] = {u8(0, "OscImplemented"), u8(1, "DebugChecked")};

// One count for each injection action, 0 to 9.
inline constexpr std::size_t kEinjCount = 12;
inline constexpr std::array<Field, kEinjCount + 2> kEinj2Fields = {
    ascii(0, kLogText, "Error"),
    u8(32, "InjectionActionTableValid"),
    u32(33, "BeginInjectionInstructionCount"),
    u32(37, "GetTriggerErrorActionTableInstructionCount"),
    u32(41, "SetErrorTypeInstructionCount"),
    u32(45, "GetErrorTypeInstructionCount"),
    u32(49, "EndOperationInstructionCount"),
    u32(53, "ExecuteOperationInstructionCount"),
    u32(57, "CheckBusyStatusInstructionCount"),
    u32(61, "GetCommandStatusInstructionCount"),
    u32(65, "SetErrorTypeWithAddressInstructionCount"),
    u32(69, "GetExecuteOperationTimingsInstructionCount"),
    u64(73, "SetErrorTypeWithAddressPa").hex(),
    raw(81, 256, "SetErrorTypeWithAddress"),
};
inline constexpr auto kEinjFields = std::span(kEinj2Fields).first(kEinjCount);
inline constexpr Field kHestFields[] = {ascii(0, kLogText, "Error"), ascii(32, kLogText, "EntryType"),
                                        u32(64, "EntryIndex"),       u8(68, "HestValid"),
                                        u32(69, "CmcCount"),         u32(73, "MceCount"),
                                        u32(77, "NmiCount"),         u32(81, "AerRootCount"),
                                        u32(85, "AerBridgeCount"),   u32(89, "AerEndPointCount"),
                                        u32(93, "GenericV1Count"),   u32(97, "GenericV2Count")};
inline constexpr Field kGenericRecordFields[] = {ascii(0, kLogText, "Error"), u32(32, "EntryCount"),
                                                 nt_status(36)};
inline constexpr Field kAcpiTimeoutFields[] = {ascii(0, kLogText, "TableType"),
                                               ascii(32, kLogText, "TableRequest")};
inline constexpr Field kMemMapFields[] = {ascii(0, kLogText, "MapReason"),
                                          u64(32, "PhysicalAddress").hex().address(),
                                          u64(40, "Length").unit("bytes")};
inline constexpr Name kGasErrors[] = {
    {0, "None"}, {1, "UnexpectedAddressSpaceId"}, {2, "InvalidStructFields"}, {3, "InvalidAccessSize"}};
inline constexpr Field kGasFields[] = {u32(0, "Error").names(kGasErrors)};
inline constexpr Field kSrasEntriesFields[] = {u32(0, "LogNumber"), u32(4, "NumberSignals")};
inline constexpr Tail kSrasEntriesTail[] = {rest("Data")};
}  // namespace tables

inline constexpr layout::Layout kLogOscCapabilities =
    tables::log_payload("LogOscCapabilities", "WHEAP_OSC_IMPLEMENTED", tables::kOscFields);
static_assert(layout::check(kLogOscCapabilities));
inline constexpr layout::Layout kLogProcessEinj =
    tables::log_payload("LogProcessEINJ", "WHEAP_PROCESS_EINJ_EVENT", tables::kEinjFields);
static_assert(layout::check(kLogProcessEinj));
inline constexpr layout::Layout kLogProcessEinj2 =
    tables::log_payload("LogProcessEINJ2", "WHEAP_PROCESS_EINJ_EVENT2", tables::kEinj2Fields);
static_assert(layout::check(kLogProcessEinj2));
inline constexpr layout::Layout kLogProcessHest =
    tables::log_payload("LogProcessHEST", "WHEAP_PROCESS_HEST_EVENT", tables::kHestFields);
static_assert(layout::check(kLogProcessHest));
inline constexpr layout::Layout kLogCreateGenericRecord = tables::log_payload(
    "LogCreateGenericRecord", "WHEAP_CREATE_GENERIC_RECORD_EVENT", tables::kGenericRecordFields);
static_assert(layout::check(kLogCreateGenericRecord));
inline constexpr layout::Layout kLogAcpiTimeOut =
    tables::log_payload("LogAcpiTimeOut", "WHEAP_ACPI_TIMEOUT_EVENT", tables::kAcpiTimeoutFields);
static_assert(layout::check(kLogAcpiTimeOut));
inline constexpr layout::Layout kLogGenericErrMemMap =
    tables::log_payload("LogGenericErrMemMap", "WHEAP_GENERIC_ERR_MEM_MAP_EVENT", tables::kMemMapFields);
static_assert(layout::check(kLogGenericErrMemMap));
inline constexpr layout::Layout kLogBadGasFields =
    tables::log_payload("LogBadGasFields", "WHEA_GAS_ERROR_EVENT", tables::kGasFields);
static_assert(layout::check(kLogBadGasFields));

inline constexpr layout::Layout kLogSrasTableEntries{.name = "LogSrasTableEntries",
                                                     .structure = "WHEA_SRAS_TABLE_ENTRIES_EVENT",
                                                     .clause = "WDK ntddk.h (28000)",
                                                     .min = 8,
                                                     .size = 8,
                                                     .fields = tables::kSrasEntriesFields,
                                                     .tail = tables::kSrasEntriesTail};
static_assert(layout::check(kLogSrasTableEntries));

}  // namespace wheatstone::whea
