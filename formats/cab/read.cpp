#include <fmt/format.h>
#include <mspack.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <new>
#include <numeric>
#include <tuple>

#include "formats/cab/cabinet.hpp"

namespace wheatstone::cab {
namespace {

// What libmspack takes for a file: a cursor over the cabinet, or a member to append to. libmspack must not
// give a member more than the headers promised.
struct MemoryFile : mspack_file {
  Bytes input;
  std::size_t at = 0;
  Buffer* output = nullptr;
  std::uint64_t output_left = 0;
};

// libmspack's view of the world: one cabinet to read, one member at a time to write. File names are only
// tags.
struct MemorySystem : mspack_system {
  Bytes input;
  Buffer* output = nullptr;
  std::uint64_t output_limit = 0;
};

MemoryFile* as_memory(mspack_file* file) noexcept {
  return static_cast<MemoryFile*>(file);
}

mspack_file* open_file(mspack_system* self, const char*, int mode) {
  const auto* system = static_cast<MemorySystem*>(self);
  auto* file = new (std::nothrow) MemoryFile{};
  if (!file) return nullptr;
  if (mode == MSPACK_SYS_OPEN_READ) {
    file->input = system->input;
  } else {
    file->output = system->output;
    file->output_left = system->output_limit;
  }
  return file;
}

void close_file(mspack_file* file) {
  delete as_memory(file);
}

int read_file(mspack_file* file, void* buffer, int bytes) {
  MemoryFile* memory = as_memory(file);
  if (bytes < 0 || memory->output) return -1;
  const std::size_t count = std::min(static_cast<std::size_t>(bytes), memory->input.size() - memory->at);
  if (count != 0) std::memcpy(buffer, memory->input.data() + memory->at, count);
  memory->at += count;
  return static_cast<int>(count);
}

// REQUIRES: the output's capacity holds all that was promised, for nothing may throw through libmspack.
int write_file(mspack_file* file, void* buffer, int bytes) {
  MemoryFile* memory = as_memory(file);
  if (bytes < 0 || !memory->output || static_cast<std::uint64_t>(bytes) > memory->output_left) return -1;
  const auto* begin = static_cast<const std::uint8_t*>(buffer);
  memory->output->insert(memory->output->end(), begin, begin + bytes);
  memory->output_left -= static_cast<std::uint64_t>(bytes);
  return bytes;
}

int seek_file(mspack_file* file, off_t offset, int mode) {
  MemoryFile* memory = as_memory(file);
  if (memory->output) return -1;
  const auto size = static_cast<off_t>(memory->input.size());
  const off_t base = mode == MSPACK_SYS_SEEK_CUR   ? static_cast<off_t>(memory->at)
                     : mode == MSPACK_SYS_SEEK_END ? size
                                                   : 0;
  if (offset < -base || offset > size - base) return -1;
  memory->at = static_cast<std::size_t>(base + offset);
  return 0;
}

off_t tell_file(mspack_file* file) {
  return static_cast<off_t>(as_memory(file)->at);
}

void ignore_message(mspack_file*, const char*, ...) {}
// Compressed data may speak of bytes before the first one: zeros, not what this memory held before.
void* allocate(mspack_system*, size_t bytes) {
  return std::calloc(1, bytes);
}
void copy(void* source, void* target, size_t bytes) {
  std::memcpy(target, source, bytes);
}

std::string_view text_of(int error) noexcept {
  switch (error) {
    case MSPACK_ERR_NOMEMORY:
      return "no memory";
    case MSPACK_ERR_SIGNATURE:
      return "bad signature";
    case MSPACK_ERR_DATAFORMAT:
      return "bad data format";
    case MSPACK_ERR_CHECKSUM:
      return "bad checksum";
    case MSPACK_ERR_DECRUNCH:
      return "bad compressed data";
    default:
      return "refused";
  }
}

struct DestroyDecompressor {
  void operator()(mscab_decompressor* decompressor) const noexcept {
    mspack_destroy_cab_decompressor(decompressor);
  }
};

struct CloseCabinet {
  mscab_decompressor* decompressor;
  void operator()(mscabd_cabinet* cabinet) const noexcept { decompressor->close(decompressor, cabinet); }
};

}  // namespace

Result<std::vector<Member>> read(Bytes cabinet, const Limits& limits) {
  const auto contents = scan(cabinet, limits);
  if (!contents) return std::unexpected(contents.error());
  return unpack(cabinet, *contents);
}

Result<std::vector<Member>> unpack(Bytes cabinet, const Contents& contents) {
  MemorySystem system{};
  system.open = open_file;
  system.close = close_file;
  system.read = read_file;
  system.write = write_file;
  system.seek = seek_file;
  system.tell = tell_file;
  system.message = ignore_message;
  system.alloc = allocate;
  system.free = std::free;
  system.copy = copy;
  system.input = cabinet;

  const std::unique_ptr<mscab_decompressor, DestroyDecompressor> decompressor(
      mspack_create_cab_decompressor(&system));
  if (!decompressor) return fail(ErrorKind::internal, "libmspack cannot be started");
  const std::unique_ptr<mscabd_cabinet, CloseCabinet> opened(
      decompressor->open(decompressor.get(), "cabinet"), CloseCabinet{decompressor.get()});
  if (!opened) {
    const int error = decompressor->last_error(decompressor.get());
    return fail(ErrorKind::malformed, fmt::format("libmspack cannot open the cabinet: {}", text_of(error)));
  }

  std::vector<mscabd_file*> files;
  for (mscabd_file* file = opened->files; file; file = file->next) files.push_back(file);
  if (files.size() != contents.members.size())
    return fail(ErrorKind::internal, fmt::format("libmspack sees {} members where the headers have {}",
                                                 files.size(), contents.members.size()));

  // Backwards in a folder, or from folder to folder and back, libmspack starts again at the folder's begin.
  std::vector<std::size_t> order(files.size());
  std::iota(order.begin(), order.end(), 0u);
  std::ranges::sort(order, {}, [&](std::size_t i) {
    return std::tuple(contents.members[i].folder, contents.members[i].offset, i);
  });

  std::vector<Member> members(files.size());
  for (const std::size_t i : order) {
    const MemberInfo& promised = contents.members[i];
    Member& member = members[i];
    member.name = promised.name;
    if (promised.size == 0) continue;
    member.data.reserve(static_cast<std::size_t>(promised.size));
    system.output = &member.data;
    system.output_limit = promised.size;
    const int error = decompressor->extract(decompressor.get(), files[i], "member");
    if (error != MSPACK_ERR_OK || member.data.size() != promised.size)
      return fail(ErrorKind::malformed, fmt::format("libmspack cannot unpack the member: {}", text_of(error)),
                  "the compressed data is damaged", {.path = fmt::format("CFFILE[{}]", i)});
  }
  return members;
}

}  // namespace wheatstone::cab
