// The report store: reports that could not be sent yet, reports that were, and which events had their cab.
// All of it is whole after the process was killed at any moment.
//
//   STORE/ReportQueue/000001.report      not sent yet, oldest first
//   STORE/ReportArchive/000001.report    sent, or given up
//   STORE/events                         the SHA-256 of each event that had its cab, one a line
//   STORE/.lock                          held while a client uses the store
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "formats/layout/result.hpp"
#include "mocks/files.hpp"
#include "mocks/wer_client/settings.hpp"
#include "mocks/wer_client/stored_report.hpp"

namespace wheatstone::wer_client {

class Store {
 public:
  // Makes the folder. The settings say how much is kept of what. Fails with `io`, `environment` if another
  // process uses the store, and `malformed` if the list of events is none.
  static Result<Store> open(const std::filesystem::path& folder, const Settings& settings);

  // The files, oldest first.
  std::vector<std::filesystem::path> queued() const;
  std::vector<std::filesystem::path> archived() const;

  // Fails with `io`, or `malformed` with the name of the file.
  static Result<StoredReport> read(const std::filesystem::path& entry);

  // Puts a report at the end of the queue. Fails with `io`, `environment` if the queue is full.
  Result<void> queue(const StoredReport& report);
  // Writes an entry of the queue again, after an attempt.
  Result<void> update(const std::filesystem::path& entry, const StoredReport& report);
  // Moves an entry of the queue to the archive, with the end it came to.
  Result<void> finish(const std::filesystem::path& entry, StoredReport report);
  // Puts a report that was never queued into the archive.
  Result<void> archive(StoredReport report);

  // `event` is any text that tells one event from the others.
  bool had_cab(const std::string& event) const;
  // Beyond kMostEvents the oldest is forgotten.
  Result<void> note_cab(const std::string& event);
  static constexpr std::size_t kMostEvents = 10'000;

 private:
  Store(std::filesystem::path folder, const Settings& settings, FolderLock lock)
      : folder_(std::move(folder)), settings_(settings), lock_(std::move(lock)) {}

  Result<void> read_events();
  Result<void> tidy_archive();
  std::filesystem::path next_in(const char* name) const;

  std::filesystem::path folder_;
  Settings settings_;
  FolderLock lock_;
  std::vector<std::string> events_{};
};

}  // namespace wheatstone::wer_client
