#include "mocks/files.hpp"

#include <gmock/gmock.h>

#include "tests/mocks/support.hpp"

namespace wheatstone {
namespace {

using testing_support::read_text;
using testing_support::TempFolder;
using testing_support::tree;

TEST(WriteWhole, ReplacesAFileAndLeavesNothingElse) {
  const TempFolder folder;
  const auto path = folder.path() / "x";
  ASSERT_TRUE(write_whole(path, {as_bytes("one"), as_bytes("two")}));
  EXPECT_EQ(read_text(path), "onetwo");
  ASSERT_TRUE(write_whole(path, {}));
  EXPECT_EQ(read_text(path), "");
  EXPECT_THAT(tree(folder.path()), testing::ElementsAre("x"));
}

TEST(WriteWhole, FailsWithoutATraceAndNamesTheFile) {
  const TempFolder folder;
  const auto missing = write_whole(folder.path() / "no" / "x", {as_bytes("one")});
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().kind, ErrorKind::io);
  EXPECT_EQ(missing.error().where.file, (folder.path() / "no" / "x").string());
  std::filesystem::create_directories(folder.path() / "taken" / "inside");
  EXPECT_FALSE(write_whole(folder.path() / "taken", {as_bytes("one")}));
  EXPECT_THAT(tree(folder.path()), testing::ElementsAre("taken", "taken/inside"));
}

TEST(ReadWhole, GivesTheBytesOrAnError) {
  const TempFolder folder;
  ASSERT_TRUE(write_whole(folder.path() / "x", {as_bytes(std::string_view("a\0b", 3))}));
  EXPECT_EQ(*read_whole(folder.path() / "x"), (Buffer{'a', 0, 'b'}));
  EXPECT_FALSE(read_whole(folder.path() / "y"));
  EXPECT_FALSE(read_whole(folder.path()));
}

}  // namespace
}  // namespace wheatstone
