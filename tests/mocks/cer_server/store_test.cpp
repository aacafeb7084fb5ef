// The store behind a running server: what is kept, what an interruption leaves, how it is read again.
#include "mocks/cer_server/store.hpp"

#include <SQLiteCpp/SQLiteCpp.h>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "mocks/cer_server/content.hpp"
#include "mocks/cer_server/reports.hpp"
#include "tests/mocks/cer_server/bench.hpp"

namespace wheatstone::cer_server {
namespace {

using testing_support::read_text;
using testing_support::tree;

constexpr std::string_view kUnknown = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

Reports reports_in(const TempFolder& folder) {
  auto opened = Reports::open(folder.path());
  EXPECT_TRUE(opened) << opened.error().text();
  return std::move(*opened);
}

std::string cab_file(const std::string& cab) {
  const std::string name = sha256(as_bytes(cab));
  return "files/" + name.substr(0, 2) + "/" + name;
}

TEST(Sha256, IsThatOfTheStandard) {
  EXPECT_EQ(sha256(as_bytes("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(sha256({}), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST(Store, KeepsReportsCabsAndExchanges) {
  TempFolder folder;
  Bench bench({.store = folder.path()});
  RawClient client(bench.server->port());
  client.send(post());
  const std::string answer = client.read_response();
  client.send(sized("PUT " + issued_path(answer), cab()));
  const std::string accepted = client.read_response();
  EXPECT_EQ(read_text(folder.path() / cab_file(cab())), cab());

  const auto kept = reports_in(folder).report(1);
  ASSERT_TRUE(kept && *kept);
  const KeptReport& report = **kept;
  EXPECT_EQ(report.row.received, kNow);
  EXPECT_EQ(report.row.event_type, "BlueScreen");
  EXPECT_EQ(report.row.machine, "client-machine.corp.cliendomain.com");
  EXPECT_EQ(report.row.status, 200u);
  EXPECT_EQ(report.row.cab_size, cab().size());
  EXPECT_EQ(report.row.errors, 0u);
  EXPECT_EQ(text_of(report.document), text_of(*cer::write_report(cer::examples::kernel_fault())));
  EXPECT_EQ(text_of(*report.answer), answer.substr(answer.find("\r\n\r\n") + 4));
  ASSERT_EQ(report.exchanges.size(), 2u);
  EXPECT_EQ(report.exchanges[0].kind, "level1");
  EXPECT_EQ(text_of(report.exchanges[0].request), post());
  EXPECT_EQ(text_of(report.exchanges[0].response), answer);
  EXPECT_EQ(report.exchanges[1].kind, "level2");
  EXPECT_EQ(text_of(report.exchanges[1].request) + cab(), sized("PUT " + issued_path(answer), cab()));
  EXPECT_EQ(report.exchanges[1].request_size, sized("PUT " + issued_path(answer), cab()).size());
  EXPECT_EQ(text_of(report.exchanges[1].response), accepted);
  // The cab lacks two files that level 1 names.
  EXPECT_EQ(report.row.warnings, 2u);
  EXPECT_EQ(report.exchanges[1].findings[0].code, "cab-file-missing");
  EXPECT_EQ(report.exchanges[1].findings[0].clause, "[MS-CER2] 2.2.1.3.7");
  EXPECT_EQ(text_of(*reports_in(folder).cab(report)), cab());
}

TEST(Store, KeepsADocumentThatIsNone) {
  TempFolder folder;
  Bench bench({.store = folder.path()});
  RawClient client(bench.server->port());
  client.send(sized("POST /stage2.htm", "no document"));
  client.read_response();
  const auto kept = reports_in(folder).report(1);
  ASSERT_TRUE(kept && *kept);
  EXPECT_EQ(text_of((*kept)->document), "no document");
  EXPECT_EQ((*kept)->answer, std::nullopt);
  EXPECT_EQ((*kept)->row.bucket_id, 0u);
  EXPECT_EQ((*kept)->row.status, 400u);
  EXPECT_EQ((*kept)->row.errors, 1u);
  EXPECT_TRUE(reports_in(folder).buckets()->empty());
}

TEST(Store, HoldsNothingOfAClientThatStops) {
  TempFolder folder;
  Bench bench({.store = folder.path()});
  const std::string request = post();
  for (const std::size_t size : {std::size_t{1}, std::size_t{30}, request.size() / 2, request.size() - 1}) {
    RawClient client(bench.server->port());
    client.send(request.substr(0, size));
    client.reset();
  }
  RawClient client(bench.server->port());
  client.send(request);
  const std::string put = sized("PUT " + issued_path(client.read_response()), cab());
  client.send(put.substr(0, put.size() - 1));
  client.close();
  RawClient again(bench.server->port());
  bench.server->stop();
  const auto rows = reports_in(folder).reports({});
  ASSERT_EQ(rows->size(), 1u);
  EXPECT_EQ(rows->front().cab_size, std::nullopt);
  EXPECT_EQ(tree(folder.path() / "files"), std::vector<std::string>{"incoming"});
}

TEST(Store, GoesOnWhereAnEarlierRunStopped) {
  TempFolder folder;
  std::string open_path, filled_path;
  {
    Bench bench({.store = folder.path()});
    RawClient client(bench.server->port());
    client.send(post());
    filled_path = issued_path(client.read_response());
    client.send(sized("PUT " + filled_path, cab()));
    client.read_response();
    client.send(post());
    open_path = issued_path(client.read_response());
  }
  Bench bench({.store = folder.path()});
  RawClient client(bench.server->port());
  client.send(post());  // the same seed draws the two old paths first
  const std::string answer = client.read_response();
  EXPECT_THAT(issued_path(answer), testing::StartsWith("/put/3-"));
  client.send(sized("PUT " + open_path, cab()));
  EXPECT_THAT(client.read_response(), testing::StartsWith("HTTP/1.1 200"));
  client.send(sized("PUT " + filled_path, cab()));
  EXPECT_THAT(client.read_response(), testing::StartsWith("HTTP/1.1 409"));
  const auto second = reports_in(folder).report(2);
  ASSERT_TRUE(second && *second);
  EXPECT_EQ((*second)->row.cab_size, cab().size());
  EXPECT_EQ((*second)->row.warnings, 2u);  // compared with the level 1 that the earlier run took
  EXPECT_EQ((*reports_in(folder).report(1))->exchanges.size(), 3u);
}

TEST(Store, TidiesWhatAKilledRunLeft) {
  TempFolder folder;
  {
    Bench bench({.store = folder.path()});
    RawClient client(bench.server->port());
    client.send(post());
    client.send(sized("PUT " + issued_path(client.read_response()), cab()));
    client.read_response();
  }
  const std::string orphan(kUnknown);
  std::filesystem::create_directories(folder.path() / "files" / "01");
  std::ofstream(folder.path() / "files" / "01" / orphan) << "a cab whose row was not written";
  std::ofstream(folder.path() / "files" / "incoming" / "7") << "half";
  std::ofstream(folder.path() / "files" / "notes.txt") << "a user's own file";
  Bench bench({.store = folder.path()});
  const auto names = tree(folder.path());
  EXPECT_THAT(names, testing::IsSupersetOf({cab_file(cab()), std::string("files/notes.txt")}));
  EXPECT_THAT(names, testing::Each(testing::Not(testing::HasSubstr(orphan))));
  EXPECT_FALSE(std::filesystem::exists(folder.path() / "files" / "incoming" / "7"));
}

TEST(Store, KeepsTheSameCabOnce) {
  TempFolder folder;
  Bench bench({.store = folder.path()});
  RawClient client(bench.server->port());
  for (int i = 0; i < 2; ++i) {
    client.send(post());
    client.send(sized("PUT " + issued_path(client.read_response()), cab()));
    client.read_response();
  }
  EXPECT_EQ(
      std::ranges::count_if(tree(folder.path()), [](const std::string& name) { return name.size() == 73; }),
      1);
  const auto buckets = reports_in(folder).buckets();
  ASSERT_EQ(buckets->size(), 1u);
  EXPECT_EQ(buckets->front().hits, 2u);
  EXPECT_EQ(buckets->front().cabs, 2u);
}

TEST(Store, ServesOneServerAtATime) {
  TempFolder folder;
  Bench bench({.store = folder.path()});
  const auto second = Server::start({.port = 0, .store = folder.path()}, {}, bench.clock, bench.random);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().kind, ErrorKind::environment);
}

TEST(Store, OfAnotherVersionIsLeftAlone) {
  TempFolder folder;
  SQLite::Database((folder.path() / "cer.db").string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE)
      .exec("PRAGMA user_version = 1000");
  EXPECT_EQ(Store::open(folder.path()).error().kind, ErrorKind::unsupported);
  EXPECT_EQ(Reports::open(folder.path()).error().kind, ErrorKind::unsupported);
}

TEST(Store, ChecksACabAfterTheAnswer) {
  TempFolder folder;
  Bench bench({.cab_check = CabCheck::after_answer, .store = folder.path()});
  RawClient client(bench.server->port());
  client.send(post());
  client.send(sized("PUT " + issued_path(client.read_response()), cab()));
  EXPECT_THAT(client.read_response(), testing::StartsWith("HTTP/1.1 200"));
  EXPECT_EQ(codes(bench.recorder.wait_for(2)[1].verdict.findings), "");
  const auto late = bench.recorder.wait_for_late(1);
  EXPECT_EQ(late[0].report_number, 1u);
  EXPECT_EQ(late[0].cab_sha256, sha256(as_bytes(cab())));
  EXPECT_EQ(codes(late[0].findings), "cab-file-missing cab-file-missing");
  EXPECT_EQ(read_text(folder.path() / cab_file(cab())), cab());
  const auto kept = reports_in(folder).report(1);
  ASSERT_TRUE(kept && *kept);
  EXPECT_EQ((*kept)->cab_sha256, sha256(as_bytes(cab())));
  ASSERT_EQ((*kept)->exchanges[1].findings.size(), 2u);
  EXPECT_EQ((*kept)->exchanges[1].findings[0].code, "cab-file-missing");
  EXPECT_EQ(tree(folder.path() / "files" / "incoming"), std::vector<std::string>{});
}

// A run that was killed between the answer and the check.
TEST(Store, ChecksWhatAnEarlierRunDidNot) {
  TempFolder folder;
  {
    Bench bench({.store = folder.path()});
    RawClient client(bench.server->port());
    client.send(post());
    client.send(sized("PUT " + issued_path(client.read_response()), cab()));
    client.read_response();
  }
  {
    SQLite::Database database((folder.path() / "cer.db").string(), SQLite::OPEN_READWRITE);
    database.exec("UPDATE cab SET sha256 = NULL; DELETE FROM finding");
    std::filesystem::rename(folder.path() / cab_file(cab()), folder.path() / "files" / "incoming" / "1");
  }
  const auto unchecked = reports_in(folder).report(1);
  EXPECT_EQ((*unchecked)->cab_sha256, "");
  EXPECT_EQ(text_of(*reports_in(folder).cab(**unchecked)), cab());
  Bench bench({.store = folder.path()});
  EXPECT_EQ(codes(bench.recorder.wait_for_late(1)[0].findings), "cab-file-missing cab-file-missing");
  const auto kept = reports_in(folder).report(1);
  EXPECT_EQ((*kept)->cab_sha256, sha256(as_bytes(cab())));
  EXPECT_EQ((*kept)->row.warnings, 2u);
  EXPECT_EQ(text_of(*reports_in(folder).cab(**unchecked)), cab()) << "read with what was known before";
}

// A run that was killed between the row and the file's lasting name.
TEST(Store, FindsAndMovesACabThatKeptItsFirstName) {
  TempFolder folder;
  {
    Bench bench({.store = folder.path()});
    RawClient client(bench.server->port());
    client.send(post());
    client.send(sized("PUT " + issued_path(client.read_response()), cab()));
    client.read_response();
  }
  std::filesystem::rename(folder.path() / cab_file(cab()), folder.path() / "files" / "incoming" / "1");
  const auto kept = reports_in(folder).report(1);
  EXPECT_EQ(text_of(*reports_in(folder).cab(**kept)), cab());
  Bench bench({.store = folder.path()});
  EXPECT_EQ(read_text(folder.path() / cab_file(cab())), cab());
}

TEST(Store, TakesAChunkedCabAsAnyOther) {
  TempFolder folder;
  Bench bench({.store = folder.path()});
  RawClient client(bench.server->port());
  client.send(post());
  const std::string path = issued_path(client.read_response());
  client.send("PUT " + path + " HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n" +
              fmt::format("{:x}\r\n", cab().size()) + cab() + "\r\n0\r\n\r\n");
  EXPECT_THAT(client.read_response(), testing::StartsWith("HTTP/1.1 200"));
  EXPECT_EQ(read_text(folder.path() / cab_file(cab())), cab());
}

TEST(Store, TakesReportsOfManyThreads) {
  TempFolder folder;
  constexpr unsigned kClients = 8, kReports = 25;
  {
    Bench bench({.threads = 3, .cab_check = CabCheck::after_answer, .store = folder.path()});
    std::vector<std::thread> clients;
    for (unsigned i = 0; i < kClients; ++i)
      clients.emplace_back([&bench] {
        RawClient client(bench.server->port());
        for (unsigned report = 0; report < kReports; ++report) {
          client.send(post());
          client.send(sized("PUT " + issued_path(client.read_response()), cab()));
          EXPECT_THAT(client.read_response(), testing::StartsWith("HTTP/1.1 200"));
        }
      });
    for (std::thread& client : clients) client.join();
    const auto seen = bench.recorder.wait_for(2 * kClients * kReports);
    for (std::size_t i = 0; i < seen.size(); ++i) ASSERT_EQ(seen[i].sequence, i + 1);
    bench.recorder.wait_for_late(kClients * kReports);
  }
  const auto rows = reports_in(folder).reports({.limit = 1000});
  ASSERT_EQ(rows->size(), std::size_t{kClients * kReports});
  for (const auto& row : *rows) {
    EXPECT_EQ(row.cab_size, cab().size()) << row.number;
    EXPECT_EQ(row.warnings, 2u) << row.number;
  }
}

// What is on its way to the store when the server stops comes back to sessions that are gone.
TEST(Store, MayBeLeftInTheMiddle) {
  for (int round = 0; round < 10; ++round) {
    TempFolder folder;
    Bench bench({.threads = 2, .store = folder.path()});
    std::vector<std::unique_ptr<RawClient>> clients;
    for (int i = 0; i < 8; ++i) {
      clients.push_back(std::make_unique<RawClient>(bench.server->port()));
      clients.back()->send(post() + post() + post());
    }
    bench.server->stop();
    const std::size_t kept = reports_in(folder).reports({})->size();
    std::size_t answered = 0;
    for (const auto& client : clients) {
      const std::string told = client->read_all();
      for (std::size_t at = told.find("DumpFile="); at != std::string::npos;
           at = told.find("DumpFile=", at + 1))
        ++answered;
    }
    EXPECT_LE(answered, kept);
  }
}

TEST(Store, ThatIsNoDatabaseIsAnError) {
  TempFolder folder;
  std::ofstream(folder.path() / "cer.db") << std::string(4096, 'x');
  const auto opened = Store::open(folder.path());
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().kind, ErrorKind::io);
  EXPECT_THAT(opened.error().text(), testing::HasSubstr("cer.db"));
}

TEST(Store, ThatCannotTakeACabMakesA500) {
  TempFolder folder;
  Bench bench({.store = folder.path()});
  RawClient client(bench.server->port());
  client.send(post());
  const std::string path = issued_path(client.read_response());
  std::filesystem::rename(folder.path() / "files", folder.path() / "away");
  std::ofstream(folder.path() / "files") << "in the way";
  client.send(sized("PUT " + path, cab()));
  EXPECT_THAT(client.read_response(), testing::StartsWith("HTTP/1.1 500"));
  EXPECT_EQ(codes(bench.recorder.wait_for(2)[1].verdict.findings), "store-failed");
  std::filesystem::remove(folder.path() / "files");
  std::filesystem::rename(folder.path() / "away", folder.path() / "files");
  client.send(sized("PUT " + path, cab()));
  EXPECT_THAT(client.read_response(), testing::StartsWith("HTTP/1.1 200"));
}

TEST(Store, ThatCannotTakeAReportMakesA500AndRecovers) {
  TempFolder folder;
  Bench bench({.store = folder.path()});
  SQLite::Database other((folder.path() / "cer.db").string(), SQLite::OPEN_READWRITE);
  other.exec("CREATE TRIGGER stop BEFORE INSERT ON finding BEGIN SELECT RAISE(ABORT, 'no room'); END");
  RawClient client(bench.server->port());
  client.send(sized("POST /stage2.htm", "no document"));
  EXPECT_THAT(client.read_response(), testing::StartsWith("HTTP/1.1 500"));
  other.exec("DROP TRIGGER stop");
  client.send(sized("POST /stage2.htm", "no document"));
  EXPECT_THAT(client.read_response(), testing::StartsWith("HTTP/1.1 400"));
  const auto rows = reports_in(folder).reports({});
  ASSERT_EQ(rows->size(), 1u);
  EXPECT_EQ(rows->front().number, 2u);
}

}  // namespace
}  // namespace wheatstone::cer_server
