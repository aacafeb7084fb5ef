// The verb show: files, folders, standard input, text that stands for bytes.
#include <fcntl.h>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/json.hpp>
#include <filesystem>
#include <string>
#include <vector>

#include "formats/layout/hex_dump.hpp"
#include "formats/layout/text_buffer.hpp"
#include "tests/end_to_end/program.hpp"
#include "tests/harness/run/temporary_folder.hpp"
#include "tests/support/records.hpp"

namespace wheatstone {
namespace {

using test::Background;
using test::Finished;
using test::TemporaryFolder;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

std::string record(const std::string& name) {
  return std::string(as_text(test::load_record(name)));
}

// The value of a key in each line, without `below`; "?" where there is none.
std::vector<std::string> members(const std::string& lines, const char* key, const std::string& below = {}) {
  std::vector<std::string> values;
  std::size_t start = 0;
  for (std::size_t end; (end = lines.find('\n', start)) != std::string::npos; start = end + 1) {
    const boost::json::value line = boost::json::parse(lines.substr(start, end - start));
    const boost::json::value* member = line.as_object().if_contains(key);
    std::string value = member != nullptr ? std::string(member->as_string()) : "?";
    if (!below.empty() && value.starts_with(below)) value.erase(0, below.size());
    values.push_back(value);
  }
  EXPECT_EQ(start, lines.size());
  return values;
}

TEST(Show, AFolderIsALineForEachFileInOrder) {
  TemporaryFolder folder;
  folder.write("b/2.cper", record("pcie"));
  folder.write("b/10.cper", record("memory1"));
  folder.write("a.hex", layout::write_hex_dump(test::load_record("multiple1")));
  folder.write("z.txt", "what is this");
  const Finished shown = test::wheatstone({"show", "--json", folder.path()});
  EXPECT_EQ(shown.code, 2);
  const std::string below = folder.path().string() + "/";
  EXPECT_THAT(members(shown.out, "File", below), ElementsAre("a.hex", "b/10.cper", "b/2.cper", "z.txt"));
  EXPECT_THAT(members(shown.out, "Kind"),
              ElementsAre("error record", "error record", "error record", "unknown"));
  EXPECT_THAT(shown.out, StartsWith("{\"File\":\""));
  EXPECT_EQ(shown.err, "3 files shown, 1 unknown, 0 unreadable\n");
}

TEST(Show, OneFileStaysAsItIs) {
  TemporaryFolder folder;
  folder.write("a", record("pcie"));
  const std::string file = folder.path() / "a";
  const Finished one = test::wheatstone({"show", "--json", file});
  EXPECT_THAT(one.out, StartsWith("{\"Kind\":\"error record\""));
  EXPECT_EQ(one.err, "");
  EXPECT_EQ(one.code, 0);
  // The same behind its name among several.
  const Finished two = test::wheatstone({"show", "--json", file, file});
  const std::string line = "{\"File\":\"" + file + "\"," + one.out.substr(1);
  EXPECT_EQ(two.out, line + line);
  EXPECT_EQ(two.err, "2 files shown, 0 unknown, 0 unreadable\n");
  const Finished text = test::wheatstone({"show", file});
  EXPECT_EQ(test::wheatstone({"show", file, "-"}, record("pcie")).out,
            "==> " + file + " <==\n" + text.out + "\n==> - <==\n" + text.out);
  EXPECT_EQ(test::wheatstone({"show", folder.path()}).out, "==> " + file + " <==\n" + text.out);
}

TEST(Show, ResultsDoNotDependOnTheNumberOfJobs) {
  TemporaryFolder folder;
  for (int i = 0; i < 300; ++i)
    folder.write(fmt::format("{}/{}", i % 7, i), record(test::kRealRecords[static_cast<std::size_t>(i) % 5]));
  std::filesystem::create_symlink("nowhere", folder.path() / "3" / "broken");
  const Finished alone = test::wheatstone({"show", "--json", "--jobs", "1", folder.path()});
  EXPECT_EQ(alone.code, 3);
  EXPECT_EQ(members(alone.out, "File").size(), 301u);
  for (const char* jobs : {"2", "8"}) {
    const Finished together = test::wheatstone({"show", "--json", "--jobs", jobs, folder.path()});
    EXPECT_EQ(together.code, 3);
    EXPECT_EQ(together.out, alone.out);
    EXPECT_EQ(together.err, alone.err);
  }
}

TEST(Show, WhatCannotBeReadIsToldAndTheRestIsShown) {
  TemporaryFolder folder;
  folder.write("a", record("pcie"));
  folder.write("c", "?");
  const std::string below = folder.path().string() + "/";
  const Finished shown = test::wheatstone({"show", "--json", below + "a", below + "b", below + "c"});
  EXPECT_EQ(shown.code, 3);
  EXPECT_THAT(members(shown.out, "Error"),
              ElementsAre("?", "cannot open the file: No such file or directory", "?"));
  EXPECT_EQ(shown.err, "wheatstone: " + below +
                           "b: cannot open the file: No such file or directory\n"
                           "1 file shown, 1 unknown, 1 unreadable\n");
}

TEST(Show, AnEmptyFolderIsAMistake) {
  TemporaryFolder folder;
  const Finished shown = test::wheatstone({"show", folder.path()});
  EXPECT_EQ(shown.code, 2);
  EXPECT_THAT(shown.err, HasSubstr("there are no files here"));
  EXPECT_EQ(shown.out, "");
}

// What the programs make of the bytes of a record.
TEST(Show, TextThatStandsForBytes) {
  TemporaryFolder folder;
  const Buffer bytes = test::load_record("pcie");
  folder.write("r", record("pcie"));
  const std::string file = folder.path() / "r";
  const std::string expected = test::wheatstone({"show", file}).out;
  for (const char* command : {"xxd", "xxd -a -c 24", "xxd -p", "hexdump -C", "od -An -v -tx1", "base64",
                              "base64 -w 0", "xxd -i <"}) {
    const std::string text = folder.path() / "text";
    if (std::system(fmt::format("{} '{}' > '{}' 2> /dev/null", command, file, text).c_str()) != 0) continue;
    EXPECT_EQ(test::wheatstone({"show", text}).out, expected) << command;
  }
  EXPECT_EQ(test::wheatstone({"show", "-"}, "0x" + layout::hex_text(bytes) + "\n").out, expected);
  // A mistake in it makes it what it is: text.
  EXPECT_EQ(test::wheatstone({"show", "-"}, "0x" + layout::hex_text(bytes) + "5\n").code, 2);
}

TEST(Show, CtrlCEndsWaitingForAPipe) {
  TemporaryFolder folder;
  const std::string pipe = folder.path() / "pipe";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  folder.write("first", record("pcie"));
  // The second word is a pipe that stays open.
  const int writer = ::open(pipe.c_str(), O_RDWR);
  for (const char* jobs : {"1", "2"}) {
    Background program({"show", "--json", "--jobs", jobs, folder.path() / "first", pipe});
    EXPECT_THAT(program.line(), HasSubstr("\"Kind\":\"error record\"")) << jobs;
    program.signal(SIGINT);
    EXPECT_EQ(program.line(), "");
    EXPECT_EQ(program.wait(), 3);
  }
  ::close(writer);
}

TEST(Show, AClosedPipeEndsItQuietly) {
  TemporaryFolder folder;
  for (int i = 0; i < 300; ++i) folder.write(std::to_string(i), record("multiple1"));
  Background program({"show", "--json", folder.path()});
  program.close_output();
  EXPECT_EQ(program.wait(), 0);
}

TEST(Show, TellsHowFarItIsOnATerminal) {
  TemporaryFolder folder;
  for (int i = 0; i < 600; ++i) folder.write(std::to_string(i), record("pcie"));
  const Finished shown = test::wheatstone_on_terminal({"show", "--json", folder.path()}, false);
  EXPECT_THAT(shown.out, HasSubstr("256 files"));
  EXPECT_THAT(shown.out, HasSubstr("512 files"));
  EXPECT_THAT(shown.out, HasSubstr("600 files shown, 0 unknown, 0 unreadable"));
}

}  // namespace
}  // namespace wheatstone
