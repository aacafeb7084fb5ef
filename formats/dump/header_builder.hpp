// Builds the header that every kind of dump starts with.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "formats/dump/bug_check.hpp"
#include "formats/dump/machine.hpp"
#include "formats/dump/memory_run.hpp"
#include "formats/layout/bytes.hpp"
#include "formats/layout/result.hpp"

namespace wheatstone::dump {

// What of a header depends on the kind of dump. What is absent stays unset.
struct HeaderContent {
  DumpType type = DumpType::full;
  std::optional<BugCheck> bug_check;
  std::optional<std::uint64_t> directory_table_base;
  std::span<const MemoryRun> runs;  // full dumps only
  std::optional<std::uint32_t> mini_dump_fields;
  std::optional<std::uint64_t> required_dump_space;
};

// A whole header, 0x2000 or 0x1000 bytes. invalid_argument: what does not fit the machine's words or the
// header's room, and runs that do not ascend.
Result<Buffer> build_header(const Machine& machine, const HeaderContent& content);

}  // namespace wheatstone::dump
