// What bug checks about hardware mean, and which one an error record leads to. Source: Microsoft bug check
// reference; 0x124 parameters as the kernel of Windows 7 and later fills them.
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

// What each parameter is, for this value of parameter 1. Empty where nothing is documented.
std::array<std::string_view, 4> parameter_meanings(const BugCheck& bug_check) noexcept;

// The bug check that the kernel raises for a record it could not recover from:
//   0x80 with P1 = "TDO" if the record has an NMI section that is no hypervisor error;
//   0x124 otherwise: source type, address of the record, and the two halves of MCi_STATUS of the first
//   machine check section (0 if there is none).
// nullopt if the record raises none: corrected or informational severity, flag PreviousError, or no header.
// A device driver's own third and fourth parameter are not in the record: they are 0 here.
std::optional<BugCheck> bug_check_for(ErrorSourceType source, const cper::Record& record,
                                      std::uint64_t record_va);

// Lines as !analyze prints them: name and code, then "Arguments:" and one line a parameter.
std::vector<std::string> describe(const BugCheck& bug_check);

}  // namespace wheatstone::whea
