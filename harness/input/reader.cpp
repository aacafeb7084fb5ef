#include "harness/input/reader.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string>
#include <utility>

namespace wheatstone::input {
namespace {

constexpr std::size_t kUsualRoom = 64u << 10;
constexpr std::size_t kKeptRoom = 16u << 20;     // a larger buffer is given back before the next input
constexpr std::size_t kMostTrusted = 64u << 20;  // of a size that only the file system says
constexpr int kStopEvery = 100;                  // milliseconds

std::string name_of(const Found& found) {
  std::string name;
  found.full_name(name);
  return name;
}

}  // namespace

Result<Bytes> Reader::read(const Found& found) {
  if (!found.folder && found.name == "-") return read(STDIN_FILENO, found);
  // Below a folder only regular files are wanted: opening what became a pipe meanwhile must not wait.
  const int flags = O_RDONLY | O_CLOEXEC | O_NOCTTY | (found.folder ? O_NONBLOCK : 0);
  const int descriptor =
      ::openat(found.folder ? found.folder->descriptor() : AT_FDCWD, found.name.c_str(), flags);
  if (descriptor < 0) return std::unexpected(io_error(name_of(found), "open the file", errno));
  Result<Bytes> bytes = read(descriptor, found);
  ::close(descriptor);
  return bytes;
}

Result<Bytes> Reader::read(int descriptor, const Found& found) {
  struct stat status{};
  if (::fstat(descriptor, &status) != 0)
    return std::unexpected(io_error(name_of(found), "read the file", errno));
  const bool regular = S_ISREG(status.st_mode);
  if (found.folder && !regular) return std::unexpected(io_error(name_of(found), "read the file", EINVAL));
  const auto expected = regular ? static_cast<std::uint64_t>(status.st_size) : 0;
  if (expected > max_bytes_) return std::unexpected(too_large(found));

  if (capacity_ > kKeptRoom) {
    buffer_.reset();
    capacity_ = 0;
  }
  // One byte more than expected, so that the read which gets everything also sees that there is no more.
  reserve(std::max<std::size_t>(kUsualRoom, std::min<std::uint64_t>(expected, kMostTrusted) + 1), 0);
  std::size_t size = 0;
  while (true) {
    if (size == capacity_) reserve(capacity_ * 2, size);
    if (!regular && !wait(descriptor))
      return std::unexpected(io_error(name_of(found), "read the file", EINTR));
    const ssize_t got = ::read(descriptor, buffer_.get() + size, capacity_ - size);
    if (got < 0) {
      if (errno == EINTR) continue;
      return std::unexpected(io_error(name_of(found), "read the file", errno));
    }
    size += static_cast<std::size_t>(got);
    if (size > max_bytes_) return std::unexpected(too_large(found));
    if (got == 0 || (regular && size == expected && size != 0 && size < capacity_)) break;
  }
  return Bytes(buffer_.get(), size);
}

Error Reader::too_large(const Found& found) const {
  Error error{ErrorKind::unsupported, fmt::format("the file has more than {} bytes", max_bytes_), {}, {}};
  error.where.file = name_of(found);
  return error;
}

// False: asked to stop.
bool Reader::wait(int descriptor) const {
  if (stop_ == nullptr) return true;
  pollfd wanted{descriptor, POLLIN, 0};
  while (!stop_->load(std::memory_order_relaxed)) {
    // What poll cannot wait for is read at once: the read says what is wrong.
    if (const int ready = ::poll(&wanted, 1, kStopEvery); ready > 0 || (ready < 0 && errno != EINTR))
      return true;
  }
  return false;
}

void Reader::reserve(std::size_t capacity, std::size_t used) {
  if (capacity <= capacity_) return;
  auto larger = std::make_unique_for_overwrite<std::uint8_t[]>(capacity);
  if (used != 0) std::memcpy(larger.get(), buffer_.get(), used);
  buffer_ = std::move(larger);
  capacity_ = capacity;
}

}  // namespace wheatstone::input
