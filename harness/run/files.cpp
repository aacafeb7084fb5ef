#include "harness/run/files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <memory>
#include <system_error>
#include <utility>

namespace wheatstone::run {
namespace {

std::unexpected<Error> fail_io(const std::string& name, std::string_view what, int code) {
  Location where;
  where.file = name;
  return fail(ErrorKind::io, fmt::format("cannot {}: {}", what, std::generic_category().message(code)), {},
              std::move(where));
}

Result<Buffer> read_all(std::FILE* file, const std::string& name, std::uint64_t max_bytes) {
  Buffer bytes;
  std::size_t room = 64u << 10;
  while (true) {
    const std::size_t size = bytes.size();
    bytes.resize(size + room);
    const std::size_t got = std::fread(bytes.data() + size, 1, room, file);
    const int code = errno;
    bytes.resize(size + got);
    if (bytes.size() > max_bytes) {
      Location where;
      where.file = name;
      return fail(ErrorKind::unsupported, fmt::format("the file has more than {} bytes", max_bytes), {},
                  std::move(where));
    }
    if (got == room) {
      room = std::min<std::size_t>(bytes.size(), 64u << 20);
      continue;
    }
    if (std::ferror(file) != 0) return fail_io(name, "read the file", code);
    return bytes;
  }
}

}  // namespace

Result<Buffer> read_file(const std::filesystem::path& path, std::uint64_t max_bytes) {
  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  const std::unique_ptr<std::FILE, Close> file(std::fopen(path.c_str(), "rbe"));
  if (!file) return fail_io(path.string(), "open the file", errno);
  return read_all(file.get(), path.string(), max_bytes);
}

Result<Buffer> read_standard_input(std::uint64_t max_bytes) {
  return read_all(stdin, "-", max_bytes);
}

}  // namespace wheatstone::run
