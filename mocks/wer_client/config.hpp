// Settings of the Windows Error Reporting client, named as the registry values are.
// Source: Microsoft's "WER Settings" page; [MS-CER2] 3.1.1, 3.1.3.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "mocks/http/authentication.hpp"
#include "mocks/http/tls.hpp"
#include "mocks/random.hpp"

namespace wheatstone::wer_client {

// Consent\DefaultConsent
enum class Consent : std::uint8_t {
  always_ask = 1,  // ask before anything is sent
  parameters = 2,  // send level 1, ask before more
  safe_data = 3,   // also send files that are marked anonymous, ask before more
  all_data = 4,    // send everything
};

enum class Question : std::uint8_t { send_report, send_more_data };

// Where a TCP connection really goes.
struct Endpoint {
  std::string address;
  std::uint16_t port = 0;
};

struct Config {
  // CorporateWERServer: name or address. Empty, or blanks only: no server, nothing is sent.
  std::string corporate_wer_server;
  // CorporateWERPortNumber, for POST and PUT alike.
  std::uint16_t corporate_wer_port_number = 1273;
  // CorporateWERUseSSL: HTTPS.
  bool corporate_wer_use_ssl = false;
  // CorporateWERUseAuthentication: say who sends when the server asks; implies HTTPS. [MS-CER2] 6, note 1
  bool corporate_wer_use_authentication = false;
  // Disabled: reporting is off.
  bool disabled = false;
  // DontSendAdditionalData: never a level 2.
  bool dont_send_additional_data = false;
  // BypassDataThrottling: without it, one cab per event and client object.
  bool bypass_data_throttling = false;
  // ForceQueue: queue every report, send none.
  bool force_queue = false;
  // DisableQueue: queue no report.
  bool disable_queue = false;
  // MaxQueueCount, 1..500: reports that the queue holds.
  unsigned max_queue_count = 50;
  // Consent\DefaultConsent.
  Consent default_consent = Consent::always_ask;

  // The user. Asked where the consent says so; null = there is nobody to ask, which means no.
  std::function<bool(Question)> ask;

  // The report queue folder (ReportQueue), created when needed; empty = no queue.
  std::filesystem::path report_queue;

  // If set, connections go there while the Host field keeps the configured name and port, so that the bytes
  // sent do not depend on a free port (as `curl --connect-to`).
  std::optional<Endpoint> connect_to;

  http::Trust trust;              // which servers HTTPS talks to
  http::Credentials credentials;  // who sends, with CorporateWERUseAuthentication
  Random* random = nullptr;  // for the client's part of a proof; null = the system's. Outlives the client

  std::size_t max_response = 1u << 20;              // bytes of one response
  std::chrono::milliseconds exchange_time{30'000};  // for one request and its response
};

}  // namespace wheatstone::wer_client
