// AMD Scalable MCA: what kind of bank a bank is. On these processors (family 17h and later) the bank number
// says nothing; MCA_IPID names the hardware block that the bank belongs to.
//
//   63      48 47         44 43        32 31          0
//    McaType   InstanceIdHi   HardwareID   InstanceId
//
// Source: AMD Processor Programming Reference, "MCA_IPID" and the table of bank types; the pairs of
// HardwareID and McaType as Linux lists them (arch/x86/kernel/cpu/mce/amd.c).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace wheatstone::whea {

inline constexpr std::uint32_t kFirstSmcaFamily = 0x17;

struct SmcaBankType {
  std::uint16_t hardware_id;
  std::uint16_t mca_type;
  std::string_view name;  // "UMC"
  std::string_view text;  // "Unified Memory Controller"; empty where we know the name alone
};

// Sorted by HardwareID, then McaType; no pair twice.
std::span<const SmcaBankType> smca_bank_types() noexcept;

// nullptr for pairs that are not in the table.
const SmcaBankType* find_smca_bank_type(std::uint16_t hardware_id, std::uint16_t mca_type) noexcept;

// MCA_IPID, taken apart.
struct SmcaBank {
  std::uint16_t hardware_id = 0;
  std::uint16_t mca_type = 0;
  std::uint64_t instance = 0;          // InstanceIdHi and InstanceId: 36 bits
  const SmcaBankType* type = nullptr;  // nullptr: an unknown pair

  friend bool operator==(const SmcaBank&, const SmcaBank&) = default;
};

// nullopt for 0: the bank is not implemented, or the record does not have the register.
std::optional<SmcaBank> smca_bank(std::uint64_t ipid) noexcept;

// ErrorCodeExt, bits 16 to 21 of MCA_STATUS. What it means goes by bank type and model.
std::uint8_t smca_extended_code(std::uint64_t status) noexcept;

}  // namespace wheatstone::whea
