#include "harness/run/runner.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <exception>
#include <limits>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include "harness/judge/judge.hpp"
#include "harness/report/evidence.hpp"
#include "harness/report/file_names.hpp"
#include "harness/report/stable_hash.hpp"
#include "harness/run/server_log.hpp"
#include "mocks/cer_server/server.hpp"

namespace wheatstone::run {
namespace {

using inject::Observation;
using inject::ObservationKind;
using judge::Status;
using report::Outcome;

FileTime later(FileTime time, std::uint64_t duration) {
  const std::uint64_t room = std::numeric_limits<std::uint64_t>::max() - time.ticks;
  return time + std::min(duration, room);
}

// Each run has its own two streams of random numbers: one for the target, one for the server's thread.
std::uint64_t derive_seed(const scenario::Scenario& scenario, std::uint64_t run_seed,
                          std::string_view purpose) {
  return report::stable_hash(fmt::format("{}\n{}\n{}\n{}", run_seed, scenario.seed, scenario.id, purpose));
}

// The longest time an expectation waits for, but at least the usual one.
std::uint64_t settle_time(const scenario::Scenario& scenario) {
  std::uint64_t time = kSettleTime;
  for (const scenario::Expectation& expectation : scenario.expectations)
    if (const auto* occurs = std::get_if<scenario::Occurs>(&expectation.what))
      time = std::max(time, occurs->within.value_or(0));
  return time;
}

std::optional<std::string> why_not(const scenario::Scenario& scenario, const inject::Target& target,
                                   const inject::Capabilities& can) {
  if (std::ranges::find(can.systems, scenario.platform.system) == can.systems.end())
    return fmt::format("target '{}' cannot be a '{}' system", target.name(), scenario.platform.system);
  std::string missing;
  for (const ObservationKind kind : scenario.needs)
    if (std::ranges::find(can.observations, kind) == can.observations.end())
      missing += fmt::format("{}{}", missing.empty() ? "" : ", ", inject::to_string(kind));
  if (!missing.empty()) return fmt::format("target '{}' cannot observe: {}", target.name(), missing);
  return std::nullopt;
}

// One scenario on its way from boot to verdict.
class Session {
 public:
  Session(const scenario::Scenario& scenario, inject::Target& target, const Options& options,
          Outcome& outcome)
      : scenario_(scenario),
        target_(target),
        outcome_(outcome),
        clock_(scenario.platform.clock),
        random_(derive_seed(scenario, options.seed, "target")),
        server_random_(derive_seed(scenario, options.seed, "server")) {}

  // Fills in observations and verdict.
  void run() {
    const inject::Capabilities can = target_.capabilities();
    if (std::optional<std::string> reason = why_not(scenario_, target_, can)) {
      outcome_.verdict = {Status::skipped, std::move(*reason), {}, {}};
      return;
    }
    Result<void> done = play();
    target_.shut_down();
    if (server_) server_->stop();
    collect_from_server();
    if (!done) {
      const bool cannot = done.error().kind == ErrorKind::unsupported;
      outcome_.verdict = {cannot ? Status::skipped : Status::error, done.error().text(), where_, {}};
      return;
    }
    outcome_.verdict = judge::judge(scenario_, {outcome_.observations, injections_, can.observations});
  }

 private:
  Result<void> play() {
    if (scenario_.server) {
      cer_server::Options options;
      options.port = 0;
      options.tls = scenario_.server->tls;
      options.accounts = scenario_.server->accounts;
      options.profile = scenario_.server->profile;
      auto server =
          cer_server::Server::start(options, scenario_.server->rules, clock_, server_random_, &log_);
      if (!server) return std::unexpected(std::move(server.error()));
      server_ = std::move(*server);
    }
    inject::Services services{clock_, random_, std::nullopt};
    if (server_) services.cer_server = inject::Endpoint{"127.0.0.1", server_->port(), server_->fingerprint()};
    injections_.push_back(clock_.now());
    if (Result<void> booted = target_.boot(scenario_.platform, services); !booted) return booted;
    for (const scenario::Step& step : scenario_.steps) {
      if (Result<void> done = play(step); !done) {
        where_ = scenario_.at(step.mark);
        // What was seen before it failed is worth keeping; why it failed is told already.
        [[maybe_unused]] const Result<void> rest = observe_for(0);
        return done;
      }
    }
    return observe_for(settle_time(scenario_));
  }

  Result<void> play(const scenario::Step& step) {
    if (const auto* wait = std::get_if<scenario::Wait>(&step.what)) return observe_for(wait->duration);
    injections_.push_back(clock_.now());
    if (Result<void> injected = target_.inject(std::get<inject::Injection>(step.what)); !injected)
      return injected;
    return observe_for(0);
  }

  Result<void> observe_for(std::uint64_t duration) {
    const FileTime deadline = later(clock_.now(), duration);
    Result<std::vector<Observation>> seen = target_.observe(deadline);
    if (!seen) return std::unexpected(std::move(seen.error()));
    std::ranges::move(*seen, std::back_inserter(outcome_.observations));
    clock_.advance_to(deadline);
    return {};
  }

  // What the server saw goes after what the target saw at the same time: it has no clock of its own.
  void collect_from_server() {
    std::ranges::move(log_.take(), std::back_inserter(outcome_.observations));
    std::vector<Observation>& seen = outcome_.observations;
    std::vector<std::pair<FileTime, std::size_t>> order;
    for (std::size_t i = 0; i < seen.size(); ++i) order.emplace_back(seen[i].time, i);
    std::ranges::sort(order);
    std::vector<Observation> sorted;
    for (const auto& [time, index] : order) sorted.push_back(std::move(seen[index]));
    seen = std::move(sorted);
  }

  const scenario::Scenario& scenario_;
  inject::Target& target_;
  Outcome& outcome_;
  VirtualClock clock_;
  SeededRandom random_;
  SeededRandom server_random_;
  ServerLog log_;
  std::unique_ptr<cer_server::Server> server_;  // after what it uses: stops first
  std::vector<FileTime> injections_;
  Location where_;  // of the step that failed
};

// The scenarios of one run, handed out to threads and handed back in order.
class Batch {
 public:
  Batch(std::span<const scenario::Scenario> scenarios, const TargetFactory& make_target,
        const Options& options, const Progress& progress)
      : scenarios_(scenarios),
        make_target_(make_target),
        options_(options),
        progress_(progress),
        finished_(scenarios.size()) {}

  Result<std::vector<Outcome>> run() {
    {
      const std::size_t jobs =
          std::clamp<std::size_t>(options_.jobs, 1, std::max<std::size_t>(scenarios_.size(), 1));
      std::vector<std::jthread> threads;
      for (std::size_t i = 1; i < jobs; ++i) threads.emplace_back([this] { work(); });
      work();
    }
    if (broken_) return std::unexpected(std::move(*broken_));
    return std::move(delivered_);
  }

 private:
  void work() {
    while (const std::optional<std::size_t> index = take()) {
      Outcome outcome = run_one(scenarios_[*index]);
      const std::lock_guard lock(mutex_);
      finished_[*index] = std::move(outcome);
      deliver();
    }
  }

  std::optional<std::size_t> take() {
    const std::lock_guard lock(mutex_);
    if (closed_ || (options_.stop != nullptr && options_.stop->load())) return std::nullopt;
    if (next_ == scenarios_.size()) return std::nullopt;
    return next_++;
  }

  Outcome run_one(const scenario::Scenario& scenario) {
    Outcome outcome;
    try {
      const std::unique_ptr<inject::Target> target = make_target_();
      outcome = run_scenario(scenario, *target, options_);
    } catch (const std::exception& error) {
      outcome.id = scenario.id;
      outcome.verdict = {Status::error, fmt::format("internal: {}", error.what()), {}, {}};
    }
    if (!options_.out.empty()) {
      Result<std::filesystem::path> written = report::write_evidence(options_.out, outcome);
      if (written) {
        outcome.evidence = written->string();
      } else {
        const std::lock_guard lock(mutex_);
        if (!broken_) broken_ = std::move(written.error());
        closed_ = true;
      }
    }
    if (!options_.keep_observations) outcome.observations = {};
    return outcome;
  }

  // REQUIRES: mutex_ held. Hands on what is complete from the front.
  void deliver() {
    while (delivered_.size() < finished_.size() && finished_[delivered_.size()] && !ended_) {
      Outcome& outcome = *finished_[delivered_.size()];
      const Status status = outcome.verdict.status;
      if (progress_) progress_(outcome);
      delivered_.push_back(std::move(outcome));
      if (options_.fail_fast && (status == Status::failed || status == Status::error))
        ended_ = closed_ = true;
    }
  }

  std::span<const scenario::Scenario> scenarios_;
  const TargetFactory& make_target_;
  const Options& options_;
  const Progress& progress_;

  std::mutex mutex_;
  std::size_t next_ = 0;
  bool closed_ = false;  // start nothing more
  bool ended_ = false;   // deliver nothing more
  std::optional<Error> broken_;
  std::vector<std::optional<Outcome>> finished_;
  std::vector<Outcome> delivered_;
};

// Two ids where one names a folder inside the evidence of the other, or the same one.
Result<void> check_folders(std::span<const scenario::Scenario> scenarios) {
  std::vector<std::string> folders;
  for (const scenario::Scenario& scenario : scenarios)
    folders.push_back(report::safe_path(scenario.id) + "/");
  std::ranges::sort(folders);
  const auto clash = std::ranges::adjacent_find(
      folders, [](const std::string& a, const std::string& b) { return b.starts_with(a); });
  if (clash == folders.end()) return {};
  return fail(ErrorKind::invalid_argument,
              fmt::format("scenarios '{}' and '{}' would share a folder of evidence",
                          clash->substr(0, clash->size() - 1),
                          std::next(clash)->substr(0, std::next(clash)->size() - 1)),
              "rename one of them");
}

}  // namespace

Outcome run_scenario(const scenario::Scenario& scenario, inject::Target& target, const Options& options) {
  const auto start = std::chrono::steady_clock::now();
  Outcome outcome;
  outcome.id = scenario.id;
  outcome.title = scenario.title;
  outcome.file = scenario.file;
  outcome.source = scenario.source;
  outcome.target = target.name();
  outcome.seed = options.seed;
  Session(scenario, target, options, outcome).run();
  outcome.took = std::chrono::steady_clock::now() - start;
  return outcome;
}

Result<std::vector<Outcome>> run_all(std::span<const scenario::Scenario> scenarios,
                                     const TargetFactory& make_target, const Options& options,
                                     const Progress& progress) {
  if (!options.out.empty()) {
    if (Result<void> distinct = check_folders(scenarios); !distinct) return std::unexpected(distinct.error());
    if (Result<void> ready = report::prepare_evidence(options.out); !ready)
      return std::unexpected(ready.error());
  }
  return Batch(scenarios, make_target, options, progress).run();
}

}  // namespace wheatstone::run
