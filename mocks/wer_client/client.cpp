#include "mocks/wer_client/client.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <iterator>
#include <set>

#include "formats/cab/cabinet.hpp"
#include "mocks/cer_server/rule.hpp"
#include "mocks/text.hpp"
#include "mocks/wer_client/collection.hpp"
#include "mocks/wer_client/store.hpp"
#include "mocks/wer_client/transport.hpp"

namespace wheatstone::wer_client {
namespace {

constexpr std::string_view kLevel1Path = "/stage2.htm";  // [MS-CER2] 4.1
constexpr std::string_view kLocalOnly = " ";             // CorporateWERServer, as audit rules want it
constexpr std::string_view kChosenPath = "/put/chosen-by-the-client.cab";
constexpr std::size_t kMostRequests = 8;         // of one report, when it follows redirects
constexpr unsigned kTries = 9;                   // of a client that insists
constexpr std::string_view kUserAgent = "MSDW";  // what Windows sends to Microsoft's own server

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

// "http://HOST[:PORT]/PATH": where it leads. nullopt for anything else.
struct Place {
  Endpoint to;
  std::string target;
};
std::optional<Place> place_of(std::string_view url) {
  constexpr std::string_view kScheme = "http://";
  if (!url.starts_with(kScheme)) return std::nullopt;
  url.remove_prefix(kScheme.size());
  const std::size_t slash = std::min(url.find('/'), url.size());
  const std::string_view authority = url.substr(0, slash);
  const std::size_t colon = authority.rfind(':');
  Place place{{std::string(authority.substr(0, colon)), 80}, std::string(url.substr(slash))};
  if (place.target.empty()) place.target = "/";
  if (colon != std::string_view::npos) {
    const char* const end = authority.data() + authority.size();
    if (std::from_chars(authority.data() + colon + 1, end, place.to.port).ptr != end) return std::nullopt;
  }
  return place.to.address.empty() ? std::nullopt : std::optional(std::move(place));
}

Outcome failure(std::string detail) {
  Outcome outcome;
  outcome.detail = std::move(detail);
  return outcome;
}

Outcome no_store(const Error& error) {
  Outcome outcome = failure("the report store cannot be used: " + error.text());
  if (error.kind == ErrorKind::io) outcome.result = SubmitResult::storage_location_not_found;
  return outcome;
}

}  // namespace

using Habit = Breach::Habit;

struct Client::Impl {
  Config config;
  const Clock& clock;
  Collector* collector;
  std::optional<Result<Store>> opened{};
  std::set<std::string> uploaded_events{};  // without a store
  // Set if HTTPS is wanted. Authentication implies it: [MS-CER2] 6, note 1.
  std::optional<Result<http::TlsClient>> tls =
      config.corporate_wer_use_ssl || config.corporate_wer_use_authentication
          ? std::optional(http::TlsClient::make(config.trust))
          : std::nullopt;

  bool ask(Question question) const { return config.ask && config.ask(question); }
  bool stays_local() const { return config.corporate_wer_server == kLocalOnly; }
  bool has_store() const { return !config.store.empty(); }
  bool has_queue() const { return has_store() && !config.disable_queue; }
  bool does(Habit habit) const { return config.breach != nullptr && config.breach->habit == habit; }

  // Opened when it is needed first. REQUIRES: has_store().
  Result<Store>& store() {
    if (!opened) opened.emplace(Store::open(config.store, config));
    return *opened;
  }

  // nullopt = go on.
  std::optional<Outcome> gate(const cer::Report& report) const;
  Outcome send(const cer::Report& report, const StoredReport& stored);
  struct Request {
    Breach::Request kind;
    std::string_view method;
    std::string_view target;
    Bytes body;
    Endpoint to;
  };
  std::optional<http::Message> exchange(const Request& what, Outcome& outcome) const;
  Security security(std::optional<http::Initiator>& initiator) const;
  Delivery delivery(Breach::Request kind, const std::string& request) const;
  Endpoint server() const {
    return config.connect_to.value_or(
        Endpoint{config.corporate_wer_server, static_cast<std::uint16_t>(config.corporate_wer_port_number)});
  }

  bool had_cab(const std::string& event);
  void note_cab(const std::string& event, Outcome& outcome);
  void level2(const cer::Report& report, const std::vector<File>& files, Outcome& outcome);
  std::optional<std::string> upload_target(Outcome& outcome, Endpoint& to) const;
  std::optional<Buffer> pack(const cer::Report& report, const std::vector<File>& files, Outcome& outcome);

  void note_attempt(StoredReport& stored, const Outcome& outcome) const;
  void enqueue(const StoredReport& stored, Outcome& outcome);
  void archive(const StoredReport& stored, Outcome& outcome);
  Outcome retry(const std::filesystem::path& entry, StoredReport stored);
};

std::optional<Outcome> Client::Impl::gate(const cer::Report& report) const {
  const auto stop = [](SubmitResult result, std::string detail) {
    Outcome outcome;
    outcome.result = result;
    outcome.detail = std::move(detail);
    return outcome;
  };
  if (config.disabled) return stop(SubmitResult::disabled, "error reporting is switched off");
  if (report.application && is_excluded(config, report.application->apppath))
    return stop(SubmitResult::disabled, "the program is one of ExcludedApplications");
  if (stays_local()) return std::nullopt;
  if (is_blank(config.corporate_wer_server)) return stop(SubmitResult::disabled, "no server is configured");
  if (!is_host(config.corporate_wer_server) || config.corporate_wer_port_number == 0 ||
      config.corporate_wer_port_number > 65535)
    return stop(SubmitResult::disabled, "the configured server or port is invalid");
  if (tls && !*tls) return stop(SubmitResult::failed, "HTTPS cannot be spoken: " + tls->error().text());
  if (consent_for(config, report.event.eventtype) == Consent::always_ask && !does(Habit::ignores_settings) &&
      !ask(Question::send_report))
    return stop(SubmitResult::cancelled, "nobody agreed to send the report");
  return std::nullopt;
}

Security Client::Impl::security(std::optional<http::Initiator>& initiator) const {
  if (!tls) return {};
  return {.tls = **tls,
          .host = std::string(bare_host(config.corporate_wer_server)),
          .now = clock.now(),
          .initiator = initiator ? &*initiator : nullptr};
}

// What the breach makes of the way in which a request leaves.
Delivery Client::Impl::delivery(Breach::Request kind, const std::string& request) const {
  if (config.breach == nullptr || config.breach->request != kind) return {};
  const std::size_t head = request.find("\r\n\r\n") + 4;
  if (does(Habit::is_slow)) return {.at_once = head, .pause = config.breach_pause};
  if (does(Habit::closes_in_request)) return {.most = head + (request.size() - head) / 2};
  return {};
}

std::optional<http::Message> Client::Impl::exchange(const Request& what, Outcome& outcome) const {
  std::string request =
      fmt::format("{} {} HTTP/1.1\r\nHost: {}:{}\r\nUser-Agent: {}\r\nContent-Length: {}\r\n\r\n{}",
                  what.method, what.target, config.corporate_wer_server, config.corporate_wer_port_number,
                  kUserAgent, what.body.size(), as_text(what.body));
  if (config.breach != nullptr && config.breach->bytes != nullptr && config.breach->request == what.kind)
    request = config.breach->bytes(std::move(request));
  Endpoint to = what.to;
  for (;;) {
    Exchange done;
    const Bytes bytes = as_bytes(request);
    SystemRandom system_random;
    std::optional<http::Initiator> initiator;
    if (config.corporate_wer_use_authentication)
      initiator.emplace(config.credentials, config.random != nullptr ? *config.random : system_random, clock);
    Transfer result = transfer(to, bytes, config.max_response, config.exchange_time,
                               delivery(what.kind, request), security(initiator));
    done.request = std::move(result.request);
    for (Leg& leg : result.legs) done.legs.push_back({std::move(leg.request), std::move(leg.response), 401});
    done.response = std::move(result.response);
    if (result.message) done.status = result.message->status;
    outcome.exchanges.push_back(std::move(done));
    if (result.message && does(Habit::follows_redirects) && outcome.exchanges.size() < kMostRequests)
      if (const auto next = place_of(result.message->field("Location").value_or(""))) {
        to = next->to;
        continue;
      }
    if (does(Habit::believes_any_answer)) return std::move(result.message).value_or(http::Message{});
    if (result.error) {
      outcome.detail = fmt::format("{} {}: {}", what.method, what.target, result.error->message);
      return std::nullopt;
    }
    if (result.message->status / 100 != 2) {
      outcome.detail =
          fmt::format("{} {}: the server answered {}", what.method, what.target, result.message->status);
      return std::nullopt;
    }
    return std::move(result.message);
  }
}

bool Client::Impl::had_cab(const std::string& event) {
  return has_store() ? store()->had_cab(event) : uploaded_events.contains(event);
}

void Client::Impl::note_cab(const std::string& event, Outcome& outcome) {
  if (!has_store()) {
    uploaded_events.insert(event);
  } else if (const auto noted = store()->note_cab(event); !noted) {
    outcome.findings.push_back(
        {FindingSeverity::warning, "not-stored", noted.error().text(), {}, Finding::kNoOffset, {}});
  }
}

// The path of the PUT, and where it goes; nullopt, with a finding, if DumpFile leads nowhere.
std::optional<std::string> Client::Impl::upload_target(Outcome& outcome, Endpoint& to) const {
  if (does(Habit::uploads_elsewhere)) return std::string(kChosenPath);
  if (!outcome.answer->dump_file) return std::string(kChosenPath);  // only for who uploads unasked
  const std::string& dump_file = *outcome.answer->dump_file;
  if (does(Habit::sends_raw_target)) return dump_file;
  if (does(Habit::follows_urls))
    if (const auto place = place_of(dump_file)) {
      to = place->to;
      return place->target;
    }
  auto target = cer::upload_target(dump_file);
  if (target) return std::move(*target);
  outcome.detail = fmt::format("no level 2: {}", target.error().message);
  outcome.findings.push_back({FindingSeverity::error,
                              "dump-file-refused",
                              target.error().message,
                              {},
                              Finding::kNoOffset,
                              "[MS-CER2] 2.2.3"});
  return std::nullopt;
}

// The cab, or nullopt with a finding.
std::optional<Buffer> Client::Impl::pack(const cer::Report& report, const std::vector<File>& files,
                                         Outcome& outcome) {
  cer::Answer asked = *outcome.answer;
  const auto stay = [&outcome](std::string_view code, std::string message, std::string_view clause) {
    outcome.findings.push_back(
        {FindingSeverity::note, code, std::move(message), {}, Finding::kNoOffset, clause});
    return std::nullopt;
  };
  const Consent consent = consent_for(config, report.event.eventtype);
  const bool everything =
      does(Habit::ignores_settings) || consent == Consent::all_data || ask(Question::send_more_data);
  if (!everything && consent != Consent::safe_data)
    return stay("no-consent", "nobody agreed to send more than the parameters", "");
  if (does(Habit::sends_memory)) asked.memory_dump = true;
  if (does(Habit::sends_documents)) asked.f_doc = true;
  Collection collected = collect(asked, files, collector, everything, "[MS-CER2] 3.1.5");
  std::ranges::move(collected.findings, std::back_inserter(outcome.findings));
  std::vector<cab::Member>& members = collected.members;
  if (does(Habit::gives_files))
    for (const std::string& path : asked.get_file) members.push_back({std::string(base_name(path)), {'x'}});
  if (members.empty())
    return stay("nothing-to-send", "there is nothing to put into a cab", "[MS-CER2] 3.1.5");
  if (config.breach != nullptr && config.breach->members != nullptr)
    members = config.breach->members(std::move(members));
  auto cab = cab::write(members, clock.now());
  if (!cab) {
    outcome.detail = fmt::format("no level 2: {}", cab.error().text());
    outcome.findings.push_back({FindingSeverity::error,
                                "cab-not-packed",
                                cab.error().text(),
                                {},
                                Finding::kNoOffset,
                                "[MS-CER2] 2.2.3"});
    return std::nullopt;
  }
  if (config.breach != nullptr && config.breach->cab != nullptr) return config.breach->cab(std::move(*cab));
  return std::move(*cab);
}

// The conditions of README.md, in their order. On entry the result is `uploaded`.
void Client::Impl::level2(const cer::Report& report, const std::vector<File>& files, Outcome& outcome) {
  const cer::Answer& answer = *outcome.answer;
  const auto stay = [&outcome](std::string_view code, std::string message, std::string_view clause) {
    outcome.findings.push_back(
        {FindingSeverity::note, code, std::move(message), {}, Finding::kNoOffset, clause});
  };
  const bool unasked = does(Habit::uploads_unasked);
  const bool ignores = does(Habit::ignores_settings);
  if (does(Habit::never_uploads)) return;
  if (!answer.i_data.value_or(false) && !unasked) {
    if (answer.dump_file) stay("dump-file-alone", "DumpFile without iData=1: no upload", "[MS-CER2] 3.1.5");
    return;
  }
  if (!answer.dump_file && !unasked)
    return stay("no-dump-file", "iData=1 without DumpFile: no target", "[MS-CER2] 2.2.3");
  if (config.dont_send_additional_data && !ignores)
    return stay("additional-data-refused", "DontSendAdditionalData is set", "");
  const std::string event = cer_server::signature(report);
  if (!config.bypass_data_throttling && !ignores && had_cab(event)) {
    outcome.result = SubmitResult::throttled;
    outcome.detail = "this event had its cab already, and BypassDataThrottling is not set";
    return;
  }
  Endpoint to = server();
  const auto target = upload_target(outcome, to);
  if (!target) return;
  auto cab = pack(report, files, outcome);
  if (!cab) return;
  outcome.cab = std::move(*cab);
  for (unsigned left = does(Habit::uploads_twice) ? 2 : 1; left > 0; --left) {
    if (!exchange({Breach::Request::upload, "PUT", *target, *outcome.cab, to}, outcome)) {
      outcome.result = SubmitResult::failed;
      return;
    }
    note_cab(event, outcome);
    outcome.result = SubmitResult::uploaded_cab;
  }
}

Outcome Client::Impl::send(const cer::Report& report, const StoredReport& stored) {
  Buffer document = stored.document;
  if (config.breach != nullptr) {
    auto broken = broken_document(*config.breach, document);
    if (!broken) return failure(broken.error().text());
    document = std::move(*broken);
  }
  Outcome outcome;
  std::optional<http::Message> message;
  for (unsigned left = does(Habit::insists) ? kTries : 1; left > 0 && !message; --left)
    message = exchange({Breach::Request::report, "POST", kLevel1Path, document, server()}, outcome);
  if (message) {
    auto read = cer::read_answer(message->body(), config.max_response);
    outcome.answer = std::move(read.answer);
    outcome.findings = std::move(read.findings);
    outcome.result = SubmitResult::uploaded;
    level2(report, stored.files, outcome);
  }
  if (outcome.result == SubmitResult::failed && does(Habit::claims_success))
    outcome.result = SubmitResult::uploaded;
  return outcome;
}

void Client::Impl::note_attempt(StoredReport& stored, const Outcome& outcome) const {
  std::chrono::seconds wait = config.retry_first;
  for (unsigned i = 0; i < stored.attempts && wait < config.retry_most; ++i) wait *= 2;
  wait = std::min(wait, config.retry_most);
  ++stored.attempts;
  stored.tried = clock.now();
  stored.next = stored.tried + static_cast<std::uint64_t>(wait.count()) * FileTime::kPerSecond;
  stored.detail = outcome.detail;
  if (outcome.answer) stored.bucket = outcome.answer->bucket.value_or(0);
  if (is_sent(outcome.result)) stored.result = outcome.result;
}

void Client::Impl::enqueue(const StoredReport& stored, Outcome& outcome) {
  if (const auto added = store()->queue(stored); added) {
    outcome.result = SubmitResult::queued;
  } else {
    outcome.result =
        added.error().kind == ErrorKind::io ? SubmitResult::storage_location_not_found : SubmitResult::failed;
    outcome.detail += (outcome.detail.empty() ? "" : "; ") + ("not queued: " + added.error().text());
  }
}

void Client::Impl::archive(const StoredReport& stored, Outcome& outcome) {
  if (const auto archived = store()->archive(stored); !archived)
    outcome.findings.push_back(
        {FindingSeverity::warning, "not-stored", archived.error().text(), {}, Finding::kNoOffset, {}});
}

Outcome Client::Impl::retry(const std::filesystem::path& entry, StoredReport stored) {
  const auto document = cer::read_report(stored.document);
  if (!document) return failure(fmt::format("{}: {}", entry.string(), document.error().text()));
  if (auto stopped = gate(document->report)) return *std::move(stopped);
  if (stays_local()) {
    Outcome outcome;
    outcome.result = SubmitResult::queued;
    outcome.detail = "reports stay on this machine";
    return outcome;
  }
  Outcome outcome = send(document->report, stored);
  if (outcome.exchanges.empty()) return outcome;
  note_attempt(stored, outcome);
  Result<void> kept;
  if (outcome.result == SubmitResult::failed && stored.attempts < config.most_attempts) {
    outcome.result = SubmitResult::queued;
    kept = store()->update(entry, stored);
  } else {
    if (outcome.result == SubmitResult::failed) {
      outcome.detail += fmt::format("; given up after {} attempts", stored.attempts);
      stored.detail = outcome.detail;
      stored.result = SubmitResult::failed;
    }
    kept = store()->finish(entry, std::move(stored));
  }
  if (!kept)
    outcome.findings.push_back(
        {FindingSeverity::warning, "not-stored", kept.error().text(), {}, Finding::kNoOffset, {}});
  return outcome;
}

Client::Client(Config config, const Clock& clock, Collector* collector)
    : impl_(new Impl{std::move(config), clock, collector}) {}

Client::~Client() = default;

Outcome Client::submit(const Submission& submission) {
  if (auto stopped = impl_->gate(submission.report)) return *std::move(stopped);
  cer::Report report = submission.report;
  if (!report.files && !submission.files.empty()) {
    report.files.emplace();
    for (const File& file : submission.files) report.files->push_back({file.name, file.type});
  }
  auto document = cer::write_report(report);
  if (!document) return failure("the report cannot be written: " + document.error().text());
  if (impl_->has_store() && !impl_->store()) return no_store(impl_->store().error());
  StoredReport stored{
      .created = impl_->clock.now(), .document = std::move(*document), .files = submission.files};
  Outcome outcome;
  if (impl_->config.force_queue || impl_->stays_local()) {
    if (impl_->has_queue()) {
      impl_->enqueue(stored, outcome);
    } else {
      outcome.result = impl_->stays_local() ? SubmitResult::disabled : SubmitResult::disabled_queue;
      outcome.detail = "the report would go into the queue, but there is none";
    }
    return outcome;
  }
  outcome = impl_->send(report, stored);
  if (outcome.exchanges.empty()) return outcome;
  impl_->note_attempt(stored, outcome);
  if (outcome.result == SubmitResult::failed && impl_->has_queue()) impl_->enqueue(stored, outcome);
  if (is_sent(outcome.result) && impl_->has_store()) impl_->archive(stored, outcome);
  return outcome;
}

std::vector<Outcome> Client::submit_queued(Which which) {
  if (!impl_->has_store()) return {};
  if (!impl_->store()) return {no_store(impl_->store().error())};
  Store& store = *impl_->store();
  std::vector<Outcome> outcomes;
  for (const auto& entry : store.queued()) {
    auto stored = Store::read(entry);
    if (!stored) {
      outcomes.push_back(failure(stored.error().text()));
    } else if (stored->result != SubmitResult::queued) {
      // Sent, and its client was killed before it was moved.
      if (const auto finished = store.finish(entry, std::move(*stored)); !finished)
        outcomes.push_back(failure(finished.error().text()));
    } else if (which == Which::all || stored->next <= impl_->clock.now()) {
      outcomes.push_back(impl_->retry(entry, std::move(*stored)));
    }
  }
  return outcomes;
}

std::optional<FileTime> Client::next_due() {
  if (!impl_->has_store() || !impl_->store()) return std::nullopt;
  std::optional<FileTime> next;
  for (const auto& entry : impl_->store()->queued())
    if (const auto stored = Store::read(entry); stored && stored->result == SubmitResult::queued)
      next = next ? std::min(*next, stored->next) : stored->next;
  return next;
}

}  // namespace wheatstone::wer_client
