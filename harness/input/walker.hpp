// Which inputs the words of a command line mean, in a fixed order.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "formats/layout/result.hpp"

namespace wheatstone::input {

// An open folder: what is in it is opened by its own name, whatever the length of the path.
class Folder {
 public:
  // Takes over the descriptor. `path` is what stands before the names in it, with its '/'.
  Folder(int descriptor, std::string path) : descriptor_(descriptor), path_(std::move(path)) {}
  ~Folder();
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  int descriptor() const noexcept { return descriptor_; }
  const std::string& path() const noexcept { return path_; }

 private:
  int descriptor_;
  std::string path_;
};

// One input, or why there is none.
struct Found {
  std::shared_ptr<const Folder> folder;  // nullptr: `name` is a path of its own, "-" standard input
  std::string name;
  std::optional<Error> error;

  // As the user would write it: the word itself, or the word of the folder and the path below it.
  void full_name(std::string& out) const {
    out.assign(folder ? std::string_view(folder->path()) : std::string_view());
    out.append(name);
  }
};

// Words are taken in their order. A word is a file, "-" (standard input) or a folder. A folder stands for all
// regular files below it, in the byte order of their names, a folder among them where its own name stands.
// Left out below a folder: names that start with '.', links to folders (so no link can make a loop), and
// what is no file (pipes, sockets, devices). What cannot be opened or listed is found with an error.
//
// The names of one folder are held at a time, and of the folders above it; no content is.
class Walker {
 public:
  // Folders inside each other; a deeper one is an error, for each is an open file.
  static constexpr std::size_t kDeepest = 100;

  // `words` must outlive the walker.
  explicit Walker(std::span<const std::string> words) : words_(words) {}

  // The next input, into `found`, whose memory is used again. False at the end.
  bool next(Found& found);

 private:
  enum class Kind : std::uint8_t { file, folder, unknown };
  struct Entry {
    std::size_t start;  // of its name in Level::names
    std::uint32_t size;
    Kind kind;
  };
  struct Level {
    std::shared_ptr<const Folder> folder;
    std::string names;
    std::vector<Entry> entries;  // sorted
    std::size_t next = 0;
  };

  bool take_word(Found& found);
  bool take_entry(Found& found);
  bool enter(int above, const char* name, std::string path, Found& found);
  static int list(Level& level);

  std::span<const std::string> words_;
  std::size_t next_word_ = 0;
  std::vector<Level> levels_;
};

// An `io` error about a file, from an errno.
Error io_error(std::string file, std::string_view what, int code);

}  // namespace wheatstone::input
