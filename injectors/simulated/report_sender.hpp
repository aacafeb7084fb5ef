// The reporting client of the simulated machine, and what one submission looks like from outside.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "formats/layout/result.hpp"
#include "injectors/observation.hpp"
#include "injectors/target.hpp"
#include "mocks/clock.hpp"
#include "mocks/wer_client/client.hpp"

namespace wheatstone::inject {

// A collector that has what is offered, and nothing else. Fails (invalid_argument) for a key that no answer
// has.
Result<wer_client::ScriptedCollector> collector_of(const std::vector<ErrorReporting::Offer>& offers);

class ReportSender {
 public:
  // Without a server nothing is ever sent. `clock` and `random` must outlive the sender. Fails
  // (invalid_argument) for a consent that is none, or an offer for a key that no answer has.
  static Result<ReportSender> make(const ErrorReporting& settings, const Clock& clock, Random& random,
                                   const std::optional<Endpoint>& server);

  ~ReportSender();
  ReportSender(ReportSender&&) noexcept;
  ReportSender& operator=(ReportSender&&) noexcept;

  // Blocks until the client is done. In order: level1, answer, level2 as far as they happened, then submit.
  // Artefacts are named, times are not set.
  std::vector<Observation> send(const wer_client::Submission& submission);

 private:
  struct Parts;
  explicit ReportSender(std::unique_ptr<Parts> parts);

  std::unique_ptr<Parts> parts_;
};

}  // namespace wheatstone::inject
