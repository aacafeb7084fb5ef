#include "mocks/random.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <utility>

namespace wheatstone {

void SeededRandom::fill(MutableBytes out) {
  while (!out.empty()) {
    std::array<std::uint8_t, 8> word;
    store_le<std::uint64_t>(word.data(), next());
    const std::size_t count = std::min(out.size(), word.size());
    std::copy_n(word.begin(), count, out.begin());
    out = out.subspan(count);
  }
}

void SystemRandom::fill(MutableBytes out) {
  for (std::uint8_t& byte : out) {
    if (left_ == 0) {
      // It fails only for a bad address, or for more than 256 bytes.
      if (::getentropy(drawn_.data(), drawn_.size()) != 0) std::abort();
      left_ = drawn_.size();
    }
    std::uint8_t& secret = drawn_[drawn_.size() - left_--];
    byte = std::exchange(secret, std::uint8_t{0});
  }
}

}  // namespace wheatstone
