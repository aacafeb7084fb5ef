// How strictly a level-1 document is judged. A profile changes severities only: every profile reads the same
// report and gives the same codes.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "formats/layout/finding.hpp"

namespace wheatstone::cer {

enum class Profile : std::uint8_t {
  spec,     // the rules of [MS-CER2] 2.2.1 where they can be followed; the README says where they cannot
  windows,  // what clients of later Windows versions send, and the specification did not foresee, is a note
};

struct ProfileInfo {
  Profile profile;
  std::string_view name;
  std::string_view what;  // for people
};

// In the order of Profile.
inline constexpr ProfileInfo kProfiles[] = {
    {Profile::spec, "spec", "the rules of [MS-CER2], where they can be followed"},
    {Profile::windows, "windows", "the same, but what later versions of Windows send is a note"},
};

constexpr std::string_view to_string(Profile profile) noexcept {
  return kProfiles[static_cast<std::size_t>(profile)].name;
}

// nullopt: no profile has that name.
std::optional<Profile> find_profile(std::string_view name) noexcept;

struct CodeSeverity {
  std::string_view code;
  FindingSeverity severity;
};

// The codes of read_report() that have another severity in that profile than in `spec`, sorted by code.
std::span<const CodeSeverity> changed_severities(Profile profile) noexcept;

// The severity of a finding of read_report() in that profile, given the one it has in `spec`.
FindingSeverity severity_in(Profile profile, std::string_view code, FindingSeverity in_spec) noexcept;

}  // namespace wheatstone::cer
