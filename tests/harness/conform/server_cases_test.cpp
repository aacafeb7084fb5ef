// The server half: our own server passes, and a server that breaks a rule fails the cases about it, and no
// others.
#include "harness/conform/server_cases.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "tests/harness/conform/wrong_server.hpp"

namespace wheatstone::conform {
namespace {

using test::Fault;
using test::GoodServer;
using test::WrongServer;
using testing::ElementsAre;
using testing::HasSubstr;

std::vector<CaseResult> results_of(std::uint16_t port, Only only = {}) {
  ServerOptions options{.server = {"127.0.0.1", port}, .time = Milliseconds(6'000), .only = std::move(only)};
  auto results = test_server(options, [](const CaseResult&) { return true; });
  EXPECT_TRUE(results) << results.error().text();
  return results ? std::move(*results) : std::vector<CaseResult>();
}

// What ended so.
std::vector<std::string> ids_of(const std::vector<CaseResult>& results, Outcome outcome) {
  std::vector<std::string> ids;
  for (const CaseResult& result : results)
    if (result.verdict.outcome == outcome) ids.emplace_back(result.about.id);
  return ids;
}

std::string reasons_of(const std::vector<CaseResult>& results) {
  std::string text;
  for (const CaseResult& result : results)
    if (result.verdict.outcome == Outcome::failed) text += result_text(result);
  return text;
}

TEST(ServerCases, OurServerPassesAllThatApply) {
  const GoodServer server;
  const auto results = results_of(server.port());
  EXPECT_EQ(results.size(), server_cases().size());
  EXPECT_THAT(ids_of(results, Outcome::failed), ElementsAre()) << reasons_of(results);
  EXPECT_THAT(ids_of(results, Outcome::not_applicable), ElementsAre("CER2-S-162"))
      << "which is about answers without iData=1";
  EXPECT_THAT(ids_of(results, Outcome::not_reached), ElementsAre());
}

TEST(ServerCases, OurServerPassesOverTlsToo) {
  const GoodServer server(
      {.tls = cer_server::Tls{}, .accounts = http::Accounts{.passwords = {{"mary", "secret"}}}});
  ServerOptions options{
      .server = {"127.0.0.1", server.port(), true},
      .trust = {.kind = http::Trust::Kind::fingerprint, .fingerprint = server.fingerprint()},
      .credentials = http::Credentials{.user = "mary", .password = "secret"},
      .time = Milliseconds(6'000)};
  const auto keep_on = [](const CaseResult&) { return true; };
  const auto results = test_server(options, keep_on);
  ASSERT_TRUE(results) << results.error().text();
  EXPECT_EQ(results->size(), server_cases().size());
  EXPECT_THAT(ids_of(*results, Outcome::failed), ElementsAre()) << reasons_of(*results);
  EXPECT_THAT(ids_of(*results, Outcome::not_applicable), ElementsAre("CER2-S-162"));
  EXPECT_THAT(ids_of(*results, Outcome::not_reached), ElementsAre());

  const auto error_with = [&](const ServerOptions& other) {
    const auto refused = test_server(other, keep_on);
    return refused ? std::string("a run") : refused.error().message;
  };
  options.credentials->password = "wrong";
  EXPECT_THAT(error_with(options), HasSubstr("does not take the user \"mary\""));
  options.trust = {};
  EXPECT_THAT(error_with(options), HasSubstr("is not trusted"));
  options.server.tls = false;
  EXPECT_THAT(error_with(options), HasSubstr("not said over plain HTTP"));
}

TEST(ServerCases, AServerThatIsNotThereIsTheEnvironment) {
  auto listener = Listener::open(0);
  ASSERT_TRUE(listener);
  const Endpoint nobody{"127.0.0.1", listener->port()};
  {
    const auto gone = std::move(*listener);
  }
  const auto results =
      test_server({.server = nobody, .time = Milliseconds(500)}, [](const CaseResult&) { return true; });
  ASSERT_FALSE(results);
  EXPECT_EQ(results.error().kind, ErrorKind::environment);
}

TEST(ServerCases, BadOptionsAreRefusedBeforeAnythingIsSent) {
  const auto run = [](ServerOptions options) {
    const auto results = test_server(options, [](const CaseResult&) { return true; });
    return results ? ErrorKind::internal : results.error().kind;
  };
  EXPECT_EQ(run({.server = {"127.0.0.1", 1}, .event_type = "a\"b"}), ErrorKind::invalid_argument);
  EXPECT_EQ(run({.server = {"127.0.0.1", 1}, .only = {"CER2-S-999"}}), ErrorKind::invalid_argument);
}

TEST(ServerCases, ARunCanBeStopped) {
  const GoodServer server;
  const auto results = test_server(
      {.server = {"127.0.0.1", server.port()}, .only = {"CER2-S-001", "CER2-S-002", "CER2-S-004"}},
      [](const CaseResult& result) { return result.about.id != "CER2-S-002"; });
  ASSERT_TRUE(results);
  EXPECT_THAT(ids_of(*results, Outcome::passed), ElementsAre("CER2-S-001", "CER2-S-002"));
  EXPECT_THAT(ids_of(*results, Outcome::not_reached), ElementsAre("CER2-S-004"));
}

TEST(ServerCases, UploadsDoNotApplyWithoutACab) {
  const auto& all = test::faults();
  const auto no_cab = std::ranges::find(all, "no-cab", &Fault::name);
  const WrongServer server({*no_cab});
  const auto results = results_of(server.port(), {"CER2-S-170", "CER2-S-184", "CER2-S-165"});
  EXPECT_EQ(ids_of(results, Outcome::not_applicable).size(), 3u);
  EXPECT_THAT(results[0].verdict.reason, HasSubstr("no iData=1"));
}

class WrongServers : public testing::TestWithParam<std::size_t> {};

TEST_P(WrongServers, FailWhatTheyBreak) {
  const Fault& fault = test::faults()[GetParam()];
  const WrongServer server({fault});
  const auto results = results_of(server.port());
  EXPECT_EQ(ids_of(results, Outcome::failed), fault.cases) << fault.name << "\n" << reasons_of(results);
}

INSTANTIATE_TEST_SUITE_P(Faults, WrongServers, testing::Range<std::size_t>(0, test::faults().size()),
                         [](const auto& one) {
                           std::string name;
                           for (const char c : test::faults()[one.param].name) name += c == '-' ? '_' : c;
                           return name;
                         });

TEST(ServerCases, SeveralFaultsFailTogether) {
  std::vector<Fault> some;
  std::set<std::string> expected;
  for (const Fault& fault : test::faults()) {
    if (fault.name != "no-date" && fault.name != "any-host" && fault.name != "twice" && fault.name != "again")
      continue;
    some.push_back(fault);
    expected.insert(fault.cases.begin(), fault.cases.end());
  }
  const WrongServer server(some);
  const auto failed = ids_of(results_of(server.port()), Outcome::failed);
  EXPECT_EQ(std::set(failed.begin(), failed.end()), expected);
}

}  // namespace
}  // namespace wheatstone::conform
