#include "mocks/cer_server/rule.hpp"

#include <gtest/gtest.h>

#include "tests/formats/cer/examples.hpp"

namespace wheatstone::cer_server {
namespace {

TEST(Glob, MatchesWholeTexts) {
  EXPECT_TRUE(glob_match("", ""));
  EXPECT_FALSE(glob_match("", "a"));
  EXPECT_TRUE(glob_match("*", ""));
  EXPECT_TRUE(glob_match("BlueScreen", "bluescreen"));
  EXPECT_FALSE(glob_match("Blue", "BlueScreen"));
  EXPECT_TRUE(glob_match("Blue*", "BlueScreen"));
  EXPECT_TRUE(glob_match("*e*e*", "BlueScreen"));
  EXPECT_FALSE(glob_match("*e*x*", "BlueScreen"));
  EXPECT_TRUE(glob_match("a?c", "abc"));
  EXPECT_FALSE(glob_match("a?c", "ac"));
  EXPECT_TRUE(glob_match("*aab", "aaaab"));
  EXPECT_TRUE(glob_match("a**b", "ab"));
}

// Backtracking over every star would take longer than the universe has.
TEST(Glob, DoesNotExplode) {
  std::string pattern;
  for (int i = 0; i < 100; ++i) pattern += "a*";
  EXPECT_FALSE(glob_match(pattern + "b", std::string(5000, 'a')));
}

TEST(Rule, MatchesWhenTypeAndEveryParameterMatch) {
  const cer::Report report = cer::examples::kernel_fault();
  EXPECT_TRUE(matches({}, report));
  EXPECT_TRUE(matches({.event_type = "Blue*", .parameters = {{"BCCode", "F?"}, {"BCP2", "*"}}}, report));
  EXPECT_FALSE(matches({.event_type = "APPCRASH"}, report));
  EXPECT_FALSE(matches({.parameters = {{"BCCode", "124"}}}, report));
  EXPECT_FALSE(matches({.parameters = {{"Missing", "*"}}}, report));
}

TEST(Signature, LooksAtTypeIdsAndValuesOnly) {
  cer::Report a = cer::examples::application_fault();
  cer::Report b = a;
  b.parameters[0].name = "Anwendungsname";
  b.username = "somebody else";
  b.event.eventtime.ticks += 1;
  std::swap(b.parameters[1], b.parameters[2]);
  EXPECT_EQ(signature(a), signature(b));
  b.parameters[0].value += "x";
  EXPECT_NE(signature(a), signature(b));
}

TEST(Signature, DoesNotConfuseOneTextWithTwo) {
  cer::Report a, b;
  a.secondary_parameters = {{"n", "1;1:m"}, {"x", "y"}};
  b.secondary_parameters = {{"n", "1"}, {"m", "x"}};
  a.secondary_parameters.pop_back();
  EXPECT_NE(signature(a), signature(b));
}

TEST(SignatureText, IsForPeople) {
  EXPECT_EQ(signature_text(signature(cer::examples::application_fault())),
            "GPFMe.exe 6.0.4082.0 40ce670d GPFMe.exe 6.0.4082.0 40ce670d c0000005 000031de");
  EXPECT_EQ(signature_text(signature(cer::examples::kernel_fault())),
            "BCCode=f4 BCP1=00000003 BCP2=8C387020 BCP3=8C387184 BCP4=81BD1A30 OS Version=6_1_6561 Service "
            "Pack=0_0 Product=256_1");
  cer::Report odd;
  odd.parameters = {{0, "name", "5:;P1="}, {1, "name", ""}};
  EXPECT_EQ(signature_text(signature(odd)), "5:;P1= ");
  EXPECT_EQ(signature_text("P"), "");
  EXPECT_EQ(signature_text("99999999999999999999:x"), "");
}

}  // namespace
}  // namespace wheatstone::cer_server
