#include "mocks/wer_client/store.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/mocks/support.hpp"

namespace wheatstone::wer_client {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing_support::read_text;
using testing_support::TempFolder;
using testing_support::tree;

StoredReport report(std::string_view detail) {
  StoredReport report{.detail = std::string(detail), .document = {'D'}};
  report.files.push_back({.name = "x", .data = {1, 2}});
  return report;
}

Store opened(const TempFolder& folder, const Settings& settings = {}) {
  auto store = Store::open(folder.path(), settings);
  EXPECT_TRUE(store) << store.error().text();
  return std::move(*store);
}

TEST(Store, QueuesInOrderUpToItsLimit) {
  const TempFolder folder;
  Store store = opened(folder, {.max_queue_count = 2});
  EXPECT_TRUE(store.queued().empty());
  ASSERT_TRUE(store.queue(report("1")));
  ASSERT_TRUE(store.queue(report("2")));
  const auto full = store.queue(report("3"));
  ASSERT_FALSE(full);
  EXPECT_EQ(full.error().kind, ErrorKind::environment);
  EXPECT_THAT(tree(folder.path()),
              ElementsAre(".lock", "ReportQueue", "ReportQueue/000001.report", "ReportQueue/000002.report"));
  EXPECT_EQ(*Store::read(store.queued().at(0)), report("1"));
  ASSERT_TRUE(store.finish(store.queued().at(0), report("1")));
  ASSERT_TRUE(store.queue(report("4")));
  EXPECT_EQ(Store::read(store.queued().at(1))->detail, "4");
}

TEST(Store, ArchivesParametersOnlyOrAllData) {
  const TempFolder folder;
  {
    Store store = opened(folder);
    ASSERT_TRUE(store.queue(report("1")));
    ASSERT_TRUE(store.finish(store.queued().at(0), report("1")));
    ASSERT_TRUE(store.archive(report("2")));
    EXPECT_TRUE(store.queued().empty());
    for (const auto& entry : store.archived()) EXPECT_TRUE(Store::read(entry)->files.empty());
  }
  Store store = opened(folder, {.configure_archive = 2});
  ASSERT_TRUE(store.queue(report("3")));
  ASSERT_TRUE(store.finish(store.queued().at(0), report("3")));
  ASSERT_TRUE(store.archive(report("4")));
  ASSERT_EQ(store.archived().size(), 4u);
  EXPECT_EQ(*Store::read(store.archived().at(2)), report("3"));
  EXPECT_EQ(*Store::read(store.archived().at(3)), report("4"));
}

TEST(Store, RemovesTheOldestOfTheArchive) {
  const TempFolder folder;
  Store store = opened(folder, {.max_archive_count = 2});
  for (const char* detail : {"1", "2", "3"}) ASSERT_TRUE(store.archive(report(detail)));
  ASSERT_EQ(store.archived().size(), 2u);
  EXPECT_EQ(Store::read(store.archived().at(0))->detail, "2");
}

TEST(Store, CanDoWithoutAnArchive) {
  const TempFolder folder;
  Store store = opened(folder, {.disable_archive = true});
  ASSERT_TRUE(store.archive(report("1")));
  ASSERT_TRUE(store.queue(report("2")));
  ASSERT_TRUE(store.finish(store.queued().at(0), report("2")));
  EXPECT_THAT(tree(folder.path()), ElementsAre(".lock", "ReportQueue"));
}

TEST(Store, RemembersEventsOverRestarts) {
  const TempFolder folder;
  {
    Store store = opened(folder);
    EXPECT_FALSE(store.had_cab("APPCRASH a"));
    ASSERT_TRUE(store.note_cab("APPCRASH a"));
    ASSERT_TRUE(store.note_cab("APPCRASH a"));
  }
  const Store store = opened(folder);
  EXPECT_TRUE(store.had_cab("APPCRASH a"));
  EXPECT_FALSE(store.had_cab("APPCRASH b"));
  EXPECT_EQ(read_text(folder.path() / "events").size(), 65u) << "once";
}

TEST(Store, RefusesAListOfEventsThatIsNone) {
  const std::string line(64, 'a');
  for (const std::string& text : {line, line + "a\n", line + "\nshort\n", std::string(64, 'g') + "\n"}) {
    const TempFolder folder;
    ASSERT_TRUE(write_whole(folder.path() / "events", {as_bytes(text)}));
    const auto store = Store::open(folder.path(), {});
    ASSERT_FALSE(store) << text;
    EXPECT_EQ(store.error().kind, ErrorKind::malformed);
    EXPECT_THAT(store.error().text(), HasSubstr("events"));
  }
}

TEST(Store, BelongsToOneAtATime) {
  const TempFolder folder;
  const Store store = opened(folder);
  const auto second = Store::open(folder.path(), {});
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().kind, ErrorKind::environment);
}

TEST(Store, LeavesOtherFilesAlone) {
  const TempFolder folder;
  std::filesystem::create_directories(folder.path() / "ReportQueue");
  for (const std::string_view name : {"1.report", "000001.report.unfinished", "notes.txt"})
    ASSERT_TRUE(write_whole(folder.path() / "ReportQueue" / name, {}));
  EXPECT_TRUE(opened(folder).queued().empty());
}

TEST(Store, SaysWhereAFileIsThatIsNoReport) {
  const TempFolder folder;
  Store store = opened(folder);
  ASSERT_TRUE(store.queue(report("1")));
  ASSERT_TRUE(write_whole(store.queued().at(0), {as_bytes("junk")}));
  EXPECT_THAT(Store::read(store.queued().at(0)).error().text(), HasSubstr("000001.report"));
}

}  // namespace
}  // namespace wheatstone::wer_client
