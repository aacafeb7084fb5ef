// What the system knows about an error source: WHEA_ERROR_SOURCE_DESCRIPTOR, 972 bytes, and its V2 form of
// 1868 bytes with room for 64 machine check banks. Source: WDK ntddk.h of builds 6001 to 28000.
#pragma once

#include <array>
#include <optional>
#include <vector>

#include "formats/layout/bytes.hpp"
#include "formats/layout/field.hpp"
#include "formats/layout/finding.hpp"
#include "formats/layout/view.hpp"
#include "formats/layout/walk.hpp"
#include "formats/whea/error_source.hpp"
#include "formats/whea/sources/aer.hpp"
#include "formats/whea/sources/device_driver.hpp"
#include "formats/whea/sources/generic_error.hpp"
#include "formats/whea/sources/itanium.hpp"
#include "formats/whea/sources/machine_check.hpp"

namespace wheatstone::whea {

inline constexpr std::uint32_t kDescriptorVersion = 10;        // of classic sources
inline constexpr std::uint32_t kDescriptorVersionDriver = 11;  // of device drivers, since 18362
inline constexpr std::uint32_t kDescriptorInfo = 40;           // offset of the union
inline constexpr std::uint32_t kDescriptorSize = 972;
inline constexpr std::uint32_t kDescriptorSizeV2 = 1868;

// The union of a source that has no member of its own.
inline constexpr layout::Layout kNoMember{.name = "NoMember",
                                          .structure = "(none)",
                                          .clause = "no member is defined for this type of source",
                                          .fields = {},
                                          .tail = tables::kMemberTail};
static_assert(layout::check(kNoMember));

namespace tables {
inline constexpr ChoiceRow kMemberRows[] = {
    {kMemberXpfMce, {}, "XpfMceDescriptor", {}, kForms<kXpfMceDescriptor>},
    {kMemberXpfCmc, {}, "XpfCmcDescriptor", {}, kForms<kXpfCmcDescriptor>},
    {kMemberXpfNmi, {}, "XpfNmiDescriptor", {}, kForms<kXpfNmiDescriptor>},
    {kMemberIpfMca, {}, "IpfMcaDescriptor", {}, kForms<kIpfMcaDescriptor>},
    {kMemberIpfCmc, {}, "IpfCmcDescriptor", {}, kForms<kIpfCmcDescriptor>},
    {kMemberIpfCpe, {}, "IpfCpeDescriptor", {}, kForms<kIpfCpeDescriptor>},
    {kMemberAerRootport, {}, "AerRootportDescriptor", {}, kForms<kAerRootportDescriptor>},
    {kMemberAerEndpoint, {}, "AerEndpointDescriptor", {}, kForms<kAerEndpointDescriptor>},
    {kMemberAerBridge, {}, "AerBridgeDescriptor", {}, kForms<kAerBridgeDescriptor>},
    {kMemberGeneric, {}, "GenErrDescriptor", {}, kForms<kGenErrDescriptor>},
    {kMemberGenericV2, {}, "GenErrDescriptorV2", {}, kForms<kGenErrDescriptorV2>}};
inline constexpr Choice kMember{
    .selector = "Info.Type", .at = {kDescriptorInfo, 2, 0, 16}, .rows = kMemberRows};

// A driver's member and the empty one of boot sources have Type 0, as that of machine check exceptions has:
// the type of the source decides first.
inline constexpr ChoiceRow kSourceMemberRows[] = {
    {6, {}, "NoMember", {}, kForms<kNoMember>},
    {7, {}, "NoMember", {}, kForms<kNoMember>},
    {0x10, {}, "DeviceDriverDescriptor", {}, kForms<kDeviceDriverDescriptor>}};
inline constexpr Choice kSourceMember{
    .selector = "Type", .at = {8, 4, 0, 32}, .rows = kSourceMemberRows, .next = kChoices<kMember>};

consteval std::array<Field, 11> descriptor_fields(std::uint32_t size) {
  return {
      u32(0, "Length").unit("bytes").about("972 however small the member is; 1868 in the V2 form"),
      u32(4, "Version").about("10, or 11 of device drivers"),
      u32(8, "Type")
          .names(kErrorSourceTypeNames)
          .about("9, 10 and 11 are the Itanium sources by the WDK; sources that shift them by one are wrong. "
                 "SCI is the "
                 "System Control Interrupt"),
      u32(12, "State").names(kErrorSourceStateNames),
      u32(16, "MaxRawDataLength").unit("bytes"),
      u32(20, "NumRecordsToPreallocate"),
      u32(24, "MaxSectionsPerRecord"),
      u32(28, "ErrorSourceId").about("recent builds take 0 as invalid; older ones use it"),
      u32(32, "PlatformErrorSourceId"),
      u32(36, "Flags")
          .bits(kErrorSourceFlags)
          .about("bits 0 to 2 are those of HEST, which some sources copy here; Windows names GhesAssist "
                 "since 19041, "
                 "V2Descriptor since 28000, Override since 26100"),
      list(kDescriptorInfo, "Info", (size - kDescriptorInfo) / 4, 4)
          .hex()
          .choose(kSourceMember)
          .about("the member goes by Type for drivers and boot sources, by its own Type for all others"),
  };
}
inline constexpr auto kDescriptorFields = descriptor_fields(kDescriptorSize);
inline constexpr auto kDescriptorV2Fields = descriptor_fields(kDescriptorSizeV2);
}  // namespace tables

inline constexpr layout::Layout kErrorSourceDescriptor{.name = "ErrorSourceDescriptor",
                                                       .structure = "WHEA_ERROR_SOURCE_DESCRIPTOR",
                                                       .clause = "WDK ntddk.h (6001)",
                                                       .min = kDescriptorInfo,
                                                       .size = kDescriptorSize,
                                                       .fields = tables::kDescriptorFields};
static_assert(layout::check(kErrorSourceDescriptor));

inline constexpr layout::Layout kErrorSourceDescriptorV2{.name = "ErrorSourceDescriptorV2",
                                                         .structure = "WHEA_ERROR_SOURCE_DESCRIPTOR_V2",
                                                         .clause = "WDK ntddk.h (28000)",
                                                         .min = kDescriptorInfo,
                                                         .size = kDescriptorSizeV2,
                                                         .fields = tables::kDescriptorV2Fields};
static_assert(layout::check(kErrorSourceDescriptorV2));

inline constexpr const layout::Layout* kErrorSourceDescriptorForms[] = {&kErrorSourceDescriptor,
                                                                        &kErrorSourceDescriptorV2};

// One view for both forms: the first 40 bytes are common.
struct ErrorSourceDescriptor {
  static constexpr auto kLength =
      layout::handle<ErrorSourceDescriptor, std::uint32_t>(kErrorSourceDescriptor, "Length");
  static constexpr auto kVersion =
      layout::handle<ErrorSourceDescriptor, std::uint32_t>(kErrorSourceDescriptor, "Version");
  static constexpr auto kType =
      layout::handle<ErrorSourceDescriptor, std::uint32_t>(kErrorSourceDescriptor, "Type");
  static constexpr auto kState =
      layout::handle<ErrorSourceDescriptor, std::uint32_t>(kErrorSourceDescriptor, "State");
  static constexpr auto kMaxRawDataLength =
      layout::handle<ErrorSourceDescriptor, std::uint32_t>(kErrorSourceDescriptor, "MaxRawDataLength");
  static constexpr auto kNumRecordsToPreallocate =
      layout::handle<ErrorSourceDescriptor, std::uint32_t>(kErrorSourceDescriptor, "NumRecordsToPreallocate");
  static constexpr auto kMaxSectionsPerRecord =
      layout::handle<ErrorSourceDescriptor, std::uint32_t>(kErrorSourceDescriptor, "MaxSectionsPerRecord");
  static constexpr auto kErrorSourceId =
      layout::handle<ErrorSourceDescriptor, std::uint32_t>(kErrorSourceDescriptor, "ErrorSourceId");
  static constexpr auto kPlatformErrorSourceId =
      layout::handle<ErrorSourceDescriptor, std::uint32_t>(kErrorSourceDescriptor, "PlatformErrorSourceId");
  static constexpr auto kFlags =
      layout::handle<ErrorSourceDescriptor, std::uint32_t>(kErrorSourceDescriptor, "Flags");
};

// The structure of the union; nullptr if nothing defines it or `descriptor` is too short to say.
const layout::Layout* descriptor_member(Bytes descriptor) noexcept;

// Adds a finding for each value that a consumer of descriptors stumbles over: length, form, version, type,
// state, member. Banks that do not fit are for layout::find_broken(). `offset` is that of `descriptor` in the
// input, `path` what its fields are part of ("Descriptor."). No allocation if all is well.
void check_source_descriptor(Bytes descriptor, std::uint64_t offset, std::string_view path,
                             std::vector<Finding>& findings);

}  // namespace wheatstone::whea
