#include "harness/conform/server_cases.hpp"

#include <algorithm>
#include <array>

namespace wheatstone::conform {
namespace {

constexpr std::array kTables = {http_cases,   framing_cases, legal_document_cases, illegal_document_cases,
                                answer_cases, upload_cases};

// The event type stands in an attribute of every document.
bool can_stand_in_attribute(std::string_view text) {
  return std::ranges::all_of(text,
                             [](char c) { return c >= ' ' && c < 0x7f && c != '<' && c != '&' && c != '"'; });
}

Result<void> check_options(const ServerOptions& options) {
  if (!can_stand_in_attribute(options.event_type))
    return fail(ErrorKind::invalid_argument, "the event type holds a character that is not plain text",
                "use printable ASCII without '<', '&' and '\"'");
  if (options.credentials && !options.server.tls)
    return fail(ErrorKind::invalid_argument, "who sends is not said over plain HTTP", "use an https:// URL");
  return check_ids(options.only, server_cases());
}

Result<std::optional<Security>> security_of(const ServerOptions& options) {
  if (!options.server.tls) return std::nullopt;
  auto client = http::TlsClient::make(options.trust);
  if (!client) return std::unexpected(client.error());
  return Security{std::move(*client), options.credentials};
}

Verdict run(const ServerCase& one, Peer& peer) {
  Verdict verdict = one.check(peer);
  if (verdict.outcome == Outcome::failed) return verdict;
  if (Verdict after = peer.still_works(); !after.passed()) return after;
  return verdict;
}

}  // namespace

std::vector<Case> server_cases() {
  std::vector<Case> cases;
  for (const auto table : kTables)
    for (const ServerCase& one : table()) cases.push_back(one.about);
  return cases;
}

Result<std::vector<CaseResult>> test_server(const ServerOptions& options,
                                            const std::function<bool(const CaseResult&)>& keep_on) {
  if (const auto checked = check_options(options); !checked) return std::unexpected(checked.error());
  const auto security = security_of(options);
  if (!security) return std::unexpected(security.error());
  if (const auto connection = Connection::open(options.server, options.time, *security); !connection)
    return std::unexpected(connection.error());
  Peer peer(options.server, *security, options.time, options.event_type);
  std::vector<CaseResult> results;
  bool stopped = false;
  for (const auto table : kTables) {
    for (const ServerCase& one : table()) {
      if (!is_selected(options.only, one.about)) continue;
      results.push_back({one.about, stopped ? not_reached("the run was stopped") : run(one, peer)});
      stopped = stopped || !keep_on(results.back());
    }
  }
  return results;
}

}  // namespace wheatstone::conform
