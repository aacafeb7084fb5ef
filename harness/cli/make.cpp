#include <unistd.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <string>

#include "formats/document/make.hpp"
#include "formats/layout/hex_dump.hpp"
#include "harness/cli/load.hpp"
#include "harness/cli/verbs.hpp"
#include "harness/run/files.hpp"
#include "harness/scenario/yaml.hpp"
#include "mocks/files.hpp"

namespace wheatstone::cli {
namespace {

// A record of 10 MB is 20 MB of hex digits in one value.
constexpr scenario::YamlLimits kLimits = {.bytes = std::size_t{256} << 20,
                                          .line = std::size_t{192} << 20,
                                          .depth = 64,
                                          .nodes = 4'000'000,
                                          .scalar = std::size_t{192} << 20,
                                          .text = std::size_t{256} << 20};

struct Options {
  std::string file;
  std::string out;
  bool hex = false;
};

Result<document::Made> make(const Options& options) {
  const auto text = options.file == "-" ? run::read_standard_input(kLimits.bytes)
                                        : run::read_file(options.file, kLimits.bytes);
  if (!text) return std::unexpected(text.error());
  const auto located = [&options](Error error) {
    error.where.file = options.file == "-" ? "standard input" : options.file;
    return std::unexpected(std::move(error));
  };
  const auto tree = scenario::parse_yaml(as_text(*text), kLimits);
  if (!tree) return located(tree.error());
  auto made = document::make(*tree);
  if (!made) return located(made.error());
  return made;
}

}  // namespace

Act add_make(CLI::App& app) {
  CLI::App* verb = app.add_subcommand("make", "Make the bytes that a YAML description says");
  const auto options = std::make_shared<Options>();
  verb->add_option("FILE", options->file, "description; - reads standard input")->required();
  verb->add_option("-o,--out", options->out, "file to write; standard output without it");
  verb->add_flag("--hex", options->hex, "a hex dump instead of bytes");
  verb->footer(
      "The description is what 'show --yaml' prints: record, packet, ... with fields by name, then 'length' "
      "and\n"
      "'patch' for what names cannot say. 'profile: win11-24H2' in a record fills what that system writes.\n"
      "Exit codes: 0 made, 2 a mistake in the description, 3 a file cannot be read or written.\n"
      "Examples: wheatstone show --yaml record.cper > record.yaml\n"
      "          wheatstone make record.yaml -o edited.cper");
  return [options](Terminal& terminal) {
    const Result<document::Made> made = make(*options);
    if (!made) return complain(made.error(), terminal);
    if (options->out.empty() && !options->hex && isatty(STDOUT_FILENO) == 1)
      return complain(Error{ErrorKind::invalid_argument,
                            "the bytes are not for a terminal",
                            "name a file with --out, or see them with --hex",
                            {}},
                      terminal);
    const std::string hex = options->hex ? layout::write_hex_dump(made->bytes) : std::string();
    const Bytes content = options->hex ? as_bytes(hex) : Bytes(made->bytes);
    if (options->out.empty()) {
      terminal.out(as_text(content));
      return kPassed;
    }
    if (auto done = write_whole(options->out, {content}); !done) return complain(done.error(), terminal);
    return kPassed;
  };
}

}  // namespace wheatstone::cli
