#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "harness/cli/load.hpp"
#include "harness/cli/verbs.hpp"

namespace wheatstone::cli {

Act add_list(CLI::App& app) {
  CLI::App* verb = app.add_subcommand("list", "Print id and title of scenarios");
  const auto paths = std::make_shared<std::vector<std::string>>();
  verb->add_option("PATH", *paths, "scenario files, or folders to search for *.yaml")->required();
  verb->footer(
      "Exit codes: 0 done, 2 some scenarios have errors (the others are listed).\n"
      "Example: wheatstone list scenarios");
  return [paths](Terminal& terminal) {
    const run::Library library = load(*paths, terminal);
    std::size_t width = 0;
    for (const scenario::Scenario& scenario : library.scenarios) width = std::max(width, scenario.id.size());
    for (const scenario::Scenario& scenario : library.scenarios)
      terminal.out(fmt::format("{:<{}}  {}\n", scenario.id, width, scenario.title));
    return library.errors.empty() ? kPassed : kUsage;
  };
}

}  // namespace wheatstone::cli
