// The cases about servers, and a run of them.
#pragma once

#include <chrono>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "harness/conform/peer.hpp"
#include "harness/conform/suite.hpp"

namespace wheatstone::conform {

struct ServerCase {
  Case about;
  Verdict (*check)(Peer& peer);
};

// In tables by theme; ids ascend within a table.
std::span<const ServerCase> http_cases();              // server_cases_http.cpp
std::span<const ServerCase> framing_cases();           // server_cases_framing.cpp
std::span<const ServerCase> legal_document_cases();    // server_cases_documents.cpp
std::span<const ServerCase> illegal_document_cases();  // the same file
std::span<const ServerCase> answer_cases();            // server_cases_answers.cpp
std::span<const ServerCase> upload_cases();            // server_cases_uploads.cpp

// All of them, in the order in which they run.
std::vector<Case> server_cases();

struct ServerOptions {
  Endpoint server;
  http::Trust trust = {};                             // of a server that speaks TLS
  std::optional<http::Credentials> credentials = {};  // for one that asks who sends; told over TLS only
  std::string event_type = "APPCRASH";                // of the reports: for a server whose rules look at it
  Milliseconds time{5'000};                           // for each answer
  Only only = {};
};

// Runs the cases one after the other and hands over each result when it is there, until `keep_on` gives
// false. After each case a good report must still be answered. Fails with `environment` if the server cannot
// be reached at all, `invalid_argument` for credentials without TLS, and as http::TlsClient::make() and
// check_ids() do.
Result<std::vector<CaseResult>> test_server(const ServerOptions& options,
                                            const std::function<bool(const CaseResult&)>& keep_on);

}  // namespace wheatstone::conform
