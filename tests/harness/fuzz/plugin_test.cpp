// libwheatstone_mutator.so as libFuzzer and AFL++ see it: loaded, its functions called by name.
#include <dlfcn.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <algorithm>
#include <set>

#include "formats/cper/record.hpp"
#include "formats/layout/xoshiro.hpp"
#include "formats/mutate/generate.hpp"

namespace wheatstone {
namespace {

using CustomMutator = std::size_t(std::uint8_t*, std::size_t, std::size_t, unsigned);
using CustomCrossOver = std::size_t(const std::uint8_t*, std::size_t, const std::uint8_t*, std::size_t,
                                    std::uint8_t*, std::size_t, unsigned);
using AflInit = void*(void*, unsigned);
using AflFuzz = std::size_t(void*, std::uint8_t*, std::size_t, std::uint8_t**, std::uint8_t*, std::size_t,
                            std::size_t);
using AflDeinit = void(void*);

// Loaded anew for each test, because libFuzzer's side reads the environment once.
class Plugin : public testing::Test {
 protected:
  void SetUp() override {
    setenv("WHEATSTONE_MUTATE", "record", 1);
    handle_ = dlopen(WHEATSTONE_MUTATOR, RTLD_NOW | RTLD_LOCAL);
    ASSERT_NE(handle_, nullptr) << dlerror();
  }
  void TearDown() override {
    if (handle_ != nullptr) dlclose(handle_);
    unsetenv("WHEATSTONE_MUTATE");
  }

  template <class Function>
  Function* find(const char* name) {
    void* const found = dlsym(handle_, name);
    EXPECT_NE(found, nullptr) << name;
    return reinterpret_cast<Function*>(found);
  }

  void* handle_ = nullptr;
};

TEST_F(Plugin, LibFuzzerMutatesInPlace) {
  auto* const mutator = find<CustomMutator>("LLVMFuzzerCustomMutator");
  std::set<Buffer> results;
  for (unsigned seed = 0; seed < 300; ++seed) {
    Buffer data(4096);
    const std::size_t size = mutator(data.data(), 0, data.size(), seed);
    ASSERT_LE(size, data.size());
    const cper::Record record = cper::Record::decode(Bytes(data).first(size));
    ASSERT_TRUE(record.header()) << "nothing becomes a record";
    EXPECT_EQ(load_le<std::uint32_t>(data.data()), cper::kSignature);
    const std::size_t next = mutator(data.data(), size, data.size(), seed);
    ASSERT_LE(next, data.size());
    data.resize(next);
    results.insert(data);
  }
  EXPECT_GT(results.size(), 290u);
}

TEST_F(Plugin, TheSameSeedMutatesTheSame) {
  auto* const mutator = find<CustomMutator>("LLVMFuzzerCustomMutator");
  Buffer one(4096), two(4096);
  const std::size_t size = mutator(one.data(), 0, one.size(), 17);
  EXPECT_EQ(mutator(two.data(), 0, two.size(), 17), size);
  EXPECT_EQ(one, two);
}

TEST_F(Plugin, LibFuzzerCrossesOver) {
  auto* const cross_over = find<CustomCrossOver>("LLVMFuzzerCustomCrossOver");
  Xoshiro random(1);
  const Buffer first = mutate::generate_record(random), second = mutate::generate_record(random);
  Buffer out(16384);
  const std::size_t size =
      cross_over(first.data(), first.size(), second.data(), second.size(), out.data(), out.size(), 1);
  const cper::Record child = cper::Record::decode(Bytes(out).first(size));
  EXPECT_GT(child.sections().size(), cper::Record::decode(first).sections().size());
  EXPECT_LE(cross_over(first.data(), first.size(), second.data(), second.size(), out.data(), 50, 1), 50u);
}

TEST_F(Plugin, AflMutatesIntoItsOwnBuffer) {
  auto* const init = find<AflInit>("afl_custom_init");
  auto* const fuzz = find<AflFuzz>("afl_custom_fuzz");
  auto* const deinit = find<AflDeinit>("afl_custom_deinit");
  void* const state = init(nullptr, 5);
  ASSERT_NE(state, nullptr);
  Xoshiro random(1);
  Buffer input = mutate::generate_record(random), other = mutate::generate_record(random);
  const Buffer before = input;
  std::set<Buffer> results;
  for (int i = 0; i < 300; ++i) {
    std::uint8_t* out = nullptr;
    std::uint8_t* const add = i % 3 == 0 ? nullptr : other.data();
    const std::size_t size =
        fuzz(state, input.data(), input.size(), &out, add, add == nullptr ? 0 : other.size(), 5000);
    ASSERT_LE(size, 5000u);
    ASSERT_NE(out, nullptr);
    results.insert(Buffer(out, out + size));
    ASSERT_EQ(input, before);
  }
  EXPECT_GT(results.size(), 200u) << "few of its calls give the same";
  std::uint8_t* out = nullptr;
  EXPECT_LE(fuzz(state, input.data(), input.size(), &out, nullptr, 0, 10), 10u)
      << "the limit holds for long inputs";
  deinit(state);
}

TEST_F(Plugin, ExportsNothingElse) {
  EXPECT_EQ(dlsym(handle_,
                  "_ZN10wheatstone6mutate6mutateENS0_4KindESt4spanIhLm18446744073709551615EEmRNS_7XoshiroE"),
            nullptr);
}

TEST(PluginDeathTest, AWrongKindEndsTheFuzzer) {
  setenv("WHEATSTONE_MUTATE", "recrod", 1);
  void* const handle = dlopen(WHEATSTONE_MUTATOR, RTLD_NOW | RTLD_LOCAL);
  ASSERT_NE(handle, nullptr) << dlerror();
  auto* const init = reinterpret_cast<AflInit*>(dlsym(handle, "afl_custom_init"));
  ASSERT_NE(init, nullptr);
  EXPECT_EXIT(init(nullptr, 1), testing::ExitedWithCode(2),
              "WHEATSTONE_MUTATE is 'recrod', but must be auto");
  unsetenv("WHEATSTONE_MUTATE");
}

}  // namespace
}  // namespace wheatstone
