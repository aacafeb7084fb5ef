// Cabinet files (MS-CAB): written with libgcab, read with libmspack after a pre-scan of our own that bounds
// the work.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "formats/layout/bytes.hpp"
#include "formats/layout/finding.hpp"
#include "formats/layout/result.hpp"
#include "formats/layout/time.hpp"

namespace wheatstone::cab {

enum class Compression : std::uint8_t { none = 0, mszip = 1 };

struct Member {
  std::string name;  // as stored; never a path to write to
  Buffer data;
};

// A cabinet with one folder. Same members, compression and time: same bytes. `time` becomes the DOS date of
// every member (2 s steps, 1980..2107). Fails (invalid_argument) for an empty name, a name over 255 bytes or
// a duplicate.
Result<Buffer> write(const std::vector<Member>& members, FileTime time,
                     Compression compression = Compression::none);

struct Limits {
  std::uint64_t unpacked = 64u << 20;  // sum over all members
  std::uint32_t members = 64;
  std::uint32_t folders = 4;
};

// What the headers promise, before anything is unpacked.
struct MemberInfo {
  std::string name;
  std::uint64_t size = 0;
  std::uint16_t folder = 0;
  std::uint64_t offset = 0;  // in the folder's unpacked stream
};
struct Contents {
  std::vector<MemberInfo> members;
  std::vector<Finding> findings;
};

// Checks the structure without unpacking: signature, sizes, folders, every CFDATA header and checksum, member
// ranges. Fails (malformed, unsupported) if it cannot be unpacked within `limits`; lesser oddities are
// findings.
Result<Contents> scan(Bytes cabinet, const Limits& limits = {});

// Unpacks every member. REQUIRES: `contents` is what scan() said of this very cabinet; work is then linear in
// its limits. Fails (malformed) for compressed data that is damaged.
Result<std::vector<Member>> unpack(Bytes cabinet, const Contents& contents);

// Scans, then unpacks every member. Work is linear in `limits.unpacked`.
Result<std::vector<Member>> read(Bytes cabinet, const Limits& limits = {});

}  // namespace wheatstone::cab
