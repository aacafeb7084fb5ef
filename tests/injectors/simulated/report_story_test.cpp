// Reports to a Corporate Error Reporting server that really listens.
#include "formats/layout/utf16.hpp"
#include "mocks/cer_server/server.hpp"
#include "tests/formats/cer/examples.hpp"
#include "tests/injectors/simulated/story.hpp"

namespace wheatstone::inject {
namespace {

using namespace test;
using enum ObservationKind;

const FileTime kCrash{128496996179046077};  // [MS-CER2] 4.3

// The machine of the specification's examples.
Platform example_machine() {
  Platform out = platform("win7-sp1");
  out.is_64bit = false;
  out.machine_name = "client-machine.corp.cliendomain.com";
  out.os = "6.1.6561.2.0.0.256.1";
  out.application_company = "Test Corporation";
  out.clock = kCrash;
  out.reporting.corporate_wer_server = "testserver.corp.xyz.com";
  out.reporting.offers = {{"WQL", "SELECT Family FROM Win32_Processor", {'1', '2'}}};
  return out;
}

InjectedBugCheck example_stop() {
  return {0xf4, {0x3, 0x8c387020, 0x8c387184, 0x81bd1a30}};
}

// The answer of 4.3.
cer_server::Rule example_rule() {
  cer_server::Rule rule{.event_type = "BlueScreen"};
  rule.answer.bucket = 501;
  rule.answer.bucket_table = 5;
  rule.answer.i_data = true;
  rule.answer.wql = {"SELECT Family FROM Win32_Processor"};
  rule.answer.dump_file = "\\PersistedCabs\\Blue\\c2428d43-b50a-4622-9d55-cce4602834b3.cab";
  return rule;
}

class ReportStory : public ::testing::Test {
 protected:
  void serve(std::vector<cer_server::Rule> rules) {
    auto started = cer_server::Server::start({.port = 0}, std::move(rules), server_clock, server_random);
    ASSERT_TRUE(started) << started.error().text();
    server = std::move(*started);
  }
  Endpoint endpoint() const { return {"127.0.0.1", server->port()}; }

  VirtualClock server_clock{kCrash};
  SeededRandom server_random{3};
  std::unique_ptr<cer_server::Server> server;
};

TEST_F(ReportStory, KernelExampleOfTheSpecification) {
  serve({example_rule()});
  Story story(example_machine(), 7, endpoint());
  story.then(example_stop()).wait(10 * kMinute);
  ASSERT_EQ(story.kinds(), "bugcheck dump dump boot level1 answer level2 submit");

  Buffer document = {0xff, 0xfe};
  const Buffer text16 = *utf8_to_utf16le(cer::examples::kKernelFault);
  document.insert(document.end(), text16.begin(), text16.end());
  const Observation& report = story.of(level1);
  EXPECT_EQ(report.bytes, document) << *utf16le_to_utf8(Bytes(report.bytes).subspan(2));
  EXPECT_EQ(report.artefact, "report-1.level1.xml");
  EXPECT_EQ(text(report, "EventType"), "BlueScreen");
  EXPECT_EQ(report.number("ReportType"), 4u);
  EXPECT_EQ(text(report, "EventTime"), "2008-03-11T09:00:17.9046077Z");
  EXPECT_EQ(text(report, "Signature.BCP2"), "8C387020");
  EXPECT_EQ(text(report, "Files"), "Mini031108-01.dmp;sysdata.xml;Version.txt");

  EXPECT_EQ(story.of(answer).number("StatusCode"), 200u);
  EXPECT_EQ(story.of(answer).number("Bucket"), 501u);
  EXPECT_EQ(story.of(answer).number("iData"), 1u);
  EXPECT_EQ(text(story.of(answer), "WQL"), "SELECT Family FROM Win32_Processor");
  EXPECT_FALSE(story.of(answer).bytes.empty());

  const Observation& cab = story.of(level2);
  EXPECT_EQ(text(cab, "Target"), "/PersistedCabs/Blue/c2428d43-b50a-4622-9d55-cce4602834b3.cab");
  EXPECT_EQ(cab.number("StatusCode"), 200u);
  EXPECT_EQ(text(cab, "Files"), "Mini031108-01.dmp;sysdata.xml;Version.txt;wql.txt");
  EXPECT_EQ(cab.number("Length"), cab.bytes.size());

  EXPECT_EQ(text(story.of(submit), "Result"), "uploaded_cab");
  EXPECT_EQ(story.of(submit).number("Result"), 11u);
}

TEST_F(ReportStory, SameSeedSendsTheSameBytesToAnyPort) {
  std::vector<std::vector<Observation>> stories;
  for (int i = 0; i < 2; ++i) {
    serve({example_rule()});
    Story story(example_machine(), 7, endpoint());
    story.then(example_stop()).wait(10 * kMinute);
    stories.push_back(story.all());
  }
  ASSERT_EQ(stories[0].size(), stories[1].size());
  for (std::size_t i = 0; i < stories[0].size(); ++i) {
    EXPECT_EQ(stories[0][i].bytes, stories[1][i].bytes);
    EXPECT_EQ(stories[0][i].fields, stories[1][i].fields);
  }
}

TEST_F(ReportStory, HardwareErrorReports64BitParameters) {
  serve({example_rule()});
  Platform machine = platform("win11-24H2");
  machine.reporting.corporate_wer_server = "testserver.corp.xyz.com";
  Story story(machine, 7, endpoint());
  story.then(InjectedError{.sections = {machine_check(0xbea0000000000108, 5, 3)}}).wait(10 * kMinute);
  ASSERT_EQ(story.kinds(), "record bugcheck dump dump boot etw_event log_entry level1 answer level2 submit");
  EXPECT_EQ(text(story.of(level1), "Signature.BCCode"), "124");
  EXPECT_EQ(text(story.of(level1), "Signature.BCP3"), "00000000BEA00000");
  EXPECT_EQ(text(story.of(level1), "OS"), "10.0.26100.2.0.0.256.48");
  EXPECT_EQ(text(story.of(level1), "EventTime"), to_iso8601(story.of(bugcheck).time));
}

TEST_F(ReportStory, ReportOfAProgramGetsWhatItLeavesOut) {
  cer_server::Rule rule;
  rule.answer.bucket = 500;
  serve({rule});
  Story story(example_machine(), 7, endpoint());
  InjectedReport injected;
  injected.report.application = {"Test", "E:\\tools\\wersample.exe", std::nullopt};
  injected.report.event = {.reporttype = cer::ReportType::critical,
                           .eventtype = "MikeTest",
                           .friendlyeventname = std::nullopt,
                           .eventdescription = std::nullopt,
                           .eventtime = {}};
  injected.report.parameters = {{0, "Problem Signature 01", "1000"}};
  injected.files = {{"notes.txt", cer::FileType::other, {'x'}}};
  story.then(injected);
  ASSERT_EQ(story.kinds(), "level1 answer submit");
  const Observation& report = story.of(level1);
  EXPECT_EQ(text(report, "MachineName"), "client-machine.corp.cliendomain.com");
  EXPECT_EQ(text(report, "OS"), "6.1.6561.2.0.0.256.1");
  EXPECT_EQ(text(report, "EventTime"), to_iso8601(kCrash));
  EXPECT_EQ(text(report, "Signature.Problem Signature 01"), "1000");
  EXPECT_EQ(text(report, "Files"), "notes.txt");
  EXPECT_EQ(text(story.of(submit), "Result"), "uploaded");
}

TEST_F(ReportStory, AServerThatNobodyRunsIsNotReached) {
  Story story(example_machine());
  story.then(example_stop()).wait(10 * kMinute);
  EXPECT_EQ(story.kinds(), "bugcheck dump dump boot level1 submit");
  EXPECT_EQ(text(story.of(submit), "Result"), "failed");
}

TEST_F(ReportStory, WithoutAServerNothingIsSent) {
  Platform machine = example_machine();
  machine.reporting.corporate_wer_server.clear();
  Story story(machine);
  story.then(example_stop()).wait(10 * kMinute);
  EXPECT_EQ(story.kinds(), "bugcheck dump dump boot submit");
  EXPECT_EQ(text(story.of(submit), "Result"), "disabled");
  EXPECT_EQ(text(story.of(submit), "EventType"), "BlueScreen");
}

TEST_F(ReportStory, ServerThatRefusesIsAnswerAndFailure) {
  cer_server::Rule rule = example_rule();
  rule.fault = cer_server::Fault{};
  serve({rule});
  Story story(example_machine(), 7, endpoint());
  story.then(example_stop()).wait(10 * kMinute);
  ASSERT_EQ(story.kinds(), "bugcheck dump dump boot level1 answer submit");
  EXPECT_EQ(story.of(answer).number("StatusCode"), 503u);
  EXPECT_EQ(story.of(answer).find("Bucket"), nullptr);
  EXPECT_NE(text(story.of(submit), "Result"), "uploaded");
}

}  // namespace
}  // namespace wheatstone::inject
