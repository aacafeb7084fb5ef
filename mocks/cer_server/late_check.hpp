// Cabs that are checked once their uploads are answered.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>

#include "formats/cab/cabinet.hpp"
#include "mocks/cer_server/exchange.hpp"
#include "mocks/cer_server/store_writer.hpp"
#include "mocks/cer_server/uploads.hpp"
#include "mocks/clock.hpp"
#include "mocks/worker.hpp"

namespace wheatstone::cer_server {

// As check_cab; what was asked may be forgotten (null): cab-not-compared.
std::vector<Finding> verdict_of(Bytes cab, const Asked* asked, const cab::Limits& limits);

// One cab after the other, in the order of post(), on a thread of its own that runs when the processor has
// nothing else to do. A verdict goes to the store, then to the listener.
class LateCheck {
 public:
  // `writer`, `clock` and `listener` (null: nobody) must live as long. `soon` is called, on the thread,
  // whenever a verdict was put: StoreWriter::flush() must follow.
  LateCheck(StoreWriter& writer, const Clock& clock, const cab::Limits& limits, Listener* listener,
            std::function<void()> soon);

  // Whether another cab may wait. Who is behind checks before the answer again.
  bool has_room(const Asked* asked) const;

  // Checks the cab of the report, which is in Content::incoming(). From any thread.
  void post(std::uint64_t report_number, std::shared_ptr<const Asked> asked);

  // Ends the thread once there is nothing left to do, or after `patience` and the cab in hand; the next run
  // checks the others.
  void stop(std::chrono::milliseconds patience) { worker_.stop(patience); }

 private:
  void check(std::uint64_t report_number, const Asked* asked);

  StoreWriter& writer_;
  const Clock& clock_;
  const cab::Limits& limits_;
  Listener* const listener_;
  const std::function<void()> soon_;
  std::atomic<std::size_t> bytes_ = 0;  // of the documents of those that wait
  Buffer room_ = Buffer(1u << 20);      // for a cab; of the thread
  Worker worker_{Worker::Priority::idle};
};

}  // namespace wheatstone::cer_server
