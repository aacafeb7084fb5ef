// WHEA_ERROR_RECORD_HEADER and WHEA_ERROR_RECORD_SECTION_DESCRIPTOR. Source: WDK ntddk.h; UEFI N.2.1 and
// N.2.2.
#pragma once

#include "formats/cper/guids.hpp"
#include "formats/cper/sections/reread.hpp"
#include "formats/cper/severity.hpp"
#include "formats/layout/field.hpp"
#include "formats/layout/view.hpp"

namespace wheatstone::cper {

inline constexpr std::uint32_t kSignature = 0x52455043;  // "CPER"
inline constexpr std::uint32_t kSignatureEnd = 0xffffffff;
inline constexpr std::size_t kHeaderSize = 128;
inline constexpr std::size_t kDescriptorSize = 72;
inline constexpr std::uint16_t kRevisionWindows = 0x0210;  // Win7 and later; major in the high byte
inline constexpr std::uint16_t kRevisionVistaSp1 = 0x0201;
inline constexpr std::uint16_t kRevisionUefi = 0x0100;

namespace tables {
using namespace layout;

inline constexpr Bit kRecordValid[] = {{0, 1, "PlatformId"}, {1, 1, "Timestamp"}, {2, 1, "PartitionId"}};

inline constexpr Bit kRecordFlags[] = {
    {0, 1, "Recovered"},         {1, 1, "PreviousError"},      {2, 1, "Simulated"},
    {3, 1, "DeviceDriver"},      {4, 1, "CriticalEvent"},      {5, 1, "PersistPfn"},
    {6, 1, "SectionsTruncated"}, {7, 1, "RecoveryInProgress"}, {8, 1, "Throttle"}};

inline constexpr Bit kPersistence[] = {{0, 16, "Signature"},
                                       {16, 24, "Length"},
                                       {40, 16, "Identifier"},
                                       {56, 2, "Attributes"},
                                       {58, 1, "DoNotLog"}};

inline constexpr Field kHeaderFields[] = {
    ascii(0, 4, "Signature"),
    u8(4, "Revision.MinorRevision").hex(),
    u8(5, "Revision.MajorRevision").hex(),
    u32(6, "SignatureEnd").hex(),
    u16(10, "SectionCount"),
    u32(12, "Severity").names(kSeverityNames),
    u32(16, "ValidBits").bits(kRecordValid),
    u32(20, "Length").unit("bytes"),
    u64(24, "Timestamp").record_time().valid(1).about("UTC; binary on Windows, BCD in UEFI firmware"),
    guid(32, "PlatformId").valid(0).identity(),
    guid(48, "PartitionId").valid(2).identity(),
    guid(64, "CreatorId").names(kCreatorNames),
    guid(80, "NotifyType").names(kNotifyNames),
    u64(96, "RecordId").hex(),
    u32(104, "Flags").bits(kRecordFlags),
    u64(108, "PersistenceInfo").bits(kPersistence),
    u32(116, "OsBuildNumber").about("reserved before build 28000, and 0 in ordinary records"),
    pad(120, 8),
};

inline constexpr Bit kSectionValid[] = {{0, 1, "FRUId"}, {1, 1, "FRUText"}};

inline constexpr Bit kSectionFlags[] = {
    {0, 1, "Primary"},           {1, 1, "ContainmentWarning"},   {2, 1, "Reset"},
    {3, 1, "ThresholdExceeded"}, {4, 1, "ResourceNotAvailable"}, {5, 1, "LatentError"},
    {6, 1, "Propagated"},        {7, 1, "FruTextByPlugin"}};
inline constexpr Bit kSectionFlagsUefi[] = {{0, 1, "Primary"},
                                            {1, 1, "ContainmentWarning"},
                                            {2, 1, "Reset"},
                                            {3, 1, "ThresholdExceeded"},
                                            {4, 1, "ResourceNotAvailable"},
                                            {5, 1, "LatentError"},
                                            {6, 1, "Propagated"},
                                            {7, 1, "Overflow"}};

inline constexpr Field kDescriptorFields[] = {
    u32(0, "SectionOffset").unit("bytes"),
    u32(4, "SectionLength").unit("bytes"),
    u8(8, "Revision.MinorRevision").hex(),
    u8(9, "Revision.MajorRevision").hex(),
    u8(10, "ValidBits").bits(kSectionValid),
    pad(11, 1),
    u32(12, "Flags")
        .bits(kSectionFlags)
        .about("bit 7 as Windows has it since 20348, whose records these mostly are; Overflow in UEFI"),
    guid(16, "SectionType"),
    guid(32, "FRUId").valid(0).identity(),
    u32(48, "SectionSeverity").names(kSeverityNames),
    ascii(52, 20, "FRUText").valid(1).identity(),
};
}  // namespace tables

inline constexpr layout::Layout kRecordHeader{.name = "RecordHeader",
                                              .structure = "WHEA_ERROR_RECORD_HEADER",
                                              .clause = "UEFI N.2.1, WDK ntddk.h",
                                              .min = kHeaderSize,
                                              .size = kHeaderSize,
                                              .fields = tables::kHeaderFields,
                                              .valid = layout::ref(tables::kHeaderFields, "ValidBits")};
static_assert(layout::check(kRecordHeader));

inline constexpr layout::Layout kSectionDescriptor{
    .name = "SectionDescriptor",
    .structure = "WHEA_ERROR_RECORD_SECTION_DESCRIPTOR",
    .clause = "UEFI N.2.2, WDK ntddk.h",
    .min = kDescriptorSize,
    .size = kDescriptorSize,
    .fields = tables::kDescriptorFields,
    .valid = layout::ref(tables::kDescriptorFields, "ValidBits")};
static_assert(layout::check(kSectionDescriptor));

// ---- competing readings (section_readings())

namespace tables {
inline constexpr Bit kRecordValidVistaSp1[] = {
    {0, 1, "Timestamp"}, {1, 1, "PlatformId"}, {2, 1, "PartitionId"}};
inline constexpr auto kHeaderFieldsVistaSp1 =
    with_fields(kHeaderFields, u32(16, "ValidBits").bits(kRecordValidVistaSp1),
                find(kHeaderFields, "Timestamp").valid(0), find(kHeaderFields, "PlatformId").valid(1));
inline constexpr auto kDescriptorFieldsUefi =
    with_fields(kDescriptorFields, u32(12, "Flags").bits(kSectionFlagsUefi).from("UEFI N.2.2 (LIBCPER)"));
}  // namespace tables

inline constexpr layout::Layout kRecordHeaderVistaSp1 = reread(kRecordHeader, tables::kHeaderFieldsVistaSp1);
static_assert(layout::check(kRecordHeaderVistaSp1));
inline constexpr layout::Layout kSectionDescriptorUefi =
    reread(kSectionDescriptor, tables::kDescriptorFieldsUefi);
static_assert(layout::check(kSectionDescriptorUefi));

// Typed access: View<Header>::make(kRecordHeader, bytes) gives view[Header::kLength].
struct Header {
  static constexpr auto kSectionCount = layout::handle<Header, std::uint16_t>(kRecordHeader, "SectionCount");
  static constexpr auto kMinorRevision =
      layout::handle<Header, std::uint8_t>(kRecordHeader, "Revision.MinorRevision");
  static constexpr auto kMajorRevision =
      layout::handle<Header, std::uint8_t>(kRecordHeader, "Revision.MajorRevision");
  static constexpr auto kSignatureEnd = layout::handle<Header, std::uint32_t>(kRecordHeader, "SignatureEnd");
  static constexpr auto kSeverity = layout::handle<Header, std::uint32_t>(kRecordHeader, "Severity");
  static constexpr auto kValidBits = layout::handle<Header, std::uint32_t>(kRecordHeader, "ValidBits");
  static constexpr auto kLength = layout::handle<Header, std::uint32_t>(kRecordHeader, "Length");
  static constexpr auto kTimestamp = layout::handle<Header, std::uint64_t>(kRecordHeader, "Timestamp");
  static constexpr auto kPlatformId = layout::handle<Header, Guid>(kRecordHeader, "PlatformId");
  static constexpr auto kPartitionId = layout::handle<Header, Guid>(kRecordHeader, "PartitionId");
  static constexpr auto kCreatorId = layout::handle<Header, Guid>(kRecordHeader, "CreatorId");
  static constexpr auto kNotifyType = layout::handle<Header, Guid>(kRecordHeader, "NotifyType");
  static constexpr auto kRecordId = layout::handle<Header, std::uint64_t>(kRecordHeader, "RecordId");
  static constexpr auto kFlags = layout::handle<Header, std::uint32_t>(kRecordHeader, "Flags");
  static constexpr auto kPersistenceInfo =
      layout::handle<Header, std::uint64_t>(kRecordHeader, "PersistenceInfo");
};

struct Descriptor {
  static constexpr auto kSectionOffset =
      layout::handle<Descriptor, std::uint32_t>(kSectionDescriptor, "SectionOffset");
  static constexpr auto kSectionLength =
      layout::handle<Descriptor, std::uint32_t>(kSectionDescriptor, "SectionLength");
  static constexpr auto kMinorRevision =
      layout::handle<Descriptor, std::uint8_t>(kSectionDescriptor, "Revision.MinorRevision");
  static constexpr auto kMajorRevision =
      layout::handle<Descriptor, std::uint8_t>(kSectionDescriptor, "Revision.MajorRevision");
  static constexpr auto kValidBits =
      layout::handle<Descriptor, std::uint8_t>(kSectionDescriptor, "ValidBits");
  static constexpr auto kFlags = layout::handle<Descriptor, std::uint32_t>(kSectionDescriptor, "Flags");
  static constexpr auto kSectionType = layout::handle<Descriptor, Guid>(kSectionDescriptor, "SectionType");
  static constexpr auto kFruId = layout::handle<Descriptor, Guid>(kSectionDescriptor, "FRUId");
  static constexpr auto kSeverity =
      layout::handle<Descriptor, std::uint32_t>(kSectionDescriptor, "SectionSeverity");
};

// Bits of WHEA_ERROR_RECORD_HEADER.Flags and of the descriptor's.
inline constexpr std::uint32_t kFlagRecovered = 1u << 0;
inline constexpr std::uint32_t kFlagPreviousError = 1u << 1;
inline constexpr std::uint32_t kFlagSimulated = 1u << 2;
inline constexpr std::uint32_t kFlagDeviceDriver = 1u << 3;
inline constexpr std::uint32_t kSectionPrimary = 1u << 0;

}  // namespace wheatstone::cper
