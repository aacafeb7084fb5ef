#include "tests/house/rules.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <map>
#include <optional>
#include <set>
#include <string_view>

#include <fmt/format.h>

namespace wheatstone::house {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 4> kFloors = {"formats", "mocks", "injectors", "harness"};

// What a format may use besides itself. A new format gets a row.
const std::map<std::string_view, std::set<std::string_view>> kFormatUses = {
    {"layout", {}},
    {"cper", {"layout"}},
    {"whea", {"layout", "cper", "dump"}},
    {"acpi", {"layout", "cper"}},
    {"dump", {"layout"}},
    {"cab", {"layout"}},
    {"cer", {"layout"}},
    {"mutate", {"layout", "cper", "whea", "acpi"}},
    {"document", {"layout", "cper", "whea", "acpi"}},
};

// Standard and system headers that let the outside world in.
constexpr std::array<std::string_view, 20> kImpureHeaders = {
    "condition_variable", "cstdio", "ctime",  "fcntl.h",  "filesystem",   "fstream",      "future",
    "iostream",           "mutex",  "random", "stdio.h",  "sys/mman.h",   "sys/socket.h", "sys/stat.h",
    "syncstream",         "thread", "time.h", "unistd.h", "shared_mutex", "print",
};

bool is_source(std::string_view path) {
  return path.ends_with(".cpp") || path.ends_with(".hpp") || path.ends_with(".h") || path.ends_with(".c");
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (true) {
    const auto at = text.find(separator);
    parts.push_back(text.substr(0, at));
    if (at == std::string_view::npos) return parts;
    text.remove_prefix(at + 1);
  }
}

// Where a source stands: tests/formats/cper/x.cpp stands on the floor formats, in the part cper.
struct Place {
  std::optional<std::size_t> floor;  // nullopt: outside the floors
  std::string_view part;             // empty: directly on the floor
  bool test = false;
};

Place place_of(std::string_view path) {
  auto parts = split(path, '/');
  Place place;
  if (parts.front() == "tests") {
    place.test = true;
    parts.erase(parts.begin());
  }
  const auto floor = std::ranges::find(kFloors, parts.front());
  if (floor == kFloors.end()) return place;
  place.floor = static_cast<std::size_t>(floor - kFloors.begin());
  if (parts.size() > 2) place.part = parts[1];
  return place;
}

struct Include {
  std::size_t line;
  std::string_view name;
  bool quoted;
};

std::vector<Include> includes_of(std::string_view text) {
  std::vector<Include> includes;
  std::size_t number = 0;
  for (std::string_view line : split(text, '\n')) {
    ++number;
    const auto skip = [&line](std::string_view what) {
      while (!line.empty() && (line.front() == ' ' || line.front() == '\t')) line.remove_prefix(1);
      if (!line.starts_with(what)) return false;
      line.remove_prefix(what.size());
      return true;
    };
    if (!skip("#") || !skip("include") || !skip("") || line.empty()) continue;
    const bool quoted = line.front() == '"';
    if (!quoted && line.front() != '<') continue;
    line.remove_prefix(1);
    includes.push_back({number, line.substr(0, line.find(quoted ? '"' : '>')), quoted});
  }
  return includes;
}

// Why `from` may not include `to`; empty if it may.
std::string objection(const Place& from, const Place& to) {
  if (to.test) return from.test ? "" : "the product includes its tests";
  if (!to.floor || !from.floor) return "";
  if (*to.floor > *from.floor)
    return fmt::format("{} stands on a lower floor than {}", kFloors[*from.floor], kFloors[*to.floor]);
  if (from.test || kFloors[*from.floor] != "formats" || from.part == to.part) return "";
  const auto uses = kFormatUses.find(from.part);
  if (uses == kFormatUses.end())
    return fmt::format("the table in tests/house has no row for formats/{}", from.part);
  return uses->second.contains(to.part)
             ? ""
             : fmt::format("formats/{} may not use formats/{}", from.part, to.part);
}

// The 1-based line of a position.
std::size_t line_of(std::string_view text, std::size_t position) {
  return 1 + static_cast<std::size_t>(std::ranges::count(text.substr(0, position), '\n'));
}

bool is_path_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.';
}

// Hosts of a private network and package mirrors. Loopback and the addresses kept for documentation are fine.
bool is_private_host(std::string_view host) {
  for (std::string_view part : {".internal", ".lan", ".corp"}) {
    if (host.ends_with(part)) return true;
  }
  for (std::string_view part : {"artifactory", "mirror", "nexus"}) {
    if (host.find(part) != std::string_view::npos) return true;
  }
  if (host.empty() || host.find_first_not_of("0123456789.") != std::string_view::npos) return false;
  for (std::string_view prefix : {"127.", "0.0.0.0", "192.0.2.", "198.51.100.", "203.0.113."}) {
    if (host.starts_with(prefix)) return false;
  }
  return true;
}

}  // namespace

std::vector<File> read_tree(const fs::path& root) {
  std::vector<fs::path> paths;
  for (const auto& entry : fs::directory_iterator(root)) {
    // What git and a user's own tools leave in a checkout is not ours.
    const std::string name = entry.path().filename().string();
    if (name == ".git" || name == "CMakeUserPresets.json" || name == "compile_commands.json") continue;
    if (entry.is_regular_file()) paths.push_back(entry.path());
  }
  for (std::string_view folder :
       {"formats", "mocks", "injectors", "harness", "scenarios", "tests", "ci", ".ci", ".github", "docs"}) {
    if (!fs::is_directory(root / folder)) continue;
    for (const auto& entry : fs::recursive_directory_iterator(root / folder)) {
      if (entry.is_regular_file()) paths.push_back(entry.path());
    }
  }
  std::vector<File> tree;
  for (const auto& path : paths) {
    std::ifstream file(path, std::ios::binary);
    tree.push_back({path.lexically_relative(root).generic_string(),
                    std::string(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>())});
  }
  std::ranges::sort(tree, {}, &File::path);
  return tree;
}

std::vector<std::string> wrong_includes(const std::vector<File>& tree) {
  std::set<std::string_view> paths;
  for (const File& file : tree) paths.insert(file.path);

  std::vector<std::string> wrong;
  for (const File& file : tree) {
    if (!is_source(file.path)) continue;
    const Place from = place_of(file.path);
    for (const Include& include : includes_of(file.text)) {
      if (include.quoted && !paths.contains(include.name)) {
        wrong.push_back(
            fmt::format("{}:{}: \"{}\" is not a file from the root", file.path, include.line, include.name));
        continue;
      }
      const std::string why = objection(from, place_of(include.name));
      if (!why.empty())
        wrong.push_back(fmt::format("{}:{}: \"{}\": {}", file.path, include.line, include.name, why));
    }
  }
  return wrong;
}

std::vector<std::string> impure_formats(const std::vector<File>& tree) {
  std::vector<std::string> wrong;
  for (const File& file : tree) {
    if (!is_source(file.path) || !file.path.starts_with("formats/")) continue;
    for (const Include& include : includes_of(file.text)) {
      if (std::ranges::find(kImpureHeaders, include.name) == kImpureHeaders.end()) continue;
      wrong.push_back(
          fmt::format("{}:{}: formats/ does not use <{}>", file.path, include.line, include.name));
    }
  }
  return wrong;
}

std::vector<std::string> machine_names(const std::vector<File>& tree) {
  std::vector<std::string> wrong;
  for (const File& file : tree) {
    const std::string_view text = file.text;
    for (std::string_view folder : {"home", "root", "work", "farm"}) {
      const std::string needle = fmt::format("/{}/", folder);
      for (auto at = text.find(needle); at != std::string_view::npos; at = text.find(needle, at + 1)) {
        if (at > 0 && is_path_character(text[at - 1])) continue;
        wrong.push_back(
            fmt::format("{}:{}: a path of one machine: {}...", file.path, line_of(text, at), needle));
      }
    }
    for (auto at = text.find("://"); at != std::string_view::npos; at = text.find("://", at + 1)) {
      const std::string_view rest = text.substr(at + 3);
      const std::string_view host = rest.substr(0, rest.find_first_of("/: \t\r\n\"'<>)`,;"));
      if (!is_private_host(host)) continue;
      wrong.push_back(fmt::format("{}:{}: a host of one network: {}", file.path, line_of(text, at), host));
    }
  }
  return wrong;
}

std::vector<std::string> missing_readmes(const std::vector<File>& tree) {
  std::set<std::string> readmes;
  std::set<std::string> folders;
  for (const File& file : tree) {
    const Place place = place_of(file.path);
    if (!place.floor || place.test) continue;
    const std::string floor(kFloors[*place.floor]);
    const std::string folder = place.part.empty() ? floor : fmt::format("{}/{}", floor, place.part);
    if (is_source(file.path)) folders.insert(folder);
    if (file.path == folder + "/README.md" && !file.text.empty()) readmes.insert(folder);
  }
  std::vector<std::string> wrong;
  for (const std::string& folder : folders) {
    if (!readmes.contains(folder)) wrong.push_back(fmt::format("{}: has sources and no README.md", folder));
  }
  return wrong;
}

}  // namespace wheatstone::house
