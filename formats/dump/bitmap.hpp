// What follows the header of a bitmap dump: which pages are in the file. Such dumps are recognized and
// checked, their pages are not read. README rule 17.
#pragma once

#include <cstdint>

#include "formats/layout/field.hpp"
#include "formats/layout/view.hpp"

namespace wheatstone::dump {

inline constexpr std::uint32_t kBitmapBlockSize = 0x38;
inline constexpr std::uint32_t kBitmapFull = 0x504d4446;    // "FDMP"
inline constexpr std::uint32_t kBitmapKernel = 0x504d4453;  // "SDMP"
inline constexpr std::uint32_t kRangesMark = 0x40;          // types 8 to 10: 0x40, "RDMP", "DUMP"
inline constexpr std::uint32_t kRanges = 0x504d4452;

namespace tables {
using namespace layout;

inline constexpr Field kBitmapFields[] = {
    ascii(0x00, 4, "Signature"),
    ascii(0x04, 4, "ValidDump"),
    u32(0x08, "DumpOptions").hex(),
    pad(0x0c, 0x14),
    u64(0x20, "FirstPage").hex().about("offset in the file of the first page"),
    u64(0x28, "TotalPresentPages").unit("pages"),
    u64(0x30, "Pages").unit("bits"),
};
}  // namespace tables

inline constexpr layout::Layout kBitmapBlock{.name = "BitmapBlock",
                                             .structure = "BITMAP_DUMP",
                                             .clause = "README rule 17",
                                             .min = kBitmapBlockSize,
                                             .size = kBitmapBlockSize,
                                             .fields = tables::kBitmapFields};
static_assert(layout::check(kBitmapBlock));

struct Bitmap {
  static constexpr auto kFirstPage = layout::handle<Bitmap, std::uint64_t>(kBitmapBlock, "FirstPage");
  static constexpr auto kTotalPresentPages =
      layout::handle<Bitmap, std::uint64_t>(kBitmapBlock, "TotalPresentPages");
  static constexpr auto kPages = layout::handle<Bitmap, std::uint64_t>(kBitmapBlock, "Pages");
};

}  // namespace wheatstone::dump
