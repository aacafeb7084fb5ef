#include "harness/report/file_names.hpp"

#include <gtest/gtest.h>

namespace wheatstone::report {
namespace {

TEST(SafeName, KeepsOrdinaryNames) {
  EXPECT_EQ(safe_name("Mini112226-01.dmp"), "Mini112226-01.dmp");
  EXPECT_EQ(safe_name("report-1.http_1.txt"), "report-1.http_1.txt");
}

TEST(SafeName, LeavesNoWayOut) {
  EXPECT_EQ(safe_name(".."), "%2E.");
  EXPECT_EQ(safe_name("."), "%2E");
  EXPECT_EQ(safe_name(""), "%");
  EXPECT_EQ(safe_name("a/b"), "a%2Fb");
  EXPECT_EQ(safe_name("a\\b:c"), "a%5Cb%3Ac");
  EXPECT_EQ(safe_name(std::string_view("a\0b", 3)), "a%00b");
  EXPECT_EQ(safe_name("%2E"), "%252E") << "no two names become one";
}

TEST(SafeName, CutsOnBothSidesOfTheLimit) {
  const std::string longest(150, 'x');
  EXPECT_EQ(safe_name(longest), longest);
  const std::string first = safe_name(longest + "1");
  const std::string second = safe_name(longest + "2");
  EXPECT_EQ(first.size(), 167u);
  EXPECT_NE(first, second);
  EXPECT_EQ(first.substr(0, 150), longest);
}

TEST(SafePath, KeepsFoldersOnly) {
  EXPECT_EQ(safe_path("processor/amd-cache"), "processor/amd-cache");
  EXPECT_EQ(safe_path("/etc/../passwd"), "etc/%2E./passwd");
  EXPECT_EQ(safe_path("//"), "%");
}

TEST(UniqueNames, NumbersTheSecond) {
  UniqueNames names;
  EXPECT_EQ(names.take("a.txt"), "a.txt");
  EXPECT_EQ(names.take("A.TXT"), "A-2.TXT") << "also for a file system that ignores case";
  EXPECT_EQ(names.take("a-2.txt"), "a-2-2.txt");
  EXPECT_EQ(names.take("a.txt"), "a-3.txt");
  EXPECT_EQ(names.take("bare"), "bare");
  EXPECT_EQ(names.take("bare"), "bare-2");
}

}  // namespace
}  // namespace wheatstone::report
