#include "harness/report/present.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "formats/layout/hex_dump.hpp"
#include "tests/harness/judge/story.hpp"

namespace wheatstone::report {
namespace {

using namespace judge::test;
using testing::HasSubstr;
using testing::Not;

Buffer bytes_of(std::string_view text) {
  return Buffer(text.begin(), text.end());
}

TEST(Present, ARecord) {
  const Buffer record = make_record(new_record(), cper::kSectionXpfMca, mca_section());
  const Presentation shown = present(record, false);
  EXPECT_EQ(shown.kind, FileKind::record);
  EXPECT_THAT(shown.text, HasSubstr("0xbea0000000000108"));
  EXPECT_THAT(present(record, true).text, HasSubstr("{\"Kind\":\"error record\",\"Record\":{"));
}

TEST(Present, ABrokenRecordWithItsFindings) {
  Buffer record = make_record(new_record(), cper::kSectionXpfMca, mca_section());
  record.resize(200);
  const Presentation shown = present(record, false);
  EXPECT_EQ(shown.kind, FileKind::record);
  EXPECT_THAT(shown.text, HasSubstr("Findings"));
  EXPECT_EQ(present(bytes_of("CPER"), false).kind, FileKind::record);
}

TEST(Present, AHexDumpOfARecord) {
  const Buffer record = make_record(new_record(), cper::kSectionXpfMca, mca_section());
  EXPECT_EQ(present(bytes_of(layout::write_hex_dump(record)), false).text, present(record, false).text);
}

TEST(Present, ADump) {
  const Presentation shown = present(crash_story()[kDump].bytes, false);
  EXPECT_EQ(shown.kind, FileKind::dump);
  EXPECT_THAT(present(crash_story()[kDump].bytes, true).text,
              HasSubstr("{\"Kind\":\"kernel crash dump\",\"Dump\":{"));
}

TEST(Present, ACabinetWithoutUnpackingIt) {
  const Presentation shown = present(crash_story()[kLevel2].bytes, false);
  EXPECT_EQ(shown.kind, FileKind::cabinet);
  EXPECT_THAT(shown.text, HasSubstr("Members : Version.txt (2 bytes)\n"));
  EXPECT_THAT(present(crash_story()[kLevel2].bytes, true).text,
              HasSubstr("\"Members\":[\"Mini011526-01.dmp ("));
}

TEST(Present, ALevel1Report) {
  const Presentation shown = present(crash_story()[kLevel1].bytes, false);
  EXPECT_EQ(shown.kind, FileKind::level1);
  EXPECT_THAT(shown.text, HasSubstr("EventType   : BlueScreen\n"));
  EXPECT_THAT(shown.text, HasSubstr("Signature   : BCCode = 124\n"));
  EXPECT_THAT(shown.text, Not(HasSubstr("Findings")));
}

TEST(Present, AnAnswerWithItsFindings) {
  const Presentation shown = present(bytes_of("Bucket = 500\r\nnonsense\r\nWQL=a;b\r\n"), false);
  EXPECT_EQ(shown.kind, FileKind::answer);
  EXPECT_THAT(shown.text, HasSubstr("Bucket : 500\n"));
  EXPECT_THAT(shown.text, HasSubstr("WQL    : a\n  WQL    : b\n"));
  EXPECT_THAT(shown.text, HasSubstr("Findings\n"));
  EXPECT_THAT(present(bytes_of("Bucket=500\r\n"), true).text,
              HasSubstr("{\"Kind\":\"answer\",\"Bucket\":\"500\",\"Findings\":[]}"));
}

TEST(Present, UnknownDataByItsHead) {
  const Presentation shown = present(Buffer(1000, 0xee), false);
  EXPECT_EQ(shown.kind, FileKind::unknown);
  EXPECT_THAT(shown.text, testing::StartsWith("unknown data, 1000 bytes\n"));
  EXPECT_THAT(shown.text, testing::EndsWith("...\n"));
  EXPECT_EQ(present(bytes_of("hello world\n"), false).kind, FileKind::unknown);
  EXPECT_EQ(present({}, false).kind, FileKind::unknown);
  EXPECT_EQ(present(Buffer{0xee}, true).text, "{\"Kind\":\"unknown\",\"Head\":\"ee\"}\n");
}

TEST(Present, WhatOnlyBeginsLikeAKnownFormatIsUnknown) {
  EXPECT_EQ(present(bytes_of("MSCF"), false).kind, FileKind::unknown);
  EXPECT_EQ(present(bytes_of("PAGEDU64"), false).kind, FileKind::unknown);
}

TEST(Present, NothingReachesTheTerminal) {
  const Presentation shown = present(bytes_of("Bucket=1\r\nResponse=http://x/\x1b[2J\r\n"), false);
  EXPECT_THAT(shown.text, Not(HasSubstr("\x1b")));
}

}  // namespace
}  // namespace wheatstone::report
