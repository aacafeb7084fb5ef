// The cases as a list, and the forms in which results are printed.
#include "harness/conform/suite.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "harness/conform/client_cases.hpp"
#include "harness/conform/server_cases.hpp"

namespace wheatstone::conform {
namespace {

using testing::HasSubstr;
using testing::MatchesRegex;

const Case kMust{"CER2-S-001", Level::must, "MS-CER2 3.2.5", "a report is answered"};
const Case kGap{"CER2-S-002", Level::gap, "RFC 9112 7.1", "chunks are \"read\""};

std::vector<CaseResult> some_results() {
  return {{kMust, pass()},
          {kGap, failed("status 500\x1b[2J")},
          {kGap, not_applicable("no iData")},
          {kMust, not_reached("nobody came")}};
}

std::vector<Case> all_cases() {
  std::vector<Case> cases = server_cases();
  std::ranges::copy(client_cases(), std::back_inserter(cases));
  return cases;
}

TEST(Cases, AreNumberedAndSayWhatTheyAreAbout) {
  std::set<std::string_view> ids, titles;
  for (const Case& one : all_cases()) {
    EXPECT_THAT(std::string(one.id), MatchesRegex("CER2-[SC]-[0-9]{3}"));
    EXPECT_TRUE(ids.insert(one.id).second) << one.id << " occurs twice";
    EXPECT_TRUE(titles.insert(one.title).second || one.id.substr(5, 1) == "C") << one.title;
    EXPECT_THAT(std::string(one.clause), MatchesRegex("(MS-CER2|RFC [0-9]+|XML 1.0) [0-9.]+")) << one.id;
    EXPECT_FALSE(one.title.empty() || one.title.ends_with('.')) << one.id;
  }
  EXPECT_GE(server_cases().size(), 75u);
  EXPECT_GE(client_cases().size(), 50u);
}

TEST(Cases, ComeInTheOrderOfTheirNumbers) {
  EXPECT_TRUE(std::ranges::is_sorted(server_cases(), {}, &Case::id));
  EXPECT_TRUE(std::ranges::is_sorted(client_cases(), {}, &Case::id));
}

TEST(Levels, HaveNames) {
  for (const Level level : {Level::gap, Level::should, Level::must})
    EXPECT_EQ(parse_level(to_string(level)), level);
  EXPECT_EQ(parse_level("MUST"), std::nullopt);
  EXPECT_LT(Level::gap, Level::should);
  EXPECT_LT(Level::should, Level::must);
}

TEST(Totals, CountFromALevelOn) {
  const auto results = some_results();
  const Totals all = count(results);
  EXPECT_EQ(all.all(), 4u);
  EXPECT_EQ(all.failed, 1u);
  const Totals must = count(results, Level::must);
  EXPECT_EQ(must.failed, 0u);
  EXPECT_EQ(must.passed, 1u);
  EXPECT_EQ(must.not_reached, 1u);
  EXPECT_EQ(must.not_applicable, 0u);
  EXPECT_EQ(totals_text(all), "4 cases: 1 passed, 1 failed, 1 not applicable, 1 not reached");
}

TEST(Only, KnowsTheIds) {
  const std::vector<Case> cases = {kMust, kGap};
  EXPECT_TRUE(check_ids({}, cases));
  EXPECT_TRUE(check_ids({"CER2-S-002"}, cases));
  const auto wrong = check_ids({"CER2-S-002", "CER2-S-01"}, cases);
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().kind, ErrorKind::invalid_argument);
  EXPECT_EQ(wrong.error().hint, "did you mean 'CER2-S-001'?");
  EXPECT_TRUE(is_selected({}, kMust));
  EXPECT_TRUE(is_selected({"CER2-S-001"}, kMust));
  EXPECT_FALSE(is_selected({"CER2-S-001"}, kGap));
}

TEST(Text, ShowsCasesAndResults) {
  EXPECT_EQ(list_text(std::vector{kMust}),
            "CER2-S-001  must    MS-CER2 3.2.5           a report is answered\n");
  EXPECT_EQ(result_text({kMust, pass()}),
            "passed          CER2-S-001  must    a report is answered [MS-CER2 3.2.5]\n");
  EXPECT_EQ(result_text({kGap, failed("status 500\x1b[2J")}),
            "failed          CER2-S-002  gap     chunks are \"read\" [RFC 9112 7.1]\n"
            "                  status 500.[2J\n");
}

TEST(Json, IsALineForEach) {
  layout::TextBuffer out;
  result_line(out, {kGap, failed("x")});
  result_line(out, {kMust, pass()});
  totals_line(out, count(some_results()));
  EXPECT_EQ(out.view(),
            R"({"Id":"CER2-S-002","Level":"gap","Clause":"RFC 9112 7.1","Title":"chunks are \"read\"",)"
            R"("Outcome":"failed","Reason":"x"})"
            "\n"
            R"({"Id":"CER2-S-001","Level":"must","Clause":"MS-CER2 3.2.5","Title":"a report is answered",)"
            R"("Outcome":"passed"})"
            "\n"
            R"({"Summary":{"Passed":1,"Failed":1,"NotApplicable":1,"NotReached":1}})"
            "\n");
}

TEST(Junit, SkipsWhatWasNotJudged) {
  const std::string xml = junit_xml("server", some_results());
  EXPECT_THAT(xml, HasSubstr("<testsuite name=\"conform.server\" tests=\"4\" failures=\"1\" errors=\"0\" "
                             "skipped=\"2\""));
  EXPECT_THAT(xml, HasSubstr("name=\"CER2-S-002\""));
  EXPECT_THAT(xml, HasSubstr("[RFC 9112 7.1]: status 500"));
  EXPECT_THAT(xml, HasSubstr("<skipped message=\"no iData\""));
}

}  // namespace
}  // namespace wheatstone::conform
