#include "harness/run/library.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <system_error>
#include <utility>

#include "harness/run/files.hpp"
#include "harness/scenario/loader.hpp"

namespace wheatstone::run {
namespace fs = std::filesystem;
namespace {

constexpr std::uint64_t kMostYaml = 16u << 20;
constexpr std::uint64_t kMostFile = 256u << 20;

Error about(const fs::path& path, ErrorKind kind, std::string message, std::string hint = {}) {
  Error error{kind, std::move(message), std::move(hint), {}};
  error.where.file = path.string();
  return error;
}

// Files as the user reaches them, by where they really are.
class Finder {
 public:
  explicit Finder(std::vector<Error>& errors) : errors_(errors) {}

  void add(const fs::path& path) {
    std::error_code code;
    const fs::file_status status = fs::status(path, code);
    if (status.type() == fs::file_type::not_found) {
      errors_.push_back(about(path, ErrorKind::io, "no such file or folder"));
    } else if (code) {
      errors_.push_back(about(path, ErrorKind::io, code.message()));
    } else if (fs::is_directory(status)) {
      add_folder(path);
    } else {
      add_file(path, path.parent_path());
    }
  }

  struct Found {
    fs::path file;
    std::string id;
  };
  const std::map<fs::path, Found>& files() const { return files_; }

 private:
  void add_folder(const fs::path& folder) {
    std::error_code code;
    fs::recursive_directory_iterator at(folder, code);
    for (; !code && at != fs::recursive_directory_iterator(); at.increment(code)) {
      const fs::path& path = at->path();
      std::error_code ignored;
      if (path.filename().string().starts_with('.')) {
        at.disable_recursion_pending();
      } else if ((path.extension() == ".yaml" || path.extension() == ".yml") &&
                 at->is_regular_file(ignored)) {
        add_file(path, folder);
      }
    }
    if (code) errors_.push_back(about(folder, ErrorKind::io, code.message()));
  }

  void add_file(const fs::path& file, const fs::path& named) {
    std::error_code code;
    const fs::path real = fs::weakly_canonical(file, code);
    if (code) {
      errors_.push_back(about(file, ErrorKind::io, code.message()));
      return;
    }
    fs::path root = fs::weakly_canonical(named.empty() ? "." : named, code);
    for (fs::path above = real.parent_path(); above.has_relative_path(); above = above.parent_path()) {
      if (above.filename() == "scenarios") {
        root = above;
        break;
      }
    }
    fs::path id = real.lexically_relative(root);
    if (id.empty() || *id.begin() == "..") id = real.filename();  // a link that leads out of the folder
    files_.try_emplace(real, Found{file, id.replace_extension().generic_string()});
  }

  std::vector<Error>& errors_;
  std::map<fs::path, Found> files_;
};

}  // namespace

Library load_library(const std::vector<fs::path>& paths) {
  Library library;
  Finder finder(library.errors);
  for (const fs::path& path : paths) finder.add(path);

  std::map<std::string, fs::path> ids;
  for (const auto& [real, found] : finder.files()) {
    ++library.files;
    if (const auto [first, is_new] = ids.try_emplace(found.id, found.file); !is_new) {
      library.errors.push_back(
          about(found.file, ErrorKind::invalid_argument,
                fmt::format("the id '{}' is also that of {}", found.id, first->second.string()),
                "rename one of them or run them apart"));
      continue;
    }
    const Result<Buffer> text = read_file(found.file, kMostYaml);
    if (!text) {
      library.errors.push_back(text.error());
      continue;
    }
    const auto read = [folder = found.file.parent_path()](std::string_view path) {
      return read_file(folder / path, kMostFile);
    };
    scenario::Loaded loaded = scenario::load_scenario(as_text(*text), {found.id, found.file.string()}, read);
    if (loaded) {
      library.scenarios.push_back(std::move(*loaded));
    } else {
      std::ranges::move(loaded.error(), std::back_inserter(library.errors));
    }
  }
  std::ranges::sort(library.scenarios, {}, &scenario::Scenario::id);
  if (library.files == 0 && library.errors.empty()) {
    for (const fs::path& path : paths)
      library.errors.push_back(about(path, ErrorKind::invalid_argument, "there are no scenarios here",
                                     "scenarios are files named *.yaml or *.yml"));
  }
  return library;
}

}  // namespace wheatstone::run
