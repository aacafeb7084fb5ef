// Paths to places: fields, bits, items of lists, parts, elements of arrays.
#include "formats/document/locate.hpp"

#include <gtest/gtest.h>

#include "formats/document/examples.hpp"
#include "tests/support/records.hpp"

namespace wheatstone::document {
namespace {

struct Expected {
  const char* path;
  std::uint64_t offset;
  std::uint32_t size;
  int low = 0;
  int width = 0;
};

TEST(Locate, FindsEveryKindOfPlaceInARealRecord) {
  const Buffer bytes = test::load_record("multiple2");
  const Document document = Document::decode(Kind::record, bytes);
  for (const Expected& expected : std::initializer_list<Expected>{
           {"Severity", 12, 4},
           {"ValidBits.Timestamp", 16, 4, 1, 1},
           {"Sections[2].SectionLength", 128 + 144 + 4, 4},
           {"Sections[0].Revision.MajorRevision", 137, 1},
           {"ProcessorGeneric.CPUVersion", 344 + 16, 8},
           {"XpfProcessor.CpuId[1]", 536 + 20, 4},
           {"XpfProcessor.ProcInfo[0].CheckInfo", 536 + 64 + 24, 8},
           {"XpfProcessor.ProcInfo[0].CheckInfo.Timeout", 536 + 64 + 24, 8, 32, 1},
           {"XpfMca.Status.McaErrorCode", 664 + 40, 8, 0, 16},
           {"XpfMca.BankNumber", 664 + 36, 4}}) {
    const auto place = locate(document, expected.path);
    ASSERT_TRUE(place) << expected.path;
    EXPECT_EQ(place->offset, expected.offset) << expected.path;
    EXPECT_EQ(place->size, expected.size) << expected.path;
    EXPECT_EQ(place->low, expected.low) << expected.path;
    EXPECT_EQ(place->width, expected.width) << expected.path;
  }
}

// Every number that flatten() tells is where locate() says.
TEST(Locate, AgreesWithFlatten) {
  for (const KindInfo& kind : kinds()) {
    const Buffer bytes = example(kind.kind);
    const Document document = Document::decode(kind.kind, bytes);
    std::size_t numbers = 0;
    for (const layout::Leaf& leaf : flatten(document)) {
      if (leaf.kind == layout::Leaf::Kind::text) continue;
      const auto place = locate(document, leaf.path);
      ASSERT_TRUE(place) << leaf.path;
      EXPECT_EQ(load(bytes, *place), leaf.number) << leaf.path;
      ++numbers;
    }
    EXPECT_GT(numbers, 40u);
  }
}

TEST(Locate, StoresBitsAndBytes) {
  Buffer bytes = example(Kind::record);
  const auto at = [&](const char* path) { return *locate(Document::decode(Kind::record, bytes), path); };
  const std::uint64_t status = load(bytes, at("XpfMca.Status"));
  store(bytes, at("XpfMca.Status.McaErrorCode"), 0x1ffff);
  EXPECT_EQ(load(bytes, at("XpfMca.Status")), (status & ~std::uint64_t{0xffff}) | 0xffff);
  store(bytes, at("CreatorId"), 1);
  EXPECT_EQ(load(bytes, at("CreatorId")), 1u);
  EXPECT_EQ(bytes[64 + 15], 0) << "the rest of the GUID is cleared";
}

TEST(Locate, FindsNothingByAWrongName) {
  const Buffer bytes = example(Kind::record);
  const Document document = Document::decode(Kind::record, bytes);
  for (const char* path :
       {"", "Severit", "Severity.", "Severity.x", "Sections[9].Flags", "Sections[0]", "XpfMca", "XpfMca.",
        "Memory[1].Row", "XpfProcessor.CpuId[12]", "XpfProcessor.CpuId[]", "XpfProcessor.CpuId[x]",
        "XpfProcessor.ProcInfo[1].CheckInfo"})
    EXPECT_FALSE(locate(document, path)) << path;
}

}  // namespace
}  // namespace wheatstone::document
