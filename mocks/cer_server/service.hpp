// What the server decides, request by request: routes, issued paths, buckets, quotas, faults. HTTP framing is
// connection.hpp's, sockets are server.cpp's.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "formats/layout/result.hpp"
#include "mocks/cer_server/exchange.hpp"
#include "mocks/cer_server/late_check.hpp"
#include "mocks/cer_server/reply.hpp"
#include "mocks/cer_server/server.hpp"
#include "mocks/cer_server/site.hpp"
#include "mocks/cer_server/store.hpp"
#include "mocks/cer_server/store_writer.hpp"
#include "mocks/cer_server/uploads.hpp"
#include "mocks/http/message.hpp"
#include "mocks/worker.hpp"

namespace wheatstone::cer_server {

// The only level-1 path. [MS-CER2] 4.1
inline constexpr std::string_view kLevel1Path = "/stage2.htm";

// A request in work. From admit() on it may hold a claim on an upload path; finish() or abandon() ends it.
struct Request {
  Exchange exchange;
  std::string upload_path;             // the claimed path; empty = none
  std::shared_ptr<IncomingFile> file;  // where the body of an upload goes; null = it stays in memory
  std::shared_ptr<const Asked> asked;  // for a check of the cab after the answer
  bool check_later = false;
  std::size_t body_limit = 0;    // for a request that is not refused
  std::optional<Reply> refusal;  // the answer without reading a body
  bool head_only = false;        // HEAD: the answer has no body
  bool of_site = false;          // a browser looks: no part of the protocol, told to nobody
};

// What came of a request on the wire.
struct Received {
  Buffer raw;              // as Exchange::request
  std::uint64_t size = 0;  // as Exchange::request_size
  Buffer sent;             // what went out before the answer: a 100 Continue
};

// One random source for several threads.
class SharedRandom final : public Random {
 public:
  explicit SharedRandom(Random& random) : random_(random) {}

  void fill(MutableBytes out) override {
    const std::lock_guard lock(mutex_);
    random_.fill(out);
  }

 private:
  std::mutex mutex_;
  Random& random_;
};

// May be used by several threads. Threads of its own serve the site, and check cabs whose uploads are
// answered already.
class Service {
 public:
  // The bytes to send, and whether the connection must end after them. Called once, on any thread, also
  // before finish() returns.
  using Done = std::function<void(Buffer bytes, bool close)>;

  // As Server::start(), without the network.
  static Result<std::unique_ptr<Service>> open(const Options& options, std::vector<Rule> rules,
                                               const Clock& clock, Random& random, Listener* observer);

  ~Service();

  const Limits& limits() const noexcept { return limits_; }

  // Looks at a head: where it goes, and whether its body is wanted.
  Request admit(const http::Message& head, bool has_length);

  // Lets the body of an upload go to Request::file, if the server has a store.
  bool open_file(Request& request) const;

  // The reply to a complete request, whose body is `body` unless Request::file has it. Keeps nothing yet.
  Reply handle(Request& request, Bytes body);

  // Renders the reply, keeps and reports the exchange, then calls `done` with the bytes to send. If it cannot
  // be kept, they are a 500.
  void finish(Request request, Reply reply, Received received, bool close, Done done);

  // The reply to a request that is of_site, with more fields.
  void browse(const http::Message& head, bool close, std::vector<http::Field> fields, Done done);

  // What asks a connection who it is; nullopt: nobody is asked.
  std::optional<http::Acceptor> acceptor();

  // An answer that is neither kept nor told.
  Buffer render_leg(const Reply& reply, bool head_only, bool& close) const;

  // The connection ended before the request was complete.
  void abandon(Request request, Received received, Finding why);

  // Writes what requests have left for the store and calls their `done`.
  void flush();

  // To be called once, before the first request. `soon` is called whenever something was left for the store,
  // and must see to it that flush() is called where and when it suits best; without it that is at once.
  // Checks the cabs that an earlier run did not.
  void begin(std::function<void()> soon);

  // Keeps and reports what is in work, then ends the threads. No request may follow.
  void stop();

  // Bytes of unfinished requests over all connections; the connections keep the count.
  std::atomic<std::size_t> in_flight = 0;

 private:
  struct Finishing;

  Service(const Options& options, std::vector<Rule> rules, const Clock& clock, Random& random,
          Listener* observer, Site site);

  void recall(const StoredReport& stored);
  Reply level1(Request& request, Bytes document);
  Reply level2(Request& request, Bytes cab);
  void check(Exchange& exchange, Bytes cab, const Asked* asked) const;
  Reply instead(const Fault& fault);
  cer::Answer default_answer(const std::string& key);
  unsigned& count_of(const std::string& key);
  std::optional<std::string> new_path(std::uint64_t report_number);
  void kept(Finishing& work, Exchange& exchange, const Result<void>& result);
  Result<void> forget(Store& store);

  const Limits limits_;
  const std::vector<Rule> rules_;
  const Clock& clock_;
  SharedRandom random_;
  Listener* const observer_;
  const std::optional<http::Accounts> accounts_;
  const cer::Profile profile_;
  const CabCheck cab_check_;
  const std::optional<std::uint64_t> keep_reports_;
  const std::optional<std::uint64_t> keep_time_;
  const Site site_;  // used on browser_ only

  std::mutex mutex_;  // over all that follows, down to the threads
  std::vector<unsigned> times_left_;
  std::uint64_t last_report_ = 0;
  std::uint64_t last_bucket_ = 99;
  std::unordered_map<std::string, std::uint64_t> buckets_;  // by hash of the signature
  std::unordered_map<std::string, unsigned> asked_;         // cabs asked for, by hash of the signature
  Uploads uploads_;

  std::mutex telling_;  // over what follows, without a store; else one thread at a time writes
  std::uint64_t last_sequence_ = 0;

  std::vector<std::pair<std::uint64_t, std::shared_ptr<const Asked>>> unchecked_;  // by report, until begin()
  std::function<void()> soon_ = [this] { flush(); };
  std::unique_ptr<StoreWriter> writer_;  // null: nothing is kept
  Worker browser_;
  std::unique_ptr<LateCheck> late_check_;  // null: nothing is kept
};

}  // namespace wheatstone::cer_server
