// A Windows Error Reporting client over HTTP: level 1 POST, the server's answer, level 2 PUT.
// Source: [MS-CER2] 3.1; where it is silent, the tables in README.md.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "formats/cer/answer.hpp"
#include "formats/cer/report.hpp"
#include "formats/layout/bytes.hpp"
#include "formats/layout/finding.hpp"
#include "formats/layout/time.hpp"
#include "mocks/clock.hpp"
#include "mocks/wer_client/collector.hpp"
#include "mocks/wer_client/config.hpp"
#include "mocks/wer_client/submit_result.hpp"

namespace wheatstone::wer_client {

struct Submission {
  // Sent as it is, except that a missing FILES list is made from `files` when there are any.
  cer::Report report;
  std::vector<File> files = {};
};

// One HTTP request and what came back, raw. Either may be cut short by a failure.
struct Exchange {
  Buffer request;
  Buffer response;
  unsigned status = 0;  // of the final response; 0 = none could be read
  // Requests before this one that were answered with 401, on the way to saying who sends. They are no part
  // of the protocol of error reporting.
  std::vector<Exchange> legs = {};
};

struct Outcome {
  SubmitResult result = SubmitResult::failed;
  std::vector<Exchange> exchanges;    // none, level 1, or level 1 and level 2; more only for some breaches
  std::optional<cer::Answer> answer;  // of a 2xx response to level 1
  std::optional<Buffer> cab;          // as packed for level 2
  std::vector<Finding> findings;      // about the answer and what it asked for
  std::string detail;                 // why, for people; empty when there is nothing to say
};

class Client {
 public:
  // `collector` may be null: then nothing is collected. Clock and collector must outlive the client. The
  // clock gives the date of the cab's members and the time of attempts.
  Client(Config config, const Clock& clock, Collector* collector);
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  // Blocks until the report is sent, queued or given up; at most twice Config::exchange_time plus the
  // name look-up. Never throws for anything that the server does.
  Outcome submit(const Submission& submission);

  // What of the queue is tried.
  enum class Which : std::uint8_t { due, all };

  // Sends what is in the queue, oldest first; what was sent goes to the archive, the rest stays. Level 1 is
  // the same bytes as at the first attempt. One outcome for each report that was tried.
  std::vector<Outcome> submit_queued(Which which = Which::due);

  // When the next report of the queue is to be tried; nullopt if there is none, or no store.
  std::optional<FileTime> next_due();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace wheatstone::wer_client
