// Where a mock gets its random choices from. Nothing in mocks/ draws random numbers by itself.
#pragma once

#include <array>
#include <cstdint>

#include "formats/layout/bytes.hpp"
#include "formats/layout/xoshiro.hpp"

namespace wheatstone {

class Random {
 public:
  virtual ~Random() = default;

  // Overwrites all of `out`. Not thread-safe: one user at a time.
  virtual void fill(MutableBytes out) = 0;
};

// The same seed gives the same bytes on every machine: a fill takes the generator's words in little-endian
// order and starts with a new word, so two fills of 4 bytes are not one of 8. Not for secrets.
class SeededRandom final : public Random {
 public:
  explicit SeededRandom(std::uint64_t seed) noexcept : words_(seed) {}

  void fill(MutableBytes out) override;

  // The next 64 bits.
  std::uint64_t next() noexcept { return words_.next(); }

 private:
  Xoshiro words_;
};

// The kernel's random source, fit for secrets.
class SystemRandom final : public Random {
 public:
  void fill(MutableBytes out) override;

 private:
  std::array<std::uint8_t, 256> drawn_{};
  std::size_t left_ = 0;  // at the end of `drawn_`
};

}  // namespace wheatstone
