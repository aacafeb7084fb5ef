#include "formats/cer/share_path.hpp"

#include <gtest/gtest.h>

#include "tests/formats/cer/examples.hpp"

namespace wheatstone::cer {
namespace {

// [MS-CER] 4.1
const ApplicationError kExample = {"TestApplication", "1.0.0.0", "TestModule", "1.0.0.0", "00000000"};
constexpr std::string_view kExamplePath = "TestApplication\\1.0.0.0\\TestModule\\1.0.0.0\\00000000";

// The part that is refused; "" if none is.
std::string refused(std::string ApplicationError::* member, std::string value) {
  ApplicationError error = kExample;
  error.*member = std::move(value);
  const auto path = error_subpath(error);
  if (path) return "";
  EXPECT_EQ(path.error().kind, ErrorKind::malformed);
  return path.error().where.path;
}

TEST(ErrorSubpath, IsThatOfTheExample) {
  EXPECT_EQ(error_subpath(kExample).value(), kExamplePath);
}

TEST(ErrorSubpath, KeepsToTheLengths) {
  using E = ApplicationError;
  EXPECT_EQ(refused(&E::app_name, ""), "AppName");
  EXPECT_EQ(refused(&E::app_name, std::string(64, 'a')), "");
  EXPECT_EQ(refused(&E::app_name, std::string(65, 'a')), "AppName");
  EXPECT_EQ(refused(&E::app_version, ""), "AppVer");
  EXPECT_EQ(refused(&E::app_version, std::string(24, '1')), "");
  EXPECT_EQ(refused(&E::app_version, std::string(25, '1')), "AppVer");
  EXPECT_EQ(refused(&E::module_name, std::string(64, 'a')), "");
  EXPECT_EQ(refused(&E::module_name, std::string(65, 'a')), "ModName");
  EXPECT_EQ(refused(&E::module_version, std::string(24, '1')), "");
  EXPECT_EQ(refused(&E::module_version, std::string(25, '1')), "ModVer");
}

TEST(ErrorSubpath, HasAnOffsetOfFullWidth) {
  for (const std::string_view good : {"000031de", "000031DE", "00000000000031de"})
    EXPECT_EQ(refused(&ApplicationError::offset, std::string(good)), "");
  for (const std::string_view bad :
       {"", "31de", "0000000", "000000000", "000000000000000", "00000000000000000", "0000000g", "0x000000"})
    EXPECT_EQ(refused(&ApplicationError::offset, std::string(bad)), "Offset") << bad;
}

TEST(ErrorSubpath, RefusesWhatNoFileMayBeCalled) {
  for (const std::string_view good : {" a", "a b", ".a", "a..b", "CON1", "xNUL", "COM0", "COM10", "~"})
    EXPECT_EQ(refused(&ApplicationError::app_name, std::string(good)), "") << good;
  for (const std::string_view bad :
       {".",   "..",  "a.",    "a ",         "a\\b", "a/b",      "a:b",     "a*",
        "a?",  "a\"", "<",     ">",          "|",    "a\tb",     "\x7f",    "caf\xe9",
        "con", "PRN", "aux.h", "NUL.tar.gz", "COM1", "lpt9.txt", "NUL .txt"})
    EXPECT_EQ(refused(&ApplicationError::app_name, std::string(bad)), "AppName") << bad;
  EXPECT_EQ(refused(&ApplicationError::app_version, ".."), "AppVer");
  EXPECT_EQ(refused(&ApplicationError::module_name, std::string("a\0b", 3)), "ModName");
}

TEST(ErrorSubpath, ComesFromTheParametersOfAReport) {
  Report crash = examples::application_fault();
  EXPECT_EQ(error_subpath(crash).value(), "GPFMe.exe\\6.0.4082.0\\GPFMe.exe\\6.0.4082.0\\000031de");
  for (Parameter& parameter : crash.parameters) parameter.name = "?";  // Windows translates them
  EXPECT_TRUE(error_subpath(crash));
  std::erase_if(crash.parameters, [](const Parameter& p) { return p.id == 4; });
  EXPECT_EQ(error_subpath(crash).error().kind, ErrorKind::malformed);

  EXPECT_EQ(error_subpath(examples::kernel_fault()).value(), "blue");
  EXPECT_EQ(error_subpath(examples::generic()).error().kind, ErrorKind::unsupported);
}

TEST(IsErrorSubpath, KnowsTheThreeKinds) {
  EXPECT_TRUE(is_error_subpath(kExamplePath));
  EXPECT_TRUE(is_error_subpath("blue"));
  EXPECT_TRUE(is_error_subpath("shutdown"));
  for (const std::string_view text : {"", "Blue", "a\\1\\b\\1", "a\\1\\b\\1\\00000000\\",
                                      "a\\1\\b\\1\\00000000\\x", "..\\1\\b\\1\\00000000"})
    EXPECT_FALSE(is_error_subpath(text)) << text;
}

TEST(IsShareRoot, WantsAServerAndAShare) {
  for (const std::string_view good : {"\\\\a\\b", "\\\\MyCerServer\\CERFileShare\\", "\\\\a\\b\\c d\\e"})
    EXPECT_TRUE(is_share_root(good)) << good;
  for (const std::string_view bad : {"", "\\", "\\\\", "\\\\a", "\\\\a\\", "\\\\a\\\\", "\\a\\b", "//a/b",
                                     "\\\\a\\b\\\\", "\\\\a\\..", "\\\\a\\b\\..\\c", "\\\\?\\C:\\a"})
    EXPECT_FALSE(is_share_root(bad)) << bad;
  EXPECT_TRUE(is_share_root("\\\\a\\" + std::string(256, 'b')));
  EXPECT_FALSE(is_share_root("\\\\a\\" + std::string(257, 'b')));
}

TEST(SharePaths, AreThoseOfTheExample) {
  const SharePaths paths =
      share_paths("\\\\MyCerServer\\CERFileShare\\", kExamplePath, "d5je031w.cab").value();
  const std::string root = "\\\\MyCerServer\\CERFileShare\\";
  const std::string error(kExamplePath);
  EXPECT_EQ(paths,
            (SharePaths{root + "policy.txt", root + "crash.log", root + "cabs\\" + error + "\\d5je031w.cab",
                        root + "cabs\\" + error + "\\hits.log", root + "status\\" + error + "\\status.txt",
                        root + "counts\\" + error + "\\count.txt"}));
  EXPECT_EQ(share_paths("\\\\MyCerServer\\CERFileShare", kExamplePath, "d5je031w.cab").value(), paths);
  EXPECT_EQ(share_paths("", "blue", "d5JE031w.cab").value().cab, "cabs\\blue\\d5JE031w.cab");
}

TEST(SharePaths, HaveAtMost260Characters) {
  // "\status\blue\status.txt" has 23 characters, "\cabs\blue\1.cab" 16.
  const auto long_root = [](std::size_t size) { return "\\\\a\\" + std::string(size - 4, 'b'); };
  EXPECT_TRUE(share_paths(long_root(237), "blue", "1.cab"));
  EXPECT_EQ(share_paths(long_root(238), "blue", "1.cab").error().kind, ErrorKind::unsupported);
  EXPECT_TRUE(share_paths(long_root(200), "blue", std::string(45, 'c') + ".cab"));
  EXPECT_EQ(share_paths(long_root(200), "blue", std::string(46, 'c') + ".cab").error().kind,
            ErrorKind::unsupported);
}

TEST(SharePaths, RefuseWhatLeavesTheShare) {
  for (const std::string_view error : {"", "..", "blue\\..\\..\\x", "a"})
    EXPECT_EQ(share_paths("", error, "1.cab").error().kind, ErrorKind::invalid_argument) << error;
  for (const std::string_view file : {"", "..", "..\\1.cab", "a/1.cab", "nul"})
    EXPECT_EQ(share_paths("", "blue", file).error().kind, ErrorKind::invalid_argument) << file;
}

}  // namespace
}  // namespace wheatstone::cer
