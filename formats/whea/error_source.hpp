// Error source types. Source: WDK WHEA_ERROR_SOURCE_TYPE (ntddk.h of builds 6001 to 22621).
#pragma once

#include <cstdint>
#include <string_view>

#include "formats/cper/error_source_types.hpp"
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

constexpr std::string_view to_string(ErrorSourceType type) noexcept {
  return layout::name_of(kErrorSourceTypeNames, static_cast<std::uint32_t>(type));
}

}  // namespace wheatstone::whea
