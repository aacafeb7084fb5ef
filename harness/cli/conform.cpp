#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "formats/layout/text_buffer.hpp"
#include "harness/cli/interrupt.hpp"
#include "harness/cli/load.hpp"
#include "harness/cli/security.hpp"
#include "harness/cli/verbs.hpp"
#include "harness/conform/client_cases.hpp"
#include "harness/conform/command.hpp"
#include "harness/conform/server_cases.hpp"
#include "mocks/files.hpp"

namespace wheatstone::cli {
namespace {

using namespace conform;

// What both halves are told.
struct RunOptions {
  Only only;
  std::string level = "gap";
  bool json = false;
  std::string junit;
};

struct ServerWords {
  RunOptions run;
  std::string url;
  TrustOptions trust;
  std::string event_type = ServerOptions().event_type;
  unsigned timeout = 5;
};

struct ClientWords {
  RunOptions run;
  std::uint16_t port = 0;
  IdentityOptions identity;
  std::string command;
  unsigned timeout = 30;
};

void add_run_options(CLI::App& verb, RunOptions& options) {
  verb.add_option("--only", options.only, "ids of the cases to run, with ',' between them")->delimiter(',');
  verb.add_option("--level", options.level,
                  "the least level that counts for the exit code: must, should, gap (unless given)")
      ->check(CLI::IsMember({"must", "should", "gap"}));
  verb.add_flag("--json", options.json, "one object a line and case, and one with the totals");
  verb.add_option("--junit", options.junit, "write a JUnit XML report to this file");
}

// Prints each result when it is there. False: nobody reads any more, or Ctrl-C.
class Printer {
 public:
  Printer(const RunOptions& options, Terminal& terminal)
      : options_(options), terminal_(terminal), interrupted_(catch_interrupts()) {}

  bool print(const CaseResult& result) {
    if (options_.json) {
      layout::TextBuffer line;
      result_line(line, result);
      terminal_.out(line.view());
    } else {
      terminal_.out(result_text(result));
    }
    return !interrupted_ && !terminal_.closed();
  }

  // Prints the totals, writes the report and returns the exit code.
  int finish(std::string_view half, const std::vector<CaseResult>& results) {
    if (options_.json) {
      layout::TextBuffer line;
      totals_line(line, count(results));
      terminal_.out(line.view());
    } else {
      terminal_.out(totals_text(count(results)) + "\n");
    }
    if (!options_.junit.empty())
      if (const auto written = write_whole(options_.junit, {as_bytes(junit_xml(half, results))}); !written)
        return complain(written.error(), terminal_);
    const Totals totals = count(results, parse_level(options_.level).value_or(Level::gap));
    if (totals.failed != 0) return kFailed;
    return totals.not_reached != 0 ? kEnvironment : kPassed;
  }

 private:
  const RunOptions& options_;
  Terminal& terminal_;
  const std::atomic<bool>& interrupted_;
};

// Options that only HTTPS has must not be lost on plain HTTP.
bool speaks_of_https(const TrustOptions& options) {
  return trust_of(options).kind != http::Trust::Kind::system || !options.user.empty();
}

int test_server(const ServerWords& words, Terminal& terminal) {
  const Result<Endpoint> server = parse_url(words.url);
  if (!server) return complain(server.error(), terminal);
  if (!server->tls && speaks_of_https(words.trust)) {
    terminal.err("wheatstone: --trust, --pin, --insecure and --user need an https:// URL\n");
    return kUsage;
  }
  auto credentials = credentials_of(words.trust);
  if (!credentials) return complain(credentials.error(), terminal);
  Printer printer(words.run, terminal);
  const auto results = conform::test_server({.server = *server,
                                             .trust = trust_of(words.trust),
                                             .credentials = std::move(*credentials),
                                             .event_type = words.event_type,
                                             .time = std::chrono::seconds(words.timeout),
                                             .only = words.run.only},
                                            [&](const CaseResult& result) { return printer.print(result); });
  if (!results) return complain(results.error(), terminal);
  return printer.finish("server", *results);
}

int test_client(const ClientWords& words, Terminal& terminal) {
  ClientOptions options;
  options.port = words.port;
  options.wait = std::chrono::seconds(words.timeout);
  options.only = words.run.only;
  if (words.identity.wanted()) {
    auto given = identity_of(words.identity);
    if (!given) return complain(given.error(), terminal);
    auto identity = *given ? Result<http::Identity>(std::move(**given)) : http::make_identity({"127.0.0.1"});
    if (!identity) return complain(identity.error(), terminal);
    options.identity = std::move(*identity);
  }
  if (!words.command.empty()) {
    Result<std::vector<std::string>> command = split_words(words.command);
    if (!command) return complain(command.error(), terminal);
    options.run = run_command(std::move(*command), options.wait);
  }
  Printer printer(words.run, terminal);
  const auto tell = [&](const Place& place) {
    std::string line = fmt::format("listening on {}\n", place.url());
    if (!place.fingerprint.empty()) line = fmt::format("certificate SHA-256 {}\n", place.fingerprint) + line;
    words.run.json ? terminal.err(line) : terminal.out(line);
  };
  const auto results =
      conform::test_client(options, tell, [&](const CaseResult& result) { return printer.print(result); });
  if (!results) return complain(results.error(), terminal);
  return printer.finish("client", *results);
}

CLI::App* add_server(CLI::App& verb, ServerWords& words) {
  CLI::App* half = verb.add_subcommand("server", "Test a server");
  half->add_option("URL", words.url, "where it listens: http[s]://HOST[:PORT]; port 1273 unless given")
      ->required();
  add_trust_options(*half, words.trust);
  half->add_option("--event-type", words.event_type,
                   "event type of the reports, for a server whose rules look at it")
      ->capture_default_str();
  half->add_option("--timeout", words.timeout, "seconds that each answer may take")
      ->check(CLI::Range(1, 600))
      ->capture_default_str();
  add_run_options(*half, words.run);
  half->footer(
      "The server gets legal and illegal reports, and cabs if it asks for them: test a server that may keep "
      "them.\n"
      "Exit codes: 0 all cases that count passed, 1 some failed, 2 a bad command line, 3 the server cannot "
      "be reached.\n"
      "Examples: wheatstone conform server http://127.0.0.1:1273 --level must --junit results.xml\n"
      "          wheatstone conform server https://cer.example.com --trust ca.pem --user CORP\\\\mary "
      "--password-file pw");
  return half;
}

CLI::App* add_client(CLI::App& verb, ClientWords& words) {
  CLI::App* half = verb.add_subcommand("client", "Test a client");
  half->add_option("--port", words.port, "port of 127.0.0.1 to listen on; 0 = any free one")
      ->capture_default_str();
  add_identity_options(*half, words.identity);
  half->add_option(
      "--run", words.command,
      "command that sends one report with a file; {url}, {host}, {port} and {fingerprint} in it are "
      "replaced");
  half->add_option("--timeout", words.timeout, "seconds to wait for a client, and for it to end")
      ->check(CLI::Range(1, 3600))
      ->capture_default_str();
  add_run_options(*half, words.run);
  half->footer(
      "With --run, the command is started once for each case, and its exit code must tell whether the report "
      "was taken.\n"
      "Without it, every new report that comes is the next case; the run ends when none came for the "
      "time-out.\n"
      "Exit codes: 0 all cases that count passed, 1 some failed, 2 a bad command line, 3 the port cannot be "
      "had, the\n"
      "command cannot be started, or cases were not reached.\n"
      "Examples: wheatstone conform client --run 'wheatstone submit --port {port} --file Version.txt "
      "report.xml'\n"
      "          wheatstone conform client --tls --run 'wheatstone submit --pin {fingerprint} --server "
      "{host} "
      "--port {port} r.xml'");
  return half;
}

}  // namespace

Act add_conform(CLI::App& app) {
  CLI::App* verb =
      app.add_subcommand("conform", "Test a Corporate Error Reporting server or client against the rules");
  verb->require_subcommand(1);
  const auto server_words = std::make_shared<ServerWords>();
  const auto client_words = std::make_shared<ClientWords>();
  const CLI::App* server = add_server(*verb, *server_words);
  const CLI::App* client = add_client(*verb, *client_words);
  CLI::App* list = verb->add_subcommand("list", "List the cases: id, level, clause, title");
  list->footer("Exit code 0.\nExample: wheatstone conform list");
  verb->footer(
      "Exit codes: 0 all cases that count passed, 1 some failed, 2 a bad command line, 3 it could not be "
      "run.\n"
      "Examples: wheatstone conform server http://127.0.0.1:1273\n"
      "          wheatstone conform client --port 1273\n"
      "          wheatstone conform list");
  return [=](Terminal& terminal) {
    if (server->parsed()) return test_server(*server_words, terminal);
    if (client->parsed()) return test_client(*client_words, terminal);
    terminal.out(list_text(server_cases()) + list_text(client_cases()));
    return kPassed;
  };
}

}  // namespace wheatstone::cli
