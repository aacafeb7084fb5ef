// What a Windows Error Reporting client needs to know: the settings, and what Windows keeps to itself.
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
#include "mocks/wer_client/breach.hpp"
#include "mocks/wer_client/settings.hpp"

namespace wheatstone::wer_client {

enum class Question : std::uint8_t { send_report, send_more_data };

// Where a TCP connection really goes.
struct Endpoint {
  std::string address;
  std::uint16_t port = 0;
};

struct Config : Settings {
  // The user. Asked where the consent says so; null = there is nobody to ask, which means no.
  std::function<bool(Question)> ask;

  // The folder of the report store (store.hpp), made when needed; empty = no queue, no archive, and what is
  // known of events that had their cab ends with the client.
  std::filesystem::path store;

  // When a queued report is tried again: after the first attempt, then after twice as long each time. Windows
  // waits for a logon or a network; for how long is not documented.
  std::chrono::seconds retry_first{std::chrono::minutes(15)};
  std::chrono::seconds retry_most{std::chrono::hours(24)};
  unsigned most_attempts = 20;  // then it is given up, with the result `failed`

  // If set, connections go there while the Host field keeps the configured name and port, so that the bytes
  // sent do not depend on a free port (as `curl --connect-to`).
  std::optional<Endpoint> connect_to;

  // A rule to break; null = none. Of breaches().
  const Breach* breach = nullptr;
  std::chrono::milliseconds breach_pause{1000};  // before each byte of a request that is slow on purpose

  http::Trust trust;              // which servers HTTPS talks to
  http::Credentials credentials;  // who sends, with CorporateWERUseAuthentication
  Random* random = nullptr;  // for the client's part of a proof; null = the system's. Outlives the client

  std::size_t max_response = 1u << 20;              // bytes of one response
  std::chrono::milliseconds exchange_time{30'000};  // for one request and its response
};

}  // namespace wheatstone::wer_client
