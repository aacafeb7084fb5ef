#include "mocks/windows/os_version.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>

namespace wheatstone::windows {

std::string OsVersion::text() const {
  return fmt::format("{}.{}.{}.{}.{}.{}.{}.{}", major, minor, build, platform, service_pack_major,
                     service_pack_minor, suite_mask, product);
}

std::string OsVersion::os_version() const {
  return fmt::format("{}_{}_{}", major, minor, build);
}

std::string OsVersion::service_pack() const {
  return fmt::format("{}_{}", service_pack_major, service_pack_minor);
}

std::string OsVersion::product_text() const {
  return fmt::format("{}_{}", suite_mask, product);
}

OsVersion os_version_of(const cper::Profile& profile) noexcept {
  OsVersion version;
  version.major = profile.major;
  version.minor = profile.minor;
  version.build = profile.build;
  version.service_pack_major = profile.service_pack_major;
  return version;
}

Result<OsVersion> parse_os_version(std::string_view text) {
  std::array<std::uint32_t, 8> groups{};
  const char* at = text.data();
  const char* const end = text.data() + text.size();
  for (std::size_t i = 0; i < groups.size(); ++i) {
    const auto [after, error] = std::from_chars(at, end, groups[i]);
    const bool last = i + 1 == groups.size();
    if (error != std::errc{} || (last ? after != end : after == end || *after != '.'))
      return fail(ErrorKind::invalid_argument, fmt::format("\"{}\" is no version of Windows", text),
                  "write eight numbers: major.minor.build.platform.spMajor.spMinor.suiteMask.product");
    at = last ? after : after + 1;
  }
  return OsVersion{groups[0], groups[1], groups[2], groups[3], groups[4], groups[5], groups[6], groups[7]};
}

}  // namespace wheatstone::windows
