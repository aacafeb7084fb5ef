// Steps that inject a whole document: by its fields, or broken by name.
#include "harness/scenario/injected_document.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "formats/cper/header.hpp"
#include "formats/document/examples.hpp"
#include "formats/document/make.hpp"
#include "formats/layout/yaml_text.hpp"
#include "harness/scenario/yaml.hpp"
#include "tests/harness/scenario/load.hpp"

namespace wheatstone::scenario {
namespace {

using document::Kind;
using inject::InjectedPacket;
using inject::InjectedRecord;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

std::string step(std::string_view inject) {
  return fmt::format("title: t\nsteps:\n  - inject: {}\n", inject);
}

template <class T>
T injected(std::string_view inject, const Files& files = {}) {
  const Loaded loaded = load(step(inject), files);
  if (!loaded) {
    ADD_FAILURE() << loaded.error().front().text();
    return {};
  }
  const auto& injection = std::get<inject::Injection>(loaded->steps.at(0).what);
  if (const auto* found = std::get_if<T>(&injection)) return *found;
  ADD_FAILURE() << "not that kind of injection: " << inject;
  return {};
}

std::vector<std::string> mistakes(std::string_view inject, const Files& files = {}) {
  return errors(step(inject), files);
}

constexpr std::string_view kRecord =
    "record: {Header: {Severity: Corrected, NotifyType: PCIe}, Sections: [{Type: PciExpress, Body: "
    "{PortType: "
    "RootPort}}]}";
constexpr std::string_view kPacket =
    "packet: {Type: ErrorPacketV2, Body: {ErrorSeverity: Corrected, ErrorSourceType: Generic}}";

TEST(InjectedDocument, DefectGoesIntoTheExampleOfItsKind) {
  const auto record = injected<InjectedRecord>("{defect: record-severity}");
  EXPECT_EQ(record.record, *document::break_document(*document::find_defect("record-severity"),
                                                     document::example(Kind::record)));
  EXPECT_EQ(record.source, whea::ErrorSourceType::mce) << "by the NotifyType of the example";
  EXPECT_TRUE(record.broken);
  const auto packet = injected<InjectedPacket>("{defect: packet-cut}");
  EXPECT_EQ(packet.packet.size(), 79u);
  EXPECT_TRUE(packet.broken);
}

TEST(InjectedDocument, ValueGoesInPlaceOfTheCatalogues) {
  const auto record = injected<InjectedRecord>("{defect: record-severity, value: 0x1234}");
  EXPECT_EQ(load_le<std::uint32_t>(&record.record[12]), 0x1234u);
}

TEST(InjectedDocument, DefectGoesIntoWhatIsWrittenBesideIt) {
  const auto record = injected<InjectedRecord>(fmt::format("{{defect: record-length-beyond, {}}}", kRecord));
  ASSERT_EQ(record.record.size(), 128u + 72 + 208);
  EXPECT_EQ(load_le<std::uint32_t>(&record.record[20]), 409u);
  EXPECT_EQ(record.source, whea::ErrorSourceType::pcie);
  const auto packet = injected<InjectedPacket>(fmt::format("{{defect: packet-version, {}}}", kPacket));
  ASSERT_EQ(packet.packet.size(), 80u);
  EXPECT_EQ(load_le<std::uint32_t>(&packet.packet[4]), 9u);
}

TEST(InjectedDocument, DefectGoesIntoAFile) {
  const Buffer example = document::example(Kind::record);
  const Files files = {{"a.cper", std::string(as_text(example))}};
  const auto broken = injected<InjectedRecord>("{defect: record-cut-body, file: a.cper}", files);
  EXPECT_EQ(broken.record, Buffer(example.begin(), example.end() - 1));
  EXPECT_THAT(mistakes("{defect: record-cut-body, file: b.cper}", files),
              ElementsAre("name.yaml:3:45: steps[0].inject.file: there is no such file"));
  EXPECT_THAT(mistakes("{defect: record-cut-body, hex: '00'}"),
              ElementsAre(HasSubstr("name.yaml:3:22: steps[0].inject: record-cut-body cannot be put in here: "
                                    "this is no error record")));
}

// The notify type that the record had before the defect says the source.
TEST(InjectedDocument, SourceIsThatOfTheRecord) {
  EXPECT_EQ(injected<InjectedRecord>("{defect: record-notify-unknown}").source, whea::ErrorSourceType::mce);
  EXPECT_EQ(injected<InjectedRecord>("{defect: record-severity, source: CMC}").source,
            whea::ErrorSourceType::cmc);
  EXPECT_EQ(injected<InjectedRecord>("{record: {}}").source, whea::ErrorSourceType::boot)
      << "the null GUID belongs to no source";
  EXPECT_THAT(mistakes("{defect: packet-cut, source: MCE}"),
              ElementsAre("name.yaml:3:42: steps[0].inject: a packet says its source itself (set "
                          "ErrorSourceType in the packet's Body)"));
}

TEST(InjectedDocument, ByFields) {
  const auto record = injected<InjectedRecord>(fmt::format("{{{}}}", kRecord));
  EXPECT_EQ(record.record.size(), 408u);
  EXPECT_FALSE(record.broken);
  const auto packet = injected<InjectedPacket>(fmt::format("{{{}}}", kPacket));
  EXPECT_EQ(packet.packet.size(), 80u);
  EXPECT_FALSE(packet.broken);
}

TEST(InjectedDocument, LengthAndPatchBreakOnPurpose) {
  const auto longer = injected<InjectedRecord>(fmt::format("{{{}, length: 410}}", kRecord));
  EXPECT_EQ(longer.record.size(), 410u);
  EXPECT_TRUE(longer.broken);
  const auto patched =
      injected<InjectedPacket>(fmt::format("{{{}, patch: [{{offset: 78, hex: 'beef'}}]}}", kPacket));
  EXPECT_EQ(load_le<std::uint16_t>(&patched.packet[78]), 0xefbe);
  EXPECT_TRUE(patched.broken);
}

// What `show --yaml` prints of any document is a scenario's step.
TEST(InjectedDocument, TakesTheTreeOfAnyRecordAndPacket) {
  for (const std::string_view name : injectable_defects()) {
    const document::Defect& defect = *document::find_defect(name);
    const Buffer broken = *document::break_document(defect, document::example_for(defect));
    const layout::Node tree = document::to_node(document::Document::decode(defect.kind, broken));
    const auto read = parse_yaml(layout::to_yaml(tree));
    ASSERT_TRUE(read) << name << ": " << read.error().text();
    const auto made = injected_document(*read, nullptr);
    ASSERT_TRUE(made) << name << ": " << made.error().text();
    const auto* record = std::get_if<InjectedRecord>(&*made);
    EXPECT_EQ(record != nullptr ? record->record : std::get<InjectedPacket>(*made).packet, broken) << name;
  }
}

TEST(InjectedDocument, UnknownDefect) {
  EXPECT_THAT(mistakes("{defect: record-lenght-beyond}"),
              ElementsAre("name.yaml:3:22: steps[0].inject.defect: there is no defect 'record-lenght-beyond' "
                          "(did you mean 'record-length-beyond'?)"));
  EXPECT_THAT(mistakes("{defect: x}"),
              ElementsAre(HasSubstr("there is no defect 'x' ('wheatstone defects'")));
  EXPECT_THAT(mistakes("{defect: [a]}"),
              ElementsAre(HasSubstr("'defect' needs the name of a defect, not a list")));
}

TEST(InjectedDocument, DefectThatNoTargetTakes) {
  for (const document::Defect& defect : document::defects()) {
    const bool listed = std::ranges::count(injectable_defects(), defect.name) == 1;
    EXPECT_EQ(listed, defect.kind == Kind::record || defect.kind == Kind::packet) << defect.name;
    if (listed) continue;
    EXPECT_THAT(mistakes(fmt::format("{{defect: {}}}", defect.name)),
                ElementsAre(HasSubstr(fmt::format("'{}' is a defect of another kind of document ({}), which "
                                                  "cannot be injected",
                                                  defect.name, document::info(defect.kind).name))));
  }
}

TEST(InjectedDocument, DefectOfAnotherDocument) {
  EXPECT_THAT(
      mistakes(fmt::format("{{defect: record-severity, {}}}", kPacket)),
      ElementsAre("name.yaml:3:22: steps[0].inject: 'record-severity' is a defect of an error record, "
                  "not of an error packet"));
  EXPECT_THAT(
      mistakes(fmt::format("{{defect: mca-version, {}}}", kRecord)),
      ElementsAre(HasSubstr("name.yaml:3:22: steps[0].inject: mca-version cannot be put in here: there "
                            "is no XpfMca.VersionNumber")));
}

TEST(InjectedDocument, FieldThatIsNot) {
  EXPECT_THAT(mistakes("{record: {Header: {Sevrity: 1}}}"),
              ElementsAre("name.yaml:3:32: steps[0].inject: RecordHeader has no field 'Sevrity' (did you "
                          "mean 'Severity'?)"));
  EXPECT_THAT(mistakes("{packet: {Type: ErrorPacketV2, Body: {Sauce: 1}}}"),
              ElementsAre(HasSubstr("'Sauce'")));
  EXPECT_THAT(mistakes("{packet: {Type: ErrorPacketV3}}"),
              ElementsAre(HasSubstr("name.yaml:3:29: steps[0].inject: there is no error packet "
                                    "'ErrorPacketV3'")));
  EXPECT_THAT(mistakes("{record: {Sections: [{Type: XpfMcA}]}}"),
              ElementsAre(HasSubstr("did you mean 'XpfMca'?")));
}

TEST(InjectedDocument, KeyThatIsNot) {
  EXPECT_THAT(mistakes("{defekt: record-severity}"),
              ElementsAre(HasSubstr("'defect' needs the key 'defect'"),
                          "name.yaml:3:14: steps[0].inject.defekt: unknown key 'defekt' in 'defect' (did you "
                          "mean 'defect'?)"));
  EXPECT_THAT(mistakes("{rekord: {}}"),
              ElementsAre(HasSubstr("unknown key 'rekord' in 'document' (did you mean "
                                    "'record'?)")));
  EXPECT_THAT(mistakes("{defect: record-severity, severity: Fatal}"),
              ElementsAre(HasSubstr("unknown key 'severity' in 'defect'")));
  EXPECT_THAT(
      mistakes("{defect: record-severity, length: 1}"),
      ElementsAre("name.yaml:3:39: steps[0].inject: 'length' needs a 'record' or 'packet' beside it (it "
                  "changes what was made from fields)"));
  EXPECT_THAT(mistakes(fmt::format("{{{}, {}}}", kRecord, kPacket)),
              ElementsAre(HasSubstr("'packet' beside 'record'")));
  EXPECT_THAT(mistakes("[]"),
              ElementsAre("name.yaml:3:13: steps[0].inject: 'inject' needs a map, not a list"));
}

TEST(InjectedDocument, IsBounded) {
  EXPECT_THAT(mistakes(fmt::format("{{{}, length: 1048577}}", kRecord)),
              ElementsAre(HasSubstr("0 to 1048576 are taken")));
  EXPECT_THAT(
      mistakes("{record: {Sections: [{Type: Nmi, Descriptor: {SectionOffset: 2000000}, Body: {}}]}}"),
      ElementsAre("name.yaml:3:13: steps[0].inject: the error record has 2000012 bytes (at most 1048576 "
                  "can be injected)"));
  std::string many = "title: t\nsteps:\n";
  for (int i = 0; i < 50; ++i) many += "  - inject: {defect: section-bodies-overlaid, value: 65535}\n";
  EXPECT_THAT(errors(many), SizeIs(10)) << "each is 9 MiB; the rest is not tried";
  LoadLimits limits;
  limits.file_bytes = 500;
  const std::string two =
      fmt::format("title: t\nsteps: [{{inject: {{{}}}}}, {{inject: {{{}}}}}]", kRecord, kRecord);
  EXPECT_THAT(
      errors(two, {}, limits),
      ElementsAre(HasSubstr("steps[1].inject: files and documents have more than 500 bytes together")));
}

}  // namespace
}  // namespace wheatstone::scenario
