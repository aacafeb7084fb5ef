// Memory ranges that went bad together, with the device they lie on: 88 bytes, then the ranges. Source: WDK
// WHEA_MEMORY_RANGE_ERROR_SECTION (28000 and later).
#pragma once

#include "formats/cper/sections/cxl_device.hpp"
#include "formats/layout/field.hpp"

namespace wheatstone::cper {

namespace tables {
using namespace layout;

inline constexpr Field kCxlDeviceInfoFields[] = {
    part(0, "DeviceID", kCxlPcieDeviceId),
    part(12, "DeviceSerialNumber", kCxlSerialNumber),
    pad(20, 52),
};
inline constexpr Layout kCxlDeviceInfo{.name = "CxlDeviceInfo",
                                       .structure = "WHEA_DEVICE_INFO.CXL",
                                       .clause = "WDK ntddk.h (28000)",
                                       .min = 72,
                                       .size = 72,
                                       .fields = kCxlDeviceInfoFields};
static_assert(check(kCxlDeviceInfo));

inline constexpr Name kWheaDeviceTypes[] = {{0, "Cxl"}};
inline constexpr ChoiceRow kDeviceInfoRows[] = {{0, {}, "CXL", {}, kForms<kCxlDeviceInfo>}};
inline constexpr Choice kDeviceInfoChoice{
    .selector = "DeviceType", .at = {84, 1, 0, 8}, .rows = kDeviceInfoRows};

inline constexpr Field kMemoryRangeEntryFields[] = {
    u64(0, "StartSystemPhysicalAddress").hex().address(),
    u64(8, "LengthInBytes").hex(),
};
inline constexpr Layout kMemoryRangeEntry{.name = "MemoryRangeEntry",
                                          .structure = "WHEA_MEMORY_RANGE",
                                          .clause = "WDK ntddk.h (28000)",
                                          .min = 16,
                                          .size = 16,
                                          .fields = kMemoryRangeEntryFields};
static_assert(check(kMemoryRangeEntry));

inline constexpr Bit kMemoryRangeValid[] = {
    {0, 1, "Version"}, {1, 1, "DeviceInfo"}, {2, 1, "DeviceType"}, {3, 1, "RangeCount"}, {4, 1, "Ranges"}};
inline constexpr Field kMemoryRangeFields[] = {
    u64(0, "ValidBits").bits(kMemoryRangeValid),
    u32(8, "Version").valid(0),
    list(12, "DeviceInfo", 9, 8).valid(1).hex().choose(kDeviceInfoChoice),
    u8(84, "DeviceType").valid(2).names(kWheaDeviceTypes),
    pad(85, 1),
    u16(86, "RangeCount").valid(3),
};
inline constexpr Tail kMemoryRangeTail[] = {
    many("Ranges", kMemoryRangeEntry, ref(kMemoryRangeFields, "RangeCount"))};
}  // namespace tables

inline constexpr layout::Layout kMemoryRange{.name = "MemoryRange",
                                             .structure = "WHEA_MEMORY_RANGE_ERROR_SECTION",
                                             .clause = "WDK ntddk.h (28000)",
                                             .min = 88,
                                             .size = 88,
                                             .fields = tables::kMemoryRangeFields,
                                             .tail = tables::kMemoryRangeTail,
                                             .valid = layout::ref(tables::kMemoryRangeFields, "ValidBits")};
static_assert(layout::check(kMemoryRange));

}  // namespace wheatstone::cper
