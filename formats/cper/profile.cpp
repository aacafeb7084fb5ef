#include "formats/cper/profile.hpp"

#include "formats/cper/compose.hpp"
#include "formats/cper/header.hpp"

namespace wheatstone::cper {
namespace {

constexpr TimestampForm kBinary = TimestampForm::binary;

constexpr Profile kProfiles[] = {
    // name, version, service pack, record and section revision, MCA version and length, memory length,
    // recovery, xpf, corrected, creator, time
    {"vista-sp1", 6, 0, 6001, 1, kRevisionVistaSp1, kSectionRevisionWin7, 1, 264, 73, false, false,
     kNotifyCmc, kCreatorWindows, kBinary},
    {"win7", 6, 1, 7600, 0, kRevisionWindows, kSectionRevisionWin7, 1, 264, 73, false, true, kNotifyCmc,
     kCreatorWindows, kBinary},
    {"win7-sp1", 6, 1, 7601, 1, kRevisionWindows, kSectionRevisionWin7, 1, 264, 73, false, true, kNotifyCmc,
     kCreatorWindows, kBinary},
    {"win8.1", 6, 3, 9600, 0, kRevisionWindows, kSectionRevisionWin7, 1, 264, 73, false, true, kNotifyCmc,
     kCreatorWindows, kBinary},
    {"win10-1607", 10, 0, 14393, 0, kRevisionWindows, kSectionRevisionWin10, 1, 264, 73, false, true,
     kNotifyCmc, kCreatorWindows, kBinary},
    {"win10-1803", 10, 0, 17134, 0, kRevisionWindows, kSectionRevisionWin10, 2, 264, 80, false, true,
     kNotifyCmc, kCreatorWindows, kBinary},
    {"win10-1903", 10, 0, 18362, 0, kRevisionWindows, kSectionRevisionWin10, 2, 272, 80, false, true,
     kNotifyCmc, kCreatorWindows, kBinary},
    {"win10-2004", 10, 0, 19041, 0, kRevisionWindows, kSectionRevisionWin10, 2, 272, 80, false, true,
     kNotifyCmci, kCreatorWindows, kBinary},
    {"win11-21H2", 10, 0, 22000, 0, kRevisionWindows, kSectionRevisionWin10, 3, 292, 80, true, true,
     kNotifyCmci, kCreatorWindows, kBinary},
    {"win11-22H2", 10, 0, 22621, 0, kRevisionWindows, kSectionRevisionWin10, 3, 292, 80, true, true,
     kNotifyCmci, kCreatorWindows, kBinary},
    {"win11-24H2", 10, 0, 26100, 0, kRevisionWindows, kSectionRevisionWin10, 4, 1192, 80, true, true,
     kNotifyCmci, kCreatorWindows, kBinary},
    {"uefi",
     0,
     0,
     0,
     0,
     kRevisionUefi,
     kRevisionUefi,
     1,
     264,
     80,
     false,
     true,
     kNotifyCmc,
     {},
     TimestampForm::bcd},
};

}  // namespace

std::span<const Profile> profiles() noexcept {
  return kProfiles;
}

std::span<const Profile> windows_profiles() noexcept {
  return std::span(kProfiles).first(std::size(kProfiles) - 1);
}
static_assert(kProfiles[std::size(kProfiles) - 2].is_windows() &&
              !kProfiles[std::size(kProfiles) - 1].is_windows());

const Profile* find_profile(std::string_view name) noexcept {
  for (const Profile& profile : kProfiles)
    if (profile.name == name) return &profile;
  return nullptr;
}

}  // namespace wheatstone::cper
