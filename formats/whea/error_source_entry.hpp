// How the kernel of x64 keeps an error source: list links, counters, then the descriptor. 1072 bytes,
// aligned, not packed. The event log entry WheaInit holds an array of them. Nobody documents it; the layout
// is that of entries in real event logs, all of whose fields fit. Source: ralish/DecodeWheaRecord, builds
// 19041 to 26100.
#pragma once

#include "formats/layout/field.hpp"
#include "formats/layout/view.hpp"
#include "formats/whea/error_source.hpp"
#include "formats/whea/error_source_descriptor.hpp"

namespace wheatstone::whea {

// Offset of the descriptor.
inline constexpr std::uint32_t kEntryDescriptor = 96;

namespace tables {
inline constexpr Field kSourceEntryFields[] = {
    u64(0, "ListEntry.Flink").hex(),
    u64(8, "ListEntry.Blink").hex(),
    u32(16, "FailedAllocations"),
    u32(20, "PlatformErrorSourceId"),
    u32(24, "ErrorCount"),
    u32(28, "RecordCount"),
    u32(32, "RecordLength").unit("bytes").about("see record_allocation_length()"),
    ascii(36, 4, "PoolTag").about("Whea"),
    u32(40, "Type").names(kErrorSourceTypeNames),
    pad(44, 4),
    u64(48, "Records").hex(),
    u64(56, "Context").hex(),
    u32(64, "SectionCount"),
    u32(68, "SectionLength").unit("bytes"),
    u64(72, "TickCountAtLastError"),
    u32(80, "AccumulatedErrors"),
    u32(84, "TotalErrors"),
    u8(88, "Deferred"),
    pad(89, 3),
    u32(92, "Busy"),
    part(kEntryDescriptor, "Descriptor", kErrorSourceDescriptor),
    pad(1068, 4),
};
}  // namespace tables

inline constexpr layout::Layout kErrorSourceEntry{.name = "ErrorSourceEntry",
                                                  .structure = "WHEA_ERROR_SOURCE (internal, x64)",
                                                  .clause = "event 42, entry WheaInit, as observed",
                                                  .min = 96,
                                                  .size = 1072,
                                                  .fields = tables::kSourceEntryFields};
static_assert(layout::check(kErrorSourceEntry));

// Bytes that the kernel allocates for one record of a source: wrapper header, record header, then a
// descriptor and a body for each section, rounded up to 8. Fits every source of the real event logs
// (inferred).
constexpr std::uint64_t record_allocation_length(std::uint32_t max_sections,
                                                 std::uint32_t section_length) noexcept {
  constexpr std::uint64_t kWrapper = 0x28, kRecordHeader = 128, kSectionDescriptor = 72;
  const std::uint64_t bytes =
      kWrapper + kRecordHeader + max_sections * (kSectionDescriptor + std::uint64_t{section_length});
  return (bytes + 7) & ~std::uint64_t{7};
}

}  // namespace wheatstone::whea
