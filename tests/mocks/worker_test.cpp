#include "mocks/worker.hpp"

#include <gtest/gtest.h>

#include <future>
#include <thread>
#include <vector>

namespace wheatstone {
namespace {

TEST(Worker, DoesOneAfterTheOther) {
  std::vector<int> done;
  std::promise<void> last;
  Worker worker;
  for (int i = 0; i < 100; ++i) worker.post([&done, i] { done.push_back(i); });
  worker.post([&last] { last.set_value(); });
  last.get_future().wait();
  ASSERT_EQ(done.size(), 100u);
  for (int i = 0; i < 100; ++i) EXPECT_EQ(done[static_cast<std::size_t>(i)], i);
}

TEST(Worker, DropsWhatHasNotBegun) {
  std::promise<void> begun, go_on;
  bool dropped = true;
  Worker worker;
  worker.post([&] {
    begun.set_value();
    go_on.get_future().wait();
  });
  worker.post([&dropped] { dropped = false; });
  begun.get_future().wait();
  EXPECT_EQ(worker.waiting(), 1u);
  std::thread stopping([&worker] { worker.stop(); });
  // Once it takes no more, it is stopping.
  for (std::size_t before = 0; before != worker.waiting();) {
    before = worker.waiting();
    worker.post([] {});
  }
  go_on.set_value();
  stopping.join();
  EXPECT_TRUE(dropped);
}

TEST(Worker, WithPatienceFinishesFirst) {
  int done = 0;
  Worker worker(Worker::Priority::idle);
  for (int i = 0; i < 100; ++i) worker.post([&done] { ++done; });
  worker.stop(std::chrono::seconds(20));
  EXPECT_EQ(done, 100);
  worker.post([&done] { ++done; });
  worker.stop();
  EXPECT_EQ(done, 100);
}

}  // namespace
}  // namespace wheatstone
