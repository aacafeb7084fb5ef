#include <gtest/gtest.h>

#include "formats/cab/cabinet.hpp"
#include "tests/formats/cab/cabinet_builder.hpp"

// New memory is never zero by chance.
extern "C" const char* __asan_default_options();
extern "C" const char* __asan_default_options() {
  return "max_malloc_fill_size=1000000:malloc_fill_byte=90";
}

namespace wheatstone::cab {
namespace {

constexpr FileTime kTime{128496996179046077};

std::vector<Member> unpacked(const Buffer& cabinet, const Limits& limits = {}) {
  auto members = read(cabinet, limits);
  EXPECT_TRUE(members) << members.error().text();
  return members ? std::move(*members) : std::vector<Member>{};
}

std::string text(const Member& member) {
  return {member.data.begin(), member.data.end()};
}

TEST(ReadCabinet, GivesBackWhatWasWritten) {
  Buffer large(100'000);  // four blocks
  for (std::size_t i = 0; i < large.size(); ++i) large[i] = static_cast<std::uint8_t>(i * i >> 3);
  const std::vector<Member> members = {
      {"MEMORY.DMP", large}, {"empty", {}}, {"dir\\caf\xc3\xa9.txt", {'x'}}, {"last", Buffer(32768, 7)}};
  for (const Compression compression : {Compression::none, Compression::mszip}) {
    const std::vector<Member> again = unpacked(write(members, kTime, compression).value());
    ASSERT_EQ(again.size(), members.size());
    for (std::size_t i = 0; i < members.size(); ++i) {
      EXPECT_EQ(again[i].name, members[i].name);
      EXPECT_EQ(again[i].data, members[i].data);
    }
  }
}

TEST(ReadCabinet, ReadsACabinetOfEmptyMembers) {
  const auto members = unpacked(write({{"a", {}}, {"b", {}}}, kTime).value());
  ASSERT_EQ(members.size(), 2u);
  EXPECT_TRUE(members[0].data.empty());
}

TEST(ReadCabinet, ReadsMembersInAnyOrder) {
  RawCabinet cabinet = hello();
  cabinet.folders.push_back({0, {stored_block("second"), stored_block(" folder")}});
  cabinet.files = {{"c", 6, 7, 1}, {"b", 6, 6, 0}, {"a", 6, 0, 0}, {"d", 7, 0, 1}};
  const auto members = unpacked(cabinet.bytes());
  ASSERT_EQ(members.size(), 4u);
  EXPECT_EQ(text(members[0]), "folder");
  EXPECT_EQ(text(members[1]), "world\n");
  EXPECT_EQ(text(members[2]), "hello ");
  EXPECT_EQ(text(members[3]), "second ");
}

TEST(ReadCabinet, TakesAbsentChecksumsAndReserves) {
  RawCabinet cabinet = hello();
  cabinet.folders[0].blocks[0].checksum = false;
  cabinet.flags = 4;
  cabinet.reserve = {3, 0, 0, 0, 1, 2, 3};
  EXPECT_EQ(text(unpacked(cabinet.bytes()).at(0)), "hello world\n");
}

TEST(ReadCabinet, LeavesHostileNamesAlone) {
  RawCabinet cabinet = hello();
  cabinet.files[0].name = "..\\../etc/x";
  EXPECT_EQ(unpacked(cabinet.bytes()).at(0).name, "..\\../etc/x");
}

// One uncompressed LZX block: E8 flag 0, type 3, 24 bits of size, alignment, R0 to R2, the bytes, a pad byte.
TEST(ReadCabinet, ReadsLzx) {
  const std::string content = "hello lzx";
  Buffer data;
  const std::uint32_t bits = (0u << 31) | (3u << 28) | (static_cast<std::uint32_t>(content.size()) << 4);
  append(data, bits >> 16, 2);
  append(data, bits & 0xffff, 2);
  for (int i = 0; i < 3; ++i) append(data, 1, 4);
  data.insert(data.end(), content.begin(), content.end());
  data.push_back(0);
  RawCabinet cabinet;
  cabinet.folders = {{0x0f03, {{data, static_cast<std::uint16_t>(content.size()), true}}}};
  cabinet.files = {{"l", static_cast<std::uint32_t>(content.size())}};
  EXPECT_EQ(text(unpacked(cabinet.bytes()).at(0)), content);
}

// A deflate block of a match, three bytes long, that begins one byte before everything.
TEST(ReadCabinet, TakesNothingFromBeforeTheFirstByte) {
  RawCabinet cabinet;
  cabinet.folders = {{1, {{{'C', 'K', 0x03, 0x02, 0x00}, 3, true}}}};
  cabinet.files = {{"early", 3}};
  EXPECT_EQ(unpacked(cabinet.bytes()).at(0).data, Buffer(3, 0));
}

TEST(ReadCabinet, RefusesWhatTheScanRefuses) {
  Buffer cabinet = hello().bytes();
  EXPECT_FALSE(read(cabinet, {.unpacked = 11}));
  cabinet.pop_back();
  const auto members = read(cabinet);
  ASSERT_FALSE(members);
  EXPECT_EQ(members.error().where.path, "CFHEADER.cbCabinet");
}

TEST(ReadCabinet, RefusesDamagedCompressedData) {
  for (const std::string_view stream : {"CK", "CK\x07", "CK\x01\x05"}) {  // none, bad block type, cut off
    RawCabinet cabinet = hello();
    cabinet.folders[0] = {1, {{Buffer(stream.begin(), stream.end()), 12, true}}};
    ASSERT_TRUE(scan(cabinet.bytes()));
    const auto members = read(cabinet.bytes());
    ASSERT_FALSE(members);
    EXPECT_EQ(members.error().kind, ErrorKind::malformed);
    EXPECT_EQ(members.error().where.path, "CFFILE[0]");
  }
}

}  // namespace
}  // namespace wheatstone::cab
