// The report queue: one file for each report that could not be sent yet.
//
//   wheatstone queued report 1 CR LF
//   level1 SIZE CR LF
//   file TYPE ANONYMOUS SIZE NAME CR LF      one line for each file; ANONYMOUS is 0 or 1
//   CR LF
//   the level-1 document, then the files, without gaps
#pragma once

#include <filesystem>
#include <vector>

#include "formats/layout/result.hpp"
#include "mocks/wer_client/collector.hpp"

namespace wheatstone::wer_client {

struct QueuedReport {
  Buffer document;  // level 1, as it will be sent
  std::vector<File> files;

  friend bool operator==(const QueuedReport&, const QueuedReport&) = default;
};

// Fails (invalid_argument) for a file name with CR, LF or NUL.
Result<Buffer> write_queued(const QueuedReport& report);

// Fails (malformed) for anything that write_queued() would not write.
Result<QueuedReport> read_queued(Bytes bytes);

class Queue {
 public:
  // `most`: how many reports it holds.
  Queue(std::filesystem::path folder, unsigned most) : folder_(std::move(folder)), most_(most) {}

  // Writes the report under the next free number. Whole or not at all. Fails with `io` if the folder cannot
  // be written, `environment` if the queue is full.
  Result<void> add(const QueuedReport& report);

  // The files in it, oldest first.
  std::vector<std::filesystem::path> entries() const;

  static Result<QueuedReport> read(const std::filesystem::path& entry);
  static Result<void> remove(const std::filesystem::path& entry);

 private:
  std::filesystem::path folder_;
  unsigned most_;
};

}  // namespace wheatstone::wer_client
