#include "mocks/cer_server/uploads.hpp"

#include <gtest/gtest.h>

#include <string>

namespace wheatstone::cer_server {
namespace {

Upload of(std::uint64_t report, std::size_t bytes = 10) {
  auto asked = std::make_shared<Asked>();
  asked->bytes = bytes;
  return {.report_number = report, .asked = std::move(asked)};
}

TEST(Uploads, BelongToTheLatestReport) {
  Uploads uploads;
  uploads.issue("/put/1.cab", of(1));
  uploads.issue("/put/1.cab", of(2));
  uploads.release("/put/1.cab", 1, Upload::State::filled);
  ASSERT_NE(uploads.find("/put/1.cab"), nullptr);
  EXPECT_EQ(uploads.find("/put/1.cab")->state, Upload::State::open);
  uploads.release("/put/1.cab", 2, Upload::State::filled);
  EXPECT_EQ(uploads.find("/put/1.cab")->state, Upload::State::filled);
  EXPECT_EQ(uploads.find("/put/1.cab")->asked, nullptr);
  EXPECT_EQ(uploads.find("/put/2.cab"), nullptr);
}

TEST(Uploads, ForgetTheOldestPaths) {
  Uploads uploads({.paths = 3, .asked = 1000});
  for (std::uint64_t report = 1; report <= 5; ++report)
    uploads.issue("/put/" + std::to_string(report), of(report));
  EXPECT_EQ(uploads.size(), 3u);
  EXPECT_EQ(uploads.find("/put/2"), nullptr);
  EXPECT_NE(uploads.find("/put/3"), nullptr);
}

TEST(Uploads, OfOnePathTakeNoMemory) {
  Uploads uploads({.paths = 3, .asked = 1000});
  for (std::uint64_t report = 1; report <= 1000; ++report) uploads.issue("/put/fixed", of(report));
  EXPECT_EQ(uploads.size(), 1u);
  EXPECT_EQ(uploads.find("/put/fixed")->report_number, 1000u);
  EXPECT_NE(uploads.find("/put/fixed")->asked, nullptr);
}

TEST(Uploads, ForgetWhatWasAskedBeforeThePath) {
  Uploads uploads({.paths = 10, .asked = 30});
  for (std::uint64_t report = 1; report <= 4; ++report)
    uploads.issue("/put/" + std::to_string(report), of(report));
  EXPECT_EQ(uploads.find("/put/1")->asked, nullptr);
  EXPECT_NE(uploads.find("/put/2")->asked, nullptr);
  uploads.erase("/put/2");  // what it took is free again
  uploads.issue("/put/5", of(5));
  EXPECT_NE(uploads.find("/put/3")->asked, nullptr);
  uploads.erase_reports([](std::uint64_t report) { return report == 4; });
  EXPECT_EQ(uploads.find("/put/4"), nullptr);
  uploads.issue("/put/6", of(6));
  EXPECT_NE(uploads.find("/put/3")->asked, nullptr);
}

TEST(Uploads, KeepNothingOfAReportLargerThanAll) {
  Uploads uploads({.paths = 10, .asked = 30});
  uploads.issue("/put/1", of(1, 31));
  EXPECT_EQ(uploads.find("/put/1")->asked, nullptr);
}

}  // namespace
}  // namespace wheatstone::cer_server
