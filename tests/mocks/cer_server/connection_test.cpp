// Every status and finding of the HTTP layer, without a socket.
#include "mocks/cer_server/connection.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "formats/cab/cabinet.hpp"
#include "formats/layout/utf16.hpp"
#include "tests/formats/cer/examples.hpp"
#include "tests/mocks/support.hpp"

namespace wheatstone::cer_server {
namespace {

using testing_support::codes;
using testing_support::Recorder;
using testing_support::text_of;

constexpr FileTime kNow{128497001160460289};
constexpr char kPath[] = "\\PersistedCabs\\Blue\\1.cab";

const Connection::Resume kAtOnce = [](const std::function<void()>& work) { work(); };

std::string document() {
  return text_of(*cer::write_report(cer::examples::kernel_fault()));
}

std::string sized(std::string_view line, std::string_view body, std::string_view fields = {}) {
  return std::string(line) + " HTTP/1.1\r\nHost: h\r\n" + std::string(fields) +
         "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + std::string(body);
}

std::string good_cab() {
  return text_of(*cab::write(
      {{"Mini031108-01.dmp", {'M', 'D', 'M', 'P'}}, {"sysdata.xml", {2}}, {"Version.txt", {3}}}, kNow));
}

Rule asking() {
  Rule rule;
  rule.answer.bucket = 501;
  rule.answer.i_data = true;
  rule.answer.dump_file = kPath;
  return rule;
}

struct Bench {
  VirtualClock clock{kNow};
  SeededRandom random{7};
  Recorder recorder;
  std::unique_ptr<Service> service;
  std::optional<Connection> connection;

  explicit Bench(std::vector<Rule> rules = {asking()}, Options options = {}) {
    auto opened = Service::open(options, std::move(rules), clock, random, &recorder);
    EXPECT_TRUE(opened) << opened.error().text();
    service = std::move(*opened);
    connection.emplace(*service, kAtOnce);
  }

  // What comes back for `bytes`, fed in pieces of `step`.
  std::string feed(std::string_view bytes, std::size_t step = ~std::size_t{0}) {
    std::string out;
    while (!bytes.empty()) {
      const std::string_view piece = bytes.substr(0, step);
      connection->receive(as_bytes(piece));
      out += text_of(connection->take_output());
      bytes.remove_prefix(piece.size());
    }
    return out;
  }
  std::string post() { return feed(sized("POST /stage2.htm", document())); }
  std::vector<Exchange> seen() { return recorder.wait_for(0); }
};

unsigned status_of(std::string_view response) {
  return response.size() < 12 ? 0
                              : static_cast<unsigned>(std::atoi(std::string(response.substr(9, 3)).c_str()));
}

bool closes(std::string_view response) {
  return response.find("Connection: close\r\n") != std::string_view::npos;
}

struct Row {
  std::string name;
  std::string request;
  unsigned status;
  std::string codes;  // of the verdict
  bool close;
};

// Each after one level-1 report, which issued kPath.
std::vector<Row> rows() {
  const std::string cab = good_cab();
  return {
      {"level 1", sized("POST /stage2.htm", document()), 200, "", false},
      {"level 1, closing", sized("POST /stage2.htm", document(), "Connection: x, Close\r\n"), 200, "", true},
      {"level 1, garbage", sized("POST /stage2.htm", "garbage"), 400, "document-unreadable", false},
      {"level 1, empty", sized("POST /stage2.htm", ""), 400, "document-unreadable", false},
      {"level 1, HTTP/1.0", "POST /stage2.htm HTTP/1.0\r\nContent-Length: 1\r\n\r\nx", 400,
       "http-version document-unreadable", true},
      {"level 1, no length", "POST /stage2.htm HTTP/1.1\r\nHost: h\r\n\r\n", 411, "length-missing", true},
      {"level 1, too long", "POST /stage2.htm HTTP/1.1\r\nHost: h\r\nContent-Length: 1048577\r\n\r\n", 413,
       "body-too-large", true},
      {"level 1, unknown expectation", sized("POST /stage2.htm", document(), "Expect: tea\r\n"), 417,
       "expectation", true},
      {"level 1, wrong method", "GET /stage2.htm HTTP/1.1\r\nHost: h\r\n\r\n", 405, "method", false},
      {"level 1, PUT", sized("PUT /stage2.htm", "x"), 405, "method", true},
      {"level 1, absolute", sized("POST http://h/stage2.htm", "x"), 400,
       "target-absolute-form document-unreadable", false},
      {"level 1, absolute, https", sized("POST https://h/stage2.htm", "x"), 400,
       "target-absolute-form document-unreadable", false},
      {"other path", "GET /elsewhere HTTP/1.1\r\nHost: h\r\n\r\n", 404, "path-unknown", false},
      {"other path, POST", sized("POST /stage1.htm", "x"), 404, "path-unknown", true},
      {"upload, back-slash", sized("PUT \\PersistedCabs\\Blue\\1.cab", cab), 200, "target-back-slash", false},
      {"upload, %5C", sized("PUT %5CPersistedCabs%5CBlue%5c1.cab", cab), 200,
       "target-encoded-back-slash target-no-slash", false},
      {"upload, slash", sized("PUT /PersistedCabs/Blue/1.cab", cab), 200, "", false},
      {"upload, encoded letter", sized("PUT /PersistedCabs/%42lue/1.cab", cab), 200, "", false},
      {"upload, not a cab", sized("PUT /PersistedCabs/Blue/1.cab", "x"), 200, "cab-unreadable", false},
      {"upload, empty", sized("PUT /PersistedCabs/Blue/1.cab", ""), 400, "upload-empty", false},
      {"upload, never issued", sized("PUT /PersistedCabs/Blue/2.cab", cab), 403, "upload-not-issued", true},
      {"upload, other case", sized("PUT /persistedcabs/Blue/1.cab", cab), 403, "upload-not-issued", true},
      {"upload, parent", sized("PUT /x/../PersistedCabs/Blue/1.cab", cab), 403, "upload-not-issued", true},
      {"upload, wrong method", "DELETE /PersistedCabs/Blue/1.cab HTTP/1.1\r\nHost: h\r\n\r\n", 405, "method",
       false},
      {"upload, too long",
       "PUT /PersistedCabs/Blue/1.cab HTTP/1.1\r\nHost: h\r\nContent-Length: 67108865\r\n\r\n", 413,
       "body-too-large", true},
      {"long head", "GET / HTTP/1.1\r\nHost: h\r\nX: " + std::string(16 << 10, 'x') + "\r\n\r\n", 431,
       "head-too-large", true},
      {"long target", "GET /" + std::string(16 << 10, 'x') + " HTTP/1.1\r\nHost: h\r\n\r\n", 414,
       "head-too-large", true},
      {"upload, part", sized("PUT /PersistedCabs/Blue/1.cab", cab, "Content-Range: bytes 0-9/20\r\n"), 400,
       "upload-part", true},
      {"no host", "GET / HTTP/1.1\r\nHost: a b/c\r\n\r\n", 400, "http-syntax", true},
      {"gzip", "POST /stage2.htm HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: gzip\r\n\r\nx", 501,
       "transfer-coding", true},
      {"two lengths",
       "POST /stage2.htm HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", 400,
       "http-syntax", true},
      {"TLS", "\x16\x03\x01", 400, "http-syntax", true},
  };
}

TEST(Connection, AnswersEveryKindOfRequest) {
  for (const Row& row : rows()) {
    Bench bench;
    ASSERT_EQ(status_of(bench.post()), 200u);
    const std::string response = bench.feed(row.request);
    EXPECT_EQ(status_of(response), row.status) << row.name << "\n" << response;
    EXPECT_EQ(closes(response), row.close) << row.name;
    EXPECT_EQ(bench.connection->phase(), row.close ? Connection::Phase::closing : Connection::Phase::idle)
        << row.name;
    ASSERT_EQ(bench.seen().size(), 2u) << row.name;
    const Exchange exchange = bench.seen()[1];
    EXPECT_EQ(exchange.verdict.status, row.status) << row.name;
    EXPECT_EQ(codes(exchange.verdict.findings), row.codes) << row.name;
    EXPECT_EQ(text_of(exchange.response), response) << row.name;
    EXPECT_TRUE(row.request.starts_with(text_of(exchange.request))) << row.name;
  }
}

TEST(Connection, AnswersTheSameHoweverTheRequestWasSplit) {
  for (const Row& row : rows()) {
    Bench whole, split;
    whole.post();
    split.post();
    EXPECT_EQ(split.feed(row.request, 1), whole.feed(row.request)) << row.name;
    EXPECT_EQ(codes(split.seen()[1].verdict.findings), row.codes) << row.name;
  }
}

TEST(Connection, AnswersExactBytes) {
  Bench bench;
  EXPECT_EQ(bench.post(),
            "HTTP/1.1 200 OK\r\nDate: Tue, 11 Mar 2008 09:08:36 GMT\r\nServer: wheatstone\r\n"
            "Content-Type: text/plain; charset=windows-1252\r\nContent-Length: 57\r\n\r\n"
            "Bucket=501\r\niData=1\r\nDumpFile=\\PersistedCabs\\Blue\\1.cab\r\n");
  EXPECT_EQ(bench.feed("GET /stage2.htm HTTP/1.1\r\nHost: h\r\n\r\n"),
            "HTTP/1.1 405 Method Not Allowed\r\nDate: Tue, 11 Mar 2008 09:08:36 GMT\r\nServer: wheatstone\r\n"
            "Allow: POST\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: 43\r\n\r\n"
            "error method: /stage2.htm takes POST only\r\n");
}

TEST(Connection, GivesHeadNoBody) {
  Bench bench;
  const std::string response = bench.feed("HEAD /elsewhere HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_EQ(status_of(response), 404u);
  EXPECT_TRUE(response.ends_with("\r\n\r\n"));
}

TEST(Connection, ListsTheFindingsOfABadDocument) {
  Bench bench;
  std::string text = document();
  const auto needle = utf8_to_utf16le("reporttype=\"4");
  const std::size_t at = text.find(as_text(*needle));
  ASSERT_NE(at, std::string::npos);
  text[at + needle->size() - 2] = '9';
  const std::string response = bench.feed(sized("POST /stage2.htm", text));
  EXPECT_EQ(status_of(response), 400u);
  EXPECT_THAT(response, testing::HasSubstr("reporttype"));
  const auto seen = bench.seen();
  EXPECT_EQ(seen[0].report_number, 1u) << "the report is kept all the same";
  EXPECT_EQ(text_of(seen[0].document), text);
  EXPECT_TRUE(seen[0].report);
  EXPECT_FALSE(seen[0].answer);
}

TEST(Connection, ServesPipelinedRequestsInOrder) {
  Bench bench;
  const std::string out =
      bench.feed(sized("POST /stage2.htm", document()) + sized("PUT /PersistedCabs/Blue/1.cab", good_cab()) +
                 "GET /elsewhere HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_THAT(out, testing::ContainsRegex("^HTTP/1.1 200 OK"));
  const auto seen = bench.seen();
  ASSERT_EQ(seen.size(), 3u);
  EXPECT_EQ(seen[0].verdict.status, 200u);
  EXPECT_EQ(seen[1].verdict.status, 200u);
  EXPECT_EQ(seen[2].verdict.status, 404u);
  EXPECT_EQ(out, text_of(seen[0].response) + text_of(seen[1].response) + text_of(seen[2].response));
}

TEST(Connection, TakesChunkedBodies) {
  Bench bench;
  std::string body;
  const std::string text = document();
  for (std::size_t at = 0; at < text.size(); at += 100) {
    const std::string piece = text.substr(at, 100);
    char size[16];
    std::snprintf(size, sizeof size, "%zx\r\n", piece.size());
    body += size + piece + "\r\n";
  }
  const std::string response = bench.feed(
      "POST /stage2.htm HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n" + body + "0\r\n\r\n", 33);
  EXPECT_EQ(status_of(response), 200u) << response;
  EXPECT_EQ(text_of(bench.seen()[0].document), text);
}

TEST(Connection, SaysContinueOnlyToARequestThatItWillTake) {
  Bench bench;
  const std::string text = document();
  const std::string request = sized("POST /stage2.htm", text, "Expect: 100-Continue\r\n");
  const std::size_t head = request.size() - text.size();
  EXPECT_EQ(bench.feed(request.substr(0, head)), "HTTP/1.1 100 Continue\r\n\r\n");
  EXPECT_EQ(status_of(bench.feed(text)), 200u);
  EXPECT_TRUE(
      text_of(bench.seen()[0].response).starts_with("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n"));
  const std::string refused =
      bench.feed("PUT /never HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(status_of(refused), 403u);
}

TEST(Connection, TakesOneCabForEachPath) {
  Bench bench;
  bench.post();
  EXPECT_EQ(status_of(bench.feed(sized("PUT /PersistedCabs/Blue/1.cab", ""))), 400u);
  EXPECT_EQ(status_of(bench.feed(sized("PUT /PersistedCabs/Blue/1.cab", good_cab()))), 200u);
  EXPECT_EQ(status_of(bench.feed(sized("PUT \\PersistedCabs\\Blue\\1.cab", good_cab()))), 409u);
  EXPECT_EQ(codes(bench.seen()[3].verdict.findings), "target-back-slash upload-repeated");
  bench.connection.emplace(*bench.service, kAtOnce);
  bench.post();  // the rule's fixed path is issued again, to report 2
  EXPECT_EQ(status_of(bench.feed(sized("PUT /PersistedCabs/Blue/1.cab", good_cab()))), 200u);
  EXPECT_EQ(bench.seen().back().report_number, 2u);
}

TEST(Connection, ReleasesThePathOfAnUploadThatStops) {
  Bench bench;
  bench.post();
  const std::string put = sized("PUT /PersistedCabs/Blue/1.cab", good_cab());
  Connection other(*bench.service, kAtOnce);
  other.receive(as_bytes(std::string_view(put).substr(0, put.size() - 1)));
  EXPECT_EQ(status_of(bench.feed(put)), 409u);
  EXPECT_EQ(codes(bench.seen().back().verdict.findings), "upload-concurrent");
  bench.connection.emplace(*bench.service, kAtOnce);
  {
    Connection third(*bench.service, kAtOnce);
    third.receive(as_bytes("PUT /x"));
  }
  EXPECT_EQ(codes(bench.seen().back().verdict.findings), "request-incomplete");
  EXPECT_EQ(text_of(bench.seen().back().request), "PUT /x");
  other.receive(as_bytes(std::string_view(put).substr(put.size() - 1)));
  EXPECT_EQ(status_of(text_of(other.take_output())), 200u);
}

TEST(Connection, ReportsARequestThatStopsAndKeepsThePathUsable) {
  Bench bench;
  bench.post();
  const std::string put = sized("PUT /PersistedCabs/Blue/1.cab", good_cab());
  bench.feed(put.substr(0, put.size() - 1));
  bench.connection.emplace(*bench.service, kAtOnce);
  EXPECT_EQ(bench.seen().back().verdict.status, 0u);
  EXPECT_EQ(bench.seen().back().kind, Exchange::Kind::level2);
  EXPECT_EQ(bench.seen().back().report_number, 1u);
  EXPECT_EQ(bench.service->in_flight, 0u);
  EXPECT_EQ(status_of(bench.feed(put)), 200u);
}

TEST(Connection, TimesOutOnlyInTheMiddleOfARequest) {
  Bench bench;
  bench.connection->time_out();
  EXPECT_EQ(text_of(bench.connection->take_output()), "");
  EXPECT_EQ(bench.connection->phase(), Connection::Phase::closing);
  bench.connection.emplace(*bench.service, kAtOnce);
  bench.feed("POST /sta");
  bench.connection->time_out();
  EXPECT_EQ(status_of(text_of(bench.connection->take_output())), 408u);
  EXPECT_EQ(codes(bench.seen().back().verdict.findings), "request-slow");
}

TEST(Connection, RefusesMoreThanTheMemoryOfUnfinishedRequests) {
  Options options;
  options.limits.in_flight = 400;
  Bench bench({asking()}, options);
  Connection other(*bench.service, kAtOnce);
  const std::string request = sized("POST /stage2.htm", document());
  other.receive(as_bytes(std::string_view(request).substr(0, 300)));
  const std::string response = bench.feed(request.substr(0, 101));
  EXPECT_EQ(status_of(response), 503u);
  EXPECT_THAT(response, testing::HasSubstr("Retry-After: 1\r\n"));
  EXPECT_EQ(bench.service->in_flight, 300u);
  EXPECT_EQ(other.phase(), Connection::Phase::body);
}

// The response to a report when a fault strikes, and the phase of the connection after it.
std::pair<std::string, Connection::Phase> struck_at_level1(const Fault& fault) {
  Rule rule = asking();
  rule.fault = fault;
  Bench bench({rule});
  std::string response = bench.post();
  EXPECT_EQ(bench.seen()[0].report_number, 1u) << "the report is kept";
  http::Message head;
  head.method = "PUT";
  head.target = kPath;
  const auto upload = bench.service->admit(head, true);
  EXPECT_EQ(upload.refusal.has_value(), !info(fault.kind).issues_path())
      << "is the path issued? " << info(fault.kind).name;
  EXPECT_EQ(bench.seen()[0].answer.has_value(), info(fault.kind).issues_path()) << info(fault.kind).name;
  return {response, bench.connection->phase()};
}

constexpr std::string_view kAnswer = "Bucket=501\r\niData=1\r\nDumpFile=\\PersistedCabs\\Blue\\1.cab\r\n";

TEST(Faults, StrikeAtLevel1) {
  using Phase = Connection::Phase;
  using testing::EndsWith;
  using testing::HasSubstr;
  for (const FaultInfo& fault : kFaults) struck_at_level1({.kind = fault.kind});
  EXPECT_EQ(status_of(struck_at_level1({.kind = Fault::Kind::status, .status = 418}).first), 418u);
  EXPECT_EQ(struck_at_level1({.kind = Fault::Kind::close}), std::pair(std::string(), Phase::closing));
  EXPECT_EQ(struck_at_level1({.kind = Fault::Kind::close, .after = 17}),
            std::pair(std::string("HTTP/1.1 200 OK\r\n"), Phase::closing));
  EXPECT_THAT(struck_at_level1({.kind = Fault::Kind::garbage}).first, HasSubstr("Content-Length: 64\r\n"));
  const auto unauthorized = struck_at_level1({.kind = Fault::Kind::unauthorized});
  EXPECT_EQ(status_of(unauthorized.first), 401u);
  EXPECT_THAT(unauthorized.first, HasSubstr("\r\nWWW-Authenticate: Negotiate\r\nWWW-Authenticate: NTLM\r\n"));
  EXPECT_EQ(unauthorized.second, Phase::idle) << "the handshake wants one connection";
  const auto redirect = struck_at_level1({.kind = Fault::Kind::redirect}).first;
  EXPECT_EQ(status_of(redirect), 302u);
  EXPECT_THAT(redirect, HasSubstr("\r\nLocation: http://192.0.2.1/stage2.htm\r\n"));
  EXPECT_THAT(struck_at_level1({.kind = Fault::Kind::redirect, .location = "/there"}).first,
              HasSubstr("\r\nLocation: /there\r\n"));
  const auto truncated = struck_at_level1({.kind = Fault::Kind::truncate});
  EXPECT_THAT(truncated.first,
              EndsWith("Content-Length: 57\r\nConnection: close\r\n\r\nBucket=501\r\niData=1\r\nDumpFil"));
  EXPECT_EQ(truncated.second, Phase::closing);
  EXPECT_THAT(struck_at_level1({.kind = Fault::Kind::short_length}).first,
              EndsWith("Content-Length: 56\r\nConnection: close\r\n\r\n" + std::string(kAnswer)));
  EXPECT_THAT(struck_at_level1({.kind = Fault::Kind::long_length}).first,
              EndsWith("Content-Length: 58\r\n\r\n" + std::string(kAnswer)));
  EXPECT_THAT(struck_at_level1({.kind = Fault::Kind::line_feeds}).first,
              EndsWith("\r\n\r\nBucket=501\niData=1\nDumpFile=\\PersistedCabs\\Blue\\1.cab\n"));
}

TEST(Faults, StrikeOnceAtLevel2AndDropOrKeepTheCab) {
  for (const FaultInfo& fault : kFaults) {
    if (fault.only_level1) continue;
    Rule rule = asking();
    rule.fault = {.kind = fault.kind, .status = 500, .level = Fault::Level::level2};
    Bench bench({rule});
    ASSERT_EQ(status_of(bench.post()), 200u);
    const std::string response = bench.feed(sized("PUT /PersistedCabs/Blue/1.cab", good_cab()));
    EXPECT_EQ(bench.seen()[1].verdict.status, status_of(response));
    EXPECT_EQ(bench.seen()[1].cab.empty(), !fault.keeps_cab) << fault.name;
    bench.connection.emplace(*bench.service, kAtOnce);
    EXPECT_EQ(status_of(bench.feed(sized("PUT /PersistedCabs/Blue/1.cab", good_cab()))),
              fault.keeps_cab ? 409u : 200u)
        << fault.name;
  }
}

TEST(Faults, OfAnswersAreRefusedAtLevel2) {
  VirtualClock clock(kNow);
  SeededRandom random(1);
  for (const FaultInfo& fault : kFaults) {
    Rule rule = asking();
    rule.fault = {.kind = fault.kind, .level = Fault::Level::level2};
    EXPECT_EQ(Service::open({}, {rule}, clock, random, nullptr).has_value(), !fault.only_level1)
        << fault.name;
  }
  Rule rule = asking();
  rule.fault = {.kind = Fault::Kind::redirect, .location = "x\r\nSet-Cookie: y"};
  EXPECT_FALSE(Service::open({}, {rule}, clock, random, nullptr));
}

TEST(Faults, SayHowTheResponseLeaves) {
  Rule rule = asking();
  rule.fault = {.kind = Fault::Kind::trickle, .wait = std::chrono::milliseconds(7)};
  Bench bench({rule});
  bench.post();
  const Pace pace = bench.connection->take_pace();
  EXPECT_EQ(pace.wait, std::chrono::milliseconds(7));
  EXPECT_EQ(pace.piece, 1u);
  EXPECT_EQ(bench.connection->take_pace().wait, std::chrono::milliseconds(0)) << "for this response only";
}

TEST(Rules, StepAsideAfterTheirTimes) {
  Rule first = asking();
  first.fault = Fault{};
  first.times = 2;
  Bench bench({first, asking()});
  EXPECT_EQ(status_of(bench.post()), 503u);
  EXPECT_EQ(status_of(bench.post()), 503u);
  EXPECT_EQ(status_of(bench.post()), 200u);
}

TEST(Rules, NumberBucketsFrom100BySignatureByDefault) {
  Bench bench(std::vector<Rule>{});
  const auto bucket = [&bench](const cer::Report& report) {
    bench.feed(sized("POST /stage2.htm", text_of(*cer::write_report(report))));
    return *bench.seen().back().answer;
  };
  const auto kernel = bucket(cer::examples::kernel_fault());
  EXPECT_EQ(kernel.bucket, 100u);
  EXPECT_EQ(kernel.bucket_table, 5u);
  EXPECT_FALSE(kernel.i_data);
  EXPECT_EQ(bucket(cer::examples::application_fault()).bucket, 101u);
  EXPECT_EQ(bucket(cer::examples::kernel_fault()).bucket, 100u);
}

TEST(Rules, AskForNoMoreCabsThanTheirQuota) {
  Rule rule = asking();
  rule.cab_quota = 1;
  rule.answer.dump_file.reset();
  rule.answer.wql = {"SELECT x"};
  Bench bench({rule});
  bench.post();
  EXPECT_THAT(*bench.seen()[0].answer->dump_file, testing::MatchesRegex("/put/1-[0-9a-f]*\\.cab"));
  EXPECT_THAT(bench.post(), testing::EndsWith("Bucket=501\r\niData=0\r\n"));
}

TEST(Rules, ThatCannotWorkAreRefusedAtTheStart) {
  VirtualClock clock(kNow);
  SeededRandom random(1);
  Rule split = asking();
  split.answer.dump_file = "a\r\nb";
  const auto bad_answer = Service::open({}, {asking(), split}, clock, random, nullptr);
  ASSERT_FALSE(bad_answer);
  EXPECT_EQ(bad_answer.error().kind, ErrorKind::invalid_argument);
  EXPECT_EQ(bad_answer.error().where.path, "rules[1]");
  for (const unsigned status : {399u, 600u}) {
    Rule odd;
    odd.fault = Fault{.status = status};
    EXPECT_FALSE(Service::open({}, {odd}, clock, random, nullptr)) << status;
  }
}

}  // namespace
}  // namespace wheatstone::cer_server
