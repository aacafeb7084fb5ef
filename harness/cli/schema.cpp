#include "harness/scenario/schema.hpp"

#include <CLI/CLI.hpp>
#include <memory>
#include <string>
#include <vector>

#include "formats/document/json_schema.hpp"
#include "harness/cli/terminal.hpp"
#include "harness/cli/verbs.hpp"

namespace wheatstone::cli {
namespace {

constexpr const char* kScenario = "scenario";

}  // namespace

Act add_schema(CLI::App& app) {
  CLI::App* verb =
      app.add_subcommand("schema", "Print a JSON schema: of scenarios, or of what show --json prints");
  const auto of = std::make_shared<std::string>(kScenario);
  std::vector<std::string> names = {kScenario};
  for (const document::KindInfo& kind : document::kinds()) names.emplace_back(kind.key);
  verb->add_option("OF", *of, "what it describes; scenario unless given")->check(CLI::IsMember(names));
  verb->footer(
      "Editors with a YAML language server complete and check scenarios with it. The others describe the "
      "value\n"
      "that show --json prints about a document.\n"
      "Exit codes: 0 printed, 2 a name that is not known.\n"
      "Examples: wheatstone schema > scenario.schema.json\n"
      "          wheatstone schema record > record.schema.json");
  return [of](Terminal& terminal) {
    const document::KindInfo* kind = document::find_kind(*of);
    terminal.out(kind != nullptr ? document::json_schema(kind->kind) : scenario::json_schema());
    return kPassed;
  };
}

}  // namespace wheatstone::cli
