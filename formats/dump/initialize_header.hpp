// What KeInitializeCrashDumpHeader does, for programs that take dumps from outside the system (hypervisors,
// boot loaders) and for their tests.
//
// Limits, as documented for the routine:
//   - Only DUMP_TYPE_FULL and Flags 0 are legal.
//   - The header describes memory as it is now. The caller appends the pages in run order later, perhaps
//     much later; a header made before memory was added or removed is stale.
//   - There is no exception record and no bug check: both stay unset. The context is that of the processor
//     that made the call, not of one that fails later.
//   - Secondary data are never part of such a dump.
//   - DirectoryTableBase is that of the System process since Windows 8; before, that of the caller's process.
#pragma once

#include <cstdint>
#include <span>

#include "formats/dump/machine.hpp"
#include "formats/dump/memory_run.hpp"
#include "formats/layout/bytes.hpp"

namespace wheatstone::dump {

using NtStatus = std::uint32_t;

inline constexpr NtStatus kStatusSuccess = 0;
inline constexpr NtStatus kStatusUnsuccessful = 0xc0000001;
inline constexpr NtStatus kStatusInvalidParameter1 = 0xc00000ef;
inline constexpr NtStatus kStatusInvalidParameter2 = 0xc00000f0;
inline constexpr NtStatus kStatusInvalidParameter3 = 0xc00000f1;
inline constexpr NtStatus kStatusInvalidParameter4 = 0xc00000f2;

// The memory that the header will describe.
struct MemoryState {
  std::uint64_t directory_table_base = 0;
  std::span<const MemoryRun> runs;  // ascending, without overlap
};

// `buffer_needed`, if not null, is always set, also on failure: call with an empty buffer to ask. Checked in
// this order: dump_type is 1 (invalid parameter 1), flags is 0 (2), the buffer is not null (3) and not too
// short (4). STATUS_UNSUCCESSFUL, without a precedent, if runs or comment do not fit the header. On failure
// the buffer is untouched; bytes behind the header always are.
NtStatus initialize_crash_dump_header(std::uint32_t dump_type, std::uint32_t flags, MutableBytes buffer,
                                      std::uint32_t* buffer_needed, const Machine& machine,
                                      const MemoryState& memory);

}  // namespace wheatstone::dump
