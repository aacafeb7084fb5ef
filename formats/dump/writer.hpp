// Writing kernel crash dumps. The same input gives the same bytes: times, addresses and identifiers all come
// from outside.
#pragma once

#include <cstdint>
#include <span>

#include "formats/dump/bug_check.hpp"
#include "formats/dump/machine.hpp"
#include "formats/dump/physical_memory.hpp"
#include "formats/dump/secondary_data.hpp"
#include "formats/layout/bytes.hpp"
#include "formats/layout/result.hpp"

namespace wheatstone::dump {

// A full dump (type 1): the header and every page of `memory`, in ascending runs.
//
// Before that the kernel's variables are placed in `memory` (kernel_data.hpp), with KdDebuggerDataBlock
// pointing at them. invalid_argument: memory is not paged as the machine is, more runs than the header has
// room for (42, 32-bit 86), a parameter or address that a 32-bit dump cannot hold, a comment that is too
// long.
Result<Buffer> write_full_dump(const Machine& machine, const BugCheck& bug_check, PhysicalMemory memory,
                               std::span<const SecondaryBlob> secondary = {});

// Virtual memory that a small dump keeps: for bug check 0x124, the error record behind parameter 2.
struct DataBlock {
  std::uint64_t va = 0;
  Bytes bytes;
};

// A triage dump, or minidump (type 4, 64-bit only): header, triage block, the debugger data block, then the
// data blocks. A last data block of our own holds the kernel's variables. There is no PRCB, process, thread,
// stack or driver list, and MiniDumpFields says so. invalid_argument: a 32-bit machine, blocks that overlap
// or wrap, more than 4 GiB in all.
Result<Buffer> write_triage_dump(const Machine& machine, const BugCheck& bug_check,
                                 std::span<const DataBlock> blocks,
                                 std::span<const SecondaryBlob> secondary = {});

// A header and nothing else (type 3).
Result<Buffer> write_header_dump(const Machine& machine, const BugCheck& bug_check);

}  // namespace wheatstone::dump
