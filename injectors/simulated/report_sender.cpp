#include "injectors/simulated/report_sender.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "injectors/observe.hpp"
#include "mocks/http/message.hpp"

namespace wheatstone::inject {
namespace {

wer_client::Config client_config(const ErrorReporting& settings, const std::optional<Endpoint>& server,
                                 Random& random) {
  wer_client::Config config;
  static_cast<wer_client::Settings&>(config) = settings;
  // A run without a server reaches nobody: port 0 of loopback refuses, and no name is ever looked up.
  config.connect_to =
      server ? wer_client::Endpoint{server->address, server->port} : wer_client::Endpoint{"127.0.0.1", 0};
  config.exchange_time = settings.exchange_time;
  config.breach = settings.breach;
  config.disable_queue = true;
  config.trust = {
      .kind = http::Trust::Kind::fingerprint,
      .fingerprint = server && !server->fingerprint.empty() ? server->fingerprint : std::string(64, '0')};
  config.credentials = {.user = settings.user, .password = settings.password};
  config.random = &random;
  return config;
}

// False if no answer has that key.
bool offer(wer_client::ScriptedCollector& collector, const ErrorReporting::Offer& offer) {
  const std::string text(as_text(offer.content));
  if (offer.key == "WQL") {
    collector.wql_results.emplace(offer.item, text);
  } else if (offer.key == "RegKey") {
    collector.reg_keys.emplace(offer.item, text);
  } else if (offer.key == "RegTree") {
    collector.reg_trees.emplace(offer.item, text);
  } else if (offer.key == "GetFileVersion") {
    collector.file_versions.emplace(offer.item, text);
  } else if (offer.key == "GetFile") {
    collector.files.emplace(offer.item, offer.content);
  } else if (offer.key == "MemoryDump") {
    collector.memory = offer.content;
  } else if (offer.key == "fDoc") {
    collector.documents.push_back({offer.item, cer::FileType::user_document, offer.content, false});
  } else {
    return false;
  }
  return true;
}

http::Message parse(http::MessageKind kind, Bytes bytes) {
  constexpr std::size_t kAnySize = std::size_t{1} << 30;  // the client has bounded it already
  http::MessageReader reader(kind);
  for (std::size_t taken = 1; taken != 0; bytes = bytes.subspan(taken)) {
    if (reader.state() == http::MessageReader::State::head_done) reader.read_body(kAnySize);
    taken = reader.put(bytes);
  }
  reader.end_of_input();
  return reader.take_message();
}

}  // namespace

Result<wer_client::ScriptedCollector> collector_of(const std::vector<ErrorReporting::Offer>& offers) {
  wer_client::ScriptedCollector collector;
  for (const ErrorReporting::Offer& item : offers)
    if (!offer(collector, item))
      return fail(ErrorKind::invalid_argument, fmt::format("no answer asks for \"{}\"", item.key),
                  "keys are WQL, RegKey, RegTree, GetFile, GetFileVersion, MemoryDump, fDoc");
  return collector;
}

struct ReportSender::Parts {
  Parts(const wer_client::Config& config, const Clock& clock, wer_client::ScriptedCollector offers)
      : collector(std::move(offers)), client(config, clock, &collector) {}

  wer_client::ScriptedCollector collector;
  wer_client::Client client;
  unsigned sent = 0;
};

ReportSender::ReportSender(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
ReportSender::~ReportSender() = default;
ReportSender::ReportSender(ReportSender&&) noexcept = default;
ReportSender& ReportSender::operator=(ReportSender&&) noexcept = default;

Result<ReportSender> ReportSender::make(const ErrorReporting& settings, const Clock& clock, Random& random,
                                        const std::optional<Endpoint>& server) {
  if (settings.default_consent < wer_client::Consent::always_ask ||
      settings.default_consent > wer_client::Consent::all_data)
    return fail(ErrorKind::invalid_argument,
                fmt::format("DefaultConsent is 1 to 4, not {}", std::to_underlying(settings.default_consent)),
                "1 always ask, 2 parameters only, 3 parameters and safe data, 4 all data");
  auto collector = collector_of(settings.offers);
  if (!collector) return std::unexpected(collector.error());
  return ReportSender(
      std::make_unique<Parts>(client_config(settings, server, random), clock, std::move(*collector)));
}

std::vector<Observation> ReportSender::send(const wer_client::Submission& submission) {
  const wer_client::Outcome outcome = parts_->client.submit(submission);
  const unsigned number = ++parts_->sent;
  std::vector<Observation> out;
  const auto keep = [&](Observation observation, std::string_view suffix) {
    if (!suffix.empty()) observation.artefact = fmt::format("report-{}.{}", number, suffix);
    out.push_back(std::move(observation));
  };
  // A client that breaks rules may send either more than once.
  unsigned reports = 0, cabs = 0;
  const auto name = [](unsigned count, std::string_view first, std::string_view extension) {
    return count == 1 ? fmt::format("{}{}", first, extension)
                      : fmt::format("{}-{}{}", first, count, extension);
  };
  for (const wer_client::Exchange& exchange : outcome.exchanges) {
    // Nothing was sent, or nobody looked at it because the server did not take the sender.
    const bool not_taken = exchange.status == 401 && !exchange.legs.empty();
    if (exchange.request.empty() || not_taken) continue;
    const http::Message request = parse(http::MessageKind::request, exchange.request);
    if (reports > 0 && outcome.cab && std::ranges::equal(request.body(), *outcome.cab)) {
      keep(observe_level2(request.target, exchange.status, *outcome.cab),
           ++cabs == 1 ? "cab" : fmt::format("{}.cab", cabs));
      continue;
    }
    keep(observe_level1(request.body()), name(++reports, "level1", ".xml"));
    if (exchange.status != 0)
      keep(observe_answer(exchange.status, outcome.answer.value_or(cer::Answer{}),
                          parse(http::MessageKind::response, exchange.response).body()),
           name(reports, "answer", ".txt"));
  }
  Observation submit;
  submit.kind = ObservationKind::submit;
  submit.add("Result", Value::decimal(static_cast<std::uint64_t>(outcome.result),
                                      wer_client::to_string(outcome.result)));
  submit.add("EventType", Value::of_text(submission.report.event.eventtype));
  submit.add("Detail", Value::of_text(outcome.detail));
  keep(std::move(submit), {});
  return out;
}

}  // namespace wheatstone::inject
