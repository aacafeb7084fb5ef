// The client's decisions, and servers that misbehave.
#include "mocks/wer_client/client.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "formats/cab/cabinet.hpp"
#include "formats/layout/utf16.hpp"
#include "mocks/files.hpp"
#include "mocks/wer_client/store.hpp"
#include "tests/formats/cer/examples.hpp"
#include "tests/mocks/support.hpp"

namespace wheatstone::wer_client {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing_support::codes;
using testing_support::ScriptedServer;
using testing_support::TempFolder;
using testing_support::text_of;
using testing_support::tree;

constexpr FileTime kNow{128497001160460289};
constexpr char kAsk[] = "iData=1\r\nDumpFile=/put/1.cab\r\n";
const VirtualClock kClock(kNow);

std::string ok(std::string_view body) {
  return "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + std::string(body);
}

Config config_for(std::uint16_t port) {
  Config config;
  config.corporate_wer_server = "server";
  config.default_consent = Consent::all_data;
  config.connect_to = Endpoint{"127.0.0.1", port};
  return config;
}

Submission submission() {
  return {cer::examples::kernel_fault(),
          {{.name = "Mini031108-01.dmp", .type = cer::FileType::minidump, .data = {1}},
           {.name = "sysdata.xml", .data = {2}, .anonymous = true},
           {.name = "memory.hdmp", .type = cer::FileType::heapdump, .data = {3}},
           {.name = "letter.doc", .type = cer::FileType::user_document, .data = {4}}}};
}

Outcome submit(const Config& config, Collector* collector = nullptr) {
  return Client(config, kClock, collector).submit(submission());
}

// What the client makes of these answers, one for each connection.
Outcome against(std::vector<std::string> answers, const std::function<void(Config&)>& change = {},
                Collector* collector = nullptr) {
  const ScriptedServer server(std::move(answers));
  Config config = config_for(server.port());
  if (change) change(config);
  return submit(config, collector);
}

std::vector<std::string> cab_names(const Outcome& outcome) {
  std::vector<std::string> names;
  if (!outcome.cab) return names;
  const auto members = cab::read(*outcome.cab);
  EXPECT_TRUE(members);
  for (const auto& member : *members) names.push_back(member.name);
  return names;
}

TEST(Gate, SendsNothingWithoutAServer) {
  Config config;
  config.default_consent = Consent::all_data;
  for (const std::string_view server : {"", " ", "a b", "a\r\nX: y", "h/path"}) {
    config.corporate_wer_server = server;
    const Outcome outcome = submit(config);
    EXPECT_EQ(outcome.result, SubmitResult::disabled) << server;
    EXPECT_TRUE(outcome.exchanges.empty());
    EXPECT_NE(outcome.detail, "");
  }
  config.corporate_wer_server = "server";
  config.disabled = true;
  EXPECT_EQ(submit(config).result, SubmitResult::disabled);
}

TEST(Gate, AsksBeforeLevel1WhenConsentSaysSo) {
  const auto with_user = [](bool says) {
    return against({ok("")}, [says](Config& config) {
      config.default_consent = Consent::always_ask;
      config.ask = [says](Question question) { return says && question == Question::send_report; };
    });
  };
  EXPECT_EQ(with_user(false).result, SubmitResult::cancelled);
  EXPECT_TRUE(with_user(false).exchanges.empty());
  EXPECT_EQ(with_user(true).result, SubmitResult::uploaded);
}

TEST(Level2, HappensOnlyWithIDataAndDumpFile) {
  EXPECT_EQ(against({ok("iData=0\r\nDumpFile=/x\r\n")}).result, SubmitResult::uploaded);
  EXPECT_EQ(codes(against({ok("DumpFile=/x\r\n")}).findings), "dump-file-alone");
  EXPECT_EQ(codes(against({ok("iData=1\r\n")}).findings), "no-dump-file");
  const Outcome both = against({ok(kAsk), "HTTP/1.1 204 No Content\r\n\r\n"});
  EXPECT_EQ(both.result, SubmitResult::uploaded_cab) << both.detail;
  EXPECT_EQ(both.exchanges.at(1).status, 204u);
}

TEST(Level2, SendsWhatWasAskedForAndAgreedTo) {
  const auto names = [](std::string_view answer, Consent consent, bool says) {
    return cab_names(against({ok(answer), ok("")}, [=](Config& config) {
      config.default_consent = consent;
      config.ask = [says](Question question) { return says || question == Question::send_report; };
    }));
  };
  EXPECT_THAT(names(kAsk, Consent::all_data, false), ElementsAre("Mini031108-01.dmp", "sysdata.xml"));
  EXPECT_THAT(names(kAsk, Consent::safe_data, false), ElementsAre("sysdata.xml"));
  EXPECT_THAT(names(kAsk, Consent::safe_data, true), ElementsAre("Mini031108-01.dmp", "sysdata.xml"));
  EXPECT_THAT(names(kAsk, Consent::parameters, false), ElementsAre());
  EXPECT_THAT(names(kAsk, Consent::parameters, true), ElementsAre("Mini031108-01.dmp", "sysdata.xml"));
  EXPECT_THAT(names(kAsk, Consent::always_ask, false), ElementsAre());
  const std::string all = std::string(kAsk) + "MemoryDump=1\r\nfDoc=1\r\n";
  EXPECT_THAT(names(all, Consent::all_data, false),
              ElementsAre("Mini031108-01.dmp", "sysdata.xml", "memory.hdmp", "letter.doc"));
}

TEST(Level2, IsDeclinedByDontSendAdditionalData) {
  const Outcome outcome =
      against({ok(kAsk)}, [](Config& config) { config.dont_send_additional_data = true; });
  EXPECT_EQ(outcome.result, SubmitResult::uploaded);
  EXPECT_EQ(codes(outcome.findings), "additional-data-refused");
}

TEST(Level2, CollectsWhatItCanAndSaysWhatItCannot) {
  ScriptedCollector collector;
  collector.reg_keys["HKLM\\A"] = "a=1";
  collector.reg_trees["HKLM\\T"] = "t=1";
  collector.file_versions["f.dll"] = "1.0";
  collector.files["%WINDIR%\\sysdata.xml"] = {9};
  collector.documents = {{.name = "C:\\Users\\me\\letter.doc", .data = {5}}};
  collector.wql_results["bad"] = "\xff";
  const Outcome outcome = against(
      {ok(std::string(kAsk) + "RegKey=HKLM\\A;HKLM\\B\r\nRegTree=HKLM\\T\r\nWQL=bad\r\n"
                              "GetFile=%WINDIR%\\sysdata.xml;no.txt\r\nGetFileVersion=f.dll\r\nfDoc=1\r\n"),
       ok("")},
      {}, &collector);
  EXPECT_EQ(outcome.result, SubmitResult::uploaded_cab) << outcome.detail;
  EXPECT_THAT(cab_names(outcome),
              ElementsAre("Mini031108-01.dmp", "sysdata.xml", "letter.doc", "registry.txt", "FileVer.txt",
                          "sysdata_1.xml", "letter_1.doc"));
  EXPECT_EQ(codes(outcome.findings), "not-collected not-collected not-collected");
  const auto registry = cab::read(*outcome.cab)->at(3).data;
  EXPECT_EQ(utf16le_to_utf8(registry), "\xef\xbb\xbf[HKLM\\A]\r\na=1\r\n[HKLM\\T]\r\nt=1\r\n");
}

TEST(Level2, IsThrottledForAnEventThatHadItsCab) {
  const auto twice = [](bool bypass) {
    const ScriptedServer server({ok(kAsk), ok(""), ok(kAsk), ok("")});
    Config config = config_for(server.port());
    config.bypass_data_throttling = bypass;
    Client client(config, kClock, nullptr);
    EXPECT_EQ(client.submit(submission()).result, SubmitResult::uploaded_cab);
    return client.submit(submission()).result;
  };
  EXPECT_EQ(twice(false), SubmitResult::throttled);
  EXPECT_EQ(twice(true), SubmitResult::uploaded_cab);
}

TEST(Level2, RefusesHostileDumpFiles) {
  for (const std::string_view path : {"..\\..\\x", "http://other/x", "//other/x", "/a/%2e%2e/b"}) {
    const Outcome outcome = against({ok("iData=1\r\nDumpFile=" + std::string(path) + "\r\n")});
    EXPECT_EQ(outcome.result, SubmitResult::uploaded) << path;
    EXPECT_THAT(codes(outcome.findings), HasSubstr("dump-file-refused")) << path;
    EXPECT_EQ(outcome.exchanges.size(), 1u) << path;
  }
}

TEST(Level1, ListsTheFilesOfTheSubmissionIfTheReportListsNone) {
  const ScriptedServer server({ok("")});
  Submission without = submission();
  without.report.files.reset();
  const Outcome outcome = Client(config_for(server.port()), kClock, nullptr).submit(without);
  const std::string request = text_of(outcome.exchanges.at(0).request);
  const auto document =
      cer::read_report(as_bytes(std::string_view(request).substr(request.find("\r\n\r\n") + 4)));
  ASSERT_TRUE(document);
  ASSERT_TRUE(document->report.files);
  EXPECT_EQ(document->report.files->size(), 4u);
  EXPECT_EQ(document->report.files->at(2).filetype, cer::FileType::heapdump);
}

TEST(Level1, TakesGarbageAsAnAnswerWithoutKeys) {
  const Outcome outcome = against({ok(std::string("\x01\xff\0garbage", 10))});
  EXPECT_EQ(outcome.result, SubmitResult::uploaded);
  EXPECT_FALSE(outcome.findings.empty());
  EXPECT_FALSE(outcome.answer->i_data);
}

TEST(Level1, PassesOverInterimResponses) {
  EXPECT_EQ(against({"HTTP/1.1 100 Continue\r\n\r\n" + ok("Bucket=7\r\n")}).answer->bucket, 7u);
}

TEST(Misbehaviour, MakesAFailureWithADetail) {
  struct Row {
    std::string answer, detail;
    unsigned status;
  };
  const Row rows[] = {
      {"", "closed the connection without an answer", 0},
      {"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nshort", "closed in the middle", 0},
      {"HTTP/1.1 200 OK\r\nCont", "closed in the middle", 0},
      {"not http at all\r\n\r\n", "cannot be read", 0},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\nx", "transfer coding", 0},
      {"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n", "longer than 1048576 bytes", 0},
      {"HTTP/1.1 302 Found\r\nLocation: http://other/\r\nContent-Length: 0\r\n\r\n", "answered 302", 302},
      {"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", "answered 404", 404},
      {"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n", "answered 503", 503},
  };
  for (const Row& row : rows) {
    const Outcome outcome = against({row.answer});
    EXPECT_EQ(outcome.result, SubmitResult::failed) << row.answer;
    EXPECT_THAT(outcome.detail, HasSubstr(row.detail)) << row.answer;
    ASSERT_EQ(outcome.exchanges.size(), 1u);
    EXPECT_EQ(text_of(outcome.exchanges[0].response), row.answer);
    EXPECT_EQ(outcome.exchanges[0].status, row.status);
  }
}

TEST(Misbehaviour, OfLevel2MakesAFailureToo) {
  const Outcome outcome = against({ok(kAsk), "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n"});
  EXPECT_EQ(outcome.result, SubmitResult::failed);
  EXPECT_THAT(outcome.detail, HasSubstr("PUT /put/1.cab: the server answered 403"));
  EXPECT_TRUE(outcome.cab);
}

TEST(Misbehaviour, EndsAtTheDeadline) {
  ScriptedServer server({"HTTP/1.1 200"});
  server.keep_open = true;
  Config config = config_for(server.port());
  config.exchange_time = std::chrono::milliseconds(50);
  EXPECT_THAT(submit(config).detail, HasSubstr("no answer in time"));
}

TEST(Misbehaviour, BoundsAResponseThatDoesNotEnd) {
  const Outcome outcome = against({"HTTP/1.1 200 OK\r\n\r\n" + std::string(5000, 'x')},
                                  [](Config& config) { config.max_response = 4096; });
  EXPECT_EQ(outcome.result, SubmitResult::failed);
  EXPECT_THAT(outcome.detail, HasSubstr("longer than 4096 bytes"));
}

TEST(Misbehaviour, ListensToAServerThatDoesNotReadTheBody) {
  ScriptedServer server({ok(kAsk), "HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n"});
  Submission big = submission();
  big.files[0].data.resize(8u << 20);
  server.read_at_most = 5000;
  const Outcome outcome = Client(config_for(server.port()), kClock, nullptr).submit(big);
  EXPECT_THAT(outcome.detail, HasSubstr("answered 413"));
}

TEST(Misbehaviour, OfNobodyListening) {
  EXPECT_THAT(submit(config_for(testing_support::closed_port())).detail,
              HasSubstr("no connection to 127.0.0.1"));
}

constexpr std::uint64_t kMinute = 60 * FileTime::kPerSecond;

// A machine with a store, whose client can be killed and started again while time goes on.
struct Machine {
  TempFolder folder;
  VirtualClock clock{kNow};
  Config config;

  explicit Machine(std::uint16_t port) : config(config_for(port)) { config.store = folder.path() / "store"; }

  Outcome submit() { return Client(config, clock, nullptr).submit(submission()); }
  std::vector<Outcome> submit_queued(Client::Which which = Client::Which::due) {
    return Client(config, clock, nullptr).submit_queued(which);
  }
  std::optional<FileTime> next_due() { return Client(config, clock, nullptr).next_due(); }
  std::vector<StoredReport> kept(std::string_view where) const {
    std::vector<StoredReport> reports;
    const auto store = Store::open(config.store, config);
    for (const auto& entry : where == "queue" ? store->queued() : store->archived())
      reports.push_back(*Store::read(entry));
    return reports;
  }
};

TEST(ReportQueue, TakesWhatFailedAndGivesItBackUnchanged) {
  const ScriptedServer server({"", ok("Bucket=1\r\n")});
  Machine machine(server.port());
  const Outcome first = machine.submit();
  EXPECT_EQ(first.result, SubmitResult::queued);
  EXPECT_THAT(first.detail, HasSubstr("without an answer"));
  EXPECT_EQ(machine.kept("queue").size(), 1u);
  const auto second = machine.submit_queued(Client::Which::all);
  ASSERT_EQ(second.size(), 1u);
  EXPECT_EQ(second[0].result, SubmitResult::uploaded) << second[0].detail;
  EXPECT_EQ(second[0].exchanges.at(0).request, first.exchanges.at(0).request);
  EXPECT_EQ(machine.kept("queue").size(), 0u);
  const auto archived = machine.kept("archive");
  ASSERT_EQ(archived.size(), 1u);
  EXPECT_EQ(archived[0].result, SubmitResult::uploaded);
  EXPECT_EQ(archived[0].attempts, 2u);
  EXPECT_EQ(archived[0].bucket, 1u);
}

TEST(ReportQueue, TriesAgainLaterAndLaterOverRestarts) {
  Machine machine(testing_support::closed_port());
  machine.config.most_attempts = 9;
  EXPECT_EQ(machine.submit().result, SubmitResult::queued);
  std::vector<std::uint64_t> waits;
  std::vector<Outcome> last;
  while (const auto next = machine.next_due()) {
    EXPECT_TRUE(machine.submit_queued().empty()) << "it is not due";
    waits.push_back((next->ticks - machine.clock.now().ticks) / kMinute);
    machine.clock.advance_to(*next);
    last = machine.submit_queued();
    ASSERT_EQ(last.size(), 1u);
  }
  EXPECT_THAT(waits, ElementsAre(15, 30, 60, 120, 240, 480, 960, 1440));
  EXPECT_EQ(last[0].result, SubmitResult::failed);
  EXPECT_THAT(last[0].detail, HasSubstr("given up after 9 attempts"));
  const auto archived = machine.kept("archive");
  ASSERT_EQ(archived.size(), 1u);
  EXPECT_EQ(archived[0].result, SubmitResult::failed);
  EXPECT_EQ(archived[0].created, kNow);
  EXPECT_EQ(archived[0].tried, machine.clock.now());
}

TEST(ReportQueue, DoesNotSendAgainWhatWasSentBeforeItsClientWasKilled) {
  Machine machine(1);
  {
    auto store = Store::open(machine.config.store, machine.config);
    const auto document = cer::write_report(submission().report);
    ASSERT_TRUE(store->queue({.result = SubmitResult::uploaded_cab, .document = *document}));
  }
  EXPECT_FALSE(machine.next_due());
  EXPECT_TRUE(machine.submit_queued(Client::Which::all).empty());
  EXPECT_TRUE(machine.kept("queue").empty());
  EXPECT_EQ(machine.kept("archive").at(0).result, SubmitResult::uploaded_cab);
}

TEST(ReportQueue, ThrottlesOverRestarts) {
  const ScriptedServer server({ok(kAsk), ok(""), ok(kAsk), ok("")});
  Machine machine(server.port());
  EXPECT_EQ(machine.submit().result, SubmitResult::uploaded_cab);
  EXPECT_EQ(machine.submit().result, SubmitResult::throttled);
  const auto archived = machine.kept("archive");
  ASSERT_EQ(archived.size(), 2u);
  EXPECT_EQ(archived[0].result, SubmitResult::uploaded_cab);
  EXPECT_TRUE(archived[0].files.empty()) << "parameters only";
  EXPECT_EQ(archived[1].result, SubmitResult::throttled);
}

TEST(ReportQueue, HoldsReportsThatStayOnTheMachine) {
  Machine machine(1);
  machine.config.corporate_wer_server = " ";
  const Outcome outcome = machine.submit();
  EXPECT_EQ(outcome.result, SubmitResult::queued);
  EXPECT_TRUE(outcome.exchanges.empty());
  const auto again = machine.submit_queued();
  ASSERT_EQ(again.size(), 1u);
  EXPECT_EQ(again[0].result, SubmitResult::queued);
  EXPECT_TRUE(again[0].exchanges.empty());
  EXPECT_EQ(machine.kept("queue").at(0).attempts, 0u);
}

TEST(ReportQueue, LeavesAFileThatIsNoReportAndSaysSo) {
  Machine machine(1);
  ASSERT_TRUE(make_folder(machine.config.store / "ReportQueue"));
  ASSERT_TRUE(write_whole(machine.config.store / "ReportQueue/000001.report", {as_bytes("junk")}));
  const auto outcomes = machine.submit_queued();
  EXPECT_EQ(outcomes.at(0).result, SubmitResult::failed);
  EXPECT_THAT(outcomes.at(0).detail, HasSubstr("000001.report"));
  EXPECT_THAT(tree(machine.config.store / "ReportQueue"), ElementsAre("000001.report"));
}

TEST(ReportQueue, FollowsForceQueueAndDisableQueue) {
  Config config = config_for(1);
  config.force_queue = true;
  EXPECT_EQ(submit(config).result, SubmitResult::disabled_queue);
  const TempFolder folder;
  config.store = folder.path() / "store";
  EXPECT_EQ(submit(config).result, SubmitResult::queued);
  config.max_queue_count = 1;
  EXPECT_EQ(submit(config).result, SubmitResult::failed);
  config.disable_queue = true;
  EXPECT_EQ(submit(config).result, SubmitResult::disabled_queue);
  config.disable_queue = false;
  ASSERT_TRUE(write_whole(folder.path() / "file", {}));
  config.store = folder.path() / "file" / "store";
  EXPECT_EQ(submit(config).result, SubmitResult::storage_location_not_found);
  EXPECT_EQ(Client(config, kClock, nullptr).submit_queued().at(0).result,
            SubmitResult::storage_location_not_found);
}

TEST(ReportQueue, ThatSomebodyElseUsesStopsEverything) {
  const TempFolder folder;
  Config config = config_for(1);
  config.store = folder.path();
  const auto theirs = Store::open(config.store, config);
  const Outcome outcome = submit(config);
  EXPECT_EQ(outcome.result, SubmitResult::failed);
  EXPECT_TRUE(outcome.exchanges.empty());
  EXPECT_THAT(outcome.detail, HasSubstr("another program"));
}

TEST(Report, ThatCannotBeWrittenIsAFailure) {
  Submission bad = submission();
  bad.report.username = "\x01";
  const Outcome outcome = Client(config_for(1), kClock, nullptr).submit(bad);
  EXPECT_EQ(outcome.result, SubmitResult::failed);
  EXPECT_TRUE(outcome.exchanges.empty());
}

}  // namespace
}  // namespace wheatstone::wer_client
