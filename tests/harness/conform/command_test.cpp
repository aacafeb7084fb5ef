// A command that is run as a client.
#include "harness/conform/command.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace wheatstone::conform {
namespace {

using testing::ElementsAre;

constexpr Milliseconds kTime{20'000};

TEST(SplitWords, SplitsAsAShellDoes) {
  EXPECT_THAT(*split_words("a b  c\td\n"), ElementsAre("a", "b", "c", "d"));
  EXPECT_THAT(*split_words("'a b' \"c 'd\" e\"f\"'g'"), ElementsAre("a b", "c 'd", "efg"));
  EXPECT_THAT(*split_words(R"(a\ b "c\"d" 'e\f' \\)"), ElementsAre("a b", "c\"d", "e\\f", "\\"));
  EXPECT_THAT(*split_words("a '' \"\""), ElementsAre("a", "", ""));
  EXPECT_THAT(*split_words("$HOME *"), ElementsAre("$HOME", "*")) << "nothing is expanded";
}

TEST(SplitWords, RefusesWhatIsNoCommand) {
  for (const std::string_view command : {"", "  ", "a 'b", "a \"b", "'"}) {
    const auto words = split_words(command);
    ASSERT_FALSE(words) << command;
    EXPECT_EQ(words.error().kind, ErrorKind::invalid_argument) << command;
  }
}

TEST(RunCommand, GivesTheExitCode) {
  const Place place{4711, 4712};
  EXPECT_EQ(run_command({"sh", "-c", "exit 3"}, kTime)(place).value(), 3);
  EXPECT_EQ(run_command({"/bin/sh", "-c", "exit 0"}, kTime)(place).value(), 0);
  EXPECT_EQ(run_command({"sh", "-c", "kill -9 $$"}, kTime)(place).value(), 137);
}

TEST(RunCommand, TellsTheClientWhereToGo) {
  const Place place{4711, 4712};
  const std::string test = "test '{url} {host} {port}{port}' = 'http://127.0.0.1:4711 127.0.0.1 47114711'";
  EXPECT_EQ(run_command({"sh", "-c", test}, kTime)(place).value(), 0);
}

TEST(RunCommand, EndsWhatTakesTooLong) {
  EXPECT_EQ(run_command({"sleep", "1000"}, Milliseconds(100))(Place{}).value(), std::nullopt);
}

TEST(RunCommand, FailsWithoutTheProgram) {
  for (const char* program : {"no-such-program-anywhere", "/no/such/program"}) {
    const auto ended = run_command({program}, kTime)(Place{});
    ASSERT_FALSE(ended) << program;
    EXPECT_EQ(ended.error().kind, ErrorKind::environment);
  }
}

}  // namespace
}  // namespace wheatstone::conform
