#include "harness/judge/matcher.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/judge/show.hpp"
#include "tests/harness/judge/patterns.hpp"

namespace wheatstone::judge {
namespace {

using namespace test;
using testing::ElementsAre;

// Whether a field with this value fits the matcher.
Fit fit(const scenario::Matcher& matcher, const Value& value) {
  return fits(pattern(ObservationKind::record, {{"F", matcher}}),
              observed(ObservationKind::record, 0, {{"F", value}}));
}

scenario::Matcher regex(std::string_view text) {
  return scenario::Matches{scenario::Regex::compile(text).value()};
}

TEST(Exact, ANumberFitsItsValueOrItsName) {
  const Value fatal = Value::decimal(1, "Fatal");
  EXPECT_EQ(fit(equal_to(1), fatal), Fit::yes);
  EXPECT_EQ(fit(equal_to("Fatal"), fatal), Fit::yes);
  EXPECT_EQ(fit(equal_to(0), fatal), Fit::no);
  EXPECT_EQ(fit(equal_to("fatal"), fatal), Fit::no);
  EXPECT_EQ(fit(equal_to(""), Value::decimal(1)), Fit::no) << "no name is not an empty name";
}

TEST(Exact, ATextFitsTheWholeText) {
  const Value text = Value::of_text("124");
  EXPECT_EQ(fit(equal_to("124"), text), Fit::yes);
  EXPECT_EQ(fit(equal_to(124), text), Fit::yes) << "an unquoted 124 in the YAML is also the text 124";
  EXPECT_EQ(fit(equal_to("12"), text), Fit::no);
  EXPECT_EQ(fit(scenario::Exact{{"0x7c", 124}}, text), Fit::no) << "a text has no numeric value";
}

TEST(Exact, AFlagFitsTrueOrOne) {
  EXPECT_EQ(fit(equal_to("true"), Value::of_flag(true)), Fit::yes);
  EXPECT_EQ(fit(equal_to(1), Value::of_flag(true)), Fit::yes);
  EXPECT_EQ(fit(equal_to("false"), Value::of_flag(true)), Fit::no);
  EXPECT_EQ(fit(equal_to(0), Value::of_flag(false)), Fit::yes);
  EXPECT_EQ(fit(equal_to("false"), Value::of_flag(false)), Fit::yes);
}

TEST(Masked, ComparesTheMaskedBits) {
  const scenario::Matcher high = scenario::Masked{0xffff'0000, 0x1234'0000};
  EXPECT_EQ(fit(high, Value::hex(0x1234'5678)), Fit::yes);
  EXPECT_EQ(fit(high, Value::hex(0x1235'5678)), Fit::no);
  EXPECT_EQ(fit(high, Value::of_text("0x12345678")), Fit::no);
}

TEST(InRange, BothEndsBelongToIt) {
  const scenario::Matcher range = scenario::InRange{5, 7};
  EXPECT_EQ(fit(range, Value::decimal(4)), Fit::no);
  EXPECT_EQ(fit(range, Value::decimal(5)), Fit::yes);
  EXPECT_EQ(fit(range, Value::decimal(7)), Fit::yes);
  EXPECT_EQ(fit(range, Value::decimal(8)), Fit::no);
  EXPECT_EQ(fit(range, Value::of_text("6")), Fit::no);
}

TEST(Matches, LooksAtTextThenNameThenNumber) {
  EXPECT_EQ(fit(regex("Mini.*dmp"), Value::of_text("Mini112226-01.dmp")), Fit::yes);
  EXPECT_EQ(fit(regex("ini.*"), Value::of_text("Mini112226-01.dmp")), Fit::no) << "the whole text";
  EXPECT_EQ(fit(regex("Fat.*"), Value::decimal(1, "Fatal")), Fit::yes);
  EXPECT_EQ(fit(regex("1"), Value::decimal(1, "Fatal")), Fit::no);
  EXPECT_EQ(fit(regex("0x12[0-9]"), Value::hex(0x124)), Fit::yes);
  EXPECT_EQ(fit(regex("292"), Value::decimal(292)), Fit::yes);
  EXPECT_EQ(fit(regex("true"), Value::of_flag(true)), Fit::yes);
}

TEST(Matches, AnExpressionThatGivesUpDecidesNothing) {
  EXPECT_EQ(fit(regex("(a+)+b"), Value::of_text(std::string(64, 'a'))), Fit::undecided);
}

TEST(OneOf, AnyOfTheValues) {
  const scenario::Matcher one_of = scenario::OneOf{{{"Fatal", {}}, {"2", 2}}};
  EXPECT_EQ(fit(one_of, Value::decimal(1, "Fatal")), Fit::yes);
  EXPECT_EQ(fit(one_of, Value::decimal(2, "Corrected")), Fit::yes);
  EXPECT_EQ(fit(one_of, Value::decimal(0, "Recoverable")), Fit::no);
}

TEST(Absent, OnlyForAFieldThatIsNotThere) {
  EXPECT_EQ(fit(scenario::Absent{}, Value::decimal(0)), Fit::no);
  const Observation without = observed(ObservationKind::record, 0);
  EXPECT_EQ(fits(pattern(ObservationKind::record, {{"F", scenario::Absent{}}}), without), Fit::yes);
  EXPECT_EQ(fits(pattern(ObservationKind::record, {{"F", equal_to(0)}}), without), Fit::no);
}

TEST(Pattern, KindAndBytesMustFit) {
  Observation record = observed(ObservationKind::record, 0);
  record.bytes = {1, 2, 3};
  scenario::Pattern wanted = pattern(ObservationKind::record);
  EXPECT_EQ(fits(wanted, record), Fit::yes);
  EXPECT_EQ(fits(pattern(ObservationKind::dump), record), Fit::no);
  wanted.bytes = Buffer{1, 2, 3};
  EXPECT_EQ(fits(wanted, record), Fit::yes);
  wanted.bytes = Buffer{1, 2};
  EXPECT_EQ(fits(wanted, record), Fit::no);
}

TEST(Comparison, NamesWhatAgreesAndWhatDiffers) {
  Observation record = observed(ObservationKind::record, 0,
                                {{"Severity", Value::decimal(1, "Fatal")}, {"Length", Value::decimal(928)}});
  record.bytes = {1, 2, 3, 4};
  scenario::Pattern wanted =
      pattern(ObservationKind::record,
              {{"Severity", equal_to("Fatal")}, {"Length", equal_to(936)}, {"Flags", equal_to(0)}});
  wanted.bytes = Buffer{1, 2, 9, 4};
  const Comparison comparison = compare(wanted, record);
  EXPECT_THAT(comparison.agreeing, ElementsAre("Severity"));
  EXPECT_EQ(
      comparison.text(),
      "agrees in Severity; Length is 928 instead of 936; Flags is nothing instead of 0; bytes is 4 bytes, "
      "different from offset 0x2, instead of 4 bytes");
}

TEST(Show, WritesValuesAsTheirFieldsAreShown) {
  EXPECT_EQ(show(Value::hex(0x124, "WHEA_UNCORRECTABLE_ERROR")), "0x124 (WHEA_UNCORRECTABLE_ERROR)");
  EXPECT_EQ(show(Value::decimal(12)), "12");
  EXPECT_EQ(show(Value::of_flag(true)), "true");
  EXPECT_EQ(show(Value::of_text("a\x1b[2J\n")), "\"a\\x1b[2J\\x0a\"");
}

TEST(Show, CutsLongTextBetweenCharacters) {
  const std::string fits_exactly(120, 'x');
  EXPECT_EQ(show(Value::of_text(fits_exactly)), "\"" + fits_exactly + "\"");
  EXPECT_EQ(show(Value::of_text(std::string(119, 'x') + "\u00e9")), "\"" + std::string(119, 'x') + "...\"");
}

TEST(Show, WritesPatternsAsTheYamlDoes) {
  EXPECT_EQ(show(pattern(ObservationKind::bugcheck, {{"Code", scenario::Exact{{"0x124", 0x124}}},
                                                     {"P1", scenario::InRange{0, 4}},
                                                     {"P2", scenario::Masked{0xff, 0x10}},
                                                     {"P3", scenario::OneOf{{{"1", 1}, {"2", 2}}}},
                                                     {"P4", scenario::Absent{}}})),
            "bugcheck {Code: 0x124, P1: 0x0..0x4, P2: & 0xff = 0x10, P3: one of 1, 2, P4: absent}");
}

}  // namespace
}  // namespace wheatstone::judge
