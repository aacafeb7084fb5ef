// The client half: our own client passes, and a client that breaks a rule fails the cases about it, and no
// others.
#include "harness/conform/client_cases.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <thread>

#include "mocks/wer_client/client.hpp"
#include "tests/formats/cer/examples.hpp"
#include "tests/harness/conform/small_client.hpp"

namespace wheatstone::conform {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr Milliseconds kTime{2'000};

// Our client as a program that ends with 0 if the report was taken.
Result<std::optional<int>> run(const Place& place, const wer_client::Breach* breach) {
  wer_client::Config config;
  config.breach = breach;
  config.corporate_wer_server = place.host();
  config.corporate_wer_port_number = place.port;
  if (!place.fingerprint.empty()) {
    config.corporate_wer_use_ssl = true;
    config.trust = {.kind = http::Trust::Kind::fingerprint, .fingerprint = place.fingerprint};
  }
  config.default_consent = wer_client::Consent::all_data;
  config.exchange_time = kTime;
  const VirtualClock clock(FileTime{128'496'925'190'000'000});
  wer_client::ScriptedCollector collector;
  wer_client::Client client(config, clock, &collector);
  wer_client::Submission submission{
      cer::examples::application_fault(),
      {{.name = "Version.txt", .data = {'6'}},
       {.name = "sysdata.xml", .data = {'x'}},
       {.name = "memory.hdmp", .type = cer::FileType::heapdump, .data = {1}},
       {.name = "letter.doc", .type = cer::FileType::user_document, .data = {2}}}};
  submission.report.files.reset();
  submission.report.secondary_parameters = {{"Bios", "1"}};
  return is_sent(client.submit(submission).result) ? 0 : 1;
}

Result<std::optional<int>> run_ours(const Place& place) {
  return run(place, nullptr);
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

TEST(ClientCases, OurClientPassesOverTlsToo) {
  const auto results =
      results_of({.identity = *http::make_identity({"127.0.0.1"}), .wait = kTime, .run = run_ours});
  EXPECT_EQ(results.size(), client_cases().size());
  EXPECT_THAT(ids_of(results, Outcome::failed), ElementsAre()) << failures_of(results);
  EXPECT_THAT(ids_of(results, Outcome::not_reached), ElementsAre());
  EXPECT_THAT(ids_of(results, Outcome::not_applicable), ElementsAre("CER2-C-009"));
}

// It does nothing wrong, but nothing of it is seen.
TEST(ClientCases, AClientWithoutTlsDoesNotReachAServerWithIt) {
  const auto results = results_of({.identity = *http::make_identity({"127.0.0.1"}),
                                   .wait = kTime,
                                   .only = {"CER2-C-012", "CER2-C-050"},
                                   .run = test::run_small_client});
  EXPECT_THAT(ids_of(results, Outcome::not_reached), ElementsAre("CER2-C-012", "CER2-C-050"));
}

TEST(ClientCases, AnotherGoodClientPassesToo) {
  const auto results = results_of({.wait = kTime, .run = test::run_small_client});
  EXPECT_THAT(ids_of(results, Outcome::failed), ElementsAre()) << failures_of(results);
}

// The cases that a client with a breach fails, and no others. `slow_report` and `slow_cab` are no business of
// a suite that has a client's deadline only.
struct Failing {
  std::string_view breach;
  std::vector<std::string> cases;
};
const std::vector<Failing>& failing() {
  static const std::vector<Failing> all = {
      {"utf8", {"CER2-C-012", "CER2-C-013", "CER2-C-015"}},
      {"utf8_declared", {"CER2-C-012", "CER2-C-013"}},
      {"big_endian", {"CER2-C-013"}},
      {"no_byte_order_mark", {"CER2-C-013"}},
      {"odd_bytes", {"CER2-C-016"}},
      {"half_surrogate", {"CER2-C-016"}},
      {"wrong_declaration", {"CER2-C-015"}},
      {"no_declaration", {"CER2-C-014"}},
      {"xml_1_1", {"CER2-C-015"}},
      {"dtd", {"CER2-C-016"}},
      {"cut_document", {"CER2-C-016"}},
      {"bare_ampersand", {"CER2-C-016"}},
      {"bare_less_than", {"CER2-C-016"}},
      {"two_roots", {"CER2-C-016"}},
      {"other_root", {"CER2-C-017", "CER2-C-037", "CER2-C-048"}},
      {"no_schema_instance", {"CER2-C-038"}},
      {"text_between_elements", {"CER2-C-024"}},
      {"huge_document", {"CER2-C-016"}},
      {"no_machineinfo", {"CER2-C-018"}},
      {"no_userinfo", {"CER2-C-018"}},
      {"no_eventinfo", {"CER2-C-018", "CER2-C-037"}},
      {"no_signature", {"CER2-C-018"}},
      {"two_machineinfo", {"CER2-C-019"}},
      {"two_userinfo", {"CER2-C-019"}},
      {"two_applicationinfo", {"CER2-C-019"}},
      {"two_eventinfo", {"CER2-C-019"}},
      {"two_signatures", {"CER2-C-019"}},
      {"two_files", {"CER2-C-019"}},
      {"other_order", {"CER2-C-020"}},
      {"unknown_element", {"CER2-C-022"}},
      {"no_machinename", {"CER2-C-021"}},
      {"no_os", {"CER2-C-021"}},
      {"no_lcid", {"CER2-C-021"}},
      {"no_username", {"CER2-C-021"}},
      {"no_appname", {"CER2-C-021"}},
      {"no_apppath", {"CER2-C-021"}},
      {"no_reporttype", {"CER2-C-021"}},
      {"no_eventtype", {"CER2-C-021"}},
      {"no_eventtime", {"CER2-C-021", "CER2-C-037"}},
      {"no_parameter_id", {"CER2-C-021", "CER2-C-035"}},
      {"no_parameter_value", {"CER2-C-021"}},
      {"no_secondary_name", {"CER2-C-021"}},
      {"no_secondary_value", {"CER2-C-021"}},
      {"no_filename", {"CER2-C-021", "CER2-C-046", "CER2-C-048"}},
      {"no_filetype", {"CER2-C-021"}},
      {"repeated_attribute", {"CER2-C-016"}},
      {"unknown_attribute", {"CER2-C-023"}},
      {"long_machinename", {"CER2-C-025"}},
      {"long_path", {"CER2-C-025"}},
      {"line_break", {"CER2-C-025"}},
      {"wrong_os", {"CER2-C-026"}},
      {"wrong_lcid", {"CER2-C-027"}},
      {"reporttype_5", {"CER2-C-028"}},
      {"filetype_0", {"CER2-C-029"}},
      {"filetype_9", {"CER2-C-030"}},
      {"long_oem", {"CER2-C-031"}},
      {"parameter_id_10", {"CER2-C-032", "CER2-C-035"}},
      {"repeated_parameter_id", {"CER2-C-034", "CER2-C-035"}},
      {"parameter_id_gap", {"CER2-C-035"}},
      {"eleven_parameters", {"CER2-C-032", "CER2-C-033"}},
      {"eventtime_text", {"CER2-C-036", "CER2-C-037"}},
      {"eventtime_zero", {"CER2-C-037"}},
      {"path_in_filename", {"CER2-C-039", "CER2-C-046", "CER2-C-048"}},
      {"long_value", {"CER2-C-040"}},
      {"get", {"CER2-C-005"}},
      {"lower_case_method", {"CER2-C-005"}},
      {"other_path", {"CER2-C-005"}},
      {"absolute_target", {"CER2-C-004", "CER2-C-005"}},
      {"back_slash_target", {"CER2-C-004"}},
      {"http_1_0", {"CER2-C-002"}},
      {"no_host", {"CER2-C-001", "CER2-C-013", "CER2-C-016", "CER2-C-050", "CER2-C-055"}},
      {"two_hosts", {"CER2-C-001", "CER2-C-013", "CER2-C-016", "CER2-C-050", "CER2-C-055"}},
      {"other_host", {"CER2-C-003"}},
      {"no_user_agent", {"CER2-C-008"}},
      {"credentials", {"CER2-C-010", "CER2-C-093"}},
      {"says_gzip", {"CER2-C-011"}},
      {"folded_field", {"CER2-C-001", "CER2-C-013", "CER2-C-016", "CER2-C-050", "CER2-C-055"}},
      {"blank_before_colon",
       {"CER2-C-001", "CER2-C-006", "CER2-C-013", "CER2-C-016", "CER2-C-050", "CER2-C-055"}},
      {"no_length", {"CER2-C-001", "CER2-C-004", "CER2-C-006", "CER2-C-007", "CER2-C-013", "CER2-C-016"}},
      {"short_length", {"CER2-C-001", "CER2-C-004"}},
      {"two_lengths", {"CER2-C-001", "CER2-C-013", "CER2-C-016", "CER2-C-050", "CER2-C-055"}},
      {"length_and_chunks",
       {"CER2-C-001", "CER2-C-006", "CER2-C-013", "CER2-C-016", "CER2-C-050", "CER2-C-055"}},
      {"chunks", {"CER2-C-007"}},
      {"unknown_coding",
       {"CER2-C-001", "CER2-C-006", "CER2-C-013", "CER2-C-016", "CER2-C-050", "CER2-C-055"}},
      {"unknown_expectation", {}},
      {"expects_without_body", {"CER2-C-009", "CER2-C-013", "CER2-C-016"}},
      {"closes_in_report", {"CER2-C-001", "CER2-C-016", "CER2-C-050", "CER2-C-055"}},
      {"uploads_unasked",
       {"CER2-C-041", "CER2-C-051", "CER2-C-052", "CER2-C-053", "CER2-C-054", "CER2-C-055", "CER2-C-063"}},
      {"never_uploads", {"CER2-C-050"}},
      {"uploads_twice", {"CER2-C-042"}},
      {"uploads_elsewhere",
       {"CER2-C-041", "CER2-C-058", "CER2-C-059", "CER2-C-060", "CER2-C-061", "CER2-C-066", "CER2-C-068",
        "CER2-C-069", "CER2-C-070", "CER2-C-071", "CER2-C-073", "CER2-C-074", "CER2-C-075", "CER2-C-076",
        "CER2-C-077", "CER2-C-080"}},
      {"raw_target",
       {"CER2-C-001", "CER2-C-004", "CER2-C-067", "CER2-C-068", "CER2-C-069", "CER2-C-071", "CER2-C-072",
        "CER2-C-073", "CER2-C-075", "CER2-C-076", "CER2-C-077", "CER2-C-080"}},
      {"encoded_back_slashes", {"CER2-C-068", "CER2-C-069", "CER2-C-070", "CER2-C-071", "CER2-C-073"}},
      {"posts_cab", {"CER2-C-005", "CER2-C-050"}},
      {"part_of_cab", {}},
      {"cab_without_length", {"CER2-C-001", "CER2-C-004", "CER2-C-043", "CER2-C-044", "CER2-C-045"}},
      {"closes_in_cab", {"CER2-C-001", "CER2-C-045", "CER2-C-105", "CER2-C-106"}},
      {"follows_urls", {"CER2-C-077"}},
      {"follows_redirects", {"CER2-C-094", "CER2-C-095"}},
      {"believes_any_answer",
       {"CER2-C-090", "CER2-C-091", "CER2-C-093", "CER2-C-094", "CER2-C-096", "CER2-C-097", "CER2-C-098",
        "CER2-C-107", "CER2-C-108", "CER2-C-109"}},
      {"claims_success",
       {"CER2-C-090", "CER2-C-091", "CER2-C-096", "CER2-C-097", "CER2-C-098", "CER2-C-107", "CER2-C-108",
        "CER2-C-109"}},
      {"insists", {"CER2-C-092"}},
      {"ignores_settings", {}},
      {"empty_cab", {"CER2-C-044", "CER2-C-045"}},
      {"no_cab", {"CER2-C-045"}},
      {"cut_cab", {"CER2-C-045"}},
      {"broken_cab", {"CER2-C-045"}},
      {"climbing_name", {"CER2-C-046", "CER2-C-048", "CER2-C-049"}},
      {"absolute_name", {"CER2-C-046", "CER2-C-048", "CER2-C-049"}},
      {"missing_file", {"CER2-C-046"}},
      {"unexpected_file", {"CER2-C-048"}},
      {"unasked_memory", {"CER2-C-047"}},
      {"unasked_documents", {"CER2-C-047"}},
      {"gives_files", {"CER2-C-085"}},
  };
  return all;
}

class Breaches : public testing::TestWithParam<std::size_t> {};

TEST_P(Breaches, FailWhatTheyBreak) {
  const Failing& one = failing()[GetParam()];
  const wer_client::Breach* breach = *wer_client::find_breach(one.breach);
  const auto results =
      results_of({.wait = kTime, .run = [breach](const Place& place) { return run(place, breach); }});
  EXPECT_EQ(ids_of(results, Outcome::failed), one.cases) << failures_of(results);
}

INSTANTIATE_TEST_SUITE_P(Clients, Breaches, testing::Range<std::size_t>(0, failing().size()),
                         [](const auto& one) { return std::string(failing()[one.param].breach); });

TEST(ClientCases, EveryBreachButSlownessIsGraded) {
  std::vector<std::string_view> graded;
  for (const Failing& one : failing()) graded.push_back(one.breach);
  std::vector<std::string_view> all;
  for (const std::string_view name : wer_client::breach_names())
    if (!name.starts_with("slow_") && name != "long_length") all.push_back(name);
  EXPECT_EQ(graded, all);
}

TEST(ClientCases, EveryRequestCaseIsFailedBySomeBreach) {
  std::set<std::string> failed;
  for (const Failing& one : failing()) failed.insert(one.cases.begin(), one.cases.end());
  for (const RequestCase& one : request_cases())
    EXPECT_TRUE(failed.contains(std::string(one.about.id))) << one.about.id << " " << one.about.title;
}

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
