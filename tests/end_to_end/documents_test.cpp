// The verbs about documents as a user meets them: make, describe, schema.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "formats/document/make.hpp"
#include "formats/layout/yaml_text.hpp"
#include "tests/end_to_end/program.hpp"
#include "tests/harness/run/temporary_folder.hpp"
#include "tests/support/records.hpp"

namespace wheatstone {
namespace {

using test::Finished;
using test::TemporaryFolder;
using testing::HasSubstr;

std::string yaml_of(const Buffer& bytes) {
  return layout::to_yaml(document::to_node(document::Document::decode(document::Kind::record, bytes)));
}

TEST(MakeVerb, MakesWhatTheYamlSays) {
  for (const char* name : test::kRealRecords) {
    const Buffer bytes = test::load_record(name);
    const Finished made = test::wheatstone({"make", "-"}, yaml_of(bytes));
    EXPECT_EQ(made.code, 0) << made.err;
    EXPECT_EQ(layout::hex_text(as_bytes(made.out)), layout::hex_text(bytes)) << name << "\n"
                                                                             << yaml_of(bytes);
  }
}

TEST(MakeVerb, MakesWhatAPersonWrites) {
  const TemporaryFolder folder;
  const std::string yaml =
      "record:\n"
      "  profile: win11-24H2\n"
      "  Header: {Severity: Fatal, NotifyType: MCE, Timestamp: 2026-01-15T08:00:00Z}\n"
      "  Sections:\n"
      "    - Type: XpfMca\n"
      "      Descriptor: {Flags: [Primary], SectionSeverity: Fatal}\n"
      "      Body: {ProcessorNumber: 12, BankNumber: 5, Status: 0xbea0000000000108}\n"
      "    - Type: 00000000-0000-0000-0000-000000000001\n"
      "      Bytes: \"01 02 03\"\n";
  const Finished made = test::wheatstone({"make", "-", "--out", (folder.path() / "a.cper").string()}, yaml);
  EXPECT_EQ(made.code, 0) << made.err;
  const Finished shown = test::wheatstone({"show", (folder.path() / "a.cper").string()});
  EXPECT_EQ(shown.code, 0) << shown.err;
  EXPECT_THAT(shown.out, HasSubstr("Fatal (1)"));
  EXPECT_THAT(shown.out, HasSubstr("0xbea0000000000108"));
  EXPECT_THAT(shown.out, HasSubstr("010203"));
  const Finished hex = test::wheatstone({"make", "--hex", "-"}, yaml);
  EXPECT_THAT(hex.out, testing::StartsWith("0000: 43504552"));
}

TEST(MakeVerb, MistakesHaveTheirPlace) {
  const Finished wrong =
      test::wheatstone({"make", "-"}, "record:\n  Sections:\n    - Type: XpfMca\n      Body: {Statsu: 1}\n");
  EXPECT_EQ(wrong.code, 2);
  EXPECT_THAT(wrong.err,
              HasSubstr("standard input:4:14: XpfMca has no field 'Statsu' (did you mean 'Status'?)"));
  EXPECT_EQ(test::wheatstone({"make", "/nowhere.yaml"}).code, 3);
  EXPECT_EQ(test::wheatstone({"make", "-", "--out", "/nowhere/a"}, "record: {}\n").code, 3);
}

TEST(DescribeVerb, PrintsPages) {
  EXPECT_THAT(test::wheatstone({"describe", "Nmi"}).out, HasSubstr("HypervisorError"));
  EXPECT_THAT(test::wheatstone({"describe", "--all"}).out, HasSubstr("WHEA_XPF_MCA_SECTION"));
  EXPECT_THAT(test::wheatstone({"describe", "--list"}).out, HasSubstr("section XpfMca"));
  EXPECT_EQ(test::wheatstone({"describe"}).code, 2);
  const Finished unknown = test::wheatstone({"describe", "XpfMcb"});
  EXPECT_EQ(unknown.code, 2);
  EXPECT_THAT(unknown.err, HasSubstr("did you mean 'XpfMca'?"));
}

TEST(DiffVerb, TellsFieldsThatDiffer) {
  const TemporaryFolder folder;
  Buffer bytes = test::load_record("multiple1");
  const std::string a = (folder.path() / "a").string();
  const std::string b = (folder.path() / "b").string();
  folder.write("a", as_text(bytes));
  folder.write("b", as_text(bytes));
  const Finished same = test::wheatstone({"diff", a, b});
  EXPECT_EQ(same.code, 0) << same.err;
  EXPECT_EQ(same.out, "");
  bytes[12] = 2;
  bytes[0x2c0] = 12;
  folder.write("b", layout::write_hex_dump(bytes));
  const Finished changed = test::wheatstone({"diff", a, b});
  EXPECT_EQ(changed.code, 1);
  EXPECT_EQ(changed.out,
            "Severity               : Fatal (1) -> Corrected (2)\n"
            "XpfMca.ProcessorNumber : 11 -> 12\n");
  EXPECT_EQ(test::wheatstone({"diff", "--json", a, b}).out,
            R"x([{"Path":"Severity","Left":"Fatal (1)","Right":"Corrected (2)"},)x"
            R"x({"Path":"XpfMca.ProcessorNumber","Left":"11","Right":"12"}])x"
            "\n");
  folder.write("c", "no document at all, but text");
  EXPECT_EQ(test::wheatstone({"diff", a, (folder.path() / "c").string()}).code, 2);
  EXPECT_EQ(test::wheatstone({"diff", a, "/nowhere"}).code, 3);
  EXPECT_THAT(test::wheatstone({"diff", "-", "-"}, "x").err, HasSubstr("both inputs are standard input"));
}

TEST(DefectsVerb, ListsAndWritesThem) {
  EXPECT_THAT(test::wheatstone({"defects"}).out, HasSubstr("breaks UEFI N.2.1; lint says bad-signature"));
  const TemporaryFolder folder;
  const Finished written = test::wheatstone({"defects", "--out", (folder.path() / "broken").string()});
  EXPECT_EQ(written.code, 0) << written.err;
  const auto files = TemporaryFolder::files(folder.path() / "broken");
  EXPECT_GE(files.size(), 60u);
  EXPECT_EQ(files.at("record-cut-header.bin").size(), 127u);
  EXPECT_EQ(files.at("good-record.bin").substr(0, 4), "CPER");
  EXPECT_EQ(test::wheatstone({"defects", "--out", "/dev/null/x"}).code, 3);
}

TEST(SchemaVerb, PrintsTheSchemaOfEachKind) {
  EXPECT_THAT(test::wheatstone({"schema", "record"}).out, HasSubstr("\"title\":\"error record\""));
  EXPECT_THAT(test::wheatstone({"schema", "packet"}).out, HasSubstr("ErrorPacketV2"));
  EXPECT_EQ(test::wheatstone({"schema", "recrod"}).code, 2);
}

}  // namespace
}  // namespace wheatstone
