#include "formats/cer/profile.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>

#include "formats/cer/report.hpp"
#include "formats/layout/utf16.hpp"
#include "tests/formats/cer/examples.hpp"

namespace wheatstone::cer {
namespace {

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

Buffer utf16(std::string_view text) {
  return utf8_to_utf16le("\ufeff" + std::string(text)).value();
}

Buffer after(std::string_view from, std::string_view to) {
  return utf16(replaced(examples::kKernelFault, from, to));
}

// For each code that a profile changes, a document that gives it and nothing else.
std::map<std::string_view, Buffer> documents() {
  const std::string text = examples::kKernelFault;
  const std::string utf8 = replaced(text, "UTF-16", "UTF-8");
  std::string turned = replaced(text, "<USERINFO username=\"Username\"/>\r\n", "");
  turned = replaced(turned, "<MACHINEINFO", "<USERINFO username=\"Username\"/>\r\n<MACHINEINFO");
  return {
      {"element-order", utf16(turned)},
      {"encoding-mismatch", utf16(utf8)},
      {"filetype-new", after("filetype=\"2\"", "filetype=\"6\"")},
      {"lcid-length", after("lcid=\"1033\"", "lcid=\"18441\"")},
      {"path-length", after("appname=\"Windows\" apppath=\"C:\\Windows\\System32\\WerFault.exe\"",
                            "appname=\"Windows\" apppath=\"" + std::string(257, 'p') + "\"")},
      {"unknown-attribute", after("lcid=\"1033\"", "lcid=\"1033\" edition=\"48\"")},
      {"unknown-element", after("<SIGNATURE>", "<INTEGRATOR/><SIGNATURE>")},
      {"utf8-document", Buffer(utf8.begin(), utf8.end())},
  };
}

TEST(Profile, IsFoundByName) {
  EXPECT_EQ(find_profile("spec"), Profile::spec);
  EXPECT_EQ(find_profile("windows"), Profile::windows);
  EXPECT_EQ(find_profile("Windows"), std::nullopt);
  EXPECT_EQ(find_profile(""), std::nullopt);
  for (const ProfileInfo& info : kProfiles) EXPECT_EQ(find_profile(to_string(info.profile)), info.profile);
}

TEST(Profile, ChangesNothingInSpec) {
  EXPECT_TRUE(changed_severities(Profile::spec).empty());
  EXPECT_EQ(severity_in(Profile::spec, "lcid-length", FindingSeverity::warning), FindingSeverity::warning);
}

TEST(Profile, MakesNotesOfWhatWindowsSends) {
  const auto made = documents();
  ASSERT_TRUE(std::ranges::equal(changed_severities(Profile::windows), made, {}, &CodeSeverity::code,
                                 [](const auto& document) { return document.first; }));
  for (const auto& [code, severity] : changed_severities(Profile::windows)) {
    SCOPED_TRACE(code);
    const Buffer& document = made.at(code);
    const auto spec = read_report(document);
    const auto windows = read_report(document, {}, Profile::windows);
    ASSERT_TRUE(spec && windows);
    EXPECT_EQ(spec->report, windows->report);
    ASSERT_EQ(spec->findings.size(), 1u);
    ASSERT_EQ(windows->findings.size(), 1u);
    EXPECT_EQ(spec->findings[0].code, code);
    EXPECT_EQ(windows->findings[0].code, code);
    EXPECT_EQ(spec->findings[0].severity, FindingSeverity::warning);
    EXPECT_EQ(windows->findings[0].severity, severity);
    EXPECT_EQ(severity, FindingSeverity::note);
  }
}

TEST(Profile, ForgivesNoBrokenDocument) {
  for (const auto& [from, to] : {std::pair{"lcid=\"1033\"", "lcid=\"\""},
                                 {"filetype=\"2\"", "filetype=\"11\""},
                                 {"filetype=\"2\"", "filetype=\"0\""},
                                 {"reporttype=\"4\"", "reporttype=\"5\""},
                                 {" os=\"6.1.6561.2.0.0.256.1\"", ""},
                                 {"\"Username\"", "\"&\""}}) {
    const Buffer document = after(from, to);
    const auto windows = read_report(document, {}, Profile::windows);
    ASSERT_TRUE(windows) << to;
    EXPECT_TRUE(windows->has_errors()) << to;
    EXPECT_TRUE(read_report(document)->has_errors()) << to;
  }
}

TEST(Profile, TakesTheVersionsOfNewWindowsInSilence) {
  const Buffer document = after("os=\"6.1.6561.2.0.0.256.1\"", "os=\"10.0.20348.2.0.0.272.7\"");
  for (const Profile profile : {Profile::spec, Profile::windows})
    EXPECT_TRUE(read_report(document, {}, profile)->findings.empty()) << to_string(profile);
}

// The findings that are left out have their severity in the profile too.
TEST(Profile, HoldsForWhatIsLeftOut) {
  std::string many;
  for (int i = 0; i < 300; ++i) many += "<A/>";
  const Buffer document = after("<SIGNATURE>", many + "<SIGNATURE>");
  const auto worst = [&](Profile profile) {
    const auto read = read_report(document, {}, profile);
    EXPECT_EQ(read->findings.back().code, "more-findings");
    return read->findings.back().severity;
  };
  EXPECT_EQ(worst(Profile::spec), FindingSeverity::warning);
  EXPECT_EQ(worst(Profile::windows), FindingSeverity::note);
}

}  // namespace
}  // namespace wheatstone::cer
