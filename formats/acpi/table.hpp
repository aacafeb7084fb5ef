// What all ACPI tables begin with, and their checksum. Source: ACPI 5.2.6.
#pragma once

#include <cstdint>

#include "formats/layout/bytes.hpp"
#include "formats/layout/field.hpp"
#include "formats/layout/view.hpp"

namespace wheatstone::acpi {

inline constexpr std::size_t kTableHeaderSize = 36;

namespace tables {
using namespace layout;

inline constexpr Field kTableHeaderFields[] = {
    ascii(0, 4, "Signature"),
    u32(4, "Length").unit("bytes").about("the whole table"),
    u8(8, "Revision"),
    u8(9, "Checksum").hex().about("all bytes of the table add up to 0"),
    ascii(10, 6, "OEMID"),
    ascii(16, 8, "OEMTableID"),
    u32(24, "OEMRevision").hex(),
    ascii(28, 4, "CreatorID"),
    u32(32, "CreatorRevision").hex(),
};
}  // namespace tables

inline constexpr layout::Layout kTableHeader{.name = "TableHeader",
                                             .structure = "DESCRIPTION_HEADER",
                                             .clause = "ACPI 5.2.6",
                                             .min = kTableHeaderSize,
                                             .size = kTableHeaderSize,
                                             .fields = tables::kTableHeaderFields};
static_assert(layout::check(kTableHeader));

struct TableHeader {
  static constexpr auto kLength = layout::handle<TableHeader, std::uint32_t>(kTableHeader, "Length");
  static constexpr auto kRevision = layout::handle<TableHeader, std::uint8_t>(kTableHeader, "Revision");
  static constexpr auto kChecksum = layout::handle<TableHeader, std::uint8_t>(kTableHeader, "Checksum");
  static constexpr auto kOemRevision =
      layout::handle<TableHeader, std::uint32_t>(kTableHeader, "OEMRevision");
  static constexpr auto kCreatorRevision =
      layout::handle<TableHeader, std::uint32_t>(kTableHeader, "CreatorRevision");
};

// The sum that is 0 over a sound table.
constexpr std::uint8_t byte_sum(Bytes bytes) noexcept {
  std::uint8_t sum = 0;
  for (const std::uint8_t byte : bytes) sum = static_cast<std::uint8_t>(sum + byte);
  return sum;
}

// What Checksum must hold so that `table` is sound. REQUIRES: table.size() >= kTableHeaderSize.
constexpr std::uint8_t checksum_for(Bytes table) noexcept {
  return static_cast<std::uint8_t>(table[TableHeader::kChecksum.offset] - byte_sum(table));
}

namespace tables {
inline constexpr Field kOtherTableFields[] = {part(0, "Header", kTableHeader)};
inline constexpr Tail kOtherTableTail[] = {rest("Data")};
}  // namespace tables

// A table whose signature we do not know.
inline constexpr layout::Layout kOtherTable{.name = "AcpiTable",
                                            .structure = "System Description Table",
                                            .clause = "ACPI 5.2.6",
                                            .min = kTableHeaderSize,
                                            .size = kTableHeaderSize,
                                            .fields = tables::kOtherTableFields,
                                            .tail = tables::kOtherTableTail};
static_assert(layout::check(kOtherTable));

}  // namespace wheatstone::acpi
