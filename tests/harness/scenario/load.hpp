// Loading from memory, and errors as one line each.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "harness/scenario/loader.hpp"

namespace wheatstone::scenario {

using Files = std::map<std::string, std::string, std::less<>>;

inline Loaded load(std::string_view text, const Files& files = {}, const LoadLimits& limits = {}) {
  const auto read = [&files](std::string_view path) -> Result<Buffer> {
    const auto found = files.find(path);
    if (found == files.end()) return fail(ErrorKind::io, "there is no such file");
    const Bytes bytes = as_bytes(found->second);
    return Buffer(bytes.begin(), bytes.end());
  };
  return load_scenario(text, {"folder/name", "name.yaml"}, read, limits);
}

// "name.yaml:3:5: path: message (hint)", as a user sees them.
inline std::vector<std::string> errors(std::string_view text, const Files& files = {},
                                       const LoadLimits& limits = {}) {
  std::vector<std::string> lines;
  if (const Loaded loaded = load(text, files, limits); !loaded)
    for (const Error& error : loaded.error()) lines.push_back(error.text());
  return lines;
}

}  // namespace wheatstone::scenario
