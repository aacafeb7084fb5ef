#include "formats/dump/physical_memory.hpp"

#include <gtest/gtest.h>

namespace wheatstone::dump {
namespace {

std::uint64_t entry(const PhysicalMemory& memory, std::uint64_t table, std::uint64_t index, unsigned size) {
  return load_le(memory.pages().at(table).data() + index * size, size);
}

TEST(PhysicalMemory, BuildsFourLevelsOfTables) {
  PhysicalMemory memory(Paging::four_level, 0x200);
  EXPECT_EQ(memory.directory_table_base(), 0x200000u);
  // Indices 0x1f0, 0, 7, 0 and the byte 0x123.
  ASSERT_TRUE(memory.write_virtual(0xfffff80000e00123, Buffer{0xaa}));
  EXPECT_EQ(entry(memory, 0x200, 0x1f0, 8), 0x201063u);
  EXPECT_EQ(entry(memory, 0x201, 0, 8), 0x202063u);
  EXPECT_EQ(entry(memory, 0x202, 7, 8), 0x203063u);
  EXPECT_EQ(entry(memory, 0x203, 0, 8), 0x204063u);
  EXPECT_EQ(memory.pages().at(0x204)[0x123], 0xaa);
  EXPECT_EQ(memory.pages().size(), 5u);
}

TEST(PhysicalMemory, BuildsTwoLevelsOfTables) {
  PhysicalMemory memory(Paging::two_level, 0x10);
  ASSERT_TRUE(memory.write_virtual(0x80a01004, Buffer{0xbb}));
  EXPECT_EQ(entry(memory, 0x10, 0x202, 4), 0x11063u);
  EXPECT_EQ(entry(memory, 0x11, 0x201, 4), 0x12063u);
  EXPECT_EQ(memory.pages().at(0x12)[4], 0xbb);
}

TEST(PhysicalMemory, ReadsBackWhatCrossesPages) {
  PhysicalMemory memory;
  Buffer bytes(3 * kPageSize);
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::uint8_t>(i * 31 >> 4);
  ASSERT_TRUE(memory.write_virtual(0xffffe000001ffffd, bytes));  // also crosses a page table
  EXPECT_EQ(memory.read_virtual(0xffffe000001ffffd, bytes.size()), bytes);
  EXPECT_FALSE(memory.read_virtual(0xffffe000001fefff, 1));
  EXPECT_TRUE(memory.read_virtual(0xffffe000001ff000, 1));
}

TEST(PhysicalMemory, KeepsWhatIsMapped) {
  PhysicalMemory memory;
  ASSERT_TRUE(memory.map(0x10000, 2));
  ASSERT_TRUE(memory.write_virtual(0x10fff, Buffer{1, 2}));
  const auto pages = memory.pages().size();
  ASSERT_TRUE(memory.map(0x10000, 2));
  EXPECT_EQ(memory.pages().size(), pages);
  EXPECT_EQ(memory.read_virtual(0x10fff, 2), (Buffer{1, 2}));
}

TEST(PhysicalMemory, KnowsTheEndsOfTheAddressSpace) {
  PhysicalMemory memory;
  EXPECT_TRUE(memory.write_virtual(0x00007fffffffffff, Buffer(1)));
  EXPECT_FALSE(memory.write_virtual(0x00007fffffffffff, Buffer(2)));
  EXPECT_FALSE(memory.write_virtual(0xffff7fffffffffff, Buffer(1)));
  EXPECT_TRUE(memory.write_virtual(0xffff800000000000, Buffer(1)));
  EXPECT_TRUE(memory.write_virtual(0xffffffffffffffff, Buffer(1)));
  EXPECT_FALSE(memory.write_virtual(0xffffffffffffffff, Buffer(2)));
  EXPECT_FALSE(memory.map(0x1001, 1));
  EXPECT_FALSE(memory.map(0, ~std::uint64_t{0}));
  EXPECT_TRUE(memory.write_physical((std::uint64_t{1} << 52) - 1, Buffer(1)));
  EXPECT_FALSE(memory.write_physical((std::uint64_t{1} << 52) - 1, Buffer(2)));

  PhysicalMemory small(Paging::two_level);
  EXPECT_TRUE(small.write_virtual(0xffffffff, Buffer(1)));
  EXPECT_FALSE(small.write_virtual(0xffffffff, Buffer(2)));
  EXPECT_FALSE(small.write_physical(0x100000000, Buffer(1)));
}

TEST(PhysicalMemory, EndsWhenNoPageIsFree) {
  PhysicalMemory memory(Paging::two_level, (1u << 20) - 2);
  EXPECT_TRUE(memory.allocate());
  EXPECT_FALSE(memory.allocate());
  EXPECT_FALSE(memory.map(0x80000000, 1));
}

TEST(PhysicalMemory, AllocatesAroundPagesThatExist) {
  PhysicalMemory memory(Paging::four_level, 0x10);
  ASSERT_TRUE(memory.write_physical(0x11000, Buffer{1}));
  EXPECT_EQ(memory.allocate().value(), 0x12u);
  ASSERT_TRUE(memory.write_physical(0x14000, Buffer{1}));
  EXPECT_EQ(memory.runs(), (std::vector<MemoryRun>{{0x10, 3}, {0x14, 1}}));
}

// A table that is made to point at itself is data like any other.
TEST(PhysicalMemory, WalksTablesThatPointAtThemselves) {
  PhysicalMemory memory(Paging::four_level, 0x10);
  Buffer self(8);
  store_le<std::uint64_t>(self.data(), 0x10063);
  ASSERT_TRUE(memory.write_physical(0x10000 + 0x1ed * 8, self));
  // All four indices are 0x1ed: the page is the top table itself.
  EXPECT_EQ(memory.read_virtual(0xfffff6fb7dbedf68, 8), self);
}

TEST(Paging, FindsLargePages) {
  const auto walk = [](Paging paging, std::vector<std::uint64_t> entries, std::uint64_t va) {
    std::size_t level = 0;
    return translate(paging, 0x1000, va, [&](std::uint64_t, unsigned) -> std::optional<std::uint64_t> {
      return level < entries.size() ? std::optional(entries[level++]) : std::nullopt;
    });
  };
  // 1 GiB, 2 MiB and 4 KiB pages, the first two with bit 12 (PAT) set, which is no address bit.
  auto found = walk(Paging::four_level, {0x2063, 0x400010e3}, 0x12345678);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->physical_address, 0x52345678u);
  EXPECT_EQ(found->bytes_left, 0x40000000u - 0x12345678u);
  found = walk(Paging::four_level, {0x2063, 0x3063, 0x6010e3}, 0x12345678);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->physical_address, 0x745678u);
  found = walk(Paging::four_level, {0x2063, 0x3063, 0x4063, 0x80000000000050e3}, 0x12345678);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->physical_address, 0x5678u);
  EXPECT_EQ(found->bytes_left, 0x1000u - 0x678u);
  // 4 MiB without and 2 MiB with PAE, and the third level of PAE.
  found = walk(Paging::two_level, {0x0c0000e3}, 0x80345678);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->physical_address, 0x0c345678u);
  found = walk(Paging::three_level, {0x2001, 0x6000e3}, 0x80345678);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->physical_address, 0x745678u);
  found = walk(Paging::three_level, {0x2001, 0x3063, 0x7063}, 0x80345678);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->physical_address, 0x7678u);
  // Not present, at each level.
  EXPECT_FALSE(walk(Paging::four_level, {0x2062}, 0x12345678));
  EXPECT_FALSE(walk(Paging::four_level, {0x2063, 0x3063, 0x4063, 0x50e2}, 0x12345678));
  EXPECT_FALSE(walk(Paging::four_level, {0x2063, 0x3063}, 0x12345678));
}

}  // namespace
}  // namespace wheatstone::dump
