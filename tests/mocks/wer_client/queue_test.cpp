#include "mocks/wer_client/queue.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mocks/files.hpp"
#include "tests/mocks/support.hpp"

namespace wheatstone::wer_client {
namespace {

using testing_support::TempFolder;
using testing_support::text_of;
using testing_support::tree;

constexpr std::string_view kBytes =
    "wheatstone queued report 1\r\nlevel1 4\r\nfile 2 0 3 a b.dmp\r\nfile 5 1 0 empty\r\n\r\nDOC!xyz";

QueuedReport sample() {
  return {{'D', 'O', 'C', '!'},
          {{.name = "a b.dmp", .type = cer::FileType::minidump, .data = {'x', 'y', 'z'}},
           {.name = "empty", .anonymous = true}}};
}

TEST(QueuedReport, HasTheseBytes) {
  EXPECT_EQ(text_of(*write_queued(sample())), kBytes);
  EXPECT_EQ(*read_queued(as_bytes(kBytes)), sample());
}

TEST(QueuedReport, RefusesNamesThatBreakTheList) {
  for (const std::string_view name :
       {std::string_view("a\rb"), std::string_view("a\nb"), std::string_view("a\0b", 3)}) {
    QueuedReport report = sample();
    report.files[0].name = name;
    EXPECT_FALSE(write_queued(report));
  }
}

TEST(QueuedReport, RefusesEveryTruncationAndExtension) {
  for (std::size_t size = 0; size < kBytes.size(); ++size)
    EXPECT_FALSE(read_queued(as_bytes(kBytes.substr(0, size)))) << size;
  EXPECT_FALSE(read_queued(as_bytes(std::string(kBytes) + "!")));
}

TEST(QueuedReport, RefusesWhatItWouldNotWrite) {
  const auto with = [](std::string_view head) {
    return "wheatstone queued report 1\r\n" + std::string(head) + "\r\n\r\n";
  };
  EXPECT_TRUE(read_queued(as_bytes(with("level1 0"))));
  for (const std::string_view head :
       {"level1 00", "level1 -0", "level1 1", "level1 18446744073709551616", "level1 0 ", "Level1 0",
        "level1 0\r\nfile 0 0 0 x", "level1 0\r\nfile 6 0 0 x", "level1 0\r\nfile 1 2 0 x",
        "level1 0\r\nfile 1 0 1 x", "level1 0\r\nfile 1 0 18446744073709551615 x",
        "level1 0\r\nfile 1 0 0 x\ny", "level1 0\r\nfile 1 0 0"})
    EXPECT_FALSE(read_queued(as_bytes(with(head)))) << head;
  EXPECT_EQ(read_queued(as_bytes(with("level1 1"))).error().kind, ErrorKind::malformed);
}

TEST(Queue, HoldsReportsInTheirOrderUpToItsLimit) {
  const TempFolder folder;
  Queue queue(folder.path() / "queue", 2);
  EXPECT_TRUE(queue.entries().empty());
  ASSERT_TRUE(queue.add(sample()));
  ASSERT_TRUE(queue.add({}));
  const auto full = queue.add({});
  ASSERT_FALSE(full);
  EXPECT_EQ(full.error().kind, ErrorKind::environment);
  EXPECT_THAT(tree(folder.path()),
              testing::ElementsAre("queue", "queue/000001.report", "queue/000002.report"));
  EXPECT_EQ(*Queue::read(queue.entries().at(0)), sample());
  ASSERT_TRUE(Queue::remove(queue.entries().at(0)));
  ASSERT_TRUE(queue.add(sample()));
  EXPECT_THAT(tree(folder.path() / "queue"), testing::ElementsAre("000002.report", "000003.report"));
}

TEST(Queue, LeavesOtherFilesAlone) {
  const TempFolder folder;
  for (const std::string_view name : {"1.report", "000001.report.unfinished", "notes.txt"})
    ASSERT_TRUE(write_whole(folder.path() / name, {}));
  EXPECT_TRUE(Queue(folder.path(), 1).entries().empty());
}

}  // namespace
}  // namespace wheatstone::wer_client
