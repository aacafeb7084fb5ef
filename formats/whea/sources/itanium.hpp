// Union members of Itanium sources: machine check abort, corrected machine check, corrected platform error.
// One structure in three. Source: WDK WHEA_IPF_MCA_DESCRIPTOR, WHEA_IPF_CMC_DESCRIPTOR,
// WHEA_IPF_CPE_DESCRIPTOR (ntddk.h of builds 6001 to 28000).
#pragma once

#include "formats/layout/field.hpp"
#include "formats/whea/sources/machine_check.hpp"

namespace wheatstone::whea {

inline constexpr std::uint16_t kMemberIpfMca = 3;
inline constexpr std::uint16_t kMemberIpfCmc = 4;
inline constexpr std::uint16_t kMemberIpfCpe = 5;

namespace tables {
inline constexpr Field kIpfFields[] = {u16(0, "Type"), u8(2, "Enabled"), pad(3, 1)};

consteval Layout itanium(std::string_view name, std::string_view structure) {
  return {.name = name,
          .structure = structure,
          .clause = "WDK ntddk.h (6001)",
          .min = 4,
          .size = 4,
          .fields = kIpfFields,
          .tail = kMemberTail};
}
}  // namespace tables

inline constexpr layout::Layout kIpfMcaDescriptor =
    tables::itanium("IpfMcaDescriptor", "WHEA_IPF_MCA_DESCRIPTOR");
inline constexpr layout::Layout kIpfCmcDescriptor =
    tables::itanium("IpfCmcDescriptor", "WHEA_IPF_CMC_DESCRIPTOR");
inline constexpr layout::Layout kIpfCpeDescriptor =
    tables::itanium("IpfCpeDescriptor", "WHEA_IPF_CPE_DESCRIPTOR");
static_assert(layout::check(kIpfMcaDescriptor) && layout::check(kIpfCmcDescriptor) &&
              layout::check(kIpfCpeDescriptor));

}  // namespace wheatstone::whea
