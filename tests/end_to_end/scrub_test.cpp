// The verb scrub as a user meets it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "formats/document/examples.hpp"
#include "mocks/files.hpp"
#include "tests/end_to_end/program.hpp"
#include "tests/harness/run/temporary_folder.hpp"

namespace wheatstone {
namespace {

using test::Finished;
using test::TemporaryFolder;
using testing::HasSubstr;

class ScrubVerb : public testing::Test {
 protected:
  ScrubVerb() {
    put("key", as_bytes("0123456789abcdef0123456789abcdef"));
    put("in/a.cper", document::example(document::Kind::record));
    put("in/deep/b.bin", document::example(document::Kind::status_block));
  }

  std::string at(const char* name) const { return (folder_.path() / name).string(); }
  void put(const char* name, Bytes bytes) const {
    const std::filesystem::path path = folder_.path() / name;
    ASSERT_TRUE(make_folder(path.parent_path()));
    ASSERT_TRUE(write_whole(path, {bytes}));
  }

  TemporaryFolder folder_;
};

TEST_F(ScrubVerb, WritesACopyAndSaysWhatWasReplaced) {
  const Finished one = test::wheatstone({"scrub", "--key-file", at("key"), at("in/a.cper"), "-o", at("a")});
  EXPECT_EQ(one.code, 0) << one.err;
  EXPECT_THAT(one.err, HasSubstr("a.cper: 5 values replaced"));
  const Finished other = test::wheatstone({"scrub", "--key-file", at("key"), at("in/a.cper")});
  EXPECT_EQ(as_text(*read_whole(at("a"))), other.out) << "the same bytes on standard output";
  const Finished diff = test::wheatstone({"diff", at("in/a.cper"), at("a")});
  EXPECT_EQ(diff.code, 1);
  EXPECT_THAT(diff.out, testing::MatchesRegex("(Sections.[0-4]..FRUText +: CPU 0 -> [A-Z2-9]+\n)+"));
  EXPECT_EQ(test::wheatstone({"lint", "--fail-on", "note", at("a")}).code, 0);
}

// What hmac and hashlib of Python give for a zero, the tag of texts (1) and "CPU 0".
TEST_F(ScrubVerb, PseudonymsAreThoseOfTheKey) {
  const Finished one = test::wheatstone({"scrub", "--key-file", at("key"), at("in/a.cper"), "-o", at("a")});
  ASSERT_EQ(one.code, 0) << one.err;
  const Finished diff = test::wheatstone({"diff", at("in/a.cper"), at("a")});
  EXPECT_THAT(diff.out, HasSubstr("CPU 0 -> JXSX4\n"));
}

TEST_F(ScrubVerb, FoldersGoToAFolder) {
  const Finished all = test::wheatstone({"scrub", "--key-file", at("key"), at("in"), "-o", at("out")});
  EXPECT_EQ(all.code, 0) << all.err;
  EXPECT_TRUE(std::filesystem::exists(at("out/a.cper")));
  EXPECT_TRUE(std::filesystem::exists(at("out/deep/b.bin")));
  EXPECT_THAT(all.err, HasSubstr("b.bin: 8 bytes that nothing explains are kept"));
  EXPECT_THAT(test::wheatstone({"scrub", "--key-file", at("key"), at("in")}).err,
              HasSubstr("several files need a folder to go to"));
}

TEST_F(ScrubVerb, KeepsOriginalsAndReplacesNoCopy) {
  for (const auto& [input, out] : {std::pair{"in", "in"}, {"in", "in/clean"}, {"in/a.cper", "in/a.cper"}}) {
    const Finished over = test::wheatstone({"scrub", "--key-file", at("key"), at(input), "-o", at(out)});
    EXPECT_EQ(over.code, 2) << out;
    EXPECT_THAT(over.err, HasSubstr("originals are kept")) << out;
  }
  EXPECT_EQ(*read_whole(at("in/a.cper")), document::example(document::Kind::record));
  put("other/a.cper", document::example(document::Kind::record));
  const Finished twice =
      test::wheatstone({"scrub", "--key-file", at("key"), at("in"), at("other"), "-o", at("out")});
  EXPECT_EQ(twice.code, 2);
  EXPECT_THAT(twice.err, HasSubstr("which another input of this run became"));
}

TEST_F(ScrubVerb, ListsAndWritesNothing) {
  const Finished list =
      test::wheatstone({"scrub", "--key-file", at("key"), "--list", "--addresses", at("in/a.cper")});
  EXPECT_EQ(list.code, 0) << list.err;
  EXPECT_THAT(list.out, HasSubstr("  XpfMca.Address\n"));
  EXPECT_THAT(list.out, HasSubstr("  Sections[4].FRUText\n"));
}

TEST_F(ScrubVerb, SaysWhatIsWrong) {
  put("short", as_bytes("secret\n"));
  const Finished weak =
      test::wheatstone({"scrub", "--key-file", at("short"), at("in/a.cper"), "-o", at("a")});
  EXPECT_EQ(weak.code, 2);
  EXPECT_THAT(weak.err, HasSubstr("a key of 6 bytes is too short"));
  put("noise", as_bytes("no document"));
  const Finished noise = test::wheatstone({"scrub", "--key-file", at("key"), at("noise"), "-o", at("a")});
  EXPECT_EQ(noise.code, 2);
  EXPECT_THAT(noise.err, HasSubstr("nothing was written"));
  EXPECT_FALSE(std::filesystem::exists(at("a")));
  EXPECT_EQ(test::wheatstone({"scrub", "--key-file", at("none"), at("noise")}).code, 3);
  EXPECT_EQ(test::wheatstone({"scrub", "--key-file", at("key"), at("none")}).code, 3);
  EXPECT_EQ(test::wheatstone({"scrub", "--key-file", "-", "-"}).code, 2);
}

}  // namespace
}  // namespace wheatstone
