// Platform memory error section 2, 96 bytes: wider numbers, and a status. Windows does not decode it. Source:
// UEFI N.2.6 (2.5 and later), EDK2 EFI_PLATFORM_MEMORY2_ERROR_DATA.
#pragma once

#include "formats/cper/error_status.hpp"
#include "formats/cper/sections/memory.hpp"
#include "formats/layout/field.hpp"

namespace wheatstone::cper {

namespace tables {
using namespace layout;

inline constexpr Bit kMemory2Valid[] = {{0, 1, "ErrorStatus"},
                                        {1, 1, "PhysicalAddress"},
                                        {2, 1, "PhysicalAddressMask"},
                                        {3, 1, "Node"},
                                        {4, 1, "Card"},
                                        {5, 1, "Module"},
                                        {6, 1, "Bank"},
                                        {7, 1, "Device"},
                                        {8, 1, "Row"},
                                        {9, 1, "Column"},
                                        {10, 1, "Rank"},
                                        {11, 1, "BitPosition"},
                                        {12, 1, "ChipId"},
                                        {13, 1, "MemErrorType"},
                                        {14, 1, "Status"},
                                        {15, 1, "RequestorId"},
                                        {16, 1, "ResponderId"},
                                        {17, 1, "TargetId"},
                                        {18, 1, "CardHandle"},
                                        {19, 1, "ModuleHandle"},
                                        {20, 1, "BankGroup"},
                                        {21, 1, "BankAddress"}};

inline constexpr Bit kMemory2Status[] = {{0, 1, "Uncorrected"}};

inline constexpr Field kMemory2Fields[] = {
    u64(0, "ValidFields").bits(kMemory2Valid),
    u64(8, "ErrorStatus")
        .valid(0)
        .bits(kErrorStatus)
        .about("bits named as in all sections; EDK2 has Type, AddressSignal, DetectedByResponder, ..."),
    u64(16, "PhysicalAddress").valid(1).hex().address(),
    u64(24, "PhysicalAddressMask").valid(2).hex(),
    u16(32, "Node").valid(3),
    u16(34, "Card").valid(4),
    u16(36, "Module").valid(5),
    u16(38, "Bank").valid(6).about("with valid bits 20 and 21: high byte group, low byte address"),
    u32(40, "Device").valid(7),
    u32(44, "Row").valid(8),
    u32(48, "Column").valid(9),
    u32(52, "Rank").valid(10),
    u32(56, "BitPosition").valid(11),
    u8(60, "ChipId").valid(12),
    u8(61, "MemErrorType").valid(13).names(kMemoryErrorTypes),
    u8(62, "Status").valid(14).bits(kMemory2Status),
    pad(63, 1),
    u64(64, "RequestorId").valid(15).hex(),
    u64(72, "ResponderId").valid(16).hex(),
    u64(80, "TargetId").valid(17).hex(),
    u32(88, "CardHandle").valid(18).hex().about("SMBIOS type 16"),
    u32(92, "ModuleHandle").valid(19).hex().about("SMBIOS type 17"),
};
}  // namespace tables

inline constexpr layout::Layout kMemory2{.name = "Memory2",
                                         .structure = "EFI_PLATFORM_MEMORY2_ERROR_DATA",
                                         .clause = "UEFI N.2.6",
                                         .min = 96,
                                         .size = 96,
                                         .fields = tables::kMemory2Fields,
                                         .valid = layout::ref(tables::kMemory2Fields, "ValidFields")};
static_assert(layout::check(kMemory2));

}  // namespace wheatstone::cper
