#include "mocks/cer_share/folder.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>
#include <thread>

#include "mocks/files.hpp"

namespace wheatstone::cer_share {
namespace {

namespace fs = std::filesystem;

// A pipe in the place of a file must not make us wait.
constexpr int kAlways = O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK;

bool is_part(std::string_view text) {
  return !text.empty() && text != "." && text != ".." &&
         text.find_first_of(std::string_view("/\0", 2)) == std::string_view::npos;
}

bool is_path(std::string_view path) {
  for (;;) {
    const std::size_t end = path.find('\\');
    if (!is_part(path.substr(0, end))) return false;
    if (end == std::string_view::npos) return true;
    path.remove_prefix(end + 1);
  }
}

bool is_regular(const Descriptor& file) {
  struct stat status{};
  return ::fstat(file.number(), &status) == 0 && S_ISREG(status.st_mode);
}

bool write_all(const Descriptor& file, Bytes content) {
  while (!content.empty()) {
    const ssize_t written = ::write(file.number(), content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    content = content.subspan(static_cast<std::size_t>(written));
  }
  return true;
}

}  // namespace

Descriptor::~Descriptor() {
  if (is_open()) ::close(number_);
}

Error Folder::error_at(std::string_view path, std::string_view what) const {
  const std::string reason = std::generic_category().message(errno);
  std::string below(path);
  std::ranges::replace(below, '\\', '/');
  return file_error(root_ / below, fmt::format("{}: {}", what, reason));
}

Result<Folder> Folder::open(const fs::path& root) {
  Descriptor descriptor(::open(root.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (!descriptor.is_open()) return std::unexpected(file_error(root, "cannot open the folder of the share"));
  return Folder(root, std::move(descriptor));
}

Result<std::optional<Folder::Place>> Folder::find(std::string_view path, bool make) const {
  if (!is_path(path))
    return fail(ErrorKind::invalid_argument, fmt::format("\"{}\" is no path on a share", path));
  Descriptor folder(::openat(descriptor_.number(), ".", O_PATH | O_DIRECTORY | O_CLOEXEC));
  for (std::string_view rest = path;;) {
    const std::size_t end = rest.find('\\');
    const std::string part(rest.substr(0, end));
    if (end == std::string_view::npos) return Place{std::move(folder), part};
    if (make && ::mkdirat(folder.number(), part.c_str(), 0777) != 0 && errno != EEXIST)
      return std::unexpected(error_at(path, "cannot make the folder"));
    Descriptor next(::openat(folder.number(), part.c_str(), O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (!next.is_open()) {
      if (errno == ENOENT && !make) return std::nullopt;
      return std::unexpected(error_at(path, "cannot open the folder"));
    }
    folder = std::move(next);
    rest.remove_prefix(end + 1);
  }
}

// Not open: there is no such file. Anything but a plain file is an error.
Result<Descriptor> Folder::open_file(std::string_view path, int flags, bool make) const {
  const auto place = find(path, make);
  if (!place) return std::unexpected(place.error());
  if (!*place) return Descriptor();
  Descriptor file(::openat((*place)->folder.number(), (*place)->name.c_str(), flags | kAlways, 0666));
  if (!file.is_open() && errno == ENOENT) return Descriptor();
  if (!file.is_open()) return std::unexpected(error_at(path, "cannot open the file"));
  if (!is_regular(file)) return std::unexpected(file_error(root_, fmt::format("{} is no plain file", path)));
  return file;
}

Result<std::optional<Buffer>> Folder::read(std::string_view path, std::size_t max_bytes) const {
  const auto file = open_file(path, O_RDONLY, false);
  if (!file) return std::unexpected(file.error());
  if (!file->is_open()) return std::nullopt;
  Buffer content;
  std::array<std::uint8_t, 4096> chunk;
  while (content.size() <= max_bytes) {
    const std::size_t room = std::min(chunk.size(), max_bytes + 1 - content.size());
    const ssize_t size = ::read(file->number(), chunk.data(), room);
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) return std::unexpected(error_at(path, "cannot read the file"));
    if (size == 0) break;
    content.insert(content.end(), chunk.begin(), chunk.begin() + size);
  }
  return content;
}

bool Folder::exists(std::string_view path) const {
  const auto place = find(path, false);
  if (!place || !*place) return false;
  return ::faccessat((*place)->folder.number(), (*place)->name.c_str(), F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}

Result<void> Folder::append(std::string_view path, std::string_view text) {
  const auto file = open_file(path, O_WRONLY | O_APPEND | O_CREAT, true);
  if (!file) return std::unexpected(file.error());
  const ssize_t written = ::write(file->number(), text.data(), text.size());
  if (written != static_cast<ssize_t>(text.size()))
    return std::unexpected(error_at(path, "cannot add to the file"));
  return {};
}

Result<void> Folder::replace(std::string_view path, Bytes content) {
  const auto place = find(path, true);
  if (!place) return std::unexpected(place.error());
  const int folder = (*place)->folder.number();
  const std::string& name = (*place)->name;
  const std::string temporary = name + std::string(kUnfinished);
  ::unlinkat(folder, temporary.c_str(), 0);  // of a writer that was stopped
  const Descriptor file(::openat(folder, temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | kAlways, 0666));
  if (file.is_open() && write_all(file, content) &&
      ::renameat(folder, temporary.c_str(), folder, name.c_str()) == 0)
    return {};
  Error error = error_at(path, "cannot write the file");
  if (file.is_open()) ::unlinkat(folder, temporary.c_str(), 0);
  return std::unexpected(std::move(error));
}

Result<Descriptor> Folder::lock(std::string_view path, const Patience& patience) {
  auto file = open_file(path, O_RDWR | O_CREAT, true);
  if (!file) return file;
  for (unsigned attempt = 1;; ++attempt) {
    if (::flock(file->number(), LOCK_EX | LOCK_NB) == 0) return file;
    if (errno != EWOULDBLOCK) return std::unexpected(error_at(path, "cannot lock the file"));
    if (attempt >= patience.attempts) break;
    if (patience.sleep)
      patience.sleep(patience.pause);
    else
      std::this_thread::sleep_for(patience.pause);
  }
  return fail(ErrorKind::environment, fmt::format("another client keeps {} locked", path),
              "try again when it is done", Location{root_.string(), 0, 0, Location::kNoOffset, {}});
}

}  // namespace wheatstone::cer_share
