// Where a memory error is, as the address translation of the platform says: Intel, 166 bytes (WDK 26100 and
// later), and AMD, 133 bytes (28000 and later). Source: WDK WHEA_MEMORY_ERROR_EXT_SECTION_INTEL and _AMD.
#pragma once

#include "formats/layout/field.hpp"

namespace wheatstone::cper {

namespace tables {
using namespace layout;

inline constexpr Bit kMemoryExtensionFlags[] = {
    {0, 1, "AddressTranslationByPrmSuccess"},      {1, 1, "AddressTranslationByPrmFailed"},
    {2, 1, "AddressTranslationByPrmNotSupported"}, {3, 1, "AddressTranslationByPluginSuccess"},
    {4, 1, "AddressTranslationByPluginFailed"},    {5, 1, "AddressTranslationByPluginNotSupported"}};

inline constexpr Bit kMemoryExtensionIntelValid[] = {{0, 1, "MemDef"},
                                                     {1, 1, "SystemAddress"},
                                                     {2, 1, "SpareSystemAddress"},
                                                     {3, 1, "DevicePhysicalAddress"},
                                                     {4, 1, "ChannelAddress"},
                                                     {5, 1, "RankAddress"},
                                                     {6, 1, "ProcessorSocketId"},
                                                     {7, 1, "MemoryControllerId"},
                                                     {8, 1, "TargetId"},
                                                     {9, 1, "LogicalChannelId"},
                                                     {10, 1, "ChannelId"},
                                                     {11, 1, "SubChannelId"},
                                                     {12, 1, "PhysicalRankId"},
                                                     {13, 1, "DimmSlotId"},
                                                     {14, 1, "DimmRankId"},
                                                     {15, 1, "Bank"},
                                                     {16, 1, "BankGroup"},
                                                     {17, 1, "Row"},
                                                     {18, 1, "Column"},
                                                     {19, 1, "LockStepRank"},
                                                     {20, 1, "LockStepPhysicalRank"},
                                                     {21, 1, "LockStepBank"},
                                                     {22, 1, "LockStepBankGroup"},
                                                     {23, 1, "ChipSelect"},
                                                     {24, 1, "Node"},
                                                     {25, 1, "ChipId"}};
inline constexpr Name kMemoryDefinitions[] = {
    {0, "Undefined"}, {1, "FarMemory"}, {2, "NearMemory"}, {3, "Hbm"}};

// HardwareAddress stands in the parent, so that each of its fields has its validity bit there.
inline constexpr Field kMemoryExtensionIntelFields[] = {
    u64(0, "Flags").bits(kMemoryExtensionFlags),
    u64(8, "ValidBits").bits(kMemoryExtensionIntelValid),
    u32(16, "HardwareAddress.MemDef").valid(0).names(kMemoryDefinitions),
    u64(20, "HardwareAddress.SystemAddress").valid(1).hex().address(),
    u64(28, "HardwareAddress.SpareSystemAddress").valid(2).hex().address(),
    u64(36, "HardwareAddress.DevicePhysicalAddress").valid(3).hex().address(),
    u64(44, "HardwareAddress.ChannelAddress").valid(4).hex().address(),
    u64(52, "HardwareAddress.RankAddress").valid(5).hex().address(),
    u8(60, "HardwareAddress.ProcessorSocketId").valid(6),
    u8(61, "HardwareAddress.MemoryControllerId").valid(7),
    u8(62, "HardwareAddress.TargetId").valid(8),
    u8(63, "HardwareAddress.LogicalChannelId").valid(9),
    u8(64, "HardwareAddress.ChannelId").valid(10),
    u8(65, "HardwareAddress.SubChannelId").valid(11),
    u8(66, "HardwareAddress.PhysicalRankId").valid(12),
    u8(67, "HardwareAddress.DimmSlotId").valid(13),
    u8(68, "HardwareAddress.DimmRankId").valid(14),
    u8(69, "HardwareAddress.Bank").valid(15),
    u8(70, "HardwareAddress.BankGroup").valid(16),
    u32(71, "HardwareAddress.Row").valid(17),
    u32(75, "HardwareAddress.Column").valid(18),
    u8(79, "HardwareAddress.LockStepRank").valid(19),
    u8(80, "HardwareAddress.LockStepPhysicalRank").valid(20),
    u8(81, "HardwareAddress.LockStepBank").valid(21),
    u8(82, "HardwareAddress.LockStepBankGroup").valid(22),
    u8(83, "HardwareAddress.ChipSelect").valid(23),
    u8(84, "HardwareAddress.Node").valid(24),
    u8(85, "HardwareAddress.ChipId").valid(25),
    pad(86, 40, "HardwareAddress.Reserved"),
    pad(126, 40),
};

inline constexpr Bit kMemoryExtensionAmdValid[] = {
    {0, 1, "SystemPhysicalAddress"}, {1, 1, "NormalizedAddress"}, {2, 1, "UmcBankInstanceId"},
    {3, 1, "SocketNumber"},          {4, 1, "ChipSelect"},        {5, 1, "BankGroup"},
    {6, 1, "BankAddress"},           {7, 1, "RowAddress"},        {8, 1, "ColumnAddress"},
    {9, 1, "RankMultiplier"},        {10, 1, "SubChannel"},       {11, 1, "ChannelId"}};

inline constexpr Field kMemoryExtensionAmdFields[] = {
    u64(0, "Flags").bits(kMemoryExtensionFlags),
    u64(8, "ValidBits").bits(kMemoryExtensionAmdValid),
    u64(16, "HardwareAddress.SystemPhysicalAddress").valid(0).hex().address(),
    u64(24, "HardwareAddress.NormalizedAddress").valid(1).hex().address(),
    u64(32, "HardwareAddress.UmcBankInstanceId").valid(2).hex(),
    u8(40, "HardwareAddress.SocketNumber").valid(3),
    u8(41, "HardwareAddress.ChipSelect").valid(4),
    u8(42, "HardwareAddress.BankGroup").valid(5),
    u8(43, "HardwareAddress.BankAddress").valid(6),
    u32(44, "HardwareAddress.RowAddress").valid(7),
    u16(48, "HardwareAddress.ColumnAddress").valid(8),
    u8(50, "HardwareAddress.RankMultiplier").valid(9),
    u8(51, "HardwareAddress.SubChannel").valid(10),
    u8(52, "HardwareAddress.ChannelId").valid(11),
    pad(53, 40, "HardwareAddress.Reserved"),
    pad(93, 40),
};
}  // namespace tables

inline constexpr layout::Layout kMemoryExtensionIntel{
    .name = "MemoryExtensionIntel",
    .structure = "WHEA_MEMORY_ERROR_EXT_SECTION_INTEL",
    .clause = "WDK ntddk.h (26100)",
    .min = 166,
    .size = 166,
    .fields = tables::kMemoryExtensionIntelFields,
    .valid = layout::ref(tables::kMemoryExtensionIntelFields, "ValidBits")};
static_assert(layout::check(kMemoryExtensionIntel));

inline constexpr layout::Layout kMemoryExtensionAmd{
    .name = "MemoryExtensionAmd",
    .structure = "WHEA_MEMORY_ERROR_EXT_SECTION_AMD",
    .clause = "WDK ntddk.h (28000)",
    .min = 133,
    .size = 133,
    .fields = tables::kMemoryExtensionAmdFields,
    .valid = layout::ref(tables::kMemoryExtensionAmdFields, "ValidBits")};
static_assert(layout::check(kMemoryExtensionAmd));

}  // namespace wheatstone::cper
