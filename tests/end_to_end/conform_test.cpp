// The conformance suite as programs: the server tested by the suite, and the client by it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <algorithm>

#include "formats/cer/report.hpp"
#include "mocks/http/identity.hpp"
#include "tests/end_to_end/program.hpp"
#include "tests/formats/cer/examples.hpp"
#include "tests/harness/run/temporary_folder.hpp"

namespace wheatstone {
namespace {

using test::Background;
using test::Finished;
using test::TemporaryFolder;
using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

// "wheatstone serve", and its URL.
struct Served {
  Background server{{"serve", "--port", "0"}};
  std::string url = "http://127.0.0.1" + port();

 private:
  std::string port() {
    const std::string line = server.line();
    return line.substr(line.rfind(':'));
  }
};

TEST(Conform, OurServerConforms) {
  TemporaryFolder folder;
  Served served;
  const Finished tested = test::wheatstone(
      {"conform", "server", served.url, "--timeout", "20", "--junit", folder.path() / "results.xml"});
  EXPECT_EQ(tested.code, 0) << tested.out << tested.err;
  EXPECT_THAT(tested.out, StartsWith("passed          CER2-S-001  must    "));
  EXPECT_THAT(tested.out, HasSubstr(" cases: "));
  EXPECT_THAT(tested.out, HasSubstr(" 0 failed, 1 not applicable, 0 not reached\n"));
  const std::string lint = "xmllint --noout '" + (folder.path() / "results.xml").string() + "'";
  EXPECT_EQ(std::system(lint.c_str()), 0);
  served.server.signal(SIGTERM);
}

// Over HTTPS each case ends as it does over HTTP.
TEST(Conform, OurServerConformsOverHttps) {
  TemporaryFolder folder;
  const auto write = [&folder](const std::string& name, const std::string& text) {
    folder.write(name, text);
    return (folder.path() / name).string();
  };
  const http::Identity identity = *http::make_identity({"127.0.0.1"});
  const std::string certificate = write("server.pem", identity.certificate_pem);
  const std::string password = write("password", "secret\n");
  Served plain;
  Background server{{"serve", "--quiet", "--port", "0", "--certificate", certificate, "--key",
                     write("key.pem", identity.private_key_pem), "--accounts",
                     write("accounts", "mary:secret\n")}};
  EXPECT_THAT(server.line(), StartsWith("certificate SHA-256 "));
  const std::string line = server.line();
  const std::string url = "https://127.0.0.1" + line.substr(line.rfind(':'));
  const auto test = [](std::string at, std::vector<std::string> more) {
    more.insert(more.begin(), {"conform", "server", std::move(at), "--timeout", "20"});
    return test::wheatstone(more);
  };
  const Finished tested = test(url, {"--trust", certificate, "--user", "mary", "--password-file", password});
  EXPECT_EQ(tested.code, 0) << tested.out << tested.err;
  EXPECT_EQ(tested.out, test(plain.url, {}).out);

  const Finished stranger = test(url, {"--user", "mary", "--password-file", password});
  EXPECT_EQ(stranger.code, 3);
  EXPECT_THAT(stranger.err, HasSubstr("is not trusted: self-signed certificate"));
  const Finished unknown =
      test(url, {"--insecure", "--user", "mary", "--password-file", write("wrong", "Secret")});
  EXPECT_EQ(unknown.code, 3);
  EXPECT_THAT(unknown.err, HasSubstr("the server does not take the user \"mary\""));
  EXPECT_EQ(test(url, {"--insecure", "--only", "CER2-S-001"}).code, 1) << "401 is no answer to a report";
  EXPECT_EQ(test(plain.url, {"--insecure"}).code, 2);
  EXPECT_EQ(test(plain.url, {"--user", "mary", "--password-file", password}).code, 2);
  EXPECT_EQ(test(url, {"--insecure", "--user", "mary"}).code, 2);
  EXPECT_EQ(test(url, {"--trust", ""}).code, 2);
}

TEST(Conform, OneCaseAsJson) {
  Served served;
  const Finished tested =
      test::wheatstone({"conform", "server", served.url, "--json", "--only", "CER2-S-040"});
  EXPECT_EQ(tested.code, 0) << tested.err;
  EXPECT_EQ(tested.out, R"({"Id":"CER2-S-040","Level":"must","Clause":"RFC 9112 3.2",)"
                        R"("Title":"a request without Host is answered with 400","Outcome":"passed"})"
                        "\n"
                        R"({"Summary":{"Passed":1,"Failed":0,"NotApplicable":0,"NotReached":0}})"
                        "\n");
}

TEST(Conform, OurClientConforms) {
  TemporaryFolder folder;
  folder.write("report.xml", std::string(as_text(*cer::write_report(cer::examples::application_fault()))));
  folder.write("Version.txt", "6.1");
  const std::string command = "'" WHEATSTONE_PROGRAM "' submit --server {host} --port {port} --file '" +
                              (folder.path() / "Version.txt").string() + "' '" +
                              (folder.path() / "report.xml").string() + "'";
  const Finished tested =
      test::wheatstone({"conform", "client", "--run", command, "--only",
                        "CER2-C-012,CER2-C-041,CER2-C-050,CER2-C-051,CER2-C-090,CER2-C-107"});
  EXPECT_EQ(tested.code, 0) << tested.out << tested.err;
  EXPECT_THAT(tested.out, StartsWith("listening on http://127.0.0.1:"));
  EXPECT_THAT(tested.out, EndsWith("6 cases: 6 passed, 0 failed, 0 not applicable, 0 not reached\n"));
}

TEST(Conform, OurClientConformsOverHttps) {
  TemporaryFolder folder;
  folder.write("report.xml", std::string(as_text(*cer::write_report(cer::examples::application_fault()))));
  folder.write("Version.txt", "6.1");
  const auto test = [&folder](const std::string& trust, std::vector<std::string> more) {
    const std::string command = "'" WHEATSTONE_PROGRAM "' submit --server {host} --port {port} " + trust +
                                " --file '" + (folder.path() / "Version.txt").string() + "' '" +
                                (folder.path() / "report.xml").string() + "'";
    more.insert(more.begin(), {"conform", "client", "--run", command, "--only",
                               "CER2-C-012,CER2-C-041,CER2-C-050,CER2-C-051,CER2-C-090,CER2-C-107"});
    return test::wheatstone(more);
  };
  const Finished tested = test("--pin {fingerprint}", {"--tls"});
  EXPECT_EQ(tested.code, 0) << tested.out << tested.err;
  EXPECT_THAT(tested.out, StartsWith("certificate SHA-256 "));
  EXPECT_THAT(tested.out, HasSubstr("\nlistening on https://127.0.0.1:"));
  EXPECT_THAT(tested.out, EndsWith("6 cases: 6 passed, 0 failed, 0 not applicable, 0 not reached\n"));

  const http::Identity identity = *http::make_identity({"127.0.0.1"});
  folder.write("server.pem", identity.certificate_pem);
  folder.write("both.pem", identity.certificate_pem + identity.private_key_pem);
  const Finished given = test("--trust '" + (folder.path() / "server.pem").string() + "'",
                              {"--certificate", folder.path() / "both.pem"});
  EXPECT_EQ(given.code, 0) << given.out << given.err;
  EXPECT_THAT(given.out, StartsWith("certificate SHA-256 " + http::fingerprint(identity) + "\n"));
  EXPECT_EQ(test("", {"--certificate", folder.path() / "server.pem"}).code, 2) << "it has no key";
  EXPECT_EQ(test("", {"--key", folder.path() / "both.pem"}).code, 2);
}

TEST(Conform, TheLevelDecidesWhatCounts) {
  // A program that sends nothing: no case is reached, which counts unless its level is too low.
  const auto run = [](const std::string& level) {
    return test::wheatstone(
        {"conform", "client", "--run", "true", "--level", level, "--only", "CER2-C-057", "--timeout", "20"});
  };
  EXPECT_EQ(run("gap").code, 3);
  EXPECT_EQ(run("must").code, 0);
  EXPECT_THAT(run("must").out, HasSubstr("not reached     CER2-C-057"));
}

TEST(Conform, AFailureIsExitCode1) {
  // Ends with 0 although nothing was sent, so only what it said counts: a report that never came.
  TemporaryFolder folder;
  folder.write("report.xml", std::string(as_text(*cer::write_report(cer::examples::application_fault()))));
  const std::string command = "sh -c \"'" WHEATSTONE_PROGRAM "' submit --server {host} --port {port} '" +
                              (folder.path() / "report.xml").string() + "'; exit 0\"";
  const Finished tested = test::wheatstone({"conform", "client", "--run", command, "--only", "CER2-C-090"});
  EXPECT_EQ(tested.code, 1) << tested.out << tested.err;
  EXPECT_THAT(tested.out, HasSubstr("failed          CER2-C-090"));
  EXPECT_THAT(tested.out, HasSubstr("ended with exit code 0, as if all were well"));
}

TEST(Conform, ListsItsCases) {
  const Finished listed = test::wheatstone({"conform", "list"});
  EXPECT_EQ(listed.code, 0);
  EXPECT_THAT(listed.out, StartsWith("CER2-S-001  must    MS-CER2 3.2.5 "));
  EXPECT_THAT(listed.out, HasSubstr("\nCER2-C-001  must "));
  EXPECT_GE(std::ranges::count(listed.out, '\n'), 120);
}

TEST(Conform, RefusesWhatItCannotRun) {
  EXPECT_EQ(test::wheatstone({"conform"}).code, 2);
  EXPECT_EQ(test::wheatstone({"conform", "server"}).code, 2);
  EXPECT_EQ(test::wheatstone({"conform", "server", "ftp://127.0.0.1"}).code, 2);
  EXPECT_EQ(test::wheatstone({"conform", "server", "http://127.0.0.1", "--level", "may"}).code, 2);
  const Finished unknown = test::wheatstone({"conform", "server", "http://127.0.0.1", "--only", "CER2-S-40"});
  EXPECT_EQ(unknown.code, 2);
  EXPECT_THAT(unknown.err, HasSubstr("did you mean 'CER2-S-040'?"));
  EXPECT_EQ(test::wheatstone({"conform", "client", "--run", "'open"}).code, 2);
  EXPECT_EQ(test::wheatstone({"conform", "client", "--run", "no-such-program-anywhere"}).code, 3);
  std::string url;
  {
    Served gone;
    url = gone.url;
  }
  const Finished nobody = test::wheatstone({"conform", "server", url});
  EXPECT_EQ(nobody.code, 3);
  EXPECT_THAT(nobody.err, HasSubstr("no connection to 127.0.0.1:"));
}

}  // namespace
}  // namespace wheatstone
