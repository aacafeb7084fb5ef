#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>
#include <utility>

#include "formats/layout/text_buffer.hpp"
#include "harness/cli/inputs.hpp"
#include "harness/cli/verbs.hpp"
#include "harness/report/findings.hpp"
#include "harness/report/present.hpp"

namespace wheatstone::cli {
namespace {

constexpr std::size_t kKeptText = 1u << 20;  // of one input, for the next in the same place

struct Options {
  InputOptions input;
  bool json = false;
};

struct Shown {
  layout::TextBuffer text;
  report::FileKind kind = report::FileKind::unknown;

  void clear() {
    if (text.size() > kKeptText) text = layout::TextBuffer();
    text.clear();
  }
};

int show(const Options& options, Terminal& terminal) {
  const bool single = is_single(options.input);
  Printer printer(terminal);
  InputWatch watch(options.input, terminal, printer);
  std::uint64_t unknown = 0;
  bool first = true;
  layout::TextBuffer line;
  const auto work = [&](const input::Input& input, Shown& shown) {
    shown.kind = report::present_to(shown.text, input.bytes, options.json, single ? "" : input.name);
  };
  const auto print = [&](const input::Handled& handled, const Shown& shown) {
    if (handled.error == nullptr) {
      if (shown.kind == report::FileKind::unknown) ++unknown;
      if (!options.json && !std::exchange(first, false)) printer.print("\n");
      printer.print(shown.text.view());
    } else if (options.json && !single) {
      line.clear();
      report::failure_line(line, handled.name, *handled.error);
      printer.print(line.view());
    }
  };
  const input::Summary summary = for_each_input<Shown>(options.input, watch, work, print);
  const int code = watch.finish(summary);
  if (!single && !printer.closed() && summary.files + summary.failed != 0) {
    const std::uint64_t known = summary.files - unknown;
    terminal.err(fmt::format("{} file{} shown, {} unknown, {} unreadable\n", known, known == 1 ? "" : "s",
                             unknown, summary.failed));
  }
  return std::max(code, unknown != 0 ? kUsage : kPassed);
}

}  // namespace

Act add_show(CLI::App& app) {
  CLI::App* verb = app.add_subcommand("show", "Show files, whatever they are, and what is wrong with them");
  const auto options = std::make_shared<Options>();
  // present_to knows text that stands for bytes, and what is just text.
  options->input.decode_text = false;
  add_input_options(*verb, options->input, "files to show");
  verb->add_flag("--json", options->json, "JSON instead of text, one object a line and file");
  verb->footer(
      "Knows error records (CPER), kernel crash dumps, cabinets, level-1 reports, answers of a CER server, "
      "and the\n"
      "first three as text: hex dumps (ours, xxd, hexdump -C, a debugger's db), hex digits, base64, PEM, "
      "MIME.\n"
      "Exit codes: 0 shown, 2 unknown data (its first bytes are shown), 3 a file cannot be read.\n"
      "Examples: wheatstone show record-1.cper\n"
      "          wheatstone show --json records/ | jq -r .File\n"
      "          wheatstone show --json MEMORY.DMP | jq .Dump.Header");
  return [options](Terminal& terminal) { return show(*options, terminal); };
}

}  // namespace wheatstone::cli
