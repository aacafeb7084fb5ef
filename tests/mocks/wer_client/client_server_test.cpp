// The client against the server: the four examples of [MS-CER2] section 4, byte for byte.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "formats/cab/cabinet.hpp"
#include "formats/layout/utf16.hpp"
#include "mocks/cer_server/server.hpp"
#include "mocks/wer_client/client.hpp"
#include "tests/formats/cer/examples.hpp"
#include "tests/mocks/support.hpp"

namespace wheatstone {
namespace {

using cer_server::Rule;
using cer_server::Server;
using testing_support::codes;
using testing_support::Recorder;
using testing_support::text_of;
using wer_client::Client;
using wer_client::Config;
using wer_client::Outcome;
using wer_client::Submission;
using wer_client::SubmitResult;

constexpr FileTime kNow{128497001160460289};
constexpr char kQuery[] = "SELECT Family FROM Win32_Processor";

struct Bench {
  VirtualClock clock{kNow};
  SeededRandom random{7};
  Recorder recorder;
  wer_client::ScriptedCollector collector;
  std::unique_ptr<Server> server;
  Config config;

  explicit Bench(std::vector<Rule> rules) {
    auto started = Server::start({.port = 0}, std::move(rules), clock, random, &recorder);
    EXPECT_TRUE(started) << started.error().text();
    server = std::move(*started);
    config.corporate_wer_server = "testserver.corp.xyz.com";
    config.default_consent = wer_client::Consent::all_data;
    config.connect_to = {"127.0.0.1", server->port()};
    collector.wql_results[kQuery] = "Family=198";
  }

  Outcome submit(const Submission& submission) {
    return Client(config, clock, &collector).submit(submission);
  }
};

std::string utf16(std::string_view text) {
  const auto units = utf8_to_utf16le(text);
  return "\xff\xfe" + std::string(as_text(*units));
}

std::string level1_request(std::string_view document) {
  const std::string body = utf16(document);
  return "POST /stage2.htm HTTP/1.1\r\nHost: testserver.corp.xyz.com:1273\r\nUser-Agent: MSDW\r\n"
         "Content-Length: " +
         std::to_string(body.size()) + "\r\n\r\n" + body;
}

std::string ok(std::string_view type, std::string_view body) {
  return "HTTP/1.1 200 OK\r\nDate: Tue, 11 Mar 2008 09:08:36 GMT\r\nServer: wheatstone\r\nContent-Type: " +
         std::string(type) + "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
         std::string(body);
}

std::string answer_response(std::string_view body) {
  return ok("text/plain; charset=windows-1252", body);
}

cer::Answer answer(std::uint64_t bucket) {
  cer::Answer a;
  a.bucket = bucket;
  a.bucket_table = 5;
  return a;
}

std::vector<std::string> member_names(Bytes cab) {
  std::vector<std::string> names;
  const auto members = cab::read(cab);
  EXPECT_TRUE(members);
  for (const auto& member : *members) names.push_back(member.name);
  return names;
}

TEST(Examples, Section41CrashWithLevel2) {
  const std::string dump_file =
      "\\PersistedCabs\\Generic\\APPCRASH\\GPFMe.exe\\6.0.4082.0\\40ce670d\\GPFMe.exe\\6.0.4082.0\\40ce670d\\"
      "c0000005\\000031de\\8747c307-c461-42ba-abf5-7fd98d8bb0ec.cab";
  Rule rule{.event_type = "APPCRASH", .answer = answer(500)};
  rule.answer.response = "http://oca.microsoft.com/resredir.aspx?SID=32";
  rule.answer.i_data = true;
  rule.answer.wql = {kQuery};
  rule.answer.dump_file = dump_file;
  Bench bench({rule});
  const Outcome outcome =
      bench.submit({cer::examples::application_fault(), {{.name = "Version.txt", .data = {'v', '1'}}}});

  EXPECT_EQ(outcome.result, SubmitResult::uploaded_cab) << outcome.detail;
  ASSERT_EQ(outcome.exchanges.size(), 2u);
  EXPECT_EQ(text_of(outcome.exchanges[0].request), level1_request(cer::examples::kApplicationFault));
  EXPECT_EQ(
      text_of(outcome.exchanges[0].response),
      answer_response("Response=http://oca.microsoft.com/resredir.aspx?SID=32\r\nBucket=500\r\n"
                      "BucketTable=5\r\niData=1\r\nWQL=SELECT Family FROM Win32_Processor\r\nDumpFile=" +
                      dump_file + "\r\n"));
  const std::string put = text_of(outcome.exchanges[1].request);
  EXPECT_TRUE(
      put.starts_with("PUT /PersistedCabs/Generic/APPCRASH/GPFMe.exe/6.0.4082.0/40ce670d/GPFMe.exe/"
                      "6.0.4082.0/40ce670d/c0000005/000031de/"
                      "8747c307-c461-42ba-abf5-7fd98d8bb0ec.cab HTTP/1.1\r\n"
                      "Host: testserver.corp.xyz.com:1273\r\n"))
      << put.substr(0, 300);
  EXPECT_EQ(text_of(outcome.exchanges[1].response), ok("text/plain; charset=utf-8", ""));
  ASSERT_TRUE(outcome.cab);
  EXPECT_THAT(member_names(*outcome.cab), testing::ElementsAre("Version.txt", "wql.txt"));
  EXPECT_EQ(text_of(cab::read(*outcome.cab)->at(1).data),
            utf16("[SELECT Family FROM Win32_Processor]\r\nFamily=198\r\n"));

  const auto seen = bench.recorder.wait_for(2);
  EXPECT_EQ(seen[0].kind, cer_server::Exchange::Kind::level1);
  EXPECT_EQ(seen[0].request, outcome.exchanges[0].request);
  EXPECT_EQ(seen[0].response, outcome.exchanges[0].response);
  EXPECT_EQ(codes(seen[0].verdict.findings), "");
  EXPECT_EQ(seen[1].kind, cer_server::Exchange::Kind::level2);
  EXPECT_EQ(seen[1].report_number, 1u);
  EXPECT_EQ(seen[1].cab, *outcome.cab);
  EXPECT_EQ(codes(seen[1].verdict.findings), "");
}

TEST(Examples, Section42CrashLevel1Only) {
  Rule rule{.answer = answer(500)};
  rule.answer.response = "";
  Bench bench({rule});
  const Outcome outcome =
      bench.submit({cer::examples::application_fault(), {{.name = "Version.txt", .data = {'v', '1'}}}});
  EXPECT_EQ(outcome.result, SubmitResult::uploaded) << outcome.detail;
  ASSERT_EQ(outcome.exchanges.size(), 1u);
  EXPECT_EQ(text_of(outcome.exchanges[0].request), level1_request(cer::examples::kApplicationFault));
  EXPECT_EQ(text_of(outcome.exchanges[0].response),
            answer_response("Response=\r\nBucket=500\r\nBucketTable=5\r\n"));
  EXPECT_FALSE(outcome.cab);
}

TEST(Examples, Section43KernelWithLevel2) {
  Rule rule{.event_type = "Blue*", .parameters = {{"BCCode", "f4"}}, .answer = answer(501)};
  rule.answer.i_data = true;
  rule.answer.wql = {kQuery};
  rule.answer.dump_file = "\\PersistedCabs\\Blue\\c2428d43-b50a-4622-9d55-cce4602834b3.cab";
  Bench bench({rule});
  const Outcome outcome = bench.submit(
      {cer::examples::kernel_fault(),
       {{.name = "Mini031108-01.dmp", .type = cer::FileType::minidump, .data = {'M', 'D', 'M', 'P'}},
        {.name = "sysdata.xml", .data = {'<', 'x', '/', '>'}},
        {.name = "Version.txt", .data = {'v', '1'}}}});
  EXPECT_EQ(outcome.result, SubmitResult::uploaded_cab) << outcome.detail;
  ASSERT_EQ(outcome.exchanges.size(), 2u);
  EXPECT_EQ(text_of(outcome.exchanges[0].request), level1_request(cer::examples::kKernelFault));
  EXPECT_TRUE(
      text_of(outcome.exchanges[1].request)
          .starts_with("PUT /PersistedCabs/Blue/c2428d43-b50a-4622-9d55-cce4602834b3.cab HTTP/1.1\r\n"));
  EXPECT_THAT(member_names(*outcome.cab),
              testing::ElementsAre("Mini031108-01.dmp", "sysdata.xml", "Version.txt", "wql.txt"));
  EXPECT_EQ(codes(bench.recorder.wait_for(2)[1].verdict.findings), "");
}

TEST(Examples, Section44GenericWithLevel2AndNoFiles) {
  Rule rule{.answer = answer(502)};
  rule.answer.i_data = true;
  rule.answer.wql = {kQuery};
  rule.answer.dump_file =
      "\\PersistedCabs\\Generic\\MikeTest\\1000\\2000\\3000\\41ed848b-30fe-4db5-92e9-7745d2ceb2b8";
  Bench bench({rule});
  const Outcome outcome = bench.submit({cer::examples::generic(), {}});
  EXPECT_EQ(outcome.result, SubmitResult::uploaded_cab) << outcome.detail;
  ASSERT_EQ(outcome.exchanges.size(), 2u);
  EXPECT_EQ(text_of(outcome.exchanges[0].request), level1_request(cer::examples::kGeneric));
  EXPECT_TRUE(text_of(outcome.exchanges[1].request)
                  .starts_with("PUT /PersistedCabs/Generic/MikeTest/1000/2000/3000/"
                               "41ed848b-30fe-4db5-92e9-7745d2ceb2b8 HTTP/1.1\r\n"));
  EXPECT_THAT(member_names(*outcome.cab), testing::ElementsAre("wql.txt"));
}

TEST(Determinism, TwoRunsOnDifferentPortsExchangeTheSameBytes) {
  Rule rule;
  rule.answer.i_data = true;
  rule.answer.wql = {kQuery};
  const auto run = [&rule] {
    Bench bench({rule});
    for (int i = 0; i < 2; ++i) {
      EXPECT_EQ(bench.submit({cer::examples::kernel_fault(), {}}).result, SubmitResult::uploaded_cab);
      bench.clock.advance_by(FileTime::kPerSecond);
    }
    std::vector<std::pair<Buffer, Buffer>> bytes;
    for (const auto& exchange : bench.recorder.wait_for(4))
      bytes.emplace_back(exchange.request, exchange.response);
    return std::pair(bench.server->port(), bytes);
  };
  const auto first = run();
  const auto second = run();
  EXPECT_EQ(first.second, second.second);
  EXPECT_THAT(text_of(first.second[0].second),
              testing::ContainsRegex("DumpFile=/put/1-[0-9a-f]{32}\\.cab\r\n"));
  EXPECT_NE(first.second[0].second, first.second[2].second) << "each report has a path of its own";
}

}  // namespace
}  // namespace wheatstone
