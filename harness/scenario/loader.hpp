// Scenario files: text into a Scenario, or all that is wrong with it.
#pragma once

#include <cstddef>
#include <expected>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "formats/layout/bytes.hpp"
#include "formats/layout/result.hpp"
#include "harness/scenario/scenario.hpp"

namespace wheatstone::scenario {

// Gives the content of a file that a scenario refers to. The path is relative to the folder of the scenario
// and stays below it. An error need not have a position: the loader adds that of the reference.
using ReadFile = std::function<Result<Buffer>(std::string_view path)>;

struct Source {
  std::string id;    // Scenario::id
  std::string file;  // Scenario::file, and the file name in every error
};

struct LoadLimits {
  std::size_t files = 1000;                         // references to files
  std::size_t file_bytes = std::size_t{256} << 20;  // of all files and injected documents together
};

using Loaded = std::expected<Scenario, std::vector<Error>>;

// Every error has file, line, column and message; they are in the order of the text and at least one.
// Mistakes of form (unknown keys, wrong types) are all found in one go, mistakes of meaning (a missing file,
// a field that a section has not) once the form is right. Does nothing but call `read_file`.
Loaded load_scenario(std::string_view text, const Source& source, const ReadFile& read_file,
                     const LoadLimits& limits = {});

// The rules of a CER server that stands alone: what a scenario has under `server`. Errors as above.
std::expected<std::vector<cer_server::Rule>, std::vector<Error>> load_rules(std::string_view text,
                                                                            const std::string& file);

// Settings of a client that stands alone: what a scenario has under `platform.reporting`.
struct LoadedSettings {
  inject::ErrorReporting reporting;
  std::vector<std::string> without_effect;  // names of the values that are there and that nothing follows
};

// Errors as above.
std::expected<LoadedSettings, std::vector<Error>> load_settings(std::string_view text,
                                                                const std::string& file,
                                                                const ReadFile& read_file);

}  // namespace wheatstone::scenario
