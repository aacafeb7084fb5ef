#include "mocks/clock.hpp"

#include <chrono>
#include <limits>

namespace wheatstone {

void VirtualClock::advance_to(FileTime time) noexcept {
  std::uint64_t now = ticks_.load(std::memory_order_acquire);
  while (now < time.ticks && !ticks_.compare_exchange_weak(now, time.ticks, std::memory_order_acq_rel)) {
  }
}

void VirtualClock::advance_by(std::uint64_t ticks) noexcept {
  constexpr std::uint64_t kLast = std::numeric_limits<std::uint64_t>::max();
  std::uint64_t now = ticks_.load(std::memory_order_acquire);
  std::uint64_t next = 0;
  do {
    next = ticks > kLast - now ? kLast : now + ticks;
  } while (!ticks_.compare_exchange_weak(now, next, std::memory_order_acq_rel));
}

FileTime SystemClock::now() const {
  using Ticks = std::chrono::duration<std::int64_t, std::ratio<1, FileTime::kPerSecond>>;
  const auto since_1970 = std::chrono::system_clock::now().time_since_epoch();
  const std::int64_t ticks = std::chrono::duration_cast<Ticks>(since_1970).count();
  return {FileTime::kUnixEpoch + static_cast<std::uint64_t>(ticks)};
}

}  // namespace wheatstone
