// Instruction entry, 32 bytes: one step of an action of ERST and EINJ. Both tables share it and name its
// actions differently. Source: ACPI 18.5.1.2 and 18.6.2.
#pragma once

#include <array>

#include "formats/acpi/generic_address.hpp"
#include "formats/layout/view.hpp"

namespace wheatstone::acpi {

inline constexpr std::size_t kInstructionEntrySize = 32;

namespace tables {
inline constexpr Bit kInstructionFlags[] = {{0, 1, "PRESERVE_REGISTER"}};

consteval std::array<Field, 7> instruction_entry_fields(Names actions, Names instructions) {
  return {
      u8(0, "Action").names(actions),
      u8(1, "Instruction").names(instructions),
      u8(2, "Flags").bits(kInstructionFlags),
      pad(3, 1),
      part(4, "RegisterRegion", kGenericAddress),
      u64(16, "Value").hex(),
      u64(24, "Mask").hex(),
  };
}
}  // namespace tables

// An entry to write.
struct NewInstruction {
  std::uint8_t action = 0;
  std::uint8_t instruction = 0;
  GenericAddress where{};
  std::uint64_t value = 0;
  std::uint64_t mask = ~std::uint64_t{0};
  std::uint8_t flags = 0;  // 1: preserve the register's other bits
};

}  // namespace wheatstone::acpi
