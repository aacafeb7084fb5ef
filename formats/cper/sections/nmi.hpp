// NMI section, 12 bytes. Source: WDK WHEA_NMI_ERROR_SECTION. What Data holds is not documented.
#pragma once

#include "formats/layout/field.hpp"
#include "formats/layout/view.hpp"

namespace wheatstone::cper {

namespace tables {
using namespace layout;
inline constexpr Bit kNmiFlags[] = {{0, 1, "HypervisorError"}};
inline constexpr Field kNmiFields[] = {raw(0, 8, "Data"), u32(8, "Flags").bits(kNmiFlags)};
}  // namespace tables

inline constexpr layout::Layout kNmi{.name = "Nmi",
                                     .structure = "WHEA_NMI_ERROR_SECTION",
                                     .clause = "WDK ntddk.h",
                                     .min = 12,
                                     .size = 12,
                                     .fields = tables::kNmiFields};
static_assert(layout::check(kNmi));

struct Nmi {
  static constexpr auto kFlags = layout::handle<Nmi, std::uint32_t>(kNmi, "Flags");
};

}  // namespace wheatstone::cper
