// Competing readings: the same bytes with the names of another source.
#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>
#include <tuple>

#include "formats/cper/record.hpp"
#include "formats/cper/section.hpp"
#include "tests/support/records.hpp"

namespace wheatstone::cper {
namespace {

std::map<std::string, std::string> leaves(const Record& record) {
  std::map<std::string, std::string> found;
  for (const layout::Leaf& leaf : flatten(record))
    found[leaf.path] = layout::value_text(leaf) + (leaf.valid ? "" : " (not valid)");
  return found;
}

TEST(Readings, AreOfStructuresThatThereAre) {
  std::set<std::string> names;
  for (const Reading& reading : section_readings()) {
    const bool frame = reading.section == kRecordHeader.name || reading.section == kSectionDescriptor.name;
    EXPECT_TRUE(frame || find_section(reading.section) != nullptr) << reading.section;
    EXPECT_FALSE(reading.forms.empty()) << reading.section;
    EXPECT_FALSE(reading.about.empty()) << reading.section;
    const std::string name = std::string(reading.section) + ":" + std::string(reading.name);
    EXPECT_TRUE(names.insert(name).second) << name;
    EXPECT_EQ(find_reading(name), &reading);
  }
  EXPECT_EQ(find_reading("DmarGeneric"), nullptr);
  EXPECT_EQ(find_reading("DmarGeneric:"), nullptr);
  EXPECT_EQ(find_reading(":LIBCPER"), nullptr);
  EXPECT_EQ(find_reading("DmarGeneric:libcper"), nullptr);
}

TEST(Readings, ReplaceTheLayoutOfTheirSection) {
  const Buffer bytes = test::load_record("dmargeneric");
  const Reading* reading = find_reading("DmarGeneric:LIBCPER");
  ASSERT_NE(reading, nullptr);
  EXPECT_EQ(leaves(Record::decode(bytes)).at("DmarGeneric.ArchType"), "VtD (1)");
  const auto other = leaves(Record::decode(bytes, {&reading, 1}));
  EXPECT_EQ(other.at("DmarGeneric.ArchType"), "Iommu (1)");
  EXPECT_EQ(other.at("DmarGeneric.AccessType"), "Write (0)");
}

TEST(Readings, OfUefiNumberInstructionSetsOtherwise) {
  Buffer bytes = test::load_record("multiple2");
  const Reading* reading = find_reading("ProcessorGeneric:UEFI");
  ASSERT_NE(reading, nullptr);
  const std::size_t at = Record::decode(bytes).find(kSectionProcessorGeneric)->offset + 9;
  for (const auto& [value, windows, uefi] : {std::tuple{2, "X64 (2)", "X64 (2)"},
                                             {3, "3", "ARM32 (3)"},
                                             {4, "ARM32 (4)", "ARM64 (4)"},
                                             {8, "ARM64 (8)", "8"}}) {
    bytes[at] = static_cast<std::uint8_t>(value);
    EXPECT_EQ(leaves(Record::decode(bytes)).at("ProcessorGeneric.InstructionSet"), windows);
    EXPECT_EQ(leaves(Record::decode(bytes, {&reading, 1})).at("ProcessorGeneric.InstructionSet"), uefi);
  }
}

TEST(Readings, OfOtherSectionsChangeNothing) {
  const Buffer bytes = test::load_record("multiple1");
  const Reading* reading = find_reading("DmarGeneric:LIBCPER");
  EXPECT_EQ(leaves(Record::decode(bytes, {&reading, 1})), leaves(Record::decode(bytes)));
}

TEST(Readings, OfTheFrameReplaceHeaderAndDescriptors) {
  Buffer bytes = test::load_record("multiple1");
  bytes[16] = 1;                     // the valid bit that Windows gives the platform id
  bytes[kHeaderSize + 12] = 1 << 7;  // flags of the first descriptor
  const auto usual = leaves(Record::decode(bytes));
  EXPECT_EQ(usual.at("Sections[0].Flags.FruTextByPlugin"), "true");
  EXPECT_TRUE(usual.at("Timestamp").ends_with(" (not valid)"));
  EXPECT_FALSE(usual.at("PlatformId").ends_with(" (not valid)"));
  const Reading* const readings[] = {find_reading("SectionDescriptor:UEFI"),
                                     find_reading("RecordHeader:VistaSP1")};
  const Record record = Record::decode(bytes, readings);
  const auto other = leaves(record);
  EXPECT_EQ(other.at("Sections[0].Flags.Overflow"), "true");
  EXPECT_FALSE(other.contains("Sections[0].Flags.FruTextByPlugin"));
  EXPECT_EQ(other.at("ValidBits.Timestamp"), "true");
  EXPECT_FALSE(other.at("Timestamp").ends_with(" (not valid)"));
  EXPECT_TRUE(other.at("PlatformId").ends_with(" (not valid)"));
  layout::TextBuffer json;
  to_json(json, record);
  EXPECT_NE(json.view().find("\"Overflow\":true"), std::string_view::npos);
  EXPECT_NE(to_text(record).find("Flags.Overflow"), std::string::npos);
}

}  // namespace
}  // namespace wheatstone::cper
