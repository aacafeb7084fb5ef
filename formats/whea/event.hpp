// The events that Windows logs about hardware errors: Microsoft-Windows-Kernel-WHEA carries the record,
// Microsoft-Windows-WHEA-Logger what people read in the event log. Every event is a row of a table of named,
// typed fields; reading, writing and showing interpret it. Source: the ETW manifests of Windows 7 to Windows
// 11, WDK wheaevents.h.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "formats/cper/record.hpp"
#include "formats/layout/bytes.hpp"
#include "formats/layout/finding.hpp"
#include "formats/layout/guid.hpp"
#include "formats/layout/names.hpp"
#include "formats/layout/result.hpp"

namespace wheatstone::whea {

inline constexpr Guid kKernelWheaProvider = "7b563579-53c8-44e7-8236-0f87b9fe6594"_guid;
inline constexpr Guid kWheaLoggerProvider = "c26c4f3c-3f66-4e99-8f8a-39405cfed220"_guid;

struct EventProvider {
  Guid id;
  std::string_view name;     // "Microsoft-Windows-WHEA-Logger"
  std::string_view account;  // SID that its events are logged under
};
inline constexpr EventProvider kKernelWhea{kKernelWheaProvider, "Microsoft-Windows-Kernel-WHEA", "S-1-5-18"};
inline constexpr EventProvider kWheaLogger{kWheaLoggerProvider, "Microsoft-Windows-WHEA-Logger", "S-1-5-19"};

// How a value stands in the payload: integers little-endian, hex32 and hex64 are u32 and u64 shown in hex,
// ansi and unicode end with a NUL of one and two bytes, binary has a fixed length or one that an earlier
// field gives.
enum class InType : std::uint8_t { u8, u16, u32, u64, hex32, hex64, guid, ansi, unicode, binary };

// The manifest's name: "UInt32", "HexInt64", "AnsiString", ...
std::string_view to_string(InType type) noexcept;

struct EventField {
  std::string_view name;  // the manifest's
  InType type = InType::u32;
  std::string_view length_field{};  // binary: name of the earlier u32 that gives its length ...
  std::uint32_t length = 0;         // ... or its fixed length
  layout::Names names{};            // value map, in the words of the event log
};

// EVENT_DESCRIPTOR and template of one event. Task is 0 for all of them.
struct EventTemplate {
  const EventProvider* provider = nullptr;
  std::uint16_t id = 0;
  std::uint8_t version = 0;
  std::uint8_t channel = 0;
  std::uint8_t level = 0;  // 2 error, 3 warning, 4 information
  std::uint8_t opcode = 0;
  std::uint64_t keywords = 0;
  std::string_view channel_name;  // "System"
  std::span<const EventField> fields;
  std::uint32_t first_build = 0;  // that logs this form
};

// Every event of the table, by provider and id.
std::span<const EventTemplate> event_templates() noexcept;

// The form of an event that `build` logs; nullptr if the table has none that old.
const EventTemplate* find_event(const Guid& provider, std::uint16_t id, std::uint32_t build) noexcept;

// Integers of all widths, GUIDs, ansi bytes, UTF-16 units (both without their NUL), binary.
using EventValue = std::variant<std::uint64_t, Guid, std::string, std::u16string, Buffer>;

struct Event {
  const EventTemplate* descriptor = nullptr;
  std::vector<EventValue> values;   // as many as could be read, in the order of descriptor->fields
  Buffer payload;                   // all bytes
  std::vector<Finding> findings{};  // what is wrong with the payload

  // nullptr if the event has no such field or it could not be read.
  const EventValue* find(std::string_view name) const noexcept;
  // 0 if there is no such number.
  std::uint64_t number(std::string_view name) const noexcept;
};

// The payload as fields. Never fails: reading stops at the first field that is not all there, with a finding
// that says why; bytes behind the last field are a finding too. No allocation beyond the payload's size.
Event decode_event(const EventTemplate& descriptor, Bytes payload);

// Fields as payload: exactly what decode_event reads. Fails (invalid_argument) with the field's name if count
// or types do not fit the template, a number is too wide, a text holds a NUL, or a length field disagrees
// with its data.
Result<Event> encode_event(const EventTemplate& descriptor, std::vector<EventValue> values);

// A value for people: "Machine Check Exception (3)", "0xbea0000000000108", "12", hex digits.
std::string value_text(const EventField& field, const EventValue& value);

// Kernel-WHEA event 20: the record as it is.
Event kernel_whea_event(const cper::Record& record);

// ErrorSource of WHEA-Logger events. It is not WHEA_ERROR_SOURCE_TYPE: 3 is a machine check exception. 0 for
// notify types without a value, corrected machine checks of current Windows (CMCI) among them.
std::uint32_t logger_error_source(const Guid& notify_type) noexcept;

// The WHEA-Logger event that Windows of this build writes for a record: the first machine check, else the
// first PCIe or memory section decides, records without one become event 1, 2 or 3. See README for the rules.
Event logger_event(const cper::Record& record, std::uint32_t build);

}  // namespace wheatstone::whea
