// Error sources: their types, states and flags. Source: WDK WHEA_ERROR_SOURCE_TYPE, WHEA_ERROR_SOURCE_STATE
// and WHEA_ERROR_SOURCE_FLAG_... (ntddk.h of builds 6001 to 28000).
#pragma once

#include <cstdint>
#include <string_view>

#include "formats/cper/error_source_types.hpp"
#include "formats/layout/field.hpp"
#include "formats/layout/names.hpp"

namespace wheatstone::whea {

enum class ErrorSourceType : std::uint32_t {
  mce = 0,
  cmc = 1,
  cpe = 2,
  nmi = 3,
  pcie = 4,
  generic = 5,
  init = 6,
  boot = 7,
  sci_generic = 8,
  ipf_mca = 9,
  ipf_cmc = 0xa,
  ipf_cpe = 0xb,
  generic_v2 = 0xc,
  sci_generic_v2 = 0xd,
  bmc = 0xe,
  pmem = 0xf,
  device_driver = 0x10,
  sea = 0x11,
  sei = 0x12,
};

using cper::kErrorSourceTypeNames;

enum class ErrorSourceState : std::uint32_t { stopped = 1, started = 2, removed = 3, remove_pending = 4 };

inline constexpr layout::Name kErrorSourceStateNames[] = {
    {1, "Stopped"}, {2, "Started"}, {3, "Removed"}, {4, "RemovePending"}};

inline constexpr std::uint32_t kSourceFirmwareFirst = 1u << 0;
inline constexpr std::uint32_t kSourceGlobal = 1u << 1;
inline constexpr std::uint32_t kSourceGhesAssist = 1u << 2;    // since 19041
inline constexpr std::uint32_t kSourceV2Descriptor = 1u << 3;  // since 28000
inline constexpr std::uint32_t kSourceOverride = 1u << 30;     // since 26100
inline constexpr std::uint32_t kSourceDefault = 1u << 31;      // built in, not from HEST

inline constexpr layout::Bit kErrorSourceFlags[] = {{0, 1, "FirmwareFirst"}, {1, 1, "Global"},
                                                    {2, 1, "GhesAssist"},    {3, 1, "V2Descriptor"},
                                                    {30, 1, "Override"},     {31, 1, "DefaultSource"}};

// RelatedErrorSourceId of a generic source that belongs to no other.
inline constexpr std::uint32_t kNoRelatedSource = 0xffff;

constexpr std::string_view to_string(ErrorSourceType type) noexcept {
  return layout::name_of(kErrorSourceTypeNames, static_cast<std::uint32_t>(type));
}

}  // namespace wheatstone::whea
