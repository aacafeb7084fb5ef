// Every class of mistake: where the error points, what it says, what it suggests.
#include "harness/scenario/check.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/harness/scenario/load.hpp"

namespace wheatstone::scenario {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;
using ::testing::StartsWith;

// A scenario that loads, up to the line of the test, which is line 4.
std::string with(std::string_view line) {
  return fmt::format("title: t\nsteps:\n  - wait: 1s\n{}\n", line);
}

// The same for a step.
std::string step(std::string_view text) {
  return fmt::format("title: t\nsteps:\n  - {}\n", text);
}

TEST(Check, TheBaseIsRight) {
  EXPECT_THAT(errors(with("")), SizeIs(0));
  EXPECT_THAT(errors(step("wait: 1s")), SizeIs(0));
}

TEST(Check, UnknownKey) {
  EXPECT_THAT(errors(with("sed: 7")),
              ElementsAre("name.yaml:4:1: sed: unknown key 'sed' in 'scenario' (did you mean 'seed'?)"));
  EXPECT_THAT(
      errors(step("injekt: {}")),
      ElementsAre("name.yaml:3:5: steps[0].injekt: unknown key 'injekt' in 'step' (did you mean 'inject'?)"));
  EXPECT_THAT(
      errors(step("inject: {source: MCE, severity: Fatal, sections: [{XpfMcA: {}}]}")),
      ElementsAre(
          "name.yaml:3:56: steps[0].inject.sections[0].XpfMcA: unknown key 'XpfMcA' in 'section' (did "
          "you mean 'XpfMca'?)"));
}

TEST(Check, UnknownKeyThatIsNearNothingListsTheKeys) {
  EXPECT_THAT(
      errors(with("completely_different: 7")),
      ElementsAre(
          "name.yaml:4:1: completely_different: unknown key 'completely_different' in 'scenario' (the "
          "keys of 'scenario' are title, description, needs, seed, platform, server, steps, expect)"));
}

TEST(Check, MissingKey) {
  EXPECT_THAT(
      errors("steps: [{wait: 1s}]"),
      ElementsAre("name.yaml:1:1: 'scenario' needs the key 'title' (title: What the scenario shows, in one "
                  "line.)"));
  EXPECT_THAT(
      errors(step("inject: {source: MCE}")),
      ElementsAre("name.yaml:3:13: steps[0].inject: 'inject' needs the key 'severity' (severity: How bad it "
                  "is.)"));
}

TEST(Check, NotAMap) {
  EXPECT_THAT(errors("- a"),
              ElementsAre("name.yaml:1:1: 'scenario' needs a map, not a list (it begins with 'title:')"));
  EXPECT_THAT(errors("~"),
              ElementsAre("name.yaml:1:1: 'scenario' needs a map, not nothing (it begins with 'title:')"));
  EXPECT_THAT(errors(with("platform: 7")),
              ElementsAre("name.yaml:4:11: platform: 'platform' needs a map, not '7'"));
}

TEST(Check, Text) {
  EXPECT_THAT(errors(with("description: [a]")),
              ElementsAre("name.yaml:4:14: description: 'description' needs a text, not a list"));
  EXPECT_THAT(errors(with("description: ")),
              ElementsAre("name.yaml:4:1: description: 'description' needs a text, not "
                          "nothing (write '' for an empty text)"));
  EXPECT_THAT(errors(with("description: ''")), SizeIs(0));
  EXPECT_THAT(errors("title: ''\nsteps: [{wait: 1}]"),
              ElementsAre("name.yaml:1:8: title: 'title' has 0 bytes (1 to 200 are taken)"));
  EXPECT_THAT(errors("title: " + std::string(200, 'x') + "\nsteps: [{wait: 1}]"), SizeIs(0));
  EXPECT_THAT(errors("title: " + std::string(201, 'x') + "\nsteps: [{wait: 1}]"),
              ElementsAre("name.yaml:1:8: title: 'title' has 201 bytes (1 to 200 are taken)"));
}

TEST(Check, Number) {
  const std::string hint = " (decimal, or hex with 0x, from 0 to 2^64-1)";
  EXPECT_THAT(errors(with("seed: many")),
              ElementsAre("name.yaml:4:7: seed: 'seed' needs a number, not 'many'" + hint));
  EXPECT_THAT(errors(with("seed: -1")),
              ElementsAre("name.yaml:4:7: seed: 'seed' needs a number, not '-1'" + hint));
  EXPECT_THAT(errors(with("seed: 18446744073709551616")),
              ElementsAre("name.yaml:4:7: seed: 'seed' needs a number, not '18446744073709551616'" + hint));
  EXPECT_THAT(errors(with("seed: 18446744073709551615")), SizeIs(0));
  EXPECT_THAT(errors(with("seed: 0xFFFFFFFFFFFFFFFF")), SizeIs(0));
  EXPECT_THAT(errors(with("seed: '7'")),
              ElementsAre("name.yaml:4:7: seed: 'seed' needs a number, not '7' (without quotes)"));
  EXPECT_THAT(errors(with("seed: {}")),
              ElementsAre("name.yaml:4:7: seed: 'seed' needs a number, not a map" + hint));
}

TEST(Check, NumberInRange) {
  EXPECT_THAT(errors(with("platform: {processors: 1}")), SizeIs(0));
  EXPECT_THAT(errors(with("platform: {processors: 2048}")), SizeIs(0));
  EXPECT_THAT(errors(with("platform: {processors: 0}")),
              ElementsAre("name.yaml:4:24: platform.processors: 'processors' is 0 (1 to 2048 are taken)"));
  EXPECT_THAT(
      errors(with("platform: {processors: 0x801}")),
      ElementsAre("name.yaml:4:24: platform.processors: 'processors' is 0x801 (1 to 2048 are taken)"));
  EXPECT_THAT(
      errors(step("bugcheck: {code: 0x100000000}")),
      ElementsAre(
          "name.yaml:3:22: steps[0].bugcheck.code: 'code' is 0x100000000 (0 to 4294967295 are taken)"));
}

TEST(Check, Flag) {
  for (const char* good : {"true", "false", "1", "0"})
    EXPECT_THAT(errors(with(fmt::format("platform: {{is_64bit: {}}}", good))), SizeIs(0)) << good;
  EXPECT_THAT(errors(with("platform: {is_64bit: yes}")),
              ElementsAre("name.yaml:4:22: platform.is_64bit: 'is_64bit' needs true or false, not 'yes'"));
}

TEST(Check, Duration) {
  const std::string hint = " (write 250ms, 60s, 5m, 24h or 7d)";
  EXPECT_THAT(errors(step("wait: soon")),
              ElementsAre("name.yaml:3:11: steps[0].wait: 'wait' needs a length of time, not 'soon'" + hint));
  EXPECT_THAT(errors(step("wait: 5 s")),
              ElementsAre("name.yaml:3:11: steps[0].wait: 'wait' needs a length of time, not '5 s'" + hint));
  EXPECT_THAT(
      errors(step("wait: 99999999999999d")),
      ElementsAre("name.yaml:3:11: steps[0].wait: 'wait' needs a length of time, not '99999999999999d'" +
                  hint));
}

TEST(Check, Time) {
  EXPECT_THAT(
      errors(with("platform: {clock: 2026-02-29T00:00:00Z}")),
      ElementsAre("name.yaml:4:19: platform.clock: 'clock' needs a time in UTC, not '2026-02-29T00:00:00Z' "
                  "(write 2026-01-15 or 2026-01-15T08:00:00.5Z)"));
  EXPECT_THAT(errors(with("platform: {clock: 2028-02-29T00:00:00Z}")), SizeIs(0));
}

TEST(Check, Guid) {
  EXPECT_THAT(
      errors(step("inject: {source: MCE, severity: Fatal, sections: [{guid: 8a1e1d01-42f9, hex: ''}]}")),
      ElementsAre(
          "name.yaml:3:62: steps[0].inject.sections[0].guid: 'guid' needs a GUID, not '8a1e1d01-42f9' (write "
          "8a1e1d01-42f9-4557-9c33-565e5cc3f7e8)"));
}

TEST(Check, Bytes) {
  EXPECT_THAT(
      errors(step("replay: {hex: 0g}")),
      ElementsAre(
          "name.yaml:3:19: steps[0].replay.hex: 'hex' needs bytes as hex digits, not '0g' (two digits a "
          "byte, white space between bytes)"));
  EXPECT_THAT(errors(step("replay: {hex: '012'}")), SizeIs(1));
  EXPECT_THAT(errors(step("replay: {hex: '01 2F'}")), SizeIs(0));
}

TEST(Check, PathsStayBelowTheFolder) {
  for (const char* bad :
       {"/etc/passwd", "../x", "a/../../x", "a//b", "./a", "a/.", "'a\\b'", "'C:x'", "''", "a/"})
    EXPECT_THAT(errors(step(fmt::format("replay: {{file: {}}}", bad))),
                ElementsAre(HasSubstr("'file' needs the path of a file")))
        << bad;
  EXPECT_THAT(errors(step("replay: {file: a/..b/c.bin}"), {{"a/..b/c.bin", "x"}}), SizeIs(0));
}

TEST(Check, Choice) {
  EXPECT_THAT(
      errors(step("inject: {source: MCE, severity: Fatl}")),
      ElementsAre("name.yaml:3:37: steps[0].inject.severity: 'severity' needs one of Recoverable, Fatal, "
                  "Corrected, Informational, not 'Fatl' (did you mean 'Fatal'?)"));
  EXPECT_THAT(errors(step("inject: {source: mce, severity: Fatal}")),
              ElementsAre(HasSubstr("did you mean 'MCE'?")));
  EXPECT_THAT(errors(with("needs: [record, blue_screen]")),
              ElementsAre(StartsWith("name.yaml:4:17: needs[1]: 'needs' needs one of record, etw_event")));
}

TEST(Check, NameOrNumber) {
  const auto report = [](std::string_view type) {
    return step(fmt::format("report: {{reporttype: {}, eventtype: x, eventtime: 2026-01-01}}", type));
  };
  EXPECT_THAT(errors(report("4")), SizeIs(0));
  EXPECT_THAT(errors(report("Kernel")), SizeIs(0));
  EXPECT_THAT(errors(report("5")),
              ElementsAre(StartsWith("name.yaml:3:26: steps[0].report.reporttype: 'reporttype' "
                                     "needs one of NonCritical, Critical")));
}

TEST(Check, Bits) {
  const auto flags = [](std::string_view value) {
    return step(fmt::format("inject: {{source: MCE, severity: Fatal, flags: {}}}", value));
  };
  EXPECT_THAT(errors(flags("[Simulated, PreviousError]")), SizeIs(0));
  EXPECT_THAT(errors(flags("0xffffffff")), SizeIs(0));
  EXPECT_THAT(errors(flags("0x100000000")), ElementsAre(HasSubstr("0 to 4294967295 are taken")));
  EXPECT_THAT(errors(flags("[Simulatd]")), ElementsAre(StartsWith("name.yaml:3:52: ")));
  EXPECT_THAT(errors(flags("[Simulatd]")), ElementsAre(HasSubstr("did you mean 'Simulated'?")));
  EXPECT_THAT(errors(flags("Simulated")),
              ElementsAre(HasSubstr("'flags' needs a number or a list of names")));
}

TEST(Check, Regex) {
  EXPECT_THAT(
      errors(with("expect: [{dump: {File: {regex: '('}}}]")),
      ElementsAre(StartsWith("name.yaml:4:32: expect[0].dump.File.regex: not a regular expression: ")));
}

TEST(Check, Count) {
  for (const char* good : {"1", "'>=2'", "'<= 3'", "[1, 3]"})
    EXPECT_THAT(errors(with(fmt::format("expect: [{{dump: {{}}, count: {}}}]", good))), SizeIs(0)) << good;
  for (const char* bad : {"many", "'>2'", "-1", "''", "'>='"})
    EXPECT_THAT(errors(with(fmt::format("expect: [{{dump: {{}}, count: {}}}]", bad))),
                ElementsAre(HasSubstr("'count' needs a count")))
        << bad;
  EXPECT_THAT(errors(with("expect: [{dump: {}, count: [1]}]")),
              ElementsAre("name.yaml:4:28: expect[0].count: 'count' has 1 parts (2 to 2 are taken)"));
  EXPECT_THAT(
      errors(with("expect: [{dump: {}, count: {}}]")),
      ElementsAre("name.yaml:4:28: expect[0].count: 'count' needs a single value or a list, not a map"));
}

TEST(Check, List) {
  EXPECT_THAT(
      errors("title: t\nsteps: {wait: 1s}"),
      ElementsAre("name.yaml:2:8: steps: 'steps' needs a list, not a map (write [a, b], or one '- ' line for "
                  "each)"));
  EXPECT_THAT(errors("title: t\nsteps: []"),
              ElementsAre("name.yaml:2:8: steps: 'steps' has 0 parts (1 to 1000 are taken)"));
  EXPECT_THAT(errors(step("bugcheck: {code: 1, parameters: [1, 2, 3, 4]}")), SizeIs(0));
  EXPECT_THAT(errors(step("bugcheck: {code: 1, parameters: [1, 2, 3, 4, 5]}")),
              ElementsAre(HasSubstr("'parameters' has 5 parts (0 to 4 are taken)")));
}

TEST(Check, OnlyOneKeyOfAGroup) {
  EXPECT_THAT(
      errors("title: t\nsteps:\n  - wait: 1s\n    bugcheck: {code: 1}\n"),
      ElementsAre("name.yaml:4:5: steps[0].bugcheck: 'bugcheck' beside 'wait' (only one of inject, replay, "
                  "bugcheck, report, wait can be here)"));
  EXPECT_THAT(
      errors(step("replay: {hex: '', file: a}"), {{"a", ""}}),
      ElementsAre(
          "name.yaml:3:23: steps[0].replay.file: 'file' beside 'hex' (only one of hex, file, hex_file "
          "can be here)"));
}

TEST(Check, OneKeyOfAGroupIsNeeded) {
  EXPECT_THAT(errors(step("{}")),
              ElementsAre("name.yaml:3:5: steps[0]: 'step' needs one of inject, replay, bugcheck, "
                          "report, wait"));
  EXPECT_THAT(
      errors(step("inject: {source: MCE, severity: Fatal, sections: [{severity: Fatal}]}")),
      ElementsAre("name.yaml:3:55: steps[0].inject.sections[0]: 'section' needs one of guid, <section>"));
}

TEST(Check, KeysThatNeedAnother) {
  EXPECT_THAT(errors(with("expect: [{dump: {Length: {mask: 1}}}]")),
              ElementsAre("name.yaml:4:27: expect[0].dump.Length.mask: 'mask' needs 'value' beside it"));
  EXPECT_THAT(errors(step("inject: {source: MCE, severity: Fatal, sections: [{Nmi: {}, hex: '00'}]}")),
              ElementsAre("name.yaml:3:65: steps[0].inject.sections[0].hex: 'hex' needs 'guid' beside it"));
}

TEST(Check, AllMistakesOfFormAtOnceInTheOrderOfTheText) {
  EXPECT_THAT(
      errors("titel: t\nseed: x\nsteps: [{wait: x}, {wait: y}]\nplatform: {processors: 0}\n"),
      ElementsAre(StartsWith("name.yaml:1:1: 'scenario' needs the key 'title'"),
                  StartsWith("name.yaml:1:1: titel: unknown key"), StartsWith("name.yaml:2:7: seed"),
                  StartsWith("name.yaml:3:16: steps[0].wait"), StartsWith("name.yaml:3:27: steps[1].wait"),
                  StartsWith("name.yaml:4:24: platform.processors")));
}

TEST(Check, ThereIsAnEndToReporting) {
  std::string text = "title: t\nsteps: [{wait: 1s}]\n";
  for (std::size_t i = 0; i < Errors::kMax - 1; ++i) text += fmt::format("unknown_{}: 1\n", i);
  EXPECT_THAT(errors(text), SizeIs(Errors::kMax - 1));
  text += "one: 1\n";
  EXPECT_THAT(errors(text), SizeIs(Errors::kMax));
  text += "more: 1\n";
  EXPECT_THAT(errors(text), SizeIs(Errors::kMax));
}

TEST(Check, MessagesStayShortAndPrintable) {
  const auto found = errors(with("\"" + std::string(10'000, 'x') + "\": 1"));
  ASSERT_THAT(found, SizeIs(1));
  EXPECT_LT(found[0].size(), 400u);
  EXPECT_THAT(errors(with("seed: \"a\\e[31m\\n\"")), ElementsAre(HasSubstr("not 'a?[31m?'")));
}

}  // namespace
}  // namespace wheatstone::scenario
