#include "mocks/wer_client/client.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "formats/cab/cabinet.hpp"
#include "mocks/cer_server/rule.hpp"
#include "mocks/wer_client/collection.hpp"
#include "mocks/wer_client/queue.hpp"
#include "mocks/wer_client/transport.hpp"

namespace wheatstone::wer_client {
namespace {

constexpr std::string_view kLevel1Path = "/stage2.htm";  // [MS-CER2] 4.1
constexpr std::string_view kUserAgent = "MSDW";          // what Windows sends to Microsoft's own server

bool is_blank(std::string_view text) {
  return text.find_first_not_of(" \t") == std::string_view::npos;
}

// A name that can stand in a Host field.
bool is_host(std::string_view text) {
  return std::ranges::all_of(text, [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '.' ||
           c == '-' || c == '_' || c == ':' || c == '[' || c == ']';
  });
}

// Without the brackets of an IPv6 address.
std::string_view bare_host(std::string_view host) {
  return host.starts_with('[') && host.ends_with(']') ? host.substr(1, host.size() - 2) : host;
}

}  // namespace

std::string_view to_string(SubmitResult result) noexcept {
  switch (result) {
    case SubmitResult::queued:
      return "queued";
    case SubmitResult::uploaded:
      return "uploaded";
    case SubmitResult::debug:
      return "debug";
    case SubmitResult::failed:
      return "failed";
    case SubmitResult::disabled:
      return "disabled";
    case SubmitResult::cancelled:
      return "cancelled";
    case SubmitResult::disabled_queue:
      return "disabled_queue";
    case SubmitResult::async:
      return "async";
    case SubmitResult::custom_action:
      return "custom_action";
    case SubmitResult::throttled:
      return "throttled";
    case SubmitResult::uploaded_cab:
      return "uploaded_cab";
    case SubmitResult::storage_location_not_found:
      return "storage_location_not_found";
  }
  return "unknown";
}

struct Client::Impl {
  Config config;
  const Clock& clock;
  Collector* collector;
  Queue queue{config.report_queue, config.max_queue_count};
  std::set<std::string> uploaded_events{};
  // Set if HTTPS is wanted. Authentication implies it: [MS-CER2] 6, note 1.
  std::optional<Result<http::TlsClient>> tls =
      config.corporate_wer_use_ssl || config.corporate_wer_use_authentication
          ? std::optional(http::TlsClient::make(config.trust))
          : std::nullopt;

  bool ask(Question question) const { return config.ask && config.ask(question); }
  bool has_queue() const { return !config.disable_queue && !config.report_queue.empty(); }

  // nullopt = go on.
  std::optional<Outcome> gate() const;
  Outcome send(const cer::Report& report, const QueuedReport& queued);
  std::optional<http::Message> exchange(std::string_view method, std::string_view target, Bytes body,
                                        Outcome& outcome) const;
  void level2(const cer::Report& report, const std::vector<File>& files, Outcome& outcome);
  void enqueue(const QueuedReport& queued, Outcome& outcome);
};

std::optional<Outcome> Client::Impl::gate() const {
  const auto stop = [](SubmitResult result, std::string detail) {
    Outcome outcome;
    outcome.result = result;
    outcome.detail = std::move(detail);
    return outcome;
  };
  if (config.disabled) return stop(SubmitResult::disabled, "error reporting is switched off");
  if (is_blank(config.corporate_wer_server)) return stop(SubmitResult::disabled, "no server is configured");
  if (!is_host(config.corporate_wer_server) || config.corporate_wer_port_number == 0)
    return stop(SubmitResult::disabled, "the configured server or port is invalid");
  if (config.default_consent == Consent::always_ask && !ask(Question::send_report))
    return stop(SubmitResult::cancelled, "nobody agreed to send the report");
  return std::nullopt;
}

std::optional<http::Message> Client::Impl::exchange(std::string_view method, std::string_view target,
                                                    Bytes body, Outcome& outcome) const {
  const std::string head = fmt::format(
      "{} {} HTTP/1.1\r\nHost: {}:{}\r\nUser-Agent: {}\r\nContent-Length: {}\r\n\r\n", method, target,
      config.corporate_wer_server, config.corporate_wer_port_number, kUserAgent, body.size());
  Exchange done;
  done.request.assign(head.begin(), head.end());
  done.request.insert(done.request.end(), body.begin(), body.end());
  const Endpoint to =
      config.connect_to.value_or(Endpoint{config.corporate_wer_server, config.corporate_wer_port_number});
  Security security;
  std::optional<http::Initiator> initiator;
  if (tls && !*tls) {
    outcome.detail = fmt::format("{} {}: {}", method, target, tls->error().text());
    return std::nullopt;
  }
  if (tls)
    security = {
        .tls = **tls, .host = std::string(bare_host(config.corporate_wer_server)), .now = clock.now()};
  SystemRandom system_random;
  if (config.corporate_wer_use_authentication)
    security.initiator = &initiator.emplace(config.credentials,
                                            config.random != nullptr ? *config.random : system_random, clock);
  Transfer result = transfer(to, done.request, config.max_response, config.exchange_time, {}, security);
  done.request = std::move(result.request);
  done.response = std::move(result.response);
  for (Leg& leg : result.legs) done.legs.push_back({std::move(leg.request), std::move(leg.response), 401});
  if (result.message) done.status = result.message->status;
  outcome.exchanges.push_back(std::move(done));
  if (result.error) {
    outcome.detail = fmt::format("{} {}: {}", method, target, result.error->message);
    return std::nullopt;
  }
  if (result.message->status / 100 != 2) {
    outcome.detail = fmt::format("{} {}: the server answered {}", method, target, result.message->status);
    return std::nullopt;
  }
  return std::move(result.message);
}

// The conditions of README.md, in their order. On entry the result is `uploaded`.
void Client::Impl::level2(const cer::Report& report, const std::vector<File>& files, Outcome& outcome) {
  const cer::Answer& answer = *outcome.answer;
  const auto stay = [&outcome](std::string_view code, std::string message, std::string_view clause) {
    outcome.findings.push_back(
        {FindingSeverity::note, code, std::move(message), {}, Finding::kNoOffset, clause});
  };
  const auto refuse = [&outcome](std::string_view code, std::string message) {
    outcome.detail = fmt::format("no level 2: {}", message);
    outcome.findings.push_back(
        {FindingSeverity::error, code, std::move(message), {}, Finding::kNoOffset, "[MS-CER2] 2.2.3"});
  };
  if (!answer.i_data.value_or(false)) {
    if (answer.dump_file) stay("dump-file-alone", "DumpFile without iData=1: no upload", "[MS-CER2] 3.1.5");
    return;
  }
  if (!answer.dump_file)
    return stay("no-dump-file", "iData=1 without DumpFile: no target", "[MS-CER2] 2.2.3");
  if (config.dont_send_additional_data)
    return stay("additional-data-refused", "DontSendAdditionalData is set", "");
  const std::string event = cer_server::signature(report);
  if (!config.bypass_data_throttling && uploaded_events.contains(event)) {
    outcome.result = SubmitResult::throttled;
    outcome.detail = "this event had its cab already, and BypassDataThrottling is not set";
    return;
  }
  const auto target = cer::upload_target(*answer.dump_file);
  if (!target) return refuse("dump-file-refused", target.error().message);
  const bool everything = config.default_consent == Consent::all_data || ask(Question::send_more_data);
  if (!everything && config.default_consent != Consent::safe_data)
    return stay("no-consent", "nobody agreed to send more than the parameters", "");

  const Collection collected = collect(answer, files, collector, everything, "[MS-CER2] 3.1.5");
  outcome.findings.insert(outcome.findings.end(), collected.findings.begin(), collected.findings.end());
  if (collected.members.empty())
    return stay("nothing-to-send", "there is nothing to put into a cab", "[MS-CER2] 3.1.5");
  auto cab = cab::write(collected.members, clock.now());
  if (!cab) return refuse("cab-not-packed", cab.error().text());
  outcome.cab = std::move(*cab);
  if (!exchange("PUT", *target, *outcome.cab, outcome)) {
    outcome.result = SubmitResult::failed;
    return;
  }
  uploaded_events.insert(event);
  outcome.result = SubmitResult::uploaded_cab;
}

Outcome Client::Impl::send(const cer::Report& report, const QueuedReport& queued) {
  Outcome outcome;
  const auto message = exchange("POST", kLevel1Path, queued.document, outcome);
  if (!message) return outcome;
  auto read = cer::read_answer(message->body(), config.max_response);
  outcome.answer = std::move(read.answer);
  outcome.findings = std::move(read.findings);
  outcome.result = SubmitResult::uploaded;
  level2(report, queued.files, outcome);
  return outcome;
}

void Client::Impl::enqueue(const QueuedReport& queued, Outcome& outcome) {
  if (const auto added = queue.add(queued); added) {
    outcome.result = SubmitResult::queued;
  } else {
    outcome.result =
        added.error().kind == ErrorKind::io ? SubmitResult::storage_location_not_found : SubmitResult::failed;
    outcome.detail += (outcome.detail.empty() ? "" : "; ") + ("not queued: " + added.error().text());
  }
}

Client::Client(Config config, const Clock& clock, Collector* collector)
    : impl_(new Impl{std::move(config), clock, collector}) {}

Client::~Client() = default;

Outcome Client::submit(const Submission& submission) {
  if (auto stopped = impl_->gate()) return *std::move(stopped);
  cer::Report report = submission.report;
  if (!report.files && !submission.files.empty()) {
    report.files.emplace();
    for (const File& file : submission.files) report.files->push_back({file.name, file.type});
  }
  auto document = cer::write_report(report);
  if (!document) {
    Outcome outcome;
    outcome.detail = "the report cannot be written: " + document.error().text();
    return outcome;
  }
  const QueuedReport queued{std::move(*document), submission.files};
  Outcome outcome;
  if (impl_->config.force_queue) {
    if (impl_->has_queue()) {
      impl_->enqueue(queued, outcome);
    } else {
      outcome.result = SubmitResult::disabled_queue;
      outcome.detail = "ForceQueue is set, but there is no queue";
    }
    return outcome;
  }
  outcome = impl_->send(report, queued);
  if (outcome.result == SubmitResult::failed && impl_->has_queue()) impl_->enqueue(queued, outcome);
  return outcome;
}

std::vector<Outcome> Client::submit_queued() {
  std::vector<Outcome> outcomes;
  for (const auto& entry : impl_->queue.entries()) {
    if (auto stopped = impl_->gate()) {
      outcomes.push_back(*std::move(stopped));
      continue;
    }
    Outcome outcome;
    const auto queued = Queue::read(entry);
    const auto document = queued ? cer::read_report(queued->document)
                                 : Result<cer::ReadReport>(std::unexpected(queued.error()));
    if (!document) {
      outcome.detail = document.error().text();
    } else {
      outcome = impl_->send(document->report, *queued);
      if (outcome.result == SubmitResult::failed)
        outcome.result = SubmitResult::queued;
      else if (const auto removed = Queue::remove(entry); !removed)
        outcome.detail = removed.error().text();
    }
    outcomes.push_back(std::move(outcome));
  }
  return outcomes;
}

}  // namespace wheatstone::wer_client
