// BERT: where the errors of a previous session are. The region holds generic error status blocks back to back
// (status_block.hpp: error_region_blocks). Source: ACPI 18.3.1.
#pragma once

#include "formats/acpi/table.hpp"

namespace wheatstone::acpi {

namespace tables {
inline constexpr Field kBertFields[] = {
    part(0, "Header", kTableHeader),
    u32(36, "BootErrorRegionLength").unit("bytes"),
    u64(40, "BootErrorRegion").hex().about("physical address"),
};
}  // namespace tables

inline constexpr layout::Layout kBert{.name = "Bert",
                                      .structure = "Boot Error Record Table",
                                      .clause = "ACPI 18.3.1",
                                      .min = 48,
                                      .size = 48,
                                      .fields = tables::kBertFields};
static_assert(layout::check(kBert));

struct Bert {
  static constexpr auto kRegionLength = layout::handle<Bert, std::uint32_t>(kBert, "BootErrorRegionLength");
  static constexpr auto kRegion = layout::handle<Bert, std::uint64_t>(kBert, "BootErrorRegion");
};

}  // namespace wheatstone::acpi
