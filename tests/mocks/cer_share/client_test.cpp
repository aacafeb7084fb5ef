#include "mocks/cer_share/client.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "formats/cab/cabinet.hpp"
#include "formats/cer/share_path.hpp"
#include "tests/formats/cer/examples.hpp"
#include "tests/mocks/support.hpp"

namespace wheatstone::cer_share {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing_support::codes;
using testing_support::read_text;
using testing_support::TempFolder;
using testing_support::tree;

constexpr std::string_view kError = "TestApplication\\1.0.0.0\\TestModule\\1.0.0.0\\00000000";
constexpr char kErrorFolder[] = "TestApplication/1.0.0.0/TestModule/1.0.0.0/00000000";
constexpr char kRoot[] = "\\\\MyCerServer\\CERFileShare\\";

// 2007-04-23 15:32:23, the time of the example.
const FileTime kNow = from_civil({2007, 4, 23, 15, 32, 23, 0}).value();

void put(const fs::path& file, std::string_view text) {
  fs::create_directories(file.parent_path());
  std::ofstream(file, std::ios::binary) << text;
}

struct ClientTest : testing::Test {
  TempFolder temp;
  fs::path share = temp.path() / "share";
  VirtualClock clock{kNow};
  SeededRandom random{1};
  wer_client::ScriptedCollector collector;
  Config config{.file_tree_root = kRoot, .shares = {{"\\\\mycerserver\\cerfileshare", share}}};

  ClientTest() { fs::create_directory(share); }

  // [MS-CER] 4.1
  static wer_client::Submission crash() {
    wer_client::Submission submission{cer::examples::application_fault(),
                                      {{.name = "Version.txt", .data = {1}}}};
    const std::vector<std::pair<unsigned, std::string>> values = {
        {0, "TestApplication"}, {1, "1.0.0.0"}, {3, "TestModule"}, {4, "1.0.0.0"}, {7, "00000000"}};
    for (const auto& [id, value] : values) submission.report.parameters[id].value = value;
    submission.report.machine.machinename = "TestMachine.corp.xyz.com";
    submission.report.username = "TestUser";
    return submission;
  }
  static wer_client::Submission kernel() {
    return {cer::examples::kernel_fault(), {{.name = "Mini031108-01.dmp", .data = {1}}}};
  }

  Outcome submit(const wer_client::Submission& submission) {
    return Client(config, clock, random, &collector).submit(submission);
  }
  void status(std::string_view text) { put(share / "status" / kErrorFolder / "status.txt", text); }
  void policy(std::string_view text) { put(share / "policy.txt", text); }
  void counts(std::string_view text) { put(share / "counts" / kErrorFolder / "count.txt", text); }
  std::string counts() { return read_text(share / "counts" / kErrorFolder / "count.txt"); }

  // Names of what is in the cab on the share.
  std::vector<std::string> in_cab(const Outcome& outcome) {
    if (!outcome.cab_file) return {};
    std::string below = "cabs\\" + outcome.error + "\\" + *outcome.cab_file;
    std::ranges::replace(below, '\\', '/');
    const std::string bytes = read_text(share / below);
    EXPECT_EQ(bytes, testing_support::text_of(*outcome.cab));
    std::vector<std::string> names;
    const auto members = cab::read(as_bytes(bytes)).value();
    for (const cab::Member& member : members) names.push_back(member.name);
    return names;
  }
};

TEST_F(ClientTest, DoesWhatTheFirstExampleSays) {
  status(
      "Tracking=YES\r\nResponse=http://www.microsoft.com/ms.htm\r\nCrashes per bucket=100\r\n"
      "NoSecondLevelCollection=NO\r\nNoFileCollection=NO\r\n"
      "RegKey=HKLM\\Software\\Microsoft\\PCHealth\\ErrorReporting;"
      "HKLM\\Software\\Microsoft\\PCHealth\\Test\r\n"
      "iData=1\r\nfDoc=0\r\nWQL=select * from Win32_logicaldisk\r\n"
      "GetFile=%WINDIR%\\system32\\notepad.exe;%WINDIR%\\system32\\faultrep.dll\r\n"
      "GetFileVersion=%WINDIR%\\system32\\notepad.exe;%WINDIR%\\system32\\faultrep.dll\r\n");
  counts("Cabs Gathered=5\r\nTotal Hits=10\r\n");
  collector.reg_keys["HKLM\\Software\\Microsoft\\PCHealth\\ErrorReporting"] = "DoReport=1";
  collector.wql_results["select * from Win32_logicaldisk"] = "C:";
  collector.files["%WINDIR%\\system32\\notepad.exe"] = {2};
  collector.file_versions["%WINDIR%\\system32\\notepad.exe"] = "5.1.2600.0";

  const Outcome outcome = submit(crash());
  EXPECT_EQ(outcome.result, SubmitResult::copied) << outcome.detail;
  EXPECT_EQ(outcome.error, kError);
  EXPECT_EQ(outcome.settings.response, "http://www.microsoft.com/ms.htm");
  EXPECT_EQ(outcome.counts, (cer::ShareCounts{6, 11}));
  EXPECT_EQ(codes(outcome.findings), "not-collected not-collected not-collected");
  EXPECT_EQ(outcome.findings[0].clause, "[MS-CER] 3.1.7");
  EXPECT_EQ(counts(), "Cabs Gathered=6\r\nTotal Hits=11\r\n");
  EXPECT_THAT(in_cab(outcome),
              ElementsAre("Version.txt", "wql.txt", "registry.txt", "FileVer.txt", "notepad.exe"));
  EXPECT_EQ(read_text(share / "crash.log"),
            "15:32:23  04-23-2007\tTestMachine\tTestUser\t" + std::string(kError) + "\r\n");
  EXPECT_EQ(read_text(share / "cabs" / kErrorFolder / "hits.log"),
            "15:32:23  04-23-2007\tTestMachine\tTestUser\t" + *outcome.cab_file + "\r\n");
}

TEST_F(ClientTest, DoesWhatTheSecondExampleSays) {
  put(share / "counts/blue/count.txt", "Cabs Gathered=12344\r\nTotal Hits=23455\r\n");
  const Outcome outcome = submit(kernel());
  EXPECT_EQ(outcome.result, SubmitResult::copied) << outcome.detail;
  EXPECT_EQ(codes(outcome.findings), "");
  EXPECT_THAT(in_cab(outcome), ElementsAre("Mini031108-01.dmp"));
  EXPECT_EQ(read_text(share / "counts/blue/count.txt"), "Cabs Gathered=12345\r\nTotal Hits=23456\r\n");
  EXPECT_THAT(tree(share), ElementsAre("cabs", "cabs/blue", "cabs/blue/" + *outcome.cab_file, "counts",
                                       "counts/blue", "counts/blue/count.txt", "counts/blue/count.txt.lock"));
}

TEST_F(ClientTest, CountsFromTheFirstHit) {
  EXPECT_EQ(submit(crash()).counts, (cer::ShareCounts{1, 1}));
  status("iData=0\r\n");
  const Outcome second = submit(crash());
  EXPECT_EQ(second.result, SubmitResult::counted);
  EXPECT_EQ(codes(second.findings), "no-cab-wanted");
  EXPECT_EQ(second.cab, std::nullopt);
  EXPECT_EQ(counts(), "Cabs Gathered=1\r\nTotal Hits=2\r\n");
}

TEST_F(ClientTest, CountsShutdowns) {
  Client client(config, clock, random, nullptr);
  const Outcome outcome = client.submit({.report = kernel().report}, cer::kShutdownSubpath);
  EXPECT_EQ(outcome.result, SubmitResult::counted);
  EXPECT_EQ(codes(outcome.findings), "nothing-to-send");
  EXPECT_EQ(read_text(share / "counts/shutdown/count.txt"), "Cabs Gathered=0\r\nTotal Hits=1\r\n");
  EXPECT_EQ(client.submit(kernel(), "..").result, SubmitResult::discarded);
}

TEST_F(ClientTest, KeepsToTheCabsPerBucket) {
  counts("Cabs Gathered=4\r\nTotal Hits=4\r\n");
  EXPECT_EQ(submit(crash()).result, SubmitResult::copied);
  const Outcome sixth = submit(crash());
  EXPECT_EQ(sixth.result, SubmitResult::counted);
  EXPECT_EQ(codes(sixth.findings), "limit-reached");
  EXPECT_EQ(counts(), "Cabs Gathered=5\r\nTotal Hits=6\r\n");
  policy("Crashes per bucket=6\r\n");
  EXPECT_EQ(submit(crash()).result, SubmitResult::copied);
  status("Crashes per bucket=0\r\n");
  EXPECT_EQ(submit(crash()).result, SubmitResult::counted);
}

TEST_F(ClientTest, LooksAtTheLimitAgainBeforeItCopies) {
  struct Meanwhile : wer_client::ScriptedCollector {
    std::function<void()> act;
    std::optional<Buffer> memory_dump() override {
      act();
      return Buffer{9};
    }
  } meanwhile;
  status("MemoryDump=1\r\n");
  counts("Cabs Gathered=4\r\nTotal Hits=4\r\n");
  meanwhile.act = [this] { counts("Cabs Gathered=5\r\nTotal Hits=5\r\n"); };
  const Outcome outcome = Client(config, clock, random, &meanwhile).submit(crash());
  EXPECT_EQ(outcome.result, SubmitResult::counted);
  EXPECT_TRUE(outcome.cab);
  EXPECT_EQ(codes(outcome.findings), "limit-reached");
  EXPECT_EQ(counts(), "Cabs Gathered=5\r\nTotal Hits=6\r\n");
}

TEST_F(ClientTest, HasASwitchForAbsentIData) {
  config.defaults = cer::default_settings(cer::AbsentIData::no_cab);
  EXPECT_EQ(codes(submit(crash()).findings), "no-cab-wanted");
  status("iData=yes\r\n");
  EXPECT_EQ(submit(crash()).result, SubmitResult::copied);
}

TEST_F(ClientTest, CollectsOnlyWhatThePolicyAllows) {
  status("fDoc=1\r\nMemoryDump=1\r\nGetFile=a.exe\r\nRegKey=HKLM\\A\r\n");
  collector.files["a.exe"] = {1};
  collector.memory = Buffer{2};
  collector.documents = {{.name = "letter.doc"}};
  collector.reg_keys["HKLM\\A"] = "B=1";
  EXPECT_THAT(in_cab(submit(crash())),
              ElementsAre("Version.txt", "registry.txt", "a.exe", "memory.hdmp", "letter.doc"));
  policy("NoFileCollection=YES\r\n");
  EXPECT_THAT(in_cab(submit(crash())), ElementsAre("Version.txt", "registry.txt", "memory.hdmp"));
  policy("NoSecondLevelCollection=YES\r\n");
  EXPECT_THAT(in_cab(submit(crash())), ElementsAre("Version.txt"));
}

TEST_F(ClientTest, SendsNoCabWithoutTheMemoryIfToldSo) {
  status("MemoryDump=1\r\n");
  EXPECT_EQ(codes(submit(crash()).findings), "not-collected");
  config.stop_without_memory_dump = true;
  const Outcome outcome = submit(crash());
  EXPECT_EQ(outcome.result, SubmitResult::counted);
  EXPECT_EQ(codes(outcome.findings), "not-collected no-memory-dump");
  collector.memory = Buffer{2};
  EXPECT_EQ(submit(crash()).result, SubmitResult::copied);
}

TEST_F(ClientTest, TracksWithTheBucketInLocalTime) {
  policy("Tracking=1\r\n");
  status("Bucket=500\r\niData=0\r\n");
  config.utc_offset_minutes = 8 * 60 + 28;
  submit(crash());
  EXPECT_EQ(read_text(share / "crash.log"), "00:00:23  04-24-2007\tTestMachine\tTestUser\t500\r\n");
  config.utc_offset_minutes = -16 * 60;
  submit(crash());
  EXPECT_THAT(read_text(share / "cabs" / kErrorFolder / "hits.log"),
              HasSubstr("\r\n23:32:23  04-22-2007\tTestMachine\tTestUser\tNo CAB\r\n"));
}

TEST_F(ClientTest, StaysCountedIfItCannotBeTracked) {
  policy("Tracking=YES\r\n");
  fs::create_directory(share / "crash.log");
  const Outcome outcome = submit(crash());
  EXPECT_EQ(outcome.result, SubmitResult::copied);
  EXPECT_EQ(codes(outcome.findings), "not-tracked");
  EXPECT_THAT(read_text(share / "cabs" / kErrorFolder / "hits.log"), HasSubstr(*outcome.cab_file));
}

TEST_F(ClientTest, FollowsTheRootOfThePolicy) {
  const fs::path other = temp.path() / "other";
  policy("FileTreeRoot=\\\\Other\\Share\\\r\nTracking=YES\r\n");
  const Outcome refused = submit(crash());
  EXPECT_EQ(refused.result, SubmitResult::failed);
  EXPECT_THAT(refused.detail, HasSubstr("\\Other\\Share"));

  put(other / "policy.txt", "Crashes per bucket=1\r\n");
  config.shares.push_back({"\\\\other\\share", other});
  const Outcome outcome = submit(crash());
  EXPECT_EQ(outcome.result, SubmitResult::copied) << outcome.detail;
  EXPECT_EQ(outcome.root, "\\\\Other\\Share\\");
  EXPECT_EQ(outcome.settings.crashes_per_bucket, 1u);
  EXPECT_EQ(outcome.settings.tracking, false);
  EXPECT_THAT(tree(share), ElementsAre("policy.txt"));
  EXPECT_TRUE(fs::exists(other / "counts" / kErrorFolder / "count.txt"));
}

TEST_F(ClientTest, FollowsAtMostTenRoots) {
  // Share number n sends to n + 1.
  const auto root = [](int n) { return "\\\\s\\" + std::to_string(n); };
  for (int n = 1; n <= 11; ++n) {
    const fs::path folder = temp.path() / std::to_string(n);
    put(folder / "policy.txt", "FileTreeRoot=" + root(n + 1) + "\r\n");
    config.shares.push_back({root(n), folder});
  }
  config.file_tree_root = root(1);
  put(temp.path() / "11/policy.txt", "");
  EXPECT_EQ(submit(crash()).result, SubmitResult::copied);
  put(temp.path() / "11/policy.txt", "FileTreeRoot=" + std::string(kRoot) + "\r\n");
  const Outcome outcome = submit(crash());
  EXPECT_EQ(outcome.result, SubmitResult::failed);
  EXPECT_THAT(outcome.detail, HasSubstr("over 10 redirections"));
  EXPECT_THAT(tree(share), IsEmpty());
}

TEST_F(ClientTest, TouchesNothingWithoutAShare) {
  for (const std::string_view root : {"", "share", "C:\\share"}) {
    config.file_tree_root = root;
    EXPECT_EQ(submit(crash()).result, SubmitResult::disabled) << root;
  }
  EXPECT_THAT(tree(share), IsEmpty());
}

TEST_F(ClientTest, DiscardsWhatHasNoPlace) {
  EXPECT_EQ(submit({.report = cer::examples::generic()}).result, SubmitResult::discarded);
  wer_client::Submission escape = crash();
  escape.report.parameters[0].value = "..";
  EXPECT_EQ(submit(escape).result, SubmitResult::discarded);

  // "status\" and "\status.txt" around the error have 18 characters.
  const std::size_t most = cer::kMaxSharePath - 18 - kError.size();
  const auto with_root = [this](std::size_t size) {
    config.file_tree_root = "\\\\a\\" + std::string(size - 5, 'b') + "\\";
    config.shares = {{config.file_tree_root, share}};
    return submit(crash());
  };
  EXPECT_EQ(with_root(most).result, SubmitResult::copied);
  const Outcome outcome = with_root(most + 1);
  EXPECT_EQ(outcome.result, SubmitResult::discarded);
  EXPECT_THAT(outcome.detail, HasSubstr("characters on the share"));
}

TEST_F(ClientTest, DoesNotWriteOverCountsThatItCannotRead) {
  for (const std::string_view text : {"Cabs Gathered=x\r\nTotal Hits=1\r\n", "",
                                      "Cabs Gathered=0\r\nTotal Hits=18446744073709551615\r\n"}) {
    counts(text);
    const Outcome outcome = submit(crash());
    EXPECT_EQ(outcome.result, SubmitResult::failed) << text;
    EXPECT_EQ(counts(), text);
    EXPECT_FALSE(fs::exists(share / "cabs")) << text;
  }
  counts("Cabs Gathered=0\r\nTotal Hits=0\r\n");
  const Outcome outcome = submit(crash());
  ASSERT_EQ(codes(outcome.findings), "bad-number");
  EXPECT_EQ(outcome.findings[0].path, "count.txt, line 2: Total Hits");
}

TEST_F(ClientTest, SaysWhatIsWrongOnTheShare) {
  policy("tracking=YES\r\n");
  status("Tracking=maybe\r\n");
  counts("Cabs Gathered=1\nTotal Hits=1\n");
  const Outcome outcome = submit(crash());
  EXPECT_EQ(outcome.result, SubmitResult::copied);
  EXPECT_EQ(codes(outcome.findings), "key-form bad-bool line-end");
  EXPECT_EQ(outcome.findings[0].path, "policy.txt, line 1: Tracking");
  EXPECT_EQ(outcome.findings[1].path, "status.txt, line 1: Tracking");
  EXPECT_EQ(outcome.findings[1].clause, "MS-CER 2.2.5");
  EXPECT_FALSE(fs::exists(share / "crash.log"));
}

TEST_F(ClientTest, CountsWithoutACabThatCannotBeCopied) {
  put(share / "cabs", "a file in the place of the folder");
  const Outcome outcome = submit(crash());
  EXPECT_EQ(outcome.result, SubmitResult::counted);
  EXPECT_EQ(codes(outcome.findings), "cab-not-copied");
  EXPECT_EQ(counts(), "Cabs Gathered=0\r\nTotal Hits=1\r\n");
}

TEST_F(ClientTest, TakesAnotherNameForEachCab) {
  SeededRandom first(7), again(7);
  const Outcome one = Client(config, clock, first, nullptr).submit(crash());
  const Outcome two = Client(config, clock, again, nullptr).submit(crash());
  EXPECT_EQ(two.result, SubmitResult::copied);
  EXPECT_NE(one.cab_file, two.cab_file);
  EXPECT_THAT(in_cab(one), ElementsAre("Version.txt"));
}

TEST_F(ClientTest, LeavesEqualSharesForEqualSeeds) {
  const auto run = [this](const char* name) {
    const fs::path folder = temp.path() / name;
    put(folder / "policy.txt", "Tracking=YES\r\n");
    config.shares = {{kRoot, folder}};
    SeededRandom seeded(3);
    Client client(config, clock, seeded, nullptr);
    client.submit(crash());
    client.submit(kernel());
    std::vector<std::pair<std::string, std::string>> files;
    for (const std::string& file : tree(folder))
      if (fs::is_regular_file(folder / file)) files.emplace_back(file, read_text(folder / file));
    return files;
  };
  const auto first = run("first");
  EXPECT_EQ(first.size(), 10u);
  EXPECT_EQ(run("second"), first);
}

TEST_F(ClientTest, WaitsForItsTurnOnlySoLong) {
  Folder folder = Folder::open(share).value();
  const auto lock = folder.lock("counts\\blue\\count.txt.lock", {});
  ASSERT_TRUE(lock);
  unsigned pauses = 0;
  config.patience = {4, std::chrono::milliseconds(1), [&](auto) { ++pauses; }};
  const Outcome outcome = submit(kernel());
  EXPECT_EQ(outcome.result, SubmitResult::failed);
  EXPECT_EQ(pauses, 3u);
  EXPECT_THAT(outcome.detail, HasSubstr("keeps counts\\blue\\count.txt.lock locked"));
  EXPECT_FALSE(fs::exists(share / "cabs"));
  EXPECT_EQ(submit(crash()).result, SubmitResult::copied);
}

TEST_F(ClientTest, WritesNothingOutsideTheShare) {
  const fs::path outside = temp.path() / "outside";
  fs::create_directory(outside);
  for (const char* name : {"counts", "cabs"}) {
    fs::create_directory_symlink(outside, share / name);
    EXPECT_NE(submit(crash()).result, SubmitResult::copied) << name;
    fs::remove(share / name);
  }
  EXPECT_THAT(tree(outside), IsEmpty());
}

}  // namespace
}  // namespace wheatstone::cer_share
