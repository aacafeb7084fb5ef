#include "harness/input/for_each.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <mutex>
#include <set>
#include <stdexcept>
#include <thread>

#include "formats/layout/hex_dump.hpp"
#include "tests/harness/run/temporary_folder.hpp"

namespace wheatstone::input {
namespace {

using test::TemporaryFolder;
using testing::ElementsAre;
using testing::HasSubstr;

struct Text {
  std::string text;
  void clear() { text.clear(); }
};

struct Seen {
  std::vector<std::string> lines;
  Summary summary;
};

// "name: content", or the error. Names are without `below`.
Seen see(const std::vector<std::string>& words, const Options& options, const std::string& below = {}) {
  Seen seen;
  seen.summary = for_each_input<Text>(
      words, options,
      [](const Input& input, Text& out) {
        EXPECT_EQ(out.text, "");
        if (input.bytes.size() % 97 == 13) std::this_thread::yield();
        out.text = fmt::format("{}{}{}", input.form ? to_string(*input.form) : "", input.form ? ": " : "",
                               as_text(input.bytes));
      },
      [&](const Handled& handled, Text& out) {
        std::string line =
            handled.error != nullptr ? handled.error->text() : fmt::format("{}: {}", handled.name, out.text);
        if (const auto at = line.find(below); !below.empty() && at != std::string::npos)
          line.erase(at, below.size());
        seen.lines.push_back(line);
        return true;
      });
  return seen;
}

// 2,000 files in 20 folders, of sizes that differ, and two links to nothing.
class ForEachOfMany : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder_.emplace();
    for (std::size_t i = 0; i < 2000; ++i)
      folder_->write(fmt::format("{:02}/{:04}", i % 20, i), std::string(i % 700, 'x'));
    for (const char* name : {"05/bad", "13/bad"})
      std::filesystem::create_symlink("nowhere", folder_->path() / name);
    words_ = {folder_->path().string() + "/"};
  }
  static void TearDownTestSuite() { folder_.reset(); }

  static inline std::optional<TemporaryFolder> folder_;
  static inline std::vector<std::string> words_;
};

TEST_F(ForEachOfMany, OrderAndResultsDoNotDependOnTheThreads) {
  const std::string& below = words_[0];
  const Seen alone = see({below, below + "07"}, {.jobs = 1}, below);
  ASSERT_EQ(alone.lines.size(), 2102u);
  EXPECT_EQ(alone.lines[0], "00/0000: ");
  EXPECT_EQ(alone.lines[1], "00/0020: xxxxxxxxxxxxxxxxxxxx");
  EXPECT_EQ(alone.lines[600], "05/bad: cannot open the file: No such file or directory");
  EXPECT_EQ(alone.summary.files, 2100u);
  EXPECT_EQ(alone.summary.failed, 2u);
  EXPECT_FALSE(alone.summary.stopped);
  for (const std::size_t jobs : {2u, 8u}) {
    const Seen together = see({below, below + "07"}, {.jobs = jobs}, below);
    EXPECT_EQ(together.lines, alone.lines) << jobs;
    EXPECT_EQ(together.summary.files, alone.summary.files);
    EXPECT_EQ(together.summary.bytes, alone.summary.bytes);
    EXPECT_EQ(together.summary.failed, alone.summary.failed);
    EXPECT_FALSE(together.summary.stopped);
  }
}

TEST_F(ForEachOfMany, SeveralThreadsWorkAndTheCallerHandsBack) {
  std::mutex mutex;
  std::set<std::thread::id> workers;
  const auto caller = std::this_thread::get_id();
  for_each_input<Text>(
      words_, {.jobs = 3},
      [&](const Input&, Text&) {
        const std::lock_guard lock(mutex);
        workers.insert(std::this_thread::get_id());
      },
      [&](const Handled&, Text&) {
        EXPECT_EQ(std::this_thread::get_id(), caller);
        return true;
      });
  EXPECT_FALSE(workers.contains(caller));
  EXPECT_LE(workers.size(), 3u);
}

TEST(ForEachInput, NothingIsNothing) {
  TemporaryFolder folder;
  for (const std::size_t jobs : {1u, 2u}) {
    const Seen seen = see({folder.path()}, {.jobs = jobs});
    EXPECT_TRUE(seen.lines.empty());
    EXPECT_EQ(seen.summary.files + seen.summary.failed + seen.summary.bytes, 0u);
    EXPECT_FALSE(seen.summary.stopped);
  }
}

TEST(ForEachInput, TextThatStandsForBytesIsDecoded) {
  TemporaryFolder folder;
  folder.write("a", "0000: 4350\n");
  folder.write("b", "43 50 45 52 43 50 45 52 43 50 45 52 43 50 45 52\n");
  folder.write("c", "Q1BFUkNQRVJDUEVSQ1BFUg==\n");
  folder.write("d", "CPER and so on");
  folder.write("e", "0000: 4350\n0002: 4\n");
  const std::string below = folder.path().string() + "/";
  const Seen seen = see({below}, {}, below);
  EXPECT_THAT(seen.lines,
              ElementsAre("a: hex dump: CP", "b: hex digits: CPERCPERCPERCPER", "c: base64: CPERCPERCPERCPER",
                          "d: CPER and so on", "e:2:7: two hex digits are expected"));
  EXPECT_EQ(seen.summary.files, 4u);
  EXPECT_EQ(seen.summary.failed, 1u);
  EXPECT_EQ(seen.summary.bytes, 11u + 48u + 25u + 14u);
  EXPECT_EQ(see({below + "a"}, {.decode_text = false}, below).lines[0], "a: 0000: 4350\n");
}

TEST(ForEachInput, InputsThatAreTooLargeFail) {
  TemporaryFolder folder;
  folder.write("a", "1234");
  folder.write("b", "12345");
  folder.write("c", "0000: 0102030405\n");
  const std::string below = folder.path().string() + "/";
  EXPECT_THAT(
      see({below}, {.max_bytes = 4}, below).lines,
      ElementsAre("a: 1234", "b: the file has more than 4 bytes", "c: the file has more than 4 bytes"));
}

TEST(ForEachInput, WhatWorkThrowsIsAnErrorOfThatInput) {
  TemporaryFolder folder;
  folder.write("a", "1");
  folder.write("b", "22");
  const std::vector<std::string> words = {folder.path()};
  for (const std::size_t jobs : {1u, 2u}) {
    std::vector<std::string> lines;
    const Summary summary = for_each_input<Text>(
        words, {.jobs = jobs},
        [](const Input& input, Text& out) {
          out.text = "begun";
          if (input.bytes.size() == 1) throw std::runtime_error("no luck");
        },
        [&](const Handled& handled, Text& out) {
          lines.push_back(handled.error != nullptr ? handled.error->text() : out.text);
          return true;
        });
    EXPECT_THAT(lines, ElementsAre(HasSubstr("/a: no luck"), "begun"));
    EXPECT_EQ(summary.failed, 1u);
  }
}

TEST_F(ForEachOfMany, TheCallerMayHaveEnough) {
  for (const std::size_t jobs : {1u, 2u, 8u}) {
    std::size_t handed = 0;
    const Summary summary = for_each_input<Text>(
        words_, {.jobs = jobs}, [](const Input&, Text&) {},
        [&](const Handled&, Text&) { return ++handed < 100; });
    EXPECT_EQ(handed, 100u);
    EXPECT_EQ(summary.files, 100u);
    EXPECT_TRUE(summary.stopped);
  }
}

TEST_F(ForEachOfMany, WhatHandingBackThrowsReachesTheCaller) {
  for (const std::size_t jobs : {1u, 2u})
    EXPECT_THROW(for_each_input<Text>(
                     words_, {.jobs = jobs}, [](const Input&, Text&) {},
                     [](const Handled&, Text&) -> bool { throw std::runtime_error("disk full"); }),
                 std::runtime_error);
}

TEST_F(ForEachOfMany, StopsWhenAskedAfterAWholeNumberOfInputs) {
  for (const std::size_t jobs : {1u, 2u, 8u}) {
    std::atomic<bool> stop = false;
    std::size_t handed = 0;
    const Summary summary = for_each_input<Text>(
        words_, {.jobs = jobs, .stop = &stop}, [](const Input&, Text&) {},
        [&](const Handled&, Text&) {
          if (++handed == 300) stop = true;
          return true;
        });
    EXPECT_EQ(handed, 300u);
    EXPECT_EQ(summary.files, 300u);
    EXPECT_TRUE(summary.stopped);
    const Seen nothing = see(words_, {.jobs = jobs, .stop = &stop});
    EXPECT_TRUE(nothing.lines.empty());
    EXPECT_TRUE(nothing.summary.stopped);
  }
}

// Returns when no thread has begun anything for a while: all wait.
void wait_until_still(const std::atomic<std::size_t>& begun) {
  using Clock = std::chrono::steady_clock;
  std::size_t before = begun;
  for (auto since = Clock::now(); Clock::now() - since < std::chrono::milliseconds(200);) {
    if (before != begun) since = Clock::now();
    before = begun;
    std::this_thread::yield();
  }
}

// The first input is not handed back before the others have run ahead as far as they may: memory stays
// bounded.
TEST_F(ForEachOfMany, RunsAheadNoFurtherThanItMay) {
  const Options options{.jobs = 2};
  std::atomic<std::size_t> begun = 0;
  std::size_t most = 0;
  std::size_t handed = 0;
  for_each_input<Text>(
      words_, options, [&](const Input&, Text&) { ++begun; },
      [&](const Handled& handled, Text&) {
        if (handled.error != nullptr) return true;
        if (handed == 0) {
          wait_until_still(begun);
        }
        most = std::max(most, begun - handed);
        ++handed;
        return true;
      });
  EXPECT_EQ(handed, 2000u);
  EXPECT_LE(most, detail::places(options));
}

// Each of these counts for more than half of what may wait.
TEST(ForEachInput, LargeInputsDoNotPileUp) {
  TemporaryFolder folder;
  folder.write("large", "x");
  std::filesystem::resize_file(folder.path() / "large", kMostAhead / 2 + 1);
  const std::vector<std::string> words(24, folder.path() / "large");
  std::atomic<std::size_t> begun = 0;
  std::size_t most = 0;
  std::size_t handed = 0;
  for_each_input<Text>(
      words, {.jobs = 2}, [&](const Input&, Text&) { ++begun; },
      [&](const Handled&, Text&) {
        if (handed == 0) wait_until_still(begun);
        most = std::max(most, begun - handed);
        ++handed;
        return true;
      });
  EXPECT_EQ(handed, 24u);
  EXPECT_LE(most, 6u);  // two may wait, and each thread has one more in hand and one behind it
}

}  // namespace
}  // namespace wheatstone::input
