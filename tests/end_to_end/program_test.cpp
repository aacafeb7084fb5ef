// The program as a user meets it: verbs, exit codes, bad input.
#include "tests/end_to_end/program.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <filesystem>
#include <fstream>

#include "formats/cer/report.hpp"
#include "tests/formats/cer/examples.hpp"
#include "tests/harness/judge/story.hpp"
#include "tests/harness/run/temporary_folder.hpp"

namespace wheatstone {
namespace {

using test::Background;
using test::Finished;
using test::TemporaryFolder;
using testing::HasSubstr;
using testing::StartsWith;

constexpr std::string_view kScenario =
    "title: A fatal machine check\n"
    "platform: {profile: win11-24H2, clock: 2026-01-15T08:00:00Z, sources: [MCE]}\n"
    "steps:\n"
    "  - inject:\n"
    "      source: MCE\n"
    "      severity: Fatal\n"
    "      sections:\n"
    "        - XpfMca: {BankNumber: 5, Status: 0xbea0000000000108}\n"
    "expect:\n"
    "  - bugcheck: {Code: 0x124}\n";

std::string text_of(const Buffer& bytes) {
  return std::string(as_text(bytes));
}

// The port in "listening on 127.0.0.1:40123".
std::string port_of(const std::string& line) {
  return line.substr(line.rfind(':') + 1);
}

TEST(Program, HelpAndVersion) {
  const Finished help = test::wheatstone({"--help"});
  EXPECT_EQ(help.code, 0);
  for (const char* verb : {"run", "check", "list", "show", "lint", "make", "describe", "diff", "defects",
                           "scrub", "serve", "reports", "submit", "conform", "schema"}) {
    EXPECT_THAT(help.out, HasSubstr(verb));
    const Finished verb_help = test::wheatstone({verb, "--help"});
    EXPECT_EQ(verb_help.code, 0) << verb;
    EXPECT_THAT(verb_help.out, HasSubstr("Exit code")) << verb;
    EXPECT_THAT(verb_help.out, HasSubstr("Example")) << verb;
    EXPECT_EQ(verb_help.err, "") << verb;
  }
  const Finished version = test::wheatstone({"--version"});
  EXPECT_EQ(version.code, 0);
  EXPECT_THAT(version.out, testing::MatchesRegex("wheatstone [0-9]+\\.[0-9]+\\.[0-9]+\n"));
}

TEST(Program, ABadCommandLine) {
  const Finished unknown = test::wheatstone({"chekc", "x"});
  EXPECT_EQ(unknown.code, 2);
  EXPECT_THAT(unknown.err, HasSubstr("there is no verb 'chekc'; did you mean 'check'?"));
  EXPECT_EQ(test::wheatstone({}).code, 2);
  EXPECT_EQ(test::wheatstone({"run"}).code, 2);
  EXPECT_EQ(test::wheatstone({"run", "--nonsense"}).code, 2);
  EXPECT_EQ(test::wheatstone({"run", "--jobs", "0", "x"}).code, 2);
  EXPECT_EQ(test::wheatstone({"submit"}).code, 2);
  EXPECT_EQ(test::wheatstone({"submit", "--consent", "9", "x"}).code, 2);
}

TEST(Program, CheckTellsEveryError) {
  TemporaryFolder folder;
  folder.write("good.yaml", kScenario);
  EXPECT_EQ(test::wheatstone({"check", folder.path()}).code, 0);
  EXPECT_EQ(test::wheatstone({"check", folder.path()}).out, "1 scenario checked, no errors\n");
  folder.write("bad.yaml", "title: x\nsteps: 5\nnonsense: 1\n");
  const Finished checked = test::wheatstone({"check", folder.path()});
  EXPECT_EQ(checked.code, 2);
  EXPECT_EQ(checked.out, "");
  EXPECT_THAT(checked.err, HasSubstr("bad.yaml:2:"));
  EXPECT_THAT(checked.err, HasSubstr("bad.yaml:3:"));
  EXPECT_EQ(test::wheatstone({"check", folder.path() / "missing"}).code, 2);
}

TEST(Program, ListPrintsIdsAndTitles) {
  TemporaryFolder folder;
  folder.write("scenarios/processor/mce.yaml", kScenario);
  const Finished listed = test::wheatstone({"list", folder.path()});
  EXPECT_EQ(listed.code, 0);
  EXPECT_EQ(listed.out, "processor/mce  A fatal machine check\n");
}

TEST(Program, RunPassesAndKeepsTheEvidence) {
  TemporaryFolder folder;
  folder.write("scenarios/processor/mce.yaml", kScenario);
  const Finished first =
      test::wheatstone({"run", folder.path() / "scenarios", "--out", folder.path() / "first", "--junit",
                        folder.path() / "results.xml", "--seed", "7"});
  EXPECT_EQ(first.code, 0) << first.out << first.err;
  EXPECT_EQ(first.out, "passed  processor/mce\n1 scenario: 1 passed\n");
  EXPECT_EQ(first.err, "") << "no progress where nobody looks";
  const auto files = TemporaryFolder::files(folder.path() / "first");
  EXPECT_TRUE(files.contains("processor/mce/verdict.json"));
  EXPECT_TRUE(files.contains("processor/mce/record-1.cper"));
  EXPECT_EQ(files.at("processor/mce/scenario.yaml"), kScenario);

  // The same seed again, the file alone, another number of jobs: the same bytes.
  const Finished second =
      test::wheatstone({"run", folder.path() / "scenarios/processor/mce.yaml", "--out",
                        folder.path() / "second", "--seed", "7", "--jobs", "1", "--quiet"});
  EXPECT_EQ(second.out, "1 scenario: 1 passed\n");
  EXPECT_EQ(files, TemporaryFolder::files(folder.path() / "second"));
  const std::string lint = "xmllint --noout '" + (folder.path() / "results.xml").string() + "'";
  EXPECT_EQ(std::system(lint.c_str()), 0);
}

TEST(Program, ATerminalGetsColourAndProgress) {
  TemporaryFolder folder;
  folder.write("a.yaml", kScenario);
  const Finished coloured = test::wheatstone_on_terminal({"run", folder.path()}, false);
  EXPECT_EQ(coloured.code, 0) << coloured.out;
  EXPECT_THAT(coloured.out, StartsWith("\x1b[32mpassed \x1b[0m a\r\n[1/1] a\r\x1b[K"));
  const Finished plain = test::wheatstone_on_terminal({"run", folder.path()}, true);
  EXPECT_THAT(plain.out, StartsWith("passed  a\r\n[1/1] a\r\x1b[K1 scenario: 1 passed\r\n"));
  const Finished asked = test::wheatstone_on_terminal({"run", folder.path(), "--no-color"}, false);
  EXPECT_EQ(asked.out, plain.out);
}

TEST(Program, RunTellsWhatFailed) {
  TemporaryFolder folder;
  folder.write("a.yaml", std::string(kScenario) + "  - never: {bugcheck: {Code: 0x124}}\n");
  folder.write("b.yaml", kScenario);
  const Finished ran = test::wheatstone({"run", folder.path(), "--no-color"});
  EXPECT_EQ(ran.code, 1);
  EXPECT_THAT(ran.out, HasSubstr("failed  a\n"));
  EXPECT_THAT(ran.out, HasSubstr("a.yaml:11:"));
  EXPECT_THAT(ran.out, HasSubstr("bugcheck {Code: 0x124} must never happen"));
  EXPECT_THAT(ran.out, testing::EndsWith("2 scenarios: 1 passed, 1 failed\n"));
  EXPECT_THAT(test::wheatstone({"run", folder.path(), "--fail-fast", "--jobs", "1"}).out,
              testing::EndsWith("1 scenario: 1 failed\n"));
  EXPECT_EQ(test::wheatstone({"run", folder.path(), "--filter", "b"}).out,
            "passed  b\n1 scenario: 1 passed\n");
  const Finished nothing = test::wheatstone({"run", folder.path(), "--filter", "c*"});
  EXPECT_EQ(nothing.code, 2);
  EXPECT_THAT(nothing.err, HasSubstr("no scenario matches the filter"));
}

TEST(Program, RunWithoutAPlaceForItsEvidence) {
  TemporaryFolder folder;
  folder.write("a.yaml", kScenario);
  folder.write("file", "x");
  const Finished ran = test::wheatstone({"run", folder.path(), "--out", folder.path() / "file"});
  EXPECT_EQ(ran.code, 3);
  EXPECT_THAT(ran.err, HasSubstr("file: cannot create"));
  EXPECT_EQ(ran.out, "");
  EXPECT_EQ(test::wheatstone({"run", folder.path(), "--junit", folder.path() / "no/such/folder/x.xml"}).code,
            3);
  EXPECT_EQ(test::wheatstone({"run", folder.path(), "--shard", "3/2"}).code, 2);
}

TEST(Program, RunRefusesBadScenarios) {
  TemporaryFolder folder;
  folder.write("a.yaml", kScenario);
  folder.write("b.yaml", "title: x\n");
  const Finished ran = test::wheatstone({"run", folder.path()});
  EXPECT_EQ(ran.code, 2);
  EXPECT_EQ(ran.out, "") << "nothing runs";
}

TEST(Program, ShardsTogetherAreEverything) {
  TemporaryFolder folder;
  for (const char* name : {"a", "b", "c", "d", "e"}) folder.write(std::string(name) + ".yaml", kScenario);
  std::size_t passed = 0;
  for (const char* shard : {"1/3", "2/3", "3/3"}) {
    const Finished ran = test::wheatstone({"run", folder.path(), "--shard", shard});
    EXPECT_EQ(ran.code, 0);
    for (std::size_t at = 0; (at = ran.out.find("passed  ", at)) != std::string::npos; ++at) ++passed;
  }
  EXPECT_EQ(passed, 5u);
}

TEST(Program, ShowReadsFilesAndStandardInput) {
  using namespace judge::test;
  TemporaryFolder folder;
  const Buffer record = make_record(new_record(), cper::kSectionXpfMca, mca_section());
  folder.write("record.cper", text_of(record));
  const Finished file = test::wheatstone({"show", folder.path() / "record.cper"});
  EXPECT_EQ(file.code, 0);
  EXPECT_THAT(file.out, HasSubstr("0xbea0000000000108"));
  EXPECT_EQ(test::wheatstone({"show", "-"}, text_of(record)).out, file.out);
  EXPECT_THAT(test::wheatstone({"show", "--json", "-"}, text_of(record)).out, StartsWith("{\"Kind\":"));
  const Finished unknown = test::wheatstone({"show", "-"}, "hello world");
  EXPECT_EQ(unknown.code, 2);
  EXPECT_THAT(unknown.out, StartsWith("unknown data, 11 bytes\n"));
  EXPECT_EQ(test::wheatstone({"show", folder.path() / "missing"}).code, 3);
}

TEST(Program, AClosedPipeEndsItQuietly) {
  Background program({"--help"});
  program.close_output();
  EXPECT_EQ(program.wait(), 0);
}

TEST(Program, AFullDiskIsToldAbout) {
  // The shell redirects: our own helper keeps output in files.
  EXPECT_EQ(WEXITSTATUS(std::system("'" WHEATSTONE_PROGRAM "' --help > /dev/full 2> /dev/null")), 3);
}

TEST(Program, SchemaIsAnObject) {
  const Finished schema = test::wheatstone({"schema"});
  EXPECT_EQ(schema.code, 0);
  EXPECT_THAT(schema.out, StartsWith("{"));
  EXPECT_THAT(schema.out, HasSubstr("\"steps\""));
}

TEST(Program, ServeAndSubmit) {
  using namespace judge::test;
  TemporaryFolder folder;
  const std::vector<Observation> story = crash_story();
  folder.write("report.xml", text_of(story[kLevel1].bytes));
  folder.write("Version.txt", "10.0");
  folder.write("Mini011526-01.dmp", text_of(story[kDump].bytes));
  Background server({"serve", "--port", "0", "--store", folder.path() / "store", "--check-first"});
  const std::string listening = server.line();
  ASSERT_THAT(listening, StartsWith("listening on 127.0.0.1:"));

  const Finished sent =
      test::wheatstone({"submit", "--server", "127.0.0.1", "--port", port_of(listening), "--file",
                        folder.path() / "Version.txt", folder.path() / "report.xml"});
  EXPECT_EQ(sent.code, 0) << sent.out << sent.err;
  EXPECT_THAT(sent.out, HasSubstr("result: uploaded_cab\n"));
  EXPECT_THAT(server.line(), HasSubstr(" level1 200 "));
  EXPECT_THAT(server.line(), HasSubstr(" level2 200 "));

  const Finished dump = test::wheatstone({"submit", "--server", "127.0.0.1", "--port", port_of(listening),
                                          "--kernel-dump", folder.path() / "Mini011526-01.dmp"});
  EXPECT_EQ(dump.code, 0) << dump.out << dump.err;
  EXPECT_THAT(server.line(), HasSubstr("BlueScreen from localhost"));

  server.signal(SIGTERM);
  EXPECT_EQ(server.wait(), 0);
  EXPECT_TRUE(std::filesystem::exists(folder.path() / "store"));
}

TEST(Program, SubmitToAShare) {
  using namespace judge::test;
  TemporaryFolder folder;
  folder.write("Mini011526-01.dmp", text_of(crash_story()[kDump].bytes));
  folder.write("generic.xml", text_of(cer::write_report(cer::examples::generic()).value()));
  const std::filesystem::path share = folder.path() / "share";
  const auto submit = [&](const std::vector<std::string>& report) {
    std::vector<std::string> arguments = {"submit", "--share", share};
    arguments.insert(arguments.end(), report.begin(), report.end());
    return test::wheatstone(arguments);
  };
  const std::vector<std::string> dump = {"--kernel-dump", folder.path() / "Mini011526-01.dmp"};
  EXPECT_EQ(submit(dump).code, 3);  // there is no such folder

  std::filesystem::create_directories(share / "status/blue");
  std::ofstream(share / "status/blue/status.txt") << "Tracking=YES\r\nBucket=501\r\nidata=1\r\n";
  const Finished first = submit(dump);
  EXPECT_EQ(first.code, 0) << first.out << first.err;
  EXPECT_THAT(first.out, StartsWith("result: copied\nerror: blue\ncab: "));
  EXPECT_THAT(first.out, HasSubstr("counts: 1 cabs of 1 hits\nbucket: 501\n"));
  EXPECT_THAT(first.out, HasSubstr("error: status.txt, line 3: iData: "));
  EXPECT_THAT(submit(dump).out, HasSubstr("counts: 2 cabs of 2 hits\n"));
  EXPECT_TRUE(std::filesystem::exists(share / "cabs/blue/hits.log"));

  EXPECT_EQ(submit({folder.path() / "generic.xml"}).code, 2);  // no place on a share
  EXPECT_EQ(submit({"--port", "1", folder.path() / "generic.xml"}).code, 2);
}

TEST(Program, APortThatIsTakenIsTheEnvironment) {
  Background first({"serve", "--port", "0"});
  const Finished second = test::wheatstone({"serve", "--port", port_of(first.line())});
  EXPECT_EQ(second.code, 3);
  EXPECT_THAT(second.err, StartsWith("wheatstone: "));
  first.signal(SIGINT);
  EXPECT_EQ(first.wait(), 0);
}

TEST(Program, SubmitToNobody) {
  TemporaryFolder folder;
  folder.write("report.xml", text_of(judge::test::crash_story()[judge::test::kLevel1].bytes));
  folder.write("junk.xml", "junk");
  std::string port;
  {
    Background gone({"serve", "--port", "0"});
    port = port_of(gone.line());
  }
  EXPECT_EQ(
      test::wheatstone({"submit", "--server", "127.0.0.1", "--port", port, folder.path() / "report.xml"})
          .code,
      3);
  EXPECT_EQ(test::wheatstone({"submit", folder.path() / "junk.xml"}).code, 2);
  EXPECT_EQ(test::wheatstone({"submit", "--kernel-dump", folder.path() / "junk.xml"}).code, 2);
}

}  // namespace
}  // namespace wheatstone
