#include "mocks/windows/crash.hpp"

#include <gtest/gtest.h>

#include <map>
#include <string>

#include "formats/dump/header.hpp"
#include "formats/dump/reader.hpp"
#include "tests/support/records.hpp"

namespace wheatstone::windows {
namespace {

const FileTime kStart = *parse_iso8601("2008-03-11T08:00:00Z");
const FileTime kCrash = *parse_iso8601("2008-03-11T09:00:17.9046077Z");

Platform platform(bool is_64bit) {
  return {.profile = cper::find_profile("win7-sp1"), .is_64bit = is_64bit, .processors = 3};
}

Stop stop_with(Buffer record, std::uint64_t va) {
  return {{0x124, {0, va, 0xbea00000, 0x108}}, std::move(record), va};
}

CrashDumps dumps(bool is_64bit, const Stop& stop) {
  return *write_dumps(platform(is_64bit), os_version_of(*platform(is_64bit).profile), stop, kStart, kCrash);
}

// The record may lie across a page border: the page tables must lead to both pages.
TEST(Crash, RecordIsWhereParameter2Says) {
  const Buffer record = test::load_record("multiple2");
  for (const std::uint64_t va : {0xffffa48c00000028u, 0xffffa48c00000f00u}) {
    const CrashDumps files = dumps(true, stop_with(record, va));
    for (const Buffer* file : {&files.full, &files.small}) {
      const auto dump = dump::Dump::open(*file);
      ASSERT_TRUE(dump);
      EXPECT_TRUE(dump->findings().empty());
      EXPECT_EQ(dump->bug_check().parameters[1], va);
      const auto read = dump->read_virtual(dump->bug_check().parameters[1], record.size());
      ASSERT_TRUE(read) << read.error().text();
      EXPECT_EQ(*read, record);
    }
    EXPECT_EQ(dump::to_string(dump::Dump::open(files.full)->dump_class()), "full-64");
    EXPECT_EQ(dump::to_string(dump::Dump::open(files.small)->dump_class()), "triage-64");
  }
}

TEST(Crash, MachineOf32BitsKeepsTheRecordInTheFullDumpAlone) {
  const Buffer record = test::load_record("multiple5");
  const CrashDumps files = dumps(false, stop_with(record, 0x8612f030));
  const auto full = dump::Dump::open(files.full);
  ASSERT_TRUE(full);
  EXPECT_EQ(dump::to_string(full->dump_class()), "full-32");
  EXPECT_EQ(*full->read_virtual(0x8612f030, record.size()), record);
  EXPECT_EQ(dump::to_string(dump::Dump::open(files.small)->dump_class()), "header-32");
}

TEST(Crash, HeaderTellsWhenAndWhat) {
  const CrashDumps files = dumps(true, {{0xf4, {3, 1, 2, 4}}, {}, 0});
  const auto dump = dump::Dump::open(files.small);
  ASSERT_TRUE(dump);
  EXPECT_EQ(dump->bug_check(), (dump::BugCheck{0xf4, {3, 1, 2, 4}}));
  std::map<std::string, layout::Leaf> fields;
  for (const layout::Leaf& leaf : dump::flatten(*dump)) fields[leaf.path] = leaf;
  EXPECT_EQ(fields["SystemTime"].number, kCrash.ticks);
  EXPECT_EQ(fields["SystemUpTime"].number, kCrash.ticks - kStart.ticks);
  EXPECT_EQ(fields["MinorVersion"].number, 7601u);
  EXPECT_EQ(fields["NumberProcessors"].number, 3u);
  EXPECT_EQ(fields["SuiteMask"].number, 256u);
}

// Five words above the return address of the topmost frame: the arguments of KeBugCheckEx.
TEST(Crash, StackHoldsTheArgumentsOfTheBugCheck) {
  const CrashDumps files = dumps(true, {{0xf4, {3, 0x11, 0x22, 0x33}}, {}, 0});
  const auto dump = dump::Dump::open(files.full);
  ASSERT_TRUE(dump);
  std::uint64_t rsp = 0;
  for (const layout::Leaf& leaf : dump::flatten(*dump))
    if (leaf.path == "ContextRecord.Rsp") rsp = leaf.number;
  ASSERT_NE(rsp, 0u);
  const auto frame = dump->read_virtual(rsp + 8, 40);
  ASSERT_TRUE(frame) << frame.error().text();
  const std::uint64_t expected[] = {0xf4, 3, 0x11, 0x22, 0x33};
  for (std::size_t i = 0; i < 5; ++i) EXPECT_EQ(load_le<std::uint64_t>(frame->data() + 8 * i), expected[i]);
}

TEST(Crash, ParameterTooWideFor32BitsIsAnError) {
  const OsVersion os = os_version_of(*platform(false).profile);
  EXPECT_TRUE(write_dumps(platform(false), os, {{0xf4, {0xffffffff, 0, 0, 0}}, {}, 0}, kStart, kCrash));
  const auto wide = write_dumps(platform(false), os, {{0xf4, {0x100000000, 0, 0, 0}}, {}, 0}, kStart, kCrash);
  ASSERT_FALSE(wide);
  EXPECT_EQ(wide.error().kind, ErrorKind::invalid_argument);
}

TEST(Crash, SmallDumpIsNamedByDateAndNumber) {
  EXPECT_EQ(small_dump_name(kCrash, 1), "Mini031108-01.dmp");
  EXPECT_EQ(small_dump_name(*parse_iso8601("2026-11-22T00:00:00Z"), 12), "Mini112226-12.dmp");
}

}  // namespace
}  // namespace wheatstone::windows
