// Writing ACPI tables: entries in; lengths, counts and checksums filled.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "formats/acpi/hest.hpp"
#include "formats/acpi/instruction_entry.hpp"
#include "formats/layout/bytes.hpp"
#include "formats/layout/node.hpp"
#include "formats/layout/result.hpp"

namespace wheatstone::acpi {

// What the header says about its maker; texts that are too long are cut.
struct TableIdentity {
  std::uint8_t revision = 1;
  std::string_view oem_id = "WHEAST";
  std::string_view oem_table_id = "WHEABNCH";
  std::uint32_t oem_revision = 1;
  std::string_view creator_id = "WHST";
  std::uint32_t creator_revision = 1;
};

// Each of `sources` is one entry (compose_source) or several. Fails (malformed) if they are not.
Result<Buffer> make_hest(const TableIdentity& identity, std::span<const Buffer> sources);
Buffer make_bert(const TableIdentity& identity, std::uint32_t region_length, std::uint64_t region);
// These are empty if the entries exceed 4 GiB.
Buffer make_erst(const TableIdentity& identity, std::span<const NewInstruction> entries);
Buffer make_einj(const TableIdentity& identity, std::span<const NewInstruction> entries);
// What an EINJ table's GET_TRIGGER_ERROR_ACTION_TABLE points at.
Buffer make_trigger_table(std::span<const NewInstruction> entries);

// Sets Length, the entry count and Checksum of a table that is otherwise complete: the counterpart of reading
// for tables that were changed by hand. A table that Table::decode has no complaint about stays as it is.
// Fails (malformed) if it is too short for its kind, is larger than 4 GiB, or has bytes behind its last
// entry.
Result<void> finish_table(Buffer& table);

// An entry of HEST from named values (layout/assign.hpp), all other bytes zero except Type and the length of
// the notification structure. `kind` is "MachineCheck", "Generic", ... as kSourceChoice has it.
Result<Buffer> compose_source(std::string_view kind, const layout::Node& fields);

}  // namespace wheatstone::acpi
