// Telemetry of Project Mu firmware, 56 bytes. Source: WDK MU_TELEMETRY_SECTION (19041 and later); the status
// value is that of UEFI PI.
#pragma once

#include "formats/layout/field.hpp"

namespace wheatstone::cper {

namespace tables {
using namespace layout;

inline constexpr Bit kStatusCodeValue[] = {{0, 16, "Operation"}, {16, 8, "Subclass"}, {24, 8, "Class"}};

inline constexpr Field kMuTelemetryFields[] = {
    guid(0, "ComponentID"),
    guid(16, "SubComponentID"),
    pad(32, 4),
    u32(36, "ErrorStatusValue").bits(kStatusCodeValue).from("UEFI PI EFI_STATUS_CODE_VALUE"),
    u64(40, "AdditionalInfo1").hex(),
    u64(48, "AdditionalInfo2").hex(),
};
}  // namespace tables

inline constexpr layout::Layout kMuTelemetry{.name = "MuTelemetry",
                                             .structure = "MU_TELEMETRY_SECTION",
                                             .clause = "WDK ntddk.h (19041)",
                                             .min = 56,
                                             .size = 56,
                                             .fields = tables::kMuTelemetryFields};
static_assert(layout::check(kMuTelemetry));

}  // namespace wheatstone::cper
