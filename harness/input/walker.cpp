#include "harness/input/walker.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>

namespace wheatstone::input {

Folder::~Folder() {
  ::close(descriptor_);
}

Error io_error(std::string file, std::string_view what, int code) {
  Error error{
      ErrorKind::io, fmt::format("cannot {}: {}", what, std::generic_category().message(code)), {}, {}};
  error.where.file = std::move(file);
  return error;
}

bool Walker::next(Found& found) {
  found.error.reset();
  while (true) {
    if (!levels_.empty()) {
      if (take_entry(found)) return true;
    } else if (next_word_ == words_.size()) {
      return false;
    } else if (take_word(found)) {
      return true;
    }
  }
}

// False: the word was a folder, and is entered.
bool Walker::take_word(Found& found) {
  const std::string& word = words_[next_word_++];
  found.folder.reset();
  found.name = word;
  if (word == "-") return true;
  struct stat status{};
  if (::stat(word.c_str(), &status) != 0) {
    found.error = io_error(word, "open the file", errno);
    return true;
  }
  if (!S_ISDIR(status.st_mode)) return true;
  return enter(AT_FDCWD, word.c_str(), word.ends_with('/') ? word : word + '/', found);
}

// False: there is nothing to give out, but something to look at next.
bool Walker::take_entry(Found& found) {
  Level& level = levels_.back();
  if (level.next == level.entries.size()) {
    levels_.pop_back();
    return false;
  }
  const Entry entry = level.entries[level.next++];
  const char* name = level.names.data() + entry.start;  // ends with NUL
  const int above = level.folder->descriptor();
  Kind kind = entry.kind;
  if (kind == Kind::unknown) {
    // A link, or a file system that does not say. A link to nothing is a file that cannot be read.
    struct stat status{};
    const bool itself = ::fstatat(above, name, &status, AT_SYMLINK_NOFOLLOW) == 0;
    if (itself && S_ISDIR(status.st_mode)) {
      kind = Kind::folder;
    } else {
      if (::fstatat(above, name, &status, 0) == 0 && !S_ISREG(status.st_mode)) return false;
      kind = Kind::file;
    }
  }
  found.folder = level.folder;
  found.name.assign(name, entry.size);
  if (kind == Kind::file) return true;
  std::string path = level.folder->path() + found.name;
  if (levels_.size() == kDeepest) {
    Error error{ErrorKind::unsupported,
                fmt::format("folders lie more than {} deep in each other", kDeepest),
                "name the inner folder itself",
                {}};
    error.where.file = std::move(path);
    found.error = std::move(error);
    return true;
  }
  return enter(above, found.name.c_str(), path + '/', found);
}

// True: the folder cannot be read, which is what is found.
bool Walker::enter(int above, const char* name, std::string path, Found& found) {
  const int links = above == AT_FDCWD ? 0 : O_NOFOLLOW;  // a word may be a link
  const int descriptor = ::openat(above, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | links);
  if (descriptor < 0) {
    found.error = io_error(std::move(path), "open the folder", errno);
    return true;
  }
  Level level;
  level.folder = std::make_shared<Folder>(descriptor, std::move(path));
  if (const int code = list(level); code != 0) {
    found.error = io_error(level.folder->path(), "list the folder", code);
    return true;
  }
  levels_.push_back(std::move(level));
  return false;
}

// Gives the errno of a failure, else 0.
int Walker::list(Level& level) {
  const int copy = ::fcntl(level.folder->descriptor(), F_DUPFD_CLOEXEC, 0);
  if (copy < 0) return errno;
  const auto close = [](DIR* folder) { ::closedir(folder); };
  const std::unique_ptr<DIR, decltype(close)> folder(::fdopendir(copy), close);
  if (!folder) {
    const int code = errno;
    ::close(copy);
    return code;
  }
  while (true) {
    errno = 0;
    const dirent* entry = ::readdir(folder.get());
    if (entry == nullptr) {
      if (errno != 0) return errno;
      break;
    }
    if (entry->d_name[0] == '.') continue;
    Kind kind = Kind::unknown;
    if (entry->d_type == DT_REG) {
      kind = Kind::file;
    } else if (entry->d_type == DT_DIR) {
      kind = Kind::folder;
    } else if (entry->d_type != DT_LNK && entry->d_type != DT_UNKNOWN) {
      continue;
    }
    const std::size_t size = std::strlen(entry->d_name);
    level.entries.push_back({level.names.size(), static_cast<std::uint32_t>(size), kind});
    level.names.append(entry->d_name, size + 1);
  }
  const auto name = [&level](const Entry& entry) {
    return std::string_view(level.names).substr(entry.start, entry.size);
  };
  std::ranges::sort(level.entries, {}, name);
  return 0;
}

}  // namespace wheatstone::input
