#include "formats/document/describe.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <string>
#include <vector>

#include "formats/document/structures.hpp"
#include "harness/cli/load.hpp"
#include "harness/cli/verbs.hpp"

namespace wheatstone::cli {
namespace {

struct Options {
  std::vector<std::string> names;
  bool all = false;
  bool list = false;
};

// One line a section type and a structure.
std::string list() {
  std::string out;
  for (const cper::SectionType& type : cper::section_types())
    out += fmt::format("{}  section {}\n", type.guid.text(), type.name);
  for (const layout::Layout* layout : document::structures())
    out += fmt::format("{:<36}  {}, {} bytes [{}]\n", layout->name, layout->structure, layout->size,
                       layout->clause);
  return out;
}

}  // namespace

Act add_describe(CLI::App& app) {
  CLI::App* verb = app.add_subcommand("describe", "Print the layout of a structure, or what a GUID means");
  const auto options = std::make_shared<Options>();
  verb->add_option("NAME", options->names, "structure (ours or the specification's name) or GUID");
  verb->add_flag("--all", options->all, "every structure");
  verb->add_flag("--list", options->list, "names and sizes only, of every structure");
  verb->footer(
      "Exit codes: 0 printed, 2 a name that is not known.\n"
      "Examples: wheatstone describe XpfMca\n"
      "          wheatstone describe WHEA_PCIEXPRESS_ERROR_SECTION\n"
      "          wheatstone describe 919448b2-3739-4b7f-a8f1-e0062805c2a3");
  return [options](Terminal& terminal) {
    if (options->list) {
      terminal.out(list());
      return kPassed;
    }
    if (options->all) {
      terminal.out(document::describe_all());
      return kPassed;
    }
    if (options->names.empty())
      return complain(Error{ErrorKind::invalid_argument, "describe needs a NAME", "or --all, or --list", {}},
                      terminal);
    std::string out;
    for (const std::string& name : options->names) {
      const auto page = document::describe(name);
      if (!page) return complain(page.error(), terminal);
      if (!out.empty()) out += '\n';
      out += *page;
    }
    terminal.out(out);
    return kPassed;
  };
}

}  // namespace wheatstone::cli
