// Where things are on the file share of Corporate Error Reporting version 1. Source: [MS-CER] 2.2.3. Paths
// are ASCII with '\', as the specification has them.
#pragma once

#include <string>
#include <string_view>

#include "formats/cer/report.hpp"
#include "formats/layout/result.hpp"

namespace wheatstone::cer {

inline constexpr std::size_t kMaxSharePath = 260;  // characters of a path, the root included

// Error subpaths of errors without parameters.
inline constexpr std::string_view kKernelSubpath = "blue";
inline constexpr std::string_view kShutdownSubpath = "shutdown";

// What an application fault or hang is named by. Each becomes a folder.
struct ApplicationError {
  std::string app_name;        // 1 to 64 characters
  std::string app_version;     // 1 to 24
  std::string module_name;     // 1 to 64
  std::string module_version;  // 1 to 24
  std::string offset;          // hex without 0x, in full width: 8 digits, or 16 of a 64-bit program

  friend bool operator==(const ApplicationError&, const ApplicationError&) = default;
};

// "AppName\AppVer\ModName\ModVer\Offset". Fails (malformed, with the part as path) for a length out of range,
// for what is not ASCII, and for what no file on Windows may be called: a control, one of <>:"/\|?*, a '.' or
// blank at the end, a device such as NUL or com1.txt.
Result<std::string> error_subpath(const ApplicationError& error);

// APPCRASH by the ids of its parameters (their names are localized), BlueScreen as "blue". Fails
// (unsupported) for any other event type, (malformed) as above or if a parameter is missing.
Result<std::string> error_subpath(const Report& report);

// True for what error_subpath() gives and for "shutdown".
bool is_error_subpath(std::string_view text);

// True for 1 to 260 characters "\\server\share", maybe with folders behind and one '\' at the end. No part is
// ".." or anything else that no file may be called.
bool is_share_root(std::string_view text);

// Every file that one report touches.
struct SharePaths {
  std::string policy;     // R\policy.txt
  std::string crash_log;  // R\crash.log
  std::string cab;        // R\cabs\E\FILE
  std::string hits_log;   // R\cabs\E\hits.log
  std::string status;     // R\status\E\status.txt
  std::string counts;     // R\counts\E\count.txt

  friend bool operator==(const SharePaths&, const SharePaths&) = default;
};

// `root` may end with '\'; empty gives paths below the root. `cab_file` is the name of the cab. Fails
// (unsupported) if a path is over 260 characters: such a report must be discarded. Fails (invalid_argument)
// if `error` is no error subpath or `cab_file` no file name.
Result<SharePaths> share_paths(std::string_view root, std::string_view error, std::string_view cab_file);

}  // namespace wheatstone::cer
