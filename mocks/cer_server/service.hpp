// What the server decides, request by request: routes, issued paths, buckets, quotas, faults. HTTP framing is
// connection.hpp's, sockets are server.cpp's.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "formats/layout/result.hpp"
#include "mocks/cer_server/exchange.hpp"
#include "mocks/cer_server/reply.hpp"
#include "mocks/cer_server/server.hpp"
#include "mocks/cer_server/site.hpp"
#include "mocks/cer_server/store.hpp"
#include "mocks/http/message.hpp"

namespace wheatstone::cer_server {

// The only level-1 path. [MS-CER2] 4.1
inline constexpr std::string_view kLevel1Path = "/stage2.htm";

// A request in work. From admit() on it may hold a claim on an upload path; finish() or abandon() ends it.
struct Request {
  Exchange exchange;
  std::string upload_path;       // the claimed path; empty = none
  std::size_t body_limit = 0;    // for a request that is not refused
  std::optional<Reply> refusal;  // the answer without reading a body
  bool head_only = false;        // HEAD: the answer has no body
  bool of_site = false;          // a browser looks: no part of the protocol, told to nobody
};

class Service {
 public:
  // As Server::start(), without the network.
  static Result<std::unique_ptr<Service>> open(const Options& options, std::vector<Rule> rules,
                                               const Clock& clock, Random& random, Listener* observer);

  const Limits& limits() const noexcept { return limits_; }

  // Looks at a head: where it goes, and whether its body is wanted.
  Request admit(const http::Message& head, bool has_length);

  // The reply to a complete request. Keeps nothing yet.
  Reply handle(Request& request, Bytes body);

  // Renders the reply, keeps and reports the exchange and returns the bytes to send. If it cannot be kept,
  // they are a 500. `sent` is what went out before (a 100 Continue). Sets `close` if the connection must end.
  Buffer finish(Request request, const Reply& reply, Buffer raw_request, Buffer sent, bool& close);

  // The connection ended before the request was complete.
  void abandon(Request request, Buffer raw_request, Buffer sent, Finding why);

  // Bytes of unfinished requests over all connections; the connections keep the count.
  std::size_t in_flight = 0;

 private:
  // A path that was issued. A rule with a fixed DumpFile may issue it again, to a later report.
  struct Upload {
    enum class State : std::uint8_t { open, receiving, filled };
    std::uint64_t report_number = 0;
    State state = State::open;
    std::optional<Fault> fault = {};
    std::shared_ptr<const std::pair<cer::Report, cer::Answer>> asked = {};
  };

  Service(const Options& options, std::vector<Rule> rules, const Clock& clock, Random& random,
          Listener* observer, Store store, Site site);

  void recall(const StoredReport& stored);
  Reply level1(Request& request, Bytes document);
  Reply level2(Request& request, Bytes cab);
  Reply instead(const Fault& fault);
  cer::Answer default_answer(const std::string& signature);
  std::optional<std::string> new_path(std::uint64_t report_number);
  void issue(std::uint64_t report_number, const cer::Report& report, const cer::Answer& answer,
             const std::optional<Fault>& fault);
  void release(const Request& request, Upload::State state);
  void complete(Exchange& exchange);
  Result<void> forget();

  Limits limits_;
  std::vector<Rule> rules_;
  std::vector<unsigned> times_left_;
  const Clock& clock_;
  Random& random_;
  Listener* observer_;
  Store store_;
  Site site_;
  std::optional<std::uint64_t> keep_reports_;
  std::optional<std::uint64_t> keep_time_;
  std::uint64_t last_sequence_ = 0;
  std::uint64_t last_report_ = 0;
  std::uint64_t last_bucket_ = 99;
  std::map<std::string, std::uint64_t> buckets_;  // by signature
  std::map<std::string, unsigned> asked_;         // cabs asked for, by signature
  std::map<std::string, Upload> uploads_;         // by cer::normalize_upload_path
};

}  // namespace wheatstone::cer_server
