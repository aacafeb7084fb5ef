// What a machine check bank says, in all: the code, how bad it is, how often it happened, where, in which
// hardware block, and what software may do about it. Views print the fields or the lines of describe().
//
// Sources: Intel SDM volume 3B chapter 16 (S, AR, PCC, threshold status, MISC address mode, codes of
// recoverable errors), AMD APM volume 2 chapter 9 and PPR (deferred, poison, TCC, SyndV, ECC, error core,
// threshold counter).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "formats/layout/names.hpp"
#include "formats/whea/mca.hpp"
#include "formats/whea/mca_registers.hpp"
#include "formats/whea/smca.hpp"

namespace wheatstone::whea {

enum class McaClass : std::uint8_t {
  none,         // VAL is clear
  corrected,    // UC is clear
  deferred,     // AMD: not corrected, and nobody has used the data yet
  ucna,         // Intel with SER_P: uncorrected, no action required
  srao,         // ... software recoverable, action optional
  srar,         // ... software recoverable, action required
  uncorrected,  // the context survives; nothing more is known
  fatal,        // PCC: the processor context is corrupt
};

// "UCNA", "fatal", ...
std::string_view to_string(McaClass error_class) noexcept;

// S and AR count only if MCG_CAP is recorded and has SER_P, and never on AMD; S clear with AR set has no
// class and is `uncorrected`. PCC decides where UC is set. With UC clear Intel calls an error corrected
// whatever PCC says; elsewhere PCC alone is fatal.
McaClass classify(const McaRegisters& registers) noexcept;

// Threshold-based error status, bits 53 and 54.
enum class McaTracking : std::uint8_t { none = 0, green = 1, yellow = 2, reserved = 3 };

// Not AMD, UC clear, and MCG_CAP is recorded and has TES_P; nullopt otherwise.
std::optional<McaTracking> mca_tracking(const McaRegisters& registers) noexcept;

// Bits 38 to 52. nullopt on AMD, and if MCG_CAP is recorded and lacks CMCI_P (bit 10).
std::optional<std::uint16_t> corrected_error_count(const McaRegisters& registers) noexcept;

// AMD threshold counter in MCi_MISC: it counts up and overflows behind kLimit.
struct McaCounter {
  static constexpr std::uint16_t kLimit = 0xfff;
  std::uint16_t count = 0;
  bool enabled = false;
  bool overflow = false;  // the threshold was reached
  bool locked = false;    // firmware keeps it

  friend bool operator==(const McaCounter&, const McaCounter&) = default;
};

// nullopt unless the bank is the northbridge or a scalable one, MISCV is set and MISC says that it is valid
// and has a counter.
std::optional<McaCounter> mca_counter(const McaRegisters& registers) noexcept;

// Bits 6 to 8 of MCi_MISC of Intel.
inline constexpr layout::Name kMcaAddressModes[] = {
    {0, "segment offset"}, {1, "linear"}, {2, "physical"}, {3, "memory"}, {7, "generic"}};

// MCi_ADDR without the bits that it does not know.
struct McaAddress {
  std::uint64_t value = 0;
  std::optional<std::uint8_t> lowest_bit{};  // of `value` that counts
  std::optional<std::uint8_t> mode{};        // kMcaAddressModes

  friend bool operator==(const McaAddress&, const McaAddress&) = default;
};

// nullopt if ADDRV is clear. Intel with SER_P and MISCV: lowest bit and mode stand in MISC. Scalable AMD
// banks with MCA_CONFIG: the lowest bit stands in the status (CONFIG bit 8) or in bits 56 to 61 of the
// address.
std::optional<McaAddress> mca_address(const McaRegisters& registers) noexcept;

struct McaExplanation {
  McaRegisters registers;
  McaCode code;
  McaClass error_class = McaClass::none;
  // What a code is called besides its kind: "memory scrubbing" of a recoverable Intel error, "hardware
  // assert" and "DRAM ECC error" of AMD. Empty for all others.
  std::string_view cause;
  std::optional<std::uint16_t> corrected_count{};
  std::optional<McaTracking> tracking{};
  std::optional<McaCounter> counter{};
  std::optional<McaAddress> address{};
  std::optional<McaRootPort> root_port{};
  bool northbridge = false;
  std::optional<std::uint32_t> northbridge_error{};  // kAmdNorthbridgeErrors
  bool smca = false;
  std::optional<SmcaBank> bank_type{};          // scalable, and MCA_IPID is recorded
  std::optional<std::uint8_t> extended_code{};  // scalable: ErrorCodeExt
  std::optional<std::uint8_t> error_core{};     // scalable, and ErrCoreIdVal is set
};

// Total: whatever the registers hold. Allocates nothing.
McaExplanation explain(const McaRegisters& registers) noexcept;

// Names of the status bits that are set, in order from high to low: "OVER", "EN", "MISCV", ... with those of
// the vendor. VAL and UC are left to the class.
std::vector<std::string_view> status_flags(const McaRegisters& registers);

// What software may do with the error: one sentence.
std::string_view advice(const McaExplanation& explanation) noexcept;

// Lines for people, label and text as the debugger aligns them ("Error         : DCACHEL1_DRD_ERR"): Error,
// Class, Flags, Corrected, Threshold, Bank, Error core, Model code, Address, Root port, Advice. A line that
// has nothing to say is left out; Error, Class, Bank and Advice are always there.
std::vector<std::string> describe(const McaExplanation& explanation);

}  // namespace wheatstone::whea
