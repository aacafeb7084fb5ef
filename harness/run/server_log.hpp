// What the CER server of a run says happened, as observations.
#pragma once

#include <mutex>
#include <vector>

#include "injectors/observation.hpp"
#include "mocks/cer_server/exchange.hpp"

namespace wheatstone::run {

// One `server` observation for one exchange. Fields: Kind, StatusCode, EventType and Bucket where known,
// ReportNumber, FindingCount, FindingCodes (joined with ';'), and for level 1 Answer, the text that was sent
// as the body of the response. Bytes: the raw request.
inject::Observation observe_exchange(const cer_server::Exchange& exchange);

// Collects the exchanges of a server from its thread.
class ServerLog final : public cer_server::Listener {
 public:
  void on_exchange(const cer_server::Exchange& exchange) override;

  // Everything so far, in the order in which the exchanges ended; leaves the log empty.
  std::vector<inject::Observation> take();

 private:
  std::mutex mutex_;
  std::vector<inject::Observation> observations_;
};

}  // namespace wheatstone::run
