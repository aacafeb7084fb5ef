// Random numbers that are the same on every machine for the same seed.
#pragma once

#include <array>
#include <bit>
#include <cstdint>

namespace wheatstone {

// xoshiro256** 1.0 (Blackman, Vigna), its four words drawn from the seed by splitmix64. Not for secrets.
class Xoshiro {
 public:
  constexpr explicit Xoshiro(std::uint64_t seed) noexcept : state_{} {
    for (std::uint64_t& word : state_) {
      seed += 0x9e3779b97f4a7c15;
      std::uint64_t z = seed;
      z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
      z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
      word = z ^ (z >> 31);
    }
  }

  // The next 64 bits.
  constexpr std::uint64_t next() noexcept {
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

  // Below `limit`, nearly uniform; 0 if there is nothing below it. REQUIRES: limit < 2^32.
  constexpr std::size_t below(std::size_t limit) noexcept {
    return static_cast<std::size_t>(((next() >> 32) * limit) >> 32);
  }

  // True once in `times`. REQUIRES: times > 0.
  constexpr bool once_in(std::size_t times) noexcept { return below(times) == 0; }

 private:
  std::array<std::uint64_t, 4> state_;
};

}  // namespace wheatstone
