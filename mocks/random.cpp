#include "mocks/random.hpp"

#include <algorithm>
#include <array>
#include <random>

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
  std::random_device device;
  for (std::uint8_t& byte : out) byte = static_cast<std::uint8_t>(device());
}

}  // namespace wheatstone
