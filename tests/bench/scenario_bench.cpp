// A scenario from boot to verdict: loading, the simulated machine, HTTP over loopback, the judge.
#include <benchmark/benchmark.h>

#include <cstdlib>

#include "harness/run/library.hpp"
#include "harness/run/runner.hpp"
#include "injectors/simulated/simulated_target.hpp"

namespace wheatstone {
namespace {

const scenario::Scenario& one(const char* id) {
  static const run::Library library = run::load_library({WHEATSTONE_SOURCE_DIR "/scenarios"});
  for (const scenario::Scenario& scenario : library.scenarios)
    if (scenario.id == id) return scenario;
  std::abort();
}

// A fatal machine check: record, events, two dumps, restart, verdict; no server.
void fatal_machine_check(benchmark::State& state) {
  const scenario::Scenario& scenario = one("machine_check/amd_cache_fatal");
  for (auto _ : state) {
    const auto target = inject::make_simulated_target();
    const report::Outcome outcome = run::run_scenario(scenario, *target, {});
    if (outcome.verdict.status != judge::Status::passed) state.SkipWithError("the scenario failed");
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(fatal_machine_check)->Unit(benchmark::kMicrosecond);

// The kernel example of [MS-CER2] 4.3 with a server of its own: level 1, answer, cabinet, PUT.
void kernel_report_with_cabinet(benchmark::State& state) {
  const scenario::Scenario& scenario = one("cer/spec_4_3_kernel");
  for (auto _ : state) {
    const auto target = inject::make_simulated_target();
    const report::Outcome outcome = run::run_scenario(scenario, *target, {});
    if (outcome.verdict.status != judge::Status::passed) state.SkipWithError("the scenario failed");
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(kernel_report_with_cabinet)->Unit(benchmark::kMicrosecond)->UseRealTime();

void load_the_library(benchmark::State& state) {
  std::size_t scenarios = 0;
  for (auto _ : state) {
    const run::Library library = run::load_library({WHEATSTONE_SOURCE_DIR "/scenarios"});
    if (!library.errors.empty()) state.SkipWithError("the library has errors");
    scenarios += library.scenarios.size();
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(scenarios));
}
BENCHMARK(load_the_library)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace wheatstone
