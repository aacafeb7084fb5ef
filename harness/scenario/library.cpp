#include "harness/scenario/library.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <string_view>
#include <system_error>
#include <utility>

namespace wheatstone::scenario {
namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t kMaxFile = std::uintmax_t{64} << 20;

Result<Buffer> read_file(const fs::path& path) {
  std::error_code error;
  if (!fs::is_regular_file(path, error))
    return fail(ErrorKind::io, fmt::format("there is no file {}", path.generic_string()));
  const std::uintmax_t size = fs::file_size(path, error);
  if (error) return fail(ErrorKind::io, fmt::format("{}: {}", path.generic_string(), error.message()));
  if (size > kMaxFile)
    return fail(ErrorKind::unsupported, fmt::format("{} has {} bytes", path.generic_string(), size),
                fmt::format("at most {} are read", kMaxFile));
  Buffer bytes(static_cast<std::size_t>(size));
  std::ifstream in(path, std::ios::binary);
  in.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  if (!in) return fail(ErrorKind::io, fmt::format("{} cannot be read", path.generic_string()));
  return bytes;
}

// The file below `folder`, after every link is resolved.
Result<Buffer> read_below(const fs::path& folder, std::string_view path) {
  std::error_code error;
  const fs::path real_folder = fs::weakly_canonical(folder, error);
  const fs::path real = fs::weakly_canonical(folder / fs::path(path), error);
  const auto inside = std::ranges::mismatch(real_folder, real).in1 == real_folder.end();
  if (error || !inside)
    return fail(ErrorKind::invalid_argument, fmt::format("{} leads out of the folder of the scenario", path));
  Result<Buffer> bytes = read_file(folder / fs::path(path));
  return bytes;
}

bool is_scenario(const fs::path& path) {
  return path.extension() == ".yaml" || path.extension() == ".yml";
}

std::string id_of(fs::path relative) {
  return relative.replace_extension().generic_string();
}

}  // namespace

Result<std::vector<ScenarioFile>> find_scenarios(const fs::path& root) {
  std::vector<ScenarioFile> found;
  std::error_code error;
  if (fs::is_regular_file(root, error)) {
    found.push_back({id_of(root.filename()), root});
    return found;
  }
  fs::recursive_directory_iterator entry(root, error);
  for (; !error && entry != fs::recursive_directory_iterator(); entry.increment(error)) {
    std::error_code ignored;
    if (entry->is_regular_file(ignored) && is_scenario(entry->path()))
      found.push_back({id_of(entry->path().lexically_relative(root)), entry->path()});
  }
  if (error)
    return fail(ErrorKind::io, fmt::format("{}: {}", root.generic_string(), error.message()),
                "give a scenario file, or a folder with some");
  std::ranges::sort(found, {}, &ScenarioFile::id);
  return found;
}

Loaded load_scenario_file(const ScenarioFile& file) {
  const std::string name = file.path.generic_string();
  const Result<Buffer> text = read_file(file.path);
  if (!text) {
    Error error = text.error();
    error.where.file = name;
    return std::unexpected(std::vector{std::move(error)});
  }
  const fs::path folder = file.path.has_parent_path() ? file.path.parent_path() : fs::path(".");
  return load_scenario(as_text(*text), {file.id, name},
                       [&folder](std::string_view path) { return read_below(folder, path); });
}

}  // namespace wheatstone::scenario
