// A report as a file of the report store: what became of it so far, and everything that is needed to send it.
//
//   wheatstone stored report 2 CR LF
//   result NAME CR LF                         queued, or how it ended
//   created TIME CR LF                        times as 2008-03-11T09:00:17.9046077Z
//   attempts COUNT CR LF
//   tried TIME CR LF                          the last attempt; 1601-01-01T00:00:00.0000000Z = none
//   next TIME CR LF                           not to be tried before
//   bucket NUMBER CR LF                       that the server gave it; 0 = none
//   detail TEXT CR LF                         why, for people; may be empty
//   level1 SIZE CR LF
//   file TYPE ANONYMOUS SIZE NAME CR LF       one line for each file; ANONYMOUS is 0 or 1
//   CR LF
//   the level-1 document, then the files, without gaps
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "formats/layout/result.hpp"
#include "formats/layout/time.hpp"
#include "mocks/wer_client/collector.hpp"
#include "mocks/wer_client/submit_result.hpp"

namespace wheatstone::wer_client {

struct StoredReport {
  SubmitResult result = SubmitResult::queued;
  FileTime created = {};
  unsigned attempts = 0;
  FileTime tried = {};
  FileTime next = {};
  std::uint64_t bucket = 0;
  std::string detail = {};
  Buffer document = {};  // level 1, as it will be sent
  std::vector<File> files = {};

  friend bool operator==(const StoredReport&, const StoredReport&) = default;
};

// Control characters in `detail` become '?'. Fails (invalid_argument) for a file name with CR, LF or NUL, a
// file type of 0, or a time after the year 9999.
Result<Buffer> write_stored(const StoredReport& report);

// Fails (malformed) for anything that write_stored() would not write.
Result<StoredReport> read_stored(Bytes bytes);

}  // namespace wheatstone::wer_client
