#include "mocks/cer_server/store_writer.hpp"

#include <algorithm>
#include <utility>

namespace wheatstone::cer_server {

void StoreWriter::put(Job job) {
  const std::lock_guard lock(queueing_);
  queue_.push_back(std::move(job));
}

std::vector<StoreWriter::Job> StoreWriter::take() {
  const std::lock_guard lock(queueing_);
  return std::exchange(queue_, {});
}

// Never waits for a batch to become larger: what came in the meantime is batch enough. Who finds another
// writing leaves its items to that one, which looks again after it has let go.
void StoreWriter::flush() {
  for (;;) {
    std::vector<Job> batch;
    {
      const std::unique_lock writing(writing_, std::try_to_lock);
      if (!writing) return;
      batch = take();
      write(batch);
    }
    for (const Job& job : batch)
      if (job.after) job.after();
    const std::lock_guard lock(queueing_);
    if (queue_.empty()) return;
  }
}

void StoreWriter::write(std::span<Job> batch) {
  for (auto at = batch.begin(); at != batch.end();) {
    const auto end = std::find_if(at, batch.end(), [](const Job& job) { return bool(job.work); });
    if (at != end) keep({at, end});
    at = end;
    for (; at != batch.end() && at->work; ++at) at->work(store_);
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
