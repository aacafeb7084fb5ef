// The database of a store: its tables, and how it is opened. Only store.cpp and reports.cpp include this.
#pragma once

#include <SQLiteCpp/SQLiteCpp.h>
#include <fmt/format.h>

#include <exception>
#include <filesystem>
#include <type_traits>

#include "formats/layout/result.hpp"
#include "mocks/files.hpp"

namespace wheatstone::cer_server {

inline constexpr std::string_view kDatabaseName = "cer.db";
inline constexpr std::string_view kContentFolder = "files";

// How long a statement waits for another process that writes.
inline constexpr int kBusyMilliseconds = 2000;

// Of the tables; in PRAGMA user_version.
inline constexpr int kDatabaseVersion = 2;

// Times are FILETIMEs. A report that could not be read has no signature; one that got no answer (it was
// refused, or a fault struck) has no answer. A cab that was not checked yet has no sha256. The request of an
// exchange is its head, if the rest is the document or the cab as it is; `request_size` counts all.
inline constexpr const char* kTables = R"(
CREATE TABLE signature (
  id INTEGER PRIMARY KEY,
  key TEXT NOT NULL UNIQUE,
  event_type TEXT NOT NULL,
  bucket INTEGER,
  bucket_table INTEGER,
  hits INTEGER NOT NULL DEFAULT 0,
  cabs INTEGER NOT NULL DEFAULT 0,
  first_seen INTEGER NOT NULL,
  last_seen INTEGER NOT NULL
);
CREATE TABLE report (
  number INTEGER PRIMARY KEY,
  signature INTEGER REFERENCES signature,
  received INTEGER NOT NULL,
  machine TEXT,
  status INTEGER NOT NULL,
  document BLOB NOT NULL,
  answer BLOB
);
CREATE INDEX report_by_signature ON report (signature);
CREATE TABLE cab (
  report INTEGER PRIMARY KEY REFERENCES report,
  exchange INTEGER NOT NULL REFERENCES exchange,
  sha256 TEXT,
  size INTEGER NOT NULL,
  received INTEGER NOT NULL
);
CREATE INDEX cab_by_content ON cab (sha256);
CREATE TABLE exchange (
  id INTEGER PRIMARY KEY,
  report INTEGER NOT NULL REFERENCES report,
  received INTEGER NOT NULL,
  kind TEXT NOT NULL,
  status INTEGER NOT NULL,
  request BLOB NOT NULL,
  request_size INTEGER NOT NULL,
  response BLOB NOT NULL
);
CREATE INDEX exchange_by_report ON exchange (report);
CREATE TABLE finding (
  exchange INTEGER NOT NULL REFERENCES exchange,
  severity TEXT NOT NULL,
  code TEXT NOT NULL,
  message TEXT NOT NULL,
  path TEXT,
  byte INTEGER,
  clause TEXT
);
CREATE INDEX finding_by_exchange ON finding (exchange);
)";

// Fails with `unsupported` if another version of the program made the database. 0: nobody made it yet.
inline Result<int> check_version(SQLite::Database& database, const std::filesystem::path& folder) {
  const int version = database.execAndGet("PRAGMA user_version").getInt();
  if (version != 0 && version != kDatabaseVersion)
    return fail(ErrorKind::unsupported,
                fmt::format("the store has version {}, this program knows {}", version, kDatabaseVersion),
                "use the program that made it, or another folder",
                Location{folder.string(), 0, 0, Location::kNoOffset, {}});
  return version;
}

// The result of `work`, which may use SQLite; what SQLite throws becomes an `io` error at `folder`.
template <class Work>
auto guarded(const std::filesystem::path& folder, Work&& work) -> Result<std::invoke_result_t<Work>> {
  try {
    if constexpr (std::is_void_v<std::invoke_result_t<Work>>) {
      work();
      return {};
    } else {
      return work();
    }
  } catch (const std::exception& error) {
    return std::unexpected(file_error(folder / kDatabaseName, error.what()));
  }
}

}  // namespace wheatstone::cer_server
