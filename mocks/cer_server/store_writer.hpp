// The one thread that writes to a store. What is put while a transaction runs goes into the next one
// together, so many clients share the cost of one commit.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "formats/layout/result.hpp"
#include "mocks/cer_server/store.hpp"

namespace wheatstone::cer_server {

class StoreWriter {
 public:
  // Called on the writer's thread once the item is in the store, or with what went wrong; an item that cannot
  // be kept hurts no other. Must not throw.
  using Then = std::function<void(Store::Item& item, const Result<void>& kept)>;

  explicit StoreWriter(Store store);

  // As stop().
  ~StoreWriter();
  StoreWriter(const StoreWriter&) = delete;
  StoreWriter& operator=(const StoreWriter&) = delete;

  // From any thread. Items are kept, and `then` is called, in the order in which they were put.
  void put(Store::Item item, Then then);

  // From any thread: does something else with the store, in the same order.
  void run(std::function<void(Store&)> work);

  // Keeps what was put, then ends the thread. No put() and no run() may follow, except from the thread
  // itself.
  void stop();

  const Content& content() const noexcept { return store_.content(); }

 private:
  struct Job {
    Store::Item item;
    Then then;                         // empty: `work` is meant
    std::function<void(Store&)> work;  // empty: `item` is meant
  };

  void put(Job job);
  void write();
  void keep(std::span<Job> jobs);

  Store store_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Job> queue_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace wheatstone::cer_server
