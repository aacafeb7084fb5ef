#include "harness/run/server_log.hpp"

#include <fmt/format.h>

#include <utility>

namespace wheatstone::run {
namespace {

using inject::Value;

// The body of a raw response: what follows the last head. A "100 Continue" is a head without a body.
std::string_view body_of(Bytes response) {
  std::string_view text = as_text(response);
  while (true) {
    const std::size_t end = text.find("\r\n\r\n");
    if (end == std::string_view::npos) return {};
    text.remove_prefix(end + 4);
    if (!text.starts_with("HTTP/1.")) return text;
  }
}

}  // namespace

inject::Observation observe_exchange(const cer_server::Exchange& exchange) {
  inject::Observation observation;
  observation.kind = inject::ObservationKind::server;
  observation.time = exchange.time;
  observation.add("Kind", Value::of_text(std::string(cer_server::to_string(exchange.kind))));
  observation.add("StatusCode", Value::decimal(exchange.verdict.status));
  if (exchange.report) observation.add("EventType", Value::of_text(exchange.report->event.eventtype));
  if (exchange.answer && exchange.answer->bucket)
    observation.add("Bucket", Value::decimal(*exchange.answer->bucket));
  if (exchange.report_number != 0) observation.add("ReportNumber", Value::decimal(exchange.report_number));
  std::string codes;
  for (const Finding& finding : exchange.verdict.findings) {
    if (!codes.empty()) codes += ';';
    codes += finding.code;
  }
  observation.add("FindingCount", Value::decimal(exchange.verdict.findings.size()));
  observation.add("FindingCodes", Value::of_text(std::move(codes)));
  if (exchange.kind == cer_server::Exchange::Kind::level1)
    observation.add("Answer", Value::of_text(std::string(body_of(exchange.response))));
  observation.bytes = exchange.request;
  observation.artefact = fmt::format("http-{}.txt", exchange.sequence);
  return observation;
}

void ServerLog::on_exchange(const cer_server::Exchange& exchange) {
  inject::Observation observation = observe_exchange(exchange);
  const std::lock_guard lock(mutex_);
  observations_.push_back(std::move(observation));
}

std::vector<inject::Observation> ServerLog::take() {
  const std::lock_guard lock(mutex_);
  return std::exchange(observations_, {});
}

}  // namespace wheatstone::run
