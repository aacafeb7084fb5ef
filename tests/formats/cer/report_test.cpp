#include "formats/cer/report.hpp"

#include <gtest/gtest.h>

#include "formats/layout/utf16.hpp"
#include "tests/formats/cer/examples.hpp"

namespace wheatstone::cer {
namespace {

// The text of a document after its byte order mark.
std::string text_of(const Buffer& document) {
  EXPECT_GE(document.size(), 2u);
  EXPECT_EQ(document[0], 0xff);
  EXPECT_EQ(document[1], 0xfe);
  const auto text = utf16le_to_utf8(Bytes(document).subspan(2));
  EXPECT_TRUE(text);
  return text.value_or("");
}

std::string written(const Report& report) {
  const auto document = write_report(report);
  EXPECT_TRUE(document) << document.error().text();
  return document ? text_of(*document) : "";
}

TEST(WriteReport, PrintsExample41And42ApplicationFault) {
  EXPECT_EQ(written(examples::application_fault()), examples::kApplicationFault);
}

TEST(WriteReport, PrintsExample43KernelFault) {
  EXPECT_EQ(written(examples::kernel_fault()), examples::kKernelFault);
}

TEST(WriteReport, PrintsExample44Generic) {
  EXPECT_EQ(written(examples::generic()), examples::kGeneric);
}

TEST(WriteReport, BeginsWithTheByteOrderMark) {
  const auto document = write_report(examples::generic());
  ASSERT_TRUE(document);
  EXPECT_EQ(Buffer(document->begin(), document->begin() + 8),
            (Buffer{0xff, 0xfe, 0x3c, 0, 0x3f, 0, 0x78, 0}));
}

TEST(WriteReport, PrintsOptionalAttributesWhereTheSchemaHasThem) {
  Report report = examples::generic();
  report.machine.oem = "Contoso";
  report.event.eventdescription = "why";
  const std::string text = written(report);
  EXPECT_NE(text.find("lcid=\"1033\" oem=\"Contoso\"/>"), std::string::npos);
  EXPECT_NE(text.find("friendlyeventname=\"MikeTest\" eventdescription=\"why\"/>"), std::string::npos);
}

TEST(WriteReport, EscapesWhatAnAttributeCannotHold) {
  Report report = examples::generic();
  report.username = "<a> & \"b\" 'c'\t\r\n\xf0\x9f\x98\x80";
  EXPECT_NE(
      written(report).find("username=\"&lt;a&gt; &amp; &quot;b&quot; 'c'&#9;&#13;&#10;\xf0\x9f\x98\x80\"/>"),
      std::string::npos);
}

TEST(WriteReport, RefusesTextThatXmlCannotCarry) {
  for (const std::string& bad : {std::string("a\x01"), std::string("a\0b", 3), std::string("\x80"),
                                 std::string("\xed\xa0\x80"), std::string("\xef\xbf\xbf")}) {
    Report report = examples::generic();
    report.machine.machinename = bad;
    const auto document = write_report(report);
    ASSERT_FALSE(document);
    EXPECT_EQ(document.error().kind, ErrorKind::invalid_argument);
    EXPECT_EQ(document.error().where.path, "MACHINEINFO/@machinename");
  }
}

TEST(WriteReport, WritesRuleBreakersSoThatAServerCanBeTested) {
  Report report = examples::generic();
  report.parameters.assign(11, {12, std::nullopt, "x"});
  report.files.emplace();
  const std::string text = written(report);
  EXPECT_NE(text.find("<PARAMETER id=\"12\" value=\"x\"/>"), std::string::npos);
  EXPECT_NE(text.find("<FILES>\r\n</FILES>\r\n"), std::string::npos);
}

TEST(Report, FindsParametersByName) {
  const Report crash = examples::application_fault();
  EXPECT_EQ(crash.parameter("Exception Code"), "c0000005");
  EXPECT_EQ(crash.parameter("BCCode"), std::nullopt);
  EXPECT_EQ(examples::kernel_fault().parameter("BCCode"), "f4");
}

}  // namespace
}  // namespace wheatstone::cer
