// What follows the header of a 64-bit triage dump (minidump). Every offset counts from the start of the file.
// README rules 7 to 11.
#pragma once

#include <cstdint>

#include "formats/layout/field.hpp"
#include "formats/layout/view.hpp"

namespace wheatstone::dump {

inline constexpr std::uint32_t kTriageBlockSize = 0x80;
inline constexpr std::uint32_t kDataBlockSize = 16;
inline constexpr std::uint32_t kTriageMarker = 0x44475254;  // "TRGD"

namespace tables {
using namespace layout;

inline constexpr Field kTriageFields[] = {
    u32(0x00, "ServicePackBuild"),
    u32(0x04, "SizeOfDump").unit("bytes"),
    u32(0x08, "ValidOffset").hex(),
    u32(0x0c, "ContextOffset").hex(),
    u32(0x10, "ExceptionOffset").hex(),
    u32(0x14, "MmOffset").hex(),
    u32(0x18, "UnloadedDriversOffset").hex(),
    u32(0x1c, "PrcbOffset").hex(),
    u32(0x20, "ProcessOffset").hex(),
    u32(0x24, "ThreadOffset").hex(),
    u32(0x28, "CallStackOffset").hex(),
    u32(0x2c, "SizeOfCallStack").unit("bytes"),
    u32(0x30, "DriverListOffset").hex(),
    u32(0x34, "DriverCount"),
    u32(0x38, "StringPoolOffset").hex(),
    u32(0x3c, "StringPoolSize").unit("bytes"),
    u32(0x40, "BrokenDriverOffset").hex(),
    u32(0x44, "TriageOptions").hex(),
    u64(0x48, "TopOfStack").hex(),
    pad(0x50, 16, "BackingStore"),
    u64(0x60, "DataPageAddress").hex(),
    u32(0x68, "DataPageOffset").hex(),
    u32(0x6c, "DataPageSize").unit("bytes"),
    u32(0x70, "DebuggerDataOffset").hex(),
    u32(0x74, "DebuggerDataSize").unit("bytes"),
    u32(0x78, "DataBlocksOffset").hex(),
    u32(0x7c, "DataBlocksCount"),
};

inline constexpr Field kDataBlockFields[] = {
    u64(0, "Address").hex(),
    u32(8, "Offset").hex(),
    u32(12, "Size").unit("bytes"),
};
}  // namespace tables

inline constexpr layout::Layout kTriageBlock{.name = "TriageBlock",
                                             .structure = "TRIAGE_DUMP64",
                                             .clause = "README rule 7",
                                             .min = kTriageBlockSize,
                                             .size = kTriageBlockSize,
                                             .fields = tables::kTriageFields};
static_assert(layout::check(kTriageBlock));

inline constexpr layout::Layout kDataBlock{.name = "TriageDataBlock",
                                           .structure = "TRIAGE_DATA_BLOCK",
                                           .clause = "README rule 9",
                                           .min = kDataBlockSize,
                                           .size = kDataBlockSize,
                                           .fields = tables::kDataBlockFields};
static_assert(layout::check(kDataBlock));

struct Triage {
  static constexpr auto kSizeOfDump = layout::handle<Triage, std::uint32_t>(kTriageBlock, "SizeOfDump");
  static constexpr auto kValidOffset = layout::handle<Triage, std::uint32_t>(kTriageBlock, "ValidOffset");
  static constexpr auto kContextOffset = layout::handle<Triage, std::uint32_t>(kTriageBlock, "ContextOffset");
  static constexpr auto kExceptionOffset =
      layout::handle<Triage, std::uint32_t>(kTriageBlock, "ExceptionOffset");
  static constexpr auto kCallStackOffset =
      layout::handle<Triage, std::uint32_t>(kTriageBlock, "CallStackOffset");
  static constexpr auto kSizeOfCallStack =
      layout::handle<Triage, std::uint32_t>(kTriageBlock, "SizeOfCallStack");
  static constexpr auto kTriageOptions = layout::handle<Triage, std::uint32_t>(kTriageBlock, "TriageOptions");
  static constexpr auto kTopOfStack = layout::handle<Triage, std::uint64_t>(kTriageBlock, "TopOfStack");
  static constexpr auto kDataPageAddress =
      layout::handle<Triage, std::uint64_t>(kTriageBlock, "DataPageAddress");
  static constexpr auto kDataPageOffset =
      layout::handle<Triage, std::uint32_t>(kTriageBlock, "DataPageOffset");
  static constexpr auto kDataPageSize = layout::handle<Triage, std::uint32_t>(kTriageBlock, "DataPageSize");
  static constexpr auto kDebuggerDataOffset =
      layout::handle<Triage, std::uint32_t>(kTriageBlock, "DebuggerDataOffset");
  static constexpr auto kDebuggerDataSize =
      layout::handle<Triage, std::uint32_t>(kTriageBlock, "DebuggerDataSize");
  static constexpr auto kDataBlocksOffset =
      layout::handle<Triage, std::uint32_t>(kTriageBlock, "DataBlocksOffset");
  static constexpr auto kDataBlocksCount =
      layout::handle<Triage, std::uint32_t>(kTriageBlock, "DataBlocksCount");
};

struct TriageDataBlock {
  static constexpr auto kAddress = layout::handle<TriageDataBlock, std::uint64_t>(kDataBlock, "Address");
  static constexpr auto kOffset = layout::handle<TriageDataBlock, std::uint32_t>(kDataBlock, "Offset");
  static constexpr auto kSize = layout::handle<TriageDataBlock, std::uint32_t>(kDataBlock, "Size");
};

}  // namespace wheatstone::dump
