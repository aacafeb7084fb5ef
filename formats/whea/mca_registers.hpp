// The registers of one machine check bank as an XPF MCA section keeps them, and the processor that they are
// of: what every statement about a machine check starts from.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "formats/cper/record.hpp"
#include "formats/cper/sections/xpf_mca.hpp"
#include "formats/layout/bytes.hpp"

namespace wheatstone::whea {

struct McaRegisters {
  std::uint32_t cpu_vendor = cper::kCpuVendorOther;  // WHEA_CPU_VENDOR
  std::uint32_t bank = 0;
  std::uint64_t status = 0;             // MCi_STATUS
  std::uint64_t address = 0;            // MCi_ADDR
  std::uint64_t misc = 0;               // MCi_MISC
  std::uint64_t global_capability = 0;  // MCG_CAP; 0: not recorded, for a processor has at least one bank
  std::uint64_t ipid = 0;               // AMD MCA_IPID; 0: not recorded
  std::uint64_t config = 0;             // AMD MCA_CONFIG; 0: not recorded
  std::optional<std::uint32_t> family{};

  friend bool operator==(const McaRegisters&, const McaRegisters&) = default;
};

// Banks that a section body holds: none if it is too short for one, else the bank of the section and those of
// its extra arrays (versions 4 and 5), as many as ExBankCount says and there is room for.
std::size_t mca_bank_count(Bytes section) noexcept;

// The bank of the section (index 0) or one of the extra ones, for which only number, status, address and misc
// are kept. nullopt if index is not below mca_bank_count().
std::optional<McaRegisters> mca_registers(Bytes section, std::size_t index,
                                          std::optional<std::uint32_t> family) noexcept;

// The bank of the MCA_EXCEPTION in the record's error packet of version 1: what records of Vista SP1 and
// Server 2008 have for a machine check section. nullopt if there is none, or if it is a Pentium's.
std::optional<McaRegisters> mca_registers_of_packet(const cper::Record& record) noexcept;

// Display family (CPUID leaf 1: base plus extended) of a CPUVersion field.
std::uint32_t cpu_family(std::uint64_t cpu_version) noexcept;

// Family of the processor that the record is about. nullopt if no processor generic section says it.
std::optional<std::uint32_t> cpu_family(const cper::Record& record) noexcept;

// Bank 4 of AMD families 0Fh to 16h. Bank 4 of later ones is something else; an unknown family is none.
bool is_amd_northbridge(const McaRegisters& registers) noexcept;

// AMD family 17h or later, or a bank with MCA_IPID.
bool is_smca(const McaRegisters& registers) noexcept;

}  // namespace wheatstone::whea
