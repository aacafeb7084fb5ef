// Everything a report says about one scenario that was run.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "harness/judge/verdict.hpp"
#include "injectors/observation.hpp"

namespace wheatstone::report {

struct Outcome {
  std::string id;      // stable name of the scenario: "processor/amd-cache-fatal"
  std::string title;   // one line for people
  std::string file;    // where the scenario was read from, as the user named it
  std::string source;  // text of that file
  std::string target;  // name of the target
  std::uint64_t seed = 0;
  std::vector<inject::Observation> observations;  // in order of time
  judge::Verdict verdict;
  std::chrono::nanoseconds took{};  // wall time; never part of the evidence
  std::string evidence;             // folder of the evidence as the user can open it; empty if none was kept
};

// "processor" of "processor/amd-cache-fatal": everything before the last '/', or "scenarios" without one.
std::string theme_of(const std::string& id);

// "amd-cache-fatal" of "processor/amd-cache-fatal".
std::string name_of(const std::string& id);

}  // namespace wheatstone::report
