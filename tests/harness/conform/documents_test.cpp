// The documents that the suite sends, and how it breaks them.
#include "harness/conform/documents.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "formats/cer/report.hpp"
#include "tests/formats/cer/examples.hpp"

namespace wheatstone::conform {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(Documents, AreTheExamplesOfTheSpecification) {
  EXPECT_EQ(example_crash(), cer::examples::kApplicationFault);
  EXPECT_EQ(example_kernel(), cer::examples::kKernelFault);
  EXPECT_EQ(example_generic(), cer::examples::kGeneric);
}

TEST(Documents, AreLegalAndNoTwoAreTheSameEvent) {
  const std::string first = crash_document("MyType", 1).text(), second = crash_document("MyType", 2).text();
  EXPECT_NE(first, second);
  const auto read = cer::read_report(as_bytes(utf16(first)));
  ASSERT_TRUE(read) << read.error().text();
  EXPECT_TRUE(read->findings.empty()) << read->findings[0].message;
  EXPECT_EQ(read->report.event.eventtype, "MyType");
  EXPECT_EQ(read->report.parameters[7].value, "00000001");
}

TEST(Documents, LeaveOutEmptyParts) {
  Document document = crash_document("MyType", 1);
  document.files.clear();
  document.user = "<USERINFO/>";
  EXPECT_THAT(document.text("\n"), HasSubstr("\"1033\"/>\n<USERINFO/>\n<APPLICATIONINFO"));
  EXPECT_THAT(document.text(), Not(HasSubstr("FILES")));
}

TEST(Documents, LoseOneAttribute) {
  EXPECT_EQ(without_attribute("<A b=\"1\" c=\"2\"/>", "b"), "<A c=\"2\"/>");
  EXPECT_EQ(without_attribute("<A b=\"1\" c=\"2\"/>", "c"), "<A b=\"1\"/>");
  EXPECT_EQ(without_attribute("<A b=\"1\"/>", "x"), "<A b=\"1\"/>");
  EXPECT_EQ(replaced("abab", "b", "xy"), "axyab");
  EXPECT_EQ(replaced("abab", "c", "x"), "abab");
}

TEST(Documents, ComeInEveryFormOfUtf16) {
  const auto bytes = [](std::initializer_list<int> values) {
    std::string text;
    for (const int value : values) text += static_cast<char>(value);
    return text;
  };
  EXPECT_EQ(utf16("A\u20ac"), bytes({0xff, 0xfe, 'A', 0, 0xac, 0x20}));
  EXPECT_EQ(utf16("A\u20ac", Utf16::be), bytes({0xfe, 0xff, 0, 'A', 0x20, 0xac}));
  EXPECT_EQ(utf16("A", Utf16::le, Mark::without), bytes({'A', 0}));
  EXPECT_EQ(utf16("A", Utf16::be, Mark::without), bytes({0, 'A'}));
}

}  // namespace
}  // namespace wheatstone::conform
