#include <fmt/format.h>
#include <malloc.h>
#include <sys/resource.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "harness/cli/interrupt.hpp"
#include "harness/cli/load.hpp"
#include "harness/cli/security.hpp"
#include "harness/cli/verbs.hpp"
#include "harness/run/files.hpp"
#include "harness/scenario/loader.hpp"
#include "mocks/cer_server/server.hpp"
#include "mocks/http/identity.hpp"
#include "mocks/text.hpp"

namespace wheatstone::cli {
namespace {

constexpr std::uint64_t kMostYaml = 16u << 20;

struct Options {
  std::string address = "127.0.0.1";
  std::uint16_t port = 1273;
  std::string store;
  std::string rules;
  std::uint64_t keep_reports = 0;  // 0: all
  std::string keep_time;
  unsigned threads = 0;  // 0: one for each processor
  bool check_first = false;
  IdentityOptions identity;
  std::string tls_fault;
  bool authenticate = false;
  std::string accounts;
  std::string profile = "spec";
  bool unprotected = false;
  bool verbose = false;
  bool quiet = false;
};

// Without rules of the user: a cabinet for every report.
std::vector<cer_server::Rule> default_rules() {
  cer_server::Rule rule;
  rule.answer.bucket = 500;
  rule.answer.bucket_table = 5;
  rule.answer.i_data = true;
  return {rule};
}

// One line for each exchange.
class Printer final : public cer_server::Listener {
 public:
  Printer(Terminal& terminal, bool verbose) : terminal_(terminal), verbose_(verbose) {}

  void on_exchange(const cer_server::Exchange& exchange) override {
    std::string line =
        fmt::format("{} {} {} {} bytes", to_iso8601(exchange.time), cer_server::to_string(exchange.kind),
                    exchange.verdict.status, exchange.request_size);
    if (exchange.report_number != 0) line += fmt::format(" report {}", exchange.report_number);
    if (exchange.report)
      line += fmt::format(" {} from {}", printable(exchange.report->event.eventtype),
                          printable(exchange.report->machine.machinename));
    print(line + "\n" + text_of(exchange.verdict.findings));
  }

  void on_late_verdict(const cer_server::LateVerdict& verdict) override {
    print(fmt::format("{} cab of report {} checked: {} findings\n", to_iso8601(verdict.time),
                      verdict.report_number, verdict.findings.size()) +
          text_of(verdict.findings));
  }

  // From here on there is a line before the others: what came until then follows it.
  void begin(const std::string& first) {
    const std::lock_guard lock(mutex_);
    terminal_.out(first + std::exchange(waiting_, {}));
    begun_ = true;
  }

 private:
  std::string text_of(const std::vector<Finding>& findings) const {
    std::string lines;
    for (const Finding& finding : findings)
      if (verbose_ || finding.severity == FindingSeverity::error)
        lines += fmt::format("  {}: {} [{}]\n", to_string(finding.severity), finding.message, finding.code);
    return lines;
  }

  void print(const std::string& lines) {
    const std::lock_guard lock(mutex_);
    if (begun_)
      terminal_.out(lines);
    else
      waiting_ += lines;
  }

  Terminal& terminal_;
  bool verbose_;
  std::mutex mutex_;
  std::string waiting_;
  bool begun_ = false;
};

// As many connections as this process may ever have.
void allow_many_files() {
  rlimit files{};
  if (::getrlimit(RLIMIT_NOFILE, &files) != 0) return;
  files.rlim_cur = files.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &files);
}

Error bad_option(std::string message, std::string hint) {
  return {ErrorKind::invalid_argument, std::move(message), std::move(hint), {}};
}

Result<std::optional<cer_server::Tls>> tls_of(const Options& options) {
  if (!options.identity.wanted() && options.tls_fault.empty()) return std::nullopt;
  cer_server::Tls tls;
  auto identity = identity_of(options.identity);
  if (!identity) return std::unexpected(identity.error());
  tls.identity = std::move(*identity);
  for (const http::TlsFaultInfo& info : http::kTlsFaults)
    if (info.name == options.tls_fault) tls.fault = info.fault;
  return tls;
}

// One account a line, "user:password"; empty lines and those that begin with '#' say nothing.
Result<http::Accounts> read_accounts(const std::string& file) {
  const Result<Buffer> bytes = run::read_file(file, 1u << 20);
  if (!bytes) return std::unexpected(bytes.error());
  http::Accounts accounts;
  std::string_view text = as_text(*bytes);
  for (std::uint32_t number = 1; !text.empty(); ++number) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty() || line.starts_with('#')) continue;
    const std::size_t colon = line.find(':');
    if (colon == 0 || colon == std::string_view::npos || colon + 1 == line.size())
      return std::unexpected(Error{ErrorKind::malformed,
                                   "this is no account",
                                   "write one a line, as user:password",
                                   {.file = file, .line = number, .column = 1}});
    accounts.passwords[std::string(line.substr(0, colon))] = line.substr(colon + 1);
  }
  if (accounts.passwords.empty())
    return std::unexpected(Error{ErrorKind::malformed,
                                 "there is no account in the file",
                                 "write one a line, as user:password",
                                 {.file = file}});
  return accounts;
}

// Memory that one thread takes and another gives back would go to the kernel and come again, request by
// request.
void keep_memory() {
  constexpr int kSlack = 32 << 20;
  ::mallopt(M_TRIM_THRESHOLD, kSlack);
  ::mallopt(M_MMAP_THRESHOLD, kSlack);
  ::mallopt(M_TOP_PAD, 1 << 20);
}

int serve(const Options& options, Terminal& terminal) {
  std::vector<cer_server::Rule> rules = default_rules();
  if (!options.rules.empty()) {
    const Result<Buffer> text = run::read_file(options.rules, kMostYaml);
    if (!text) return complain(text.error(), terminal);
    auto loaded = scenario::load_rules(as_text(*text), options.rules);
    if (!loaded) {
      for (const Error& error : loaded.error()) terminal.err(error.text() + "\n");
      return kUsage;
    }
    rules = std::move(*loaded);
  }
  catch_interrupts();
  allow_many_files();
  keep_memory();
  const SystemClock clock;
  SystemRandom random;
  Printer printer(terminal, options.verbose);
  cer_server::Options server_options;
  server_options.address = options.address;
  server_options.port = options.port;
  server_options.unprotected = options.unprotected;
  server_options.store = options.store;
  server_options.threads = options.threads != 0 ? options.threads : std::thread::hardware_concurrency();
  server_options.cab_check =
      options.check_first ? cer_server::CabCheck::before_answer : cer_server::CabCheck::after_answer;
  auto tls = tls_of(options);
  if (!tls) return complain(tls.error(), terminal);
  server_options.tls = std::move(*tls);
  if (!options.accounts.empty()) {
    auto accounts = read_accounts(options.accounts);
    if (!accounts) return complain(accounts.error(), terminal);
    server_options.accounts = std::move(*accounts);
  } else if (options.authenticate) {
    server_options.accounts.emplace();
  }
  server_options.profile = *cer::find_profile(options.profile);
  if (options.keep_reports != 0) server_options.keep_reports = options.keep_reports;
  if (!options.keep_time.empty()) {
    server_options.keep_time = parse_duration(options.keep_time);
    if (!server_options.keep_time)
      return complain(bad_option(fmt::format("--keep-time does not take '{}'", options.keep_time),
                                 "lengths of time look like 30d, 24h or 90m"),
                      terminal);
  }
  auto server = cer_server::Server::start(server_options, std::move(rules), clock, random,
                                          options.quiet ? nullptr : &printer);
  if (!server) return complain(server.error(), terminal);
  std::string first;
  if (server_options.tls) first = fmt::format("certificate SHA-256 {}\n", (*server)->fingerprint());
  printer.begin(first + fmt::format("listening on {}:{}\n", options.address, (*server)->port()));
  wait_for_interrupt();
  (*server)->stop();
  terminal.out("stopped\n");
  return kPassed;
}

}  // namespace

Act add_serve(CLI::App& app) {
  CLI::App* verb = app.add_subcommand("serve", "Be a Corporate Error Reporting server until Ctrl-C");
  const auto options = std::make_shared<Options>();
  verb->add_option("--address", options->address, "IP address of this machine to listen on")
      ->capture_default_str();
  verb->add_option("--port", options->port, "port to listen on; 0 = any free one")->capture_default_str();
  std::vector<std::string> faults, profiles;
  for (const http::TlsFaultInfo& info : http::kTlsFaults) faults.emplace_back(info.name);
  for (const cer::ProfileInfo& info : cer::kProfiles) profiles.emplace_back(info.name);
  add_identity_options(*verb, options->identity);
  verb->add_option("--tls-fault", options->tls_fault, "do this wrong with every connection; means --tls")
      ->check(CLI::IsMember(faults));
  verb->add_option("--accounts", options->accounts,
                   "file with one user:password a line: ask for one, with Negotiate or NTLM");
  verb->add_flag("--authenticate", options->authenticate,
                 "ask who it is, but look at the shape of the proof only");
  verb->add_option("--profile", options->profile, "how level-1 documents are judged")
      ->check(CLI::IsMember(profiles))
      ->capture_default_str();
  verb->add_flag("--unprotected", options->unprotected,
                 "listen where other machines come, without --tls and --accounts");
  verb->add_option("--store", options->store,
                   "folder that keeps reports and cabinets; none = they are dropped");
  verb->add_option("--keep-reports", options->keep_reports, "keep only so many of the latest reports")
      ->check(CLI::PositiveNumber);
  verb->add_option("--keep-time", options->keep_time, "keep reports so long, as 30d or 24h");
  verb->add_option("--rules", options->rules,
                   "YAML file with the rules of the answers; none = ask for every cabinet");
  verb->add_option("--threads", options->threads,
                   "threads that serve connections; 0 = one for each processor")
      ->capture_default_str()
      ->check(CLI::Range(0, 256));
  verb->add_flag("--check-first", options->check_first,
                 "check a cabinet before its upload is answered; else a stored one is checked right after");
  CLI::Option* verbose =
      verb->add_flag("--verbose", options->verbose, "print warnings and notes about each request, too");
  verb->add_flag("--quiet", options->quiet, "print no line for a request")->excludes(verbose);
  verb->footer(
      "Prints the address it listens on, then one line for each request. Whoever can reach the port can\n"
      "send and read reports, unless --accounts says who may. An address that other machines reach needs\n"
      "--tls and --accounts, or --unprotected.\n"
      "Exit codes: 0 stopped by SIGINT or SIGTERM, 2 bad rules, 3 the port or the store cannot be had.\n"
      "Example: wheatstone serve --port 1273 --store reports");
  return [options](Terminal& terminal) { return serve(*options, terminal); };
}

}  // namespace wheatstone::cli
