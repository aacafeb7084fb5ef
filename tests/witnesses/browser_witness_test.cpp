// The live page in Chromium, used with the keyboard alone.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <sstream>

#include "formats/dump/writer.hpp"
#include "tests/mocks/cer_server/bench.hpp"
#include "tests/support/records.hpp"
#include "tests/witnesses/witness.hpp"

namespace wheatstone::cer_server {
namespace {

using testing::HasSubstr;

// A report of bug check 0x124 whose dump holds an error record.
void send_crash(RawClient& client) {
  constexpr std::uint64_t kRecordVa = 0xffffe00112345f80;
  const Buffer record = test::load_record("multiple1");
  const dump::DataBlock blocks[] = {{kRecordVa, record}};
  const auto dump = dump::write_triage_dump({}, {0x124, {0, kRecordVa, 0xbea00000, 0x108}}, blocks);
  ASSERT_TRUE(dump) << dump.error().text();
  cer::Report report = cer::examples::kernel_fault();
  report.secondary_parameters[0].value = "124";
  client.send(post(report));
  const std::string path = issued_path(client.read_response());
  client.send(sized("PUT " + path, text_of(*cab::write({{"Mini031108-01.dmp", *dump}}, kNow))));
  client.read_response();
}

TEST(Browser, ShowsReportsAndTheRecordInTheirDumps) {
  TempFolder folder;
  Bench bench({.store = folder.path()});
  RawClient client(bench.server->port());
  cer::Report hostile = cer::examples::application_fault();
  hostile.machine.machinename = "<img src=x onerror=alert(1)>";
  client.send(post(hostile));
  client.read_response();
  send_crash(client);

  const witness::Said answer = witness::ask(
      {"python3", "chromium-driver"},
      {WHEATSTONE_SOURCE_DIR "/tests/witnesses/browser.py", std::to_string(bench.server->port())});
  EXPECT_EQ(answer.status, 0);
  const std::string& out = answer.output;
  std::map<std::string, std::string> said;
  std::istringstream lines(out);
  for (std::string line; std::getline(lines, line);)
    said[line.substr(0, line.find(": "))] = line.substr(std::min(line.size(), line.find(": ") + 2));
  EXPECT_EQ(said["rows"], "2") << out;
  EXPECT_THAT(said["buckets"], HasSubstr("BlueScreen\\nBCCode=124"));
  EXPECT_THAT(said["first"], testing::StartsWith("[\"2\", \"2008-03-11 09:08:36\", \"BlueScreen\", "));
  EXPECT_EQ(said["grounds"], "[\"rgb(255, 255, 255)\", \"rgb(21, 23, 26)\"]");
  EXPECT_EQ(said["searched"], "1");
  EXPECT_EQ(said["stays"], "\"2\"");
  EXPECT_EQ(said["report"], "\"Report 2\"");
  EXPECT_EQ(said["record"], "{\"value\": 1, \"name\": \"Fatal\"}");
  EXPECT_EQ(said["hostile"], "\"<img src=x onerror=alert(1)>\"");
  EXPECT_EQ(said["markup"], "0");
  EXPECT_EQ(said["arrived"], "true");
  EXPECT_EQ(said["back"], "true");
  EXPECT_EQ(said["outside"], "[]");
}

}  // namespace
}  // namespace wheatstone::cer_server
