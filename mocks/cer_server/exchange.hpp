// What the Corporate Error Reporting server saw and did: one Exchange for every request.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "formats/cer/answer.hpp"
#include "formats/cer/report.hpp"
#include "formats/layout/bytes.hpp"
#include "formats/layout/finding.hpp"
#include "formats/layout/time.hpp"

namespace wheatstone::cer_server {

struct Verdict {
  unsigned status = 0;  // the HTTP status that was answered; 0 = the connection ended without one
  std::vector<Finding> findings;
};

struct Exchange {
  enum class Kind : std::uint8_t { level1, level2, other };

  std::uint64_t sequence = 0;  // from 1, in the order in which the exchanges ended
  FileTime time;               // when it ended
  Kind kind = Kind::other;
  std::uint64_t report_number = 0;  // of the level-1 report it belongs to; 0 = none
  Buffer request;  // raw: what was read of head and body; of an upload that goes to a store, the head
  std::uint64_t request_size = 0;     // bytes of head and body
  Buffer response;                    // raw: all that was sent, a 100 Continue included
  std::optional<cer::Report> report;  // level 1, if the document could be read
  std::optional<cer::Answer> answer;  // level 1, if one was composed
  Buffer document;                    // level 1: the body
  bool has_cab = false;               // level 2: the body was accepted
  Buffer cab;                         // the accepted cab; empty if a store keeps it
  std::uint64_t cab_size = 0;         // of the accepted cab, wherever it is kept
  std::string cab_sha256;             // 64 hex digits; empty if the cab is checked after the answer
  Verdict verdict;
};

// What the check of a cab found that was made after the upload was answered.
struct LateVerdict {
  std::uint64_t report_number = 0;
  FileTime time;
  std::string cab_sha256;
  std::vector<Finding> findings;
};

// "level1", "level2", "other"
std::string_view to_string(Exchange::Kind kind) noexcept;

class Listener {
 public:
  virtual ~Listener() = default;

  // Called on a thread of the server after the exchange is in the store and before its answer leaves, so a
  // client that has its answer can rely on the listener having been told. Never two calls at a time. Must not
  // call into the server.
  virtual void on_exchange(const Exchange& exchange) = 0;

  // As on_exchange(), once the verdict is in the store; only with Options::cab_check after_answer.
  virtual void on_late_verdict(const LateVerdict&) {}
};

}  // namespace wheatstone::cer_server
