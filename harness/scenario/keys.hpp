// The keys of a scenario file, described once. From these tables come the checks of the loader, the JSON
// Schema for editors (schema.hpp) and the key reference in scenarios/README.md.
#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <string_view>
#include <vector>

#include "formats/layout/names.hpp"

namespace wheatstone::scenario {

struct Table;

// What a value may be.
struct Type {
  enum class Kind : std::uint8_t {
    text,      // any single value, taken as it is written; `low` to `high` bytes
    number,    // 123 or 0x7b, `low` to `high`
    flag,      // true, false, 1 or 0
    duration,  // 250ms, 60s, 5m, 24h, 7d, or a number of seconds
    time,      // 2026-01-15T08:00:00Z
    guid,      // 8a1e1d01-42f9-4557-9c33-565e5cc3f7e8
    bytes,     // hex digits, white space between bytes
    path,      // of a file: below the folder of the scenario, '/' between parts
    choice,    // one of `names`
    named,     // one of `names`, or its number
    bits,      // a number, or a list of `names`, whose values are masks
    regex,     // a regular expression
    count,     // 3, ">=2" or "<=5"
    literal,   // any single value, which keeps being a number if it is one
    fields,    // a map of fields, whose layout checks it
    defect,    // the name of a defect that can be injected
    listed,    // one of the names that `listed` gives
    list,      // `low` to `high` times `item`
    map,       // the keys of `table`
    either,    // one of `alternatives`, which differ in their shape: single value, list, map; maps in their
               // keys, see Table::told_by
  };

  Kind kind = Kind::text;
  std::uint64_t low = 0;
  std::uint64_t high = std::numeric_limits<std::uint64_t>::max();
  layout::Names names = {};
  const Type* item = nullptr;
  const Table* table = nullptr;
  std::span<const Type> alternatives = {};
  std::vector<std::string_view> (*listed)() = nullptr;
};

struct Key {
  std::string_view name = {};
  Type type = {};
  bool required = false;
  std::uint8_t group = 0;      // of the keys of one group at most one may be there; 0 = no group
  std::string_view with = {};  // another key that must be there as well
  std::string_view doc = {};   // one or two sentences in Markdown
};

struct Table {
  std::string_view name;  // in messages and in the reference
  std::string_view doc = {};
  std::span<const Key> keys = {};
  std::uint8_t required_groups = 0;  // bit n: one key of group n + 1 must be there
  // Where a map may be one of several tables, it is the first of which one of these keys is there. The first
  // of the alternatives has none: it is what every other map is.
  std::span<const std::string_view> told_by = {};

  // Keys that are not listed: their type, or null if there are none.
  const Type* other = nullptr;
  std::string_view other_name = {};  // what to call such a key in the reference: "<section>"
  std::string_view other_doc = {};
  std::uint8_t other_group = 0;
  std::vector<std::string_view> (*other_names)() = nullptr;  // all there are; null = any

  // Index in `keys`, or keys.size().
  std::size_t find(std::string_view key) const noexcept;
};

// The file itself.
const Table& root_table() noexcept;

// What it has under platform.reporting, which a settings file has alone.
const Table& reporting_table() noexcept;

// What it has under server, as far as a rules file has it alone.
const Table& rules_table() noexcept;

// Every table that can be reached from the root, each once, parents before children.
std::vector<const Table*> all_tables();

}  // namespace wheatstone::scenario
