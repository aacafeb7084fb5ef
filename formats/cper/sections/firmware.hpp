// Firmware error record reference: 16 bytes on Windows; 32 bytes and a payload of the vendor in UEFI, which
// Windows passes on unchanged. Source: UEFI N.2.10, WDK WHEA_FIRMWARE_ERROR_RECORD_REFERENCE, EDK2
// EFI_FIRMWARE_ERROR_DATA.
#pragma once

#include "formats/layout/field.hpp"

namespace wheatstone::cper {

namespace tables {
using namespace layout;

inline constexpr Name kFirmwareRecordTypes[] = {
    {0, "IpfSalRecord"}, {1, "SocFirmwareType1"}, {2, "SocFirmwareType2"}};

inline constexpr Field kFirmwareWindowsFields[] = {
    u8(0, "Type").names(kFirmwareRecordTypes),
    pad(1, 7),
    u64(8, "FirmwareRecordId").hex(),
};

inline constexpr Field kFirmwareUefiFields[] = {
    u8(0, "Type").names(kFirmwareRecordTypes),
    u8(1, "Revision"),
    pad(2, 6),
    u64(8, "FirmwareRecordId").hex().about("of types 0 and 1"),
    guid(16, "RecordIdGuid").about("of type 2, or of revision 1 and later"),
};
inline constexpr Tail kFirmwareUefiTail[] = {rest("Payload").about("what the vendor's firmware recorded")};
}  // namespace tables

inline constexpr layout::Layout kFirmwareWindows{.name = "FirmwareErrorRecordReference",
                                                 .structure = "WHEA_FIRMWARE_ERROR_RECORD_REFERENCE",
                                                 .clause = "WDK ntddk.h (7600)",
                                                 .min = 16,
                                                 .size = 16,
                                                 .fields = tables::kFirmwareWindowsFields};
static_assert(layout::check(kFirmwareWindows));

inline constexpr layout::Layout kFirmwareUefi{.name = "FirmwareErrorRecordReference",
                                              .structure = "EFI_FIRMWARE_ERROR_DATA",
                                              .clause = "UEFI N.2.10",
                                              .min = 32,
                                              .size = 32,
                                              .fields = tables::kFirmwareUefiFields,
                                              .tail = tables::kFirmwareUefiTail};
static_assert(layout::check(kFirmwareUefi));

}  // namespace wheatstone::cper
