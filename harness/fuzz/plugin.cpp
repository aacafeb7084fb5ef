// The names that libFuzzer and AFL++ look for, all in one shared object: libwheatstone_mutator.so.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <new>

#include "harness/fuzz/mutator.hpp"

#define WHEATSTONE_EXPORT extern "C" __attribute__((visibility("default")))

// libFuzzer's own mutation, which knows what the target compared; null where nothing defines it.
extern "C" __attribute__((weak)) std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size,
                                                              std::size_t max_size);

namespace {

using wheatstone::Buffer;
using wheatstone::Bytes;
using wheatstone::MutableBytes;
using wheatstone::Xoshiro;
using wheatstone::fuzz::Mutator;

constexpr std::size_t kLargest = 0xffff'ffff;  // what the library takes
constexpr std::size_t kPlain = 8;              // libFuzzer's own mutation once in so many times

// A fuzzer gives no way to report an error: a wrong setting must not look like a slow campaign.
Mutator mutator_from_environment() {
  const char* const text = std::getenv(wheatstone::fuzz::kKindVariable);
  const auto mutator = wheatstone::fuzz::mutator_for(text != nullptr ? text : "");
  if (mutator) return *mutator;
  std::fprintf(stderr, "wheatstone_mutator: %s\n", wheatstone::fuzz::complaint(text).c_str());
  std::exit(2);
}

const Mutator& libfuzzer_mutator() {
  static const Mutator mutator = mutator_from_environment();
  return mutator;
}

// What afl_custom_init() gives and all other calls get back.
struct AflState {
  Mutator mutator;
  Xoshiro random;
  Buffer out{};
};

}  // namespace

WHEATSTONE_EXPORT std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size,
                                                      std::size_t max_size, unsigned int seed) {
  Xoshiro random(seed);
  max_size = std::min(max_size, kLargest);
  if (LLVMFuzzerMutate != nullptr && size != 0 && random.once_in(kPlain))
    return LLVMFuzzerMutate(data, size, max_size);
  return libfuzzer_mutator().mutate(MutableBytes(data, max_size), size, random);
}

WHEATSTONE_EXPORT std::size_t LLVMFuzzerCustomCrossOver(const std::uint8_t* data1, std::size_t size1,
                                                        const std::uint8_t* data2, std::size_t size2,
                                                        std::uint8_t* out, std::size_t max_out_size,
                                                        unsigned int seed) {
  Xoshiro random(seed);
  return libfuzzer_mutator().cross_over(Bytes(data1, std::min(size1, kLargest)),
                                        Bytes(data2, std::min(size2, kLargest)),
                                        MutableBytes(out, std::min(max_out_size, kLargest)), random);
}

WHEATSTONE_EXPORT void* afl_custom_init(void* /*afl*/, unsigned int seed) {
  return new (std::nothrow) AflState{.mutator = mutator_from_environment(), .random = Xoshiro(seed)};
}

WHEATSTONE_EXPORT std::size_t afl_custom_fuzz(void* data, std::uint8_t* buf, std::size_t buf_size,
                                              std::uint8_t** out_buf, std::uint8_t* add_buf,
                                              std::size_t add_buf_size, std::size_t max_size) {
  AflState& state = *static_cast<AflState*>(data);
  state.out.resize(std::min(max_size, kLargest));
  *out_buf = state.out.data();
  const Bytes input = Bytes(buf, std::min(buf_size, state.out.size()));
  if (add_buf != nullptr && add_buf_size != 0 && state.random.once_in(2))
    return state.mutator.cross_over(input, Bytes(add_buf, std::min(add_buf_size, kLargest)), state.out,
                                    state.random);
  std::ranges::copy(input, state.out.begin());
  return state.mutator.mutate(state.out, input.size(), state.random);
}

WHEATSTONE_EXPORT void afl_custom_deinit(void* data) {
  delete static_cast<AflState*>(data);
}
