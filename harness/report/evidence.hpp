// The evidence of a run: a folder that people open with the tools they already have.
#pragma once

#include <filesystem>
#include <string>

#include "formats/layout/result.hpp"
#include "harness/report/outcome.hpp"

namespace wheatstone::report {

// One JSON object for each observation and line: its number (from 1), kind, time, fields, and the name of the
// file that holds its bytes, or the bytes themselves in hex. Numbers shown in hex are strings, decimal ones
// are JSON numbers up to 2^53 and strings above, named ones are {"value": ..., "name": ...}. `artefacts` are
// the file names, one for each observation, empty for those that are not kept as a file.
std::string observations_jsonl(const Outcome& outcome, const std::vector<std::string>& artefacts);

// Scenario, target, seed, status, reason and failures; observations by their number. Holds neither paths nor
// times of the machine it was made on.
std::string verdict_json(const Outcome& outcome);

// Writes out/<safe_path(id)>/ with verdict.json, observations.jsonl, scenario.yaml and each artefact, and
// returns that path. The same outcome gives the same bytes. The folder appears whole or not at all: it is
// written under a temporary name beside its place and renamed; evidence of an earlier run is replaced, but a
// folder that is no evidence (it has files and no verdict.json) is left alone. Fails with `io`, or
// `environment` where the file system refuses (no permission, no space).
Result<std::filesystem::path> write_evidence(const std::filesystem::path& out, const Outcome& outcome);

// Creates `out` and proves that files can be made in it, so that a run fails before its first scenario.
Result<void> prepare_evidence(const std::filesystem::path& out);

}  // namespace wheatstone::report
