// The cases about clients, and a run of them: we listen, and grade who comes.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "formats/cer/answer.hpp"
#include "formats/cer/report.hpp"
#include "harness/conform/raw_http.hpp"
#include "harness/conform/suite.hpp"
#include "mocks/http/identity.hpp"
#include "mocks/http/message.hpp"

namespace wheatstone::conform {

// Where the client finds us, and where it must never go.
struct Place {
  std::uint16_t port = 0;
  std::uint16_t decoy = 0;       // another port: stands for another host
  std::string fingerprint = {};  // SHA-256 of our certificate, "AB:CD:..."; empty: no TLS

  std::string host() const { return "127.0.0.1"; }
  std::string authority() const;        // "127.0.0.1:40123"
  std::string decoy_authority() const;  // of the other host
  std::string url() const { return std::string(scheme()) + "://" + authority(); }
  std::string decoy_url() const { return std::string(scheme()) + "://" + decoy_authority(); }
  std::string_view scheme() const noexcept { return fingerprint.empty() ? "http" : "https"; }
};

// One request, as it came.
struct Seen {
  http::Message message{};
  std::string problem{};                                 // why it is no HTTP/1.1; empty if it is
  std::optional<Result<cer::ReadReport>> document = {};  // of a level-1 report

  bool is_report() const;  // a POST to the report path
  bool is_upload() const;  // a PUT
};

// What the client hears.
struct Script {
  std::string answer;         // to a report: all bytes of the response
  std::string upload_answer;  // to a PUT
  bool closes = false;        // each answer ends its connection
};

// What one client did in one case.
struct Visit {
  Place place{};
  cer::Answer answer{};                 // what Script::answer says, if it says anything
  std::vector<Seen> requests{};         // in the order in which they were complete
  bool went_elsewhere = false;          // something connected to the decoy
  bool has_command = false;             // we started it, so that it has an exit code
  std::optional<int> exit_code{};       // nullopt: it was still running when the time was over
  std::optional<bool> ever_uploaded{};  // in the case that just asks for a cab; nullopt: that did not run

  const Seen* report() const noexcept;  // the first, or nullptr
  const Seen* upload() const noexcept;  // the first, or nullptr
};

// A check of every request of a kind, in all visits.
struct RequestCase {
  enum class Kind : std::uint8_t { every, report, upload };

  Case about;
  Kind kind = Kind::every;
  Verdict (*check)(const Seen& request, const Visit& visit);
};

// A visit of its own.
struct BehaviourCase {
  Case about;
  Script (*script)(const Place& place);
  Verdict (*check)(const Visit& visit);
};

// In tables by theme; ids ascend within a table.
std::span<const RequestCase> request_cases();           // client_cases_requests.cpp
std::span<const BehaviourCase> answer_reading_cases();  // client_cases_behaviour.cpp, and so are the others
std::span<const BehaviourCase> upload_path_cases();
std::span<const BehaviourCase> collection_cases();
std::span<const BehaviourCase> failure_cases();

// All of them.
std::vector<Case> client_cases();

// Starts the client and waits for its end: the exit code, or nullopt if it had to be stopped. Called on
// another thread. Fails with `environment` if it cannot be started.
using RunClient = std::function<Result<std::optional<int>>(const Place& place)>;

struct ClientOptions {
  std::uint16_t port = 0;                       // to listen on; 0 = any free one
  std::optional<http::Identity> identity = {};  // who we are to clients that speak TLS; absent: plain HTTP
  Milliseconds wait{30'000};                    // for a client to come, and for what it does to end
  Only only = {};
  RunClient run = {};  // none: clients come by themselves, and each new report is the next case
};

// Listens on 127.0.0.1, calls `on_listening` and runs the cases. Results are handed over as they are known,
// those of request_cases() last, until `keep_on` gives false. Fails with `environment` if the port cannot be
// had or the client not be started, and as http::TlsServer::make() and check_ids() do.
Result<std::vector<CaseResult>> test_client(const ClientOptions& options,
                                            const std::function<void(const Place&)>& on_listening,
                                            const std::function<bool(const CaseResult&)>& keep_on);

}  // namespace wheatstone::conform
