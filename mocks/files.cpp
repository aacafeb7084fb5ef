#include "mocks/files.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <system_error>

namespace wheatstone {

namespace fs = std::filesystem;

Error file_error(const fs::path& path, std::string message) {
  return {ErrorKind::io, std::move(message), "check the folder's permissions and free space",
          Location{path.string(), 0, 0, Location::kNoOffset, {}}};
}

fs::path unfinished(fs::path path) {
  path += kUnfinished;
  return path;
}

Result<void> write_whole(const fs::path& path, std::initializer_list<Bytes> parts) {
  const fs::path temporary = unfinished(path);
  std::ofstream out(temporary, std::ios::binary | std::ios::trunc);
  for (const Bytes part : parts) {
    const std::string_view text = as_text(part);
    out.write(text.data(), static_cast<std::streamsize>(text.size()));
  }
  out.close();
  if (!out) {
    std::error_code ignored;
    fs::remove(temporary, ignored);
    return std::unexpected(file_error(path, "cannot write the file"));
  }
  return finish(path);
}

Result<void> finish(const fs::path& path) {
  std::error_code error;
  fs::rename(unfinished(path), path, error);
  if (!error) return {};
  std::error_code ignored;
  fs::remove_all(unfinished(path), ignored);
  return std::unexpected(file_error(path, "cannot give it its final name: " + error.message()));
}

Result<Buffer> read_whole(const fs::path& path) {
  std::error_code error;
  const auto size = fs::file_size(path, error);
  if (error) return std::unexpected(file_error(path, "cannot read the file: " + error.message()));
  Buffer data(size);
  std::ifstream in(path, std::ios::binary);
  in.read(reinterpret_cast<char*>(data.data()), static_cast<std::streamsize>(size));
  if (!in) return std::unexpected(file_error(path, "cannot read the file"));
  return data;
}

Result<MappedFile> MappedFile::open(const fs::path& path) {
  const auto failed = [&path] {
    return std::unexpected(
        file_error(path, "cannot read the file: " + std::generic_category().message(errno)));
  };
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return failed();
  struct stat status{};
  void* data = MAP_FAILED;
  const bool known = ::fstat(file, &status) == 0;
  const auto size = static_cast<std::size_t>(status.st_size);
  if (known && size != 0) data = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE | MAP_POPULATE, file, 0);
  const int why = errno;
  ::close(file);
  errno = why;
  if (known && size == 0) return MappedFile(Bytes{});
  if (data == MAP_FAILED) return failed();
  return MappedFile(Bytes(static_cast<const std::uint8_t*>(data), size));
}

MappedFile::~MappedFile() {
  if (!bytes_.empty()) ::munmap(const_cast<std::uint8_t*>(bytes_.data()), bytes_.size());
}

Result<void> make_folder(const fs::path& path) {
  std::error_code error;
  fs::create_directories(path, error);
  if (error) return std::unexpected(file_error(path, "cannot make the folder: " + error.message()));
  return {};
}

Result<FolderLock> FolderLock::take(const fs::path& folder) {
  const fs::path path = folder / ".lock";
  FolderLock lock(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666));
  if (lock.file_ < 0) return std::unexpected(file_error(path, "cannot open the lock file"));
  if (::flock(lock.file_, LOCK_EX | LOCK_NB) != 0)
    return fail(ErrorKind::environment, "another program uses this folder", "wait for it or name another",
                Location{folder.string(), 0, 0, Location::kNoOffset, {}});
  return lock;
}

FolderLock::~FolderLock() {
  if (file_ >= 0) ::close(file_);
}

}  // namespace wheatstone
