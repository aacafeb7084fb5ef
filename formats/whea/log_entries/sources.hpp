// Entries about error sources: which there are, which came and went, which are not as they should be. Source:
// WDK WHEAP_..._EVENT (ntddk.h of builds 18362 to 28000).
#pragma once

#include "formats/layout/field.hpp"
#include "formats/whea/error_source.hpp"
#include "formats/whea/error_source_descriptor.hpp"
#include "formats/whea/error_source_entry.hpp"
#include "formats/whea/log_entries/payload.hpp"
#include "formats/whea/sources/notification.hpp"

namespace wheatstone::whea {

namespace tables {
inline constexpr Tail kInitTail[] = {many("ErrorSources", kErrorSourceEntry, Ref{})};
inline constexpr Field kDroppedFields[] = {u32(0, "ErrorSourceType").names(kErrorSourceTypeNames),
                                           u32(4, "ErrorSourceId")};
inline constexpr Field kAddRemoveFields[] = {part(0, "Descriptor", kErrorSourceDescriptor), nt_status(972),
                                             u8(976, "IsRemove")};
inline constexpr Field kArrayInvalidFields[] = {u32(0, "ErrorSourceCount"),
                                                u32(4, "ReportedLength").unit("bytes"),
                                                u32(8, "ExpectedLength").unit("bytes")};
inline constexpr Field kSourceInvalidFields[] = {part(0, "ErrDescriptor", kErrorSourceDescriptor),
                                                 ascii(972, kLogText, "Error")};
inline constexpr Field kBadNotifyFields[] = {u16(0, "SourceId"), pad(2, 2),
                                             part(4, "NotifyDesc", kNotification)};
inline constexpr Field kDeviceDrvFields[] = {ascii(0, kLogText, "Function")};
}  // namespace tables

// Every source that the system started with: as many entries as there are bytes for.
inline constexpr layout::Layout kLogWheaInit{.name = "LogWheaInit",
                                             .structure = "WHEAP_INIT_EVENT (internal, x64)",
                                             .clause = "event 42, entry WheaInit, as observed",
                                             .fields = {},
                                             .tail = tables::kInitTail};
static_assert(layout::check(kLogWheaInit));

inline constexpr layout::Layout kLogDroppedCorrectedError = tables::log_payload(
    "LogDroppedCorrectedError", "WHEAP_DROPPED_CORRECTED_ERROR_EVENT", tables::kDroppedFields);
static_assert(layout::check(kLogDroppedCorrectedError));
inline constexpr layout::Layout kLogAddRemoveErrorSource = tables::log_payload(
    "LogAddRemoveErrorSource", "WHEAP_ADD_REMOVE_ERROR_SOURCE_EVENT", tables::kAddRemoveFields);
static_assert(layout::check(kLogAddRemoveErrorSource));
inline constexpr layout::Layout kLogErrSrcArrayInvalid = tables::log_payload(
    "LogErrSrcArrayInvalid", "WHEAP_ERR_SRC_ARRAY_INVALID_EVENT", tables::kArrayInvalidFields);
static_assert(layout::check(kLogErrSrcArrayInvalid));
inline constexpr layout::Layout kLogErrSrcInvalid =
    tables::log_payload("LogErrSrcInvalid", "WHEAP_ERR_SRC_INVALID_EVENT", tables::kSourceInvalidFields);
static_assert(layout::check(kLogErrSrcInvalid));
inline constexpr layout::Layout kLogBadHestNotifyData =
    tables::log_payload("LogBadHestNotifyData", "WHEAP_BAD_HEST_NOTIFY_DATA_EVENT", tables::kBadNotifyFields);
static_assert(layout::check(kLogBadHestNotifyData));
inline constexpr layout::Layout kLogDeviceDriver =
    tables::log_payload("LogDeviceDriver", "WHEAP_DEVICE_DRV_EVENT", tables::kDeviceDrvFields);
static_assert(layout::check(kLogDeviceDriver));

}  // namespace wheatstone::whea
