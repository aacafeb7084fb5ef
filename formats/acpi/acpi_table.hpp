// Reading ACPI tables of hardware errors: HEST, BERT, ERST, EINJ; any other is carried as header and bytes. A
// table is its bytes; decoding never fails, changes nothing and takes time linear in their number (n log n
// for the source ids). layout() and table() are what the views of formats/layout take.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "formats/acpi/bert.hpp"
#include "formats/acpi/einj.hpp"
#include "formats/acpi/erst.hpp"
#include "formats/acpi/hest.hpp"
#include "formats/acpi/table.hpp"
#include "formats/layout/finding.hpp"

namespace wheatstone::acpi {

struct TableType {
  std::string_view signature;  // "HEST"
  const layout::Layout* layout;
};

// HEST, BERT, ERST, EINJ.
std::span<const TableType> table_types() noexcept;

// nullptr if it is none of ours.
const TableType* find_table_type(std::string_view signature) noexcept;

class Table {
 public:
  // `bytes` must outlive the table.
  static Table decode(Bytes bytes);

  // All bytes given.
  Bytes bytes() const noexcept { return bytes_; }
  // Those that Length says are the table, or all if it cannot be so.
  Bytes table() const noexcept { return table_; }
  Bytes behind() const noexcept { return bytes_.subspan(table_.size()); }
  // nullopt if there are fewer than 36 bytes.
  std::optional<layout::View<TableHeader>> header() const noexcept {
    return layout::View<TableHeader>::make(kTableHeader, bytes_);
  }
  // nullptr: not one of ours, or too short for a header.
  const TableType* type() const noexcept { return type_; }
  // Of table(): kOtherTable if the signature is unknown, nullptr if it is too short for a header.
  const layout::Layout* layout() const noexcept;

  // Codes: table-too-short, length-beyond-input, length-below-header, bytes-behind-table, bad-checksum,
  // unknown-signature, element-outside-section, bytes-behind-entries; of HEST duplicate-source-id,
  // notification-length, unknown-notification, never-polled, status-block-too-short, unknown-address-space;
  // of ERST and EINJ header-size, unknown-action, unknown-instruction, unknown-address-space; of BERT
  // region-too-short.
  std::span<const Finding> findings() const noexcept { return findings_; }

 private:
  friend class TableChecker;

  Bytes bytes_;
  Bytes table_;
  const TableType* type_ = nullptr;
  std::vector<Finding> findings_;
};

}  // namespace wheatstone::acpi
