// What the values of a record mean together.
#include "formats/document/explain.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "formats/document/examples.hpp"
#include "formats/document/locate.hpp"

namespace wheatstone::document {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::vector<std::string> explained(Kind kind, Bytes bytes) {
  return explain(Document::decode(kind, bytes));
}

TEST(Explain, SaysWhatABankSaysAndWhichBugCheckFollows) {
  const Buffer record = example(Kind::record);
  const auto lines = explained(Kind::record, record);
  ASSERT_FALSE(lines.empty());
  EXPECT_EQ(lines.front(), "XpfMca: bank 5");
  EXPECT_THAT(lines, Contains(HasSubstr("Error         : ")));
  EXPECT_THAT(lines, Contains("Bug check 0x124 WHEA_UNCORRECTABLE_ERROR where Windows cannot recover"));
  EXPECT_EQ(lines.back(), "  Arg1 0x0, Arg2 address of the record, Arg3 0xbea00000, Arg4 0x108");
  EXPECT_THAT(to_text(Document::decode(Kind::record, record)), HasSubstr("\nMeaning\n  XpfMca: bank 5\n"));
}

TEST(Explain, ACorrectedErrorRaisesNoBugCheck) {
  Buffer record = example(Kind::record);
  store(record, *locate(Document::decode(Kind::record, record), "Severity"), 2);
  for (const std::string& line : explained(Kind::record, record))
    EXPECT_THAT(line, ::testing::Not(HasSubstr("Bug check")));
}

TEST(Explain, HasNothingToSayWithoutABank) {
  EXPECT_THAT(explained(Kind::status_block, example(Kind::status_block)), IsEmpty());
  EXPECT_THAT(explained(Kind::record, Buffer(127, 0)), IsEmpty());
}

}  // namespace
}  // namespace wheatstone::document
