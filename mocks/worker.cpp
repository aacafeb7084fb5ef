#include "mocks/worker.hpp"

#include <sched.h>

#include <utility>

namespace wheatstone {

Worker::Worker(Priority priority) : thread_([this, priority] { run(priority); }) {}

Worker::~Worker() {
  stop();
}

void Worker::post(std::function<void()> work) {
  {
    const std::lock_guard lock(mutex_);
    if (end_) return;
    queue_.push_back(std::move(work));
  }
  changed_.notify_one();
}

std::size_t Worker::waiting() const {
  const std::lock_guard lock(mutex_);
  return queue_.size();
}

void Worker::stop(std::chrono::milliseconds patience) {
  {
    const std::lock_guard lock(mutex_);
    if (!end_) end_ = std::chrono::steady_clock::now() + patience;
  }
  changed_.notify_one();
  if (thread_.joinable()) thread_.join();
}

void Worker::run(Priority priority) {
  if (priority == Priority::idle) {
    const sched_param none{};
    ::sched_setscheduler(0, SCHED_IDLE, &none);  // of this thread; refused: it works as any other
  }
  for (;;) {
    std::function<void()> work;
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return end_ || !queue_.empty(); });
      if (queue_.empty() || (end_ && std::chrono::steady_clock::now() >= *end_)) return;
      work = std::move(queue_.front());
      queue_.pop_front();
    }
    work();
  }
}

}  // namespace wheatstone
