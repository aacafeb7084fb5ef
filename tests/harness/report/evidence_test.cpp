#include "harness/report/evidence.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <unistd.h>

#include <fstream>
#include <iterator>
#include <map>

#include "tests/harness/report/outcomes.hpp"

namespace wheatstone::report {
namespace {

namespace fs = std::filesystem;
using namespace test;
using inject::Observation;
using inject::ObservationKind;
using inject::Value;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;

Observation observation(std::string artefact, Buffer bytes) {
  Observation observation;
  observation.kind = ObservationKind::record;
  observation.time = FileTime{FileTime::kUnixEpoch};
  observation.bytes = std::move(bytes);
  observation.artefact = std::move(artefact);
  return observation;
}

Outcome failed() {
  Outcome result = outcome("memory/ecc", judge::Status::failed);
  result.target = "simulated";
  result.seed = 7;
  result.source = "title: x\n";
  result.file = "/somewhere/private/ecc.yaml";
  result.verdict.failures = {{"expected-count",
                              "expected \"x\"\nline 2",
                              {"/somewhere/private/ecc.yaml", 3, 5, Location::kNoOffset, {}},
                              {1}}};
  result.observations = {observation("record-1.cper", {1, 2, 3}), observation("", {0xab}),
                         observation("", {})};
  result.observations[0].fields = {{"Severity", Value::decimal(1, "Fatal")},
                                   {"Length", Value::decimal(928)},
                                   {"Big", Value::decimal((1ull << 53) + 1)},
                                   {"RecordId", Value::hex(0x1c9)},
                                   {"Set", Value::of_flag(true)},
                                   {"Text", Value::of_text("a\"\x01\xff")}};
  return result;
}

class Evidence : public testing::Test {
 protected:
  Evidence() {
    std::string name = (fs::temp_directory_path() / "evidence-XXXXXX").string();
    out_ = mkdtemp(name.data());
  }
  ~Evidence() override {
    fs::permissions(out_, fs::perms::owner_all);
    fs::remove_all(out_);
  }

  // Relative path -> content of all files below `out_`, hidden ones included.
  std::map<std::string, std::string> files() const {
    std::map<std::string, std::string> result;
    for (const auto& entry : fs::recursive_directory_iterator(out_)) {
      if (!entry.is_regular_file()) continue;
      std::ifstream in(entry.path(), std::ios::binary);
      result[entry.path().lexically_relative(out_).string()] = std::string(std::istreambuf_iterator(in), {});
    }
    return result;
  }

  fs::path out_;
};

TEST_F(Evidence, ExactFolder) {
  const auto written = write_evidence(out_, failed());
  ASSERT_TRUE(written) << written.error().text();
  EXPECT_EQ(*written, out_ / "memory/ecc");
  EXPECT_THAT(
      files(),
      ElementsAre(
          Pair(
              "memory/ecc/observations.jsonl",
              "{\"number\":1,\"kind\":\"record\",\"time\":\"1970-01-01T00:00:00.0000000Z\",\"fields\":{"
              "\"Severity\":{\"value\":1,\"name\":\"Fatal\"},\"Length\":928,\"Big\":\"9007199254740993\","
              "\"RecordId\":\"0x1c9\",\"Set\":true,\"Text\":\"a\\\"\\u0001\uFFFD\"},\"artefact\":\"record-1."
              "cper\"}\n"
              "{\"number\":2,\"kind\":\"record\",\"time\":\"1970-01-01T00:00:00.0000000Z\",\"fields\":{},"
              "\"bytes\":\"ab\"}\n"
              "{\"number\":3,\"kind\":\"record\",\"time\":\"1970-01-01T00:00:00.0000000Z\",\"fields\":{}}\n"),
          Pair("memory/ecc/record-1.cper", "\x01\x02\x03"), Pair("memory/ecc/scenario.yaml", "title: x\n"),
          Pair("memory/ecc/verdict.json",
               "{\"scenario\":\"memory/ecc\",\"title\":\"a title\",\"target\":\"simulated\",\"seed\":\"7\","
               "\"status\":\"failed\",\"reason\":\"\",\"observations\":3,\"failures\":[{\"code\":\"expected-"
               "count\","
               "\"message\":\"expected \\\"x\\\"\\nline "
               "2\",\"line\":3,\"column\":5,\"observations\":[2]}]}\n")));
}

TEST_F(Evidence, ReplacesAnEarlierRunWhole) {
  ASSERT_TRUE(write_evidence(out_, failed()));
  Outcome second = failed();
  second.observations = {};
  ASSERT_TRUE(write_evidence(out_, second));
  EXPECT_THAT(files(), testing::SizeIs(3)) << "the artefact of the first run is gone, no temporary is left";
}

TEST_F(Evidence, LeavesAlienFoldersAlone) {
  fs::create_directories(out_ / "memory/ecc");
  std::ofstream(out_ / "memory/ecc/thesis.txt") << "years of work";
  const auto written = write_evidence(out_, failed());
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().kind, ErrorKind::invalid_argument);
  EXPECT_THAT(files(), ElementsAre(Pair("memory/ecc/thesis.txt", "years of work")));
}

TEST_F(Evidence, ALinkIsNotFollowed) {
  fs::create_directories(out_ / "elsewhere");
  std::ofstream(out_ / "elsewhere/verdict.json") << "{}";
  fs::create_directories(out_ / "memory");
  fs::create_directory_symlink(out_ / "elsewhere", out_ / "memory/ecc");
  EXPECT_FALSE(write_evidence(out_, failed()));
  EXPECT_THAT(files(), ElementsAre(Pair("elsewhere/verdict.json", "{}")));
}

TEST_F(Evidence, NamesOfArtefactsStayInsideAndApart) {
  Outcome hostile = failed();
  hostile.observations = {observation("../../escape", {1}), observation("verdict.json", {2}),
                          observation("VERDICT.json", {3}), observation("a\nb", {4})};
  ASSERT_TRUE(write_evidence(out_, hostile));
  std::vector<std::string> names;
  for (const auto& [name, content] : files()) names.push_back(name);
  EXPECT_THAT(names,
              ElementsAre("memory/ecc/%2E.%2F..%2Fescape", "memory/ecc/VERDICT-3.json", "memory/ecc/a%0Ab",
                          "memory/ecc/observations.jsonl", "memory/ecc/scenario.yaml",
                          "memory/ecc/verdict-2.json", "memory/ecc/verdict.json"));
}

TEST_F(Evidence, AnIdStaysInside) {
  Outcome hostile = failed();
  hostile.id = "../../x";
  const auto written = write_evidence(out_, hostile);
  ASSERT_TRUE(written);
  EXPECT_EQ(*written, out_ / "%2E./%2E./x");
}

TEST_F(Evidence, AFileInTheWayIsAnError) {
  std::ofstream(out_ / "memory") << "a file";
  const auto written = write_evidence(out_, failed());
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().kind, ErrorKind::io);
  EXPECT_THAT(written.error().text(), HasSubstr("memory"));
}

TEST_F(Evidence, AFolderThatRefusesIsTheEnvironment) {
  constexpr uid_t kNobody = 65534;
  const bool is_root = geteuid() == 0;  // who may write everywhere, and so asks as somebody else
  fs::permissions(
      out_, fs::perms::owner_read | fs::perms::owner_exec | fs::perms::others_read | fs::perms::others_exec);
  if (is_root) {
    ASSERT_EQ(seteuid(kNobody), 0);
  }
  const auto prepared = prepare_evidence(out_);
  const auto written = write_evidence(out_, failed());
  if (is_root) {
    ASSERT_EQ(seteuid(0), 0);
  }
  ASSERT_FALSE(prepared);
  EXPECT_EQ(prepared.error().kind, ErrorKind::environment);
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().kind, ErrorKind::environment);
}

TEST_F(Evidence, PrepareMakesTheFolderAndLeavesNothingInIt) {
  ASSERT_TRUE(prepare_evidence(out_ / "a/b"));
  EXPECT_TRUE(fs::is_empty(out_ / "a/b"));
  std::ofstream(out_ / "file") << "x";
  EXPECT_FALSE(prepare_evidence(out_ / "file"));
}

}  // namespace
}  // namespace wheatstone::report
