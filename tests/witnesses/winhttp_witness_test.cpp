// A program for Windows plays a Windows Error Reporting client against our server: winhttp/report.cpp under
// Wine.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/mocks/cer_server/bench.hpp"
#include "tests/mocks/http_server.hpp"
#include "tests/witnesses/witness.hpp"

namespace wheatstone::witness {
namespace {

using cer_server::Bench;
using cer_server::Exchange;
using cer_server::Fault;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;
using testing_support::codes;
using testing_support::text_of;

const Program kCompiler{"x86_64-w64-mingw32-g++", "g++-mingw-w64-x86-64-win32"};
const Program kWine{"/usr/lib/wine/wine64", "wine64"};
const Program kWineServer{"/usr/lib/wine/wineserver64", "wine64"};
const Program kNtlm{"ntlm_auth", "winbind"};  // Wine's NTLM is made of it

bool is_there(const Program& program) {
  return ask({"which", "debianutils"}, {program.name}).status == 0;
}

std::string lacks(const Program& program) {
  return program.name + " is not there; the package " + program.package + " has it";
}

// A Windows of its own, with the client in it. It runs until the object goes.
class Windows {
 public:
  Windows() {
    const Said built =
        ask(kCompiler,
            {"-std=c++20", "-O1", "-Wall", "-Wextra", "-Werror", "-municode", "-static", "-o",
             file("report.exe"), WHEATSTONE_SOURCE_DIR "/tests/witnesses/winhttp/report.cpp", "-lwinhttp"});
    EXPECT_EQ(built.status, 0) << built.output;
    EXPECT_EQ(run(kWine, {"wineboot", "-i"}).status, 0);
    write_file(folder_ / "level1.xml", *cer::write_report(cer::examples::application_fault()));
    write_file(folder_ / "report.cab", as_bytes(cer_server::cab()));
  }
  Windows(const Windows&) = delete;
  Windows& operator=(const Windows&) = delete;
  ~Windows() {
    run(kWineServer, {"-k"});
    run(kWineServer, {"-w"});
  }

  // What the client prints.
  std::string report(std::string_view scheme, std::uint16_t port, std::vector<std::string> more = {}) {
    std::filesystem::remove(folder_ / "answer.txt");
    std::vector<std::string> arguments = {
        file("report.exe"), std::string(scheme) + "://127.0.0.1:" + std::to_string(port) + "/stage2.htm",
        file("level1.xml"), file("report.cab"), file("answer.txt")};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run(kWine, arguments).output;
  }

  // The body of the last answer.
  std::string answer() const { return std::string(as_text(read_file(folder_ / "answer.txt"))); }

 private:
  std::string file(std::string_view name) const { return (folder_ / name).string(); }

  // The output goes into a file, because Wine's services hold it open for a while.
  Said run(const Program& program, const std::vector<std::string>& arguments) const {
    const std::string command = ">'" + file("output") + "' env -u DISPLAY HOME='" + file("") +
                                "' WINEPREFIX='" + file("prefix") +
                                "' WINEARCH=win64 WINEDEBUG=-all "
                                "WINEDLLOVERRIDES='mscoree=d;mshtml=d;winemenubuilder.exe=d' timeout 60 ";
    Said said = ask({command + program.name, program.package}, arguments);
    said.output = as_text(read_file(folder_ / "output"));
    std::erase(said.output, '\r');
    return said;
  }

  TemporaryFolder folder_;
};

class WinHttp : public testing::Test {
 protected:
  static void TearDownTestSuite() { windows_.reset(); }

  void SetUp() override {
    for (const Program& program : {kCompiler, kWine, kNtlm}) ASSERT_TRUE(is_there(program)) << lacks(program);
    if (!windows_) windows_ = std::make_unique<Windows>();
  }

  static inline std::unique_ptr<Windows> windows_;
};

// Both on one connection, each with its length before it.
TEST_F(WinHttp, GetsAnAnswerAndUploadsACab) {
  Bench bench;
  ASSERT_EQ(windows_->report("http", bench.server->port()), "POST 200\nPUT 200\n");
  const auto seen = bench.recorder.wait_for(2);
  EXPECT_EQ(codes(seen[0].verdict.findings), "");
  EXPECT_EQ(codes(seen[1].verdict.findings), "");
  EXPECT_EQ(windows_->answer(), *cer::write_answer(*seen[0].answer));
  EXPECT_EQ(text_of(seen[1].cab), cer_server::cab());
  EXPECT_EQ(seen[1].report_number, 1u);

  const testing_support::HttpServer server({.answer = [](const http::Message&) {
    return "HTTP/1.1 200 OK\r\nContent-Length: 17\r\n\r\nDumpFile=/1.cab\r\n";
  }});
  EXPECT_EQ(windows_->report("http", server.port()), "POST 200\nPUT 200\n");
  const auto requests = server.seen();
  ASSERT_EQ(requests.size(), 2u);
  EXPECT_EQ(requests[1].connection, 1u);
  for (const auto& one : requests) {
    EXPECT_TRUE(one.request.field("Content-Length"));
    EXPECT_FALSE(one.request.field("Transfer-Encoding"));
  }
  EXPECT_EQ(text_of(requests[1].request.body()), cer_server::cab());
}

TEST_F(WinHttp, ReportsOverTlsAndProvesWhoItIs) {
  Bench bench({.tls = cer_server::Tls{}, .accounts = http::Accounts{.passwords = {{"mary", "secret"}}}});
  ASSERT_EQ(windows_->report("https", bench.server->port(), {"mary", "secret"}), "POST 200\nPUT 200\n");
  const auto seen = bench.recorder.wait_for(2);
  EXPECT_EQ(seen[0].kind, Exchange::Kind::level1);
  EXPECT_EQ(codes(seen[0].verdict.findings), "");
  EXPECT_THAT(text_of(seen[0].request), HasSubstr("\r\nAuthorization: NTLM TlRMTVNTUAAD"));
  EXPECT_EQ(text_of(seen[1].cab), cer_server::cab());
  EXPECT_THAT(text_of(seen[1].request), Not(HasSubstr("\r\nAuthorization:"))) << "the connection is proven";

  ASSERT_EQ(windows_->report("https", bench.server->port(), {"mary", "wrong"}), "POST 401\n");
  EXPECT_EQ(codes(bench.recorder.wait_for(3)[2].verdict.findings), "ntlm-password");
  EXPECT_EQ(windows_->report("https", bench.server->port()), "POST 401\n");
}

TEST_F(WinHttp, SeesWhatIsWrongWithAnAnswer) {
  using Kind = Fault::Kind;
  using Level = Fault::Level;
  const VirtualClock clock(cer_server::kNow);
  SeededRandom random(7);
  const auto report = [&](Kind kind, Level level) {
    cer_server::Rule rule = cer_server::asking();
    rule.fault = Fault{.kind = kind, .level = level};
    const auto server = cer_server::Server::start({.port = 0}, {rule}, clock, random);
    return server ? windows_->report("http", (*server)->port()) : server.error().text();
  };
  EXPECT_EQ(report(Kind::status, Level::level1), "POST 503\n");
  EXPECT_EQ(report(Kind::unauthorized, Level::level2), "POST 200\nPUT 401\n");
  const std::string invalid_response = "POST error 12152\n";
  EXPECT_EQ(report(Kind::close, Level::level1), invalid_response);
  EXPECT_THAT(report(Kind::long_length, Level::level2), StartsWith("POST 200\nPUT 200 error "));
  // Half an answer is a whole one to it, so it uploads to half a path.
  EXPECT_EQ(report(Kind::truncate, Level::level1), "POST 200\nPUT 403\n");
  EXPECT_THAT(windows_->answer(), AllOf(StartsWith("iData=1\r\nDumpFile=/put/1-"), Not(HasSubstr(".cab"))));
}

}  // namespace
}  // namespace wheatstone::witness
