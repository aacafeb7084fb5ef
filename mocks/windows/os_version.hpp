// The version of Windows as reports spell it: "6.1.6561.2.0.0.256.1". Source: [MS-CER2] 2.2.1.3.3 and 4.3.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "formats/cper/profile.hpp"
#include "formats/layout/result.hpp"

namespace wheatstone::windows {

struct OsVersion {
  std::uint32_t major = 10;
  std::uint32_t minor = 0;
  std::uint32_t build = 0;
  std::uint32_t platform = 2;  // 2 = NT
  std::uint32_t service_pack_major = 0;
  std::uint32_t service_pack_minor = 0;
  std::uint32_t suite_mask = 256;
  std::uint32_t product = 48;  // 48 = Professional

  std::string text() const;          // "10.0.26100.2.0.0.256.48"
  std::string os_version() const;    // "10_0_26100"
  std::string service_pack() const;  // "0_0"
  std::string product_text() const;  // "256_48"

  friend bool operator==(const OsVersion&, const OsVersion&) = default;
};

OsVersion os_version_of(const cper::Profile& profile) noexcept;

// Fails (invalid_argument) unless the text is eight numbers of 32 bits joined with dots.
Result<OsVersion> parse_os_version(std::string_view text);

}  // namespace wheatstone::windows
