// Scenario files on disk.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "formats/layout/result.hpp"
#include "harness/scenario/loader.hpp"

namespace wheatstone::scenario {

struct ScenarioFile {
  std::string id;              // path under the root without extension, '/' between parts
  std::filesystem::path path;  // to open it
};

// Every *.yaml and *.yml under `root`, sorted by id; or `root` itself if it is a file, whose id is then its
// name. Links to folders are not followed. Fails (io) if the root cannot be read.
Result<std::vector<ScenarioFile>> find_scenarios(const std::filesystem::path& root);

// Reads and loads one file; what it refers to is read from its folder. A reference that leaves that folder
// through a link is an error.
Loaded load_scenario_file(const ScenarioFile& file);

}  // namespace wheatstone::scenario
