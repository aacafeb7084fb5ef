#include "harness/report/findings.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace wheatstone::report {
namespace {

const std::vector<Finding> kFindings = {
    {FindingSeverity::error, "length-beyond-file", "the length is 1019, the file has 500 bytes",
     "Header.Length", 20, "UEFI N.2.1"},
    {FindingSeverity::warning, "bare", "a \"remark\"", "", Finding::kNoOffset, ""},
    {FindingSeverity::note, "zero", "at the start", "", 0, ""}};

TEST(Findings, ALineForEachInput) {
  layout::TextBuffer out;
  findings_line(out, "in/a.cper", kFindings);
  findings_line(out, "in/b.cper", {});
  EXPECT_EQ(
      out.view(),
      "{\"File\":\"in/a.cper\",\"Findings\":["
      "{\"Severity\":\"error\",\"Code\":\"length-beyond-file\",\"Path\":\"Header.Length\",\"Offset\":20,"
      "\"Message\":\"the length is 1019, the file has 500 bytes\",\"Clause\":\"UEFI N.2.1\"},"
      "{\"Severity\":\"warning\",\"Code\":\"bare\",\"Message\":\"a \\\"remark\\\"\"},"
      "{\"Severity\":\"note\",\"Code\":\"zero\",\"Offset\":0,\"Message\":\"at the start\"}]}\n"
      "{\"File\":\"in/b.cper\",\"Findings\":[]}\n");
}

TEST(Findings, AnInputThatFailed) {
  layout::TextBuffer out;
  Error error{ErrorKind::malformed, "two hex digits are expected", "", {}};
  error.where.file = "in/a.hex";
  error.where.line = 3;
  error.where.column = 7;
  failure_line(out, "in/a.hex", error);
  failure_line(out, "in/b", {ErrorKind::io, "cannot read the file", "", {}});
  EXPECT_EQ(out.view(),
            "{\"File\":\"in/a.hex\",\"Line\":3,\"Column\":7,\"Error\":\"two hex digits are expected\"}\n"
            "{\"File\":\"in/b\",\"Error\":\"cannot read the file\"}\n");
}

TEST(Findings, TotalsCountFilesAndSeverities) {
  FindingTotals totals;
  totals.add(kFindings);
  totals.add({});
  totals.add(std::span(kFindings).last(1));
  ++totals.failed;
  totals.unknown += 2;
  layout::TextBuffer out;
  totals_line(out, totals);
  EXPECT_EQ(out.view(),
            "{\"Summary\":{\"Files\":3,\"Clean\":1,\"Unknown\":2,\"Failed\":1,\"Notes\":2,\"Warnings\":1,"
            "\"Errors\":1}}\n");
  EXPECT_EQ(totals_text(totals),
            "3 files checked: 1 clean, 1 error, 1 warning, 2 notes; 2 unknown, 1 unreadable");
  EXPECT_EQ(totals.at_least(FindingSeverity::error), 1u);
  EXPECT_EQ(totals.at_least(FindingSeverity::warning), 2u);
  EXPECT_EQ(totals.at_least(FindingSeverity::note), 4u);
}

TEST(Findings, TextHasALineForEachAndAnAdvice) {
  layout::TextBuffer out;
  findings_text(out, "in/a\n.cper", kFindings);
  const Finding known[] = {
      {FindingSeverity::error, "length-beyond-input", "\x1b[2J", "Length", 20, "UEFI N.2.1"}};
  findings_text(out, "b", known);
  EXPECT_EQ(out.view(),
            "in/a..cper: error: length-beyond-file: Header.Length at offset 0x14: "
            "the length is 1019, the file has 500 bytes [UEFI N.2.1]\n"
            "in/a..cper: warning: bare: a \"remark\"\n"
            "in/a..cper: note: zero: at offset 0x0: at the start\n"
            "b: error: length-beyond-input: Length at offset 0x14: .[2J [UEFI N.2.1]\n"
            "  read what is there\n");
}

}  // namespace
}  // namespace wheatstone::report
