#include "formats/cer/share_settings.hpp"

#include <gtest/gtest.h>

namespace wheatstone::cer {
namespace {

using enum ShareFile;
using Said = std::vector<std::string>;

// "code path" of each finding.
Said said(const ReadSettings& read) {
  Said list;
  for (const Finding& finding : read.findings) list.push_back(std::string(finding.code) + " " + finding.path);
  return list;
}

ReadSettings read(std::string_view file, ShareFile which = status) {
  return read_settings(as_bytes(file), which);
}

// [MS-CER] 4.1
ShareSettings example() {
  ShareSettings settings;
  settings.tracking = true;
  settings.response = "http://www.microsoft.com/ms.htm";
  settings.crashes_per_bucket = 100;
  settings.no_second_level_collection = false;
  settings.no_file_collection = false;
  settings.reg_key = {"HKLM\\Software\\Microsoft\\PCHealth\\ErrorReporting",
                      "HKLM\\Software\\Microsoft\\PCHealth\\Test"};
  settings.i_data = true;
  settings.f_doc = false;
  settings.wql = {"select * from Win32_logicaldisk"};
  settings.get_file = {"%WINDIR%\\system32\\notepad.exe", "%WINDIR%\\system32\\faultrep.dll"};
  settings.get_file_version = settings.get_file;
  return settings;
}

constexpr char kExample[] =
    "Tracking=YES\r\n"
    "Response=http://www.microsoft.com/ms.htm\r\n"
    "Crashes per bucket=100\r\n"
    "NoSecondLevelCollection=NO\r\n"
    "NoFileCollection=NO\r\n"
    "RegKey=HKLM\\Software\\Microsoft\\PCHealth\\ErrorReporting;HKLM\\Software\\Microsoft\\PCHealth\\Test\r\n"
    "iData=1\r\n"
    "fDoc=0\r\n"
    "WQL=select * from Win32_logicaldisk\r\n"
    "GetFile=%WINDIR%\\system32\\notepad.exe;%WINDIR%\\system32\\faultrep.dll\r\n"
    "GetFileVersion=%WINDIR%\\system32\\notepad.exe;%WINDIR%\\system32\\faultrep.dll\r\n";

TEST(Settings, AreThoseOfTheExample) {
  EXPECT_EQ(write_settings(example(), status).value(), kExample);
  EXPECT_EQ(read(kExample).settings, example());
  EXPECT_EQ(said(read(kExample)), Said{});
}

TEST(Settings, AreAllWritten) {
  ShareSettings rest;
  rest.url_launch = "";
  rest.bucket = 1;
  rest.no_external_url = true;
  rest.memory_dump = true;
  EXPECT_EQ(write_settings(rest, status).value(),
            "URLLaunch=\r\nBucket=1\r\nNoExternalURL=YES\r\nMemoryDump=1\r\n");
  ShareSettings root;
  root.file_tree_root = "\\\\MyCerServer\\CERFileShare\\";
  root.url_launch = "http://a";
  EXPECT_EQ(write_settings(root, policy).value(),
            "FileTreeRoot=\\\\MyCerServer\\CERFileShare\\\r\nURLLaunch=http://a\r\n");
  EXPECT_EQ(write_settings({}, status).value(), "");
}

TEST(WriteSettings, RefusesWhatNoReaderHonours) {
  const auto refused = [](auto change, ShareFile file = status) {
    ShareSettings settings;
    change(settings);
    const auto text = write_settings(settings, file);
    EXPECT_TRUE(text || text.error().kind == ErrorKind::invalid_argument);
    return text ? "" : text.error().where.path;
  };
  EXPECT_EQ(refused([](auto& s) { s.bucket = 0; }), "Bucket");
  EXPECT_EQ(refused([](auto& s) { s.response = ""; }), "Response");
  EXPECT_EQ(refused([](auto& s) { s.url_launch = "a b"; }), "URLLaunch");
  EXPECT_EQ(refused([](auto& s) { s.url_launch = ""; }, policy), "URLLaunch");
  EXPECT_EQ(refused([](auto& s) { s.file_tree_root = "\\\\a\\b"; }), "FileTreeRoot");
  EXPECT_EQ(refused([](auto& s) { s.file_tree_root = "C:\\"; }, policy), "FileTreeRoot");
  EXPECT_EQ(refused([](auto& s) { s.i_data = true; }, policy), "iData");
  for (const std::string_view item : {"", "a;b", "a;", "a\r\nb", "\xc4\x80"}) {
    EXPECT_EQ(refused([&](auto& s) { s.wql = {"x", std::string(item)}; }), "WQL") << item;
    EXPECT_EQ(refused([&](auto& s) { s.get_file = {"x", std::string(item)}; }), "GetFile") << item;
  }
}

TEST(ReadSettings, TakesBooleansInAnyCase) {
  for (const std::string_view yes : {"YES", "yes", "True", "TRUE", "1"})
    EXPECT_EQ(read("iData=" + std::string(yes) + "\r\n").settings.i_data, true) << yes;
  for (const std::string_view no : {"NO", "No", "false", "FALSE", "0"})
    EXPECT_EQ(read("Tracking=" + std::string(no) + "\r\n").settings.tracking, false) << no;
  for (const std::string_view bad : {"", "2", "Y", "YES ", " YES", "01", "true;"}) {
    const ReadSettings bad_one = read("Tracking=" + std::string(bad) + "\r\n");
    EXPECT_EQ(bad_one.settings, ShareSettings{}) << bad;
    EXPECT_EQ(said(bad_one), Said{"bad-bool line 1: Tracking"}) << bad;
  }
}

TEST(ReadSettings, TakesNumbersFromTheirLeast) {
  EXPECT_EQ(read("Bucket=1\r\n").settings.bucket, 1u);
  EXPECT_EQ(said(read("Bucket=0\r\n")), Said{"bad-number line 1: Bucket"});
  EXPECT_EQ(read("Crashes per bucket=0\r\n").settings.crashes_per_bucket, 0u);
  for (const std::string_view bad : {"", "-1", "5 ", "05", "18446744073709551616"})
    EXPECT_EQ(said(read("Crashes per bucket=" + std::string(bad) + "\r\n")),
              Said{"bad-number line 1: Crashes per bucket"});
}

TEST(ReadSettings, KnowsWhatATextMayBe) {
  EXPECT_EQ(read("Response=1\r\n").settings.response, "1");
  EXPECT_EQ(said(read("Response=\r\n")), Said{"bad-uri line 1: Response"});
  EXPECT_EQ(said(read("Response=2\r\n")), Said{"bad-uri line 1: Response"});
  EXPECT_EQ(read("URLLaunch=\r\n").settings.url_launch, "");
  EXPECT_EQ(said(read("URLLaunch=\r\n", policy)), Said{"bad-uri line 1: URLLaunch"});
  EXPECT_EQ(said(read("URLLaunch=1\r\n")), Said{"bad-uri line 1: URLLaunch"});
  EXPECT_EQ(read("URLLaunch=http://a?b=c\r\n", policy).settings.url_launch, "http://a?b=c");
  EXPECT_EQ(read("FileTreeRoot=\\\\a\\b\r\n", policy).settings.file_tree_root, "\\\\a\\b");
  EXPECT_EQ(said(read("FileTreeRoot=a\\b\r\n", policy)), Said{"bad-root line 1: FileTreeRoot"});
}

TEST(ReadSettings, TakesLists) {
  EXPECT_EQ(read("RegKey=a; b;\xe9\r\n").settings.reg_key, (std::vector<std::string>{"a", " b", "\xc3\xa9"}));
  for (const std::string_view key : {"RegKey", "GetFile", "GetFileVersion"}) {
    EXPECT_EQ(said(read(std::string(key) + "=a;\r\n")), Said{}) << key;
    EXPECT_EQ(said(read(std::string(key) + "=a;;\r\n")), Said{"bad-list line 1: " + std::string(key)}) << key;
  }
  for (const std::string_view bad : {"", ";", ";a", "a;;b", "a;"})
    EXPECT_EQ(said(read("WQL=" + std::string(bad) + "\r\n")), Said{"bad-list line 1: WQL"}) << bad;
}

TEST(ReadSettings, DoesNotHonourBadLines) {
  const ReadSettings bad = read(
      "Tracking=YES\r\n"
      "tracking=NO\r\n"
      "NoExternalURL =YES\r\n"
      "FileTreeRoot=\\\\a\\b\r\n"
      "iData\r\n"
      "BucketTable=5\r\n"
      "WQL=a\tb\r\n");
  ShareSettings honoured;
  honoured.tracking = true;
  EXPECT_EQ(bad.settings, honoured);
  EXPECT_EQ(said(bad), (Said{"key-form line 2: Tracking", "key-form line 3: NoExternalURL",
                             "wrong-file line 4: FileTreeRoot", "no-equals line 5",
                             "unknown-key line 6: BucketTable", "control-character line 7: WQL"}));
  EXPECT_EQ(bad.findings[0].offset, 14u);
  EXPECT_EQ(bad.findings[0].clause, "MS-CER 2.2.5");
  EXPECT_EQ(read("iData=1\r\n", policy).findings.at(0).clause, "MS-CER 2.2.4");
}

TEST(ReadSettings, LetsTheFirstHonouredEntryCount) {
  const ReadSettings twice = read("Bucket=0\r\nBucket=1\r\nBucket=2\r\n");
  EXPECT_EQ(twice.settings.bucket, 1u);
  EXPECT_EQ(said(twice), (Said{"bad-number line 1: Bucket", "duplicate-key line 3: Bucket"}));
}

TEST(DefaultSettings, HaveASwitchForAbsentIData) {
  EXPECT_EQ(default_settings().i_data, true);
  EXPECT_EQ(default_settings(AbsentIData::no_cab).i_data, false);
  EXPECT_EQ(default_settings().crashes_per_bucket, 5u);
  EXPECT_EQ(default_settings().tracking, false);
}

TEST(EffectiveSettings, TakeStatusBeforePolicyBeforeDefaults) {
  ShareSettings policy_file, status_file;
  policy_file.tracking = true;
  policy_file.crashes_per_bucket = 7;
  policy_file.url_launch = "http://policy";
  status_file.crashes_per_bucket = 0;
  status_file.url_launch = "";
  const ShareSettings both = effective_settings(policy_file, status_file, default_settings());
  EXPECT_EQ(both.tracking, true);
  EXPECT_EQ(both.crashes_per_bucket, 0u);
  EXPECT_EQ(both.url_launch, "");
  EXPECT_EQ(both.i_data, true);
  EXPECT_EQ(both.no_external_url, false);
}

TEST(EffectiveSettings, LoseWhatTheNoKeysTakeAway) {
  ShareSettings status_file = example();
  status_file.f_doc = true;
  status_file.memory_dump = true;
  ShareSettings no_files = default_settings();
  no_files.no_file_collection = true;
  status_file.no_file_collection = std::nullopt;
  ShareSettings without = effective_settings(no_files, status_file, default_settings());
  EXPECT_EQ(without.f_doc, false);
  EXPECT_TRUE(without.get_file.empty());
  EXPECT_EQ(without.get_file_version, example().get_file_version);
  EXPECT_EQ(without.memory_dump, true);

  status_file.no_second_level_collection = true;
  without = effective_settings({}, status_file, default_settings());
  EXPECT_EQ(without.f_doc, false);
  EXPECT_EQ(without.memory_dump, false);
  EXPECT_TRUE(without.get_file.empty() && without.get_file_version.empty() && without.reg_key.empty() &&
              without.wql.empty());
  EXPECT_EQ(without.i_data, true);
}

TEST(EffectiveSettings, IgnoreUrisOfStatusIfTold) {
  ShareSettings policy_file, status_file;
  policy_file.no_external_url = true;
  policy_file.url_launch = "http://policy";
  status_file.url_launch = "http://status";
  status_file.response = "http://status";
  const ShareSettings no_uri = effective_settings(policy_file, status_file, default_settings());
  EXPECT_EQ(no_uri.url_launch, "http://policy");
  EXPECT_EQ(no_uri.response, std::nullopt);
  status_file.response = "1";
  EXPECT_EQ(effective_settings(policy_file, status_file, default_settings()).response, "1");
}

}  // namespace
}  // namespace wheatstone::cer
