#include "formats/dump/writer.hpp"

#include <gtest/gtest.h>

#include <string>

#include "formats/dump/debugger_data.hpp"
#include "formats/dump/kernel_data.hpp"
#include "formats/dump/reader.hpp"
#include "tests/formats/dump/dumps.hpp"

namespace wheatstone::dump {
namespace {

using namespace examples;

class At {
 public:
  explicit At(const Buffer& bytes) : bytes_(bytes) {}
  std::uint64_t u8(std::size_t at) const { return load_le(bytes_.data() + at, 1); }
  std::uint64_t u16(std::size_t at) const { return load_le(bytes_.data() + at, 2); }
  std::uint64_t u32(std::size_t at) const { return load_le(bytes_.data() + at, 4); }
  std::uint64_t u64(std::size_t at) const { return load_le(bytes_.data() + at, 8); }
  std::string text(std::size_t at, std::size_t size) const {
    return std::string(as_text(Bytes(bytes_).subspan(at, size)));
  }
  bool unset(std::size_t at, std::size_t size) const {
    for (std::size_t i = 0; i < size; ++i)
      if (bytes_[at + i] != static_cast<std::uint8_t>("PAGE"[(at + i) % 4])) return false;
    return true;
  }
  bool zero(std::size_t at, std::size_t size) const {
    for (std::size_t i = 0; i < size; ++i)
      if (bytes_[at + i] != 0) return false;
    return true;
  }

 private:
  const Buffer& bytes_;
};

constexpr std::uint64_t kData = kDefaultKernelData64;

// What every 64-bit header of examples::machine() holds.
void expect_header64(const At& at) {
  EXPECT_EQ(at.text(0, 8), "PAGEDU64");
  EXPECT_EQ(at.u32(0x008), 15u);
  EXPECT_EQ(at.u32(0x00c), 26100u);
  EXPECT_TRUE(at.unset(0x018, 8));
  EXPECT_EQ(at.u64(0x020), kData + 0x410);
  EXPECT_EQ(at.u64(0x028), kData + 0x420);
  EXPECT_EQ(at.u32(0x030), 0x8664u);
  EXPECT_EQ(at.u32(0x034), 8u);
  EXPECT_EQ(at.u32(0x038), 0x124u);
  EXPECT_TRUE(at.unset(0x03c, 4));
  EXPECT_EQ(at.u64(0x040), 0u);
  EXPECT_EQ(at.u64(0x048), kRecordVa);
  EXPECT_EQ(at.u64(0x050), 0xbea00000u);
  EXPECT_EQ(at.u64(0x058), 0x108u);
  EXPECT_TRUE(at.unset(0x060, 32));
  EXPECT_EQ(at.u64(0x080), kData);
  EXPECT_TRUE(at.unset(0x344, 4));
  // CONTEXT: both copies of MXCSR, and its end is zero.
  EXPECT_EQ(at.u32(0x348 + 0x30), 0x10001fu);
  EXPECT_EQ(at.u32(0x348 + 0x34), 0x1f80u);
  EXPECT_EQ(at.u32(0x348 + 0x118), 0x1f80u);
  EXPECT_EQ(at.u16(0x348 + 0x38), 0x10u);
  EXPECT_EQ(at.u16(0x348 + 0x42), 0x18u);
  EXPECT_EQ(at.u32(0x348 + 0x44), 0x246u);
  EXPECT_EQ(at.u64(0x348 + 0x78), 0x1111u);
  EXPECT_EQ(at.u64(0x348 + 0x98), 0xfffff80001234500u);
  EXPECT_EQ(at.u64(0x348 + 0xf8), 0xfffff80000212340u);
  EXPECT_TRUE(at.zero(0x348 + 0x4d0, 3000 - 0x4d0));
  // EXCEPTION_RECORD64
  EXPECT_EQ(at.u32(0xf00), 0x80000003u);
  EXPECT_EQ(at.u32(0xf04), 1u);
  EXPECT_EQ(at.u64(0xf10), 0xfffff80000212340u);
  EXPECT_TRUE(at.zero(0xf18, 0x80));
  EXPECT_TRUE(at.unset(0xf9c, 4));
  EXPECT_EQ(at.u64(0xfa8), 133'814'304'000'000'000u);
  EXPECT_EQ(at.text(0xfb0, 11), std::string("Wheatstone\0", 11));
  EXPECT_TRUE(at.zero(0xfba, 118));
  EXPECT_EQ(at.u64(0x1030), 6'000'000'000u);
  EXPECT_TRUE(at.unset(0x103c, 4));
  EXPECT_EQ(at.u32(0x1040), 1u);
  EXPECT_EQ(at.u32(0x1044), 0x110u);
  EXPECT_EQ(at.u32(0x1048), 0u);
  EXPECT_EQ(at.u8(0x104d), 0u);
  EXPECT_EQ(at.u32(0x1050), 0xdu);
  EXPECT_EQ(at.u32(0x1054), 7u);
  EXPECT_TRUE(at.unset(0x1058, 4008));
}

TEST(FullDump, HasItsFieldsWhereTheHeaderHasThem) {
  const Buffer dump = full();
  const At at(dump);
  expect_header64(at);
  EXPECT_EQ(at.u64(0x010), 0x100000u);
  EXPECT_EQ(at.u32(0xf98), 1u);
  EXPECT_TRUE(at.unset(0x1038, 4));
  // Top table; three tables and two pages for the record, whose pages share a table; the kernel's variables
  // have three tables and a page of their own.
  EXPECT_EQ(at.u32(0x088), 1u);
  EXPECT_EQ(at.u32(0x08c), 0u);
  EXPECT_EQ(at.u64(0x090), 10u);
  EXPECT_EQ(at.u64(0x098), 0x100u);
  EXPECT_EQ(at.u64(0x0a0), 10u);
  EXPECT_TRUE(at.unset(0x0a8, 0x344 - 0x0a8));
  EXPECT_EQ(at.u64(0xfa0), 0x2000u + 10 * 0x1000u);
  EXPECT_EQ(dump.size(), 0x2000u + 10 * 0x1000u);
}

TEST(FullDump, HoldsTheVariablesThatADebuggerStartsFrom) {
  const Buffer bytes = full();
  const auto dump = Dump::open(bytes);
  ASSERT_TRUE(dump);
  const auto data = dump->read_virtual(kData, kKernelDataSize);
  ASSERT_TRUE(data) << data.error().text();
  const At at(*data);
  EXPECT_EQ(at.u64(0x00), kData + 0x400);
  EXPECT_EQ(at.u64(0x08), kData + 0x400);
  EXPECT_EQ(at.text(0x10, 4), "KDBG");
  EXPECT_EQ(at.u32(0x14), 0x380u);
  EXPECT_EQ(at.u64(0x18), kDefaultKernelBase64);
  EXPECT_EQ(at.u64(0x48), kData + 0x410);
  EXPECT_EQ(at.u64(0x50), kData + 0x420);
  EXPECT_EQ(at.u64(0x88), kData + 0x430);
  EXPECT_EQ(at.u64(0x208), kData + 0x480);
  EXPECT_EQ(at.u64(0x400), kData);  // the list of such blocks has this one
  EXPECT_EQ(at.u64(0x408), kData);
  for (const std::size_t head : {0x410u, 0x420u}) {
    EXPECT_EQ(at.u64(head), kData + head);
    EXPECT_EQ(at.u64(head + 8), kData + head);
  }
  EXPECT_EQ(at.u64(0x430), 0x124u);
  EXPECT_EQ(at.u64(0x440), kRecordVa);
  EXPECT_EQ(at.u64(0x450), 0x108u);
  EXPECT_EQ(at.text(0x480, 28), std::string("26100.1.amd64fre.ge_release\0", 28));
}

TEST(FullDump, LeavesHolesBetweenRunsOutOfTheFile) {
  PhysicalMemory memory = examples::memory();
  ASSERT_TRUE(memory.write_physical(0x5000, Buffer{1, 2, 3}));
  ASSERT_TRUE(memory.write_physical(0x40000000, Buffer{4, 5, 6}));
  const Buffer bytes = write_full_dump(machine(), kBugCheck, memory).value();
  const At at(bytes);
  EXPECT_EQ(at.u32(0x088), 3u);
  EXPECT_EQ(at.u64(0x090), 12u);
  EXPECT_EQ(at.u64(0x098), 5u);
  EXPECT_EQ(at.u64(0x0a0), 1u);
  EXPECT_EQ(at.u64(0x0a8), 0x100u);
  EXPECT_EQ(at.u64(0x0b0), 10u);
  EXPECT_EQ(at.u64(0x0b8), 0x40000u);
  EXPECT_EQ(at.u64(0x0c0), 1u);
  EXPECT_EQ(at.u32(0x2000), 0x030201u);
  EXPECT_EQ(at.u32(0x2000 + 11 * 0x1000), 0x060504u);
}

TEST(FullDump, HasRoomFor42Runs) {
  // The kernel's variables go behind the first page and lengthen its run.
  const auto dump = write_full_dump(machine(), kBugCheck, scattered(42));
  ASSERT_TRUE(dump) << dump.error().text();
  EXPECT_EQ(At(*dump).u32(0x088), 42u);
  EXPECT_TRUE(At(*dump).unset(0x98 + 42 * 16, 0x344 - 0x98 - 42 * 16));
  const auto read = Dump::open(*dump);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->runs().size(), 42u);
  EXPECT_TRUE(read->findings().empty());

  const auto refused = write_full_dump(machine(), kBugCheck, scattered(43));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::invalid_argument);
  EXPECT_NE(refused.error().message.find("43 runs"), std::string::npos);
}

TEST(FullDump, Of32BitsHasItsFieldsWhereTheHeaderHasThem) {
  const Buffer dump = full32();
  const At at(dump);
  EXPECT_EQ(at.text(0, 8), "PAGEDUMP");
  EXPECT_EQ(at.u32(0x008), 15u);
  EXPECT_EQ(at.u32(0x00c), 7601u);
  EXPECT_EQ(at.u32(0x010), 0x100000u);
  EXPECT_EQ(at.u32(0x018), kDefaultKernelData32 + 0x410);
  EXPECT_EQ(at.u32(0x01c), kDefaultKernelData32 + 0x420);
  EXPECT_EQ(at.u32(0x020), 0x14cu);
  EXPECT_EQ(at.u32(0x024), 2u);
  EXPECT_EQ(at.u32(0x028), 0x124u);
  EXPECT_EQ(at.u32(0x02c), 0u);
  EXPECT_EQ(at.u32(0x030), 0x85123f80u);
  EXPECT_EQ(at.u32(0x034), 0xb2000040u);
  EXPECT_EQ(at.u32(0x038), 0x800u);
  EXPECT_TRUE(at.unset(0x03c, 32));
  EXPECT_EQ(at.u8(0x05c), 0u);
  EXPECT_EQ(at.u8(0x05d), 0u);
  EXPECT_EQ(at.u32(0x060), kDefaultKernelData32);
  // Top table, the record's table and two pages, the variables' table and page.
  EXPECT_EQ(at.u32(0x064), 1u);
  EXPECT_EQ(at.u32(0x068), 6u);
  EXPECT_EQ(at.u32(0x06c), 0x100u);
  EXPECT_EQ(at.u32(0x070), 6u);
  EXPECT_TRUE(at.unset(0x074, 0x7d0 - 0x074));  // no more runs, no context
  EXPECT_TRUE(at.unset(0x7d0, 80));             // no exception
  EXPECT_TRUE(at.zero(0x820, 128));
  EXPECT_TRUE(at.unset(0x8a0, 0xf88 - 0x8a0));
  EXPECT_EQ(at.u32(0xf88), 1u);
  EXPECT_EQ(at.u32(0xf94), 3u);
  EXPECT_EQ(at.u32(0xf98), 0x110u);
  EXPECT_EQ(at.u32(0xf9c), 0u);
  EXPECT_EQ(at.u64(0xfa0), 0x1000u + 6 * 0x1000u);
  EXPECT_EQ(at.u64(0xfb8), 1234u);
  EXPECT_EQ(at.u64(0xfc0), 129'000'000'000'000'000u);
  EXPECT_EQ(dump.size(), 0x1000u + 6 * 0x1000u);
}

TEST(FullDump, Of32BitsExtendsTheSignOfAddressesInTheDebuggerData) {
  const Buffer bytes = full32();
  const auto dump = Dump::open(bytes);
  ASSERT_TRUE(dump);
  const auto data = dump->read_virtual(kDefaultKernelData32, kKernelDataSize);
  ASSERT_TRUE(data) << data.error().text();
  const At at(*data);
  EXPECT_EQ(at.u64(0x18), 0xffffffff80400000u);
  EXPECT_EQ(at.u64(0x88), 0xffffffff80a00430u);
  EXPECT_EQ(at.u32(0x410), 0x80a00410u);
  EXPECT_EQ(at.u32(0x414), 0x80a00410u);
  EXPECT_EQ(at.u32(0x430), 0x124u);
  EXPECT_EQ(at.u32(0x438), 0x85123f80u);
  EXPECT_TRUE(dump->findings().empty());
}

TEST(FullDump, RefusesWhatDoesNotFit) {
  EXPECT_FALSE(write_full_dump(machine32(), kBugCheck32, examples::memory()));
  EXPECT_FALSE(write_full_dump(machine(), kBugCheck, examples::memory(Paging::two_level)));

  BugCheck wide = kBugCheck32;
  wide.parameters[3] = 0xffffffff;
  EXPECT_TRUE(write_full_dump(machine32(), wide, examples::memory(Paging::two_level)));
  wide.parameters[3] = 0x100000000;
  EXPECT_FALSE(write_full_dump(machine32(), wide, examples::memory(Paging::two_level)));

  Machine talkative = machine();
  talkative.comment.assign(127, 'c');
  EXPECT_TRUE(write_full_dump(talkative, kBugCheck, examples::memory()));
  talkative.comment.assign(128, 'c');
  EXPECT_FALSE(write_full_dump(talkative, kBugCheck, examples::memory()));
}

TEST(FullDump, IsTheSameForTheSameInput) {
  EXPECT_EQ(full(), full());
}

TEST(TriageDump, HasItsPartsWhereTheTriageBlockSays) {
  const Buffer dump = triage();
  const At at(dump);
  expect_header64(at);
  EXPECT_TRUE(at.unset(0x010, 8));
  EXPECT_TRUE(at.unset(0x088, 700));
  EXPECT_EQ(at.u32(0xf98), 4u);
  EXPECT_EQ(at.u32(0x1038), 0xc03u);  // context, exception, debugger data, data blocks

  const std::uint64_t rest = kKernelDataSize - kDebuggerDataSize;
  const std::uint64_t valid = 0x2420 + 300 + rest;
  EXPECT_EQ(at.u32(0x2000), 0u);
  EXPECT_EQ(at.u32(0x2004), valid + 4);
  EXPECT_EQ(at.u32(0x2008), valid);
  EXPECT_EQ(at.u32(0x200c), 0x348u);
  EXPECT_EQ(at.u32(0x2010), 0xf00u);
  EXPECT_TRUE(at.zero(0x2014, 0x30));  // nothing of what we do not have
  EXPECT_EQ(at.u32(0x2044), 0xffffffffu);
  EXPECT_TRUE(at.zero(0x2048, 0x28));
  EXPECT_EQ(at.u32(0x2070), 0x2080u);
  EXPECT_EQ(at.u32(0x2074), 0x380u);
  EXPECT_EQ(at.u32(0x2078), 0x2400u);
  EXPECT_EQ(at.u32(0x207c), 2u);
  EXPECT_EQ(at.text(0x2090, 4), "KDBG");

  EXPECT_EQ(at.u64(0x2400), kRecordVa);
  EXPECT_EQ(at.u32(0x2408), 0x2420u);
  EXPECT_EQ(at.u32(0x240c), 300u);
  EXPECT_EQ(at.u64(0x2410), kData + 0x380);
  EXPECT_EQ(at.u32(0x2418), 0x2420u + 300);
  EXPECT_EQ(at.u32(0x241c), rest);
  EXPECT_EQ(Buffer(dump.begin() + 0x2420, dump.begin() + 0x2420 + 300), record());
  EXPECT_EQ(at.text(valid, 4), "TRGD");
  EXPECT_EQ(dump.size(), valid + 4);
  EXPECT_EQ(at.u64(0xfa0), dump.size());
}

TEST(TriageDump, SaysNothingOfAnExceptionThatIsNot) {
  Machine m = machine();
  m.exception.reset();
  const Buffer dump = write_triage_dump(m, kBugCheck, {}).value();
  EXPECT_EQ(At(dump).u32(0x1038), 0xc01u);
  EXPECT_TRUE(At(dump).unset(0xf00, 0x98));
  EXPECT_EQ(At(dump).u32(0x207c), 1u);
}

TEST(TriageDump, CarriesSecondaryDataBehindItsEnd) {
  const Buffer blob = {1, 2, 3};
  const SecondaryBlob blobs[] = {{kTag, blob}, {Guid{}, {}}};
  const Buffer dump = triage(blobs);
  const std::size_t end = triage().size();
  const Buffer expected = {
      'D',  'u',  'm',  'p',  'B',  'l',  'o',  'b',  16,   0,    0,    0,  // file header
      0xf4, 0x65, 0x00, 0xf0,                                               // 26100
      32,   0,    0,    0,    0x78, 0x56, 0x34, 0x12, 0xbc, 0x9a, 0xf0, 0xde, 0x11, 0x22, 0x33,
      0x44, 0x55, 0x66, 0x77, 0x88, 3,    0,    0,    0,    0,    0,    0,    0,    5,    0,
      0,    0,    1,    2,    3,    0,    0,    0,    0,    0,    32,   0,    0,    0,    0,
      0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,
      0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0};
  EXPECT_EQ(Buffer(dump.begin() + static_cast<std::ptrdiff_t>(end), dump.end()), expected);
}

TEST(TriageDump, RefusesBlocksThatCannotBe) {
  const Buffer bytes(16);
  const auto write = [&](std::vector<DataBlock> blocks) {
    return write_triage_dump(machine(), kBugCheck, blocks).has_value();
  };
  EXPECT_TRUE(write({{0x1000, bytes}, {0x1010, bytes}, {0xff0, bytes}}));
  EXPECT_FALSE(write({{0x1000, bytes}, {0x100f, bytes}}));
  EXPECT_FALSE(write({{0x1000, {}}}));
  EXPECT_TRUE(write({{0xfffffffffffffff0, bytes}}));
  EXPECT_FALSE(write({{0xfffffffffffffff1, bytes}}));
  EXPECT_FALSE(write({{kData + 0x400, bytes}}));  // that is ours
  EXPECT_FALSE(write_triage_dump(machine32(), kBugCheck32, {}));
}

TEST(HeaderDump, IsTheHeader) {
  const Buffer small = write_header_dump(machine32(), kBugCheck32).value();
  EXPECT_EQ(small.size(), 0x1000u);
  EXPECT_EQ(At(small).u32(0xf88), 3u);
  EXPECT_EQ(At(small).u32(0x028), 0x124u);
  EXPECT_EQ(At(small).u64(0xfa0), 0x1000u);
  EXPECT_TRUE(At(small).unset(0x064, 700));

  const Buffer large = write_header_dump(machine(), kBugCheck).value();
  EXPECT_EQ(large.size(), 0x2000u);
  expect_header64(At(large));
  EXPECT_EQ(At(large).u32(0xf98), 3u);
}

}  // namespace
}  // namespace wheatstone::dump
