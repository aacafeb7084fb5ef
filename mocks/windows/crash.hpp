// What a stop leaves on the disk: the memory of the machine as a full dump, and the small dump. The error
// record lies in kernel memory, so parameter 2 leads to it in both.
#pragma once

#include <string>

#include "formats/dump/bug_check.hpp"
#include "formats/layout/bytes.hpp"
#include "formats/layout/result.hpp"
#include "formats/layout/time.hpp"
#include "mocks/windows/kernel.hpp"
#include "mocks/windows/os_version.hpp"
#include "mocks/windows/platform.hpp"

namespace wheatstone::windows {

struct CrashDumps {
  Buffer full;   // MEMORY.DMP
  Buffer small;  // Mini*.dmp: a triage dump with the record; on a 32-bit machine a header alone
};

// `start` is when the system was started. Fails (invalid_argument) if a parameter does not fit a 32-bit
// machine.
Result<CrashDumps> write_dumps(const Platform& platform, const OsVersion& os, const Stop& stop,
                               FileTime start, FileTime now);

// "Mini031108-01.dmp": month, day, year, and the number of the stop on that day, from 1.
std::string small_dump_name(FileTime crash, unsigned number);

inline constexpr const char* kFullDumpName = "MEMORY.DMP";

}  // namespace wheatstone::windows
