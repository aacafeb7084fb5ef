// The files of a store: cabs on their way in, by the number of their report, and cabs that were judged, by
// the SHA-256 of their content.
//
//   files/incoming/17          the cab of report 17, as it comes and until it was checked
//   files/ef/ef12304f...       a cab that was checked; the same cab is there once
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "formats/layout/bytes.hpp"
#include "formats/layout/result.hpp"

namespace wheatstone::cer_server {

// 64 hex digits, lower case.
std::string sha256(Bytes bytes);

// A file that is written as its bytes arrive. It is removed at the end, unless it was kept.
class IncomingFile {
 public:
  // Nothing is made before the first byte comes.
  explicit IncomingFile(std::filesystem::path path) : path_(std::move(path)) {}
  ~IncomingFile();
  IncomingFile(const IncomingFile&) = delete;
  IncomingFile& operator=(const IncomingFile&) = delete;

  // What cannot be written is told by finish().
  void append(Bytes bytes) noexcept;

  // No more bytes will come. Fails with `io` if some could not be written.
  Result<void> finish();

  // The file stays.
  void keep() noexcept { kept_ = true; }

  // Bytes that came, written or not.
  std::uint64_t size() const noexcept { return size_; }
  const std::filesystem::path& path() const noexcept { return path_; }

 private:
  void close() noexcept;

  std::filesystem::path path_;
  int file_ = -1;
  int failure_ = 0;  // errno
  std::uint64_t size_ = 0;
  bool made_ = false;
  bool kept_ = false;
};

class Content {
 public:
  explicit Content(std::filesystem::path folder) : folder_(std::move(folder)) {}

  // Makes the folders that every upload needs. Fails with `io`.
  Result<void> prepare() const;

  // Where the cab of a report is until it was checked.
  std::filesystem::path incoming(std::uint64_t report) const;

  // Where the content of that name is. REQUIRES: a name that sha256() returned.
  std::filesystem::path path(const std::string& name) const;

  // Gives the cab of a report its lasting name. Fails with `io`.
  Result<void> settle(std::uint64_t report, const std::string& name) const;

  // Makes the files what the database says. `name_of` gives the name of a report's cab: nullopt if there is
  // no such cab (its file is removed), empty if it was not checked yet; a cab that has its name already, but
  // was not given it, gets it. A content that `is_used` does not know is removed. Other files are let be.
  // Fails with `io`.
  Result<void> tidy(const std::function<std::optional<std::string>(std::uint64_t)>& name_of,
                    const std::function<bool(const std::string&)>& is_used) const;

  // Fails with `io`; a file that is not there is removed already.
  Result<void> remove(const std::filesystem::path& file) const;

 private:
  std::filesystem::path folder_;
};

}  // namespace wheatstone::cer_server
