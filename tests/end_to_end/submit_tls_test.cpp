// wheatstone submit over HTTPS, to a server that asks who sends.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "formats/cer/report.hpp"
#include "tests/end_to_end/program.hpp"
#include "tests/formats/cer/examples.hpp"
#include "tests/mocks/http_server.hpp"
#include "tests/mocks/support.hpp"

namespace wheatstone {
namespace {

using test::Finished;
using testing::HasSubstr;
using testing_support::HttpServer;
using testing_support::TempFolder;

class SubmitOverTls : public testing::Test {
 protected:
  std::string write(const std::string& name, std::string_view text) {
    const auto path = folder_.path() / name;
    std::ofstream(path, std::ios::binary) << text;
    return path.string();
  }
  Finished submit(const HttpServer& server, std::vector<std::string> how) {
    how.insert(how.begin(), {"submit", "--server", "127.0.0.1", "--port", std::to_string(server.port())});
    how.push_back(write("report.xml", as_text(*cer::write_report(cer::examples::generic()))));
    return test::wheatstone(how);
  }

  TempFolder folder_;
  const http::Identity identity_ = *http::make_identity({"127.0.0.1"});
  const http::TlsServer tls_ = *http::TlsServer::make(identity_);
};

TEST_F(SubmitOverTls, TrustsWhomItIsTold) {
  const HttpServer server({.tls = tls_});
  const std::string pem = write("server.pem", identity_.certificate_pem);
  EXPECT_EQ(submit(server, {"--trust", pem}).code, 0);
  EXPECT_EQ(submit(server, {"--pin", http::fingerprint(identity_)}).code, 0);
  EXPECT_EQ(submit(server, {"--insecure"}).code, 0);
  EXPECT_EQ(server.seen().size(), 3u);
  const Finished untrusted = submit(server, {"--ssl"});
  EXPECT_EQ(untrusted.code, 3);
  EXPECT_THAT(untrusted.out, HasSubstr("is not trusted: self-signed certificate (its fingerprint is " +
                                       http::fingerprint(identity_)));
  EXPECT_EQ(submit(server, {}).code, 3);  // plain HTTP
  EXPECT_EQ(server.seen().size(), 3u);
}

TEST_F(SubmitOverTls, SaysWhoSends) {
  const HttpServer server({.tls = tls_, .accounts = http::Accounts{.passwords = {{"mary", "secret"}}}});
  const std::string right = write("right", "secret\n");
  const Finished sent = submit(server, {"--insecure", "--user", "CORP\\mary", "--password-file", right});
  EXPECT_EQ(sent.code, 0) << sent.out << sent.err;
  EXPECT_THAT(sent.out, HasSubstr(": status 200, after saying who sends\n"));
  EXPECT_EQ(server.seen().back().user, "CORP\\mary");
  const Finished refused =
      submit(server, {"--insecure", "--user", "mary", "--password-file", write("wrong", "Secret")});
  EXPECT_EQ(refused.code, 3);
  EXPECT_THAT(refused.out, HasSubstr("the server does not take the user \"mary\""));
}

TEST_F(SubmitOverTls, RefusesOptionsThatDoNotFit) {
  const HttpServer server({.tls = tls_});
  EXPECT_EQ(submit(server, {"--pin", "AB:CD"}).code, 2);
  EXPECT_EQ(submit(server, {"--trust", write("empty.pem", "")}).code, 2);
  EXPECT_EQ(submit(server, {"--trust", folder_.path() / "none"}).code, 3);
  EXPECT_EQ(submit(server, {"--insecure", "--pin", http::fingerprint(identity_)}).code, 2);
  EXPECT_EQ(submit(server, {"--insecure", "--user", "mary"}).code, 2);
  EXPECT_EQ(submit(server, {"--pin", ""}).code, 2);  // never plain HTTP because a variable was empty
  EXPECT_EQ(submit(server, {"--trust", ""}).code, 2);
  EXPECT_EQ(submit(server, {"--user", "", "--password-file", write("pw", "x")}).code, 2);
  EXPECT_EQ(submit(server, {"--user", "CORP\\", "--password-file", write("pw", "x")}).code, 2);
  EXPECT_EQ(submit(server, {"--user", "mary", "--password-file", folder_.path() / "none"}).code, 3);
  EXPECT_TRUE(server.seen().empty());
}

}  // namespace
}  // namespace wheatstone
