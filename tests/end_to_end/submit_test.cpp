// `wheatstone submit` with settings, a store and breaches, against `wheatstone serve`.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <filesystem>

#include "formats/cer/report.hpp"
#include "tests/end_to_end/program.hpp"
#include "tests/formats/cer/examples.hpp"
#include "tests/harness/run/temporary_folder.hpp"

namespace wheatstone {
namespace {

using test::Background;
using test::Finished;
using test::TemporaryFolder;
using testing::HasSubstr;
using testing::StartsWith;

// A folder with a report, and a server that wants a cab for every report.
struct Bench {
  TemporaryFolder folder;
  Background server{{"serve", "--port", "0"}};
  std::string port = [this] {
    const std::string line = server.line();
    return line.substr(line.rfind(':') + 1);
  }();

  Bench() {
    folder.write("report.xml", as_text(*cer::write_report(cer::examples::application_fault())));
    folder.write("Version.txt", "6.1");
    folder.write("wer.yaml", "CorporateWERServer: 127.0.0.1\nCorporateWERPortNumber: " + port +
                                 "\nConsent: {DefaultConsent: 4, APPCRASH: 2}\nDontShowUI: 1\n");
  }
  ~Bench() {
    server.signal(SIGTERM);
    server.wait();
  }

  std::string path(const char* name) const { return folder.path() / name; }
  Finished submit(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), "submit");
    return test::wheatstone(arguments);
  }
};

TEST(Submit, FollowsASettingsFile) {
  const Bench bench;
  const Finished careful = bench.submit({"--settings", bench.path("wer.yaml"), bench.path("report.xml")});
  EXPECT_EQ(careful.code, 0) << careful.out << careful.err;
  EXPECT_THAT(careful.out, HasSubstr("result: uploaded\n")) << "parameters only";
  EXPECT_THAT(careful.out, HasSubstr("[no-consent]"));
  EXPECT_THAT(careful.err, HasSubstr("wer.yaml: note: DontShowUI has no effect here\n"));
  const Finished open = bench.submit({"--settings", bench.path("wer.yaml"), "--consent", "4", "--file",
                                      bench.path("Version.txt"), bench.path("report.xml")});
  EXPECT_THAT(open.out, HasSubstr("result: uploaded_cab\n")) << "the command line beats the file";
}

TEST(Submit, TellsWhatIsWrongWithASettingsFile) {
  const Bench bench;
  bench.folder.write("bad.yaml", "Disabled: 0\nForceQeue: 1\n");
  const Finished wrong = bench.submit({"--settings", bench.path("bad.yaml"), bench.path("report.xml")});
  EXPECT_EQ(wrong.code, 2);
  EXPECT_THAT(wrong.err, HasSubstr("bad.yaml:2:1:"));
  EXPECT_THAT(wrong.err, HasSubstr("did you mean 'ForceQueue'?"));
  EXPECT_EQ(bench.submit({"--settings", bench.path("none.yaml"), bench.path("report.xml")}).code, 3);
}

TEST(Submit, QueuesWhatCannotBeSentAndSendsItLater) {
  const Bench bench;
  const std::string store = bench.path("store");
  std::string closed;
  {
    Background gone({"serve", "--port", "0"});
    const std::string line = gone.line();
    closed = line.substr(line.rfind(':') + 1);
  }
  EXPECT_EQ(bench.submit({"--store", store, "--list"}).code, 3) << "there is none yet";
  const Finished queued = bench.submit({"--server", "127.0.0.1", "--port", closed, "--store", store, "--file",
                                        bench.path("Version.txt"), bench.path("report.xml")});
  EXPECT_EQ(queued.code, 3);
  EXPECT_THAT(queued.out, StartsWith("result: queued\n"));
  const Finished listed = bench.submit({"--store", store, "--list"});
  EXPECT_EQ(listed.code, 0);
  EXPECT_THAT(listed.out, StartsWith("queue 000001  queued, 1 attempt, next "));
  EXPECT_THAT(listed.out, HasSubstr(", APPCRASH: POST /stage2.htm: no connection"));

  const Finished early =
      bench.submit({"--server", "127.0.0.1", "--port", bench.port, "--store", store, "--queued"});
  EXPECT_EQ(early.code, 0);
  EXPECT_THAT(early.out, StartsWith("0 tried\nnext: ")) << "it is not due";
  const Finished sent =
      bench.submit({"--server", "127.0.0.1", "--port", bench.port, "--store", store, "--queued", "--all"});
  EXPECT_EQ(sent.code, 0) << sent.out;
  EXPECT_THAT(sent.out, StartsWith("result: uploaded_cab\n"));
  EXPECT_THAT(sent.out, HasSubstr("1 tried\n"));
  EXPECT_THAT(bench.submit({"--store", store, "--list"}).out,
              StartsWith("archive 000001  uploaded_cab, 2 attempts, bucket 500, APPCRASH\n"));
}

TEST(Submit, BreaksARuleByName) {
  const Bench bench;
  const Finished broken = bench.submit(
      {"--server", "127.0.0.1", "--port", bench.port, "--breach", "two_hosts", bench.path("report.xml")});
  EXPECT_EQ(broken.code, 3);
  EXPECT_THAT(broken.out, HasSubstr("status 400\n"));
  const Finished unknown = bench.submit({"--breach", "to_hosts", bench.path("report.xml")});
  EXPECT_EQ(unknown.code, 2);
  EXPECT_THAT(unknown.err, HasSubstr("did you mean 'two_hosts'?"));
  const Finished list = bench.submit({"--breaches"});
  EXPECT_EQ(list.code, 0);
  EXPECT_THAT(list.out, HasSubstr("two_hosts              RFC 9112 3.2             two Hosts\n"));
}

TEST(Submit, DoesOneThingAtATime) {
  const Bench bench;
  EXPECT_EQ(bench.submit({"--breaches", bench.path("report.xml")}).code, 2);
  EXPECT_EQ(bench.submit({"--queued"}).code, 2) << "of which store?";
  EXPECT_EQ(bench.submit({"--store", bench.path("store"), "--queued", "--list"}).code, 2);
  EXPECT_EQ(bench.submit({"--port", "0", bench.path("report.xml")}).code, 2);
}

}  // namespace
}  // namespace wheatstone
