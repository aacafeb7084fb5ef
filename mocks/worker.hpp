// A thread that does one piece of work after the other.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>

namespace wheatstone {

class Worker {
 public:
  enum class Priority : std::uint8_t { usual, idle };  // idle: only when the processor has nothing else to do

  explicit Worker(Priority priority = Priority::usual);

  // As stop().
  ~Worker();
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  // From any thread. The work must not throw.
  void post(std::function<void()> work);

  // How much was posted and has not begun.
  std::size_t waiting() const;

  // Ends the thread once there is nothing left to do, or after `patience` and the work in hand; the rest is
  // dropped.
  void stop(std::chrono::milliseconds patience = {});

 private:
  void run(Priority priority);

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::function<void()>> queue_;
  std::optional<std::chrono::steady_clock::time_point> end_;  // when it is to stop at the latest
  std::thread thread_;
};

}  // namespace wheatstone
