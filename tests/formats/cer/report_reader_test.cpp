#include <gtest/gtest.h>

#include <array>

#include "formats/cer/report.hpp"
#include "formats/layout/utf16.hpp"
#include "tests/formats/cer/examples.hpp"

namespace wheatstone::cer {
namespace {

Buffer little_endian(std::string_view text, bool mark = true) {
  Buffer document = mark ? Buffer{0xff, 0xfe} : Buffer{};
  const auto units = utf8_to_utf16le(text);
  document.insert(document.end(), units->begin(), units->end());
  return document;
}

Buffer big_endian(std::string_view text, bool mark = true) {
  Buffer document = little_endian(text, mark);
  for (std::size_t i = 0; i + 1 < document.size(); i += 2) std::swap(document[i], document[i + 1]);
  return document;
}

ReadReport read(const Buffer& document, const ReportLimits& limits = {}) {
  auto report = read_report(document, limits);
  EXPECT_TRUE(report) << report.error().text();
  return report ? std::move(*report) : ReadReport{};
}

Error refused(const Buffer& document, const ReportLimits& limits = {}) {
  const auto report = read_report(document, limits);
  EXPECT_FALSE(report);
  return report ? Error{} : report.error();
}

std::vector<std::string> codes(const ReadReport& report) {
  std::vector<std::string> list;
  for (const Finding& finding : report.findings) list.emplace_back(finding.code);
  return list;
}

using Codes = std::vector<std::string>;

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

// Findings of the generic example after one change.
ReadReport after(std::string_view from, std::string_view to) {
  return read(little_endian(replaced(examples::kGeneric, from, to)));
}

const Finding& only(const ReadReport& report) {
  static const Finding none;
  EXPECT_EQ(report.findings.size(), 1u) << testing::PrintToString(codes(report));
  return report.findings.empty() ? none : report.findings.front();
}

TEST(ReadReport, ReadsTheExamplesWithoutAFinding) {
  const ReadReport crash = read(little_endian(examples::kApplicationFault));
  EXPECT_EQ(crash.report, examples::application_fault());
  EXPECT_EQ(codes(crash), Codes{});
  EXPECT_EQ(read(little_endian(examples::kKernelFault)).report, examples::kernel_fault());
  EXPECT_EQ(read(little_endian(examples::kGeneric)).report, examples::generic());
}

TEST(ReadReport, TakesEveryEncoding) {
  const std::string text = examples::kGeneric;
  EXPECT_EQ(codes(read(big_endian(text))), Codes{});
  EXPECT_EQ(read(big_endian(text)).report, examples::generic());
  EXPECT_EQ(codes(read(little_endian(text, false))), Codes{"no-byte-order-mark"});
  EXPECT_EQ(codes(read(big_endian(text, false))), Codes{"no-byte-order-mark"});
  EXPECT_EQ(read(big_endian(text, false)).report, examples::generic());

  const std::string utf8 = replaced(text, "UTF-16", "utf-8");
  EXPECT_EQ(codes(read(Buffer(utf8.begin(), utf8.end()))), Codes{"utf8-document"});
  const std::string marked = "\xef\xbb\xbf" + utf8;
  EXPECT_EQ(read(Buffer(marked.begin(), marked.end())).report, examples::generic());
  EXPECT_EQ(codes(read(Buffer(text.begin(), text.end()))), (Codes{"utf8-document", "encoding-mismatch"}));
  EXPECT_EQ(codes(read(little_endian(utf8))), Codes{"encoding-mismatch"});
}

TEST(ReadReport, TakesABlankBeforeADocumentWithoutMark) {
  const ReadReport report = read(little_endian("\n" + std::string(examples::kGeneric), false));
  EXPECT_EQ(report.report, examples::generic());
  EXPECT_EQ(codes(report), (Codes{"no-byte-order-mark", "late-declaration"}));
}

TEST(ReadReport, MissesTheDeclaration) {
  const std::string text = examples::kGeneric;
  const ReadReport report = read(little_endian(text.substr(text.find("<WERREPORT"))));
  EXPECT_EQ(report.report, examples::generic());
  EXPECT_EQ(codes(report), Codes{"no-declaration"});
  EXPECT_EQ(codes(after("version=\"1.0\"", "version=\"1.1\"")), Codes{"xml-version"});
}

TEST(ReadReport, GivesOffsetsInTheInput) {
  const Finding finding =
      only(after("username=\"Username\"", "username=\"\xf0\x9f\x98\x80\" colour=\"\xe2\x82\xac\""));
  EXPECT_EQ(finding.code, "unknown-attribute");
  EXPECT_EQ(finding.path, "USERINFO/@colour");
  EXPECT_EQ(finding.clause, "MS-CER2 2.2.1.3.2");
  const std::string text = examples::kGeneric;
  // Mark, text before the attribute, and a value of two units in quotation marks.
  EXPECT_EQ(finding.offset, 2 + 2 * (text.find("username=") + std::string("username=\"xx\" ").size()));
}

TEST(ReadReport, RefusesWhatIsNoDocument) {
  EXPECT_EQ(refused({}).kind, ErrorKind::malformed);
  EXPECT_EQ(refused({0xff, 0xfe}).kind, ErrorKind::malformed);
  EXPECT_EQ(refused(little_endian("hello")).kind, ErrorKind::malformed);
  EXPECT_EQ(refused(little_endian("<?xml version=\"1.0\"?>")).kind, ErrorKind::malformed);
  const std::string text = examples::kGeneric;
  const Error cut = refused(little_endian(text.substr(0, text.size() - 14)));
  EXPECT_EQ(cut.kind, ErrorKind::malformed);
  EXPECT_LE(cut.where.offset, 2 * text.size());
}

TEST(ReadReport, RefusesDocumentTypes) {
  const std::string bomb =
      "<?xml version=\"1.0\"?><!-- <!DOCTYPE harmless> --><!DOCTYPE WERREPORT [<!ENTITY a \"b\">]>"
      "<WERREPORT>&a;</WERREPORT>";
  const Error error = refused(little_endian(bomb));
  EXPECT_EQ(error.kind, ErrorKind::malformed);
  EXPECT_EQ(error.where.offset, 2 + 2 * bomb.find("<!DOCTYPE WERREPORT"));
  EXPECT_NE(error.message.find("document type"), std::string::npos);
}

TEST(ReadReport, AllowsTheWordDoctypeInACommentAndInAValue) {
  EXPECT_EQ(codes(after("<SIGNATURE>", "<!-- <!DOCTYPE a> --><SIGNATURE>")), Codes{});
  EXPECT_EQ(codes(after("\"Username\"", "\"&lt;!DOCTYPE a>\"")), Codes{});
}

TEST(ReadReport, HoldsTheSizeLimit) {
  const Buffer document = little_endian(examples::kGeneric);
  read(document, {.bytes = document.size()});
  EXPECT_EQ(refused(document, {.bytes = document.size() - 1}).kind, ErrorKind::malformed);
}

TEST(ReadReport, HoldsTheDepthLimit) {
  const Buffer document = little_endian(examples::kGeneric);
  read(document, {.depth = 3});
  EXPECT_NE(refused(document, {.depth = 2}).message.find("more than 2 deep"), std::string::npos);
}

TEST(ReadReport, HoldsTheElementLimit) {
  const Buffer document = little_endian(examples::kGeneric);  // 9 elements
  read(document, {.elements = 9});
  EXPECT_NE(refused(document, {.elements = 8}).message.find("more than 8 elements"), std::string::npos);
}

TEST(ReadReport, HoldsTheAttributeLimit) {
  const Buffer document = little_endian(examples::kGeneric);  // EVENTINFO has 4
  read(document, {.attributes = 4});
  EXPECT_NE(refused(document, {.attributes = 3}).message.find("more than 3 attributes"), std::string::npos);
}

TEST(ReadReport, TakesDeepNestingWithoutRecursion) {
  std::string deep;
  for (int i = 0; i < 50000; ++i) deep += "<a>";
  for (int i = 0; i < 50000; ++i) deep += "</a>";
  EXPECT_NE(refused(little_endian(deep)).message.find("more than 8 deep"), std::string::npos);
}

TEST(ReadReport, ReadsATagOfManyValuesInLinearTime) {
  std::string wide = "<WERREPORT";
  for (int i = 0; i < 80000; ++i) wide += " a=''";
  EXPECT_NE(refused(little_endian(wide + "/>")).message.find("more than 32 attributes"), std::string::npos);
}

TEST(ReadReport, NamesCharactersThatXmlForbids) {
  Buffer document = little_endian(examples::kGeneric);
  const std::string text = examples::kGeneric;
  const std::size_t at = 2 + 2 * (text.find("Username\"") + 3);

  for (const std::uint16_t unit : std::to_array<std::uint16_t>({0x0000, 0x0001, 0xd800, 0xdc00, 0xffff})) {
    Buffer broken = document;
    store_le<std::uint16_t>(&broken[at], unit);
    const ReadReport report = read(broken);
    EXPECT_EQ(only(report).code, "illegal-character");
    EXPECT_EQ(only(report).offset, at);
    EXPECT_TRUE(report.has_errors());
    EXPECT_EQ(report.report.username, "Use\xef\xbf\xbdname");
  }
  Buffer legal = document;
  store_le<std::uint16_t>(&legal[at], 0xfffd);
  EXPECT_EQ(codes(read(legal)), Codes{});
}

TEST(ReadReport, NamesAnOddByteCount) {
  Buffer document = little_endian(examples::kGeneric);
  document.push_back(' ');
  EXPECT_EQ(codes(read(document)), (Codes{"text-outside-root", "illegal-character"}));
}

TEST(ReadReport, ChecksReferences) {
  EXPECT_EQ(after("\"Username\"", "\"&amp;&lt;&gt;&quot;&apos;&#65;&#x1F600;&#x000000041;\"").report.username,
            "&<>\"'A\xf0\x9f\x98\x80"
            "A");
  for (const char* bad : {"&", "&;", "&foo;", "&#0;", "&#1;", "&#xd800;", "&#x110000;", "&#;", "&#x;",
                          "&#12a;", "&#99999999999999999999;", "a&b", "&lt"}) {
    const ReadReport report = after("\"Username\"", "\"" + std::string(bad) + "\"");
    EXPECT_EQ(only(report).code, "bad-reference") << bad;
    EXPECT_TRUE(report.has_errors());
  }
  EXPECT_EQ(only(after("\"Username\"", "\"a<b\"")).code, "bare-less-than");
  EXPECT_EQ(codes(after("<SIGNATURE>", "<!----><!-- - - --><SIGNATURE>")), Codes{});
  for (const char* bad : {"<!-- a -- b -->", "<!-- a --->"})
    EXPECT_EQ(only(after("<SIGNATURE>", bad + std::string("<SIGNATURE>"))).code, "comment-hyphens") << bad;
}

TEST(ReadReport, WantsOneRootAndNothingAround) {
  const ReadReport two = read(little_endian(std::string(examples::kGeneric) + "<WERREPORT/>"));
  EXPECT_EQ(only(two).code, "second-root");
  EXPECT_EQ(two.report, examples::generic());
  EXPECT_EQ(only(read(little_endian(std::string(examples::kGeneric) + "text"))).code, "text-outside-root");
  EXPECT_EQ(only(read(little_endian("<?xml version=\"1.0\"?><werreport/>"))).code, "wrong-root");
}

TEST(ReadReport, ReportsTextBetweenElements) {
  const ReadReport report = after("<SIGNATURE>", "words<SIGNATURE><![CDATA[more]]>");
  EXPECT_EQ(codes(report), (Codes{"unexpected-text", "unexpected-text"}));
  EXPECT_FALSE(report.has_errors());
}

TEST(ReadReport, CountsTheFirstOfDuplicateAttributes) {
  const ReadReport report = after("lcid=\"1033\"", "lcid=\"1033\" lcid=\"1031\"");
  EXPECT_EQ(only(report).code, "duplicate-attribute");
  EXPECT_TRUE(report.has_errors());
  EXPECT_EQ(report.report.machine.lcid, "1033");
}

TEST(ReadReport, IgnoresWhatItDoesNotKnow) {
  const ReadReport report = after("<USERINFO", "<EXTRA a=\"b\"><EXTRA/></EXTRA><USERINFO");
  EXPECT_EQ(only(report).code, "unknown-element");
  EXPECT_FALSE(report.has_errors());
  EXPECT_EQ(report.report, examples::generic());
  EXPECT_EQ(only(after("<WERREPORT", "<WERREPORT more=\"1\"")).path, "@more");
  EXPECT_EQ(only(after("<SIGNATURE>", "<SIGNATURE><OTHER/>")).path, "SIGNATURE");
  EXPECT_EQ(
      only(after("<USERINFO username=\"Username\"/>", "<USERINFO username=\"Username\"><A/></USERINFO>"))
          .path,
      "USERINFO");
}

TEST(ReadReport, MissesRequiredElements) {
  const std::string text = examples::kGeneric;
  for (const std::string& name :
       {std::string("MACHINEINFO"), std::string("USERINFO"), std::string("EVENTINFO")}) {
    const std::size_t at = text.find("<" + name);
    std::string without = text;
    without.erase(at, text.find('\n', at) + 1 - at);
    const ReadReport report = read(little_endian(without));
    EXPECT_EQ(only(report).code, "missing-element");
    EXPECT_EQ(only(report).path, name);
    EXPECT_TRUE(report.has_errors());
  }
  std::string without = text;
  const std::size_t at = text.find("<SIGNATURE>");
  without.erase(at, text.find("</WERREPORT>") - at);
  EXPECT_EQ(only(read(little_endian(without))).severity, FindingSeverity::warning);
}

TEST(ReadReport, MissesRequiredAttributes) {
  const struct {
    const char* from;
    const char* path;
  } kCases[] = {
      {" machinename=\"client-machine.corp.cliendomain.com\"", "MACHINEINFO/@machinename"},
      {" os=\"6.1.6561.2.0.0.256.1\"", "MACHINEINFO/@os"},
      {" lcid=\"1033\"", "MACHINEINFO/@lcid"},
      {" username=\"Username\"", "USERINFO/@username"},
      {" appname=\"Test\"", "APPLICATIONINFO/@appname"},
      {" apppath=\"E:\\tools\\wersample.exe\"", "APPLICATIONINFO/@apppath"},
      {" reporttype=\"1\"", "EVENTINFO/@reporttype"},
      {" eventtime=\"128497001160460289\"", "EVENTINFO/@eventtime"},
      {" eventtype=\"MikeTest\"", "EVENTINFO/@eventtype"},
      {" id=\"2\"", "SIGNATURE/PARAMETER[2]/@id"},
      {" value=\"3000\"", "SIGNATURE/PARAMETER[2]/@value"},
  };
  for (const auto& [from, path] : kCases) {
    const ReadReport report = after(from, "");
    EXPECT_EQ(only(report).code, "missing-attribute") << path;
    EXPECT_EQ(only(report).path, path);
    EXPECT_TRUE(report.has_errors());
  }
  for (const char* optional : {" appcompany=\"Test Corporation\"", " friendlyeventname=\"MikeTest\"",
                               " name=\"Problem Signature 01\""})
    EXPECT_EQ(codes(after(optional, "")), Codes{}) << optional;

  const auto broken_file = [](std::string_view from) {
    return read(little_endian(replaced(examples::kKernelFault, from, "")));
  };
  EXPECT_EQ(only(broken_file(" filetype=\"2\"")).path, "FILES/FILE[0]/@filetype");
  EXPECT_EQ(only(broken_file(" filename=\"sysdata.xml\"")).path, "FILES/FILE[1]/@filename");
  EXPECT_EQ(only(broken_file(" name=\"BCCode\"")).path, "SIGNATURE/SECONDARYPARAMETER[0]/@name");
  EXPECT_EQ(only(broken_file(" value=\"f4\"")).path, "SIGNATURE/SECONDARYPARAMETER[0]/@value");
}

TEST(ReadReport, CountsTheFirstOfRepeatedElements) {
  const ReadReport report = after("<SIGNATURE>", "<USERINFO username=\"second\"/>\r\n<SIGNATURE>");
  EXPECT_EQ(only(report).code, "repeated-element");
  EXPECT_TRUE(report.has_errors());
  EXPECT_EQ(report.report.username, "Username");
}

TEST(ReadReport, TakesAnyOrder) {
  // The order in which the prose of 2.2.1.3.1 lists them.
  std::string text = replaced(examples::kGeneric, "<USERINFO username=\"Username\"/>\r\n", "");
  text = replaced(text, "<MACHINEINFO", "<USERINFO username=\"Username\"/>\r\n<MACHINEINFO");
  const ReadReport report = read(little_endian(text));
  EXPECT_EQ(report.report, examples::generic());
  EXPECT_EQ(only(report).code, "element-order");
  EXPECT_FALSE(report.has_errors());

  const ReadReport late =
      after("<PARAMETER id=\"2\"", "<SECONDARYPARAMETER name=\"a\" value=\"b\"/><PARAMETER id=\"2\"");
  EXPECT_EQ(only(late).code, "element-order");
  EXPECT_EQ(late.report.parameters.size(), 3u);
}

// One attribute of the generic example, with the codes that its values must give.
struct ValueCase {
  const char* attribute;
  const char* old_value;
  std::string value;
  const char* code;  // "" = none
  bool error;
};

class ReadReportValues : public testing::TestWithParam<ValueCase> {};

TEST_P(ReadReportValues, AreChecked) {
  const auto& [attribute, old_value, value, code, error] = GetParam();
  const std::string from = std::string(attribute) + "=\"" + old_value + "\"";
  const std::string to = std::string(attribute) + "=\"" + value + "\"";
  const ReadReport report = after(from, to);
  EXPECT_EQ(codes(report), *code ? Codes{code} : Codes{});
  EXPECT_EQ(report.has_errors(), error);
}

const std::string k4Wide = "\xf0\x9f\x98\x80";  // one character, two UTF-16 units

std::string many(std::string_view text, unsigned count) {
  std::string out;
  for (unsigned i = 0; i < count; ++i) out += text;
  return out;
}

constexpr char kMachine[] = "client-machine.corp.cliendomain.com";
constexpr char kOs[] = "6.1.6561.2.0.0.256.1";

INSTANTIATE_TEST_SUITE_P(
    Boundaries, ReadReportValues,
    testing::Values(
        ValueCase{"machinename", kMachine, "", "", false},
        ValueCase{"machinename", kMachine, many("m", 256), "", false},
        ValueCase{"machinename", kMachine, many("m", 257), "path-length", false},
        ValueCase{"machinename", kMachine, many("\xf0\x9f\x98\x80", 256), "", false},
        ValueCase{"machinename", kMachine, many("m", 260), "path-length", false},
        ValueCase{"machinename", kMachine, many("m", 261), "path-too-long", true},
        ValueCase{"machinename", kMachine, "a&#10;b", "line-break", false},
        ValueCase{"machinename", kMachine, "a\nb", "", false},  // a line break in the source is a blank
        ValueCase{"os", kOs, "5.1.2600.2.00010100.3.0", "", false},
        ValueCase{"os", kOs, "10.0.10586.2.0.0.256.72", "", false},
        ValueCase{"os", kOs, "10.0.22631.1", "", false},
        ValueCase{"os", kOs, "10.0.22631", "os-format", true},
        ValueCase{"os", kOs, "1.2.3.4.5.6.7.8.9.10", "", false},
        ValueCase{"os", kOs, "1.2.3.4.5.6.7.8.9.10.11", "os-format", true},
        ValueCase{"os", kOs, "", "os-format", true}, ValueCase{"os", kOs, "6.1..6561.2", "os-format", true},
        ValueCase{"os", kOs, "6.1.6561.2.", "os-format", true},
        ValueCase{"os", kOs, "6.1.6561.x", "os-format", true}, ValueCase{"lcid", "1033", "9999", "", false},
        ValueCase{"lcid", "1033", "", "lcid-format", true},
        ValueCase{"lcid", "1033", "127", "lcid-length", false},
        ValueCase{"lcid", "1033", "18441", "lcid-length", false},
        ValueCase{"lcid", "1033", "0000", "lcid-range", false},
        ValueCase{"lcid", "1033", "4294967295", "lcid-length", false},
        ValueCase{"lcid", "1033", "4294967296", "lcid-range", false},
        ValueCase{"lcid", "1033", "00000001033", "lcid-format", true},
        ValueCase{"lcid", "1033", "0x409", "lcid-format", true},
        ValueCase{"lcid", "1033", "-103", "lcid-format", true}, ValueCase{"reporttype", "1", "0", "", false},
        ValueCase{"reporttype", "1", "4", "", false},
        ValueCase{"reporttype", "1", "5", "reporttype-value", true},
        ValueCase{"reporttype", "1", "01", "reporttype-value", true},
        ValueCase{"reporttype", "1", " 1", "reporttype-value", true},
        ValueCase{"reporttype", "1", "", "reporttype-value", true},
        ValueCase{"eventtime", "128497001160460289", "0", "", false},
        ValueCase{"eventtime", "128497001160460289", "18446744073709551615", "", false},
        ValueCase{"eventtime", "128497001160460289", "18446744073709551616", "eventtime-value", true},
        ValueCase{"eventtime", "128497001160460289", "-1", "eventtime-value", true},
        ValueCase{"eventtime", "128497001160460289", "", "eventtime-value", true},
        ValueCase{"eventtype", "MikeTest", "", "", false},
        ValueCase{"eventtype", "MikeTest", many("e", 64), "", false},
        ValueCase{"eventtype", "MikeTest", many("e", 65), "client-limit", false},
        ValueCase{"friendlyeventname", "MikeTest", many("e", 128), "", false},
        ValueCase{"friendlyeventname", "MikeTest", many("e", 129), "client-limit", false},
        ValueCase{"appname", "Test", many("a", 128), "", false},
        ValueCase{"appname", "Test", many("a", 129), "client-limit", false},
        ValueCase{"apppath", "E:\\tools\\wersample.exe", many("a", 261), "path-too-long", true},
        ValueCase{"appcompany", "Test Corporation", many("a", 261), "path-too-long", true},
        ValueCase{"name", "Problem Signature 01", many("n", 128), "", false},
        ValueCase{"name", "Problem Signature 01", many("n", 129), "client-limit", false},
        ValueCase{"value", "1000", "", "", false}, ValueCase{"value", "1000", many("v", 255), "", false},
        ValueCase{"value", "1000", many("v", 256), "client-limit", false},
        ValueCase{"id", "2", "a", "parameter-id", true}, ValueCase{"id", "2", "", "parameter-id", true},
        ValueCase{"id", "2", "10", "parameter-id", true}, ValueCase{"id", "2", "02", "parameter-id", true},
        ValueCase{"id", "2", "3", "parameter-id-gap", false},
        ValueCase{"id", "2", "1", "duplicate-parameter-id", true}));

TEST(ReadReport, LimitsTheOem) {
  const auto with_oem = [](unsigned length) {
    return after("lcid=\"1033\"", "lcid=\"1033\" oem=\"" + many("o", length) + "\"");
  };
  EXPECT_EQ(codes(with_oem(32)), Codes{});
  EXPECT_EQ(with_oem(32).report.machine.oem, many("o", 32));
  EXPECT_EQ(only(with_oem(33)).code, "oem-length");
  EXPECT_TRUE(with_oem(33).has_errors());
}

TEST(ReadReport, LimitsTheDescription) {
  const auto described = [](unsigned length) {
    return after("friendlyeventname=", "eventdescription=\"" + many("d", length) + "\" friendlyeventname=");
  };
  EXPECT_EQ(codes(described(512)), Codes{});
  EXPECT_EQ(codes(described(513)), Codes{"client-limit"});
}

TEST(ReadReport, KnowsFileTypes) {
  const auto typed = [](const char* type) {
    return read(little_endian(
        replaced(examples::kKernelFault, "filetype=\"2\"", std::string("filetype=\"") + type + "\"")));
  };
  for (const char* type : {"1", "5"}) EXPECT_EQ(codes(typed(type)), Codes{}) << type;
  for (const char* type : {"6", "10"}) {
    EXPECT_EQ(codes(typed(type)), Codes{"filetype-new"}) << type;
    EXPECT_FALSE(typed(type).has_errors());
  }
  EXPECT_EQ(typed("10").report.files->front().filetype, static_cast<FileType>(10));
  for (const char* type : {"0", "11", "05", "", "x"}) {
    EXPECT_EQ(codes(typed(type)), Codes{"filetype-value"}) << type;
    EXPECT_TRUE(typed(type).has_errors());
  }
}

TEST(ReadReport, AllowsTenParameters) {
  Report report = examples::generic();
  report.parameters.clear();
  for (unsigned id = 0; id < 10; ++id) report.parameters.push_back({id, std::nullopt, "v"});
  EXPECT_EQ(codes(read(*write_report(report))), Codes{});
  report.parameters.push_back({9, std::nullopt, "v"});
  const ReadReport eleven = read(*write_report(report));
  EXPECT_EQ(codes(eleven), (Codes{"duplicate-parameter-id", "too-many-parameters"}));
  EXPECT_EQ(eleven.report, report);
}

TEST(ReadReport, ReadsBackWhatNeedsEscapes) {
  Report report = examples::kernel_fault();
  report.username = "<a> & \"b\" 'c'\t\r\n " + k4Wide;
  report.secondary_parameters[0].value = "]]>&amp;";
  const ReadReport again = read(*write_report(report));
  EXPECT_EQ(again.report, report);
  EXPECT_EQ(codes(again), Codes{});
}

TEST(ReadReport, BoundsItsFindings) {
  std::string junk;
  for (int i = 0; i < 300; ++i) junk += "<A/>";
  const ReadReport warned = after("<SIGNATURE>", junk + "<SIGNATURE>");
  ASSERT_EQ(warned.findings.size(), 257u);
  EXPECT_EQ(warned.findings.back().code, "more-findings");
  EXPECT_FALSE(warned.has_errors());
  EXPECT_TRUE(after("reporttype=\"1\"", "reporttype=\"x\"").has_errors());

  const ReadReport failed =
      read(little_endian(replaced(replaced(examples::kGeneric, "<MACHINEINFO", junk + "<MACHINEINFO"),
                                  "reporttype=\"1\"", "reporttype=\"x\"")));
  EXPECT_TRUE(failed.has_errors());
}

TEST(ReadReport, ShortensLongInputInMessages) {
  const ReadReport report = after("os=\"6.1.6561.2.0.0.256.1\"", "os=\"" + many("\xe2\x82\xac", 1000) + "\"");
  EXPECT_LT(only(report).message.size(), 200u);
  EXPECT_FALSE(find_invalid_utf8(only(report).message));
}

}  // namespace
}  // namespace wheatstone::cer
