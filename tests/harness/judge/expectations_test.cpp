#include "harness/judge/expectations.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/harness/judge/patterns.hpp"

namespace wheatstone::judge {
namespace {

using namespace test;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

constexpr std::uint64_t kSecond = FileTime::kPerSecond;

// One expectation at line 7, column 5 of x.yaml, held against the observations. The platform boots at 0 s and
// an error is injected at 1 s.
class Expectations : public testing::Test {
 protected:
  std::vector<Failure> check(decltype(scenario::Expectation::what) what) {
    scenario::Scenario scenario;
    scenario.file = "x.yaml";
    scenario.expectations.push_back({std::move(what), {7, 5}});
    const std::vector<FileTime> injections = {kStart, kStart + kSecond};
    return check_expectations(scenario, story_, injections);
  }

  std::vector<Observation> story_ = {
      observed(ObservationKind::boot, 0, {{"Number", Value::decimal(1)}}),
      observed(ObservationKind::record, 1000,
               {{"Severity", Value::decimal(1, "Fatal")}, {"Length", Value::decimal(9)}}),
      observed(ObservationKind::record, 1500,
               {{"Severity", Value::decimal(2, "Corrected")}, {"Length", Value::decimal(7)}}),
      observed(ObservationKind::bugcheck, 2000, {{"Code", Value::hex(0x124)}}),
  };
  scenario::Pattern any_record_ = pattern(ObservationKind::record);
  scenario::Pattern fatal_ = pattern(ObservationKind::record, {{"Severity", equal_to("Fatal")}});
  scenario::Pattern bugcheck_ = pattern(ObservationKind::bugcheck);
};

TEST_F(Expectations, OccursOnceOrMoreByDefault) {
  EXPECT_THAT(check(scenario::Occurs{any_record_, {}, {}}), IsEmpty());
  EXPECT_THAT(check(scenario::Occurs{fatal_, {}, {}}), IsEmpty());
}

TEST_F(Expectations, AMissingOneNamesItsPlaceAndTheNearest) {
  const auto failures = check(scenario::Occurs{
      pattern(ObservationKind::record, {{"Severity", equal_to("Corrected")}, {"Length", equal_to(8)}}),
      {},
      {}});
  ASSERT_THAT(failures, SizeIs(1));
  EXPECT_EQ(failures[0].code, "expected-count");
  EXPECT_EQ(failures[0].where.file, "x.yaml");
  EXPECT_EQ(failures[0].where.line, 7u);
  EXPECT_EQ(failures[0].where.column, 5u);
  EXPECT_EQ(
      failures[0].message,
      "expected at least 1 record {Severity: Corrected, Length: 8}, found 0\n"
      "nearest is record #3 at 2024-12-30T02:40:01.5000000Z: agrees in Severity; Length is 7 instead of 8");
  EXPECT_THAT(failures[0].observations, ElementsAre(2));
}

TEST_F(Expectations, OfEquallyNearObservationsTheFirstIsNamed) {
  const auto failures = check(
      scenario::Occurs{pattern(ObservationKind::record, {{"Severity", equal_to("Recoverable")}}), {}, {}});
  ASSERT_THAT(failures, SizeIs(1));
  EXPECT_THAT(failures[0].observations, ElementsAre(1));
}

TEST_F(Expectations, WithoutAnyOfTheKindTheRestIsCounted) {
  const auto failures = check(scenario::Occurs{pattern(ObservationKind::dump), {}, {}});
  ASSERT_THAT(failures, SizeIs(1));
  EXPECT_THAT(failures[0].message, HasSubstr("no dump was observed; observed: 2 record, 1 bugcheck, 1 boot"));
  EXPECT_THAT(failures[0].observations, IsEmpty());
  story_.clear();
  EXPECT_THAT(check(scenario::Occurs{pattern(ObservationKind::dump), {}, {}})[0].message,
              HasSubstr("observed: nothing"));
}

TEST_F(Expectations, CountHasTwoEnds) {
  EXPECT_THAT(check(scenario::Occurs{any_record_, {2, 2}, {}}), IsEmpty());
  EXPECT_THAT(check(scenario::Occurs{any_record_, {1, 2}, {}}), IsEmpty());
  EXPECT_THAT(check(scenario::Occurs{any_record_, {0, 1}, {}}), SizeIs(1));
  EXPECT_THAT(check(scenario::Occurs{any_record_, {3, 3}, {}}), SizeIs(1));
  const auto failures = check(scenario::Occurs{any_record_, {1, 1}, {}});
  ASSERT_THAT(failures, SizeIs(1));
  EXPECT_THAT(failures[0].message, HasSubstr("expected exactly 1 record {}, found 2\nfound record #2"));
  EXPECT_THAT(failures[0].observations, ElementsAre(1, 2));
}

TEST_F(Expectations, WithinCountsFromTheLastInjection) {
  EXPECT_THAT(check(scenario::Occurs{bugcheck_, {}, kSecond}), IsEmpty());
  const auto failures = check(scenario::Occurs{bugcheck_, {}, kSecond - 1});
  ASSERT_THAT(failures, SizeIs(1));
  EXPECT_THAT(failures[0].message, HasSubstr("too late is bugcheck #4"));
  EXPECT_THAT(failures[0].message, HasSubstr("after 1s"));
}

TEST_F(Expectations, BeforeAnyInjectionWithinCountsFromTheBoot) {
  EXPECT_THAT(check(scenario::Occurs{pattern(ObservationKind::boot), {}, 0}), IsEmpty());
}

TEST_F(Expectations, ALateOneDoesNotCount) {
  EXPECT_THAT(check(scenario::Occurs{any_record_, {1, 1}, 0}), IsEmpty());
}

TEST_F(Expectations, NeverFailsOnceForTheFirst) {
  EXPECT_THAT(check(scenario::Never{pattern(ObservationKind::dump)}), IsEmpty());
  const auto failures = check(scenario::Never{any_record_});
  ASSERT_THAT(failures, SizeIs(1));
  EXPECT_EQ(failures[0].code, "expected-never");
  EXPECT_THAT(failures[0].observations, ElementsAre(1));
}

TEST_F(Expectations, OrderSkipsWhatIsBetween) {
  EXPECT_THAT(check(scenario::Order{{pattern(ObservationKind::boot), bugcheck_}}), IsEmpty());
  EXPECT_THAT(check(scenario::Order{{any_record_, any_record_, bugcheck_}}), IsEmpty());
}

TEST_F(Expectations, OrderTellsWhatHappenedBefore) {
  const auto failures = check(scenario::Order{{bugcheck_, fatal_}});
  ASSERT_THAT(failures, SizeIs(1));
  EXPECT_EQ(failures[0].code, "expected-order");
  EXPECT_THAT(failures[0].message,
              HasSubstr("number 2 of the order, record {Severity: Fatal}, did not happen after bugcheck #4"));
  EXPECT_THAT(failures[0].message, HasSubstr("it happened before: record #2"));
  EXPECT_THAT(failures[0].observations, ElementsAre(1, 3));
}

TEST_F(Expectations, OneObservationIsNotTwoOfAnOrder) {
  EXPECT_THAT(check(scenario::Order{{bugcheck_, bugcheck_}}), SizeIs(1));
}

TEST_F(Expectations, AnExpressionThatGivesUpIsAFailureOfItsOwn) {
  story_.push_back(
      observed(ObservationKind::console, 3000, {{"Text", Value::of_text(std::string(64, 'a'))}}));
  const scenario::Pattern slow = pattern(
      ObservationKind::console, {{"Text", scenario::Matches{scenario::Regex::compile("(a+)+b").value()}}});
  for (const auto& failures : {check(scenario::Never{slow}), check(scenario::Occurs{slow, {}, {}}),
                               check(scenario::Order{{slow, slow}})}) {
    ASSERT_THAT(failures, SizeIs(1));
    EXPECT_EQ(failures[0].code, "undecided");
    EXPECT_THAT(failures[0].observations, ElementsAre(4));
  }
  story_.push_back(observed(ObservationKind::console, 3000, {{"Text", Value::of_text("ab")}}));
  EXPECT_THAT(check(scenario::Occurs{slow, {}, {}}), IsEmpty())
      << "one match is enough, whatever the other is";
}

TEST_F(Expectations, FailuresKeepTheOrderOfTheScenario) {
  scenario::Scenario scenario;
  scenario.expectations.push_back({scenario::Never{bugcheck_}, {9, 1}});
  scenario.expectations.push_back({scenario::Never{any_record_}, {3, 1}});
  const auto failures = check_expectations(scenario, story_, {});
  ASSERT_THAT(failures, SizeIs(2));
  EXPECT_EQ(failures[0].where.line, 9u);
  EXPECT_EQ(failures[1].where.line, 3u);
}

}  // namespace
}  // namespace wheatstone::judge
