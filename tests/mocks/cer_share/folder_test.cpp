#include "mocks/cer_share/folder.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "tests/mocks/support.hpp"

namespace wheatstone::cer_share {
namespace {

namespace fs = std::filesystem;
using testing_support::read_text;
using testing_support::TempFolder;
using testing_support::text_of;
using testing_support::tree;
using Names = std::vector<std::string>;

struct FolderTest : testing::Test {
  TempFolder temp;
  fs::path root = temp.path() / "share";
  fs::path outside = temp.path() / "outside";

  FolderTest() {
    fs::create_directory(root);
    fs::create_directory(outside);
  }
  Folder folder() { return Folder::open(root).value(); }
};

template <class T>
ErrorKind kind(const Result<T>& result) {
  return result ? ErrorKind::internal : result.error().kind;
}

TEST_F(FolderTest, WantsARootThatIsThere) {
  EXPECT_EQ(kind(Folder::open(temp.path() / "none")), ErrorKind::io);
  std::ofstream(temp.path() / "file") << "x";
  EXPECT_EQ(kind(Folder::open(temp.path() / "file")), ErrorKind::io);
}

TEST_F(FolderTest, ReadsOneByteMoreThanTheLimit) {
  EXPECT_EQ(folder().read("a.txt", 5).value(), std::nullopt);
  EXPECT_EQ(folder().read("no\\folder\\a.txt", 5).value(), std::nullopt);
  std::ofstream(root / "a.txt") << "123456789";
  EXPECT_EQ(text_of(*folder().read("a.txt", 9).value()), "123456789");
  EXPECT_EQ(text_of(*folder().read("a.txt", 5).value()), "123456");
  EXPECT_EQ(text_of(*folder().read("a.txt", 0).value()), "1");
}

TEST_F(FolderTest, AppendsToFilesThatItMakes) {
  ASSERT_TRUE(folder().append("cabs\\blue\\hits.log", "a\r\n"));
  ASSERT_TRUE(folder().append("cabs\\blue\\hits.log", "b\r\n"));
  EXPECT_EQ(read_text(root / "cabs/blue/hits.log"), "a\r\nb\r\n");
  EXPECT_TRUE(folder().exists("cabs\\blue\\hits.log"));
  EXPECT_FALSE(folder().exists("cabs\\blue\\other.log"));
  EXPECT_FALSE(folder().exists("other\\hits.log"));
}

TEST_F(FolderTest, ReplacesWholeFiles) {
  ASSERT_TRUE(folder().replace("counts\\blue\\count.txt", as_bytes("long text")));
  std::ofstream(root / "counts/blue/count.txt.unfinished") << "of a writer that was stopped";
  ASSERT_TRUE(folder().replace("counts\\blue\\count.txt", as_bytes("short")));
  EXPECT_EQ(read_text(root / "counts/blue/count.txt"), "short");
  EXPECT_EQ(tree(root), (Names{"counts", "counts/blue", "counts/blue/count.txt"}));
}

TEST_F(FolderTest, RefusesPathsThatAreNone) {
  for (const std::string_view path :
       {"", "..", ".", "..\\a", "a\\..\\b", "a\\.\\b", "a\\\\b", "\\a", "a\\", "a/b"}) {
    EXPECT_EQ(kind(folder().read(path, 1)), ErrorKind::invalid_argument) << path;
    EXPECT_EQ(kind(folder().replace(path, {})), ErrorKind::invalid_argument) << path;
  }
  EXPECT_EQ(kind(folder().append(std::string_view("a\0b", 3), "x")), ErrorKind::invalid_argument);
}

TEST_F(FolderTest, FollowsNoLinks) {
  std::ofstream(outside / "secret.txt") << "secret";
  fs::create_directory_symlink(outside, root / "cabs");
  fs::create_symlink(outside / "secret.txt", root / "crash.log");
  EXPECT_EQ(kind(folder().append("cabs\\new.log", "x")), ErrorKind::io);
  EXPECT_EQ(kind(folder().replace("cabs\\new.txt", as_bytes("x"))), ErrorKind::io);
  EXPECT_EQ(kind(folder().lock("cabs\\new.lock", {})), ErrorKind::io);
  EXPECT_EQ(kind(folder().read("cabs\\secret.txt", 10)), ErrorKind::io);
  EXPECT_EQ(kind(folder().append("crash.log", "x")), ErrorKind::io);
  EXPECT_EQ(kind(folder().read("crash.log", 10)), ErrorKind::io);

  // A link that is replaced is no more; what it led to stays.
  ASSERT_TRUE(folder().replace("crash.log", as_bytes("x")));
  EXPECT_EQ(read_text(root / "crash.log"), "x");
  EXPECT_EQ(read_text(outside / "secret.txt"), "secret");
  EXPECT_EQ(tree(outside), Names{"secret.txt"});
}

TEST_F(FolderTest, WantsPlainFiles) {
  fs::create_directory(root / "policy.txt");
  EXPECT_EQ(kind(folder().read("policy.txt", 10)), ErrorKind::io);
  ASSERT_EQ(::mkfifo((root / "pipe").c_str(), 0600), 0);
  EXPECT_EQ(kind(folder().read("pipe", 10)), ErrorKind::io);
  EXPECT_EQ(kind(folder().append("pipe", "x")), ErrorKind::io);
}

TEST_F(FolderTest, LocksForOneAtATime) {
  std::vector<std::chrono::milliseconds> pauses;
  const Patience patience{3, std::chrono::milliseconds(7), [&](auto pause) { pauses.push_back(pause); }};
  {
    const auto first = folder().lock("counts\\blue\\count.txt.lock", patience);
    ASSERT_TRUE(first);
    EXPECT_TRUE(pauses.empty());
    EXPECT_EQ(kind(folder().lock("counts\\blue\\count.txt.lock", patience)), ErrorKind::environment);
    EXPECT_EQ(pauses, std::vector(2, std::chrono::milliseconds(7)));
    EXPECT_TRUE(folder().lock("counts\\shutdown\\count.txt.lock", patience));
  }
  EXPECT_TRUE(folder().lock("counts\\blue\\count.txt.lock", patience));
}

}  // namespace
}  // namespace wheatstone::cer_share
