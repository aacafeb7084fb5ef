#include "mocks/random.hpp"

#include <algorithm>
#include <bit>
#include <random>

namespace wheatstone {

SeededRandom::SeededRandom(std::uint64_t seed) noexcept : state_{} {
  for (std::uint64_t& word : state_) {
    seed += 0x9e3779b97f4a7c15;
    std::uint64_t z = seed;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    word = z ^ (z >> 31);
  }
}

std::uint64_t SeededRandom::next() noexcept {
  const std::uint64_t result = std::rotl(state_[1] * 5, 7) * 9;
  const std::uint64_t t = state_[1] << 17;
  state_[2] ^= state_[0];
  state_[3] ^= state_[1];
  state_[1] ^= state_[2];
  state_[0] ^= state_[3];
  state_[2] ^= t;
  state_[3] = std::rotl(state_[3], 45);
  return result;
}

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
