// libFuzzer and AFL++ take our mutator, and with it reach from nothing what they do not reach without it.
#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>

#include "tests/witnesses/witness.hpp"

namespace wheatstone::witness {
namespace {

const Program kClang{"clang++-19", "clang-19 and libclang-rt-19-dev"};
const Program kAflClang{"afl-clang-fast++", "afl++"};
const Program kAflFuzz{"afl-fuzz", "afl++"};

constexpr char kTarget[] = WHEATSTONE_SOURCE_DIR "/tests/witnesses/fuzzers/target.cpp";
const std::filesystem::path kMutator = WHEATSTONE_MUTATOR;

class Fuzzer : public testing::Test {
 protected:
  void SetUp() override { setenv("WHEATSTONE_MUTATE", "record", 1); }
  void TearDown() override {
    for (const char* name : {"WHEATSTONE_MUTATE", "AFL_CUSTOM_MUTATOR_LIBRARY"}) unsetenv(name);
  }

  TemporaryFolder folder_;
};

class LibFuzzer : public Fuzzer {
 protected:
  // A fuzzer of somebody else's reader that was linked with these options.
  Said fuzz(const std::vector<std::string>& options) {
    const std::string program = (folder_ / "target").string();
    std::vector<std::string> arguments = {"-O1", "-fsanitize=fuzzer", kTarget, "-o", program};
    arguments.insert(arguments.end(), options.begin(), options.end());
    const Said built = ask(kClang, arguments);
    EXPECT_EQ(built.status, 0) << built.output;
    return ask({program, kClang.package}, {"-runs=20000", "-seed=1", "-max_len=4096",
                                           "-artifact_prefix=" + (folder_ / "found-").string()});
  }
};

TEST_F(LibFuzzer, MakesWholeRecordsWithTheMutator) {
  const Said said =
      fuzz({"-Wl,--no-as-needed", kMutator.string(), "-Wl,-rpath," + kMutator.parent_path().string()});
  EXPECT_TRUE(said.contains("found LLVMFuzzerCustomMutator")) << said.output;
  EXPECT_TRUE(said.contains("met a whole record")) << said.output;
  EXPECT_NE(said.status, 0);
}

TEST_F(LibFuzzer, MakesNoneWithoutIt) {
  const Said said = fuzz({});
  EXPECT_FALSE(said.contains("found LLVMFuzzerCustomMutator")) << said.output;
  EXPECT_FALSE(said.contains("met a whole record")) << said.output;
  EXPECT_EQ(said.status, 0) << said.output;
}

class AflPlusPlus : public Fuzzer {
 protected:
  void SetUp() override {
    Fuzzer::SetUp();
    // No terminal, no settings of the kernel, no waiting once it found something.
    for (const char* name : {"AFL_NO_UI", "AFL_NO_AFFINITY", "AFL_SKIP_CPUFREQ", "AFL_BENCH_UNTIL_CRASH",
                             "AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES", "AFL_QUIET"})
      setenv(name, "1", 1);
    const Said built =
        ask(kAflClang, {"-O1", "-fsanitize=fuzzer", kTarget, "-o", (folder_ / "target").string()});
    ASSERT_EQ(built.status, 0) << built.output;
    std::filesystem::create_directory(folder_ / "seeds");
    write_file(folder_ / "seeds" / "one_byte", Buffer{0});
  }

  // The inputs that broke somebody else's reader within 20,000 executions.
  std::size_t crashes() {
    const Said said = ask(kAflFuzz, {"-i", (folder_ / "seeds").string(), "-o", (folder_ / "out").string(),
                                     "-s", "1", "-E", "20000", "--", (folder_ / "target").string()});
    EXPECT_TRUE(said.contains("We're done here")) << said.output;
    std::size_t found = 0;
    std::error_code none;
    for (const auto& entry : std::filesystem::directory_iterator(folder_ / "out/default/crashes", none))
      found += entry.path().filename().string().starts_with("id:") ? 1u : 0u;
    EXPECT_FALSE(none) << said.output;
    return found;
  }
};

TEST_F(AflPlusPlus, MakesWholeRecordsWithTheMutator) {
  setenv("AFL_CUSTOM_MUTATOR_LIBRARY", kMutator.c_str(), 1);
  EXPECT_GE(crashes(), 1u);
}

TEST_F(AflPlusPlus, MakesNoneWithoutIt) {
  EXPECT_EQ(crashes(), 0u);
}

}  // namespace
}  // namespace wheatstone::witness
