// Counts of correctable errors that Windows sums up: by PCI Express device (WDK 20348 and later) and by DIMM
// (22000 and later). Source: WDK WHEA_PCIE_CORRECTABLE_ERROR_SECTION, WHEA_MEMORY_CORRECTABLE_ERROR_SECTION.
#pragma once

#include "formats/cper/sections/pcie.hpp"
#include "formats/layout/field.hpp"

namespace wheatstone::cper {

namespace tables {
using namespace layout;

inline constexpr Bit kPcieCorrectableValid[] = {{0, 1, "Segment"}, {1, 1, "Bus"},
                                                {2, 1, "Device"},  {3, 1, "Function"},
                                                {4, 1, "Mask"},    {5, 1, "CorrectableErrorCount"}};
inline constexpr Field kPcieCorrectableDeviceFields[] = {
    u64(0, "ValidBits").bits(kPcieCorrectableValid),
    u32(8, "Address.Segment").valid(0),
    u32(12, "Address.Bus").valid(1),
    u32(16, "Address.Device").valid(2),
    u32(20, "Address.Function").valid(3),
    u32(24, "Mask").valid(4).bits(kCorrectable),
    list(28, "CorrectableErrorCount", 32, 4)
        .valid(5)
        .about("by bit number of the correctable error status register"),
};
inline constexpr Layout kPcieCorrectableDevice{.name = "PcieCorrectableDevice",
                                               .structure = "WHEA_PCIE_CORRECTABLE_ERROR_DEVICES",
                                               .clause = "WDK ntddk.h (20348)",
                                               .min = 156,
                                               .size = 156,
                                               .fields = kPcieCorrectableDeviceFields,
                                               .valid = ref(kPcieCorrectableDeviceFields, "ValidBits")};
static_assert(check(kPcieCorrectableDevice));

inline constexpr Bit kMemoryCorrectableValid[] = {
    {0, 1, "SocketId"}, {1, 1, "ChannelId"}, {2, 1, "DimmSlot"}, {3, 1, "CorrectableErrorCount"}};
inline constexpr Field kMemoryCorrectableDataFields[] = {
    u64(0, "ValidBits").bits(kMemoryCorrectableValid),
    u32(8, "SocketId").valid(0),
    u32(12, "ChannelId").valid(1),
    u32(16, "DimmSlot").valid(2),
    u32(20, "CorrectableErrorCount").valid(3),
};
inline constexpr Layout kMemoryCorrectableData{.name = "MemoryCorrectableData",
                                               .structure = "WHEA_MEMORY_CORRECTABLE_ERROR_DATA",
                                               .clause = "WDK ntddk.h (22000)",
                                               .min = 24,
                                               .size = 24,
                                               .fields = kMemoryCorrectableDataFields,
                                               .valid = ref(kMemoryCorrectableDataFields, "ValidBits")};
static_assert(check(kMemoryCorrectableData));

inline constexpr Field kCorrectableSummaryFields[] = {u16(0, "Version"), u16(2, "Count")};
inline constexpr Tail kPcieCorrectableSummaryTail[] = {
    many("Devices", kPcieCorrectableDevice, ref(kCorrectableSummaryFields, "Count"))};
inline constexpr Tail kMemoryCorrectableSummaryTail[] = {
    many("Data", kMemoryCorrectableData, ref(kCorrectableSummaryFields, "Count"))};
}  // namespace tables

inline constexpr layout::Layout kPcieCorrectableSummary{.name = "PcieCorrectableSummary",
                                                        .structure = "WHEA_PCIE_CORRECTABLE_ERROR_SECTION",
                                                        .clause = "WDK ntddk.h (20348)",
                                                        .min = 4,
                                                        .size = 4,
                                                        .fields = tables::kCorrectableSummaryFields,
                                                        .tail = tables::kPcieCorrectableSummaryTail};
static_assert(layout::check(kPcieCorrectableSummary));

inline constexpr layout::Layout kMemoryCorrectableSummary{
    .name = "MemoryCorrectableSummary",
    .structure = "WHEA_MEMORY_CORRECTABLE_ERROR_SECTION",
    .clause = "WDK ntddk.h (22000)",
    .min = 4,
    .size = 4,
    .fields = tables::kCorrectableSummaryFields,
    .tail = tables::kMemoryCorrectableSummaryTail};
static_assert(layout::check(kMemoryCorrectableSummary));

}  // namespace wheatstone::cper
