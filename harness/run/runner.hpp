// Runs scenarios against a target, judges them and keeps the evidence.
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "formats/layout/result.hpp"
#include "harness/report/outcome.hpp"
#include "harness/scenario/scenario.hpp"
#include "injectors/target.hpp"

namespace wheatstone::run {

struct Options {
  unsigned jobs = 1;       // scenarios at a time, at least 1
  std::uint64_t seed = 0;  // with the scenario's id and its own seed, decides every random choice of its run
  bool fail_fast = false;  // start nothing more after the first failure or error
  std::filesystem::path out;  // evidence goes to out/<id>; empty = none is kept
  bool keep_observations =
      false;  // in the outcomes; otherwise they are dropped once judged and kept as evidence
  const std::atomic<bool>* stop = nullptr;  // set = start nothing more; may be null
};

// A fresh target for one scenario. Called from several threads at a time.
using TargetFactory = std::function<std::unique_ptr<inject::Target>()>;

// Called for each scenario in the order of the scenarios, whatever the number of jobs; one call at a time, on
// threads of the runner.
using Progress = std::function<void(const report::Outcome& outcome)>;

// Time of the target's clock that a run goes on after the last step, unless a `within` asks for more.
inline constexpr std::uint64_t kSettleTime = 600 * FileTime::kPerSecond;

// One scenario from boot to verdict, on the calling thread. A target that lacks a kind of observation that
// the scenario needs, its system, or answers `unsupported`, makes it skipped; any other failure makes it an
// error.
report::Outcome run_scenario(const scenario::Scenario& scenario, inject::Target& target,
                             const Options& options);

// All of them, in order. With fail_fast, the outcomes end with the first that did not pass. Fails (io,
// environment) if evidence cannot be written, and (invalid_argument) if two ids would share a folder.
Result<std::vector<report::Outcome>> run_all(std::span<const scenario::Scenario> scenarios,
                                             const TargetFactory& make_target, const Options& options,
                                             const Progress& progress = {});

}  // namespace wheatstone::run
