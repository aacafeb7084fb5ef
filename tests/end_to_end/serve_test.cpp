// `wheatstone serve`: what its user sees. What a server keeps is in reports_test.cpp.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <filesystem>
#include <fstream>

#include "mocks/http/identity.hpp"
#include "tests/end_to_end/program.hpp"
#include "tests/mocks/cer_server/bench.hpp"

namespace wheatstone {
namespace {

using cer_server::issued_path;
using cer_server::post;
using cer_server::sized;
using test::Background;
using test::Finished;
using testing::HasSubstr;
using testing::MatchesRegex;
using testing::StartsWith;
using testing_support::RawClient;
using testing_support::TempFolder;

std::uint16_t port_in(const std::string& listening) {
  EXPECT_THAT(listening, StartsWith("listening on 127.0.0.1:"));
  return static_cast<std::uint16_t>(std::stoi(listening.substr(listening.rfind(':') + 1)));
}

TEST(Serve, PrintsALineForEachRequestAndForALateCheck) {
  TempFolder folder;
  Background server({"serve", "--port", "0", "--store", folder.path() / "store", "--verbose"});
  RawClient client(port_in(server.line()));
  client.send(post());
  const std::string answer = client.read_response();
  EXPECT_THAT(server.line(),
              MatchesRegex(".* level1 200 .* bytes report 1 BlueScreen from client-machine.*"));
  client.send(sized("PUT " + issued_path(answer), cer_server::cab()));
  client.read_response();
  EXPECT_THAT(server.line(), MatchesRegex(".* level2 200 .* bytes report 1"));
  EXPECT_THAT(server.line(), MatchesRegex(".* cab of report 1 checked: 2 findings"));
  EXPECT_THAT(server.line(), HasSubstr("warning: level 1 lists \"Mini031108-01.dmp\""));
  server.signal(SIGTERM);
  EXPECT_EQ(server.wait(), 0);
}

TEST(Serve, ChecksFirstIfToldAndKeepsQuietIfTold) {
  TempFolder folder;
  Background server({"serve", "--port", "0", "--store", folder.path() / "store", "--check-first", "--quiet",
                     "--threads", "3"});
  RawClient client(port_in(server.line()));
  client.send(post());
  client.send(sized("PUT " + issued_path(client.read_response()), cer_server::cab()));
  client.read_response();
  const Finished shown = test::wheatstone({"reports", "show", folder.path() / "store", "1"});
  EXPECT_THAT(shown.out, HasSubstr("cab-file-missing")) << "as soon as it is answered";
  server.signal(SIGTERM);
  EXPECT_EQ(server.line(), "stopped");
  EXPECT_EQ(server.wait(), 0);
}

TEST(Serve, ShowsItsCertificate) {
  Background own({"serve", "--port", "0", "--tls"});
  EXPECT_THAT(own.line(), MatchesRegex("certificate SHA-256 ([0-9A-F]{2}:){31}[0-9A-F]{2}"));
  own.signal(SIGTERM);

  TempFolder folder;
  const auto identity = http::make_identity({"cer.example.com"});
  ASSERT_TRUE(identity);
  const std::string file = folder.path() / "both.pem";
  std::ofstream(file) << identity->certificate_pem << identity->private_key_pem;
  Background given({"serve", "--port", "0", "--certificate", file});
  EXPECT_EQ(given.line(), "certificate SHA-256 " + http::fingerprint(*identity));
  given.signal(SIGTERM);

  std::ofstream(file) << "no certificate";
  const Finished broken = test::wheatstone({"serve", "--port", "0", "--certificate", file});
  EXPECT_EQ(broken.code, 2);
  EXPECT_THAT(broken.err, HasSubstr(file));
}

TEST(Serve, WantsTlsAndAccountsWhereOthersCome) {
  TempFolder folder;
  const std::string accounts = folder.path() / "accounts";
  std::ofstream(accounts) << "# who may send\n\nalice:wonderland\n";
  const std::vector<std::string> there = {"serve", "--address", "0.0.0.0", "--port", "0"};
  const auto with = [&there](std::initializer_list<std::string> more) {
    std::vector<std::string> words = there;
    words.insert(words.end(), more.begin(), more.end());
    return words;
  };
  EXPECT_EQ(test::wheatstone(there).code, 2);
  EXPECT_THAT(test::wheatstone(with({"--tls"})).err, HasSubstr("no account with a password"));
  EXPECT_THAT(test::wheatstone(with({"--tls", "--authenticate"})).err,
              HasSubstr("no account with a password"));
  EXPECT_THAT(test::wheatstone(with({"--accounts", accounts})).err, HasSubstr("no encryption"));
  Background both(with({"--tls", "--accounts", accounts}));
  EXPECT_THAT(both.line(), StartsWith("certificate"));
  EXPECT_THAT(both.line(), StartsWith("listening on 0.0.0.0:"));
  both.signal(SIGTERM);
  EXPECT_EQ(both.wait(), 0);
}

TEST(Serve, SaysWhichLineIsNoAccount) {
  TempFolder folder;
  const std::string accounts = folder.path() / "accounts";
  std::ofstream(accounts) << "alice:wonderland\r\nbob\n";
  const Finished bad = test::wheatstone({"serve", "--port", "0", "--accounts", accounts});
  EXPECT_EQ(bad.code, 2);
  EXPECT_THAT(bad.err, HasSubstr(accounts + ":2:1: this is no account"));
  std::ofstream(accounts) << "# nobody\n";
  EXPECT_THAT(test::wheatstone({"serve", "--port", "0", "--accounts", accounts}).err,
              HasSubstr("there is no account in the file"));
}

TEST(Serve, JudgesByAProfile) {
  // A file type that later versions of Windows know.
  cer::Report report = cer::examples::kernel_fault();
  std::string document = testing_support::text_of(*cer::write_report(report));
  const std::string type = std::string("f\0i\0l\0e\0t\0y\0p\0e\0=\0\"\0", 20);
  const std::size_t at = document.find(type);
  ASSERT_NE(at, std::string::npos);
  document[at + type.size()] = '8';
  const auto lines_of = [&document](const std::string& profile) {
    Background server({"serve", "--port", "0", "--verbose", "--profile", profile});
    RawClient client(port_in(server.line()));
    client.send(sized("POST /stage2.htm", document));
    client.read_response();
    server.line();
    const std::string finding = server.line();
    server.signal(SIGTERM);
    return finding;
  };
  EXPECT_THAT(lines_of("spec"), HasSubstr("warning: "));
  EXPECT_THAT(lines_of("windows"), HasSubstr("note: "));
  EXPECT_EQ(test::wheatstone({"serve", "--profile", "vista"}).code, 2);
}

}  // namespace
}  // namespace wheatstone
