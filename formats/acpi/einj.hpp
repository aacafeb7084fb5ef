// EINJ: how to ask the platform for an error, with the trigger table and the parameter blocks that its
// actions point at. Source: ACPI 18.6.
#pragma once

#include "formats/acpi/erst.hpp"
#include "formats/acpi/instruction_entry.hpp"
#include "formats/acpi/table.hpp"

namespace wheatstone::acpi {

// The values of Action.
enum class EinjAction : std::uint8_t {
  begin = 0,
  get_trigger_error_action_table = 1,
  set_error_type = 2,
  get_error_type = 3,
  end = 4,
  execute = 5,
  check_busy_status = 6,
  get_command_status = 7,
  set_error_type_with_address = 8,
  get_execute_operation_timings = 9,
  trigger_error = 0xff,
};

// What GET_COMMAND_STATUS gives.
inline constexpr layout::Name kEinjStatusNames[] = {
    {0, "Success"}, {1, "UnknownFailure"}, {2, "InvalidAccess"}};

namespace tables {
inline constexpr Name kEinjActions[] = {{0, "BEGIN_INJECTION_OPERATION"},
                                        {1, "GET_TRIGGER_ERROR_ACTION_TABLE"},
                                        {2, "SET_ERROR_TYPE"},
                                        {3, "GET_ERROR_TYPE"},
                                        {4, "END_OPERATION"},
                                        {5, "EXECUTE_OPERATION"},
                                        {6, "CHECK_BUSY_STATUS"},
                                        {7, "GET_COMMAND_STATUS"},
                                        {8, "SET_ERROR_TYPE_WITH_ADDRESS"},
                                        {9, "GET_EXECUTE_OPERATION_TIMINGS"},
                                        {0xff, "TRIGGER_ERROR"}};
inline constexpr auto kEinjEntryFields =
    instruction_entry_fields(kEinjActions, Names(kErstInstructions).first(5));
}  // namespace tables

inline constexpr layout::Layout kEinjEntry{.name = "EinjInstructionEntry",
                                           .structure = "Injection Instruction Entry",
                                           .clause = "ACPI 18.6.2",
                                           .min = kInstructionEntrySize,
                                           .size = kInstructionEntrySize,
                                           .fields = tables::kEinjEntryFields};
static_assert(layout::check(kEinjEntry));

namespace tables {
inline constexpr Field kEinjFields[] = {
    part(0, "Header", kTableHeader),
    u32(36, "InjectionHeaderSize").unit("bytes").about("12 or 48 in practice: see the README"),
    u8(40, "InjectionFlags").hex(),
    pad(41, 3),
    u32(44, "InjectionEntryCount"),
};
inline constexpr Tail kEinjTail[] = {
    many("InjectionEntries", kEinjEntry, ref(kEinjFields, "InjectionEntryCount"))};

inline constexpr Field kTriggerFields[] = {
    u32(0, "HeaderSize").unit("bytes"),
    u32(4, "Revision"),
    u32(8, "TableSize").unit("bytes"),
    u32(12, "EntryCount"),
};
inline constexpr Tail kTriggerTail[] = {
    many("TriggerEntries", kEinjEntry, ref(kTriggerFields, "EntryCount"))};
}  // namespace tables

inline constexpr layout::Layout kEinj{.name = "Einj",
                                      .structure = "Error Injection Table",
                                      .clause = "ACPI 18.6.1",
                                      .min = 48,
                                      .size = 48,
                                      .fields = tables::kEinjFields,
                                      .tail = tables::kEinjTail};
static_assert(layout::check(kEinj));

struct Einj {
  static constexpr auto kHeaderSize = layout::handle<Einj, std::uint32_t>(kEinj, "InjectionHeaderSize");
  static constexpr auto kEntryCount = layout::handle<Einj, std::uint32_t>(kEinj, "InjectionEntryCount");
};

// What GET_TRIGGER_ERROR_ACTION_TABLE points at. No ACPI header, no checksum.
inline constexpr layout::Layout kTriggerTable{.name = "EinjTriggerTable",
                                              .structure = "Trigger Error Action Table",
                                              .clause = "ACPI 18.6.4",
                                              .min = 16,
                                              .size = 16,
                                              .fields = tables::kTriggerFields,
                                              .tail = tables::kTriggerTail};
static_assert(layout::check(kTriggerTable));

namespace tables {
consteval std::array<Bit, 19> error_types(std::array<std::string_view, 6> from_12_to_17) {
  return {{{0, 1, "ProcessorCorrectable"},
           {1, 1, "ProcessorUncorrectableNonFatal"},
           {2, 1, "ProcessorUncorrectableFatal"},
           {3, 1, "MemoryCorrectable"},
           {4, 1, "MemoryUncorrectableNonFatal"},
           {5, 1, "MemoryUncorrectableFatal"},
           {6, 1, "PCIExpressCorrectable"},
           {7, 1, "PCIExpressUncorrectableNonFatal"},
           {8, 1, "PCIExpressUncorrectableFatal"},
           {9, 1, "PlatformCorrectable"},
           {10, 1, "PlatformUncorrectableNonFatal"},
           {11, 1, "PlatformUncorrectableFatal"},
           {12, 1, from_12_to_17[0]},
           {13, 1, from_12_to_17[1]},
           {14, 1, from_12_to_17[2]},
           {15, 1, from_12_to_17[3]},
           {16, 1, from_12_to_17[4]},
           {17, 1, from_12_to_17[5]},
           {31, 1, "VendorDefined"}}};
}
}  // namespace tables

// Error types, one bit each: of ErrorType below, and of what GET_ERROR_TYPE gives. Bits 12 to 17 are CXL
// since ACPI 6.5 and WDK 28000.
inline constexpr auto kErrorTypes =
    tables::error_types({"CXLCacheCorrectable", "CXLCacheUncorrectableNonFatal", "CXLCacheUncorrectableFatal",
                         "CXLMemCorrectable", "CXLMemUncorrectableNonFatal", "CXLMemUncorrectableFatal"});
// The same bits in WDK headers up to 26100, WHEA_ERROR_INJECTION_CAPABILITIES; bit 17 has no name there.
inline constexpr auto kErrorTypesItanium =
    tables::error_types({"IA64Corrected", "IA64Recoverable", "IA64Fatal", "IA64RecoverableCache",
                         "IA64RecoverableRegFile", "Reserved17"});

namespace tables {
inline constexpr Bit kPcieSbdf[] = {
    {8, 3, "Function"}, {11, 5, "Device"}, {16, 8, "Bus"}, {24, 8, "Segment"}};
inline constexpr Bit kSetErrorFlags[] = {
    {0, 1, "ProcessorIdentification"}, {1, 1, "MemoryAddress"}, {2, 1, "PcieSBDF"}};

consteval std::array<Field, 7> set_error_fields(Word types) {
  return {
      u32(0, "ErrorType").bits(types),
      u32(4, "VendorErrorTypeExtensionOffset").unit("bytes").about("from the start of this structure"),
      u32(8, "Flags").bits(kSetErrorFlags),
      u32(12, "ProcessorIdentification").valid(0).hex().about("APIC id"),
      u64(16, "MemoryAddress").valid(1).hex().address(),
      u64(24, "MemoryAddressRange").valid(1).hex().about("mask of the address bits that matter"),
      u32(32, "PcieSBDF").valid(2).bits(kPcieSbdf),
  };
}
inline constexpr auto kSetErrorFields = set_error_fields(kErrorTypes);
inline constexpr auto kSetErrorItaniumFields = set_error_fields(kErrorTypesItanium);

consteval Layout set_error_layout(std::string_view name, std::span<const Field> fields) {
  return {.name = name,
          .structure = "SET_ERROR_TYPE_WITH_ADDRESS Data Structure",
          .clause = "ACPI 18.6.3",
          .min = 36,
          .size = 36,
          .fields = fields,
          .valid = ref(fields, "Flags")};
}
}  // namespace tables

// What SET_ERROR_TYPE_WITH_ADDRESS fills in.
inline constexpr layout::Layout kSetErrorTypeWithAddress =
    tables::set_error_layout("SetErrorTypeWithAddress", tables::kSetErrorFields);
static_assert(layout::check(kSetErrorTypeWithAddress));
inline constexpr layout::Layout kSetErrorTypeWithAddressItanium =
    tables::set_error_layout("SetErrorTypeWithAddressItanium", tables::kSetErrorItaniumFields);
static_assert(layout::check(kSetErrorTypeWithAddressItanium));

struct SetErrorTypeWithAddress {
  static constexpr auto kErrorType =
      layout::handle<SetErrorTypeWithAddress, std::uint32_t>(kSetErrorTypeWithAddress, "ErrorType");
  static constexpr auto kVendorOffset = layout::handle<SetErrorTypeWithAddress, std::uint32_t>(
      kSetErrorTypeWithAddress, "VendorErrorTypeExtensionOffset");
  static constexpr auto kFlags =
      layout::handle<SetErrorTypeWithAddress, std::uint32_t>(kSetErrorTypeWithAddress, "Flags");
  static constexpr auto kProcessorIdentification = layout::handle<SetErrorTypeWithAddress, std::uint32_t>(
      kSetErrorTypeWithAddress, "ProcessorIdentification");
  static constexpr auto kMemoryAddress =
      layout::handle<SetErrorTypeWithAddress, std::uint64_t>(kSetErrorTypeWithAddress, "MemoryAddress");
  static constexpr auto kMemoryAddressRange =
      layout::handle<SetErrorTypeWithAddress, std::uint64_t>(kSetErrorTypeWithAddress, "MemoryAddressRange");
  static constexpr auto kPcieSbdf =
      layout::handle<SetErrorTypeWithAddress, std::uint32_t>(kSetErrorTypeWithAddress, "PcieSBDF");
};

namespace tables {
inline constexpr Field kVendorExtensionFields[] = {
    u32(0, "Length").unit("bytes"), u32(4, "PcieSBDF").bits(kPcieSbdf),
    u16(8, "VendorID").hex(),       u16(10, "DeviceID").hex(),
    u8(12, "RevID").hex(),          pad(13, 3),
};
inline constexpr Tail kVendorExtensionTail[] = {rest("VendorData")};
}  // namespace tables

// What VendorErrorTypeExtensionOffset points at.
inline constexpr layout::Layout kVendorErrorTypeExtension{
    .name = "VendorErrorTypeExtension",
    .structure = "Vendor Error Type Extension Structure",
    .clause = "ACPI 18.6.3",
    .min = 16,
    .size = 16,
    .fields = tables::kVendorExtensionFields,
    .tail = tables::kVendorExtensionTail,
    .self = layout::ref(tables::kVendorExtensionFields, "Length")};
static_assert(layout::check(kVendorErrorTypeExtension));

}  // namespace wheatstone::acpi
