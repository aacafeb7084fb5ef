#include "mocks/wer_client/stored_report.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/mocks/support.hpp"

namespace wheatstone::wer_client {
namespace {

using testing_support::text_of;

constexpr std::string_view kState =
    "wheatstone stored report 2\r\nresult queued\r\ncreated 2008-03-11T09:00:17.9046077Z\r\nattempts 2\r\n"
    "tried 2008-03-11T09:15:00.0000000Z\r\nnext 2008-03-11T09:45:00.0000000Z\r\nbucket 500\r\n"
    "detail it was late\r\n";
constexpr std::string_view kRest = "level1 4\r\nfile 2 0 3 a b.dmp\r\nfile 5 1 0 empty\r\n\r\nDOC!xyz";
const std::string kBytes = std::string(kState) + std::string(kRest);

StoredReport sample() {
  return {.created = *parse_iso8601("2008-03-11T09:00:17.9046077Z"),
          .attempts = 2,
          .tried = *parse_iso8601("2008-03-11T09:15:00Z"),
          .next = *parse_iso8601("2008-03-11T09:45:00Z"),
          .bucket = 500,
          .detail = "it was late",
          .document = {'D', 'O', 'C', '!'},
          .files = {{.name = "a b.dmp", .type = cer::FileType::minidump, .data = {'x', 'y', 'z'}},
                    {.name = "empty", .anonymous = true}}};
}

TEST(StoredReport, HasTheseBytes) {
  EXPECT_EQ(text_of(*write_stored(sample())), kBytes);
  EXPECT_EQ(*read_stored(as_bytes(kBytes)), sample());
}

TEST(StoredReport, KeepsTheLineOfItsDetail) {
  StoredReport report = sample();
  report.detail = "two\r\nlines";
  EXPECT_EQ(read_stored(*write_stored(report))->detail, "two??lines");
}

TEST(StoredReport, RefusesWhatBreaksTheList) {
  for (const std::string_view name :
       {std::string_view("a\rb"), std::string_view("a\nb"), std::string_view("a\0b", 3)}) {
    StoredReport report = sample();
    report.files[0].name = name;
    EXPECT_FALSE(write_stored(report));
  }
  StoredReport report = sample();
  report.files[0].type = cer::FileType{};
  EXPECT_FALSE(write_stored(report));
  report = sample();
  report.next = FileTime{~std::uint64_t{0}};
  EXPECT_FALSE(write_stored(report));
}

TEST(StoredReport, RefusesEveryTruncationAndExtension) {
  for (std::size_t size = 0; size < kBytes.size(); ++size)
    EXPECT_FALSE(read_stored(as_bytes(kBytes.substr(0, size)))) << size;
  EXPECT_FALSE(read_stored(as_bytes(kBytes + "!")));
}

TEST(StoredReport, RefusesWhatItWouldNotWrite) {
  const auto with = [](std::string_view rest) {
    return read_stored(as_bytes(std::string(kState) + std::string(rest) + "\r\n\r\n"));
  };
  EXPECT_TRUE(with("level1 0"));
  for (const std::string_view rest :
       {"level1 00", "level1 -0", "level1 1", "level1 18446744073709551616", "level1 0 ", "Level1 0",
        "level1 0\r\nfile 0 0 0 x", "level1 0\r\nfile 256 0 0 x", "level1 0\r\nfile 1 2 0 x",
        "level1 0\r\nfile 1 0 1 x", "level1 0\r\nfile 1 0 18446744073709551615 x",
        "level1 0\r\nfile 1 0 0 x\ny", "level1 0\r\nfile 1 0 0"})
    EXPECT_FALSE(with(rest)) << rest;
  EXPECT_EQ(with("level1 1").error().kind, ErrorKind::malformed);

  const auto changed = [](std::string_view from, std::string_view to) {
    std::string text = kBytes;
    return read_stored(as_bytes(text.replace(text.find(from), from.size(), to))).has_value();
  };
  EXPECT_TRUE(changed("result queued", "result uploaded_cab"));
  EXPECT_FALSE(changed("result queued", "result sent"));
  EXPECT_FALSE(changed("2008-03-11T09:00:17.9046077Z", "2008-03-11"));
  EXPECT_FALSE(changed("attempts 2", "attempts 4294967296"));
  EXPECT_FALSE(changed("attempts 2", "attempts 02"));
  EXPECT_FALSE(changed("bucket 500", "bucket -1"));
  EXPECT_FALSE(changed("it was late", "it was\tlate"));
}

}  // namespace
}  // namespace wheatstone::wer_client
