#include "harness/scenario/schema.hpp"

#include <CLI/CLI.hpp>

#include "harness/cli/terminal.hpp"
#include "harness/cli/verbs.hpp"

namespace wheatstone::cli {

Act add_schema(CLI::App& app) {
  app.add_subcommand("schema", "Print the JSON schema of scenario files, for editors")
      ->footer("Exit code: 0.\nExample: wheatstone schema > scenario.schema.json");
  return [](Terminal& terminal) {
    terminal.out(scenario::json_schema());
    return kPassed;
  };
}

}  // namespace wheatstone::cli
