// The scenarios below the files and folders that a user names.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "formats/layout/result.hpp"
#include "harness/scenario/scenario.hpp"

namespace wheatstone::run {

struct Library {
  std::vector<scenario::Scenario> scenarios;  // sorted by id
  std::vector<Error> errors;                  // all that is wrong with the files that are not among them
  std::size_t files = 0;                      // scenario files found
};

// Loads every file named *.yaml or *.yml in `paths` and below; a file that is named itself may have any name.
// Hidden files and folders are left out, links to folders are not followed, a file that is reached twice
// counts once.
//
// The id of a scenario is its path, '/' between parts, without extension, below the root: the innermost
// folder named "scenarios" above it, or else the folder that was named (for a file: the folder it is in). So
// a scenario has the same id, and with it the same random choices, whether it runs alone or with all others.
//
// Two files with one id are an error, and so are a path that does not exist and paths with no scenario.
Library load_library(const std::vector<std::filesystem::path>& paths);

}  // namespace wheatstone::run
