// What bug checks about hardware mean, and which one an error record leads to. Source: Microsoft bug check
// reference; parameters of 0x124 as the kernels of Vista, and of Windows 7 and later, fill them.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "formats/cper/record.hpp"
#include "formats/dump/bug_check.hpp"
#include "formats/whea/error_source.hpp"

namespace wheatstone::whea {

using dump::BugCheck;

inline constexpr std::uint32_t kBugCheckWheaUncorrectableError = 0x124;
inline constexpr std::uint32_t kBugCheckWheaInternalError = 0x122;
inline constexpr std::uint32_t kBugCheckMachineCheckException = 0x9c;
inline constexpr std::uint32_t kBugCheckNmiHardwareFailure = 0x80;
// Parameter 1 of 0x80 as the kernel raises it: the bytes "TDO".
inline constexpr std::uint64_t kNmiHardwareFailureTdo = 0x4f4454;

// "WHEA_UNCORRECTABLE_ERROR"; empty for codes that are not in the table.
std::string_view bug_check_name(std::uint32_t code) noexcept;

// What raised bug check 0x9C: its parameters do not say it themselves.
enum class MachineCheckUnit : std::uint8_t {
  bank,     // MCA: a bank of an x86 or x64 processor
  pentium,  // MCE: a Pentium, which has no banks
  itanium,
};

// What each parameter is, for this value of parameter 1. Empty where nothing is documented. 0x12B about a
// stored page is told from 0x12B about a page of the memory manager by its buffers, parameters 3 and 4
// (inferred).
std::array<std::string_view, 4> parameter_meanings(const BugCheck& bug_check,
                                                   MachineCheckUnit unit = MachineCheckUnit::bank) noexcept;

// Before this build of Windows the primary section decides about the parameters, since then the first machine
// check section.
inline constexpr std::uint32_t kFirstBuildByMachineCheck = 7600;

// What decides about a bug check besides the record.
struct BugCheckContext {
  // Build of Windows; the newest if nothing is known.
  std::uint32_t build = ~0u;
  // Third and fourth parameter that a device driver gave with its report (WHEA_PACKET_LOG_DATA).
  std::array<std::uint64_t, 2> driver{};
};

// The bug check that the kernel raises for a record it could not recover from:
//   0x80 with P1 = "TDO" if the record has an NMI section that is no hypervisor error;
//   0x124 otherwise, with P2 = `record_va`.
// Parameters of 0x124 since Windows 7: P1 is the source type; P3 and P4 are the two halves of MCi_STATUS of
// the first machine check section, 0 if there is none. A device driver's own parameters stand there instead,
// and for an Itanium machine check abort length and address of the SAL log (the first SAL section; inferred).
// Vista and Server 2008: a primary processor generic section gives P1 = 0 and the halves of MCi_STATUS of the
// MCA_EXCEPTION in the record's error packet; a primary PCIe section gives P1 = 4; anything else P1 = 0. P3
// and P4 are 0 where no status is found. nullopt if the record raises none: corrected or informational
// severity, flag PreviousError, or no header.
std::optional<BugCheck> bug_check_for(ErrorSourceType source, const cper::Record& record,
                                      std::uint64_t record_va, const BugCheckContext& context = {});

// Bug check 0x9C of an MCA_EXCEPTION: bank number, its address and the halves of MCi_STATUS; for a Pentium
// (type MCE) the low half of P5_MC_TYPE, its address and the halves of P5_MC_ADDR. nullopt if the bytes are
// shorter than the structure or the type is another one.
std::optional<BugCheck> bug_check_for_exception(Bytes mca_exception, std::uint64_t exception_va) noexcept;

// Lines as !analyze prints them: name and code, then "Arguments:" and one line a parameter.
std::vector<std::string> describe(const BugCheck& bug_check, MachineCheckUnit unit = MachineCheckUnit::bank);

}  // namespace wheatstone::whea
