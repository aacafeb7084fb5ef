#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "harness/cli/interrupt.hpp"
#include "harness/cli/load.hpp"
#include "harness/cli/verbs.hpp"
#include "harness/report/console.hpp"
#include "harness/report/junit.hpp"
#include "harness/run/runner.hpp"
#include "harness/run/selection.hpp"
#include "injectors/simulated/simulated_target.hpp"
#include "mocks/files.hpp"

namespace wheatstone::cli {
namespace {

struct Options {
  std::vector<std::string> paths;
  std::vector<std::string> filters;
  unsigned jobs = std::max(1u, std::thread::hardware_concurrency());
  std::string shard = "1/1";
  std::uint64_t seed = 0;
  std::string out;
  std::string junit;
  bool fail_fast = false;
  bool no_color = false;
  bool quiet = false;
};

// What runs: the shard of what the filters let through. Prints why it is nothing.
Result<std::vector<scenario::Scenario>> select(std::vector<scenario::Scenario> all, const Options& options) {
  run::Selection selection{options.filters, {}};
  const auto passes = [&selection](const scenario::Scenario& scenario) {
    return selection.holds(scenario.id);
  };
  if (std::ranges::none_of(all, passes))
    return wheatstone::fail(ErrorKind::invalid_argument, "no scenario matches the filter",
                            "'wheatstone list' prints the ids; '*' stands for any text");
  const Result<run::Shard> shard = run::parse_shard(options.shard);
  if (!shard) return std::unexpected(shard.error());
  selection.shard = *shard;
  std::erase_if(all, [&](const scenario::Scenario& scenario) { return !passes(scenario); });
  return all;
}

int exit_code(const report::Totals& totals) {
  if (totals.failed != 0) return kFailed;
  return totals.error != 0 ? kEnvironment : kPassed;
}

int run_scenarios(const Options& options, Terminal& terminal) {
  if (options.no_color) terminal.no_colour();
  run::Library library = load(options.paths, terminal);
  if (!library.errors.empty()) return kUsage;
  const auto selected = select(std::move(library.scenarios), options);
  if (!selected) return complain(selected.error(), terminal);

  run::Options run_options;
  run_options.jobs = options.jobs;
  run_options.seed = options.seed;
  run_options.fail_fast = options.fail_fast;
  run_options.out = options.out;
  run_options.stop = &catch_interrupts();
  report::Totals totals;
  const auto progress = [&](const report::Outcome& outcome) {
    totals.add(outcome);
    const bool is_news = outcome.verdict.status != judge::Status::passed;
    if (!options.quiet || is_news) terminal.out(report::console_text(outcome, terminal.colour()));
    terminal.progress(report::progress_text(totals.all(), selected->size(), outcome.id, terminal.columns()));
  };
  const auto outcomes = run::run_all(*selected, inject::make_simulated_target, run_options, progress);
  terminal.progress({});
  if (!outcomes) return complain(outcomes.error(), terminal);

  terminal.out(report::summary_text(totals, terminal.colour()));
  if (!options.junit.empty()) {
    const std::string xml = report::junit_xml(*outcomes);
    if (const Result<void> written = write_whole(options.junit, {as_bytes(xml)}); !written)
      return complain(written.error(), terminal);
  }
  const bool cut_short = *run_options.stop && outcomes->size() < selected->size();
  if (cut_short)
    terminal.err(fmt::format("wheatstone: interrupted after {} of {} scenarios\n", outcomes->size(),
                             selected->size()));
  const int code = exit_code(totals);
  return code == kPassed && cut_short ? kEnvironment : code;
}

}  // namespace

Act add_run(CLI::App& app) {
  CLI::App* verb = app.add_subcommand("run", "Run scenarios, judge them and keep the evidence");
  const auto options = std::make_shared<Options>();
  verb->add_option("PATH", options->paths, "scenario files, or folders to search for *.yaml")->required();
  verb->add_option("--filter", options->filters, "only ids that match this glob; may be given again")
      ->allow_extra_args(false);
  verb->add_option("--jobs", options->jobs, "scenarios at a time")
      ->check(CLI::Range(1u, 1024u))
      ->capture_default_str();
  verb->add_option("--shard", options->shard, "I/N: only the I-th of N parts")->capture_default_str();
  verb->add_option("--seed", options->seed, "decides every random choice")->capture_default_str();
  verb->add_option("--out", options->out, "folder for the evidence, OUT/<id>/; none = it is dropped");
  verb->add_option("--junit", options->junit, "write a JUnit XML report to this file");
  verb->add_flag("--fail-fast", options->fail_fast, "stop after the first failure or error");
  verb->add_flag("--no-color", options->no_color, "no colours; NO_COLOR in the environment does the same");
  verb->add_flag("--quiet", options->quiet, "print nothing about scenarios that passed");
  verb->footer(
      "Nothing runs if a scenario has an error. The same seed gives the same evidence, byte for byte, "
      "whatever the\n"
      "number of jobs. Ctrl-C finishes the scenarios that are running.\n"
      "Exit codes: 0 all passed or were skipped, 1 an expectation was not met or layers contradict each "
      "other,\n"
      "2 a scenario has an error, 3 the machine is in the way or the run was interrupted.\n"
      "Examples: wheatstone run scenarios --out evidence --junit results.xml\n"
      "          wheatstone run scenarios --filter 'processor/*' --seed 7\n"
      "          wheatstone run scenarios --shard 2/5");
  return [options](Terminal& terminal) { return run_scenarios(*options, terminal); };
}

}  // namespace wheatstone::cli
