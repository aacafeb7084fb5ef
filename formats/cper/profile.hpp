// Encoder profiles: what each Windows, and UEFI firmware, writes into its records. Source: WDK headers of
// builds 6001 to 26100 and the lengths seen in real records (see README).
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "formats/layout/guid.hpp"
#include "formats/layout/record_time.hpp"

namespace wheatstone::cper {

struct Profile {
  std::string_view name;  // "win11-24H2"
  std::uint32_t major;    // 10.0.26100 is major 10, minor 0, build 26100; all 0 for firmware
  std::uint32_t minor;
  std::uint32_t build;
  std::uint16_t service_pack_major;
  std::uint16_t record_revision;
  std::uint16_t section_revision;
  std::uint32_t mca_version;
  std::uint32_t mca_length;
  std::uint32_t memory_length;  // of a platform memory section
  bool recovery_info;           // a recovery info section behind the machine check (20348 and later)
  bool xpf_processor;           // an IA32/X64 section before the machine check
  Guid corrected_notify;        // CMC, and CMCI from 2004 on
  Guid creator;                 // null: firmware has its own
  TimestampForm time_form;

  constexpr bool is_windows() const noexcept { return major != 0; }
};

std::span<const Profile> profiles() noexcept;
// Those of a Windows: what a simulated machine may run.
std::span<const Profile> windows_profiles() noexcept;

// nullptr if there is none of that name.
const Profile* find_profile(std::string_view name) noexcept;

}  // namespace wheatstone::cper
