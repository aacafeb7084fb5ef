// `wheatstone reports`: what a server has kept, as its user sees it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <filesystem>

#include "formats/cer/share_settings.hpp"
#include "formats/cer/share_tracking.hpp"
#include "tests/end_to_end/program.hpp"
#include "tests/mocks/cer_server/bench.hpp"
#include "tests/support/json_syntax.hpp"

namespace wheatstone {
namespace {

using cer_server::issued_path;
using cer_server::post;
using cer_server::sized;
using test::Background;
using test::Finished;
using testing::HasSubstr;
using testing::StartsWith;
using testing_support::RawClient;
using testing_support::TempFolder;

// A store with a blue screen whose cab came, a document that is none, and another blue screen.
class ReportsVerb : public testing::Test {
 protected:
  void SetUp() override {
    Background server({"serve", "--port", "0", "--store", store()});
    const std::string listening = server.line();
    RawClient client(static_cast<std::uint16_t>(std::stoi(listening.substr(listening.rfind(':') + 1))));
    client.send(post());
    client.send(sized("PUT " + issued_path(client.read_response()), cer_server::cab()));
    client.read_response();
    client.send(sized("POST /stage2.htm", "no document"));
    client.read_response();
    client.send(post());
    client.read_response();
    server.signal(SIGTERM);
    EXPECT_EQ(server.wait(), 0);
  }

  std::string store() const { return folder_.path() / "store"; }
  Finished reports(std::vector<std::string> words) const {
    words.insert(words.begin(), "reports");
    return test::wheatstone(words);
  }

  TempFolder folder_;
};

TEST_F(ReportsVerb, CountsBuckets) {
  const Finished text = reports({"buckets", store()});
  EXPECT_EQ(text.code, 0) << text.err;
  EXPECT_THAT(text.out, HasSubstr("    1      500        2        1 "));
  EXPECT_THAT(text.out, HasSubstr(" BlueScreen       BCCode=f4 BCP1=00000003 "));
  const Finished json = reports({"buckets", store(), "--json"});
  EXPECT_THAT(json.out,
              StartsWith("{\"BucketId\":1,\"EventType\":\"BlueScreen\",\"Signature\":\"BCCode=f4 "));
  EXPECT_THAT(json.out, HasSubstr("\"Bucket\":500,\"BucketTable\":5,\"Hits\":2,\"Cabs\":1,"));
  EXPECT_TRUE(test::is_json(json.out.substr(0, json.out.size() - 1)));
}

TEST_F(ReportsVerb, ListsTheLatestFirst) {
  const Finished all = reports({"list", store(), "--json"});
  EXPECT_EQ(all.code, 0) << all.err;
  EXPECT_THAT(all.out, testing::MatchesRegex("\\{\"Report\":3,.*\n\\{\"Report\":2,.*\n\\{\"Report\":1,.*\n"));
  EXPECT_THAT(reports({"list", store(), "--json", "--finding", "cab-*"}).out,
              testing::MatchesRegex("\\{\"Report\":1,[^\n]*\n"));
  EXPECT_THAT(reports({"list", store(), "--since", "2999-01-01T00:00:00Z"}).out,
              testing::MatchesRegex(" *report [^\n]*\n"));
  const Finished wrong = reports({"list", store(), "--since", "yesterday"});
  EXPECT_EQ(wrong.code, 2);
  EXPECT_EQ(wrong.err,
            "wheatstone: --since does not take 'yesterday' (times look like 2026-01-31T08:00:00Z)\n");
}

TEST_F(ReportsVerb, ShowsAReportWithItsFindings) {
  const Finished shown = reports({"show", store(), "1", "2"});
  EXPECT_EQ(shown.code, 0) << shown.err;
  EXPECT_THAT(shown.out, HasSubstr("BlueScreen from client-machine.corp.cliendomain.com\n"));
  EXPECT_THAT(shown.out, HasSubstr("Answer\n  Bucket=500\n  BucketTable=5\n  iData=1\n  DumpFile=/put/1-"));
  EXPECT_THAT(shown.out, HasSubstr("warning cab-file-missing: level 1 lists \"Mini031108-01.dmp\""));
  EXPECT_THAT(shown.out, HasSubstr("no document from an unknown machine\n"));
  EXPECT_THAT(shown.out, HasSubstr("level1 answered 400"));
  const Finished none = reports({"show", store(), "9"});
  EXPECT_EQ(none.code, 2);
  EXPECT_THAT(none.err, StartsWith("wheatstone: there is no report 9 ("));
}

TEST_F(ReportsVerb, ExportsABucketOnce) {
  const std::string to = folder_.path() / "out";
  const Finished exported = reports({"export", store(), "--bucket", "1", "--to", to});
  EXPECT_EQ(exported.code, 0) << exported.err;
  EXPECT_EQ(exported.out, "2 reports in " + to + "\n");
  EXPECT_EQ(testing_support::read_text(to + "/000001/report.cab"), cer_server::cab());
  EXPECT_TRUE(std::filesystem::exists(to + "/000003/level1.xml"));
  EXPECT_FALSE(std::filesystem::exists(to + "/000002"));
  const Finished again = reports({"export", store(), "1", "--to", to});
  EXPECT_EQ(again.code, 2);
  EXPECT_THAT(again.err, HasSubstr("000001: the folder is there already"));
  EXPECT_EQ(reports({"export", store(), "--bucket", "7", "--to", to}).code, 2);
}

TEST_F(ReportsVerb, ExportsABucketToAShareOfVersion1) {
  const std::filesystem::path share = folder_.path() / "share";
  const Finished exported = reports({"export", store(), "--bucket", "1", "--share", share});
  EXPECT_EQ(exported.code, 0) << exported.err;
  EXPECT_EQ(exported.out, "2 reports and 1 cabs in " + share.string() + "\n");
  EXPECT_EQ(exported.err, "");
  const auto bytes = [&](const char* file) { return testing_support::read_text(share / file); };
  const cer::ReadCounts counts = cer::read_counts(as_bytes(bytes("counts/blue/count.txt")));
  EXPECT_EQ(counts.counts, (cer::ShareCounts{1, 2}));
  const cer::ReadLog hits = cer::read_log(as_bytes(bytes("cabs/blue/hits.log")), cer::ShareLog::hits);
  ASSERT_EQ(hits.entries.size(), 2u);
  EXPECT_EQ(testing_support::read_text(share / "cabs/blue" / hits.entries[0].item), cer_server::cab());
  EXPECT_EQ(hits.entries[1].item, cer::kNoCab);
  EXPECT_EQ(
      cer::read_settings(as_bytes(bytes("status/blue/status.txt")), cer::ShareFile::status).settings.bucket,
      500u);

  const Finished again = reports({"export", store(), "1", "--share", share});
  EXPECT_EQ(again.code, 2);
  EXPECT_THAT(again.err, HasSubstr("the share knows the error blue already"));
  const Finished nothing = reports({"export", store(), "2", "--share", folder_.path() / "other"});
  EXPECT_EQ(nothing.code, 2);
  EXPECT_THAT(nothing.err, StartsWith("wheatstone: report 2 is left out: "));
  EXPECT_EQ(reports({"export", store(), "1"}).code, 2) << "neither --to nor --share";
  EXPECT_EQ(reports({"export", store(), "1", "--to", share, "--share", share}).code, 2) << "both";
}

TEST_F(ReportsVerb, PrunesAllButTheLatest) {
  EXPECT_EQ(reports({"prune", store()}).code, 2);
  EXPECT_EQ(reports({"prune", store(), "--older-than", "soon"}).code, 2);
  EXPECT_EQ(reports({"prune", store(), "--older-than", "1d"}).out, "0 reports removed\n");
  EXPECT_EQ(reports({"prune", store(), "--keep", "2"}).out, "1 reports removed\n");
  EXPECT_THAT(reports({"list", store(), "--json"}).out,
              testing::MatchesRegex("\\{\"Report\":3,.*\n\\{\"Report\":2,.*\n"));
  for (const auto& name : testing_support::tree(store()))
    EXPECT_LT(name.size(), 60u) << "the cab is still there";
  EXPECT_THAT(reports({"buckets", store()}).out, HasSubstr("        2        1 "));  // history stays
  // A server that goes on does not use the numbers again.
  Background server({"serve", "--port", "0", "--store", store(), "--keep-reports", "1"});
  const std::string listening = server.line();
  EXPECT_EQ(reports({"prune", store(), "--keep", "1"}).code, 3);
  RawClient client(static_cast<std::uint16_t>(std::stoi(listening.substr(listening.rfind(':') + 1))));
  client.send(post());
  EXPECT_THAT(issued_path(client.read_response()), StartsWith("/put/4-"));
  EXPECT_THAT(reports({"list", store(), "--json"}).out,
              testing::MatchesRegex("\\{\"Report\":4,.*\n\\{\"Report\":3,.*\n"));
}

TEST(ReportsVerbWithoutAStore, SaysWhatToName) {
  TempFolder folder;
  for (const char* verb : {"buckets", "list"}) {
    const Finished none = test::wheatstone({"reports", verb, folder.path()});
    EXPECT_EQ(none.code, 3);
    EXPECT_THAT(none.err,
                HasSubstr("there is no store of a server (name the folder that was given to serve --store)"));
  }
  EXPECT_EQ(test::wheatstone({"reports", "prune", folder.path(), "--keep", "1"}).code, 3);
  EXPECT_TRUE(testing_support::tree(folder.path()).empty()) << "nothing is made";
}

}  // namespace
}  // namespace wheatstone
