#include "formats/cer/share_tracking.hpp"

#include <gtest/gtest.h>

namespace wheatstone::cer {
namespace {

// "code path" of each finding.
std::vector<std::string> said(const std::vector<Finding>& findings) {
  std::vector<std::string> list;
  for (const Finding& finding : findings) list.push_back(std::string(finding.code) + " " + finding.path);
  return list;
}
using Said = std::vector<std::string>;

ReadCounts counts(std::string_view file) {
  return read_counts(as_bytes(file));
}

ReadLog hits(std::string_view file) {
  return read_log(as_bytes(file), ShareLog::hits);
}

ReadLog crashes(std::string_view file) {
  return read_log(as_bytes(file), ShareLog::crash);
}

constexpr char kSubpath[] = "TestApplication\\1.0.0.0\\TestModule\\1.0.0.0\\00000000";

LogEntry example(std::string item) {
  return {{2007, 4, 23, 15, 32, 23, 0}, "TestMachine", "TestUser", std::move(item)};
}

TEST(Counts, AreThoseOfTheExamples) {
  EXPECT_EQ(write_counts({6, 11}).value(), "Cabs Gathered=6\r\nTotal Hits=11\r\n");
  EXPECT_EQ(write_counts({12345, 23456}).value(), "Cabs Gathered=12345\r\nTotal Hits=23456\r\n");
  const ReadCounts read = counts("Cabs Gathered=5\r\nTotal Hits=10\r\n");
  EXPECT_EQ(read.counts, (ShareCounts{5, 10}));
  EXPECT_EQ(said(read.findings), Said{});
}

TEST(Counts, ReachFromOneHitTo64Bits) {
  EXPECT_EQ(counts("Cabs Gathered=0\r\nTotal Hits=1\r\n").counts, (ShareCounts{0, 1}));
  const ShareCounts most{18446744073709551615u, 18446744073709551615u};
  EXPECT_EQ(counts(write_counts(most).value()).counts, most);
  EXPECT_EQ(write_counts({0, 0}).error().kind, ErrorKind::invalid_argument);
  for (const std::string_view hits : {"0", "01", "-1", "", " 1", "1 ", "18446744073709551616", "x"}) {
    const ReadCounts read = counts("Cabs Gathered=0\r\nTotal Hits=" + std::string(hits) + "\r\n");
    EXPECT_EQ(read.counts, std::nullopt) << hits;
    EXPECT_EQ(said(read.findings), Said{"bad-number line 2: Total Hits"}) << hits;
  }
}

TEST(Counts, NeedBothLinesInTheirOrder) {
  EXPECT_EQ(said(counts("").findings),
            (Said{"missing-line line 1: Cabs Gathered", "missing-line line 2: Total Hits"}));
  EXPECT_EQ(said(counts("Cabs Gathered=1\r\n").findings), Said{"missing-line line 2: Total Hits"});
  EXPECT_EQ(said(counts("Total Hits=1\r\nCabs Gathered=1\r\n").findings),
            (Said{"wrong-line line 1: Cabs Gathered", "wrong-line line 2: Total Hits"}));
  for (const std::string_view key : {"cabs Gathered", "CabsGathered", "Cabs Gathered ", "Cabs  Gathered"})
    EXPECT_EQ(counts(std::string(key) + "=1\r\nTotal Hits=1\r\n").counts, std::nullopt) << key;
  EXPECT_EQ(counts("Cabs Gathered\r\nTotal Hits=1\r\n").counts, std::nullopt);
}

TEST(Counts, WarnOfWhatStaysReadable) {
  const ReadCounts more = counts("Cabs Gathered=2\r\nTotal Hits=1\r\n");
  EXPECT_EQ(more.counts, (ShareCounts{2, 1}));
  EXPECT_EQ(said(more.findings), Said{"more-cabs-than-hits line 2: Total Hits"});
  EXPECT_EQ(more.findings[0].severity, FindingSeverity::warning);
  EXPECT_EQ(more.findings[0].clause, "MS-CER 2.2.1");
  EXPECT_EQ(more.findings[0].offset, 17u);

  const ReadCounts unix_file = counts("Cabs Gathered=1\nTotal Hits=1\nx");
  EXPECT_EQ(unix_file.counts, (ShareCounts{1, 1}));
  EXPECT_EQ(said(unix_file.findings),
            (Said{"line-end line 1", "no-final-crlf line 3", "unknown-line line 3"}));
}

TEST(WriteLogEntry, WritesTheExampleWithTheGrammarsSeparators) {
  EXPECT_EQ(write_log_entry(example("d5je031w.cab"), ShareLog::hits).value(),
            "15:32:23  04-23-2007\tTestMachine\tTestUser\td5je031w.cab\r\n");
  EXPECT_EQ(write_log_entry(example(kSubpath), ShareLog::crash).value(),
            "15:32:23  04-23-2007\tTestMachine\tTestUser\t"
            "TestApplication\\1.0.0.0\\TestModule\\1.0.0.0\\00000000\r\n");
  LogEntry ansi = example(std::string(kNoCab));
  ansi.user = "Ren\xc3\xa9";
  ansi.time.fraction = 1;
  EXPECT_EQ(write_log_entry(ansi, ShareLog::hits).value(),
            "15:32:23  04-23-2007\tTestMachine\tRen\xe9\tNo CAB\r\n");
}

TEST(WriteLogEntry, RefusesWhatNoReaderTakes) {
  const auto refused = [](auto change, ShareLog log = ShareLog::hits) {
    LogEntry entry = example(log == ShareLog::hits ? "1.cab" : "500");
    change(entry);
    const auto line = write_log_entry(entry, log);
    return !line && line.error().kind == ErrorKind::invalid_argument;
  };
  EXPECT_FALSE(refused([](LogEntry& e) { e.machine = std::string(15, 'm'); }));
  EXPECT_TRUE(refused([](LogEntry& e) { e.machine = std::string(16, 'm'); }));
  EXPECT_TRUE(refused([](LogEntry& e) { e.machine = ""; }));
  EXPECT_FALSE(refused([](LogEntry& e) { e.user = std::string(256, 'u'); }));
  EXPECT_TRUE(refused([](LogEntry& e) { e.user = std::string(257, 'u'); }));
  EXPECT_TRUE(refused([](LogEntry& e) { e.user = "a\tb"; }));
  EXPECT_TRUE(refused([](LogEntry& e) { e.user = "a\r\nb"; }));
  EXPECT_TRUE(refused([](LogEntry& e) { e.user = "\xc4\x80"; }));
  EXPECT_FALSE(refused([](LogEntry& e) { e.item = std::string(260, 'f'); }));
  EXPECT_TRUE(refused([](LogEntry& e) { e.item = std::string(261, 'f'); }));
  EXPECT_TRUE(refused([](LogEntry& e) { e.time.month = 13; }));
  EXPECT_FALSE(refused([](LogEntry& e) { e.time.year = 9999; }));
  EXPECT_TRUE(refused([](LogEntry& e) { e.time.year = 10000; }));
  EXPECT_FALSE(refused([](LogEntry& e) { e.item = "1"; }, ShareLog::crash));
  EXPECT_TRUE(refused([](LogEntry& e) { e.item = "0"; }, ShareLog::crash));
  EXPECT_TRUE(refused([](LogEntry& e) { e.item = "1.cab"; }, ShareLog::crash));
}

TEST(ReadLog, ReadsWhatWasWritten) {
  const std::vector<LogEntry> entries = {example("d5je031w.cab"), example(std::string(kNoCab))};
  std::string file;
  for (const LogEntry& entry : entries) file += write_log_entry(entry, ShareLog::hits).value();
  EXPECT_EQ(hits(file).entries, entries);
  EXPECT_EQ(said(hits(file).findings), Said{});
  for (const std::string_view item : {"blue", "shutdown", "500", kSubpath}) {
    const LogEntry entry = example(std::string(item));
    EXPECT_EQ(crashes(write_log_entry(entry, ShareLog::crash).value()).entries, std::vector{entry}) << item;
  }
}

TEST(ReadLog, LeavesOutBadLines) {
  const std::string good = write_log_entry(example("1.cab"), ShareLog::hits).value();
  const ReadLog read = hits(
      "15:32:23 04-23-2007\ta\tb\tc\r\n"      // one blank, as the example is printed
      "15:32:23  04-23-2007 a b c\r\n"        // no tabs
      "15:32:23  04-23-2007\ta\tb\tc\td\r\n"  // five items
      "24:00:00  04-23-2007\ta\tb\tc\r\n"     // no such hour
      "15:32:23  02-29-2007\ta\tb\tc\r\n"     // no such day
      "15:32:23  04-23-20070\ta\tb\tc\r\n"    // more than a time
      "1:32:23  04-23-2007\ta\tb\tc\r\n"      // one digit
      "15:32:23  04-23-2007\t\tb\tc\r\n"      // no machine
      "15:32:23  04-23-2007\ta\t\tc\r\n"      // no user
      "15:32:23  04-23-2007\ta\tb\t\r\n" +    // no file
      good);
  EXPECT_EQ(read.entries, std::vector{example("1.cab")});
  EXPECT_EQ(said(read.findings),
            (Said{"bad-time line 1", "bad-fields line 2", "bad-fields line 3", "bad-time line 4",
                  "bad-time line 5", "bad-time line 6", "bad-time line 7", "bad-machine line 8",
                  "bad-user line 9", "bad-file line 10"}));
  EXPECT_EQ(read.findings[1].clause, "MS-CER 2.2.2");
  EXPECT_EQ(said(crashes("15:32:23  04-23-2007\ta\tb\tBlue\r\n").findings), Said{"bad-error line 1"});
}

TEST(ReadLog, BoundsItsFindings) {
  std::string file;
  for (int i = 0; i < 1000; ++i) file += "x\r\n";
  const ReadLog read = hits(file);
  EXPECT_EQ(read.findings.size(), 257u);
  EXPECT_EQ(read.findings.back().code, "more-findings");
}

TEST(LogMachine, IsTheShortName) {
  EXPECT_EQ(log_machine("client-machine.corp.cliendomain.com"), "client-machine");
  EXPECT_EQ(log_machine("sixteen-letters-"), "sixteen-letters");
  for (const std::string_view name : {"", ".a", "a\tb", "\xc4\x80", "\xff"})
    EXPECT_EQ(log_machine(name), "UNKNOWN");
}

TEST(LogUser, IsTheNameIfItFits) {
  EXPECT_EQ(log_user("Ren\xc3\xa9"), "Ren\xc3\xa9");
  EXPECT_EQ(log_user(std::string(256, 'u')), std::string(256, 'u'));
  EXPECT_EQ(log_user(std::string(257, 'u')), "unknown user");
  for (const std::string_view name : {"", "a\nb", "\xc4\x80"}) EXPECT_EQ(log_user(name), "unknown user");
}

}  // namespace
}  // namespace wheatstone::cer
