#include "formats/document/defects.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>
#include <string>

#include "formats/document/examples.hpp"
#include "harness/cli/load.hpp"
#include "harness/cli/verbs.hpp"
#include "mocks/files.hpp"

namespace wheatstone::cli {
namespace {

struct Options {
  std::string out;
};

// What the VALUE of a change is; empty if it has none.
std::string_view value_name(const document::Change& change) {
  switch (change.what) {
    case document::Change::What::nothing:
      return {};
    case document::Change::What::set:
      return change.path;
    case document::Change::What::add:
      return "what is added";
    case document::Change::What::flip:
      return "the bits to flip";
    case document::Change::What::keep:
      return "the bytes to keep";
    case document::Change::What::cut:
      return "the bytes to cut off";
    case document::Change::What::append:
      return "the bytes to append";
    case document::Change::What::shift:
      return "the bytes between";
    case document::Change::What::overlay:
      return "the sections";
  }
  return {};
}

std::string list() {
  std::size_t width = 0;
  for (const document::KindInfo& kind : document::kinds()) width = std::max(width, kind.key.size());
  std::string text;
  for (const document::Defect& defect : document::defects()) {
    text += fmt::format("{:<30} {:<{}} {}\n{:<{}} breaks {}; lint says {}\n", defect.name,
                        document::info(defect.kind).key, width, defect.about, "", width + 31, defect.clause,
                        defect.finding);
    if (const std::string_view value = value_name(defect.first); !value.empty())
      text +=
          fmt::format("{:<{}} VALUE: {}, {:#x} unless given\n", "", width + 31, value, defect.first.value);
  }
  return text;
}

// One file for each defect, named after it, and the good documents beside them.
Result<void> write_all(const std::string& folder) {
  if (auto made = make_folder(folder); !made) return made;
  const std::filesystem::path path = folder;
  for (const document::KindInfo& kind : document::kinds())
    if (auto done = write_whole(path / fmt::format("good-{}.bin", kind.key), {document::example(kind.kind)});
        !done)
      return done;
  for (const document::Defect& defect : document::defects()) {
    const auto broken = document::break_document(defect, document::example_for(defect));
    if (!broken) return std::unexpected(broken.error());
    if (auto done = write_whole(path / fmt::format("{}.bin", defect.name), {*broken}); !done) return done;
  }
  return {};
}

}  // namespace

Act add_defects(CLI::App& app) {
  CLI::App* verb =
      app.add_subcommand("defects", "List the catalogue of defects, or write a document with each");
  const auto options = std::make_shared<Options>();
  verb->add_option("-o,--out", options->out, "folder for one file a defect, and the good documents");
  verb->footer(
      "Each defect has the kind of document it is put in, the clause that it breaks, the finding that it "
      "gives "
      "and the\n"
      "VALUE that 'wheatstone make --defect NAME=VALUE' takes.\n"
      "Exit codes: 0 done, 3 a file cannot be written.\n"
      "Example: wheatstone defects --out broken/   # then let your own parser read them");
  return [options](Terminal& terminal) {
    if (options->out.empty()) {
      terminal.out(list());
      return kPassed;
    }
    if (auto done = write_all(options->out); !done) return complain(done.error(), terminal);
    return kPassed;
  };
}

}  // namespace wheatstone::cli
