// Each breach against our own server: the status and the findings that the table promises, and no others.
#include "mocks/wer_client/breach.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "mocks/cer_server/server.hpp"
#include "mocks/wer_client/client.hpp"
#include "tests/formats/cer/examples.hpp"
#include "tests/mocks/support.hpp"

namespace wheatstone::wer_client {
namespace {

using cer_server::Rule;
using testing::HasSubstr;
using testing_support::codes;
using testing_support::Recorder;
using testing_support::ScriptedServer;

constexpr FileTime kNow{128'497'001'160'460'289};

// A report with everything that a breach may be about.
Submission submission() {
  Submission submission{cer::examples::application_fault(),
                        {{.name = "Version.txt", .data = {'6'}},
                         {.name = "sysdata.xml", .data = {'x'}},
                         {.name = "memory.hdmp", .type = cer::FileType::heapdump, .data = {1}},
                         {.name = "letter.doc", .type = cer::FileType::user_document, .data = {2}}}};
  submission.report.secondary_parameters = {{"Bios", "1"}};
  submission.report.files.reset();
  return submission;
}

Config config_for(std::uint16_t port, const Breach* breach) {
  Config config;
  config.corporate_wer_server = "127.0.0.1";
  config.corporate_wer_port_number = port;
  config.default_consent = Consent::all_data;
  config.breach = breach;
  config.breach_pause = std::chrono::milliseconds(100);
  return config;
}

// What our server says to the client: the last status and all findings.
std::pair<unsigned, std::string> told_by_server(const Breach* breach) {
  VirtualClock clock{kNow};
  SeededRandom random{7};
  Recorder recorder;
  cer_server::Options options;
  options.port = 0;
  options.limits.head_time = std::chrono::milliseconds(300);
  options.limits.body_time = std::chrono::milliseconds(300);
  Rule rule;
  rule.answer.i_data = breach == nullptr || breach->habit != Breach::Habit::uploads_unasked;
  if (*rule.answer.i_data) rule.answer.dump_file = "\\PersistedCabs\\Generic\\1.cab";
  auto server = cer_server::Server::start(options, {rule}, clock, random, &recorder);
  if (!server) {
    ADD_FAILURE() << server.error().text();
    return {};
  }
  const Outcome outcome = Client(config_for((*server)->port(), breach), clock, nullptr).submit(submission());
  EXPECT_FALSE(outcome.exchanges.empty()) << outcome.detail;
  recorder.wait_for(outcome.exchanges.size());
  (*server).reset();  // what else it saw is recorded now
  std::vector<Finding> findings;
  for (const auto& exchange : recorder.wait_for(0))
    for (const Finding& finding : exchange.verdict.findings) findings.push_back(finding);
  return {outcome.exchanges.empty() ? 0 : outcome.exchanges.back().status, codes(findings)};
}

TEST(Breach, NoneIsFreeOfFindings) {
  EXPECT_EQ(told_by_server(nullptr), std::pair(200u, std::string()));
}

class Breaches : public testing::TestWithParam<std::size_t> {};

TEST_P(Breaches, AreSeenByOurServer) {
  const Breach& breach = breaches()[GetParam()];
  EXPECT_EQ(told_by_server(&breach), std::pair(breach.status, std::string(breach.findings))) << breach.name;
}

INSTANTIATE_TEST_SUITE_P(All, Breaches, testing::Range<std::size_t>(0, breaches().size()),
                         [](const auto& one) { return std::string(breaches()[one.param].name); });

TEST(Breach, NamesAreUniqueAndSayWhatTheyBreak) {
  std::set<std::string_view> names;
  for (const Breach& breach : breaches()) {
    EXPECT_TRUE(names.insert(breach.name).second) << breach.name;
    EXPECT_NE(breach.clause, "") << breach.name;
    EXPECT_NE(breach.what, "") << breach.name;
    EXPECT_EQ(*find_breach(breach.name), &breach);
  }
  EXPECT_EQ(breach_names().size(), names.size());
  const auto unknown = find_breach("no_hosts");
  ASSERT_FALSE(unknown);
  EXPECT_THAT(unknown.error().text(), HasSubstr("did you mean 'no_host'?"));
}

TEST(Breach, ThatTheReportHasNoPlaceForSendsNothing) {
  const VirtualClock clock(kNow);
  Config config = config_for(1, *find_breach("no_secondary_name"));
  const testing_support::TempFolder folder;
  config.store = folder.path();
  const Outcome outcome = Client(config, clock, nullptr).submit({cer::examples::application_fault(), {}});
  EXPECT_EQ(outcome.result, SubmitResult::failed);
  EXPECT_TRUE(outcome.exchanges.empty());
  EXPECT_THAT(outcome.detail, HasSubstr("no_secondary_name"));
}

std::string ok(std::string_view body) {
  return "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + std::string(body);
}

// What a client with a habit does against these answers.
Outcome against(std::vector<std::string> answers, std::string_view breach,
                const std::function<void(Config&)>& change = {}) {
  const ScriptedServer server(std::move(answers));
  const VirtualClock clock(kNow);
  Config config = config_for(server.port(), *find_breach(breach));
  if (change) change(config);
  return Client(config, clock, nullptr).submit(submission());
}

constexpr char kAsk[] = "iData=1\r\nDumpFile=/put/1.cab\r\n";
constexpr char kBusy[] = "HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n";

TEST(Habit, InsistsNineTimes) {
  EXPECT_EQ(against(std::vector<std::string>(12, kBusy), "insists").exchanges.size(), 9u);
  EXPECT_EQ(against({kBusy, ok("")}, "insists").result, SubmitResult::uploaded);
}

TEST(Habit, BelievesAnyAnswerAndClaimsSuccess) {
  EXPECT_EQ(against({kBusy}, "believes_any_answer").result, SubmitResult::uploaded);
  EXPECT_EQ(against({""}, "believes_any_answer").result, SubmitResult::uploaded);
  EXPECT_EQ(against({kBusy}, "claims_success").result, SubmitResult::uploaded);
}

TEST(Habit, IgnoresSettings) {
  const auto careful = [](Config& config) {
    config.default_consent = Consent::always_ask;
    config.dont_send_additional_data = true;
  };
  EXPECT_EQ(against({ok(kAsk), ok("")}, "ignores_settings", careful).result, SubmitResult::uploaded_cab);
  EXPECT_EQ(against({ok(kAsk), ok("")}, "chunks", careful).result, SubmitResult::cancelled);
}

TEST(Habit, GoesWhereItIsSent) {
  const ScriptedServer other({ok("")});
  const std::string url = "http://127.0.0.1:" + std::to_string(other.port()) + "/x.cab";
  const Outcome redirected = against(
      {"HTTP/1.1 307 Elsewhere\r\nContent-Length: 0\r\nLocation: " + url + "\r\n\r\n"}, "follows_redirects");
  EXPECT_EQ(redirected.result, SubmitResult::uploaded) << redirected.detail;
  ASSERT_EQ(redirected.exchanges.size(), 2u);
  EXPECT_EQ(redirected.exchanges[0].request, redirected.exchanges[1].request);

  const ScriptedServer third({ok("")});
  const Outcome led =
      against({ok("iData=1\r\nDumpFile=http://127.0.0.1:" + std::to_string(third.port()) + "/x.cab\r\n")},
              "follows_urls");
  EXPECT_EQ(led.result, SubmitResult::uploaded_cab) << led.detail;
  EXPECT_TRUE(as_text(led.exchanges[1].request).starts_with("PUT /x.cab HTTP/1.1\r\n"));
}

TEST(Habit, GivesFilesThatNobodyAllowed) {
  const Outcome outcome =
      against({ok(std::string(kAsk) + "GetFile=C:\\secret.txt\r\n"), ok("")}, "gives_files");
  ASSERT_TRUE(outcome.cab);
  const auto members = cab::read(*outcome.cab);
  ASSERT_TRUE(members);
  EXPECT_EQ(members->back().name, "secret.txt");
}

}  // namespace
}  // namespace wheatstone::wer_client
