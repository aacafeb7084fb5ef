// Files that the user names.
#pragma once

#include <cstdint>
#include <filesystem>

#include "formats/layout/bytes.hpp"
#include "formats/layout/result.hpp"

namespace wheatstone::run {

// The whole content. Fails with `io` naming the file, and with `unsupported` for more than `max_bytes`:
// memory follows what is read, so a pipe or device cannot fill it.
Result<Buffer> read_file(const std::filesystem::path& path, std::uint64_t max_bytes);

// The same from standard input.
Result<Buffer> read_standard_input(std::uint64_t max_bytes);

}  // namespace wheatstone::run
