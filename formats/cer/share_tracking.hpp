// What clients of Corporate Error Reporting version 1 write about an error: count.txt, hits.log and
// crash.log. Source: [MS-CER] 2.2.1 and 2.2.2. Text is UTF-8 here and windows-1252 in the files.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "formats/layout/bytes.hpp"
#include "formats/layout/finding.hpp"
#include "formats/layout/result.hpp"
#include "formats/layout/time.hpp"

namespace wheatstone::cer {

// [MS-CER] 2.2.1
struct ShareCounts {
  std::uint64_t cabs_gathered = 0;  // Cabs Gathered: files copied to the share
  std::uint64_t total_hits = 1;     // Total Hits: reports, at least 1

  friend bool operator==(const ShareCounts&, const ShareCounts&) = default;
};

// count.txt: two lines. Fails (invalid_argument) if there is no hit.
Result<std::string> write_counts(const ShareCounts& counts);

struct ReadCounts {
  std::optional<ShareCounts> counts;  // nullopt: a line is missing or wrong
  std::vector<Finding> findings;      // path = "line N: KEY"; the codes are listed in our README
};

ReadCounts read_counts(Bytes file, std::size_t max_bytes = 4096);

enum class ShareLog : std::uint8_t { hits, crash };

// The item of a hits.log entry without a cab.
inline constexpr std::string_view kNoCab = "No CAB";

// [MS-CER] 2.2.2: one line of a log. No part holds a control character.
struct LogEntry {
  CivilTime time;       // local time of the client, in whole seconds, up to the year 9999
  std::string machine;  // short name: 1 to 15 characters
  std::string user;     // 1 to 256
  std::string item;     // hits.log: file name of the cab (1 to 260) or kNoCab; crash.log: bucket or subpath

  friend bool operator==(const LogEntry&, const LogEntry&) = default;
};

// The machine's name for a log: the first label, its first 15 characters as NetBIOS has them, or "UNKNOWN".
std::string log_machine(std::string_view name);

// The user's name for a log, or "unknown user" if it cannot stand there.
std::string log_user(std::string_view name);

// One line with its CRLF. A fraction of the second is dropped. Fails (invalid_argument) for what read_log()
// would not take.
Result<std::string> write_log_entry(const LogEntry& entry, ShareLog log);

struct ReadLog {
  std::vector<LogEntry> entries;  // in order; badly formed lines are left out
  std::vector<Finding> findings;  // path = "line N"; at most 257
};

ReadLog read_log(Bytes file, ShareLog log, std::size_t max_bytes = 16u << 20);

}  // namespace wheatstone::cer
