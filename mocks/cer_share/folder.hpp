// A share as a folder of this machine. Paths are those of the specification: below the root, with '\' between
// the parts. No link below the root is followed, so nothing outside is read or written.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "formats/layout/bytes.hpp"
#include "formats/layout/result.hpp"

namespace wheatstone::cer_share {

// An open file or folder, closed at the end.
class Descriptor {
 public:
  explicit Descriptor(int number = -1) noexcept : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  ~Descriptor();

  int number() const noexcept { return number_; }
  bool is_open() const noexcept { return number_ >= 0; }

 private:
  int number_;
};

// How long to wait for a lock that somebody else holds.
struct Patience {
  unsigned attempts = 2000;
  std::chrono::milliseconds pause{5};                    // between two attempts
  std::function<void(std::chrono::milliseconds)> sleep;  // null: the thread sleeps
};

// All calls fail with `io`, and with `invalid_argument` for a path with an empty part, ".", ".." or '/'.
class Folder {
 public:
  // `root` must be there.
  static Result<Folder> open(const std::filesystem::path& root);

  // At most `max_bytes` + 1 bytes, so that a reader with that limit sees that there are more. nullopt: there
  // is no such file.
  Result<std::optional<Buffer>> read(std::string_view path, std::size_t max_bytes) const;

  bool exists(std::string_view path) const;

  // Adds to the end in one write, so that lines of several writers do not mix. Makes the file and its
  // folders.
  Result<void> append(std::string_view path, std::string_view text);

  // Writes the whole file under another name and renames it; makes its folders. For one writer at a time.
  Result<void> replace(std::string_view path, Bytes content);

  // An exclusive lock on a file of that name, which is made if needed and stays. It ends with the descriptor,
  // or with the process. Fails (environment) if `patience` ends first.
  Result<Descriptor> lock(std::string_view path, const Patience& patience);

 private:
  struct Place {
    Descriptor folder;
    std::string name;
  };

  Folder(std::filesystem::path root, Descriptor descriptor)
      : root_(std::move(root)), descriptor_(std::move(descriptor)) {}

  // The folder of a file; nullopt if it is not there. With `make` it is made and never nullopt.
  Result<std::optional<Place>> find(std::string_view path, bool make) const;
  Result<Descriptor> open_file(std::string_view path, int flags, bool make) const;
  Error error_at(std::string_view path, std::string_view what) const;

  std::filesystem::path root_;
  Descriptor descriptor_;
};

}  // namespace wheatstone::cer_share
