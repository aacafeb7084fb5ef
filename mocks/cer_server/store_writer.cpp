#include "mocks/cer_server/store_writer.hpp"

#include <algorithm>
#include <utility>

namespace wheatstone::cer_server {

StoreWriter::StoreWriter(Store store) : store_(std::move(store)), thread_([this] { write(); }) {}

StoreWriter::~StoreWriter() {
  stop();
}

void StoreWriter::put(Store::Item item, Then then) {
  put(Job{std::move(item), std::move(then), {}});
}

void StoreWriter::run(std::function<void(Store&)> work) {
  put(Job{{}, {}, std::move(work)});
}

void StoreWriter::put(Job job) {
  bool was_empty = false;
  {
    const std::lock_guard lock(mutex_);
    was_empty = queue_.empty();
    queue_.push_back(std::move(job));
  }
  if (was_empty) changed_.notify_one();
}

void StoreWriter::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_one();
  if (thread_.joinable()) thread_.join();
}

// Never waits for a batch to become larger: what came in the meantime is batch enough.
void StoreWriter::write() {
  std::vector<Job> batch;
  for (;;) {
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
      if (queue_.empty()) return;
      batch.swap(queue_);
    }
    for (auto at = batch.begin(); at != batch.end();) {
      if (at->work) {
        at->work(store_);
        ++at;
        continue;
      }
      const auto end = std::find_if(at, batch.end(), [](const Job& job) { return bool(job.work); });
      keep({at, end});
      at = end;
    }
    batch.clear();
  }
}

void StoreWriter::keep(std::span<Job> jobs) {
  std::vector<const Store::Item*> items;
  for (const Job& job : jobs) items.push_back(&job.item);
  const Result<void> all = store_.add(items);
  for (Job& job : jobs) {
    if (all || jobs.size() == 1) {
      job.then(job.item, all);
    } else {
      const Store::Item* const one[] = {&job.item};
      job.then(job.item, store_.add(one));
    }
  }
}

}  // namespace wheatstone::cer_server
