// curl plays a Windows Error Reporting client against our server.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "formats/cab/cabinet.hpp"
#include "formats/layout/utf16.hpp"
#include "mocks/cer_server/server.hpp"
#include "tests/mocks/http_server.hpp"
#include "tests/mocks/support.hpp"
#include "tests/witnesses/witness.hpp"

namespace wheatstone::witness {
namespace {

const Program kCurl{"curl", "curl"};
constexpr FileTime kNow{128497001160460289};

// Written by hand: another order of elements and attributes than ours, single quotes, LF line ends.
constexpr char kDocument[] =
    "<?xml version='1.0' encoding='UTF-16'?>\n"
    "<WERREPORT>\n"
    " <USERINFO username='curl'/>\n"
    " <MACHINEINFO lcid='1033' os='10.0.19045.2.0.0.256.48' machinename='box'/>\n"
    " <EVENTINFO eventtime='128496996179046077' eventtype='BlueScreen' reporttype='4'/>\n"
    " <SIGNATURE><SECONDARYPARAMETER value='124' name='BCCode'/></SIGNATURE>\n"
    " <FILES><FILE filename='Mini.dmp' filetype='2'/></FILES>\n"
    "</WERREPORT>\n";

class Curl : public testing::Test {
 protected:
  void SetUp() override { start({}); }

  void start(cer_server::Options options) {
    cer_server::Rule rule{.event_type = "BlueScreen", .parameters = {{"BCCode", "124"}}};
    rule.answer.bucket = 501;
    rule.answer.i_data = true;
    rule.answer.dump_file = "\\PersistedCabs\\Blue\\1.cab";
    options.port = 0;
    auto started = cer_server::Server::start(options, {rule}, clock_, random_, &recorder_);
    ASSERT_TRUE(started) << started.error().text();
    server_ = std::move(*started);
    Buffer document = {0xff, 0xfe};
    const auto text = utf8_to_utf16le(kDocument);
    document.insert(document.end(), text->begin(), text->end());
    write_file(folder_ / "level1.xml", document);
    cab_ = *cab::write({{"Mini.dmp", {1, 2, 3}}}, kNow);
    write_file(folder_ / "report.cab", cab_);
  }

  std::string url(std::string_view path) const {
    return "http://127.0.0.1:" + std::to_string(server_->port()) + std::string(path);
  }
  Said post(std::vector<std::string> more = {}) {
    std::vector<std::string> arguments = {"--silent",        "--show-error",
                                          "--noproxy",       "*",
                                          "--data-binary",   "@" + (folder_ / "level1.xml").string(),
                                          url("/stage2.htm")};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return ask(kCurl, arguments);
  }
  // The status that curl prints after a PUT.
  std::string put(const std::vector<std::string>& how) {
    std::vector<std::string> arguments = {"--silent",
                                          "--show-error",
                                          "--noproxy",
                                          "*",
                                          "--path-as-is",
                                          "--output",
                                          "/dev/null",
                                          "--write-out",
                                          "%{http_code}",
                                          "--upload-file",
                                          (folder_ / "report.cab").string()};
    arguments.insert(arguments.end(), how.begin(), how.end());
    return ask(kCurl, arguments).output;
  }

  TemporaryFolder folder_;
  VirtualClock clock_{kNow};
  SeededRandom random_{1};
  testing_support::Recorder recorder_;
  std::unique_ptr<cer_server::Server> server_;
  Buffer cab_;
};

TEST_F(Curl, GetsAnAnswerAndUploadsACabInEverySpellingOfThePath) {
  const std::vector<std::vector<std::string>> spellings = {
      {url("/PersistedCabs/Blue/1.cab")},
      {"--request-target", "\\PersistedCabs\\Blue\\1.cab", url("/")},
      {"--request-target", "%5CPersistedCabs%5cBlue%5C1.cab", url("/")},
      {"--request-target", url("/PersistedCabs/Blue/1.cab"), url("/")}};
  std::size_t exchanges = 0;
  for (const auto& spelling : spellings) {
    const Said said = post();
    EXPECT_EQ(said.status, 0);
    EXPECT_EQ(said.output, "Bucket=501\r\niData=1\r\nDumpFile=\\PersistedCabs\\Blue\\1.cab\r\n");
    EXPECT_EQ(put(spelling), "200") << spelling[0];
    exchanges += 2;
    const auto seen = recorder_.wait_for(exchanges);
    EXPECT_EQ(seen.back().cab, cab_);
    EXPECT_EQ(seen.back().report_number, exchanges / 2);
  }
  EXPECT_EQ(put(spellings[0]), "409");
  EXPECT_EQ(put({url("/PersistedCabs/Blue/../Blue/1.cab")}), "403");
}

TEST_F(Curl, IsUnderstoodWhenItChunksAndWaitsForContinue) {
  const Said said = post({"--header", "Transfer-Encoding: chunked", "--header", "Expect: 100-continue",
                          "--expect100-timeout", "20"});
  EXPECT_EQ(said.status, 0);
  EXPECT_THAT(said.output, testing::StartsWith("Bucket=501\r\n"));
  const auto seen = recorder_.wait_for(1);
  EXPECT_THAT(testing_support::text_of(seen[0].response),
              testing::StartsWith("HTTP/1.1 100 Continue\r\n\r\n"));
  EXPECT_EQ(put({"--header", "Transfer-Encoding: chunked", url("/PersistedCabs/Blue/1.cab")}), "200");
  EXPECT_EQ(recorder_.wait_for(2)[1].cab, cab_);
}

TEST_F(Curl, ReadsTheAnswerToAnUploadThatNobodyWants) {
  EXPECT_EQ(put({url("/never.cab")}), "403");
}

TEST_F(Curl, ReportsOverTlsAndProvesWhoItIs) {
  const auto identity = http::make_identity({"127.0.0.1"});
  ASSERT_TRUE(identity);
  write_file(folder_ / "server.pem", as_bytes(identity->certificate_pem));
  start({.tls = cer_server::Tls{.identity = *identity},
         .accounts = http::Accounts{.passwords = {{"mary", "secret"}}}});
  const auto at = [this](std::string_view path) {
    return "https://127.0.0.1:" + std::to_string(server_->port()) + std::string(path);
  };
  const std::string pem = (folder_ / "server.pem").string();
  const Said said = ask(
      kCurl, {"--silent", "--show-error", "--noproxy", "*", "--cacert", pem, "--ntlm", "--user",
              "mary:secret", "--data-binary", "@" + (folder_ / "level1.xml").string(), at("/stage2.htm")});
  EXPECT_THAT(said.output, testing::StartsWith("Bucket=501\r\n"));
  EXPECT_EQ(put({"--cacert", pem, "--ntlm", "--user", "mary:secret", at("/PersistedCabs/Blue/1.cab")}),
            "200");
  EXPECT_EQ(put({"--cacert", pem, "--ntlm", "--user", "mary:wrong", at("/PersistedCabs/Blue/1.cab")}), "401");
  const auto seen = recorder_.wait_for(2);
  EXPECT_EQ(seen[0].kind, cer_server::Exchange::Kind::level1);
  EXPECT_EQ(seen[1].cab, cab_);
}

// curl's own NTLM and TLS against ours.
class CurlAsks : public testing::Test {
 protected:
  Said ask_for(const testing_support::HttpServer& server, std::string_view scheme,
               std::vector<std::string> arguments) {
    arguments.insert(arguments.end(),
                     {"--silent", "--show-error", "--noproxy", "*", "--output", "/dev/null", "--write-out",
                      "%{http_code}", "--data-binary", "report",
                      std::string(scheme) + "://127.0.0.1:" + std::to_string(server.port()) + "/stage2.htm"});
    return ask(kCurl, arguments);
  }

  const http::Identity identity_ = *http::make_identity({"127.0.0.1"});
  const http::TlsServer tls_ = *http::TlsServer::make(identity_);
  const http::Accounts accounts_{.passwords = {{"mary", "secret"}}};
};

TEST_F(CurlAsks, TrustsOurCertificateOnlyWhenTold) {
  const TemporaryFolder folder;
  write_file(folder / "server.pem", as_bytes(identity_.certificate_pem));
  const testing_support::HttpServer server({.tls = tls_});
  EXPECT_EQ(ask_for(server, "https", {"--cacert", (folder / "server.pem").string()}).output, "200");
  EXPECT_EQ(ask_for(server, "https", {"--insecure", "--tls-max", "1.2"}).output, "200");
  EXPECT_EQ(ask_for(server, "https", {}).status, 60);
  EXPECT_EQ(server.seen().size(), 2u);
  for (const auto fault : {http::TlsFault::expired, http::TlsFault::not_yet_valid, http::TlsFault::wrong_host,
                           http::TlsFault::untrusted}) {
    const testing_support::HttpServer faulty({.tls = *http::TlsServer::make(identity_, fault)});
    EXPECT_EQ(ask_for(faulty, "https", {"--cacert", (folder / "server.pem").string()}).status, 60)
        << http::info(fault).name;
  }
  for (const auto fault : {http::TlsFault::old_version, http::TlsFault::handshake_garbage,
                           http::TlsFault::handshake_close, http::TlsFault::handshake_alert}) {
    const testing_support::HttpServer faulty({.tls = *http::TlsServer::make(identity_, fault)});
    EXPECT_EQ(ask_for(faulty, "https", {"--insecure"}).status, 35) << http::info(fault).name;
  }
}

TEST_F(CurlAsks, ProvesItsPasswordWithNtlm) {
  const testing_support::HttpServer secure({.tls = tls_, .accounts = accounts_});
  const testing_support::HttpServer plain({.accounts = accounts_});
  EXPECT_EQ(ask_for(secure, "https", {"--insecure", "--ntlm", "--user", "CORP\\mary:secret"}).output, "200");
  EXPECT_EQ(ask_for(plain, "http", {"--ntlm", "--user", "mary:secret"}).output, "200");
  EXPECT_EQ(ask_for(plain, "http", {"--ntlm", "--user", "mary:wrong"}).output, "401");
  EXPECT_EQ(ask_for(plain, "http", {"--ntlm", "--user", "adam:secret"}).output, "401");
  EXPECT_EQ(secure.seen().back().user, "CORP\\mary");
  EXPECT_EQ(testing_support::text_of(secure.seen().back().request.body()), "report");
}

}  // namespace
}  // namespace wheatstone::witness
