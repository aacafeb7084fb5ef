#include "harness/input/walker.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "tests/harness/run/temporary_folder.hpp"

namespace wheatstone::input {
namespace {

using test::TemporaryFolder;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// The names that words mean, without `below`; an error is its text.
std::vector<std::string> walk(const std::vector<std::string>& words, const std::string& below = {}) {
  std::vector<std::string> names;
  Walker walker(words);
  Found found;
  while (walker.next(found)) {
    std::string name;
    found.full_name(name);
    if (found.error) name = found.error->text();
    if (const auto at = name.find(below); !below.empty() && at != std::string::npos)
      name.erase(at, below.size());
    names.push_back(name);
  }
  return names;
}

TEST(Walker, TakesWordsInTheirOrder) {
  TemporaryFolder folder;
  folder.write("b", "");
  folder.write("a", "");
  const std::string below = folder.path().string() + "/";
  EXPECT_THAT(walk({below + "b", "-", below + "a", below + "b"}, below), ElementsAre("b", "-", "a", "b"));
  EXPECT_THAT(walk({}), IsEmpty());
}

TEST(Walker, SortsWhatIsInAFolderByItsBytes) {
  TemporaryFolder folder;
  for (const char* name : {"b.cper", "a", "B", "dir/2", "dir/1", "dir/deep/x", "dir.cper", "\xff"})
    folder.write(name, "");
  const std::string below = folder.path().string() + "/";
  // A folder stands where its own name does: before "dir.cper", though '.' comes before '/'.
  const auto expected = ElementsAre("B", "a", "b.cper", "dir/1", "dir/2", "dir/deep/x", "dir.cper", "\xff");
  EXPECT_THAT(walk({folder.path()}, below), expected);
  EXPECT_THAT(walk({below}, below), expected);
}

TEST(Walker, AnEmptyFolderIsNothing) {
  TemporaryFolder folder;
  std::filesystem::create_directories(folder.path() / "in" / "in");
  EXPECT_THAT(walk({folder.path()}), IsEmpty());
}

TEST(Walker, LeavesOutWhatIsHiddenOrNoFile) {
  TemporaryFolder folder;
  for (const char* name : {".git/config", ".hidden", "shown"}) folder.write(name, "");
  ASSERT_EQ(::mkfifo((folder.path() / "pipe").c_str(), 0600), 0);
  std::filesystem::create_symlink("pipe", folder.path() / "to_pipe");
  const std::string below = folder.path().string() + "/";
  EXPECT_THAT(walk({folder.path()}, below), ElementsAre("shown"));
  // What the user names is taken as it is.
  EXPECT_THAT(walk({below + ".git", below + "pipe"}, below), ElementsAre(".git/config", "pipe"));
}

TEST(Walker, FollowsLinksToFilesButNotToFolders) {
  TemporaryFolder folder;
  folder.write("a/file", "");
  std::filesystem::create_symlink("../a/file", folder.path() / "a/link");
  std::filesystem::create_symlink("..", folder.path() / "a/loop");
  std::filesystem::create_symlink("self", folder.path() / "a/self");
  const std::string below = folder.path().string() + "/";
  // A link to itself is found as a file, which then cannot be opened.
  EXPECT_THAT(walk({folder.path()}, below), ElementsAre("a/file", "a/link", "a/self"));
  EXPECT_THAT(walk({below + "a/loop"}, below),
              ElementsAre("a/loop/a/file", "a/loop/a/link", "a/loop/a/self"));
}

TEST(Walker, TellsWhatCannotBeOpenedAndGoesOn) {
  TemporaryFolder folder;
  folder.write("after", "");
  const std::string below = folder.path().string() + "/";
  EXPECT_THAT(walk({below + "missing", below + "after"}, below),
              ElementsAre("missing: cannot open the file: No such file or directory", "after"));
  if (::geteuid() == 0) return;  // who may read everything
  folder.write("closed/file", "");
  std::filesystem::permissions(folder.path() / "closed", std::filesystem::perms::none);
  EXPECT_THAT(walk({folder.path()}, below),
              ElementsAre("after", "closed: cannot open the folder: Permission denied"));
  std::filesystem::permissions(folder.path() / "closed", std::filesystem::perms::owner_all);
}

TEST(Walker, DepthIsBoundedOnBothSides) {
  TemporaryFolder folder;
  // The word itself is the first level.
  std::filesystem::path inner = ".";
  for (std::size_t i = 1; i < Walker::kDeepest; ++i) inner /= "d";
  folder.write(inner / "file", "");
  EXPECT_THAT(walk({folder.path()}), ElementsAre(HasSubstr("/d/file")));
  folder.write(inner / "d" / "file", "");
  EXPECT_THAT(
      walk({folder.path()}),
      ElementsAre(HasSubstr("/d/d: folders lie more than 100 deep in each other (name the inner folder "
                            "itself)"),
                  HasSubstr("/d/file")));
}

}  // namespace
}  // namespace wheatstone::input
