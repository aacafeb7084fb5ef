#include "harness/report/junit.hpp"

#include <gtest/gtest.h>

#include <pugixml.hpp>

#include "tests/harness/report/outcomes.hpp"

namespace wheatstone::report {
namespace {

using namespace test;
using namespace std::string_literals;

TEST(Junit, ExactText) {
  EXPECT_EQ(junit_xml(one_of_each()), R"(<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="wheatstone" tests="4" failures="1" errors="1" skipped="1" time="5.000">
  <testsuite name="processor" tests="2" failures="0" errors="0" skipped="1" time="2.500">
    <testcase classname="processor" name="cache" time="1.250" />
    <testcase classname="processor" name="bus" time="1.250">
      <skipped message="the target gives no &quot;dump&quot;" />
    </testcase>
  </testsuite>
  <testsuite name="memory.ddr" tests="1" failures="1" errors="0" skipped="0" time="1.250">
    <testcase classname="memory.ddr" name="ecc" time="1.250">
      <failure message="expected 1 record {A: &quot;&lt;x>&quot;}, found 0" type="expected-count">m/ecc.yaml:31:5: expected 1 record {A: "&lt;x&gt;"}, found 0
    nearest is record #1
[event-record] event 20 differs\x1b[2J from the record
</failure>
      <system-out>evidence: out/memory/ddr/ecc</system-out>
    </testcase>
  </testsuite>
  <testsuite name="scenarios" tests="1" failures="0" errors="1" skipped="0" time="1.250">
    <testcase classname="scenarios" name="bare" time="1.250">
      <error message="no free port &lt;&amp;>\x01" />
    </testcase>
  </testsuite>
</testsuites>
)");
}

TEST(Junit, NothingRanIsStillADocument) {
  pugi::xml_document document;
  ASSERT_TRUE(document.load_string(junit_xml({}).c_str()));
  EXPECT_STREQ(document.child("testsuites").attribute("tests").value(), "0");
}

// What a hostile target says must come out as a document that any XML parser takes, and stay readable.
TEST(Junit, CarriesWhatXmlCannot) {
  std::vector<Outcome> hostile = {outcome("a", judge::Status::failed)};
  hostile[0].verdict.failures = {{"x", "\0\x08\x0c]]>\xff\xc3 \xed\xa0\x80 \uFFFE\uFFFF end"s, {}, {}}};
  pugi::xml_document document;
  ASSERT_TRUE(document.load_string(junit_xml(hostile).c_str()));
  EXPECT_STREQ(document.select_node("//failure").node().text().get(),
               "[x] \\x00\\x08\\x0c]]>\\xff\\xc3 \\xed\\xa0\\x80 \\ufffe\\uffff end\n");
}

}  // namespace
}  // namespace wheatstone::report
