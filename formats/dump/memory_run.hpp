// Physical pages in a row, and the descriptor that lists such runs.
// Source: PHYSICAL_MEMORY_DESCRIPTOR and PHYSICAL_MEMORY_RUN; formats/dump/README.md rules 4 to 6.
#pragma once

#include <cstdint>

#include "formats/layout/field.hpp"
#include "formats/layout/view.hpp"

namespace wheatstone::dump {

inline constexpr std::uint64_t kPageSize = 0x1000;

// A page frame number is a physical address without its low 12 bits; x64 has at most 52 bits of address.
inline constexpr std::uint64_t kPfnLimit = std::uint64_t{1} << 40;

struct MemoryRun {
  std::uint64_t base_page = 0;  // page frame number of the first page
  std::uint64_t page_count = 0;

  friend bool operator==(const MemoryRun&, const MemoryRun&) = default;
};

// Bytes that either header has for the descriptor, and the runs that fit.
inline constexpr std::uint32_t kMemoryBlockSize = 700;
inline constexpr std::uint32_t kMaxRuns64 = (kMemoryBlockSize - 16) / 16;
inline constexpr std::uint32_t kMaxRuns32 = (kMemoryBlockSize - 8) / 8;
static_assert(kMaxRuns64 == 42 && kMaxRuns32 == 86);

namespace tables {
using namespace layout;

inline constexpr Field kRun64Fields[] = {u64(0, "BasePage").hex(), u64(8, "PageCount").unit("pages")};
inline constexpr Field kRun32Fields[] = {u32(0, "BasePage").hex(), u32(4, "PageCount").unit("pages")};
}  // namespace tables

inline constexpr layout::Layout kMemoryRun64{.name = "MemoryRun64",
                                             .structure = "PHYSICAL_MEMORY_RUN",
                                             .clause = "64-bit crash dump",
                                             .min = 16,
                                             .size = 16,
                                             .fields = tables::kRun64Fields};
static_assert(layout::check(kMemoryRun64));

inline constexpr layout::Layout kMemoryRun32{.name = "MemoryRun32",
                                             .structure = "PHYSICAL_MEMORY_RUN",
                                             .clause = "32-bit crash dump",
                                             .min = 8,
                                             .size = 8,
                                             .fields = tables::kRun32Fields};
static_assert(layout::check(kMemoryRun32));

namespace tables {
inline constexpr Field kMemory64Fields[] = {
    u32(0, "NumberOfRuns"),
    pad(4, 4),
    u64(8, "NumberOfPages").unit("pages"),
};
inline constexpr Field kMemory32Fields[] = {
    u32(0, "NumberOfRuns"),
    u32(4, "NumberOfPages").unit("pages"),
};
inline constexpr Tail kMemory64Tail[] = {many("Run", kMemoryRun64, ref(kMemory64Fields, "NumberOfRuns")),
                                         rest("Unused")};
inline constexpr Tail kMemory32Tail[] = {many("Run", kMemoryRun32, ref(kMemory32Fields, "NumberOfRuns")),
                                         rest("Unused")};
}  // namespace tables

inline constexpr layout::Layout kMemoryDescriptor64{.name = "MemoryDescriptor64",
                                                    .structure = "PHYSICAL_MEMORY_DESCRIPTOR",
                                                    .clause = "64-bit crash dump",
                                                    .min = 16,
                                                    .size = 16,
                                                    .fields = tables::kMemory64Fields,
                                                    .tail = tables::kMemory64Tail};
static_assert(layout::check(kMemoryDescriptor64));

inline constexpr layout::Layout kMemoryDescriptor32{.name = "MemoryDescriptor32",
                                                    .structure = "PHYSICAL_MEMORY_DESCRIPTOR",
                                                    .clause = "32-bit crash dump",
                                                    .min = 8,
                                                    .size = 8,
                                                    .fields = tables::kMemory32Fields,
                                                    .tail = tables::kMemory32Tail};
static_assert(layout::check(kMemoryDescriptor32));

struct MemoryDescriptor64 {
  static constexpr auto kNumberOfRuns =
      layout::handle<MemoryDescriptor64, std::uint32_t>(kMemoryDescriptor64, "NumberOfRuns");
  static constexpr auto kNumberOfPages =
      layout::handle<MemoryDescriptor64, std::uint64_t>(kMemoryDescriptor64, "NumberOfPages");
};

struct MemoryDescriptor32 {
  static constexpr auto kNumberOfRuns =
      layout::handle<MemoryDescriptor32, std::uint32_t>(kMemoryDescriptor32, "NumberOfRuns");
  static constexpr auto kNumberOfPages =
      layout::handle<MemoryDescriptor32, std::uint32_t>(kMemoryDescriptor32, "NumberOfPages");
};

}  // namespace wheatstone::dump
