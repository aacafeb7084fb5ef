// Machine check codes: what the low 16 bits of MCi_STATUS mean, and what Windows makes of them in sections,
// events and debugger text. Source: Intel SDM volume 3B chapter 16, AMD APM volume 2 chapter 9; the Windows
// values as seen in real records and in the WHEA-Logger manifest.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "formats/layout/guid.hpp"
#include "formats/layout/names.hpp"

namespace wheatstone::whea {

enum class McaKind : std::uint8_t {
  no_error,
  unclassified,
  microcode_rom_parity,
  external,
  frc,  // functional redundancy check: master and slave disagree
  internal_parity,
  smm_code_access,  // an SMM handler left its own code
  internal_timer,
  internal_unclassified,
  generic_cache,  // cache hierarchy, nothing but the level known
  tlb,
  memory_controller,
  cache,
  extended_memory,  // memory used as a cache of memory
  bus,              // bus and interconnect
  unknown,          // no row of the table
};

// "Cache", "Bus", ...
std::string_view to_string(McaKind kind) noexcept;

// The value of a decoded WHEA-Logger field that the kind does not have.
inline constexpr std::uint32_t kNotApplicable = 256;

// Values of WHEA-Logger events 18 and 19.
struct McaLoggerFields {
  std::uint32_t error_type = 0;
  std::uint32_t transaction_type = kNotApplicable;
  std::uint32_t participation = kNotApplicable;
  std::uint32_t request_type = kNotApplicable;
  std::uint32_t memory_or_io = kNotApplicable;
  std::uint32_t hierarchy_level = kNotApplicable;
  std::uint32_t timeout = kNotApplicable;
  std::uint32_t operation_type = kNotApplicable;
  std::uint32_t channel = kNotApplicable;

  friend bool operator==(const McaLoggerFields&, const McaLoggerFields&) = default;
};

// ErrorType, Operation and Level of the processor generic section.
struct McaProcessorFields {
  std::uint8_t error_type = 0;  // bits: 1 cache, 2 TLB, 4 bus, 8 micro-architecture; 0 unknown
  std::uint8_t operation = 0;   // 0 generic, 1 data read, 2 data write, 3 instruction
  std::uint8_t level = 0;       // 3 generic

  friend bool operator==(const McaProcessorFields&, const McaProcessorFields&) = default;
};

// CheckInfoId and CheckInfo of WHEA_XPF_PROCINFO.
struct McaCheckInfo {
  Guid id;
  std::uint64_t word = 0;

  friend bool operator==(const McaCheckInfo&, const McaCheckInfo&) = default;
};

// A decoded code. A field is there if the kind has it; values that the table does not name are kept.
struct McaCode {
  std::uint64_t status = 0;  // as given
  McaKind kind = McaKind::no_error;
  std::optional<std::uint8_t> transaction_type{};  // TT: 0 instruction, 1 data, 2 generic
  std::optional<std::uint8_t> level{};             // LL: 0 to 2, 3 generic
  std::optional<std::uint8_t> request{};           // RRRR: 0 to 8
  std::optional<std::uint8_t> participation{};     // PP: 0 source, 1 response, 2 observer, 3 generic
  std::optional<std::uint8_t> timeout{};           // T
  std::optional<std::uint8_t> memory_or_io{};      // II: 0 memory, 1 reserved, 2 I/O, 3 other
  std::optional<std::uint8_t> operation{};         // MMM: 0 to 4
  std::optional<std::uint8_t> channel{};           // CCCC: 15 = not specified

  // "BUSLG_GENERIC_ERR_*_TIMEOUT_ERR" as the debugger prints it. Empty for kinds that have none, and if a
  // field has a value without a name.
  std::string mnemonic() const;
  McaLoggerFields logger() const noexcept;
  McaProcessorFields processor() const noexcept;
  // nullopt for memory controller and unknown codes: no check information describes them.
  std::optional<McaCheckInfo> check_info() const noexcept;
};

// `cpu_vendor` is WHEA_CPU_VENDOR (cper::kCpuVendorIntel...): on Intel, bit 12 only says that corrected
// reports are filtered.
McaCode decode_mca(std::uint64_t status, std::uint32_t cpu_vendor) noexcept;

// Bits 16 to 20 of MCi_STATUS of an AMD northbridge bank (bank 4 of families 0Fh to 16h).
inline constexpr layout::Name kAmdNorthbridgeErrors[] = {
    {0, "ECC Error"},          {1, "CRC Error"},        {2, "Sync Error"}, {3, "Master Abort"},
    {4, "Target Abort"},       {5, "GART Error"},       {6, "RMW Error"},  {7, "Watchdog Timeout Error"},
    {8, "ChipKill ECC Error"}, {0x100, "Unknown Error"}};

// 0 to 8, or 0x100 for values without a name.
std::uint32_t amd_northbridge_error(std::uint64_t status) noexcept;

// The root port that an I/O machine check of an Intel processor names in MCi_MISC.
struct McaRootPort {
  std::uint8_t segment = 0;
  std::uint8_t bus = 0;
  std::uint8_t device = 0;
  std::uint8_t function = 0;

  friend bool operator==(const McaRootPort&, const McaRootPort&) = default;
};

// nullopt unless the code is 0x0E0B (bit 12 ignored) and MISCV is set.
std::optional<McaRootPort> mca_root_port(std::uint64_t status, std::uint64_t misc) noexcept;

}  // namespace wheatstone::whea
