// Platform memory error section: 73 bytes (UEFI 2.1, Windows up to 16299) or 80 (UEFI 2.3, 17134 and later);
// 77 has been seen. Source: UEFI N.2.5, WDK WHEA_MEMORY_ERROR_SECTION.
#pragma once

#include "formats/cper/error_status.hpp"
#include "formats/layout/field.hpp"
#include "formats/layout/view.hpp"

namespace wheatstone::cper {

namespace tables {
using namespace layout;

inline constexpr Bit kMemoryValid[] = {{0, 1, "ErrorStatus"},
                                       {1, 1, "PhysicalAddress"},
                                       {2, 1, "PhysicalAddressMask"},
                                       {3, 1, "Node"},
                                       {4, 1, "Card"},
                                       {5, 1, "Module"},
                                       {6, 1, "Bank"},
                                       {7, 1, "Device"},
                                       {8, 1, "Row"},
                                       {9, 1, "Column"},
                                       {10, 1, "BitPosition"},
                                       {11, 1, "RequesterId"},
                                       {12, 1, "ResponderId"},
                                       {13, 1, "TargetId"},
                                       {14, 1, "ErrorType"},
                                       {15, 1, "RankNumber"},
                                       {16, 1, "CardHandle"},
                                       {17, 1, "ModuleHandle"},
                                       {18, 1, "ExtendedRow"},
                                       {19, 1, "BankGroup"},
                                       {20, 1, "BankAddress"},
                                       {21, 1, "ChipIdentification"}};

inline constexpr Name kMemoryErrorTypes[] = {{0, "Unknown"},
                                             {1, "NoError"},
                                             {2, "SingleBitECC"},
                                             {3, "MultiBitECC"},
                                             {4, "SingleSymbolChipkill"},
                                             {5, "MultiSymbolChipkill"},
                                             {6, "MasterAbort"},
                                             {7, "TargetAbort"},
                                             {8, "Parity"},
                                             {9, "WatchdogTimeout"},
                                             {10, "InvalidAddress"},
                                             {11, "MirrorBroken"},
                                             {12, "MemorySparing"},
                                             {13, "ScrubCorrected"},
                                             {14, "ScrubUncorrected"},
                                             {15, "PhysicalMapOut"}};

inline constexpr Bit kMemoryExtended[] = {{0, 2, "ExtendedRow"}, {5, 3, "ChipIdentification"}};

inline constexpr Field kMemoryFields[] = {
    u64(0, "ValidBits").bits(kMemoryValid),
    u64(8, "ErrorStatus").valid(0).bits(kErrorStatus),
    u64(16, "PhysicalAddress").valid(1).hex().address(),
    u64(24, "PhysicalAddressMask").valid(2).hex(),
    u16(32, "Node").valid(3),
    u16(34, "Card").valid(4),
    u16(36, "Module").valid(5).about("ModuleRank in EDK2"),
    u16(38, "Bank").valid(6).about("with valid bits 19 and 20: high byte group, low byte address"),
    u16(40, "Device").valid(7),
    u16(42, "Row").valid(8),
    u16(44, "Column").valid(9),
    u16(46, "BitPosition").valid(10),
    u64(48, "RequesterId").valid(11).hex(),
    u64(56, "ResponderId").valid(12).hex(),
    u64(64, "TargetId").valid(13).hex(),
    u8(72, "ErrorType").valid(14).names(kMemoryErrorTypes),
    u8(73, "Extended").bits(kMemoryExtended).from("UEFI N.2.5 (2.3 and later)"),
    u16(74, "RankNumber").valid(15).from("UEFI N.2.5 (2.3 and later)"),
    u16(76, "CardHandle").valid(16).hex().from("UEFI N.2.5 (2.3 and later)").about("SMBIOS type 16"),
    u16(78, "ModuleHandle").valid(17).hex().from("UEFI N.2.5 (2.3 and later)").about("SMBIOS type 17"),
};
}  // namespace tables

inline constexpr layout::Layout kMemory{.name = "Memory",
                                        .structure = "WHEA_MEMORY_ERROR_SECTION",
                                        .clause = "UEFI N.2.5",
                                        .min = 73,
                                        .size = 80,
                                        .fields = tables::kMemoryFields,
                                        .valid = layout::ref(tables::kMemoryFields, "ValidBits")};
static_assert(layout::check(kMemory));

struct Memory {
  static constexpr auto kValidBits = layout::handle<Memory, std::uint64_t>(kMemory, "ValidBits");
  static constexpr auto kErrorStatus = layout::handle<Memory, std::uint64_t>(kMemory, "ErrorStatus");
  static constexpr auto kPhysicalAddress = layout::handle<Memory, std::uint64_t>(kMemory, "PhysicalAddress");
  static constexpr auto kPhysicalAddressMask =
      layout::handle<Memory, std::uint64_t>(kMemory, "PhysicalAddressMask");
  static constexpr auto kNode = layout::handle<Memory, std::uint16_t>(kMemory, "Node");
  static constexpr auto kCard = layout::handle<Memory, std::uint16_t>(kMemory, "Card");
  static constexpr auto kModule = layout::handle<Memory, std::uint16_t>(kMemory, "Module");
  static constexpr auto kBank = layout::handle<Memory, std::uint16_t>(kMemory, "Bank");
  static constexpr auto kDevice = layout::handle<Memory, std::uint16_t>(kMemory, "Device");
  static constexpr auto kRow = layout::handle<Memory, std::uint16_t>(kMemory, "Row");
  static constexpr auto kColumn = layout::handle<Memory, std::uint16_t>(kMemory, "Column");
  static constexpr auto kBitPosition = layout::handle<Memory, std::uint16_t>(kMemory, "BitPosition");
  static constexpr auto kRequesterId = layout::handle<Memory, std::uint64_t>(kMemory, "RequesterId");
  static constexpr auto kResponderId = layout::handle<Memory, std::uint64_t>(kMemory, "ResponderId");
  static constexpr auto kTargetId = layout::handle<Memory, std::uint64_t>(kMemory, "TargetId");
  static constexpr auto kErrorType = layout::handle<Memory, std::uint8_t>(kMemory, "ErrorType");
  static constexpr auto kExtended = layout::late_handle<Memory, std::uint8_t>(kMemory, "Extended");
  static constexpr auto kRankNumber = layout::late_handle<Memory, std::uint16_t>(kMemory, "RankNumber");
  static constexpr auto kCardHandle = layout::late_handle<Memory, std::uint16_t>(kMemory, "CardHandle");
  static constexpr auto kModuleHandle = layout::late_handle<Memory, std::uint16_t>(kMemory, "ModuleHandle");
};

}  // namespace wheatstone::cper
