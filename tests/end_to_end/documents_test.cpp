// The verbs about documents as a user meets them: make, describe, schema.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "formats/cper/section.hpp"
#include "formats/document/defects.hpp"
#include "formats/document/examples.hpp"
#include "formats/document/make.hpp"
#include "formats/layout/hex_dump.hpp"
#include "formats/layout/yaml_text.hpp"
#include "tests/end_to_end/program.hpp"
#include "tests/harness/run/temporary_folder.hpp"
#include "tests/support/records.hpp"

namespace wheatstone {
namespace {

using test::Finished;
using test::TemporaryFolder;
using testing::HasSubstr;
using testing::Not;

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

// The bytes that a defect makes of the good example of its kind.
Buffer broken(const document::Defect& defect, std::optional<std::uint64_t> value = {}) {
  return document::break_document(defect, document::example_for(defect), value).value();
}

Buffer broken(std::string_view defect, std::optional<std::uint64_t> value = {}) {
  return broken(*document::find_defect(defect), value);
}

std::string text_of(const Buffer& bytes) {
  return std::string(as_text(bytes));
}

TEST(MakeVerb, BreaksTheExampleWithoutAFile) {
  const document::Defect* before = nullptr;
  for (const document::Defect& defect : document::defects()) {
    if (before != nullptr && before->kind == defect.kind) continue;  // one of each kind
    before = &defect;
    const Finished made = test::wheatstone({"make", "--defect", std::string(defect.name)});
    EXPECT_EQ(made.code, 0) << made.err;
    EXPECT_EQ(made.out, text_of(broken(defect))) << defect.name;
  }
}

TEST(MakeVerb, BreaksWhatItIsGiven) {
  const Buffer bytes = test::load_record("multiple1");
  const document::Defect& defect = *document::find_defect("record-length-beyond");
  const std::string expected = text_of(document::break_document(defect, bytes, 5000).value());
  for (const std::string& input : {text_of(bytes), yaml_of(bytes), layout::write_hex_dump(bytes)}) {
    EXPECT_EQ(test::wheatstone({"make", "--defect", "record-length-beyond=5000", "-"}, input).out, expected);
    EXPECT_EQ(test::wheatstone({"make", "--defect=record-length-beyond=0x1388", "-"}, input).out, expected);
  }
  const Finished twice =
      test::wheatstone({"make", "--defect", "record-severity", "--defect", "record-trailing"});
  const auto once = broken("record-severity");
  EXPECT_EQ(twice.out,
            text_of(document::break_document(*document::find_defect("record-trailing"), once).value()))
      << twice.err;
}

TEST(MakeVerb, MistakesAboutDefects) {
  const auto complaint = [](const std::vector<std::string>& words, const std::string& input = {}) {
    const Finished made = test::wheatstone(words, input);
    EXPECT_EQ(made.code, 2);
    EXPECT_EQ(made.out, "");
    return made.err;
  };
  EXPECT_EQ(complaint({"make", "--defect", "record-lenght-beyond"}),
            "wheatstone: there is no defect 'record-lenght-beyond' (did you mean 'record-length-beyond'? "
            "'wheatstone defects' lists them)\n");
  EXPECT_EQ(complaint({"make", "--defect", "nothing-like-it"}),
            "wheatstone: there is no defect 'nothing-like-it' ('wheatstone defects' lists them)\n");
  for (const char* value : {"", "x", "-1", "1 ", "0x", "18446744073709551616"})
    EXPECT_THAT(complaint({"make", "--defect", std::string("record-length-beyond=") + value}),
                HasSubstr("is no value for record-length-beyond (a number is expected"));
  EXPECT_THAT(complaint({"make", "--defect", "packet-cut", "-"}, text_of(test::load_record("pcie"))),
              HasSubstr("standard input: packet-cut cannot be put in here: this is no error packet"));
  EXPECT_THAT(complaint({"make", "--defect", "record-severity", "-"}, "record: {Heder: {}}\n"),
              HasSubstr("standard input:1:10: "));
  EXPECT_THAT(complaint({"make", "--defect", "record-severity", "-"}, "0000: 43504552\n0004: 1\n"),
              HasSubstr("standard input:2:7: two hex digits are expected"));
  EXPECT_THAT(complaint({"make"}), HasSubstr("make needs a FILE"));
  EXPECT_EQ(test::wheatstone({"make", "--defect", "record-severity", "/nowhere"}).code, 3);
}

// `show --yaml f | make -` gives the same bytes, of every sample and every defect. One stream of each kind,
// taken apart again.
TEST(ShowVerb, YamlGivesTheSameBytesAgain) {
  for (const document::KindInfo& kind : document::kinds()) {
    std::map<std::string, Buffer> files;
    files.emplace("example", document::example(kind.kind));
    if (kind.kind == document::Kind::record) {
      for (const char* name : test::kRealRecords) files.emplace(name, test::load_record(name));
      for (const char* name : test::kSyntheticRecords) files.emplace(name, test::load_record(name));
    }
    for (const document::Defect& defect : document::defects())
      if (defect.kind == kind.kind) files.emplace(defect.name, broken(defect));
    const TemporaryFolder folder;
    for (const auto& [name, bytes] : files) folder.write(name, as_text(bytes));
    const Finished shown = test::wheatstone({"show", "--yaml", "--as", std::string(kind.key), folder.path()});
    ASSERT_EQ(shown.code, 0) << shown.err;
    std::size_t at = 0;
    for (const auto& [name, bytes] : files) {
      const std::size_t end = std::min(shown.out.find("\n--- # ", at), shown.out.size() - 1) + 1;
      const std::string yaml = shown.out.substr(at, end - at);
      at = end;
      ASSERT_THAT(yaml, testing::StartsWith("--- # " + (folder.path() / name).string() + "\n"));
      const Finished made = test::wheatstone({"make", "-"}, yaml);
      EXPECT_EQ(made.code, 0) << name << made.err;
      EXPECT_EQ(layout::hex_text(as_bytes(made.out)), layout::hex_text(bytes)) << name << "\n" << yaml;
    }
    EXPECT_EQ(at, shown.out.size());
  }
}

TEST(ShowVerb, SeveralFilesAreAStreamOfYamlDocuments) {
  const TemporaryFolder folder;
  folder.write("a.cper", text_of(test::load_record("pcie")));
  folder.write("b.hex", layout::write_hex_dump(broken("packet-cut")));
  folder.write("c", "hello world");
  const Finished shown = test::wheatstone({"show", "--yaml", folder.path()});
  EXPECT_EQ(shown.code, 2);
  const std::string below = folder.path().string() + "/";
  const std::string first = "--- # " + below + "a.cper\n";
  const std::string second = "--- # " + below + "b.hex\n";
  ASSERT_THAT(shown.out, testing::StartsWith(first));
  const std::size_t at = shown.out.find(second);
  ASSERT_NE(at, std::string::npos);
  EXPECT_EQ(test::wheatstone({"make", "-"}, shown.out.substr(0, at)).out, text_of(test::load_record("pcie")));
  EXPECT_EQ(test::wheatstone({"make", "-"}, shown.out.substr(at)).out, text_of(broken("packet-cut")));
  EXPECT_THAT(shown.err, HasSubstr("wheatstone: " + below + "c: unknown data"));
  EXPECT_THAT(shown.err, HasSubstr("2 files shown, 1 unknown, 0 unreadable\n"));
  EXPECT_THAT(test::wheatstone({"make", "-"}, shown.out).err, HasSubstr("a second document begins here"));
}

TEST(ShowVerb, YamlOfFilesWithAnyNameIsYaml) {
  const TemporaryFolder folder;
  folder.write("a\xff\n- b\x1b", text_of(test::load_record("pcie")));
  const Finished shown = test::wheatstone({"show", "--yaml", folder.path()});
  EXPECT_THAT(shown.out, HasSubstr("/a..- b.\nrecord:\n"));
  EXPECT_EQ(test::wheatstone({"make", "-"}, shown.out).out, text_of(test::load_record("pcie")));
}

TEST(ShowVerb, AsTheDebuggerPrintsThem) {
  const std::string record = text_of(test::load_record("multiple1"));
  const std::string packet = text_of(document::example(document::Kind::packet));
  const Finished shown =
      test::wheatstone({"show", "--errrec", "--address", "0xfffffa8004a3a028", "-"}, record);
  EXPECT_EQ(shown.code, 0) << shown.err;
  EXPECT_THAT(shown.out, HasSubstr("Common Platform Error Record @ fffffa8004a3a028\n"));
  EXPECT_THAT(test::wheatstone({"show", "--errpkt", "-"}, packet).out,
              HasSubstr("WHEA Error Packet Info Section (@ 0000000000000000)"));
  const Finished wrong = test::wheatstone({"show", "--errrec", "-"}, packet);
  EXPECT_EQ(wrong.code, 2);
  EXPECT_EQ(wrong.out, "");
  EXPECT_EQ(wrong.err, "wheatstone: -: this is no error record (it is of another kind: error packet)\n");
  EXPECT_EQ(test::wheatstone({"show", "--errrec", "--address", "zz", "-"}, record).code, 2);
  EXPECT_EQ(test::wheatstone({"show", "--address", "1", "-"}, record).code, 2);
}

TEST(ShowVerb, OnlyValidFieldsInJson) {
  const std::string record = text_of(test::load_record("multiple1"));
  const Finished all = test::wheatstone({"show", "--json", "-"}, record);
  const Finished valid = test::wheatstone({"show", "--json", "--valid", "-"}, record);
  EXPECT_EQ(valid.code, 0) << valid.err;
  EXPECT_LT(valid.out.size(), all.out.size() * 3 / 4);
  EXPECT_THAT(test::wheatstone({"show", "--valid", "-"}, record).err, HasSubstr("--valid requires --json"));
}

TEST(ShowVerb, ReadsSectionsAsOthersDo) {
  const std::string record = text_of(test::load_record("dmargeneric"));
  const auto shown = [&](std::vector<std::string> words) {
    words.insert(words.begin(), "show");
    words.insert(words.end(), {"--reading", "DmarGeneric:LIBCPER", "-"});
    const Finished finished = test::wheatstone(words, record);
    EXPECT_EQ(finished.code, 0) << finished.err;
    return finished.out;
  };
  for (const std::vector<std::string>& form :
       std::vector<std::vector<std::string>>{{}, {"--json"}, {"--yaml"}}) {
    std::vector<std::string> usual = {"show", "-"};
    usual.insert(usual.end(), form.begin(), form.end());
    EXPECT_NE(shown(form), test::wheatstone(usual, record).out);
  }
  EXPECT_THAT(shown({"--yaml"}), HasSubstr("readings: [\"DmarGeneric:LIBCPER\"]\n"));
  EXPECT_THAT(shown({"--yaml"}), Not(HasSubstr("patch:")));
  EXPECT_EQ(test::wheatstone({"make", "-"}, shown({"--yaml"})).out, record);
}

// With any reading, of every section that has one.
TEST(ShowVerb, YamlOfAnyReadingGivesTheSameBytesAgain) {
  for (const cper::Reading& reading : cper::section_readings()) {
    const std::string name = std::string(reading.section) + ":" + std::string(reading.name);
    for (const char* sample : {"multiple1", "dmargeneric"}) {
      const std::string record = text_of(test::load_record(sample));
      const Finished yaml = test::wheatstone({"show", "--yaml", "--reading", name, "-"}, record);
      EXPECT_EQ(yaml.code, 0) << name << yaml.err;
      EXPECT_THAT(yaml.out, Not(HasSubstr("patch:"))) << name;
      EXPECT_EQ(test::wheatstone({"make", "-"}, yaml.out).out, record) << name;
    }
  }
}

TEST(ShowVerb, MistakesAboutReadings) {
  const Finished unknown = test::wheatstone({"show", "--reading", "DmarGeneric:LIBCPR", "-"}, "x");
  EXPECT_EQ(unknown.code, 2);
  EXPECT_THAT(unknown.err, HasSubstr("there is no reading 'DmarGeneric:LIBCPR' (did you mean "
                                     "'DmarGeneric:LIBCPER'? there are ArmProcessor:"));
  EXPECT_THAT(test::wheatstone(
                  {"show", "--reading", "ArmProcessor:Linux", "--reading", "ArmProcessor:LIBCPER", "-"}, "x")
                  .err,
              HasSubstr("are two readings of the same bytes"));
  EXPECT_THAT(test::wheatstone({"make", "-"}, "record: {readings: [a:b]}\n").err,
              HasSubstr("standard input:1:21: there is no reading 'a:b' (there are ArmProcessor:"));
}

TEST(ShowVerb, FormsThatExcludeEachOther) {
  for (const char* form : {"--yaml", "--errrec", "--errpkt"}) {
    const Finished both = test::wheatstone({"show", "--json", form, "-"}, "x");
    EXPECT_EQ(both.code, 2);
    EXPECT_THAT(both.err, testing::AllOf(HasSubstr("excludes"), HasSubstr(form))) << form;
  }
  EXPECT_EQ(test::wheatstone({"show", "--errpkt", "--reading", "ArmProcessor:Linux", "-"}, "x").code, 2);
  EXPECT_EQ(test::wheatstone({"show", "--as", "recrod", "-"}, "x").code, 2);
}

TEST(ShowVerb, BrokenTextSaysWhere) {
  const Finished shown = test::wheatstone({"show", "-"}, "0000: 43504552\n0004: 10 02 f\n");
  EXPECT_EQ(shown.code, 2);
  EXPECT_THAT(shown.out,
              HasSubstr("text that is broken in line 2, column 13: two hex digits are expected\n"));
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
  EXPECT_THAT(test::wheatstone({"defects"}).out, HasSubstr("VALUE: Length, 0x"));
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
