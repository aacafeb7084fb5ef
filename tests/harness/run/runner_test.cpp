#include "harness/run/runner.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <stdexcept>
#include <thread>

#include "mocks/wer_client/client.hpp"
#include "tests/harness/run/temporary_folder.hpp"

namespace wheatstone::run {
namespace {

using inject::Injection;
using inject::Observation;
using inject::ObservationKind;
using inject::Value;
using judge::Status;
using report::Outcome;
using test::TemporaryFolder;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

// A target that prints one line for each bug check it is given, with a number drawn at random, and sends
// reports to the server. Bug check codes above 0xf000 make it misbehave.
class FakeTarget final : public inject::Target {
 public:
  static constexpr std::uint32_t kUnsupported = 0xf001, kBroken = 0xf002, kThrows = 0xf003, kSlow = 0xf004;

  std::string_view name() const noexcept override { return "fake"; }

  inject::Capabilities capabilities() const override {
    return {{ObservationKind::console, ObservationKind::boot, ObservationKind::answer},
            {"windows", "toaster"},
            true};
  }

  Result<void> boot(const inject::Platform& platform, const inject::Services& services) override {
    if (platform.system == "toaster") return fail(ErrorKind::unsupported, "out of bread");
    services_ = &services;
    clock_ = &services.clock;
    random_ = &services.random;
    server_ = services.cer_server;
    tell(ObservationKind::boot, "Number", Value::decimal(1));
    return {};
  }

  Result<void> inject(const Injection& injection) override {
    if (const auto* report = std::get_if<inject::InjectedReport>(&injection)) {
      send(*report);
      return {};
    }
    const std::uint32_t code = std::get<inject::InjectedBugCheck>(injection).code;
    if (code == kUnsupported) return fail(ErrorKind::unsupported, "no such injection here");
    if (code == kBroken) return fail(ErrorKind::environment, "the cable is loose");
    if (code == kThrows) throw std::runtime_error("boom");
    if (code == kSlow) std::this_thread::yield();
    Buffer drawn(8);
    random_->fill(drawn);
    tell(ObservationKind::console, "Random", Value::hex(load_le<std::uint64_t>(drawn.data())));
    seen_.back().bytes = drawn;
    seen_.back().artefact = "random.bin";
    return {};
  }

  Result<std::vector<Observation>> observe(FileTime deadline) override {
    tell(ObservationKind::console, "Deadline", Value::decimal(deadline.ticks - kClock.ticks));
    clock_->advance_to(deadline);
    return std::exchange(seen_, {});
  }

  void shut_down() noexcept override {}

  static constexpr FileTime kClock{133'000'000'000'000'000};

 private:
  void tell(ObservationKind kind, std::string name, Value value) {
    Observation observation;
    observation.kind = kind;
    observation.time = clock_->now();
    observation.add(std::move(name), std::move(value));
    seen_.push_back(std::move(observation));
  }

  void send(const inject::InjectedReport& report) {
    wer_client::Config config;
    config.corporate_wer_server = "testserver.corp.example.com";
    config.default_consent = wer_client::Consent::all_data;
    config.connect_to = wer_client::Endpoint{server_->address, server_->port};
    wer_client::Client client(config, *clock_, nullptr);
    const wer_client::Outcome outcome = client.submit({report.report, {}});
    tell(ObservationKind::answer, "Result", Value::decimal(static_cast<std::uint64_t>(outcome.result)));
  }

  const inject::Services* services_ = nullptr;
  VirtualClock* clock_ = nullptr;
  Random* random_ = nullptr;
  std::optional<inject::Endpoint> server_;
  std::vector<Observation> seen_;
};

std::unique_ptr<inject::Target> make_fake() {
  return std::make_unique<FakeTarget>();
}

scenario::Step bugcheck(std::uint32_t code, std::uint32_t line = 0) {
  return {Injection(inject::InjectedBugCheck{code, {}}), {line, 3}};
}

scenario::Scenario make_scenario(std::string id, std::uint32_t code = 1) {
  scenario::Scenario scenario;
  scenario.id = std::move(id);
  scenario.file = scenario.id + ".yaml";
  scenario.source = "title: x\n";
  scenario.title = "title of " + scenario.id;
  scenario.platform.clock = FakeTarget::kClock;
  scenario.steps = {bugcheck(code, 12)};
  return scenario;
}

// Fails: nothing of the fake is a dump.
scenario::Scenario make_failing(std::string id) {
  scenario::Scenario scenario = make_scenario(std::move(id));
  scenario::Pattern pattern;
  pattern.kind = ObservationKind::dump;
  scenario.expectations = {{scenario::Occurs{pattern, {}, {}}, {20, 5}}};
  return scenario;
}

Outcome run_one(const scenario::Scenario& scenario) {
  FakeTarget target;
  return run_scenario(scenario, target, {});
}

std::vector<std::string> ids(const std::vector<Outcome>& outcomes) {
  std::vector<std::string> out;
  for (const Outcome& outcome : outcomes) out.push_back(outcome.id);
  return out;
}

// ---- one scenario ----

TEST(RunScenario, CarriesWhatAReportNeeds) {
  const Outcome outcome = run_one(make_scenario("a/b"));
  EXPECT_EQ(outcome.id, "a/b");
  EXPECT_EQ(outcome.title, "title of a/b");
  EXPECT_EQ(outcome.file, "a/b.yaml");
  EXPECT_EQ(outcome.source, "title: x\n");
  EXPECT_EQ(outcome.target, "fake");
  EXPECT_EQ(outcome.verdict.status, Status::passed);
}

TEST(RunScenario, ObservesAfterEachStepAndThenUntilAllIsQuiet) {
  scenario::Scenario scenario = make_scenario("a");
  scenario.steps = {bugcheck(1), {scenario::Wait{5 * FileTime::kPerSecond}, {}}, bugcheck(2)};
  std::vector<std::uint64_t> deadlines;
  for (const Observation& observation : run_one(scenario).observations)
    if (const Value* value = observation.find("Deadline"))
      deadlines.push_back(value->number / FileTime::kPerSecond);
  EXPECT_THAT(deadlines, ElementsAre(0, 5, 5, 605));
}

TEST(RunScenario, WaitsAsLongAsAnExpectationDoes) {
  scenario::Scenario scenario = make_failing("a");
  std::get<scenario::Occurs>(scenario.expectations[0].what).within = 7200 * FileTime::kPerSecond;
  const Outcome outcome = run_one(scenario);
  EXPECT_EQ(outcome.observations.back().number("Deadline"), 7200 * FileTime::kPerSecond);
}

TEST(RunScenario, SkipsWhatTheTargetCannotObserve) {
  scenario::Scenario scenario = make_scenario("a");
  scenario.needs = {ObservationKind::dump, ObservationKind::console, ObservationKind::level2};
  const Outcome outcome = run_one(scenario);
  EXPECT_EQ(outcome.verdict.status, Status::skipped);
  EXPECT_EQ(outcome.verdict.reason, "target 'fake' cannot observe: dump, level2");
  EXPECT_THAT(outcome.observations, IsEmpty());
}

TEST(RunScenario, SkipsASystemThatTheTargetIsNot) {
  scenario::Scenario scenario = make_scenario("a");
  scenario.platform.system = "linux";
  EXPECT_EQ(run_one(scenario).verdict.reason, "target 'fake' cannot be a 'linux' system");
  scenario.platform.system = "toaster";
  EXPECT_EQ(run_one(scenario).verdict.status, Status::skipped);
  EXPECT_EQ(run_one(scenario).verdict.reason, "out of bread");
}

TEST(RunScenario, SkipsAnUnsupportedStepAndSaysWhichOne) {
  const Outcome outcome = run_one(make_scenario("a", FakeTarget::kUnsupported));
  EXPECT_EQ(outcome.verdict.status, Status::skipped);
  EXPECT_EQ(outcome.verdict.reason, "no such injection here");
  EXPECT_EQ(outcome.verdict.where.file, "a.yaml");
  EXPECT_EQ(outcome.verdict.where.line, 12u);
}

TEST(RunScenario, AStepThatFailsIsAnErrorNotAFailure) {
  const Outcome outcome = run_one(make_scenario("a", FakeTarget::kBroken));
  EXPECT_EQ(outcome.verdict.status, Status::error);
  EXPECT_EQ(outcome.verdict.reason, "the cable is loose");
  EXPECT_EQ(outcome.verdict.where.line, 12u);
  EXPECT_THAT(outcome.observations, SizeIs(2)) << "what the target saw before stays";
}

TEST(RunScenario, AnUnmetExpectationFails) {
  const Outcome outcome = run_one(make_failing("a"));
  EXPECT_EQ(outcome.verdict.status, Status::failed);
  ASSERT_THAT(outcome.verdict.failures, SizeIs(1));
  EXPECT_EQ(outcome.verdict.failures[0].where.line, 20u);
}

TEST(RunScenario, RandomChoicesComeFromTheSeedAndTheScenario) {
  const auto drawn = [](const scenario::Scenario& scenario, std::uint64_t seed) {
    FakeTarget target;
    Options options;
    options.seed = seed;
    for (const Observation& observation : run_scenario(scenario, target, options).observations)
      if (observation.find("Random") != nullptr) return observation.number("Random");
    return std::uint64_t{0};
  };
  scenario::Scenario a = make_scenario("a");
  const std::uint64_t first = drawn(a, 1);
  EXPECT_EQ(drawn(a, 1), first);
  EXPECT_NE(drawn(a, 2), first);
  EXPECT_NE(drawn(make_scenario("b"), 1), first);
  a.seed = 99;
  EXPECT_NE(drawn(a, 1), first);
}

// ---- the server of a scenario ----

scenario::Scenario make_reporting(std::string id) {
  scenario::Scenario scenario = make_scenario(std::move(id));
  inject::InjectedReport injected;
  injected.report.machine = {"client.example.com", "10.0.26100.2.0.0.256.48", "1033", {}};
  injected.report.username = "Username";
  injected.report.event.eventtype = "MikeTest";
  injected.report.event.eventtime = FakeTarget::kClock;
  scenario.steps = {{Injection(injected), {}}};
  cer_server::Rule rule;
  rule.answer.bucket = 777;
  scenario.server.emplace().rules = {rule};
  return scenario;
}

TEST(RunScenario, WhatTheServerSawIsPartOfTheStory) {
  const Outcome outcome = run_one(make_reporting("a"));
  const auto server = std::ranges::find(outcome.observations, ObservationKind::server, &Observation::kind);
  ASSERT_NE(server, outcome.observations.end()) << outcome.verdict.reason;
  EXPECT_EQ(server->find("Kind")->text, "level1");
  EXPECT_EQ(server->number("StatusCode"), 200u);
  EXPECT_EQ(server->find("EventType")->text, "MikeTest");
  EXPECT_EQ(server->number("Bucket"), 777u);
  EXPECT_THAT(server->find("Answer")->text, HasSubstr("Bucket=777\r\n"));
  EXPECT_THAT(std::string(as_text(server->bytes)), testing::StartsWith("POST /stage2.htm HTTP/1.1\r\n"));
  EXPECT_EQ(server->artefact, "http-1.txt");
  EXPECT_TRUE(std::ranges::is_sorted(outcome.observations, {}, &Observation::time));
}

// ---- many ----

TEST(RunAll, ResultsKeepTheirOrderWhateverTheJobs) {
  std::vector<scenario::Scenario> scenarios;
  std::vector<std::string> expected;
  for (int i = 0; i < 40; ++i) {
    expected.push_back(fmt::format("s{:02}", i));
    scenarios.push_back(make_scenario(expected.back(), i % 3 == 0 ? FakeTarget::kSlow : 1));
  }
  for (const unsigned jobs : {1u, 4u, 64u}) {
    Options options;
    options.jobs = jobs;
    std::vector<std::string> told;
    const auto outcomes = run_all(scenarios, make_fake, options,
                                  [&told](const Outcome& outcome) { told.push_back(outcome.id); });
    ASSERT_TRUE(outcomes);
    EXPECT_EQ(ids(*outcomes), expected);
    EXPECT_EQ(told, expected);
  }
}

TEST(RunAll, NothingToRun) {
  EXPECT_THAT(run_all({}, make_fake, {}).value(), IsEmpty());
}

TEST(RunAll, FailFastEndsWithTheFirstFailure) {
  const std::vector<scenario::Scenario> scenarios = {make_scenario("a"), make_failing("b"),
                                                     make_scenario("c"), make_failing("d")};
  for (const unsigned jobs : {1u, 4u}) {
    Options options;
    options.jobs = jobs;
    options.fail_fast = true;
    EXPECT_THAT(ids(run_all(scenarios, make_fake, options).value()), ElementsAre("a", "b"));
  }
}

TEST(RunAll, ASkippedScenarioDoesNotFailFast) {
  std::vector<scenario::Scenario> scenarios = {make_scenario("a", FakeTarget::kUnsupported),
                                               make_scenario("b")};
  Options options;
  options.fail_fast = true;
  EXPECT_THAT(ids(run_all(scenarios, make_fake, options).value()), ElementsAre("a", "b"));
}

TEST(RunAll, AThrowingTargetIsAnErrorOfItsScenarioOnly) {
  const auto outcomes =
      run_all(std::vector{make_scenario("a", FakeTarget::kThrows), make_scenario("b")}, make_fake, {});
  ASSERT_TRUE(outcomes);
  EXPECT_EQ((*outcomes)[0].verdict.status, Status::error);
  EXPECT_EQ((*outcomes)[0].verdict.reason, "internal: boom");
  EXPECT_EQ((*outcomes)[1].verdict.status, Status::passed);
}

TEST(RunAll, AStopFinishesWhatHasBegun) {
  std::atomic<bool> stop = false;
  Options options;
  options.stop = &stop;
  const auto outcomes =
      run_all(std::vector{make_scenario("a"), make_scenario("b"), make_scenario("c")}, make_fake, options,
              [&stop](const Outcome& outcome) { stop = outcome.id == "b"; });
  ASSERT_TRUE(outcomes);
  EXPECT_THAT(ids(*outcomes), ElementsAre("a", "b"));
}

TEST(RunAll, ObservationsAreDroppedUnlessAskedFor) {
  Options options;
  EXPECT_THAT(run_all(std::vector{make_scenario("a")}, make_fake, options).value()[0].observations,
              IsEmpty());
  options.keep_observations = true;
  EXPECT_THAT(run_all(std::vector{make_scenario("a")}, make_fake, options).value()[0].observations,
              testing::Not(IsEmpty()));
}

// ---- evidence ----

TEST(Evidence, TheSameSeedGivesTheSameBytes) {
  const std::vector<scenario::Scenario> scenarios = {make_scenario("a/one"), make_failing("a/two"),
                                                     make_reporting("b/three"),
                                                     make_scenario("four", FakeTarget::kUnsupported)};
  TemporaryFolder folder;
  Options options;
  options.seed = 5;
  options.out = folder.path() / "first";
  const auto first = run_all(scenarios, make_fake, options);
  ASSERT_TRUE(first) << first.error().text();
  options.out = folder.path() / "second";
  options.jobs = 4;
  ASSERT_TRUE(run_all(scenarios, make_fake, options));
  const auto files = TemporaryFolder::files(folder.path() / "first");
  EXPECT_EQ(files, TemporaryFolder::files(folder.path() / "second"));
  EXPECT_TRUE(files.contains("b/three/http-1.txt"));
  EXPECT_TRUE(files.contains("a/one/random.bin"));
  EXPECT_EQ((*first)[0].evidence, (folder.path() / "first/a/one").string());
  for (const auto& [name, content] : files) {
    EXPECT_THAT(content, testing::Not(HasSubstr(folder.path().string()))) << name;
    EXPECT_THAT(content, testing::Not(HasSubstr("127.0.0.1"))) << name;
  }
}

TEST(Evidence, IdsThatWouldShareAFolderAreRefused) {
  TemporaryFolder folder;
  Options options;
  options.out = folder.path();
  EXPECT_EQ(run_all(std::vector{make_scenario("a"), make_scenario("a/b")}, make_fake, options).error().kind,
            ErrorKind::invalid_argument);
  EXPECT_TRUE(run_all(std::vector{make_scenario("a-x"), make_scenario("a/b")}, make_fake, options));
}

TEST(Evidence, AFolderThatCannotBeMadeEndsTheRunBeforeItBegins) {
  TemporaryFolder folder;
  folder.write("file", "x");
  Options options;
  options.out = folder.path() / "file";
  bool any = false;
  EXPECT_FALSE(
      run_all(std::vector{make_scenario("a")}, make_fake, options, [&any](const Outcome&) { any = true; }));
  EXPECT_FALSE(any);
}

TEST(Evidence, APlaceThatIsTakenIsOneError) {
  TemporaryFolder folder;
  folder.write("b/thesis.txt", "years of work");
  Options options;
  options.out = folder.path();
  const auto outcomes =
      run_all(std::vector{make_scenario("a"), make_scenario("b"), make_scenario("c")}, make_fake, options);
  ASSERT_FALSE(outcomes);
  EXPECT_THAT(outcomes.error().text(), HasSubstr("/b: "));
  EXPECT_FALSE(std::filesystem::exists(folder.path() / "c"));
}

}  // namespace
}  // namespace wheatstone::run
