// ARM RAS node section, 80 bytes: the error record of one node as its registers give it. Source: WDK
// WHEA_ARM_RAS_NODE_SECTION (26100 and later); the names of nodes and interfaces are those of the ACPI table
// AEST.
#pragma once

#include "formats/layout/field.hpp"

namespace wheatstone::cper {

namespace tables {
using namespace layout;
inline constexpr Name kAestInterfaceTypes[] = {
    {0, "SystemRegister"}, {1, "MemoryMapped"}, {2, "SingleRecordMemoryMapped"}};
inline constexpr Name kAestNodeTypes[] = {{0, "Processor"}, {1, "Memory"}, {2, "SMMU"}, {3, "Vendor"},
                                          {4, "GIC"},       {5, "PCIe"},   {6, "Proxy"}};
inline constexpr Field kArmRasNodeFields[] = {
    u32(0, "NodeFieldCount"),
    u32(4, "NodeIndex"),
    u8(8, "InterfaceType").names(kAestInterfaceTypes).from("ACPI for the Armv8 RAS Extensions (AEST)"),
    u8(9, "AestNodeType").names(kAestNodeTypes).from("ACPI for the Armv8 RAS Extensions (AEST)"),
    pad(10, 6),
    u64(16, "ErrFr").hex(),
    u64(24, "ErrCtlr").hex(),
    u64(32, "ErrStatus").hex(),
    u64(40, "ErrAddr").hex(),
    u64(48, "ErrMisc0").hex(),
    u64(56, "ErrMisc1").hex(),
    u64(64, "ErrMisc2").hex(),
    u64(72, "ErrMisc3").hex(),
};
}  // namespace tables

inline constexpr layout::Layout kArmRasNode{.name = "ArmRasNode",
                                            .structure = "WHEA_ARM_RAS_NODE_SECTION",
                                            .clause = "WDK ntddk.h (26100)",
                                            .min = 80,
                                            .size = 80,
                                            .fields = tables::kArmRasNodeFields};
static_assert(layout::check(kArmRasNode));

}  // namespace wheatstone::cper
