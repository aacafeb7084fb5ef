#include "formats/dump/reader.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "formats/dump/kernel_data.hpp"
#include "tests/formats/dump/dumps.hpp"

namespace wheatstone::dump {
namespace {

using namespace examples;

struct Change {
  std::size_t at;
  unsigned width;
  std::uint64_t value;
};

Buffer changed(Buffer bytes, const std::vector<Change>& changes) {
  for (const Change& change : changes) store_le(bytes.data() + change.at, change.value, change.width);
  return bytes;
}

// The codes of all findings, joined.
std::string codes(Bytes bytes) {
  const auto dump = Dump::open(bytes);
  if (!dump) return "refused: " + dump.error().message;
  std::string joined;
  for (const Finding& finding : dump->findings()) {
    if (!joined.empty()) joined += ' ';
    joined += finding.code;
  }
  return joined;
}

TEST(Dump, ReadsBackWhatWasWritten) {
  const Buffer bytes = full();
  const auto dump = Dump::open(bytes);
  ASSERT_TRUE(dump);
  EXPECT_EQ(to_string(dump->dump_class()), "full-64");
  EXPECT_EQ(dump->bug_check(), kBugCheck);
  EXPECT_EQ(codes(bytes), "");
  // The record behind parameter 2 crosses a page.
  EXPECT_EQ(dump->read_virtual(dump->bug_check().parameters[1], 300).value(), record());
  EXPECT_EQ(dump->read_virtual(kRecordVa + 300, 0).value(), Buffer{});
  EXPECT_EQ(dump->runs().size(), 1u);
  EXPECT_TRUE(dump->secondary_data().empty());
  EXPECT_FALSE(dump->debugger_data().empty());
}

TEST(Dump, ReadsA32BitFullDump) {
  const Buffer bytes = full32();
  const auto dump = Dump::open(bytes);
  ASSERT_TRUE(dump);
  EXPECT_EQ(to_string(dump->dump_class()), "full-32");
  EXPECT_EQ(dump->bug_check(), kBugCheck32);
  EXPECT_EQ(codes(bytes), "");
  EXPECT_EQ(dump->read_virtual(kBugCheck32.parameters[1], 300).value(), record());
}

TEST(Dump, ReadsATriageDump) {
  const Buffer blob(24, 9);
  const SecondaryBlob blobs[] = {{kTag, blob}};
  const Buffer bytes = triage(blobs);
  const auto dump = Dump::open(bytes);
  ASSERT_TRUE(dump);
  EXPECT_EQ(to_string(dump->dump_class()), "triage-64");
  EXPECT_EQ(dump->bug_check(), kBugCheck);
  EXPECT_EQ(codes(bytes), "");
  EXPECT_EQ(dump->read_virtual(kRecordVa, 300).value(), record());
  EXPECT_TRUE(dump->read_virtual(kRecordVa + 299, 1));
  EXPECT_FALSE(dump->read_virtual(kRecordVa + 299, 2));
  EXPECT_FALSE(dump->read_virtual(kRecordVa - 1, 2));
  // Debugger data and the variables behind them are two ranges that touch.
  EXPECT_EQ(dump->read_virtual(kDefaultKernelData64, kKernelDataSize).value(),
            make_kernel_data(machine(), kBugCheck));
  ASSERT_EQ(dump->secondary_data().size(), 1u);
  EXPECT_EQ(dump->secondary_data()[0].tag, kTag);
  EXPECT_TRUE(std::ranges::equal(dump->secondary_data()[0].data, blob));
  EXPECT_EQ(dump->read_physical(0, 1).error().kind, ErrorKind::unsupported);
}

TEST(Dump, ReadsSecondaryDataOfAFullDump) {
  const Buffer blob = {1, 2, 3};
  const SecondaryBlob blobs[] = {{kTag, blob}};
  const Buffer bytes = write_full_dump(machine(), kBugCheck, examples::memory(), blobs).value();
  const auto dump = Dump::open(bytes);
  ASSERT_TRUE(dump);
  EXPECT_EQ(codes(bytes), "");
  ASSERT_EQ(dump->secondary_data().size(), 1u);
  EXPECT_TRUE(std::ranges::equal(dump->secondary_data()[0].data, blob));
}

TEST(Dump, ReadsAHeader) {
  const Buffer bytes = write_header_dump(machine32(), kBugCheck32).value();
  const auto dump = Dump::open(bytes);
  ASSERT_TRUE(dump);
  EXPECT_EQ(to_string(dump->dump_class()), "header-32");
  EXPECT_EQ(dump->bug_check(), kBugCheck32);
  EXPECT_EQ(codes(bytes), "");
  EXPECT_EQ(dump->read_virtual(0, 1).error().kind, ErrorKind::unsupported);
  Buffer more = bytes;
  more.push_back(0);
  EXPECT_EQ(codes(more), "bytes-behind-header");
}

TEST(Dump, RefusesWhatIsNoDump) {
  EXPECT_EQ(Dump::open({}).error().kind, ErrorKind::malformed);
  EXPECT_EQ(Dump::open(as_bytes("PAGEDU6")).error().kind, ErrorKind::malformed);
  EXPECT_EQ(Dump::open(as_bytes("MDMP\x93\xa7\x00\x00")).error().kind, ErrorKind::malformed);  // 6 bytes
  const Buffer user = {'M', 'D', 'M', 'P', 0x93, 0xa7, 0, 0};
  EXPECT_EQ(Dump::open(user).error().kind, ErrorKind::unsupported);
  for (const std::size_t at : {0u, 3u, 4u, 7u}) {
    Buffer bytes = full();
    bytes[at] ^= 1;
    const auto dump = Dump::open(bytes);
    ASSERT_FALSE(dump);
    EXPECT_EQ(dump.error().kind, ErrorKind::malformed);
    EXPECT_EQ(dump.error().where.offset, at / 4 * 4);
  }
}

TEST(Dump, SaysWhereAFileWasCut) {
  const auto cut = [](Buffer bytes, std::size_t size) {
    bytes.resize(size);
    return codes(bytes);
  };
  const std::string header_cut = "refused: the header has ";
  EXPECT_TRUE(cut(full(), 0x1fff).starts_with(header_cut + "8192"));
  EXPECT_TRUE(cut(full32(), 0xfff).starts_with(header_cut + "4096"));
  EXPECT_EQ(cut(full(), 0x2000),
            "file-shorter-than-runs directory-table-base-unreadable "
            "debugger-data-unreadable");
  EXPECT_EQ(cut(full(), full().size() - 1), "file-shorter-than-runs");
  EXPECT_EQ(cut(full32(), full32().size() - 1), "file-shorter-than-runs");
  EXPECT_EQ(cut(triage(), 0x207f), "triage-block-cut");
  EXPECT_EQ(cut(triage(), triage().size() - 1), "triage-marker triage-size-beyond-file");
  EXPECT_EQ(cut(triage(), 0x2000), "triage-block-cut");
  const SecondaryBlob blobs[] = {{kTag, {}}};
  const std::size_t size = triage(blobs).size();
  EXPECT_EQ(cut(triage(blobs), size - 1), "blob-cut");
  EXPECT_EQ(cut(triage(blobs), size - 31), "blob-cut");
  EXPECT_EQ(cut(triage(blobs), size - 32), "");
  EXPECT_EQ(cut(triage(blobs), size - 33), "secondary-data-cut");
}

struct Mutant {
  const char* name;
  std::vector<Change> changes;
  const char* codes;
};

void expect_mutants(const Buffer& good, const std::vector<Mutant>& mutants) {
  for (const Mutant& mutant : mutants)
    EXPECT_EQ(codes(changed(good, mutant.changes)), mutant.codes) << mutant.name;
}

TEST(Dump, FindsWhatIsWrongWithAFullDump) {
  constexpr std::size_t kRuns = 0x088, kPages = 0x090, kBase = 0x098, kCount = 0x0a0;
  const std::string lost = "directory-table-base-unreadable debugger-data-unreadable";
  const std::string none = "page-count-mismatch required-space-mismatch bytes-behind-pages " + lost;
  const std::string no_runs = "no-runs " + none;
  const std::string overflow = "run-overflow " + none;
  const std::string longer = "page-count-mismatch required-space-mismatch file-shorter-than-runs";
  expect_mutants(
      full(),
      {
          {"no run", {{kRuns, 4, 0}}, no_runs.c_str()},
          {"one run more than fits, made of filler", {{kRuns, 4, 43}}, "too-many-runs run-overflow"},
          {"2^32-1 runs", {{kRuns, 4, 0xffffffff}}, "too-many-runs run-overflow"},
          {"runs never set", {{kRuns, 4, kUnset32}}, "descriptor-unset"},
          {"one page more said", {{kPages, 8, 11}}, "page-count-mismatch"},
          {"one page fewer said", {{kPages, 8, 9}}, "page-count-mismatch"},
          {"one page more in the run", {{kCount, 8, 11}}, longer.c_str()},
          {"one page fewer in the run",
           {{kCount, 8, 9}},
           "page-count-mismatch required-space-mismatch bytes-behind-pages debugger-data-unreadable"},
          {"no page in the run", {{kCount, 8, 0}}, ("empty-run " + none).c_str()},
          {"the highest page", {{kBase, 8, kPfnLimit - 10}}, lost.c_str()},
          {"beyond the highest page", {{kBase, 8, kPfnLimit - 9}}, overflow.c_str()},
          {"base near 2^52", {{kBase, 8, (std::uint64_t{1} << 52) - 1}}, overflow.c_str()},
          {"count that wraps", {{kCount, 8, ~std::uint64_t{0}}}, overflow.c_str()},
          {"two runs over each other",
           {{kRuns, 4, 2}, {kCount, 8, 5}, {0xa8, 8, 0x104}, {0xb0, 8, 5}},
           "runs-not-ascending debugger-data-unreadable"},
          {"required space", {{0xfa0, 8, 0x3000}}, "required-space-mismatch"},
          {"required space never set", {{0xfa0, 8, kUnset64}}, ""},
          {"top table elsewhere",
           {{0x010, 8, 0x99000}},
           "directory-table-base-unreadable debugger-data-unreadable"},
          {"process context in the top table's address", {{0x010, 8, 0x100002}}, ""},
          {"no debugger data", {{0x080, 8, kUnset64}}, "no-debugger-data"},
          {"debugger data elsewhere", {{0x080, 8, 0x1000}}, "debugger-data-unreadable"},
          {"debugger data not canonical", {{0x080, 8, 0x0000f80000e00000}}, "debugger-data-unreadable"},
          {"other bug check", {{0x038, 4, 0x9c}}, "bug-check-mismatch"},
          {"other parameter", {{0x058, 8, 1}}, "bug-check-mismatch"},
          {"bug check marked as that of a triage dump", {{0x038, 4, 0x10000124}}, ""},
          {"two MXCSR", {{0x348 + 0x34, 4, 0x1f81}}, "mxcsr-mismatch"},
          {"the other MXCSR", {{0x348 + 0x118, 4, 0}}, "mxcsr-mismatch"},
          {"machine of another width", {{0x030, 4, 0x14c}}, "unexpected-machine"},
          {"ARM64", {{0x030, 4, 0xaa64}}, "paging-not-read"},
          {"neither free nor checked", {{0x008, 4, 14}}, "unknown-major-version"},
          {"writer failed", {{0x1048, 4, 0xc000009a}}, "writer-status"},
          {"16 exception parameters", {{0xf18, 4, 16}}, "exception-parameters"},
          {"15 exception parameters", {{0xf18, 4, 15}}, ""},
          {"type 0", {{0xf98, 4, 0}}, "unknown-dump-type"},
          {"type 2", {{0xf98, 4, 2}}, "class-not-read"},
          {"type 3", {{0xf98, 4, 3}}, "bytes-behind-header"},
          {"type 4", {{0xf98, 4, 4}}, "triage-marker triage-size bytes-behind-dump"},
          {"type 5", {{0xf98, 4, 5}}, "bitmap-signature"},
          {"type 8", {{0xf98, 4, 8}}, "ranges-signature"},
          {"type 11", {{0xf98, 4, 11}}, "unknown-dump-type"},
      });
  // 'PAGE' in place of runs is beyond any processor, so what follows the good run is cut there.
  const Buffer bytes = changed(full(), {{kRuns, 4, 43}});
  EXPECT_EQ(Dump::open(bytes)->read_virtual(kRecordVa, 300).value(), record());
}

TEST(Dump, FindsWhatIsWrongWithA32BitDump) {
  expect_mutants(
      full32(), {
                    {"86 runs of filler",
                     {{0x064, 4, 86}},
                     "runs-not-ascending page-count-mismatch required-space-mismatch file-shorter-than-runs"},
                    {"machine of another width", {{0x020, 4, 0x8664}}, "unexpected-machine"},
                    {"paging with PAE", {{0x05c, 1, 1}}, "debugger-data-unreadable"},
                    {"PAE never set", {{0x05c, 1, 'P'}}, ""},
                    {"triage", {{0xf88, 4, 4}}, "class-not-read"},
                });
}

TEST(Dump, FindsWhatIsWrongWithATriageDump) {
  const std::size_t size = triage().size();
  constexpr std::size_t kBlocks = 0x2400;
  expect_mutants(
      triage(),
      {
          {"marker", {{size - 4, 4, 0x45475254}}, "triage-marker"},
          {"marker elsewhere", {{0x2008, 4, size - 5}}, "triage-marker triage-size"},
          {"marker beyond the file", {{0x2008, 4, 0xffffffff}}, "triage-marker triage-size"},
          {"shorter", {{0x2004, 4, size - 1}}, "triage-size bytes-behind-dump"},
          {"longer", {{0x2004, 4, size + 1}}, "triage-size triage-size-beyond-file"},
          {"context elsewhere", {{0x200c, 4, 0x349}}, "triage-offset-of-header-field"},
          {"exception elsewhere", {{0x2010, 4, 0xeff}}, "triage-offset-of-header-field"},
          {"last dword of the file", {{0x201c, 4, size - 4}}, ""},
          {"one behind", {{0x201c, 4, size - 3}}, "triage-offset-beyond-file"},
          {"far beyond", {{0x201c, 4, 0xffffffff}}, "triage-offset-beyond-file"},
          {"inside the header", {{0x201c, 4, 0x1000}}, "triage-parts-overlap"},
          {"inside another part", {{0x201c, 4, 0x2100}}, "triage-parts-overlap"},
          {"unaligned", {{0x201c, 4, size - 4 - 2}}, "triage-offset-unaligned triage-parts-overlap"},
          {"driver list that is not there",
           {{0x2030, 4, 0x2100}, {0x2034, 4, 0xffffffff}},
           "triage-offset-beyond-file"},
          {"string pool that ends behind",
           {{0x2038, 4, size - 4}, {0x203c, 4, 5}},
           "triage-offset-beyond-file"},
          {"call stack that is not said", {{0x2028, 4, size - 4}, {0x202c, 4, 4}}, "mini-dump-fields"},
          {"no data blocks though said", {{0x207c, 4, 0}}, "mini-dump-fields"},
          {"data blocks not said", {{0x1038, 4, 0x403}}, "mini-dump-fields"},
          {"2^32-1 data blocks",
           {{0x207c, 4, 0xffffffff}},
           "triage-offset-beyond-file data-block-beyond-file triage-parts-overlap"},
          {"table behind the file", {{0x2078, 4, 0xfffffff0}}, "triage-offset-beyond-file"},
          {"block of one byte too much", {{kBlocks + 8, 4, size - 299}}, "data-block-beyond-file"},
          {"block that ends with the file", {{kBlocks + 8, 4, size - 300}}, "triage-parts-overlap"},
          {"block that ends with memory", {{kBlocks, 8, ~std::uint64_t{299}}}, ""},
          {"block that wraps", {{kBlocks, 8, ~std::uint64_t{298}}}, "data-block-wraps"},
          {"blocks that share a byte", {{kBlocks, 8, kDefaultKernelData64 - 299}}, "virtual-ranges-overlap"},
          {"blocks that touch", {{kBlocks, 8, kDefaultKernelData64 - 300}}, ""},
          {"blocks that share memory",
           {{kBlocks, 8, kDefaultKernelData64 + 0x381}},
           "virtual-ranges-overlap"},
          {"tag of the debugger data", {{0x2090, 4, 0}}, "debugger-data-tag"},
          {"short debugger data", {{0x2074, 4, 0x33f}}, "debugger-data-short"},
          {"debugger data of Windows 7", {{0x2074, 4, 0x340}}, ""},
          {"other parameter", {{0x040, 8, 4}}, "bug-check-mismatch"},
      });
}

TEST(Dump, FindsWhatIsWrongWithSecondaryData) {
  const Buffer blob = {1, 2, 3};
  const SecondaryBlob blobs[] = {{kTag, blob}, {kTag, blob}};
  const std::size_t at = triage().size();  // file header; first blob at +16, second at +56
  expect_mutants(triage(blobs),
                 {
                     {"signature", {{at, 1, 'd'}}, "bytes-behind-dump"},
                     {"file header of 15 bytes", {{at + 8, 4, 15}}, "secondary-header-size"},
                     {"file header beyond the file", {{at + 8, 4, 97}}, "secondary-header-size"},
                     {"file header and nothing else", {{at + 8, 4, 96}}, ""},
                     {"blob header of 0 bytes", {{at + 16, 4, 0}}, "blob-header-size"},
                     {"blob header of 31 bytes", {{at + 56, 4, 31}}, "blob-header-size"},
                     {"blob header of 2^32-1 bytes", {{at + 56, 4, 0xffffffff}}, "blob-beyond-file"},
                     {"data past the end", {{at + 56 + 0x14, 4, 4}}, "blob-beyond-file"},
                     {"2^32-1 bytes of data", {{at + 56 + 0x14, 4, 0xffffffff}}, "blob-beyond-file"},
                     {"pad past the end", {{at + 56 + 0x1c, 4, 6}}, "blob-beyond-file"},
                     {"other pads", {{at + 56 + 0x18, 4, 5}, {at + 56 + 0x1c, 4, 0}}, ""},
                 });
  const Buffer bytes = changed(triage(blobs), {{at + 56, 4, 0}});
  EXPECT_EQ(Dump::open(bytes)->secondary_data().size(), 1u);
}

// A bitmap dump is recognized and its block is checked; its pages are not read.
TEST(Dump, ChecksTheBlockOfABitmapDump) {
  Buffer good = write_header_dump(machine(), kBugCheck).value();
  good.resize(0x2000 + 0x38 + 2 + 3 * kPageSize);
  good = changed(good, {{0xf98, 4, 6},
                        {0x2000, 4, 0x504d4453},
                        {0x2004, 4, kValidDump32},
                        {0x2020, 8, 0x203a},
                        {0x2028, 8, 3},
                        {0x2030, 8, 9},
                        {0x2038, 2, 0x0103}});
  EXPECT_EQ(to_string(Dump::open(good)->dump_class()), "bitmap-kernel-64");
  EXPECT_EQ(Dump::open(good)->read_virtual(0, 1).error().kind, ErrorKind::unsupported);
  EXPECT_EQ(Dump::open(good)->read_physical(0, 1).error().kind, ErrorKind::unsupported);
  expect_mutants(
      good,
      {
          {"good", {}, ""},
          {"bitmap of all memory", {{0x2000, 4, 0x504d4446}}, ""},
          {"first signature", {{0x2000, 1, 'X'}}, "bitmap-signature"},
          {"second signature", {{0x2007, 1, 'X'}}, "bitmap-signature"},
          {"bit behind the last", {{0x2038, 2, 0x0203}}, "bitmap-bits-beyond-pages"},
          {"one page fewer said", {{0x2028, 8, 2}}, "present-pages-mismatch"},
          {"one page more there", {{0x2038, 2, 0x0107}}, "present-pages-mismatch file-shorter-than-bitmap"},
          {"first page later", {{0x2020, 8, 0x203b}}, "file-shorter-than-bitmap"},
          {"first page in the bitmap", {{0x2020, 8, 0x2039}}, "file-shorter-than-bitmap"},
          {"first page beyond", {{0x2020, 8, ~std::uint64_t{0}}}, "file-shorter-than-bitmap"},
          {"2^64-1 bits", {{0x2030, 8, ~std::uint64_t{0}}}, "bitmap-beyond-file"},
      });
  Buffer cut = good;
  cut.resize(0x2037);
  EXPECT_EQ(codes(cut), "bitmap-block-cut");

  const Buffer ranges =
      changed(good, {{0xf98, 4, 10}, {0x2000, 4, 0x40}, {0x2004, 4, 0x504d4452}, {0x2008, 4, kValidDump32}});
  EXPECT_EQ(codes(ranges), "");
  EXPECT_EQ(to_string(Dump::open(ranges)->dump_class()), "complete-64");
}

TEST(Dump, ReadsNoMoreThanThereIs) {
  const Buffer bytes = full();
  const auto dump = Dump::open(bytes);
  EXPECT_EQ(dump->read_virtual(kRecordVa, bytes.size() + 1).error().kind, ErrorKind::invalid_argument);
  EXPECT_EQ(dump->read_virtual(~std::uint64_t{0}, 2).error().kind, ErrorKind::invalid_argument);
  EXPECT_EQ(dump->read_physical(0, bytes.size() + 1).error().kind, ErrorKind::invalid_argument);
  EXPECT_EQ(dump->read_physical(~std::uint64_t{0}, 2).error().kind, ErrorKind::malformed);
  EXPECT_EQ(dump->read_physical(0x100000, 10 * kPageSize).value(),
            Buffer(bytes.begin() + 0x2000, bytes.end()));
  EXPECT_FALSE(dump->read_physical(0x100000, 10 * kPageSize + 1));
  EXPECT_FALSE(dump->read_physical(0xfffff, 2));
}

// What follows a run in the file is another run, not what follows it in memory.
TEST(Dump, DoesNotReadAcrossAHole) {
  PhysicalMemory memory = examples::memory();
  ASSERT_TRUE(memory.write_physical(0x5000, Buffer(kPageSize, 1)));
  ASSERT_TRUE(memory.write_physical(0x7000, Buffer(kPageSize, 2)));
  ASSERT_TRUE(memory.write_physical(0x8000, Buffer(kPageSize, 3)));
  const Buffer bytes = write_full_dump(machine(), kBugCheck, memory).value();
  const auto dump = Dump::open(bytes);
  EXPECT_EQ(dump->read_physical(0x5fff, 1).value(), Buffer{1});
  EXPECT_FALSE(dump->read_physical(0x5fff, 2));
  EXPECT_FALSE(dump->read_physical(0x6fff, 2));
  EXPECT_EQ(dump->read_physical(0x7fff, 2).value(), (Buffer{2, 3}));
}

TEST(Dump, ReadsThroughLargePages) {
  PhysicalMemory memory(Paging::four_level, 0x10);
  ASSERT_TRUE(memory.map(0xffffe00000000000, 1));
  ASSERT_TRUE(memory.write_physical(0x200ffe, Buffer{1, 2, 3, 4}));
  // The third table, its second entry: 2 MiB at 0x200000.
  Buffer entry(8);
  store_le<std::uint64_t>(entry.data(), 0x2000e3);
  ASSERT_TRUE(memory.write_physical(0x12000 + 8, entry));
  const Buffer bytes = write_full_dump(machine(), kBugCheck, memory).value();
  EXPECT_EQ(Dump::open(bytes)->read_virtual(0xffffe00000200ffe, 4).value(), (Buffer{1, 2, 3, 4}));
  // The large page goes on where the dump does not.
  EXPECT_FALSE(Dump::open(bytes)->read_virtual(0xffffe00000202000, 1));
}

// Ranges that lie over each other a thousand times are read once.
TEST(Dump, ReadsOverlappingDataBlocksInLinearTime) {
  constexpr std::size_t kCount = 4000;
  const Buffer small(32, 0x77);
  std::vector<DataBlock> blocks;
  for (std::size_t i = 0; i < kCount; ++i) blocks.push_back({0x100000 + i * 32, small});
  Buffer bytes = write_triage_dump(machine(), kBugCheck, blocks).value();
  EXPECT_EQ(Dump::open(bytes)->read_virtual(0x100000, kCount * 32).value(), Buffer(kCount * 32, 0x77));
  // Now each block is all of the file.
  for (std::size_t i = 0; i < kCount; ++i) {
    store_le<std::uint32_t>(bytes.data() + 0x2400 + i * 16 + 8, 4);
    store_le<std::uint32_t>(bytes.data() + 0x2400 + i * 16 + 12,
                            static_cast<std::uint32_t>(bytes.size() - 4));
  }
  const auto dump = Dump::open(bytes);
  ASSERT_TRUE(dump);
  EXPECT_EQ(codes(bytes), "triage-parts-overlap virtual-ranges-overlap");
  EXPECT_EQ(dump->read_virtual(0x100000, bytes.size()).value().size(), bytes.size());
}

// What no input may do, tried on a hundred thousand damaged dumps. The generator is fixed: a failure repeats.
TEST(Dump, SurvivesDamage) {
  const Buffer blob(40, 3);
  const SecondaryBlob blobs[] = {{kTag, blob}};
  const Buffer goods[] = {full(), full32(), triage(blobs)};
  // Where damage means something: the fields of headers, blocks and tables, and what lies behind.
  const auto place = [](const Buffer& good, std::mt19937& random) -> std::size_t {
    const bool triage_dump = good.size() < 0x3000;
    switch (random() % 4) {
      case 0:
        return random() % 0x348;
      case 1:
        return 0xf00 + random() % 0x160;
      case 2:
        return triage_dump ? 0x2000 + random() % (good.size() - 0x2000) : 0x2000 + random() % 0x1000;
      default:
        return random() % good.size();
    }
  };
  constexpr std::uint64_t kValues[] = {0,       1, 42, 43, 0x7fffffff, 0xffffffff, 0x1000, ~std::uint64_t{0},
                                       kUnset64};
  std::mt19937 random(1);
  std::size_t opened = 0;
  for (int i = 0; i < 100'000; ++i) {
    const Buffer& good = goods[random() % 3];
    Buffer bytes = good;
    for (std::size_t n = 1 + random() % 3; n > 0; --n) {
      const std::size_t at = place(good, random);
      const unsigned width = 1u << (random() % 4);
      if (at + width > bytes.size()) continue;
      store_le(bytes.data() + at, random() % 2 == 0 ? kValues[random() % std::size(kValues)] : random(),
               width);
    }
    if (random() % 8 == 0) bytes.resize(random() % bytes.size());
    const auto dump = Dump::open(bytes);
    if (!dump) continue;
    ++opened;
    const BugCheck bug_check = dump->bug_check();
    for (const std::uint64_t va : {bug_check.parameters[1], kRecordVa, kDefaultKernelData64})
      if (const auto read = dump->read_virtual(va, 300); read) {
        ASSERT_EQ(read->size(), 300u);
      }
    ASSERT_LE(dump->findings().size(), 32u);
  }
  EXPECT_GT(opened, 80'000u);
}

}  // namespace
}  // namespace wheatstone::dump
