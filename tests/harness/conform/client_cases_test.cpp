// The client half: our own client passes, and a client that breaks a rule fails the cases about it, and no
// others.
#include "harness/conform/client_cases.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "mocks/wer_client/client.hpp"
#include "tests/formats/cer/examples.hpp"
#include "tests/harness/conform/wrong_client.hpp"

namespace wheatstone::conform {
namespace {

using test::BadHabit;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr Milliseconds kTime{2'000};

// Our client as a program that ends with 0 if the report was taken.
Result<std::optional<int>> run_ours(const Place& place) {
  wer_client::Config config;
  config.corporate_wer_server = place.host();
  config.corporate_wer_port_number = place.port;
  config.default_consent = wer_client::Consent::all_data;
  config.exchange_time = kTime;
  const VirtualClock clock(FileTime{128'496'925'190'000'000});
  wer_client::ScriptedCollector collector;
  wer_client::Client client(config, clock, &collector);
  const auto outcome =
      client.submit({cer::examples::application_fault(), {{.name = "Version.txt", .data = {'6'}}}});
  using enum wer_client::SubmitResult;
  return outcome.result == uploaded || outcome.result == uploaded_cab ? 0 : 1;
}

std::vector<CaseResult> results_of(
    ClientOptions options, const std::function<void(const Place&)>& on_listening = [](const Place&) {}) {
  auto results = test_client(options, on_listening, [](const CaseResult&) { return true; });
  EXPECT_TRUE(results) << results.error().text();
  return results ? std::move(*results) : std::vector<CaseResult>();
}

std::vector<std::string> ids_of(const std::vector<CaseResult>& results, Outcome outcome) {
  std::vector<std::string> ids;
  for (const CaseResult& result : results)
    if (result.verdict.outcome == outcome) ids.emplace_back(result.about.id);
  std::ranges::sort(ids);
  return ids;
}

std::string failures_of(const std::vector<CaseResult>& results) {
  std::string text;
  for (const CaseResult& result : results)
    if (result.verdict.outcome == Outcome::failed) text += result_text(result);
  return text;
}

TEST(ClientCases, OurClientPassesAllThatApply) {
  const auto results = results_of({.wait = kTime, .run = run_ours});
  EXPECT_EQ(results.size(), client_cases().size());
  EXPECT_THAT(ids_of(results, Outcome::failed), ElementsAre()) << failures_of(results);
  EXPECT_THAT(ids_of(results, Outcome::not_reached), ElementsAre());
  EXPECT_THAT(ids_of(results, Outcome::not_applicable), ElementsAre("CER2-C-009"))
      << "which is about Expect: 100-continue";
}

TEST(ClientCases, AnotherGoodClientPassesToo) {
  const auto results = results_of({.wait = kTime, .run = test::SmallClient()});
  EXPECT_THAT(ids_of(results, Outcome::failed), ElementsAre()) << failures_of(results);
}

class BadHabits : public testing::TestWithParam<std::size_t> {};

TEST_P(BadHabits, FailWhatTheyBreak) {
  const BadHabit& habit = test::bad_habits()[GetParam()];
  const auto results = results_of({.wait = kTime, .run = habit.client});
  EXPECT_EQ(ids_of(results, Outcome::failed), habit.cases) << habit.name << "\n" << failures_of(results);
}

INSTANTIATE_TEST_SUITE_P(Clients, BadHabits, testing::Range<std::size_t>(0, test::bad_habits().size()),
                         [](const auto& one) {
                           std::string name;
                           for (const char c : test::bad_habits()[one.param].name) name += c == '-' ? '_' : c;
                           return name;
                         });

TEST(ClientCases, WhoComesByHimselfGetsOneCaseAfterTheOther) {
  std::thread client;
  const auto come = [&client](const Place& place) {
    client = std::thread([place] {
      for (int i = 0; i < 3; ++i) EXPECT_TRUE(run_ours(place));
    });
  };
  const auto results = results_of({.wait = Milliseconds(500),
                                   .only = {"CER2-C-002", "CER2-C-041", "CER2-C-050", "CER2-C-051",
                                            "CER2-C-091", "CER2-C-107", "CER2-C-109"}},
                                  come);
  client.join();
  EXPECT_THAT(ids_of(results, Outcome::passed),
              ElementsAre("CER2-C-002", "CER2-C-041", "CER2-C-050", "CER2-C-051", "CER2-C-091"))
      << failures_of(results);
  EXPECT_THAT(ids_of(results, Outcome::not_reached), ElementsAre("CER2-C-107", "CER2-C-109"));
}

TEST(ClientCases, NothingIsReachedIfNobodyComes) {
  const auto results =
      results_of({.wait = Milliseconds(100), .only = {"CER2-C-002", "CER2-C-050", "CER2-C-051"}});
  EXPECT_EQ(ids_of(results, Outcome::not_reached).size(), 3u);
}

TEST(ClientCases, RequestsAreJudgedWithoutACaseOfTheirOwn) {
  const auto results = results_of({.wait = kTime, .only = {"CER2-C-016"}, .run = run_ours});
  ASSERT_EQ(results.size(), 1u);
  EXPECT_TRUE(results[0].verdict.passed()) << results[0].verdict.reason;
}

TEST(ClientCases, WhatCannotRunIsTheEnvironment) {
  const auto error_of = [](const ClientOptions& options) {
    const auto results = test_client(options, [](const Place&) {}, [](const CaseResult&) { return true; });
    return results ? Error{} : results.error();
  };
  const auto listener = Listener::open(0);
  ASSERT_TRUE(listener);
  EXPECT_EQ(error_of({.port = listener->port()}).kind, ErrorKind::environment);
  const auto cannot_start = [](const Place&) -> Result<std::optional<int>> {
    return fail(ErrorKind::environment, "no such program");
  };
  EXPECT_EQ(error_of({.run = cannot_start}).message, "no such program");
  EXPECT_EQ(error_of({.only = {"CER2-S-001"}}).kind, ErrorKind::invalid_argument);
}

TEST(ClientCases, AClientThatHangsFailsWhereItsEndIsAsked) {
  const auto hangs = [](const Place& place) -> Result<std::optional<int>> {
    const auto ended = run_ours(place);
    EXPECT_TRUE(ended);
    return std::nullopt;
  };
  const auto results = results_of({.wait = kTime, .only = {"CER2-C-064", "CER2-C-050"}, .run = hangs});
  EXPECT_THAT(ids_of(results, Outcome::failed), ElementsAre("CER2-C-064"));
  EXPECT_THAT(failures_of(results), HasSubstr("did not end in time"));
}

}  // namespace
}  // namespace wheatstone::conform
