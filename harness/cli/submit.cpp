#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <ctime>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "formats/cer/report.hpp"
#include "formats/dump/reader.hpp"
#include "harness/cli/load.hpp"
#include "harness/cli/security.hpp"
#include "harness/cli/verbs.hpp"
#include "harness/run/files.hpp"
#include "harness/run/kernel_report.hpp"
#include "harness/scenario/loader.hpp"
#include "injectors/simulated/report_sender.hpp"
#include "mocks/cer_share/client.hpp"
#include "mocks/text.hpp"
#include "mocks/wer_client/client.hpp"
#include "mocks/wer_client/store.hpp"

namespace wheatstone::cli {
namespace {

constexpr std::uint64_t kMostReport = 1u << 20;
constexpr std::uint64_t kMostSettings = 16u << 20;
constexpr std::uint64_t kMostFile = std::uint64_t{1} << 30;

// What a share given as a folder is called to the client: its name is in no file, and no other is used.
constexpr char kShareRoot[] = "\\\\localhost\\share";

struct Options {
  std::string share;       // empty: version 2, to a server
  std::string server;      // empty: that of the settings, else this machine
  std::uint16_t port = 0;  // 0: that of the settings
  unsigned consent = 0;    // 0: that of the settings
  std::string settings;
  std::string store;
  std::string breach;
  bool queued = false, all = false, list = false, breaches = false;
  bool ssl = false;
  TrustOptions trust;
  std::string report;
  std::string kernel_dump;
  std::vector<std::string> files;

  bool has_report() const { return !report.empty() || !kernel_dump.empty(); }
};

Result<wer_client::Submission> make_submission(const Options& options) {
  wer_client::Submission submission;
  if (!options.kernel_dump.empty()) {
    Result<Buffer> bytes = run::read_file(options.kernel_dump, kMostFile);
    if (!bytes) return std::unexpected(bytes.error());
    const Result<dump::Dump> opened = dump::Dump::open(*bytes);
    if (!opened) {
      Error error = opened.error();
      error.where.file = options.kernel_dump;
      return std::unexpected(std::move(error));
    }
    const std::string name = std::filesystem::path(options.kernel_dump).filename().string();
    submission.report = run::report_of_dump(*opened, name);
    submission.files.push_back({name, cer::FileType::minidump, std::move(*bytes)});
  } else {
    const Result<Buffer> bytes = run::read_file(options.report, kMostReport);
    if (!bytes) return std::unexpected(bytes.error());
    Result<cer::ReadReport> read = cer::read_report(*bytes);
    if (!read) {
      Error error = read.error();
      error.where.file = options.report;
      return std::unexpected(std::move(error));
    }
    submission.report = std::move(read->report);
  }
  for (const std::string& file : options.files) {
    Result<Buffer> bytes = run::read_file(file, kMostFile);
    if (!bytes) return std::unexpected(bytes.error());
    const std::string name = std::filesystem::path(file).filename().string();
    submission.files.push_back({name, cer::FileType::other, std::move(*bytes)});
    if (submission.report.files) submission.report.files->push_back({name, cer::FileType::other});
  }
  return submission;
}

std::string findings_text(const std::vector<Finding>& findings) {
  std::string text;
  for (const Finding& finding : findings) {
    const std::string where = finding.path.empty() ? "" : finding.path + ": ";
    text += fmt::format("{}: {}{} [{}]\n", to_string(finding.severity), where, finding.message, finding.code);
  }
  return text;
}

std::string outcome_text(const wer_client::Outcome& outcome) {
  std::string text = fmt::format("result: {}\n", wer_client::to_string(outcome.result));
  for (const wer_client::Exchange& exchange : outcome.exchanges)
    text += fmt::format("request of {} bytes: status {}{}\n", exchange.request.size(), exchange.status,
                        exchange.legs.empty() ? "" : ", after saying who sends");
  if (outcome.answer) {
    if (outcome.answer->bucket) text += fmt::format("bucket: {}\n", *outcome.answer->bucket);
    if (outcome.answer->response) text += fmt::format("response: {}\n", printable(*outcome.answer->response));
  }
  text += findings_text(outcome.findings);
  if (!outcome.detail.empty()) text += outcome.detail + "\n";
  return text;
}

std::string outcome_text(const cer_share::Outcome& outcome) {
  std::string text = fmt::format("result: {}\n", cer_share::to_string(outcome.result));
  if (!outcome.error.empty()) text += fmt::format("error: {}\n", outcome.error);
  if (outcome.cab_file) text += fmt::format("cab: {}\n", *outcome.cab_file);
  if (outcome.counts)
    text += fmt::format("counts: {} cabs of {} hits\n", outcome.counts->cabs_gathered,
                        outcome.counts->total_hits);
  if (outcome.settings.bucket) text += fmt::format("bucket: {}\n", *outcome.settings.bucket);
  if (outcome.settings.response) text += fmt::format("response: {}\n", printable(*outcome.settings.response));
  text += findings_text(outcome.findings);
  if (!outcome.detail.empty()) text += outcome.detail + "\n";
  return text;
}

// The logs of a share have local time.
int utc_offset_minutes() {
  const std::time_t now = std::time(nullptr);
  std::tm local{};
  if (!::localtime_r(&now, &local)) return 0;
  return static_cast<int>(local.tm_gmtoff / 60);
}

int submit_to_share(const Options& options, const wer_client::Submission& submission, Terminal& terminal) {
  cer_share::Config config;
  config.file_tree_root = kShareRoot;
  config.shares = {{kShareRoot, options.share}};
  config.utc_offset_minutes = utc_offset_minutes();
  const SystemClock clock;
  SystemRandom random;
  const cer_share::Outcome outcome =
      cer_share::Client(std::move(config), clock, random, nullptr).submit(submission);
  terminal.out(outcome_text(outcome));
  if (outcome.counts) return kPassed;
  return outcome.result == cer_share::SubmitResult::discarded ? kUsage : kEnvironment;
}

// What the options say of HTTPS and of who sends.
Result<void> secure(const Options& options, wer_client::Config& config) {
  const http::Trust trust = trust_of(options.trust);
  if (trust.kind != http::Trust::Kind::system) config.trust = trust;
  if (options.ssl || config.trust.kind != http::Trust::Kind::system) config.corporate_wer_use_ssl = true;
  if (const auto client = http::TlsClient::make(config.trust); !client)
    return std::unexpected(client.error());
  auto credentials = credentials_of(options.trust);
  if (!credentials) return std::unexpected(credentials.error());
  if (!*credentials) return {};
  config.corporate_wer_use_authentication = true;
  config.credentials = std::move(**credentials);
  return {};
}

// What a settings file says, or nothing, and an exit code in `code`.
std::optional<inject::ErrorReporting> read_settings(const std::string& file, Terminal& terminal, int& code) {
  const Result<Buffer> text = run::read_file(file, kMostSettings);
  if (!text) {
    code = complain(text.error(), terminal);
    return std::nullopt;
  }
  const auto read_offer = [folder = std::filesystem::path(file).parent_path()](std::string_view path) {
    return run::read_file(folder / path, kMostFile);
  };
  auto loaded = scenario::load_settings(as_text(*text), file, read_offer);
  if (!loaded) {
    for (const Error& error : loaded.error()) terminal.err(error.text() + "\n");
    code = kUsage;
    return std::nullopt;
  }
  for (const std::string& name : loaded->without_effect)
    terminal.err(fmt::format("{}: note: {} has no effect here\n", file, name));
  return std::move(loaded->reporting);
}

// The settings and, over them, the options of the command line. Without a settings file: every cabinet that
// is asked for is sent, to this machine.
inject::ErrorReporting chosen_settings(const Options& options, inject::ErrorReporting reporting) {
  if (options.settings.empty()) {
    reporting.corporate_wer_server = "localhost";
    reporting.bypass_data_throttling = true;
  }
  if (!options.server.empty()) reporting.corporate_wer_server = options.server;
  if (options.port != 0) reporting.corporate_wer_port_number = options.port;
  if (options.consent != 0) {
    reporting.default_consent = static_cast<wer_client::Consent>(options.consent);
    reporting.default_override_behavior = true;
  }
  return reporting;
}

// What a client is made of; or nothing, an error on the terminal, and an exit code in `code`.
struct Parts {
  wer_client::Config config;
  wer_client::ScriptedCollector collector;
};

std::optional<Parts> parts_of(const Options& options, Terminal& terminal, int& code) {
  inject::ErrorReporting reporting;
  if (!options.settings.empty()) {
    auto read = read_settings(options.settings, terminal, code);
    if (!read) return std::nullopt;
    reporting = std::move(*read);
  }
  reporting = chosen_settings(options, std::move(reporting));
  if (!options.breach.empty()) {
    const auto breach = wer_client::find_breach(options.breach);
    if (!breach) {
      code = complain(breach.error(), terminal);
      return std::nullopt;
    }
    reporting.breach = *breach;
  }
  auto collector = inject::collector_of(reporting.offers);
  if (!collector) {
    code = complain(collector.error(), terminal);
    return std::nullopt;
  }
  Parts parts{{}, std::move(*collector)};
  static_cast<wer_client::Settings&>(parts.config) = reporting;
  parts.config.exchange_time = reporting.exchange_time;
  parts.config.breach = reporting.breach;
  parts.config.store = options.store;
  parts.config.credentials = {.user = reporting.user, .password = reporting.password};
  if (const auto secured = secure(options, parts.config); !secured) {
    code = complain(secured.error(), terminal);
    return std::nullopt;
  }
  return parts;
}

int submit_to_server(const Options& options, const wer_client::Submission& submission, Terminal& terminal) {
  int code = kPassed;
  auto parts = parts_of(options, terminal, code);
  if (!parts) return code;
  const SystemClock clock;
  wer_client::Client client(std::move(parts->config), clock, &parts->collector);
  const wer_client::Outcome outcome = client.submit(submission);
  terminal.out(outcome_text(outcome));
  return is_sent(outcome.result) ? kPassed : kEnvironment;
}

int submit_queued(const Options& options, Terminal& terminal) {
  int code = kPassed;
  auto parts = parts_of(options, terminal, code);
  if (!parts) return code;
  const SystemClock clock;
  wer_client::Client client(std::move(parts->config), clock, &parts->collector);
  using Which = wer_client::Client::Which;
  const auto outcomes = client.submit_queued(options.all ? Which::all : Which::due);
  for (const wer_client::Outcome& outcome : outcomes) {
    terminal.out(outcome_text(outcome));
    if (!is_sent(outcome.result)) code = kEnvironment;
  }
  terminal.out(fmt::format("{} tried\n", outcomes.size()));
  if (const auto next = client.next_due()) terminal.out(fmt::format("next: {}\n", to_iso8601(*next)));
  return code;
}

// "queue 000001  queued, 2 attempts, next 2026-01-15T08:00:00.0000000Z, APPCRASH: the server answered 503"
std::string entry_text(std::string_view folder, const std::filesystem::path& entry) {
  std::string text = fmt::format("{} {}  ", folder, entry.stem().string());
  const auto stored = wer_client::Store::read(entry);
  if (!stored) return text + stored.error().text() + "\n";
  text += fmt::format("{}, {} {}", to_string(stored->result), stored->attempts,
                      stored->attempts == 1 ? "attempt" : "attempts");
  if (stored->result == wer_client::SubmitResult::queued)
    text += fmt::format(", next {}", to_iso8601(stored->next));
  if (stored->bucket != 0) text += fmt::format(", bucket {}", stored->bucket);
  if (const auto read = cer::read_report(stored->document))
    text += fmt::format(", {}", printable(read->report.event.eventtype));
  if (!stored->detail.empty()) text += fmt::format(": {}", printable(stored->detail));
  return text + "\n";
}

int list_store(const Options& options, Terminal& terminal) {
  std::error_code error;
  if (!std::filesystem::is_directory(options.store, error))
    return complain(Error{ErrorKind::io, "there is no such folder", {}, {.file = options.store}}, terminal);
  const auto store = wer_client::Store::open(options.store, {});
  if (!store) return complain(store.error(), terminal);
  for (const auto& entry : store->queued()) terminal.out(entry_text("queue", entry));
  for (const auto& entry : store->archived()) terminal.out(entry_text("archive", entry));
  return kPassed;
}

int list_breaches(Terminal& terminal) {
  for (const wer_client::Breach& breach : wer_client::breaches())
    terminal.out(fmt::format("{:<22} {:<24} {}\n", breach.name, breach.clause, breach.what));
  return kPassed;
}

int submit(const Options& options, Terminal& terminal) {
  const int without_report = (options.queued ? 1 : 0) + (options.list ? 1 : 0) + (options.breaches ? 1 : 0);
  if (without_report > 1 || (without_report == 1 && options.has_report())) {
    terminal.err("wheatstone: submit takes a report, or one of --queued, --list and --breaches\n");
    return kUsage;
  }
  if (options.breaches) return list_breaches(terminal);
  if (options.list) return list_store(options, terminal);
  if (options.queued) return submit_queued(options, terminal);
  if (options.report.empty() == options.kernel_dump.empty()) {
    terminal.err("wheatstone: submit takes either a FILE or --kernel-dump\n");
    return kUsage;
  }
  const Result<wer_client::Submission> submission = make_submission(options);
  if (!submission) return complain(submission.error(), terminal);
  return options.share.empty() ? submit_to_server(options, *submission, terminal)
                               : submit_to_share(options, *submission, terminal);
}

}  // namespace

Act add_submit(CLI::App& app) {
  CLI::App* verb =
      app.add_subcommand("submit", "Send a report to a Corporate Error Reporting server or share");
  const auto options = std::make_shared<Options>();
  verb->add_option("FILE", options->report, "level-1 document (WERREPORT) to send");
  verb->add_option("--kernel-dump", options->kernel_dump,
                   "send a BlueScreen report about this crash dump instead");
  verb->add_option("--file", options->files, "a file that belongs to the report; may be given again")
      ->allow_extra_args(false);
  CLI::Option* share =
      verb->add_option("--share", options->share, "folder of a file share: report to it, as version 1 does");
  verb->add_option("--server", options->server, "name or address of the server [localhost]")->excludes(share);
  verb->add_option("--port", options->port, "its port [1273]")->check(CLI::Range(1, 65535))->excludes(share);
  verb->add_option("--consent", options->consent,
                   "what may be sent: 2 parameters, 3 and safe data, 4 everything [4]")
      ->check(CLI::Range(1, 4))
      ->excludes(share);
  verb->add_flag("--ssl", options->ssl, "send over HTTPS, to a server that this machine trusts")
      ->excludes(share);
  add_trust_options(*verb, options->trust, share);
  verb->add_option("--settings", options->settings,
                   "YAML file with values of the registry key \"Windows Error Reporting\"")
      ->excludes(share);
  CLI::Option* store = verb->add_option("--store", options->store,
                                        "folder of a report store: what cannot be sent is queued there")
                           ->excludes(share);
  CLI::Option* queued =
      verb->add_flag("--queued", options->queued, "send what is due of the store's queue")->needs(store);
  verb->add_flag("--all", options->all, "with --queued: also what is not due yet")->needs(queued);
  verb->add_flag("--list", options->list, "list the store's queue and archive")->needs(store);
  verb->add_option("--breach", options->breach, "break a rule of the protocol")->excludes(share);
  verb->add_flag("--breaches", options->breaches, "list the rules that can be broken");
  verb->footer(
      "Exit codes: 0 sent, 2 the report cannot be read or has no place on a share, 3 it was not taken, or is "
      "in the queue now.\n"
      "Examples: wheatstone submit --server cer.example.com --file Version.txt report.xml\n"
      "          wheatstone submit --kernel-dump Mini031108-01.dmp\n"
      "          wheatstone submit --server cer.example.com --trust ca.pem --user CORP\\\\mary "
      "--password-file pw r.xml\n"
      "          wheatstone submit --settings wer.yaml --store wer --queued\n"
      "          wheatstone submit --breach two_hosts report.xml\n"
      "          wheatstone submit --share /srv/cer --kernel-dump Mini031108-01.dmp");
  return [options](Terminal& terminal) { return submit(*options, terminal); };
}

}  // namespace wheatstone::cli
