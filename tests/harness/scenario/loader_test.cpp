#include "harness/scenario/loader.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "formats/cper/section.hpp"
#include "formats/cper/sections/xpf_mca.hpp"
#include "tests/harness/scenario/load.hpp"

namespace wheatstone::scenario {
namespace {

using inject::ObservationKind;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::StartsWith;

Scenario loaded(std::string_view text, const Files& files = {}) {
  auto result = load(text, files);
  if (result) return std::move(*result);
  ADD_FAILURE() << result.error().front().text();
  return {};
}

std::string step(std::string_view text) {
  return fmt::format("title: t\nsteps:\n  - {}\n", text);
}
std::string expecting(std::string_view text) {
  return fmt::format("title: t\nsteps: [{{wait: 1s}}]\nexpect:\n  - {}\n", text);
}

template <class T>
T injected(std::string_view text, const Files& files = {}) {
  const Scenario scenario = loaded(step(text), files);
  if (scenario.steps.size() == 1)
    if (const auto* injection = std::get_if<inject::Injection>(&scenario.steps[0].what))
      if (const auto* found = std::get_if<T>(injection)) return *found;
  ADD_FAILURE() << "not that kind of step: " << text;
  return {};
}

template <class T>
T expected(std::string_view text, const Files& files = {}) {
  const Scenario scenario = loaded(expecting(text), files);
  if (scenario.expectations.size() == 1)
    if (const auto* found = std::get_if<T>(&scenario.expectations[0].what)) return *found;
  ADD_FAILURE() << "not that kind of expectation: " << text;
  return {};
}

template <class T>
T matcher(std::string_view text) {
  const auto occurs = expected<Occurs>(fmt::format("dump: {{Length: {}}}", text));
  if (occurs.pattern.fields.size() == 1)
    if (const auto* found = std::get_if<T>(&occurs.pattern.fields[0].matcher)) return *found;
  ADD_FAILURE() << "not that kind of matcher: " << text;
  return T{};
}

TEST(Loader, DefaultsOfAScenario) {
  const Scenario scenario = loaded("title: T\nsteps:\n- wait: 90s\n");
  EXPECT_EQ(scenario.id, "folder/name");
  EXPECT_EQ(scenario.file, "name.yaml");
  EXPECT_EQ(scenario.title, "T");
  EXPECT_EQ(scenario.seed, 1u);
  EXPECT_EQ(scenario.platform.profile, "win11-24H2");
  EXPECT_EQ(to_iso8601(scenario.platform.clock), "2026-01-01T00:00:00.0000000Z");
  EXPECT_THAT(scenario.platform.sources, IsEmpty()) << "those that every machine has";
  EXPECT_TRUE(scenario.platform.reporting.corporate_wer_server.empty());
  EXPECT_FALSE(scenario.server);
  EXPECT_TRUE(scenario.needs.empty());
  ASSERT_THAT(scenario.steps, SizeIs(1));
  EXPECT_EQ(std::get<Wait>(scenario.steps[0].what).duration, 90 * FileTime::kPerSecond);
  EXPECT_EQ(scenario.at(scenario.steps[0].mark).line, 3u);
  EXPECT_EQ(scenario.at(scenario.steps[0].mark).column, 3u);
}

TEST(Loader, Platform) {
  const Scenario scenario = loaded(R"(
title: t
description: two words
seed: 0x10
platform:
  system: windows
  profile: win7-sp1
  cpu_vendor: GenuineIntel
  processors: 2
  is_64bit: false
  machine_name: m
  user_name: u
  application_company: c
  lcid: 1031
  os: 6.1.7601.2.1.0.256.1
  clock: 2008-03-11T07:01:59.6486378Z
  sources: [MCE, {type: Generic, id: 5, records_to_preallocate: 2, max_sections_per_record: 1}]
  reporting:
    corporate_wer_server: server.example.com
    corporate_wer_port_number: 80
    default_consent: 2
    dont_send_additional_data: true
    bypass_data_throttling: 1
    offers:
      - {key: WQL, item: SELECT 1, text: one}
      - {key: MemoryDump, hex: 0102}
      - {key: GetFile, item: C:\x, file: x.bin}
steps: [{wait: 1}]
)",
                                   {{"x.bin", "x"}});
  const inject::Platform& platform = scenario.platform;
  EXPECT_EQ(scenario.description, "two words");
  EXPECT_EQ(scenario.seed, 16u);
  EXPECT_EQ(platform.profile, "win7-sp1");
  EXPECT_EQ(platform.cpu_vendor, "GenuineIntel");
  EXPECT_EQ(platform.processors, 2u);
  EXPECT_FALSE(platform.is_64bit);
  EXPECT_EQ(platform.machine_name, "m");
  EXPECT_EQ(platform.user_name, "u");
  EXPECT_EQ(platform.application_company, "c");
  EXPECT_EQ(platform.lcid, "1031");
  EXPECT_EQ(platform.os, "6.1.7601.2.1.0.256.1");
  EXPECT_EQ(platform.clock.ticks, 128496925196486378u);
  ASSERT_THAT(platform.sources, SizeIs(2));
  EXPECT_EQ(platform.sources[1].type, whea::ErrorSourceType::generic);
  EXPECT_EQ(platform.sources[1].id, 5u);
  EXPECT_EQ(platform.sources[1].records_to_preallocate, 2u);
  EXPECT_EQ(platform.sources[1].max_sections_per_record, 1u);
  const inject::ErrorReporting& reporting = platform.reporting;
  EXPECT_EQ(reporting.corporate_wer_server, "server.example.com");
  EXPECT_EQ(reporting.corporate_wer_port_number, 80u);
  EXPECT_EQ(reporting.default_consent, wer_client::Consent::parameters);
  EXPECT_TRUE(reporting.dont_send_additional_data);
  EXPECT_TRUE(reporting.bypass_data_throttling);
  ASSERT_THAT(reporting.offers, SizeIs(3));
  EXPECT_EQ(reporting.offers[0].item, "SELECT 1");
  EXPECT_THAT(reporting.offers[0].content, ElementsAre('o', 'n', 'e'));
  EXPECT_THAT(reporting.offers[1].content, ElementsAre(1, 2));
  EXPECT_THAT(reporting.offers[2].content, ElementsAre('x'));
}

constexpr std::string_view kEverySetting = R"(
CorporateWERServer: server.example.com
CorporateWERPortNumber: 1232
CorporateWERUseSSL: 1
CorporateWERUseAuthentication: 1
Disabled: 1
BypassDataThrottling: 1
DontSendAdditionalData: 1
ForceQueue: 1
DisableQueue: 1
MaxQueueCount: 7
DisableArchive: 1
ConfigureArchive: 2
MaxArchiveCount: 8
Consent: {DefaultConsent: 3, DefaultOverrideBehavior: 1, APPCRASH: 2}
ExcludedApplications: {a.exe: 1, b.exe: 0}
offers: [{key: GetFile, item: '%X%', file: sub/x}]
)";

LoadedSettings loaded_settings(std::string_view text) {
  const auto read = [](std::string_view path) -> Result<Buffer> { return Buffer(path.begin(), path.end()); };
  auto result = load_settings(text, "s.yaml", read);
  if (result) return std::move(*result);
  ADD_FAILURE() << result.error().front().text();
  return {};
}

TEST(Settings, EveryRegistryValue) {
  const LoadedSettings settings = loaded_settings(kEverySetting);
  const wer_client::Settings expected{
      .corporate_wer_server = "server.example.com",
      .corporate_wer_port_number = 1232,
      .corporate_wer_use_ssl = true,
      .corporate_wer_use_authentication = true,
      .disabled = true,
      .bypass_data_throttling = true,
      .dont_send_additional_data = true,
      .force_queue = true,
      .disable_queue = true,
      .max_queue_count = 7,
      .disable_archive = true,
      .configure_archive = 2,
      .max_archive_count = 8,
      .default_consent = wer_client::Consent::safe_data,
      .default_override_behavior = true,
      .event_consent = {{"APPCRASH", wer_client::Consent::parameters}},
      .excluded_applications = {"a.exe"},
  };
  EXPECT_EQ(static_cast<const wer_client::Settings&>(settings.reporting), expected);
  EXPECT_THAT(settings.without_effect, IsEmpty());
  ASSERT_THAT(settings.reporting.offers, SizeIs(1));
  EXPECT_EQ(as_text(settings.reporting.offers[0].content), "sub/x");
  // The same text below platform.reporting of a scenario.
  std::string indented;
  for (const char c : kEverySetting) indented += c == '\n' ? std::string("\n    ") : std::string(1, c);
  const Scenario scenario =
      loaded("title: t\nplatform:\n  reporting:" + indented + "\nsteps: [{wait: 1}]\n", {{"sub/x", "x"}});
  EXPECT_EQ(static_cast<const wer_client::Settings&>(scenario.platform.reporting), expected);
}

TEST(Settings, DefaultsAreThoseOfWindowsButForTheConsent) {
  wer_client::Settings usual;
  usual.default_consent = wer_client::Consent::all_data;
  EXPECT_EQ(static_cast<const wer_client::Settings&>(loaded_settings("Disabled: 0").reporting), usual);
}

TEST(Settings, ValuesWithoutEffectAreNamed) {
  EXPECT_THAT(loaded_settings("DontShowUI: 1\nCorporateWERDirectory: x\nDebugApplications: {a.exe: 1}\n")
                  .without_effect,
              ElementsAre("DontShowUI", "CorporateWERDirectory", "DebugApplications"));
}

std::vector<std::string> errors_of_settings(std::string_view text) {
  const ReadFile none = [](std::string_view) -> Result<Buffer> {
    return fail(ErrorKind::io, "there is no such file");
  };
  std::vector<std::string> lines;
  if (const auto loaded = load_settings(text, "s.yaml", none); !loaded)
    for (const Error& error : loaded.error()) lines.push_back(error.text());
  return lines;
}

TEST(SettingsMistake, IsToldWithItsPlace) {
  EXPECT_THAT(errors_of_settings("Disabled: 0\nForceQeue: 1"),
              ElementsAre("s.yaml:2:1: ForceQeue: unknown key 'ForceQeue' in 'reporting' (did you mean "
                          "'ForceQueue'?)"));
  EXPECT_THAT(errors_of_settings("MaxQueueCount: 501"),
              ElementsAre("s.yaml:1:16: MaxQueueCount: 'MaxQueueCount' is 501 (1 to 500 are taken)"));
  EXPECT_THAT(errors_of_settings("Consent: {APPCRASH: 5}"),
              ElementsAre("s.yaml:1:21: Consent.APPCRASH: 'APPCRASH' is 5 (1 to 4 are taken)"));
  EXPECT_THAT(errors_of_settings("CorporateWERServer: a\ncorporate_wer_server: b"), SizeIs(1));
  EXPECT_THAT(errors_of_settings("offers: [{key: GetFile, item: a, file: b}]"),
              ElementsAre("s.yaml:1:40: offers[0].file: there is no such file"));
  EXPECT_THAT(errors_of_settings("- 1"), ElementsAre("s.yaml:1:1: 'reporting' needs a map, not a list (it "
                                                     "begins with 'CorporateWERServer:')"));
  EXPECT_THAT(errors_of_settings(""), SizeIs(1));
}

TEST(Loader, Server) {
  const Scenario scenario = loaded(R"(
title: t
platform: {reporting: {corporate_wer_server: s}}
server:
  rules:
    - match: {event_type: Blue*, parameters: {BCCode: 124, BCP1: "0"}}
      answer: {Response: "1", Bucket: 501, BucketTable: 5, iData: 1, MemoryDump: false, fDoc: true, RegKey: [a, b],
               RegTree: [c], WQL: [d], GetFile: [e], GetFileVersion: [f], DumpFile: \x\y.cab}
      cab_quota: 3
      times: 2
    - fault: {kind: truncate, level: level2}
    - fault: {kind: status, status: 404}
steps: [{wait: 1}]
)");
  ASSERT_TRUE(scenario.server);
  ASSERT_THAT(scenario.server->rules, SizeIs(3));
  const cer_server::Rule& rule = scenario.server->rules[0];
  EXPECT_EQ(rule.event_type, "Blue*");
  EXPECT_THAT(rule.parameters, ElementsAre(std::pair("BCCode", "124"), std::pair("BCP1", "0")));
  cer::Answer answer;
  answer.response = "1";
  answer.bucket = 501;
  answer.bucket_table = 5;
  answer.i_data = true;
  answer.memory_dump = false;
  answer.f_doc = true;
  answer.reg_key = {"a", "b"};
  answer.reg_tree = {"c"};
  answer.wql = {"d"};
  answer.get_file = {"e"};
  answer.get_file_version = {"f"};
  answer.dump_file = "\\x\\y.cab";
  EXPECT_EQ(rule.answer, answer);
  EXPECT_EQ(rule.cab_quota, 3u);
  EXPECT_EQ(rule.times, 2u);
  EXPECT_FALSE(rule.fault);
  const cer_server::Fault truncate{.kind = cer_server::Fault::Kind::truncate,
                                   .level = cer_server::Fault::Level::level2};
  EXPECT_EQ(scenario.server->rules[1].fault, truncate);
  const cer_server::Fault missing{.kind = cer_server::Fault::Kind::status, .status = 404};
  EXPECT_EQ(scenario.server->rules[2].fault, missing);
}

TEST(Loader, InjectedError) {
  const auto error = injected<inject::InjectedError>(
      "inject: {source: PCIe, severity: Recoverable, flags: [Simulated, CriticalEvent], sections: [\n"
      "      {XpfMca: {BankNumber: 5, Status: 0xbea0000000000108}, severity: Informational, fru_text: DIMM "
      "1,\n"
      "       fru_id: 8a1e1d01-42f9-4557-9c33-565e5cc3f7e8, flags: [Primary, Propagated]},\n"
      "      {guid: e71254e7-c1b9-4940-ab76-909703a4320f, hex: 0102},\n"
      "      {guid: e71254e7-c1b9-4940-ab76-909703a4320f, file: body}, {Nmi: }]}",
      {{"body", "xyz"}});
  EXPECT_EQ(error.source, whea::ErrorSourceType::pcie);
  EXPECT_EQ(error.severity, cper::Severity::recoverable);
  EXPECT_EQ(error.packet_flags, 0x0au);
  ASSERT_THAT(error.sections, SizeIs(4));
  const inject::InjectedSection& mca = error.sections[0];
  EXPECT_EQ(mca.type, cper::kSectionXpfMca);
  EXPECT_EQ(mca.severity, cper::Severity::informational);
  EXPECT_EQ(mca.fru_text, "DIMM 1");
  EXPECT_EQ(mca.fru_id, Guid::parse("8a1e1d01-42f9-4557-9c33-565e5cc3f7e8"));
  EXPECT_EQ(mca.flags, 0x41u);
  EXPECT_EQ(error.sections[1].type, cper::kSectionNmi);
  EXPECT_THAT(error.sections[1].body, ElementsAre(1, 2));
  EXPECT_FALSE(error.sections[1].severity);
  EXPECT_FALSE(error.sections[1].fru_id);
  EXPECT_FALSE(error.sections[1].fru_text);
  EXPECT_EQ(error.sections[1].flags, 0u);
  EXPECT_THAT(error.sections[2].body, ElementsAre('x', 'y', 'z'));
  EXPECT_EQ(error.sections[3].type, cper::kSectionNmi);
  EXPECT_EQ(error.sections[3].body, Buffer(12, 0));
}

TEST(Loader, ReplayedRecord) {
  EXPECT_THAT(injected<inject::InjectedRecord>("replay: {hex: '43 50'}").record, ElementsAre(0x43, 0x50));
  EXPECT_EQ(injected<inject::InjectedRecord>("replay: {hex: ''}").source, whea::ErrorSourceType::boot);
  const auto record = injected<inject::InjectedRecord>("replay: {hex_file: a/x.hex, source: CMC}",
                                                       {{"a/x.hex", "0: 01\n*\n3: 02\n"}});
  EXPECT_THAT(record.record, ElementsAre(1, 0, 0, 2));
  EXPECT_EQ(record.source, whea::ErrorSourceType::cmc);
}

TEST(Loader, BugCheck) {
  const auto bugcheck =
      injected<inject::InjectedBugCheck>("bugcheck: {code: 0xf4, parameters: [3, 0x8C387020]}");
  EXPECT_EQ(bugcheck.code, 0xf4u);
  EXPECT_THAT(bugcheck.parameters, ElementsAre(3u, 0x8C387020u, 0u, 0u));
}

TEST(Loader, Report) {
  const auto out = injected<inject::InjectedReport>(
      "report:\n      reporttype: ApplicationCrash\n      eventtype: APPCRASH\n      friendlyeventname: F\n"
      "      eventdescription: D\n      eventtime: 2008-03-11T07:01:59.6486378Z\n"
      "      machine: {machinename: m, os: 6.1.1, lcid: 1031, oem: o}\n      username: u\n"
      "      application: {appname: a, apppath: p, appcompany: c}\n"
      "      parameters: [{name: N, value: 00000003}, {value: ''}]\n"
      "      secondary_parameters: [{name: S, value: 6_1}]\n"
      "      files: [{filename: Version.txt, text: v}, {filename: m.dmp, filetype: 2, hex: 4d}]",
      {});
  const cer::Report& report = out.report;
  EXPECT_EQ(report.event.reporttype, cer::ReportType::application_crash);
  EXPECT_EQ(report.event.eventtype, "APPCRASH");
  EXPECT_EQ(report.event.friendlyeventname, "F");
  EXPECT_EQ(report.event.eventdescription, "D");
  EXPECT_EQ(report.event.eventtime.ticks, 128496925196486378u);
  EXPECT_EQ(report.machine.machinename, "m");
  EXPECT_EQ(report.machine.os, "6.1.1");
  EXPECT_EQ(report.machine.lcid, "1031");
  EXPECT_EQ(report.machine.oem, "o");
  EXPECT_EQ(report.username, "u");
  ASSERT_TRUE(report.application);
  EXPECT_EQ(report.application->appname, "a");
  EXPECT_EQ(report.application->apppath, "p");
  EXPECT_EQ(report.application->appcompany, "c");
  ASSERT_THAT(report.parameters, SizeIs(2));
  EXPECT_EQ(report.parameters[0].id, 0u);
  EXPECT_EQ(report.parameters[0].name, "N");
  EXPECT_EQ(report.parameters[0].value, "00000003");
  EXPECT_EQ(report.parameters[1].id, 1u);
  EXPECT_FALSE(report.parameters[1].name);
  ASSERT_THAT(report.secondary_parameters, SizeIs(1));
  EXPECT_EQ(report.secondary_parameters[0].name, "S");
  EXPECT_EQ(report.secondary_parameters[0].value, "6_1");
  ASSERT_TRUE(report.files);
  ASSERT_THAT(*report.files, SizeIs(2));
  EXPECT_EQ((*report.files)[0].filetype, cer::FileType::other);
  ASSERT_THAT(out.files, SizeIs(2));
  EXPECT_THAT(out.files[0].content, ElementsAre('v'));
  EXPECT_EQ(out.files[1].name, "m.dmp");
  EXPECT_EQ(out.files[1].type, cer::FileType::minidump);
  EXPECT_THAT(out.files[1].content, ElementsAre(0x4d));
}

TEST(Loader, ReportTakesTheMachineFromThePlatform) {
  const Scenario scenario = loaded(
      "title: t\nplatform: {machine_name: m, user_name: u, lcid: 7, os: 6.0}\nsteps:\n"
      "- report: {reporttype: 1, eventtype: e, eventtime: 2026-01-01}\n");
  const auto& report =
      std::get<inject::InjectedReport>(std::get<inject::Injection>(scenario.steps.at(0).what)).report;
  EXPECT_EQ(report.machine.machinename, "m");
  EXPECT_EQ(report.machine.os, "6.0");
  EXPECT_EQ(report.machine.lcid, "7");
  EXPECT_EQ(report.username, "u");
  EXPECT_FALSE(report.application);
  EXPECT_FALSE(report.files);
}

TEST(Loader, Matchers) {
  EXPECT_EQ(matcher<Exact>("0x7b").value.number, 0x7bu);
  EXPECT_EQ(matcher<Exact>("0x7b").value.text, "0x7b");
  EXPECT_FALSE(matcher<Exact>("'0x7b'").value.number);
  EXPECT_EQ(matcher<Exact>("Fatal").value.text, "Fatal");
  EXPECT_EQ(matcher<Masked>("{mask: 0xf0, value: 0x30}").mask, 0xf0u);
  EXPECT_EQ(matcher<Masked>("{mask: 0xf0, value: 0x30}").value, 0x30u);
  EXPECT_EQ(matcher<InRange>("{range: [2, 3]}").low, 2u);
  EXPECT_EQ(matcher<InRange>("{range: [2, 3]}").high, 3u);
  const auto one_of = matcher<OneOf>("{one_of: [1, two]}");
  ASSERT_THAT(one_of.values, SizeIs(2));
  EXPECT_EQ(one_of.values[0].number, 1u);
  EXPECT_EQ(one_of.values[1].text, "two");
  matcher<Absent>("{absent: true}");
  const auto occurs = expected<Occurs>("dump: {File: {regex: 'M.*'}}");
  EXPECT_EQ(std::get<Matches>(occurs.pattern.fields.at(0).matcher).regex.pattern(), "M.*");
  EXPECT_EQ(occurs.pattern.fields[0].name, "File");
  EXPECT_EQ(occurs.pattern.fields[0].mark.line, 4u);
  EXPECT_EQ(occurs.pattern.fields[0].mark.column, 12u);
}

TEST(Loader, Counts) {
  const auto count = [](std::string_view text) {
    const auto range = expected<Occurs>(fmt::format("{{dump: {{}}, count: {}}}", text)).count;
    return std::pair(range.low, range.high);
  };
  constexpr std::uint64_t kMax = ~std::uint64_t{0};
  EXPECT_EQ(count("3"), std::pair(std::uint64_t{3}, std::uint64_t{3}));
  EXPECT_EQ(count("'>=3'"), std::pair(std::uint64_t{3}, kMax));
  EXPECT_EQ(count("'<=3'"), std::pair(std::uint64_t{0}, std::uint64_t{3}));
  EXPECT_EQ(count("[1, 2]"), std::pair(std::uint64_t{1}, std::uint64_t{2}));
  EXPECT_EQ(expected<Occurs>("dump: {}").count.low, 1u);
  EXPECT_EQ(expected<Occurs>("dump: {}").count.high, kMax);
}

TEST(Loader, Expectations) {
  EXPECT_FALSE(expected<Occurs>("bugcheck:").within);
  EXPECT_EQ(expected<Occurs>("{bugcheck: {}, within: 5s}").within, 5 * FileTime::kPerSecond);
  EXPECT_EQ(expected<Never>("never: {log_entry: {EventId: 19}}").pattern.kind, ObservationKind::log_entry);
  const auto order = expected<Order>("order: [{record: {}}, {dump: }]");
  ASSERT_THAT(order.patterns, SizeIs(2));
  EXPECT_EQ(order.patterns[1].kind, ObservationKind::dump);
  const Scenario scenario = loaded(expecting("never: {boot: {}}"));
  EXPECT_EQ(scenario.expectations[0].mark.line, 4u);
  EXPECT_EQ(scenario.expectations[0].mark.column, 5u);
}

TEST(Loader, ExpectedBytesOfALevel1DocumentAreItsWireForm) {
  const auto occurs = expected<Occurs>("level1: {bytes_file: x.xml}", {{"x.xml", "<\xc3\xa4>\r\n\n"}});
  EXPECT_EQ(occurs.pattern.bytes.value(),
            (Buffer{0xff, 0xfe, '<', 0, 0xe4, 0, '>', 0, '\r', 0, '\n', 0, '\r', 0, '\n', 0}));
  EXPECT_THAT(expected<Occurs>("level1: {bytes_file: x.bin}", {{"x.bin", "a\n"}}).pattern.bytes.value(),
              ElementsAre('a', '\n'));
  EXPECT_THAT(expected<Occurs>("answer: {bytes_file: x.xml}", {{"x.xml", "a\n"}}).pattern.bytes.value(),
              ElementsAre('a', '\n'));
  EXPECT_THAT(errors(expecting("level1: {bytes_file: x.xml}"), {{"x.xml", "\xff"}}),
              ElementsAre("name.yaml:4:26: expect[0].level1.bytes_file: 'x.xml' is not UTF-8"));
}

TEST(Loader, NeedsAreThoseListedAndThoseLookedAt) {
  const Scenario scenario = loaded(
      "title: t\nneeds: [console, server]\nsteps: [{wait: 1}]\nplatform: {reporting: {corporate_wer_server: "
      "s}}\n"
      "server: {rules: []}\n"
      "expect: [{dump: }, {never: {record: }}, {order: [{boot: }, {dump: }]}, {server: }]\n");
  EXPECT_THAT(scenario.needs, ElementsAre(ObservationKind::record, ObservationKind::dump,
                                          ObservationKind::boot, ObservationKind::console));
}

// ---- mistakes of meaning

TEST(LoaderMistake, FieldOfASection) {
  EXPECT_THAT(errors(step("inject: {source: MCE, severity: Fatal, sections: [{XpfMca: {BankNumbr: 5}}]}")),
              ElementsAre(AllOf(StartsWith("name.yaml:3:65: steps[0].inject.sections[0].XpfMca: "),
                                HasSubstr("BankNumbr"), HasSubstr("did you mean 'BankNumber'?"))));
}

TEST(LoaderMistake, SectionByGuidWithoutBody) {
  EXPECT_THAT(
      errors(step("inject: {source: MCE, severity: Fatal, sections: [{guid: "
                  "e71254e7-c1b9-4940-ab76-909703a4320f}]}")),
      ElementsAre(
          "name.yaml:3:62: steps[0].inject.sections[0]: a section by its GUID needs one of hex, file, "
          "hex_file"));
}

TEST(LoaderMistake, FruTextIsShortAscii) {
  const auto fru = [](std::string_view text) {
    return errors(step(fmt::format(
        "inject: {{source: MCE, severity: Fatal, sections: [{{Nmi: {{}}, fru_text: '{}'}}]}}", text)));
  };
  EXPECT_THAT(fru("12345678901234567890"), SizeIs(0));
  EXPECT_THAT(fru("123456789012345678901"),
              ElementsAre(HasSubstr("'fru_text' has 21 bytes (0 to 20 are taken)")));
  EXPECT_THAT(fru("\xc3\xa4"),
              ElementsAre("name.yaml:3:75: steps[0].inject.sections[0].fru_text: FRUText is ASCII"));
}

TEST(LoaderMistake, MissingFile) {
  EXPECT_THAT(errors(step("replay: {file: gone.cper}")),
              ElementsAre("name.yaml:3:20: steps[0].replay.file: there is no such file"));
}

TEST(LoaderMistake, HexDump) {
  EXPECT_THAT(
      errors(step("replay: {hex_file: x.hex}"), {{"x.hex", "0: 01\n1: 0"}}),
      ElementsAre("name.yaml:3:24: steps[0].replay.hex_file: x.hex:2:4: two hex digits are expected"));
}

TEST(LoaderMistake, FilesAreBounded) {
  LoadLimits limits;
  limits.file_bytes = 4;
  const std::string two = "title: t\nsteps: [{replay: {file: a}}, {replay: {file: a}}]";
  EXPECT_THAT(errors(two, {{"a", "12"}}, limits), SizeIs(0));
  EXPECT_THAT(errors(two, {{"a", "123"}}, limits),
              ElementsAre("name.yaml:2:46: steps[1].replay.file: files and documents have more than 4 "
                          "bytes together"));
  limits.files = 1;
  EXPECT_THAT(errors(two, {{"a", "1"}}, limits),
              ElementsAre("name.yaml:2:46: steps[1].replay.file: more than 1 references to files"));
}

TEST(LoaderMistake, Profile) {
  EXPECT_THAT(errors("title: t\nplatform: {profile: win11-24h2}\nsteps: [{wait: 1}]"),
              ElementsAre("name.yaml:2:21: platform.profile: there is no profile 'win11-24h2' (did you mean "
                          "'win11-24H2'?)"));
  EXPECT_THAT(errors("title: t\nplatform: {profile: debian, system: linux}\nsteps: [{wait: 1}]"), SizeIs(0));
}

TEST(LoaderMistake, ServerThatNobodyReportsTo) {
  EXPECT_THAT(errors("title: t\nserver: {rules: []}\nsteps: [{wait: 1}]"),
              ElementsAre("name.yaml:2:9: server: the machine does not report to this server (name one in "
                          "platform.reporting.CorporateWERServer)"));
}

TEST(LoaderMistake, ExpectingAServerThatIsNotThere) {
  EXPECT_THAT(
      errors(expecting("server: {}")),
      ElementsAre(
          "name.yaml:4:3: expect: a 'server' observation is expected, but there is no server (add the "
          "key 'server')"));
}

TEST(LoaderMistake, AnswerThatCannotBeWritten) {
  EXPECT_THAT(
      errors("title: t\nplatform: {reporting: {corporate_wer_server: s}}\nsteps: [{wait: 1}]\nserver:\n"
             "  rules:\n  - answer: {WQL: ['a;b']}\n"),
      ElementsAre(StartsWith("name.yaml:6:13: server.rules[0].answer WQL: ")));
}

std::vector<std::string> errors_of_fault(const std::string& fault) {
  return errors(
      "title: t\nplatform: {reporting: {corporate_wer_server: s}}\nsteps: [{wait: 1}]\nserver:\n"
      "  rules:\n  - fault: " +
      fault + "\n");
}

TEST(LoaderMistake, SettingsOfAFaultThatHasNone) {
  EXPECT_THAT(
      errors_of_fault("{kind: close, status: 404}"),
      ElementsAre("name.yaml:6:34: server.rules[0].fault.status: 'status' has no meaning for the kind "
                  "'close'"));
  EXPECT_THAT(errors_of_fault("{kind: status, after: 1, wait: 1s, location: x}"), testing::SizeIs(3));
  EXPECT_THAT(
      errors_of_fault("{kind: line_feeds, level: level2}"),
      ElementsAre("name.yaml:6:38: server.rules[0].fault.level: 'line_feeds' is about the answer, which "
                  "there is at level1 only"));
}

TEST(Loader, SettingsOfFaults) {
  using cer_server::Fault;
  const auto fault = [](const std::string& text) {
    const Loaded loaded = load(
        "title: t\nplatform: {reporting: {corporate_wer_server: s, exchange_time: 250ms}}\n"
        "steps: [{wait: 1}]\nserver:\n  rules:\n  - fault: " +
        text + "\n");
    EXPECT_TRUE(loaded);
    EXPECT_EQ(loaded->platform.reporting.exchange_time, std::chrono::milliseconds(250));
    return *loaded->server->rules[0].fault;
  };
  EXPECT_EQ(fault("{kind: close, after: 20}"), (Fault{.kind = Fault::Kind::close, .after = 20}));
  EXPECT_EQ(fault("{kind: trickle, wait: 5ms, level: level2}"),
            (Fault{.kind = Fault::Kind::trickle,
                   .level = Fault::Level::level2,
                   .wait = std::chrono::milliseconds(5)}));
  EXPECT_EQ(fault("{kind: redirect, location: /there}"),
            (Fault{.kind = Fault::Kind::redirect, .location = "/there"}));
}

TEST(LoaderMistake, ReportThatXmlCannotCarry) {
  EXPECT_THAT(errors(step("report: {reporttype: 1, eventtype: \"\\x01\", eventtime: 2026-01-01}")),
              ElementsAre(StartsWith("name.yaml:3:13: steps[0].report EVENTINFO/@eventtype: ")));
}

TEST(LoaderMistake, EndsInTheWrongOrder) {
  EXPECT_THAT(errors(expecting("{dump: {}, count: [3, 2]}")),
              ElementsAre("name.yaml:4:23: expect[0].count: a count from 3 to 2 (the lower end is first)"));
  EXPECT_THAT(errors(expecting("{dump: {}, count: 0}")),
              ElementsAre("name.yaml:4:23: expect[0].count: a count of 0 (write 'never: {...}')"));
  EXPECT_THAT(
      errors(expecting("dump: {Length: {range: [3, 2]}}")),
      ElementsAre(
          "name.yaml:4:28: expect[0].dump.Length.range: a range from 3 to 2 (the lower end is first)"));
}

TEST(LoaderMistake, MaskThatTakesTheValueAway) {
  EXPECT_THAT(
      errors(expecting("dump: {Length: {mask: 0xf0, value: 0x31}}")),
      ElementsAre(
          "name.yaml:4:40: expect[0].dump.Length.value: 0x31 has bits that the mask 0xf0 takes away (no "
          "number would match)"));
}

TEST(LoaderMistake, AbsentIsNotAChoice) {
  EXPECT_THAT(
      errors(expecting("dump: {Length: {absent: false}}")),
      ElementsAre(StartsWith("name.yaml:4:29: expect[0].dump.Length.absent: 'absent' can only be true")));
}

TEST(LoaderMistake, CountAndWithinBelongToOccurrences) {
  EXPECT_THAT(
      errors(expecting("{never: {dump: {}}, count: 1, within: 1s}")),
      ElementsAre("name.yaml:4:25: expect[0].count: 'count' has no meaning beside 'never' and 'order'",
                  "name.yaml:4:35: expect[0].within: 'within' has no meaning beside 'never' and 'order'"));
}

}  // namespace
}  // namespace wheatstone::scenario
