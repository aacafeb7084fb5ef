// Writes to a store for many threads, without one of its own. Whoever flushes first writes what all have put,
// in one transaction, so many clients share the cost of one commit; the others go on meanwhile.
#pragma once

#include <functional>
#include <mutex>
#include <span>
#include <vector>

#include "formats/layout/result.hpp"
#include "mocks/cer_server/store.hpp"

namespace wheatstone::cer_server {

class StoreWriter {
 public:
  // Called by whoever flushes once the item is in the store, or with what went wrong; an item that cannot be
  // kept hurts no other. One call at a time, in the order in which they were put. May put more, but not
  // flush; must not throw.
  using Then = std::function<void(Store::Item& item, const Result<void>& kept)>;

  // Called after that, when others may write again.
  using After = std::function<void()>;

  explicit StoreWriter(Store store) : store_(std::move(store)) {}
  StoreWriter(const StoreWriter&) = delete;
  StoreWriter& operator=(const StoreWriter&) = delete;

  // From any thread; a flush() must follow.
  void put(Store::Item item, Then then, After after = {}) {
    put(Job{std::move(item), std::move(then), std::move(after), {}});
  }

  // Does something else with the store, in the same order.
  void run(std::function<void(Store&)> work) { put(Job{{}, {}, {}, std::move(work)}); }

  // From any thread: what was put before is in the store at the end, or is being written by another thread.
  void flush();

  const Content& content() const noexcept { return store_.content(); }

 private:
  struct Job {
    Store::Item item;
    Then then;                         // empty: `work` is meant
    After after;                       // may be empty
    std::function<void(Store&)> work;  // empty: `item` is meant
  };

  void put(Job job);
  std::vector<Job> take();
  void write(std::span<Job> batch);
  void keep(std::span<Job> jobs);

  std::mutex writing_;
  Store store_;  // by whoever holds writing_

  std::mutex queueing_;
  std::vector<Job> queue_;
};

}  // namespace wheatstone::cer_server
