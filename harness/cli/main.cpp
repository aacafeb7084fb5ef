#include <CLI/CLI.hpp>
#include <algorithm>
#include <exception>
#include <string>
#include <utility>
#include <vector>

#include "formats/layout/node.hpp"
#include "harness/cli/terminal.hpp"
#include "harness/cli/verbs.hpp"

namespace wheatstone::cli {
namespace {

constexpr const char* kFooter =
    "Exit codes: 0 passed or done, 1 an expectation was not met, 2 a bad scenario, bad input or a bad "
    "command line,\n"
    "3 the machine is in the way (a file, a port, a server).\n"
    "'wheatstone VERB --help' tells more about a verb.";

using Verbs = std::vector<std::pair<CLI::App*, Act>>;

Verbs add_verbs(CLI::App& app) {
  Verbs verbs;
  for (const auto add :
       {add_run, add_check, add_list, add_show, add_lint, add_make, add_describe, add_diff, add_defects,
        add_scrub, add_serve, add_reports, add_submit, add_conform, add_schema}) {
    Act act = add(app);
    verbs.emplace_back(app.get_subcommands({}).back(), std::move(act));
  }
  return verbs;
}

std::vector<std::string> verb_names(const Verbs& verbs) {
  std::vector<std::string> names;
  for (const auto& [verb, act] : verbs) names.push_back(verb->get_name());
  return names;
}

int fail_unknown_verb(Terminal& terminal, const std::vector<std::string>& names, const std::string& word) {
  const std::string_view nearest = layout::nearest(word, {names.begin(), names.end()});
  terminal.err("wheatstone: there is no verb '" + word + "'");
  if (!nearest.empty()) terminal.err("; did you mean '" + std::string(nearest) + "'?");
  terminal.err("\nSee 'wheatstone --help'.\n");
  return kUsage;
}

int run(int argc, char** argv, Terminal& terminal) {
  CLI::App app("Wheatstone: a bench for hardware errors.", "wheatstone");
  app.set_version_flag("--version", "wheatstone " WHEATSTONE_VERSION);
  app.require_subcommand(1);
  app.footer(kFooter);
  const Verbs verbs = add_verbs(app);
  const std::vector<std::string> names = verb_names(verbs);
  const std::string first = argc > 1 ? argv[1] : "--help";
  if (!first.starts_with('-') && std::ranges::find(names, first) == names.end())
    return fail_unknown_verb(terminal, names, first);
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    terminal.out(app.help());
    return kPassed;
  } catch (const CLI::CallForAllHelp&) {
    terminal.out(app.help("", CLI::AppFormatMode::All));
    return kPassed;
  } catch (const CLI::CallForVersion& version) {
    terminal.out(std::string(version.what()) + "\n");
    return kPassed;
  } catch (const CLI::ParseError& error) {
    terminal.err(std::string("wheatstone: ") + error.what() + "\nSee 'wheatstone --help'.\n");
    return kUsage;
  }
  for (const auto& [verb, act] : verbs)
    if (verb->parsed()) return act(terminal);
  return kUsage;
}

}  // namespace
}  // namespace wheatstone::cli

int main(int argc, char** argv) {
  wheatstone::cli::Terminal terminal;
  try {
    const int code = wheatstone::cli::run(argc, argv, terminal);
    return terminal.failed() ? wheatstone::cli::kEnvironment : code;
  } catch (const std::exception& error) {
    terminal.err(std::string("wheatstone: internal error: ") + error.what() + "\n");
    return wheatstone::cli::kEnvironment;
  }
}
