// Union member of sources that a driver reports, 116 bytes with pointers of 64 bits, and what the driver
// gives to register one. Source: WDK WHEA_DEVICE_DRIVER_DESCRIPTOR, WHEA_ERROR_SOURCE_CONFIGURATION_DD,
// WHEA_ERROR_SOURCE_CONFIGURATION_DEVICE_DRIVER (ntddk.h of builds 19041 to 28000; 18362 had the member with
// the callbacks alone).
#pragma once

#include <array>

#include "formats/cper/guids.hpp"
#include "formats/layout/field.hpp"
#include "formats/layout/view.hpp"
#include "formats/whea/sources/machine_check.hpp"

namespace wheatstone::whea {

namespace tables {
inline constexpr Field kDriverCallbackFields[] = {
    u64(0, "Initialize").hex(),
    u64(8, "Uninitialize").hex(),
    u64(16, "Correct").hex(),
};
inline constexpr Layout kDriverCallbacks{.name = "DriverCallbacks",
                                         .structure = "WHEA_ERROR_SOURCE_CONFIGURATION_DD",
                                         .clause = "WDK ntddk.h (19041)",
                                         .min = 24,
                                         .size = 24,
                                         .fields = kDriverCallbackFields};
static_assert(check(kDriverCallbacks));

inline constexpr Field kDeviceDriverFields[] = {
    u16(0, "Type").about("no value is defined and real descriptors have 0: the source type decides"),
    u8(2, "Enabled"),
    pad(3, 1),
    guid(4, "SourceGuid"),
    ascii(20, 2, "LogTag"),
    pad(22, 2, "Reserved2"),
    u32(24, "PacketLength").unit("bytes"),
    u32(28, "PacketCount"),
    u64(32, "PacketBuffer").hex(),
    part(40, "Config", kDriverCallbacks),
    guid(64, "CreatorId").names(cper::kCreatorNames),
    guid(80, "PartitionId").identity(),
    u32(96, "MaxSectionDataLength").unit("bytes"),
    u32(100, "MaxSectionsPerRecord"),
    u64(104, "PacketStateBuffer").hex(),
    u32(112, "OpenHandles"),
};

// Version 1 ends before MaxSectionDataLength.
inline constexpr std::size_t kDriverConfigCountV1 = 6;
inline constexpr std::array<Field, kDriverConfigCountV1 + 4> kDriverConfigFields = {
    u32(0, "Version"),
    guid(4, "SourceGuid"),
    ascii(20, 2, "LogTag"),
    pad(22, 6),
    u64(28, "Initialize").hex(),
    u64(36, "Uninitialize").hex(),
    u32(44, "MaxSectionDataLength").unit("bytes"),
    u32(48, "MaxSectionsPerReport"),
    guid(52, "CreatorId").names(cper::kCreatorNames),
    guid(68, "PartitionId").identity(),
};
}  // namespace tables

inline constexpr layout::Layout kDeviceDriverDescriptor{.name = "DeviceDriverDescriptor",
                                                        .structure = "WHEA_DEVICE_DRIVER_DESCRIPTOR",
                                                        .clause = "WDK ntddk.h (19041)",
                                                        .min = 116,
                                                        .size = 116,
                                                        .fields = tables::kDeviceDriverFields,
                                                        .tail = tables::kMemberTail};
static_assert(layout::check(kDeviceDriverDescriptor));

inline constexpr layout::Layout kDriverConfigV1{
    .name = "DriverConfigV1",
    .structure = "WHEA_ERROR_SOURCE_CONFIGURATION_DEVICE_DRIVER_V1",
    .clause = "WDK ntddk.h (19041)",
    .min = 44,
    .size = 44,
    .fields = std::span(tables::kDriverConfigFields).first(tables::kDriverConfigCountV1)};
static_assert(layout::check(kDriverConfigV1));

inline constexpr layout::Layout kDriverConfig{.name = "DriverConfig",
                                              .structure = "WHEA_ERROR_SOURCE_CONFIGURATION_DEVICE_DRIVER",
                                              .clause = "WDK ntddk.h (19041)",
                                              .min = 84,
                                              .size = 84,
                                              .fields = tables::kDriverConfigFields};
static_assert(layout::check(kDriverConfig));

}  // namespace wheatstone::whea
