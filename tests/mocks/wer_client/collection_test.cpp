#include "mocks/wer_client/collection.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/mocks/support.hpp"

namespace wheatstone::wer_client {
namespace {

using testing::ElementsAre;
using testing_support::codes;

std::vector<std::string> names(const Collection& collection) {
  std::vector<std::string> list;
  for (const cab::Member& member : collection.members) list.push_back(member.name);
  return list;
}

const std::vector<File> kFiles = {{.name = "a.txt", .data = {1}, .anonymous = true},
                                  {.name = "b.hdmp", .type = cer::FileType::heapdump, .data = {2}},
                                  {.name = "c.doc", .type = cer::FileType::user_document, .data = {3}}};

TEST(Collect, TakesFilesThatAreAskedFor) {
  EXPECT_THAT(names(collect({}, kFiles, nullptr, true, "x")), ElementsAre("a.txt"));
  cer::Answer all;
  all.memory_dump = all.f_doc = true;
  const Collection collection = collect(all, kFiles, nullptr, true, "x");
  EXPECT_THAT(names(collection), ElementsAre("a.txt", "b.hdmp", "c.doc"));
  EXPECT_EQ(codes(collection.findings), "");
  EXPECT_THAT(names(collect(all, kFiles, nullptr, false, "x")), ElementsAre("a.txt"));
}

TEST(Collect, GivesEachMemberANameOfItsOwn) {
  cer::Answer answer;
  answer.get_file = {"C:\\x\\A.TXT", "D:/a.txt", "E:\\", "gone"};
  ScriptedCollector collector;
  collector.files = {{"C:\\x\\A.TXT", {4}}, {"D:/a.txt", {5}}, {"E:\\", {6}}};
  const Collection collection = collect(answer, kFiles, &collector, true, "a clause");
  EXPECT_THAT(names(collection), ElementsAre("a.txt", "A_1.TXT", "a_2.txt", "file"));
  ASSERT_EQ(codes(collection.findings), "not-collected");
  EXPECT_EQ(collection.findings[0].path, "GetFile");
  EXPECT_EQ(collection.findings[0].message, "GetFile gone could not be had");
  EXPECT_EQ(collection.findings[0].clause, "a clause");
}

TEST(Collect, GathersTextsInOneFileAKind) {
  cer::Answer answer;
  answer.wql = {"a", "b"};
  answer.reg_key = {"c"};
  answer.reg_tree = {"d"};
  ScriptedCollector collector;
  collector.wql_results = {{"a", "\xff"}, {"b", "2"}};  // the first is no UTF-8
  collector.reg_keys = {{"c", "3"}};
  collector.reg_trees = {{"d", "4"}};
  const Collection collection = collect(answer, {}, &collector, true, "x");
  ASSERT_THAT(names(collection), ElementsAre("wql.txt", "registry.txt"));
  EXPECT_EQ(collection.members[0].data,
            (Buffer{0xff, 0xfe, '[', 0, 'b', 0, ']', 0, '\r', 0, '\n', 0, '2', 0, '\r', 0, '\n', 0}));
  EXPECT_EQ(codes(collection.findings), "not-collected");
}

TEST(Collect, TakesTheMemoryFromTheCollectorOnlyWithoutAHeapDump) {
  cer::Answer answer;
  answer.memory_dump = true;
  ScriptedCollector collector;
  EXPECT_EQ(codes(collect(answer, {}, &collector, true, "x").findings), "not-collected");
  collector.memory = Buffer{7};
  EXPECT_THAT(names(collect(answer, {}, &collector, true, "x")), ElementsAre("memory.hdmp"));
  EXPECT_THAT(names(collect(answer, kFiles, &collector, true, "x")), ElementsAre("a.txt", "b.hdmp"));
}

}  // namespace
}  // namespace wheatstone::wer_client
