#include "harness/run/server_log.hpp"

#include <fmt/format.h>

#include <limits>
#include <utility>

#include "mocks/http/message.hpp"

namespace wheatstone::run {
namespace {

using inject::Value;

// The body of the last of raw responses, as far as its length says: what a client reads.
std::string body_of(Bytes responses) {
  std::string body;
  while (!responses.empty()) {
    http::MessageReader reader(http::MessageKind::response, responses.size());
    std::size_t used = reader.put(responses);
    if (reader.state() != http::MessageReader::State::head_done) return {};
    reader.read_body(std::numeric_limits<std::size_t>::max());
    used += reader.put(responses.subspan(used));
    body = as_text(reader.message().body());
    if (reader.message().status >= 200) return body;
    responses = responses.subspan(used);
  }
  return body;
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
    observation.add("Answer", Value::of_text(body_of(exchange.response)));
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
