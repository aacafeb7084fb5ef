#include "formats/cper/section.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "formats/cper/sections/memory.hpp"
#include "formats/cper/sections/nmi.hpp"
#include "formats/cper/sections/pcie.hpp"
#include "formats/cper/sections/processor_generic.hpp"
#include "formats/cper/sections/xpf_mca.hpp"

namespace wheatstone::cper {
namespace {

TEST(Sections, AreFoundByGuidAndByName) {
  for (const SectionType& type : section_types()) {
    EXPECT_EQ(find_section(type.guid), &type);
    EXPECT_EQ(find_section(type.name), &type);
  }
  EXPECT_EQ(find_section(Guid{}), nullptr);
  EXPECT_EQ(find_section("xpfmca"), nullptr);
}

TEST(Sections, HaveUniqueNamesAndGuids) {
  std::set<std::string_view> names;
  std::set<Guid> guids;
  for (const SectionType& type : section_types()) {
    EXPECT_TRUE(names.insert(type.name).second) << type.name;
    EXPECT_TRUE(guids.insert(type.guid).second) << type.name;
  }
}

TEST(Sections, TheLayoutFollowsTheLength) {
  const SectionType& mca = *find_section(kSectionXpfMca);
  EXPECT_EQ(mca.layout_for(263), nullptr);
  EXPECT_EQ(mca.layout_for(264), &kXpfMcaV1);
  EXPECT_EQ(mca.layout_for(271), &kXpfMcaV1);
  EXPECT_EQ(mca.layout_for(272), &kXpfMcaV2);
  EXPECT_EQ(mca.layout_for(291), &kXpfMcaV2);
  EXPECT_EQ(mca.layout_for(292), &kXpfMcaV3);
  EXPECT_EQ(mca.layout_for(1191), &kXpfMcaV3);
  EXPECT_EQ(mca.layout_for(1192), &kXpfMcaV4);
  EXPECT_EQ(mca.layout_for(2087), &kXpfMcaV4);
  EXPECT_EQ(mca.layout_for(2088), &kXpfMcaV5);
  EXPECT_EQ(mca.layout_for(4000), &kXpfMcaV5);
  const SectionType& memory = *find_section(kSectionMemory);
  EXPECT_EQ(memory.layout_for(72), nullptr);
  EXPECT_EQ(memory.layout_for(73), &kMemory);
  EXPECT_EQ(memory.layout_for(80), &kMemory);
}

TEST(Sections, AreTheRowsOfAChoiceByTheGuidAtTheFront) {
  ASSERT_EQ(kSectionChoice.rows.size(), section_types().size());
  Buffer entry(64, 0);
  EXPECT_EQ(layout::select(kSectionChoice, entry), nullptr);
  for (const SectionType& type : section_types()) {
    std::ranges::copy(type.guid.bytes, entry.begin());
    const layout::ChoiceRow* row = layout::select(kSectionChoice, entry);
    ASSERT_NE(row, nullptr) << type.name;
    EXPECT_EQ(row->name, type.name);
    EXPECT_EQ(row->forms.data(), type.forms.data()) << type.name;
  }
}

// Offsets as the compiled WDK headers have them (records facts, section 2): one assertion for each field that
// a neighbour of the same width could be mistaken for.
constexpr std::uint32_t at(const layout::Layout& layout, std::string_view name) {
  for (const layout::Field& f : layout.fields)
    if (f.name == name) return f.offset;
  return ~0u;
}

TEST(Sections, OffsetsAreThoseOfTheHeaders) {
  EXPECT_EQ(at(kXpfMcaV5, "InstructionPointer"), 28u);
  EXPECT_EQ(at(kXpfMcaV5, "BankNumber"), 36u);
  EXPECT_EQ(at(kXpfMcaV5, "Status"), 40u);
  EXPECT_EQ(at(kXpfMcaV5, "ApicId"), 68u);
  EXPECT_EQ(at(kXpfMcaV5, "GlobalCapability"), 264u);
  EXPECT_EQ(at(kXpfMcaV5, "ExBankCount"), 292u);
  EXPECT_EQ(at(kXpfMcaV5, "StatusEx"), 552u);
  EXPECT_EQ(at(kXpfMcaV5, "AddressEx"), 1064u);
  EXPECT_EQ(at(kXpfMcaV5, "MiscEx"), 1576u);
  EXPECT_EQ(at(kXpfMcaV4, "StatusEx"), 424u);
  EXPECT_EQ(at(kXpfMcaV4, "AddressEx"), 680u);
  EXPECT_EQ(at(kXpfMcaV4, "MiscEx"), 936u);
  EXPECT_EQ(at(kMemory, "Row"), 42u);
  EXPECT_EQ(at(kMemory, "TargetId"), 64u);
  EXPECT_EQ(at(kMemory, "ModuleHandle"), 78u);
  EXPECT_EQ(at(kPciExpress, "DeviceSerialNumber"), 40u);
  EXPECT_EQ(at(kPciExpress, "ExpressCapability"), 52u);
  EXPECT_EQ(at(kPciExpress, "AerInfo"), 112u);
  EXPECT_EQ(at(tables::kPcieDeviceId, "SecondaryBusNumber"), 12u);
  EXPECT_EQ(at(kProcessorGeneric, "ProcessorId"), 152u);
  EXPECT_EQ(at(kProcessorGeneric, "InstructionPointer"), 184u);
  EXPECT_EQ(at(kNmi, "Flags"), 8u);
}

}  // namespace
}  // namespace wheatstone::cper
