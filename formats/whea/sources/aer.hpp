// Union members of PCI Express sources: what the system sets up at a root port, an endpoint, a bridge.
// Source: WDK WHEA_AER_ROOTPORT_DESCRIPTOR, WHEA_AER_ENDPOINT_DESCRIPTOR, WHEA_AER_BRIDGE_DESCRIPTOR (ntddk.h
// of builds 6001 to 28000).
#pragma once

#include <array>

#include "formats/cper/sections/pcie.hpp"
#include "formats/layout/field.hpp"
#include "formats/layout/view.hpp"
#include "formats/whea/sources/machine_check.hpp"

namespace wheatstone::whea {

inline constexpr std::uint16_t kMemberAerRootport = 6;
inline constexpr std::uint16_t kMemberAerEndpoint = 7;
inline constexpr std::uint16_t kMemberAerBridge = 8;

namespace tables {
inline constexpr Bit kAerSlot[] = {{0, 5, "DeviceNumber"}, {5, 3, "FunctionNumber"}};

// Which of the registers the system may write: four that all have, then those of the kind.
inline constexpr Bit kAerRootportFlags[] = {{0, 1, "UncorrectableErrorMaskRW"},
                                            {1, 1, "UncorrectableErrorSeverityRW"},
                                            {2, 1, "CorrectableErrorMaskRW"},
                                            {3, 1, "AdvancedCapsAndControlRW"},
                                            {4, 1, "RootErrorCommandRW"}};
inline constexpr Bit kAerBridgeFlags[] = {{0, 1, "UncorrectableErrorMaskRW"},
                                          {1, 1, "UncorrectableErrorSeverityRW"},
                                          {2, 1, "CorrectableErrorMaskRW"},
                                          {3, 1, "AdvancedCapsAndControlRW"},
                                          {4, 1, "SecondaryUncorrectableErrorMaskRW"},
                                          {5, 1, "SecondaryUncorrectableErrorSevRW"},
                                          {6, 1, "SecondaryCapsAndControlRW"}};

// The fields that all three have, then those of the kind.
template <class... More>
consteval std::array<Field, 11 + sizeof...(More)> aer_fields(Word flags, const More&... more) {
  return {u16(0, "Type"),
          u8(2, "Enabled"),
          pad(3, 1),
          u32(4, "BusNumber"),
          u32(8, "Slot").bits(kAerSlot).about("HEST has device and function in a field each"),
          u16(12, "DeviceControl").hex(),
          u16(14, "Flags").bits(flags),
          u32(16, "UncorrectableErrorMask").bits(cper::tables::kUncorrectable),
          u32(20, "UncorrectableErrorSeverity").bits(cper::tables::kUncorrectable),
          u32(24, "CorrectableErrorMask").bits(cper::tables::kCorrectable),
          u32(28, "AdvancedCapsAndControl").bits(cper::tables::kAerCapsControl),
          more...};
}
inline constexpr auto kAerRootportFields = aer_fields(kAerRootportFlags, u32(32, "RootErrorCommand").hex());
inline constexpr auto kAerEndpointFields = aer_fields(Word(kAerRootportFlags).first(4));
inline constexpr auto kAerBridgeFields =
    aer_fields(kAerBridgeFlags, u32(32, "SecondaryUncorrectableErrorMask").hex(),
               u32(36, "SecondaryUncorrectableErrorSev").hex(), u32(40, "SecondaryCapsAndControl").hex());

consteval Layout aer(std::string_view name, std::string_view structure, std::span<const Field> fields) {
  return {.name = name,
          .structure = structure,
          .clause = "WDK ntddk.h (6001)",
          .min = fields.back().end(),
          .size = fields.back().end(),
          .fields = fields,
          .tail = kMemberTail};
}
}  // namespace tables

inline constexpr layout::Layout kAerRootportDescriptor =
    tables::aer("AerRootportDescriptor", "WHEA_AER_ROOTPORT_DESCRIPTOR", tables::kAerRootportFields);
static_assert(layout::check(kAerRootportDescriptor) && kAerRootportDescriptor.size == 36);

inline constexpr layout::Layout kAerEndpointDescriptor =
    tables::aer("AerEndpointDescriptor", "WHEA_AER_ENDPOINT_DESCRIPTOR", tables::kAerEndpointFields);
static_assert(layout::check(kAerEndpointDescriptor) && kAerEndpointDescriptor.size == 32);

inline constexpr layout::Layout kAerBridgeDescriptor =
    tables::aer("AerBridgeDescriptor", "WHEA_AER_BRIDGE_DESCRIPTOR", tables::kAerBridgeFields);
static_assert(layout::check(kAerBridgeDescriptor) && kAerBridgeDescriptor.size == 44);

}  // namespace wheatstone::whea
