// The verb lint: what it finds, how it says so, and the exit codes that a pipeline goes by.
#include <fcntl.h>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/json.hpp>
#include <filesystem>
#include <string>
#include <vector>

#include "formats/document/defects.hpp"
#include "formats/document/examples.hpp"
#include "formats/document/lint.hpp"
#include "formats/layout/hex_dump.hpp"
#include "tests/end_to_end/program.hpp"
#include "tests/harness/run/temporary_folder.hpp"

namespace wheatstone {
namespace {

namespace json = boost::json;
using test::Background;
using test::Finished;
using test::TemporaryFolder;
using testing::Each;
using testing::HasSubstr;
using testing::IsSupersetOf;
using testing::StartsWith;

std::string good() {
  return std::string(as_text(document::example(document::Kind::record)));
}

std::string broken(std::string_view defect) {
  const document::Defect* found = document::find_defect(defect);
  const auto bytes = document::break_document(*found, document::example_for(*found));
  return std::string(as_text(*bytes));
}

std::vector<json::value> lines_of(const std::string& text) {
  std::vector<json::value> lines;
  std::size_t start = 0;
  for (std::size_t end; (end = text.find('\n', start)) != std::string::npos; start = end + 1)
    lines.push_back(json::parse(text.substr(start, end - start)));
  EXPECT_EQ(start, text.size());
  return lines;
}

TEST(Lint, AGoodDocumentIsClean) {
  const Finished checked = test::wheatstone({"lint", "-"}, good());
  EXPECT_EQ(checked.code, 0);
  EXPECT_EQ(checked.out, "");
  EXPECT_EQ(checked.err, "1 file checked: 1 clean, 0 errors, 0 warnings, 0 notes; 0 unknown, 0 unreadable\n");
}

TEST(Lint, AFindingHasSeverityCodePlaceClauseAndAdvice) {
  TemporaryFolder folder;
  folder.write("a.cper", broken("record-length-beyond"));
  const std::string file = folder.path() / "a.cper";
  const Finished checked = test::wheatstone({"lint", file});
  EXPECT_EQ(checked.code, 1);
  EXPECT_THAT(checked.out, StartsWith(file + ": error: length-beyond-input: Length at offset 0x14: "));
  EXPECT_THAT(checked.out, HasSubstr(" [UEFI N.2.1]\n  read what is there\n"));
  EXPECT_THAT(checked.err, StartsWith("1 file checked: 0 clean, 1 error, "));
}

// The exit code of every severity with every --fail-on.
TEST(Lint, FailOnDecidesTheExitCode) {
  struct Case {
    std::string input;
    int on_error, on_warning, on_note;
  };
  const Case cases[] = {{good(), 0, 0, 0},
                        {broken("packet-trailing"), 0, 0, 1},
                        {broken("packet-data-shared"), 0, 1, 1},
                        {broken("record-length-beyond"), 1, 1, 1}};
  for (const Case& one : cases) {
    EXPECT_EQ(test::wheatstone({"lint", "-"}, one.input).code, one.on_error);
    EXPECT_EQ(test::wheatstone({"lint", "--fail-on", "error", "-"}, one.input).code, one.on_error);
    EXPECT_EQ(test::wheatstone({"lint", "--fail-on", "warning", "-"}, one.input).code, one.on_warning);
    EXPECT_EQ(test::wheatstone({"lint", "--fail-on", "note", "-"}, one.input).code, one.on_note);
    EXPECT_EQ(test::wheatstone({"lint", "--fail-on", "never", "-"}, one.input).code, 0);
  }
  EXPECT_EQ(test::wheatstone({"lint", "--fail-on", "fatal", "-"}, good()).code, 2);
}

TEST(Lint, EveryDefectGivesItsFinding) {
  TemporaryFolder folder;
  for (const document::Defect& defect : document::defects()) {
    folder.write(fmt::format("{}.bin", defect.name), broken(defect.name));
  }
  const Finished checked = test::wheatstone({"lint", "--json", "--fail-on", "never", folder.path()});
  std::size_t seen = 0;
  for (const json::value& line : lines_of(checked.out)) {
    if (line.as_object().contains("Summary")) continue;
    const std::string file(line.at("File").as_string());
    const std::string name = std::filesystem::path(file).stem();
    const document::Defect* defect = document::find_defect(name);
    ASSERT_NE(defect, nullptr) << file;
    ++seen;
    std::vector<std::string> codes;
    if (const json::value* findings = line.as_object().if_contains("Findings"))
      for (const json::value& finding : findings->as_array())
        codes.emplace_back(finding.at("Code").as_string());
    // A document without its signature is not known by it any more.
    if (codes.empty()) {
      EXPECT_EQ(test::wheatstone({"lint", "--as", std::string(document::info(defect->kind).key), "--fail-on",
                                  "note", file})
                    .code,
                1)
          << name;
      continue;
    }
    EXPECT_THAT(codes, testing::Contains(std::string(defect->finding))) << name;
  }
  EXPECT_GE(seen, 60u);
}

TEST(Lint, AKindCanBeSaid) {
  const std::string input = broken("record-signature");
  EXPECT_EQ(test::wheatstone({"lint", "-"}, input).code, 2);
  const Finished checked = test::wheatstone({"lint", "--as", "record", "-"}, input);
  EXPECT_EQ(checked.code, 1);
  EXPECT_THAT(checked.out, StartsWith("-: error: bad-signature: "));
  EXPECT_EQ(test::wheatstone({"lint", "--as", "recrod", "-"}, input).code, 2);
}

TEST(Lint, JsonIsALineForEachFileAndTheTotals) {
  TemporaryFolder folder;
  folder.write("a", good());
  folder.write("b/c", broken("record-length-beyond"));
  folder.write("d", "hello world");
  std::filesystem::create_symlink("nowhere", folder.path() / "e");
  const Finished checked = test::wheatstone({"lint", "--json", folder.path()});
  EXPECT_EQ(checked.code, 3);
  const std::vector<json::value> lines = lines_of(checked.out);
  ASSERT_EQ(lines.size(), 5u);
  const std::string below = folder.path().string() + "/";
  EXPECT_EQ(lines[0].at("File").as_string(), below + "a");
  EXPECT_TRUE(lines[0].at("Findings").as_array().empty());
  EXPECT_EQ(lines[1].at("File").as_string(), below + "b/c");
  const json::object& finding = lines[1].at("Findings").at(0).as_object();
  EXPECT_EQ(finding.at("Severity").as_string(), "error");
  EXPECT_EQ(finding.at("Code").as_string(), "length-beyond-input");
  EXPECT_EQ(finding.at("Path").as_string(), "Length");
  EXPECT_EQ(finding.at("Offset").as_int64(), 20);
  EXPECT_EQ(finding.at("Clause").as_string(), "UEFI N.2.1");
  EXPECT_THAT(std::string(lines[2].at("Error").as_string()), StartsWith("unknown data"));
  EXPECT_EQ(lines[3].at("Error").as_string(), "cannot open the file: No such file or directory");
  const json::object& totals = lines[4].at("Summary").as_object();
  EXPECT_EQ(totals.at("Files").as_int64(), 2);
  EXPECT_EQ(totals.at("Clean").as_int64(), 1);
  EXPECT_EQ(totals.at("Unknown").as_int64(), 1);
  EXPECT_EQ(totals.at("Failed").as_int64(), 1);
  EXPECT_EQ(totals.at("Errors").as_int64(), 1);
  EXPECT_THAT(checked.err, HasSubstr("wheatstone: " + below + "d: unknown data"));
  EXPECT_THAT(checked.err, HasSubstr("2 files checked: 1 clean, 1 error, "));
  EXPECT_THAT(checked.err, HasSubstr("; 1 unknown, 1 unreadable\n"));
}

TEST(Lint, SarifHasResultsRulesAndFailures) {
  TemporaryFolder folder;
  folder.write("a b", broken("record-length-beyond"));
  folder.write("c", "hello world");
  const Finished checked = test::wheatstone({"lint", "--sarif", folder.path()});
  EXPECT_EQ(checked.code, 2);
  const json::value log = json::parse(checked.out);
  EXPECT_EQ(log.at("version").as_string(), "2.1.0");
  EXPECT_THAT(std::string(log.at("$schema").as_string()), HasSubstr("sarif"));
  ASSERT_EQ(log.at("runs").as_array().size(), 1u);
  const json::object& run = log.at("runs").at(0).as_object();
  const json::object& driver = run.at("tool").at("driver").as_object();
  EXPECT_EQ(driver.at("name").as_string(), "wheatstone");
  EXPECT_THAT(std::string(driver.at("version").as_string()), testing::MatchesRegex("[0-9.]+"));
  const json::array& rules = driver.at("rules").as_array();
  ASSERT_FALSE(run.at("results").as_array().empty());
  for (const json::value& result : run.at("results").as_array()) {
    const std::string id(result.at("ruleId").as_string());
    const json::object& rule =
        rules.at(static_cast<std::size_t>(result.at("ruleIndex").as_int64())).as_object();
    EXPECT_EQ(rule.at("id").as_string(), id);
    ASSERT_NE(document::find_rule(id), nullptr) << id;
    EXPECT_EQ(rule.at("shortDescription").at("text").as_string(), document::find_rule(id)->title);
    EXPECT_EQ(rule.at("help").at("text").as_string(), document::find_rule(id)->advice);
    EXPECT_THAT(std::string(result.at("level").as_string()), testing::AnyOf("note", "warning", "error"));
    EXPECT_FALSE(result.at("message").at("text").as_string().empty());
    const json::object& place = result.at("locations").at(0).at("physicalLocation").as_object();
    EXPECT_EQ(place.at("artifactLocation").at("uri").as_string(),
              "file://" + folder.path().string() + "/a%20b");
  }
  const json::object& first = run.at("results").at(0).as_object();
  EXPECT_EQ(first.at("ruleId").as_string(), "length-beyond-input");
  EXPECT_EQ(first.at("locations").at(0).at("physicalLocation").at("region").at("byteOffset").as_int64(), 20);
  EXPECT_EQ(first.at("locations").at(0).at("logicalLocations").at(0).at("fullyQualifiedName").as_string(),
            "Length");
  EXPECT_EQ(first.at("properties").at("clause").as_string(), "UEFI N.2.1");
  const json::object& invocation = run.at("invocations").at(0).as_object();
  EXPECT_FALSE(invocation.at("executionSuccessful").as_bool());
  EXPECT_THAT(
      std::string(invocation.at("toolExecutionNotifications").at(0).at("message").at("text").as_string()),
      HasSubstr("unknown data"));
}

TEST(Lint, ResultsDoNotDependOnTheNumberOfJobs) {
  TemporaryFolder folder;
  for (const document::Defect& defect : document::defects())
    for (int i = 0; i < 3; ++i) folder.write(fmt::format("{}/{}.bin", i, defect.name), broken(defect.name));
  for (const char* form : {"--json", "--sarif", "--fail-on=note"}) {
    const Finished alone = test::wheatstone({"lint", form, "--jobs", "1", folder.path()});
    const Finished together = test::wheatstone({"lint", form, "--jobs", "8", folder.path()});
    EXPECT_FALSE(alone.out.empty());
    EXPECT_EQ(together.out, alone.out) << form;
    EXPECT_EQ(together.err, alone.err) << form;
    EXPECT_EQ(together.code, alone.code) << form;
  }
}

TEST(Lint, TextThatStandsForBytesIsDecoded) {
  const std::string input = broken("record-length-beyond");
  const std::string expected = test::wheatstone({"lint", "-"}, input).out;
  const Bytes bytes = as_bytes(input);
  EXPECT_EQ(test::wheatstone({"lint", "-"}, layout::write_hex_dump(bytes)).out, expected);
  EXPECT_EQ(test::wheatstone({"lint", "-"}, layout::hex_text(bytes)).out, expected);
}

TEST(Lint, BrokenTextIsToldWithItsPlace) {
  const std::string input = "0000: 43504552\n0004: 10 02 f\n";
  const Finished checked = test::wheatstone({"lint", "-"}, input);
  EXPECT_EQ(checked.code, 2);
  EXPECT_EQ(checked.out, "");
  EXPECT_THAT(checked.err, StartsWith("wheatstone: -:2:13: two hex digits are expected"));
  const Finished as_json = test::wheatstone({"lint", "--json", "-"}, input);
  const json::value line = lines_of(as_json.out).at(0);
  EXPECT_EQ(line.at("Line").as_int64(), 2);
  EXPECT_EQ(line.at("Column").as_int64(), 13);
}

TEST(Lint, NothingInFilesSteersTheTerminal) {
  TemporaryFolder folder;
  const std::string name = "a\x1b[2J\nb";
  folder.write(name, broken("record-length-beyond"));
  const Finished checked = test::wheatstone({"lint", folder.path() / name});
  EXPECT_EQ(checked.code, 1);
  EXPECT_THAT(checked.out, HasSubstr("a.[2J.b: error: "));
}

TEST(Lint, RulesAreListed) {
  const Finished text = test::wheatstone({"lint", "--rules"});
  EXPECT_EQ(text.code, 0);
  const Finished as_json = test::wheatstone({"lint", "--rules", "--json"});
  const std::vector<json::value> lines = lines_of(as_json.out);
  ASSERT_EQ(lines.size(), document::rules().size());
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const document::Rule& rule = document::rules()[i];
    EXPECT_EQ(lines[i].at("Code").as_string(), rule.code);
    EXPECT_EQ(lines[i].at("Title").as_string(), rule.title);
    EXPECT_EQ(lines[i].at("Advice").as_string(), rule.advice);
    EXPECT_THAT(text.out, HasSubstr(rule.code));
    EXPECT_THAT(text.out, HasSubstr(rule.advice));
  }
}

TEST(Lint, ABadCommandLine) {
  EXPECT_THAT(test::wheatstone({"lint"}).err, HasSubstr("lint needs a PATH"));
  for (const std::vector<std::string>& words :
       std::vector<std::vector<std::string>>{{"lint"},
                                             {"lint", "--json", "--sarif", "-"},
                                             {"lint", "--rules", "-"},
                                             {"lint", "--rules", "--sarif"}})
    EXPECT_EQ(test::wheatstone(words, good()).code, 2) << words.size();
}

TEST(Lint, AnEmptyFileIsUnknown) {
  const Finished checked = test::wheatstone({"lint", "-"}, "");
  EXPECT_EQ(checked.code, 2);
  EXPECT_THAT(checked.err, StartsWith("wheatstone: -: the file is empty"));
}

TEST(Lint, AClosedPipeEndsItQuietly) {
  TemporaryFolder folder;
  for (int i = 0; i < 300; ++i) folder.write(std::to_string(i), broken("record-length-beyond"));
  for (const char* form : {"--json", "--sarif"}) {
    Background program({"lint", form, "--fail-on", "never", folder.path()});
    program.close_output();
    EXPECT_EQ(program.wait(), 0) << form;
  }
}

}  // namespace
}  // namespace wheatstone
