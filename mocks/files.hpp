// Files that are whole or not there.
#pragma once

#include <filesystem>
#include <initializer_list>
#include <string_view>
#include <utility>

#include "formats/layout/bytes.hpp"
#include "formats/layout/result.hpp"

namespace wheatstone {

// What a file or folder is called until it is finished: its final name and this.
inline constexpr std::string_view kUnfinished = ".unfinished";

// The name `path` has until it is finished.
std::filesystem::path unfinished(std::filesystem::path path);

// Writes the parts one after the other to unfinished(path) and renames it. Fails with `io`; then there is
// neither file.
Result<void> write_whole(const std::filesystem::path& path, std::initializer_list<Bytes> parts);

// Gives a finished file or folder its final name. Fails with `io`; then the unfinished one is removed.
Result<void> finish(const std::filesystem::path& path);

// Fails with `io`.
Result<Buffer> read_whole(const std::filesystem::path& path);

// The bytes of a file, read as they are looked at. The file must not become shorter meanwhile.
class MappedFile {
 public:
  // Fails with `io`.
  static Result<MappedFile> open(const std::filesystem::path& path);

  ~MappedFile();
  MappedFile(MappedFile&& other) noexcept : bytes_(std::exchange(other.bytes_, {})) {}
  MappedFile& operator=(MappedFile&&) = delete;

  Bytes bytes() const noexcept { return bytes_; }

 private:
  explicit MappedFile(Bytes bytes) noexcept : bytes_(bytes) {}

  Bytes bytes_;
};

// Makes a folder and its parents. Fails with `io`.
Result<void> make_folder(const std::filesystem::path& path);

// A folder that one process uses at a time, by a lock on the file ".lock" in it. Ends with the object, and
// with the process.
class FolderLock {
 public:
  // Fails with `io`, and with `environment` if somebody else has it.
  static Result<FolderLock> take(const std::filesystem::path& folder);

  FolderLock(FolderLock&& other) noexcept : file_(std::exchange(other.file_, -1)) {}
  FolderLock& operator=(FolderLock&&) = delete;
  ~FolderLock();

 private:
  explicit FolderLock(int file) noexcept : file_(file) {}
  int file_;
};

// An `io` error at `path`.
Error file_error(const std::filesystem::path& path, std::string message);

}  // namespace wheatstone
