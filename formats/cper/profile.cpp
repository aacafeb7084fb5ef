#include "formats/cper/profile.hpp"

#include "formats/cper/compose.hpp"
#include "formats/cper/header.hpp"

namespace wheatstone::cper {
namespace {

constexpr Profile kProfiles[] = {
    // name, version, service pack, record and section revision, MCA version and length, recovery, xpf,
    // corrected
    {"win7-sp1", 6, 1, 7601, 1, kRevisionWindows, kSectionRevisionWin7, 1, 264, false, true, kNotifyCmc},
    {"win8.1", 6, 3, 9600, 0, kRevisionWindows, kSectionRevisionWin7, 1, 264, false, true, kNotifyCmc},
    {"win10-1607", 10, 0, 14393, 0, kRevisionWindows, kSectionRevisionWin10, 1, 264, false, true, kNotifyCmc},
    {"win10-1803", 10, 0, 17134, 0, kRevisionWindows, kSectionRevisionWin10, 2, 264, false, true, kNotifyCmc},
    {"win10-1903", 10, 0, 18362, 0, kRevisionWindows, kSectionRevisionWin10, 2, 272, false, true, kNotifyCmc},
    {"win10-2004", 10, 0, 19041, 0, kRevisionWindows, kSectionRevisionWin10, 2, 272, false, true,
     kNotifyCmci},
    {"win11-21H2", 10, 0, 22000, 0, kRevisionWindows, kSectionRevisionWin10, 3, 292, true, true, kNotifyCmci},
    {"win11-22H2", 10, 0, 22621, 0, kRevisionWindows, kSectionRevisionWin10, 3, 292, true, true, kNotifyCmci},
    {"win11-24H2", 10, 0, 26100, 0, kRevisionWindows, kSectionRevisionWin10, 4, 1192, true, true,
     kNotifyCmci},
};

}  // namespace

std::span<const Profile> profiles() noexcept {
  return kProfiles;
}

const Profile* find_profile(std::string_view name) noexcept {
  for (const Profile& profile : kProfiles)
    if (profile.name == name) return &profile;
  return nullptr;
}

}  // namespace wheatstone::cper
