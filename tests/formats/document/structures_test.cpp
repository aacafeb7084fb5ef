// What holds for every structure that documents are made of.
#include "formats/document/structures.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <random>
#include <set>

#include "formats/document/describe.hpp"
#include "formats/layout/assign.hpp"
#include "formats/layout/broken.hpp"
#include "formats/layout/describe.hpp"
#include "formats/layout/json.hpp"
#include "formats/layout/json_schema.hpp"
#include "formats/layout/to_node.hpp"
#include "formats/layout/yaml_text.hpp"
#include "tests/support/json_syntax.hpp"

namespace wheatstone::document {
namespace {

using ::testing::HasSubstr;

std::string label(const layout::Layout& layout) {
  return fmt::format("{} of {} bytes", layout.name, layout.size);
}

TEST(Structures, EveryOneHasAPageWithItsClause) {
  EXPECT_GT(structures().size(), 20u);
  for (const layout::Layout* layout : structures()) {
    EXPECT_FALSE(layout->clause.empty()) << label(*layout);
    EXPECT_FALSE(layout->structure.empty()) << label(*layout);
    const std::string page = layout::describe(*layout);
    EXPECT_THAT(page, HasSubstr(std::string(layout->clause)));
    for (const layout::Field& f : layout->fields)
      if (!f.name.empty()) {
        EXPECT_THAT(page, HasSubstr(std::string(f.name))) << label(*layout);
      }
    EXPECT_TRUE(describe(layout->structure)) << label(*layout);
  }
}

TEST(Structures, DefinitionsHaveNamesOfTheirOwn) {
  for (const KindInfo& kind : kinds()) {
    std::set<std::string> names;
    for (const layout::Layout* layout : structures(kind.kind))
      EXPECT_TRUE(names.insert(layout::definition_name(*layout)).second) << label(*layout);
  }
}

// Names within a structure are how everything is found: no two fields, bits of the parent, or tails share
// one.
TEST(Structures, NamesWithinAStructureAreUnique) {
  for (const layout::Layout* layout : structures()) {
    std::set<std::string_view> names;
    for (const layout::Field& f : layout->fields) {
      if (!f.name.empty() && f.kind != layout::Kind::pad) {
        EXPECT_TRUE(names.insert(f.name).second) << label(*layout) << " " << f.name;
      }
      for (const layout::Bit& bit : f.name.empty() ? f.word_bits : layout::Word()) {
        EXPECT_TRUE(names.insert(bit.name).second) << label(*layout) << " " << bit.name;
      }
    }
    for (const layout::Tail& tail : layout->tail)
      EXPECT_TRUE(names.insert(tail.name).second) << label(*layout) << " " << tail.name;
  }
}

// The lengths around every boundary of a structure: each shows what is there, as well-formed JSON.
TEST(Structures, EveryLengthIsRead) {
  std::mt19937 random(3);
  for (const layout::Layout* layout : structures()) {
    std::set<std::size_t> lengths = {0, layout->min, layout->size, layout->size + 1u, layout->size + 64u};
    if (layout->min > 0) lengths.insert(layout->min - 1);
    for (const layout::Field& f : layout->fields) lengths.insert({f.end() - 1u, f.end()});
    for (const std::size_t length : lengths) {
      Buffer bytes(length);
      for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(random() % 4 == 0 ? random() : 0);
      layout::TextBuffer out;
      layout::to_json(out, *layout, bytes);
      EXPECT_TRUE(test::is_json(out.view())) << label(*layout) << " with " << length;
      std::size_t present = 0;
      for (const layout::Field& f : layout->fields) present = f.end() <= length ? f.end() : present;
      std::vector<Finding> findings;
      layout::find_broken(*layout, bytes, 0, findings);
      for (const Finding& finding : findings) EXPECT_LE(finding.offset, length) << label(*layout);
    }
  }
}

// What a tree of a structure says is what the structure says: made from it again, it has the same tree. Bytes
// that names cannot say are the business of make().
TEST(Structures, TreesMakeTheSameTrees) {
  std::mt19937 random(5);
  for (const layout::Layout* layout : structures()) {
    for (int round = 0; round < 50; ++round) {
      Buffer bytes(layout->size + random() % 40);
      for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(random() % 3 == 0 ? random() : 0);
      const layout::Node tree = layout::to_node(*layout, bytes);
      Buffer made(layout->size, 0);
      const auto done = layout::assign(*layout, made, tree);
      if (!done) continue;  // a count that lies about elements of many kinds
      Buffer again(layout->size, 0);
      ASSERT_TRUE(layout::assign(*layout, again, layout::to_node(*layout, made))) << label(*layout);
      EXPECT_EQ(layout::hex_text(again), layout::hex_text(made)) << label(*layout) << "\n"
                                                                 << layout::to_yaml(tree);
    }
  }
}

TEST(Describe, FindsByNameSpecificationAndGuid) {
  EXPECT_THAT(*describe("XpfMca"), HasSubstr("8a1e1d01-42f9-4557-9c33-565e5cc3f7e8"));
  EXPECT_THAT(*describe("XpfMca"), HasSubstr("264 bytes"));
  EXPECT_THAT(*describe("WHEA_ERROR_RECORD_HEADER"), HasSubstr("SectionCount"));
  EXPECT_THAT(*describe("919448b2-3739-4b7f-a8f1-e0062805c2a3"), HasSubstr("CMCI"));
  EXPECT_THAT(describe("XpfMcb").error().text(), HasSubstr("did you mean 'XpfMca'?"));
  EXPECT_THAT(describe("00000000-0000-0000-0000-000000000009").error().text(), HasSubstr("nothing is known"));
}

TEST(Describe, PrintsATableWithBitsValuesAndVariableParts) {
  EXPECT_EQ(*describe("WHEA_NMI_ERROR_SECTION"),
            "Nmi: WHEA_NMI_ERROR_SECTION\n"
            "  WDK ntddk.h\n"
            "  12 bytes\n"
            "\n"
            "  offset  size  field  type         meaning\n"
            "       0     8  Data   u8[8]\n"
            "       8     4  Flags  u32\n"
            "                  bit  0      HypervisorError\n");
}

}  // namespace
}  // namespace wheatstone::document
