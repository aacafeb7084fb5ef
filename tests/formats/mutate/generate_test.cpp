#include "formats/mutate/generate.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "formats/acpi/acpi_table.hpp"
#include "formats/acpi/status_block.hpp"
#include "formats/cper/compose.hpp"
#include "formats/cper/record.hpp"
#include "formats/layout/broken.hpp"
#include "formats/whea/packet.hpp"
#include "tests/formats/layout/sample_layout.hpp"

namespace wheatstone::mutate {
namespace {

// What is wrong with a record, but that firmware wrote it or that Windows 11 misplaces its contexts.
std::string complaints(std::span<const Finding> findings) {
  std::string text;
  for (const Finding& finding : findings)
    if (finding.severity != FindingSeverity::note)
      text += std::string(finding.code) + " " + finding.path + ": " + finding.message + "\n";
  return text;
}

TEST(Generate, TheSameSeedGivesTheSameBytes) {
  for (const layout::Name& kind : kKindNames) {
    Xoshiro first(7), again(7), other(8);
    const Buffer bytes = generate(static_cast<Kind>(kind.value), first);
    EXPECT_EQ(bytes, generate(static_cast<Kind>(kind.value), again)) << kind.text;
    EXPECT_NE(bytes, generate(static_cast<Kind>(kind.value), other)) << kind.text;
  }
}

TEST(Generate, AThousandBodiesOfEachSectionType) {
  for (const cper::SectionType& type : cper::section_types()) {
    Xoshiro random(1);
    std::set<const layout::Layout*> forms;
    for (int i = 0; i < 1000; ++i) {
      const Buffer body = generate_section(type, random);
      const cper::NewSection section{.type = type.guid, .body = body};
      const auto record = cper::encode({}, {&section, 1});
      ASSERT_TRUE(record);
      const cper::Record read = cper::Record::decode(*record);
      ASSERT_EQ(complaints(read.findings()), "") << type.name << ", number " << i;
      forms.insert(read.sections().front().layout);
    }
    if (!type.forms.empty()) {
      EXPECT_EQ(forms.size(), type.forms.size()) << type.name << " has forms that are not made";
      EXPECT_FALSE(forms.contains(nullptr)) << type.name;
    }
  }
}

TEST(Generate, RecordsHaveNothingToComplainAboutAndReachEverySectionType) {
  Xoshiro random(1);
  std::set<const cper::SectionType*> types;
  std::set<std::size_t> counts;
  bool firmware = false;
  for (int i = 0; i < 5000; ++i) {
    const Buffer bytes = generate_record(random);
    const cper::Record record = cper::Record::decode(bytes);
    ASSERT_EQ(complaints(record.findings()), "") << "record " << i;
    for (const cper::Section& section : record.sections()) types.insert(section.type);
    counts.insert(record.sections().size());
    firmware = firmware || (*record.header())[cper::Header::kMajorRevision] == 1;
    EXPECT_LE(bytes.size(), GenerateOptions{}.max_size + 4096);
  }
  EXPECT_EQ(types.size(), cper::section_types().size());
  EXPECT_EQ(counts, (std::set<std::size_t>{1, 2, 3, 4}));
  EXPECT_TRUE(firmware);
}

TEST(Generate, ARecordKeepsToItsProfileAndItsSize) {
  const cper::Profile& profile = *cper::find_profile("win7-sp1");
  Xoshiro random(1);
  for (int i = 0; i < 1000; ++i) {
    const Buffer bytes = generate_record(random, {.max_size = 600, .most_sections = 2, .profile = &profile});
    const cper::Record record = cper::Record::decode(bytes);
    ASSERT_EQ(complaints(record.findings()), "");
    EXPECT_EQ((*record.header())[cper::Header::kMajorRevision] << 8 |
                  (*record.header())[cper::Header::kMinorRevision],
              profile.record_revision);
    ASSERT_LE(record.sections().size(), 2u);
    if (record.sections().size() == 2) {
      EXPECT_LE(bytes.size(), 600u);
    }
  }
}

TEST(Generate, PacketsOfBothVersionsReadBack) {
  Xoshiro random(1);
  std::set<const layout::Layout*> data;
  int v1 = 0;
  for (int i = 0; i < 2000; ++i) {
    const Buffer bytes = generate_packet(random);
    const whea::Packet packet = whea::Packet::decode(bytes);
    ASSERT_EQ(complaints(packet.findings()), "");
    ASSERT_NE(packet.version(), whea::PacketVersion::unknown);
    v1 += packet.version() == whea::PacketVersion::v1 ? 1 : 0;
    data.insert(packet.data_layout());
  }
  EXPECT_GT(v1, 300);
  EXPECT_LT(v1, 700);
  EXPECT_GE(data.size(), 9u) << "five of machine checks, memory, PCI Express, NMI, an exception";
}

TEST(Generate, StatusBlocksHaveNothingToComplainAbout) {
  Xoshiro random(1);
  std::set<const layout::Layout*> entries;
  bool raw_data = false;
  for (int i = 0; i < 2000; ++i) {
    const Buffer bytes = generate_status_block(random);
    const acpi::StatusBlock block = acpi::StatusBlock::decode(bytes);
    ASSERT_EQ(complaints(block.findings()), "") << "block " << i;
    for (const acpi::DataEntry& entry : block.entries()) entries.insert(entry.layout);
    raw_data = raw_data || !block.raw_data().empty();
  }
  EXPECT_EQ(entries, (std::set<const layout::Layout*>{&acpi::kDataEntryV1, &acpi::kDataEntryV2}));
  EXPECT_TRUE(raw_data);
}

TEST(Generate, TablesOfEveryKindHaveNothingToComplainAbout) {
  Xoshiro random(1);
  std::set<std::string> signatures;
  for (int i = 0; i < 2000; ++i) {
    const Buffer bytes = generate_acpi_table(random);
    const acpi::Table table = acpi::Table::decode(bytes);
    ASSERT_EQ(complaints(table.findings()), "") << "table " << i;
    signatures.insert(std::string(as_text(Bytes(bytes).first(4))));
  }
  EXPECT_EQ(signatures, (std::set<std::string>{"HEST", "BERT", "ERST", "EINJ"}));
}

TEST(Generate, AnyLayoutWillDo) {
  Xoshiro random(1);
  std::set<std::uint64_t> colours;
  for (int i = 0; i < 500; ++i) {
    const Buffer bytes = generate_structure(layout::sample::kSample, random, {.max_size = 80});
    EXPECT_LE(bytes.size(), 80u);
    std::vector<Finding> findings;
    layout::find_broken(layout::sample::kSample, bytes, 0, findings);
    EXPECT_EQ(complaints(findings), "");
    colours.insert(bytes[2]);
  }
  for (const std::uint64_t colour : {0u, 1u, 5u}) EXPECT_TRUE(colours.contains(colour)) << colour;
  EXPECT_EQ(colours.size(), 3u) << "named values only";
}

TEST(Generate, AFieldGetsWhatItMayHave) {
  Xoshiro random(1);
  for (int i = 0; i < 200; ++i) {
    std::uint8_t bytes[8] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff};
    fill_field(layout::u8(0, "Colour").names(layout::sample::kColours), {}, std::span(bytes).first(1),
               random);
    EXPECT_FALSE(layout::name_of(layout::sample::kColours, bytes[0]).empty());
    fill_field(layout::u16(0, "Word"), layout::sample::kSlot, std::span(bytes).first(2), random);
    EXPECT_EQ(bytes[0] & 7, 0) << "bits without a name are 0";
    fill_field(layout::pad(0, 4), {}, std::span(bytes).first(4), random);
    EXPECT_EQ(load_le<std::uint32_t>(bytes), 0u);
  }
}

}  // namespace
}  // namespace wheatstone::mutate
