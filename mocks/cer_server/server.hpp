// A Corporate Error Reporting server over HTTP: the peer of Windows Error Reporting.
// Source: [MS-CER2] 3.2; where it is silent, the tables in README.md.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "formats/cab/cabinet.hpp"
#include "formats/cer/report.hpp"
#include "formats/layout/result.hpp"
#include "mocks/cer_server/exchange.hpp"
#include "mocks/cer_server/rule.hpp"
#include "mocks/clock.hpp"
#include "mocks/http/authentication.hpp"
#include "mocks/http/identity.hpp"
#include "mocks/random.hpp"

namespace wheatstone::cer_server {

struct Limits {
  std::size_t head = 16u << 10;                 // bytes of request line and fields: 431 above
  cer::ReportLimits report = {};                // report.bytes is also the limit of a POST: 413 above
  std::size_t cab = 64u << 20;                  // bytes of a PUT: 413 above
  std::size_t in_flight = 256u << 20;           // bytes of all unfinished requests together: 503 above
  std::size_t connections = 4000;               // open at a time; more wait to be accepted
  cab::Limits unpacked = {};                    // what the check of a cab may unpack
  std::chrono::milliseconds head_time{10'000};  // from the start of a connection or of a request: 408 after
  std::chrono::milliseconds body_time{60'000};  // for a whole body: 408 after
  // How long a refused sender may go on before the close, and stop() waits for cabs that are still to be
  // checked.
  std::chrono::milliseconds drain_time{2'000};
};

// When a cab that a store keeps is checked. After the answer is for load: what the check finds comes as a
// LateVerdict, and a server that is behind with it checks before the answer again.
enum class CabCheck : std::uint8_t { before_answer, after_answer };

// Encryption. [MS-CER2] 1.7
struct Tls {
  std::optional<http::Identity> identity = {};  // nullopt: self-made, for `address` and localhost
  std::optional<http::TlsFault> fault = {};     // what every connection is shown
  unsigned times = 0;                           // only so many of the first connections; 0 = every one
};

struct Options {
  std::string address = "127.0.0.1";  // an IP address of this machine
  std::uint16_t port = 1273;          // [MS-CER2] 3.1.3; 0 = any free port
  std::optional<Tls> tls = {};
  // Who may send and read: asked of every connection, with Negotiate and NTLM. Without passwords any name
  // will do, and only the shape of the proof is looked at.
  std::optional<http::Accounts> accounts = {};
  // Whether the address may be one that other machines reach without `tls` and `accounts` with passwords.
  bool unprotected = false;
  cer::Profile profile = cer::Profile::spec;  // how level-1 documents are judged
  Limits limits = {};
  unsigned threads = 1;  // that serve connections
  CabCheck cab_check = CabCheck::before_answer;
  // Folder for reports and cabs, created if it is not there; empty = keep nothing. One server at a time.
  std::filesystem::path store = {};
  // What the store forgets, at the start and from time to time; absent = nothing.
  std::optional<std::uint64_t> keep_reports = {};  // all but so many of the latest
  std::optional<std::uint64_t> keep_time = {};     // what is older, in units of 100 ns
};

class Server {
 public:
  // Opens the store, listens and serves on threads of its own until stop(). `clock`, `random` and `observer`
  // (which may be null) must outlive the server and are used on those threads, `random` and `observer` by one
  // at a time. Fails with `environment` if the
  // address or port cannot be had or another server uses the store, `io` if the store cannot be read or
  // written, `invalid_argument` for a rule or option that cannot work, or an address that needs
  // `unprotected`, `malformed` for an identity that cannot be used.
  static Result<std::unique_ptr<Server>> start(const Options& options, std::vector<Rule> rules,
                                               const Clock& clock, Random& random,
                                               Listener* observer = nullptr);

  // Stops as stop() does.
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // The port it listens on.
  std::uint16_t port() const noexcept;

  // SHA-256 of the certificate, "AB:CD:..."; empty without TLS.
  std::string fingerprint() const;

  // Closes every connection and ends the threads. Requests that are not complete are reported to the observer
  // as such. May be called twice; not from the observer.
  void stop();

 private:
  struct Impl;
  explicit Server(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace wheatstone::cer_server
