// Outcomes of every status, with hostile text, for tests of the reports.
#pragma once

#include <vector>

#include "harness/report/outcome.hpp"

namespace wheatstone::report::test {

inline Outcome outcome(std::string id, judge::Status status, std::string reason = {}) {
  Outcome outcome;
  outcome.id = std::move(id);
  outcome.title = "a title";
  outcome.verdict.status = status;
  outcome.verdict.reason = std::move(reason);
  outcome.took = std::chrono::milliseconds(1250);
  return outcome;
}

inline std::vector<Outcome> one_of_each() {
  std::vector<Outcome> all = {
      outcome("processor/cache", judge::Status::passed), outcome("memory/ddr/ecc", judge::Status::failed),
      outcome("processor/bus", judge::Status::skipped, "the target gives no \"dump\""),
      outcome("bare", judge::Status::error, "no free port <&>\x01")};
  all[1].verdict.failures = {{"expected-count",
                              "expected 1 record {A: \"<x>\"}, found 0\nnearest is record #1",
                              {"m/ecc.yaml", 31, 5, Location::kNoOffset, {}},
                              {0}},
                             {"event-record", "event 20 differs\x1b[2J from the record", {}, {0, 1}}};
  all[1].evidence = "out/memory/ddr/ecc";
  return all;
}

}  // namespace wheatstone::report::test
