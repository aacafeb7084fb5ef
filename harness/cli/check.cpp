#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <string>
#include <vector>

#include "harness/cli/load.hpp"
#include "harness/cli/verbs.hpp"

namespace wheatstone::cli {

Act add_check(CLI::App& app) {
  CLI::App* verb = app.add_subcommand("check", "Load scenarios without running them and print every error");
  const auto paths = std::make_shared<std::vector<std::string>>();
  verb->add_option("PATH", *paths, "scenario files, or folders to search for *.yaml")->required();
  verb->footer(
      "Exit codes: 0 all scenarios are good, 2 some are not.\n"
      "Example: wheatstone check scenarios");
  return [paths](Terminal& terminal) {
    const run::Library library = load(*paths, terminal);
    if (!library.errors.empty()) return kUsage;
    terminal.out(fmt::format("{} scenario{} checked, no errors\n", library.scenarios.size(),
                             library.scenarios.size() == 1 ? "" : "s"));
    return kPassed;
  };
}

}  // namespace wheatstone::cli
