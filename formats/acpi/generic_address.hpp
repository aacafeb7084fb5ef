// Generic address structure (GAS), 12 bytes: where a register is. Source: ACPI 5.2.3.2.
#pragma once

#include <cstdint>

#include "formats/layout/field.hpp"

namespace wheatstone::acpi {

namespace tables {
using namespace layout;

inline constexpr Name kAddressSpaces[] = {{0, "SystemMemory"},
                                          {1, "SystemIO"},
                                          {2, "PciConfiguration"},
                                          {3, "EmbeddedController"},
                                          {4, "SMBus"},
                                          {5, "SystemCMOS"},
                                          {6, "PciBarTarget"},
                                          {7, "IPMI"},
                                          {8, "GeneralPurposeIO"},
                                          {9, "GenericSerialBus"},
                                          {10, "PlatformCommunicationsChannel"},
                                          {0x7f, "FunctionalFixedHardware"}};
inline constexpr Name kAccessSizes[] = {
    {0, "Undefined"}, {1, "Byte"}, {2, "Word"}, {3, "Dword"}, {4, "Qword"}};

inline constexpr Field kGenericAddressFields[] = {
    u8(0, "AddressSpaceID").names(kAddressSpaces),
    u8(1, "RegisterBitWidth").unit("bits"),
    u8(2, "RegisterBitOffset").unit("bits"),
    u8(3, "AccessSize").names(kAccessSizes),
    u64(4, "Address").hex(),
};
}  // namespace tables

inline constexpr layout::Layout kGenericAddress{.name = "GenericAddress",
                                                .structure = "Generic Address Structure",
                                                .clause = "ACPI 5.2.3.2",
                                                .min = 12,
                                                .size = 12,
                                                .fields = tables::kGenericAddressFields};
static_assert(layout::check(kGenericAddress));

// A register to write into a table; a quadword in memory unless told otherwise.
struct GenericAddress {
  std::uint8_t space = 0;  // 0 memory, 1 I/O, 2 PCI configuration
  std::uint8_t bit_width = 64;
  std::uint8_t bit_offset = 0;
  std::uint8_t access_size = 4;  // 1 byte, 2 word, 3 dword, 4 qword
  std::uint64_t address = 0;
};

}  // namespace wheatstone::acpi
