#include "formats/dump/initialize_header.hpp"

#include <gtest/gtest.h>

#include "formats/dump/kernel_data.hpp"
#include "formats/dump/reader.hpp"
#include "tests/formats/dump/dumps.hpp"

namespace wheatstone::dump {
namespace {

using namespace examples;

TEST(InitializeCrashDumpHeader, SaysHowMuchItNeedsWhateverIsWrong) {
  Buffer buffer(kHeader64Size);
  const Machine m = machine();
  const auto call = [&](std::uint32_t type, std::uint32_t flags, MutableBytes bytes) {
    std::uint32_t needed = 0;
    const NtStatus status = initialize_crash_dump_header(type, flags, bytes, &needed, m, {});
    EXPECT_EQ(needed, 0x2000u);
    return status;
  };
  // In this order, whatever else is wrong too.
  EXPECT_EQ(call(2, 1, {}), kStatusInvalidParameter1);
  EXPECT_EQ(call(0, 0, buffer), kStatusInvalidParameter1);
  EXPECT_EQ(call(1, 1, {}), kStatusInvalidParameter2);
  EXPECT_EQ(call(1, 0, {}), kStatusInvalidParameter3);
  EXPECT_EQ(call(1, 0, MutableBytes(buffer).first(0x1fff)), kStatusInvalidParameter4);
  EXPECT_EQ(buffer, Buffer(kHeader64Size));
  EXPECT_EQ(call(1, 0, buffer), kStatusSuccess);
  EXPECT_EQ(initialize_crash_dump_header(1, 0, buffer, nullptr, m, {}), kStatusSuccess);
}

TEST(InitializeCrashDumpHeader, Needs4KiBOn32Bits) {
  std::uint32_t needed = 0;
  Buffer buffer(kHeader32Size + 1, 0x5a);
  EXPECT_EQ(initialize_crash_dump_header(1, 0, MutableBytes(buffer).first(0xfff), &needed, machine32(), {}),
            kStatusInvalidParameter4);
  EXPECT_EQ(needed, 0x1000u);
  EXPECT_EQ(initialize_crash_dump_header(1, 0, buffer, &needed, machine32(), {}), kStatusSuccess);
  EXPECT_EQ(buffer.back(), 0x5a);
  EXPECT_EQ(as_text(buffer).substr(0, 8), "PAGEDUMP");
}

TEST(InitializeCrashDumpHeader, RefusesMoreRunsThanFit) {
  Buffer buffer(kHeader64Size);
  std::vector<MemoryRun> runs;
  for (std::uint64_t i = 0; i < 42; ++i) runs.push_back({i * 2, 1});
  EXPECT_EQ(initialize_crash_dump_header(1, 0, buffer, nullptr, machine(), {0, runs}), kStatusSuccess);
  runs.push_back({100, 1});
  EXPECT_EQ(initialize_crash_dump_header(1, 0, buffer, nullptr, machine(), {0, runs}), kStatusUnsuccessful);
  const MemoryRun backwards[] = {{2, 1}, {1, 1}};
  EXPECT_EQ(initialize_crash_dump_header(1, 0, buffer, nullptr, machine(), {0, backwards}),
            kStatusUnsuccessful);
}

// What the routine is for: the header now, the pages later, and together they are a full dump.
TEST(InitializeCrashDumpHeader, BeginsAFullDump) {
  PhysicalMemory memory = examples::memory();
  ASSERT_TRUE(memory.write_virtual(kernel_data(machine()), make_kernel_data(machine(), {})));
  const std::vector<MemoryRun> runs = memory.runs();
  Buffer dump(kHeader64Size);
  ASSERT_EQ(
      initialize_crash_dump_header(1, 0, dump, nullptr, machine(), {memory.directory_table_base(), runs}),
      kStatusSuccess);
  // Between the two calls the system goes on: what is in the pages counts, not what was.
  ASSERT_TRUE(memory.write_virtual(kRecordVa, Buffer{0xee}));
  for (const auto& [pfn, page] : memory.pages()) dump.insert(dump.end(), page.begin(), page.end());

  const auto read = Dump::open(dump);
  ASSERT_TRUE(read) << read.error().text();
  EXPECT_EQ(to_string(read->dump_class()), "full-64");
  EXPECT_EQ(read->bug_check(), BugCheck{});
  ASSERT_EQ(read->findings().size(), 1u);
  EXPECT_EQ(read->findings()[0].code, "bug-check-unset");
  Buffer expected = record();
  expected[0] = 0xee;
  EXPECT_EQ(read->read_virtual(kRecordVa, expected.size()).value(), expected);
  // No exception record, although the machine has one: the header is made while all is well.
  EXPECT_EQ(load_le<std::uint32_t>(dump.data() + 0xf00), kUnset32);
}

}  // namespace
}  // namespace wheatstone::dump
