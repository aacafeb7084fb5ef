#include "harness/report/present.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cctype>

#include "formats/document/examples.hpp"
#include "formats/document/make.hpp"
#include "formats/layout/hex_dump.hpp"
#include "formats/layout/yaml_text.hpp"
#include "tests/harness/judge/story.hpp"

namespace wheatstone::report {
namespace {

using namespace judge::test;
using testing::HasSubstr;
using testing::Not;

Buffer bytes_of(std::string_view text) {
  return Buffer(text.begin(), text.end());
}

struct Presentation {
  FileKind kind;
  std::string text;
};

Presentation present(Bytes bytes, bool json) {
  layout::TextBuffer out;
  const auto kind = present_to(out, bytes, View{.form = json ? Form::json : Form::text});
  return {kind.value(), std::string(out.view())};
}

std::string shown_as(Form form, Bytes bytes, std::string_view file = {}) {
  layout::TextBuffer out;
  const auto kind = present_to(out, bytes, View{.form = form, .address = 0x1000}, file);
  return kind ? std::string(out.view()) : kind.error().text() + std::string(out.view());
}

TEST(Present, ARecord) {
  const Buffer record = make_record(new_record(), cper::kSectionXpfMca, mca_section());
  const Presentation shown = present(record, false);
  EXPECT_EQ(shown.kind, FileKind::document);
  EXPECT_THAT(shown.text, HasSubstr("0xbea0000000000108"));
  EXPECT_THAT(present(record, true).text, HasSubstr("{\"Kind\":\"error record\",\"Record\":{"));
}

TEST(Present, ABrokenRecordWithItsFindings) {
  Buffer record = make_record(new_record(), cper::kSectionXpfMca, mca_section());
  record.resize(200);
  const Presentation shown = present(record, false);
  EXPECT_EQ(shown.kind, FileKind::document);
  EXPECT_THAT(shown.text, HasSubstr("Findings"));
  EXPECT_EQ(present(bytes_of("CPER"), false).kind, FileKind::document);
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

// No kind is listed here: a new one shows up by itself.
TEST(Present, EveryKindOfDocument) {
  for (const document::KindInfo& kind : document::kinds()) {
    const Buffer bytes = document::example(kind.kind);
    const auto document = document::Document::decode(kind.kind, bytes);
    for (const document::KindInfo* said : {&kind, static_cast<const document::KindInfo*>(nullptr)}) {
      layout::TextBuffer json;
      EXPECT_EQ(present_to(json, bytes, View{.form = Form::json, .kind = said}), FileKind::document);
      std::string start(kind.key.substr(0, 1));
      start.front() = static_cast<char>(std::toupper(start.front()));
      EXPECT_THAT(std::string(json.view()),
                  testing::StartsWith("{\"Kind\":\"" + std::string(kind.name) + "\",\"" + start));
      EXPECT_THAT(std::string(json.view()), Not(HasSubstr("_\":{")));
      layout::TextBuffer yaml;
      EXPECT_EQ(present_to(yaml, bytes, View{.form = Form::yaml, .kind = said}), FileKind::document);
      EXPECT_EQ(yaml.view(), layout::to_yaml(document::to_node(document)));
    }
  }
}

TEST(Present, YamlBelowTheNameOfItsFile) {
  const Buffer record = make_record(new_record(), cper::kSectionXpfMca, mca_section());
  const std::string alone = shown_as(Form::yaml, record);
  EXPECT_THAT(alone, testing::StartsWith("record:\n"));
  EXPECT_EQ(shown_as(Form::yaml, record, "a\n- b\x1b.cper"), "--- # a.- b..cper\n" + alone);
  EXPECT_EQ(shown_as(Form::yaml, bytes_of(layout::write_hex_dump(record))), alone);
}

TEST(Present, AsTheDebuggerPrintsThem) {
  const Buffer record = make_record(new_record(), cper::kSectionXpfMca, mca_section());
  const Buffer packet = document::example(document::Kind::packet);
  EXPECT_THAT(shown_as(Form::errrec, record), HasSubstr("Common Platform Error Record @ 0000000000001000\n"));
  EXPECT_THAT(shown_as(Form::errpkt, packet),
              HasSubstr("WHEA Error Packet Info Section (@ 0000000000001000)"));
  EXPECT_THAT(shown_as(Form::errrec, record, "a"), testing::StartsWith("==> a <==\n==="));
  EXPECT_EQ(shown_as(Form::errrec, packet), "this is no error record (it is of another kind: error packet)");
  EXPECT_EQ(shown_as(Form::errpkt, record, "a"),
            "this is no error packet (it is of another kind: error record)");
}

TEST(Present, WhatHasNoSuchFormIsAnErrorAndAppendsNothing) {
  EXPECT_THAT(
      shown_as(Form::yaml, bytes_of("hello world"), "a"),
      testing::StartsWith("unknown data: the file does not start like a document (known by their start: "
                          "error record, error packet"));
  EXPECT_THAT(shown_as(Form::yaml, {}, "a"), testing::StartsWith("the file is empty ("));
  EXPECT_EQ(shown_as(Form::errrec, bytes_of("0000: 4142\n0002: 4\n"), "a"), "two hex digits are expected");
}

TEST(Present, OnlyValidFields) {
  const Buffer record = document::example(document::Kind::record);
  layout::TextBuffer all;
  layout::TextBuffer valid;
  ASSERT_TRUE(present_to(all, record, View{.form = Form::json}));
  ASSERT_TRUE(present_to(valid, record, View{.form = Form::json, .detail = layout::Detail::valid}));
  EXPECT_LT(valid.size(), all.size());
  EXPECT_THAT(std::string(valid.view()), HasSubstr("\"Kind\":\"error record\""));
}

TEST(Present, BrokenTextIsUnknownAndSaysWhere) {
  const Buffer text = bytes_of("0000: 43504552\n0004: 10 02 f\n");
  const Presentation shown = present(text, false);
  EXPECT_EQ(shown.kind, FileKind::unknown);
  EXPECT_THAT(shown.text, testing::StartsWith("unknown data, 29 bytes\n"
                                              "text that is broken in line 2, column 13: two hex digits are "
                                              "expected\n0000: "));
  EXPECT_THAT(
      present(text, true).text,
      testing::StartsWith("{\"Kind\":\"unknown\",\"Line\":2,\"Column\":13,\"Error\":\"two hex digits are "
                          "expected\",\"Head\":\"30"));
}

// The bytes of text are shown, not the text, if a kind is said.
TEST(Present, TextOfAKindThatIsSaid) {
  const Buffer record = make_record(new_record(), cper::kSectionXpfMca, mca_section());
  const View view{.kind = document::find_kind("record")};
  layout::TextBuffer text;
  layout::TextBuffer bytes;
  ASSERT_TRUE(present_to(text, bytes_of(layout::write_hex_dump(record)), view));
  ASSERT_TRUE(present_to(bytes, record, view));
  EXPECT_EQ(text.view(), bytes.view());
}

}  // namespace
}  // namespace wheatstone::report
