// Where a mock gets its time from. Nothing in mocks/ reads the machine's clock by itself.
#pragma once

#include <atomic>
#include <cstdint>

#include "formats/layout/time.hpp"

namespace wheatstone {

class Clock {
 public:
  virtual ~Clock() = default;

  // The time in UTC. May be called from any thread.
  virtual FileTime now() const = 0;
};

// A clock that stands still until it is told to move, and never goes back. Thread-safe.
class VirtualClock final : public Clock {
 public:
  explicit VirtualClock(FileTime start) noexcept : ticks_(start.ticks) {}

  FileTime now() const override { return {ticks_.load(std::memory_order_acquire)}; }

  // Does nothing if `time` is already past.
  void advance_to(FileTime time) noexcept;

  // In 100 ns units. Stops at the last FILETIME there is.
  void advance_by(std::uint64_t ticks) noexcept;

 private:
  std::atomic<std::uint64_t> ticks_;
};

// The clock of the machine.
class SystemClock final : public Clock {
 public:
  FileTime now() const override;
};

}  // namespace wheatstone
