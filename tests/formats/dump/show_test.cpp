#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "formats/dump/reader.hpp"
#include "tests/formats/dump/dumps.hpp"

namespace wheatstone::dump {
namespace {

using namespace examples;
using testing::HasSubstr;
using testing::Not;

const layout::Leaf& leaf(const std::vector<layout::Leaf>& leaves, std::string_view path) {
  static const layout::Leaf none;
  const auto found = std::ranges::find(leaves, path, &layout::Leaf::path);
  EXPECT_NE(found, leaves.end()) << path;
  return found == leaves.end() ? none : *found;
}

TEST(ShowDump, FlattensEveryStructure) {
  const Buffer blob = {1, 2, 3};
  const SecondaryBlob blobs[] = {{kTag, blob}};
  const Buffer bytes = triage(blobs);
  const auto dump = Dump::open(bytes);
  ASSERT_TRUE(dump);
  const auto leaves = flatten(*dump);
  EXPECT_EQ(leaf(leaves, "BugCheckCode").number, 0x124u);
  EXPECT_EQ(leaf(leaves, "DumpType").text, "triage");
  EXPECT_EQ(leaf(leaves, "Comment").text, "Wheatstone");
  EXPECT_EQ(leaf(leaves, "ContextRecord.Rip").number, 0xfffff80000212340u);
  EXPECT_EQ(leaf(leaves, "Exception.ExceptionCode").number, 0x80000003u);
  EXPECT_EQ(leaf(leaves, "MiniDumpFields.DataBlocks").number, 1u);
  EXPECT_EQ(leaf(leaves, "Triage.DataBlocksCount").number, 2u);
  EXPECT_EQ(leaf(leaves, "DataBlock[0].Address").number, kRecordVa);
  EXPECT_EQ(leaf(leaves, "DebuggerData.OwnerTag").text, "KDBG");
  EXPECT_EQ(leaf(leaves, "SecondaryData[0].Tag").text, kTag.text());
  // Set, and never set.
  EXPECT_TRUE(leaf(leaves, "Signature").valid);
  EXPECT_TRUE(leaf(leaves, "KdDebuggerDataBlock").valid);
  EXPECT_FALSE(leaf(leaves, "VersionUser").valid);
  EXPECT_FALSE(leaf(leaves, "DirectoryTableBase").valid);
  EXPECT_FALSE(leaf(leaves, "PhysicalMemoryBlock.Bytes").valid);
  EXPECT_FALSE(leaf(leaves, "Padding0").valid);
}

TEST(ShowDump, FlattensTheRunsOfAFullDump) {
  const Buffer bytes = full();
  const auto leaves = flatten(*Dump::open(bytes));
  EXPECT_EQ(leaf(leaves, "PhysicalMemoryBlock.NumberOfRuns").number, 1u);
  EXPECT_EQ(leaf(leaves, "PhysicalMemoryBlock.Run[0].BasePage").number, 0x100u);
  EXPECT_FALSE(leaf(leaves, "MiniDumpFields").valid);
  EXPECT_FALSE(leaf(leaves, "MiniDumpFields.Context").valid);
}

TEST(ShowDump, WritesJson) {
  Buffer bytes = full();
  bytes.push_back(0);
  layout::TextBuffer out;
  to_json(out, *Dump::open(bytes));
  EXPECT_THAT(out.view(), HasSubstr(R"({"Class":"full-64","BugCheck":{"Code":"0x00000124","Parameters":[)"
                                    R"("0x0000000000000000","0xffffe00112345f80")"));
  EXPECT_THAT(out.view(), HasSubstr(R"("Run":[{"BasePage":"0x0000000000000100","PageCount":"10"}])"));
  EXPECT_THAT(out.view(), HasSubstr(R"("Unset":["PfnDataBase","Padding0","VersionUser")"));
  EXPECT_THAT(out.view(), HasSubstr(R"("Findings":[{"Severity":"warning","Code":"bytes-behind-pages")"));
}

TEST(ShowDump, WritesText) {
  const Buffer bytes = triage();
  const std::string text = to_text(*Dump::open(bytes));
  EXPECT_THAT(text, HasSubstr("Crash dump, triage-64, "));
  EXPECT_THAT(text, HasSubstr("Bug check 0x124 (0x0, 0xffffe00112345f80, 0xbea00000, 0x108)\n"));
  EXPECT_THAT(text, HasSubstr("  0xffffe00112345f80 : 300 bytes at 0x2420\n"));
  EXPECT_THAT(text, Not(HasSubstr("VersionUser")));
  EXPECT_THAT(text, Not(HasSubstr("Findings")));
  Buffer broken = bytes;
  broken[0x2008] ^= 1;
  EXPECT_THAT(to_text(*Dump::open(broken)),
              HasSubstr("error: triage-marker: Triage.ValidOffset at offset 0x2008: there is no 'TRGD'"));
}

}  // namespace
}  // namespace wheatstone::dump
