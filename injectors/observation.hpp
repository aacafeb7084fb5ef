// Observations: what a target, or a server beside it, says happened. Flat and typed, so that one matcher fits
// all.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "formats/layout/bytes.hpp"
#include "formats/layout/names.hpp"
#include "formats/layout/time.hpp"

namespace wheatstone::inject {

enum class ObservationKind : std::uint8_t {
  record,     // a WHEA error record as the system wrote it; bytes: the record
  etw_event,  // an event as its provider raised it; bytes: the event's user data
  log_entry,  // an entry of the System event log; bytes: the event's user data
  bugcheck,   // the system stopped; no bytes
  dump,       // a crash dump file; bytes: the file
  boot,       // the system started; no bytes
  level1,     // a report document as the client sends it, also when nobody takes it; bytes: the document
  answer,     // the server's answer as the client read it; bytes: the body
  level2,     // a cabinet as the client sent it; bytes: the cabinet
  submit,     // how the client ended; no bytes
  server,     // what the server received and thinks of it; bytes: the request
  console,    // a line that the system printed; bytes: the line
};

inline constexpr layout::Name kObservationKindNames[] = {
    {0, "record"}, {1, "etw_event"}, {2, "log_entry"}, {3, "bugcheck"}, {4, "dump"},    {5, "boot"},
    {6, "level1"}, {7, "answer"},    {8, "level2"},    {9, "submit"},   {10, "server"}, {11, "console"}};

constexpr std::string_view to_string(ObservationKind kind) noexcept {
  return layout::name_of(kObservationKindNames, static_cast<std::uint64_t>(kind));
}

// A number may also have a name ("Fatal"): both are true at once, a matcher may ask for either.
struct Value {
  enum class Kind : std::uint8_t { number, text, flag };
  enum class Show : std::uint8_t { dec, hex };

  Kind kind = Kind::text;
  Show show = Show::dec;
  std::uint64_t number = 0;  // number; flag: 0 or 1
  std::string text;          // text, or the number's name; may be empty

  static Value decimal(std::uint64_t number, std::string_view name = {}) {
    return {Kind::number, Show::dec, number, std::string(name)};
  }
  static Value hex(std::uint64_t number, std::string_view name = {}) {
    return {Kind::number, Show::hex, number, std::string(name)};
  }
  static Value of_text(std::string text) { return {Kind::text, Show::dec, 0, std::move(text)}; }
  static Value of_flag(bool set) { return {Kind::flag, Show::dec, set ? 1u : 0u, {}}; }

  friend bool operator==(const Value&, const Value&) = default;
};

struct ObservedField {
  std::string name;  // the specification's name; parts joined with '.': "XpfMca.Status"
  Value value;

  friend bool operator==(const ObservedField&, const ObservedField&) = default;
};

struct Observation {
  ObservationKind kind = ObservationKind::console;
  FileTime time;                      // of the target's clock
  std::vector<ObservedField> fields;  // names are unique
  Buffer bytes;                       // the native form behind it; may be empty
  std::string artefact;  // file name for `bytes` in the evidence folder; empty = not kept as a file

  const Value* find(std::string_view name) const noexcept;
  // The number of a field; 0 if it is absent or no number.
  std::uint64_t number(std::string_view name) const noexcept;
  void add(std::string name, Value value) { fields.push_back({std::move(name), std::move(value)}); }
};

}  // namespace wheatstone::inject
