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

// Of the numbers of a report's exchanges: level 1 has report << kExchangeBits, what follows one more each.
inline constexpr int kExchangeBits = 24;

// Times are FILETIMEs. A report that could not be read has no signature. An exchange has a document at level
// 1, and an answer unless it was refused or a fault struck; its request is the head, if the rest is the
// document or the cab as it is, and `request_size` counts all. A cab that was not checked yet has no sha256.
//
// What a report costs is the pages that it touches: rows of one report lie together, and the rows that lists
// are made of hold no document.
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
  status INTEGER NOT NULL
);
CREATE TABLE exchange (
  id INTEGER PRIMARY KEY,
  received INTEGER NOT NULL,
  kind TEXT NOT NULL,
  status INTEGER NOT NULL,
  request BLOB NOT NULL,
  request_size INTEGER NOT NULL,
  response BLOB NOT NULL,
  document BLOB,
  answer BLOB
);
CREATE TABLE cab (
  report INTEGER PRIMARY KEY REFERENCES report,
  exchange INTEGER NOT NULL REFERENCES exchange,
  sha256 TEXT,
  size INTEGER NOT NULL,
  received INTEGER NOT NULL
);
CREATE INDEX cab_by_content ON cab (sha256) WHERE sha256 IS NOT NULL;
CREATE TABLE finding (
  exchange INTEGER NOT NULL REFERENCES exchange,
  position INTEGER NOT NULL,
  severity TEXT NOT NULL,
  code TEXT NOT NULL,
  message TEXT NOT NULL,
  path TEXT,
  byte INTEGER,
  clause TEXT,
  PRIMARY KEY (exchange, position)
) WITHOUT ROWID;
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
