// ERST: how to keep error records over a restart. Source: ACPI 18.5.
#pragma once

#include "formats/acpi/instruction_entry.hpp"
#include "formats/acpi/table.hpp"

namespace wheatstone::acpi {

// The values of Action.
enum class ErstAction : std::uint8_t {
  begin_write = 0,
  begin_read = 1,
  begin_clear = 2,
  end = 3,
  set_record_offset = 4,
  execute = 5,
  check_busy_status = 6,
  get_command_status = 7,
  get_record_identifier = 8,
  set_record_identifier = 9,
  get_record_count = 10,
  begin_dummy_write = 11,
  get_error_log_address_range = 13,
  get_error_log_address_range_length = 14,
  get_error_log_address_range_attributes = 15,
  get_execute_operation_timings = 16,
};

// What GET_COMMAND_STATUS gives.
inline constexpr layout::Name kErstStatusNames[] = {
    {0, "Success"}, {1, "NotEnoughSpace"},   {2, "HardwareNotAvailable"},
    {3, "Failed"},  {4, "RecordStoreEmpty"}, {5, "RecordNotFound"}};

// What GET_ERROR_LOG_ADDRESS_RANGE_ATTRIBUTES gives.
inline constexpr layout::Bit kErstRangeAttributes[] = {{1, 1, "NonVolatile"}, {2, 1, "Slow"}};

namespace tables {
inline constexpr Name kErstActions[] = {{0, "BEGIN_WRITE_OPERATION"},
                                        {1, "BEGIN_READ_OPERATION"},
                                        {2, "BEGIN_CLEAR_OPERATION"},
                                        {3, "END_OPERATION"},
                                        {4, "SET_RECORD_OFFSET"},
                                        {5, "EXECUTE_OPERATION"},
                                        {6, "CHECK_BUSY_STATUS"},
                                        {7, "GET_COMMAND_STATUS"},
                                        {8, "GET_RECORD_IDENTIFIER"},
                                        {9, "SET_RECORD_IDENTIFIER"},
                                        {10, "GET_RECORD_COUNT"},
                                        {11, "BEGIN_DUMMY_WRITE_OPERATION"},
                                        {13, "GET_ERROR_LOG_ADDRESS_RANGE"},
                                        {14, "GET_ERROR_LOG_ADDRESS_RANGE_LENGTH"},
                                        {15, "GET_ERROR_LOG_ADDRESS_RANGE_ATTRIBUTES"},
                                        {16, "GET_EXECUTE_OPERATION_TIMINGS"}};
// EINJ has the first five.
inline constexpr Name kErstInstructions[] = {{0, "READ_REGISTER"},
                                             {1, "READ_REGISTER_VALUE"},
                                             {2, "WRITE_REGISTER"},
                                             {3, "WRITE_REGISTER_VALUE"},
                                             {4, "NOOP"},
                                             {5, "LOAD_VAR1"},
                                             {6, "LOAD_VAR2"},
                                             {7, "STORE_VAR1"},
                                             {8, "ADD"},
                                             {9, "SUBTRACT"},
                                             {10, "ADD_VALUE"},
                                             {11, "SUBTRACT_VALUE"},
                                             {12, "STALL"},
                                             {13, "STALL_WHILE_TRUE"},
                                             {14, "SKIP_NEXT_INSTRUCTION_IF_TRUE"},
                                             {15, "GOTO"},
                                             {16, "SET_SRC_ADDRESS_BASE"},
                                             {17, "SET_DST_ADDRESS_BASE"},
                                             {18, "MOVE_DATA"}};
inline constexpr auto kErstEntryFields = instruction_entry_fields(kErstActions, kErstInstructions);
}  // namespace tables

inline constexpr layout::Layout kErstEntry{.name = "ErstInstructionEntry",
                                           .structure = "Serialization Instruction Entry",
                                           .clause = "ACPI 18.5.1.2",
                                           .min = kInstructionEntrySize,
                                           .size = kInstructionEntrySize,
                                           .fields = tables::kErstEntryFields};
static_assert(layout::check(kErstEntry));

namespace tables {
inline constexpr Field kErstFields[] = {
    part(0, "Header", kTableHeader),
    u32(36, "SerializationHeaderSize").unit("bytes").about("12 or 48 in practice: see the README"),
    pad(40, 4),
    u32(44, "InstructionEntryCount"),
};
inline constexpr Tail kErstTail[] = {
    many("InstructionEntries", kErstEntry, ref(kErstFields, "InstructionEntryCount"))};
}  // namespace tables

inline constexpr layout::Layout kErst{.name = "Erst",
                                      .structure = "Error Record Serialization Table",
                                      .clause = "ACPI 18.5.1",
                                      .min = 48,
                                      .size = 48,
                                      .fields = tables::kErstFields,
                                      .tail = tables::kErstTail};
static_assert(layout::check(kErst));

struct Erst {
  static constexpr auto kHeaderSize = layout::handle<Erst, std::uint32_t>(kErst, "SerializationHeaderSize");
  static constexpr auto kEntryCount = layout::handle<Erst, std::uint32_t>(kErst, "InstructionEntryCount");
};

}  // namespace wheatstone::acpi
