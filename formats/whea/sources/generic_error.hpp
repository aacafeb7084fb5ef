// Union members of generic hardware error sources (GHES): firmware leaves an error status block at an
// address. Source: WDK WHEA_GENERIC_ERROR_DESCRIPTOR (ntddk.h 6001), WHEA_GENERIC_ERROR_DESCRIPTOR_V2
// (14393).
#pragma once

#include <array>

#include "formats/layout/field.hpp"
#include "formats/layout/view.hpp"
#include "formats/whea/sources/machine_check.hpp"
#include "formats/whea/sources/notification.hpp"

namespace wheatstone::whea {

inline constexpr std::uint16_t kMemberGeneric = 9;
inline constexpr std::uint16_t kMemberGenericV2 = 10;

namespace tables {
inline constexpr std::size_t kGenericCount = 11;
inline constexpr std::array<Field, kGenericCount + 7> kGenericFields = {
    u16(0, "Type"),
    pad(2, 1),
    u8(3, "Enabled").about("one byte later than in the other members"),
    u32(4, "ErrStatusBlockLength").unit("bytes"),
    u32(8, "RelatedErrorSourceId").hex().about("0xffff: none; any other: this source assists that one"),
    u8(12, "ErrStatusAddressSpaceID").about("these five are an ACPI generic address"),
    u8(13, "ErrStatusAddressBitWidth"),
    u8(14, "ErrStatusAddressBitOffset"),
    u8(15, "ErrStatusAddressAccessSize"),
    u64(16, "ErrStatusAddress").hex(),
    part(24, "Notify", kNotification),
    u8(52, "ReadAckAddressSpaceID").about("these five are an ACPI generic address"),
    u8(53, "ReadAckAddressBitWidth"),
    u8(54, "ReadAckAddressBitOffset"),
    u8(55, "ReadAckAddressAccessSize"),
    u64(56, "ReadAckAddress").hex(),
    u64(64, "ReadAckPreserveMask").hex(),
    u64(72, "ReadAckWriteMask").hex(),
};
}  // namespace tables

inline constexpr layout::Layout kGenErrDescriptor{
    .name = "GenErrDescriptor",
    .structure = "WHEA_GENERIC_ERROR_DESCRIPTOR",
    .clause = "WDK ntddk.h (6001)",
    .min = 52,
    .size = 52,
    .fields = std::span(tables::kGenericFields).first(tables::kGenericCount),
    .tail = tables::kMemberTail};
static_assert(layout::check(kGenErrDescriptor));

inline constexpr layout::Layout kGenErrDescriptorV2{.name = "GenErrDescriptorV2",
                                                    .structure = "WHEA_GENERIC_ERROR_DESCRIPTOR_V2",
                                                    .clause = "WDK ntddk.h (14393)",
                                                    .min = 80,
                                                    .size = 80,
                                                    .fields = tables::kGenericFields,
                                                    .tail = tables::kMemberTail};
static_assert(layout::check(kGenErrDescriptorV2));

}  // namespace wheatstone::whea
