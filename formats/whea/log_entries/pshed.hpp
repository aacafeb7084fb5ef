// Entries about PSHED and its plug-ins: injection, registration, what they found. Source: WDK
// WHEAP_PSHED_..., WHEA_PSHED_PLUGIN_... (ntddk.h of builds 18362 to 28000).
#pragma once

#include "formats/layout/field.hpp"
#include "formats/whea/log_entries/payload.hpp"

namespace wheatstone::whea {

namespace tables {
inline constexpr Field kInjectFields[] = {u32(0, "ErrorType").hex(),    u64(4, "Parameter1").hex(),
                                          u64(12, "Parameter2").hex(),  u64(20, "Parameter3").hex(),
                                          u64(28, "Parameter4").hex(),  nt_status(36, "InjectionStatus"),
                                          u8(40, "InjectionAttempted"), u8(41, "InjectionByPlugin")};
inline constexpr Field kRegisterFields[] = {u32(0, "Version").hex(), u32(4, "Length").unit("bytes"),
                                            u32(8, "FunctionalAreaMask").hex(), nt_status(12)};
inline constexpr Field kPluginLoadFields[] = {utf16(0, 2 * kLogText, "PluginName"), u32(64, "MajorVersion"),
                                              u32(68, "MinorVersion")};
inline constexpr Field kPluginUnloadFields[] = {utf16(0, 2 * kLogText, "PluginName")};
inline constexpr Field kPluginSupportedFields[] = {utf16(0, 2 * kLogText, "PluginName"), u8(64, "Supported")};
inline constexpr Field kPluginStatusFields[] = {nt_status(0)};
inline constexpr Name kThrottleTypes[] = {{0, "Pcie"}, {1, "Memory"}};
inline constexpr Field kThrottleFields[] = {u32(0, "ThrottleType").names(kThrottleTypes)};
inline constexpr Name kEnableErrors[] = {{1, "CreateNotifyEvent"}, {2, "CreateSystemThread"}};
inline constexpr Field kEnableNotifyFields[] = {u32(0, "EnableError").names(kEnableErrors)};
inline constexpr Field kCpuidFields[] = {u32(0, "CpuVendor"), u32(4, "CpuFamily"), u32(8, "CpuModel"),
                                         u32(12, "CpuStepping"), u32(16, "NumBanks")};
inline constexpr Field kTraceFields[] = {ascii(0, 256, "Buffer")};
inline constexpr Name kVendorReasons[] = {{1, "NoCaps"},
                                          {2, "ReservedBitsNonZero"},
                                          {3, "PlatformVendorDefinedNotSet"},
                                          {4, "RequestTooBig"},
                                          {5, "BadBuffer"},
                                          {6, "VendorExtIsNull"},
                                          {7, "RequestOverflow"},
                                          {8, "PluginReturnedFailure"}};
inline constexpr Field kWriteVendorFields[] = {u32(0, "Offset"), u32(4, "InputLength").unit("bytes"),
                                               nt_status(8), u32(12, "Reason").names(kVendorReasons)};
inline constexpr Field kReadVendorFields[] = {u32(0, "Offset"), u32(4, "BytesToRead").unit("bytes"),
                                              u32(8, "OutputBufferLength").unit("bytes"), nt_status(12),
                                              u32(16, "Reason").names(kVendorReasons)};
inline constexpr Field kOnlineFields[] = {u8(0, "IsOnline")};
inline constexpr Field kSubscribeFields[] = {u8(0, "IsRegistered")};
inline constexpr Field kServerTypeFields[] = {ascii(0, kLogText, "PlatformName"),
                                              ascii(32, kLogText, "ServerType")};
inline constexpr Field kRecordFullFields[] = {ascii(0, kLogText, "PlatformName")};
}  // namespace tables

inline constexpr layout::Layout kLogPshedInjectError =
    tables::log_payload("LogPshedInjectError", "WHEAP_PSHED_INJECT_ERROR", tables::kInjectFields);
static_assert(layout::check(kLogPshedInjectError));
inline constexpr layout::Layout kLogPshedPluginRegister =
    tables::log_payload("LogPshedPluginRegister", "WHEAP_PSHED_PLUGIN_REGISTER", tables::kRegisterFields);
static_assert(layout::check(kLogPshedPluginRegister));
inline constexpr layout::Layout kLogPshedPluginLoad =
    tables::log_payload("LogPshedPluginLoad", "WHEA_PSHED_PLUGIN_LOAD_EVENT", tables::kPluginLoadFields);
static_assert(layout::check(kLogPshedPluginLoad));
inline constexpr layout::Layout kLogPshedPluginUnload = tables::log_payload(
    "LogPshedPluginUnload", "WHEA_PSHED_PLUGIN_UNLOAD_EVENT", tables::kPluginUnloadFields);
static_assert(layout::check(kLogPshedPluginUnload));
inline constexpr layout::Layout kLogPshedPluginSupported = tables::log_payload(
    "LogPshedPluginSupported", "WHEA_PSHED_PLUGIN_PLATFORM_SUPPORT_EVENT", tables::kPluginSupportedFields);
static_assert(layout::check(kLogPshedPluginSupported));
inline constexpr layout::Layout kLogThrottleRegistry = tables::log_payload(
    "LogThrottleRegistry", "WHEA_THROTTLE_REGISTRY_CORRUPT_EVENT", tables::kThrottleFields);
static_assert(layout::check(kLogThrottleRegistry));
inline constexpr layout::Layout kLogEnableKeyNotifFailed = tables::log_payload(
    "LogEnableKeyNotifFailed", "WHEA_PSHED_PLUGIN_ENABLE_NOTIFY_FAILED_EVENT", tables::kEnableNotifyFields);
static_assert(layout::check(kLogEnableKeyNotifFailed));
inline constexpr layout::Layout kLogCpuBusesInitFailed = tables::log_payload(
    "LogCpuBusesInitFailed", "WHEA_PSHED_PI_CPU_BUSES_INIT_FAILED_EVENT", tables::kPluginStatusFields);
static_assert(layout::check(kLogCpuBusesInitFailed));
inline constexpr layout::Layout kLogPshedPluginInitFailed = tables::log_payload(
    "LogPshedPluginInitFailed", "WHEA_PSHED_PLUGIN_INIT_FAILED_EVENT", tables::kPluginStatusFields);
static_assert(layout::check(kLogPshedPluginInitFailed));
inline constexpr layout::Layout kLogPshedPiCpuid =
    tables::log_payload("LogPshedPiCpuid", "WHEA_PSHED_PI_CPUID", tables::kCpuidFields);
static_assert(layout::check(kLogPshedPiCpuid));
inline constexpr layout::Layout kLogPshedPiTraceLog =
    tables::log_payload("LogPshedPiTraceLog", "WHEA_PSHED_PI_TRACE_EVENT", tables::kTraceFields);
static_assert(layout::check(kLogPshedPiTraceLog));
inline constexpr layout::Layout kLogPshedWriteVendorDefined =
    tables::log_payload("LogPshedWriteVendorDefined", "WHEA_WRITE_VENDOR_DEFINED_INJECTION_AREA_LOG_ENTRY",
                        tables::kWriteVendorFields);
static_assert(layout::check(kLogPshedWriteVendorDefined));
inline constexpr layout::Layout kLogPshedReadVendorDefined =
    tables::log_payload("LogPshedReadVendorDefined", "WHEA_READ_VENDOR_DEFINED_INJECTION_AREA_LOG_ENTRY",
                        tables::kReadVendorFields);
static_assert(layout::check(kLogPshedReadVendorDefined));
inline constexpr layout::Layout kLogImpiOnline =
    tables::log_payload("LogImpiOnline", "WHEA_IPMI_LOAD_EVENT", tables::kOnlineFields);
static_assert(layout::check(kLogImpiOnline));
inline constexpr layout::Layout kLogImpiSubscribe =
    tables::log_payload("LogImpiSubscribe", "WHEA_IPMI_SUBSCRIBE_EVENT", tables::kSubscribeFields);
static_assert(layout::check(kLogImpiSubscribe));
inline constexpr layout::Layout kLogServerType =
    tables::log_payload("LogServerType", "WHEA_PSHED_PI_SERVER_TYPE_EVENT", tables::kServerTypeFields);
static_assert(layout::check(kLogServerType));
inline constexpr layout::Layout kLogErrorRecordFull = tables::log_payload(
    "LogErrorRecordFull", "WHEA_PSHED_PI_ERROR_RECORD_FULL_EVENT", tables::kRecordFullFields);
static_assert(layout::check(kLogErrorRecordFull));

}  // namespace wheatstone::whea
