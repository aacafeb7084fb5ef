#include "mocks/cer_server/cab_check.hpp"

#include <gtest/gtest.h>

#include "tests/formats/cer/examples.hpp"
#include "tests/mocks/support.hpp"

namespace wheatstone::cer_server {
namespace {

using testing_support::codes;

constexpr FileTime kNow{128497001160460289};

std::string check(const std::vector<std::string>& names, const cer::Report& report,
                  const cer::Answer& answer) {
  std::vector<cab::Member> members;
  for (const std::string& name : names) members.push_back({name, {1, 2, 3}});
  const auto cabinet = cab::write(members, kNow);
  EXPECT_TRUE(cabinet);
  return codes(check_cab(*cabinet, report, answer, {}));
}

cer::Report listing(std::vector<cer::ReportedFile> files) {
  cer::Report report;
  report.files = std::move(files);
  return report;
}

TEST(CheckCab, ComparesWithTheFilesOfLevel1) {
  const cer::Report report = listing({{"Version.txt", cer::FileType::other}});
  EXPECT_EQ(check({"version.TXT"}, report, {}), "");
  EXPECT_EQ(check({"other.txt"}, report, {}), "cab-file-missing cab-file-unexpected");
  EXPECT_EQ(check({"Version.txt", "more"}, report, {}), "cab-file-unexpected");
}

TEST(CheckCab, ComparesWithWhatTheAnswerAskedFor) {
  cer::Answer answer;
  answer.wql = {"q"};
  answer.reg_tree = {"k"};
  answer.get_file_version = {"f"};
  answer.get_file = {"%WINDIR%\\system32\\notepad.exe"};
  answer.memory_dump = true;
  EXPECT_EQ(check({"wql.txt", "registry.txt", "filever.txt", "Notepad.exe", "memory.hdmp"}, {}, answer), "");
  EXPECT_EQ(check({"wql.txt"}, {}, answer),
            "cab-extra-missing cab-extra-missing cab-extra-missing cab-extra-missing");
}

TEST(CheckCab, NoticesMemoryAndDocumentsThatNobodyAskedFor) {
  const cer::Report report =
      listing({{"a.hdmp", cer::FileType::heapdump}, {"b.doc", cer::FileType::user_document}});
  EXPECT_EQ(check({"a.hdmp", "b.doc"}, report, {}), "cab-file-not-asked cab-file-not-asked");
  cer::Answer answer;
  answer.memory_dump = answer.f_doc = true;
  EXPECT_EQ(check({"a.hdmp", "b.doc"}, report, answer), "");
  EXPECT_EQ(check({"a.hdmp"}, report, answer), "cab-file-missing");
}

TEST(CheckCab, PassesOnWhatTheScanFinds) {
  EXPECT_EQ(check({"..\\x"}, listing({{"..\\x", cer::FileType::other}}), {}), "name-parent");
}

TEST(CheckCab, NoticesWhatIsNoCab) {
  EXPECT_EQ(codes(check_cab(as_bytes("no cab"), {}, {}, {})), "cab-unreadable");
  Buffer damaged = *cab::write({{"x", {1, 2, 3}}}, kNow);
  damaged.back() ^= 1;
  EXPECT_NE(codes(check_cab(damaged, {}, {}, {})).find("cab-unreadable"), std::string::npos);
}

}  // namespace
}  // namespace wheatstone::cer_server
