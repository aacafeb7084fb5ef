// How CXL sections name a device. Source: UEFI N.2.14, WDK WHEA_CXL_PCIE_DEVICE_ID and
// WHEA_CXL_DEVICE_SERIAL_NUMBER (28000 and later).
#pragma once

#include "formats/layout/field.hpp"

namespace wheatstone::cper::tables {
using namespace layout;

inline constexpr Bit kCxlSlot[] = {{0, 3, "Reserved1"}, {3, 13, "SlotNumber"}};
inline constexpr Field kCxlPcieDeviceIdFields[] = {
    u16(0, "VendorID").hex(), u16(2, "DeviceID").hex(), u8(4, "FunctionNumber"),   u8(5, "DeviceNumber"),
    u8(6, "BusNumber"),       u16(7, "SegmentNumber"),  u16(9, "").bits(kCxlSlot), pad(11, 1, "Reserved2"),
};
inline constexpr Layout kCxlPcieDeviceId{.name = "CxlPcieDeviceId",
                                         .structure = "WHEA_CXL_PCIE_DEVICE_ID",
                                         .clause = "UEFI N.2.14",
                                         .min = 12,
                                         .size = 12,
                                         .fields = kCxlPcieDeviceIdFields};
static_assert(check(kCxlPcieDeviceId));

inline constexpr Field kCxlSerialNumberFields[] = {
    u32(0, "CxlDeviceSerialNumberLowerDW").hex().identity(),
    u32(4, "CxlDeviceSerialNumberUpperDW").hex().identity(),
};
inline constexpr Layout kCxlSerialNumber{.name = "CxlSerialNumber",
                                         .structure = "WHEA_CXL_DEVICE_SERIAL_NUMBER",
                                         .clause = "UEFI N.2.13",
                                         .min = 8,
                                         .size = 8,
                                         .fields = kCxlSerialNumberFields};
static_assert(check(kCxlSerialNumber));

}  // namespace wheatstone::cper::tables
