#include <CLI/CLI.hpp>
#include <memory>
#include <string>

#include "harness/cli/load.hpp"
#include "harness/cli/verbs.hpp"
#include "harness/report/present.hpp"
#include "harness/run/files.hpp"

namespace wheatstone::cli {
namespace {

constexpr std::uint64_t kMostShown = std::uint64_t{1} << 30;

struct Options {
  std::string file;
  bool json = false;
};

}  // namespace

Act add_show(CLI::App& app) {
  CLI::App* verb = app.add_subcommand("show", "Show a file, whatever it is, and what is wrong with it");
  const auto options = std::make_shared<Options>();
  verb->add_option("FILE", options->file, "file to show; - reads standard input")->required();
  verb->add_flag("--json", options->json, "one JSON object instead of text");
  verb->footer(
      "Knows error records (CPER), kernel crash dumps, cabinets, level-1 reports, answers of a CER server, "
      "and hex\n"
      "dumps of the first three.\n"
      "Exit codes: 0 shown, 2 unknown data (its first bytes are shown), 3 the file cannot be read.\n"
      "Examples: wheatstone show record-1.cper\n"
      "          wheatstone show --json MEMORY.DMP | jq .Dump.Header");
  return [options](Terminal& terminal) {
    const Result<Buffer> bytes = options->file == "-" ? run::read_standard_input(kMostShown)
                                                      : run::read_file(options->file, kMostShown);
    if (!bytes) return complain(bytes.error(), terminal);
    const report::Presentation shown = report::present(*bytes, options->json);
    terminal.out(shown.text);
    return shown.kind == report::FileKind::unknown ? kUsage : kPassed;
  };
}

}  // namespace wheatstone::cli
