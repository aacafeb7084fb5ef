#include "formats/document/make.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "formats/document/defects.hpp"
#include "formats/layout/assign.hpp"
#include "formats/layout/hex_dump.hpp"
#include "formats/layout/text_bytes.hpp"
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
  std::vector<std::string> defects;  // NAME or NAME=VALUE
  bool hex = false;
};

struct Breakage {
  const document::Defect* defect;
  std::optional<std::uint64_t> value;
};

Result<Breakage> parse_breakage(std::string_view text) {
  const std::string_view name = text.substr(0, text.find('='));
  const document::Defect* defect = document::find_defect(name);
  if (defect == nullptr) {
    std::vector<std::string_view> names;
    for (const document::Defect& known : document::defects()) names.push_back(known.name);
    const std::string_view close = layout::nearest(name, names);
    const std::string hint = close.empty() ? std::string() : fmt::format("did you mean '{}'? ", close);
    return fail(ErrorKind::invalid_argument, fmt::format("there is no defect '{}'", name),
                hint + "'wheatstone defects' lists them");
  }
  if (name.size() == text.size()) return Breakage{defect, std::nullopt};
  const std::string_view given = text.substr(name.size() + 1);
  const auto value = layout::parse_number(given);
  if (!value)
    return fail(ErrorKind::invalid_argument, fmt::format("'{}' is no value for {}", given, name),
                "a number is expected: decimal, or hex with 0x");
  return Breakage{defect, value};
}

// Characters that no YAML has.
bool is_binary(Bytes bytes) {
  return std::ranges::any_of(
      bytes, [](std::uint8_t c) { return (c < ' ' && c != '\t' && c != '\n' && c != '\r') || c == 0x7f; });
}

Result<Buffer> make_described(Bytes yaml) {
  const auto tree = scenario::parse_yaml(as_text(yaml), kLimits);
  if (!tree) return std::unexpected(tree.error());
  auto made = document::make(*tree);
  if (!made) return std::unexpected(made.error());
  return std::move(made->bytes);
}

// What is to be broken: the document itself, text that stands for its bytes, or its description.
Result<Buffer> document_in(Buffer content) {
  if (document::Document::recognize(content) || is_binary(content)) return content;
  auto text = layout::decode_text(as_text(content), kLimits.bytes);
  if (!text) return std::unexpected(text.error());
  return *text ? std::move((*text)->bytes) : make_described(content);
}

std::string name_of(const Options& options) {
  return options.file == "-" ? "standard input" : options.file;
}

Result<Buffer> read_document(const Options& options) {
  auto content = options.file == "-" ? run::read_standard_input(kLimits.bytes)
                                     : run::read_file(options.file, kLimits.bytes);
  if (!content) return content;
  auto made = options.defects.empty() ? make_described(*content) : document_in(std::move(*content));
  if (!made) made.error().where.file = name_of(options);
  return made;
}

Result<Buffer> make(const Options& options) {
  std::vector<Breakage> breakages;
  for (const std::string& text : options.defects) {
    const auto breakage = parse_breakage(text);
    if (!breakage) return std::unexpected(breakage.error());
    breakages.push_back(*breakage);
  }
  if (options.file.empty() && breakages.empty())
    return fail(ErrorKind::invalid_argument, "make needs a FILE",
                "a description; or --defect, which breaks an example without one");
  auto made = options.file.empty() ? Result<Buffer>(document::example_for(*breakages.front().defect))
                                   : read_document(options);
  if (!made) return made;
  for (const Breakage& breakage : breakages) {
    auto broken = document::break_document(*breakage.defect, *made, breakage.value);
    if (!broken) {
      if (!options.file.empty()) broken.error().where.file = name_of(options);
      return broken;
    }
    *made = std::move(*broken);
  }
  return made;
}

}  // namespace

Act add_make(CLI::App& app) {
  CLI::App* verb =
      app.add_subcommand("make", "Make the bytes that a YAML description says, broken on request");
  const auto options = std::make_shared<Options>();
  verb->add_option("FILE", options->file,
                   "description; - reads standard input; with --defect also a document, may be left out");
  verb->add_option("-o,--out", options->out, "file to write; standard output without it");
  verb->add_option("--defect", options->defects,
                   "NAME or NAME=VALUE: puts in a defect of the catalogue; may be given again")
      ->allow_extra_args(false)
      ->take_all();
  verb->add_flag("--hex", options->hex, "a hex dump instead of bytes");
  verb->footer(
      "The description is what 'show --yaml' prints: record, packet, ... with fields by name, then 'length' "
      "and\n"
      "'patch' for what names cannot say. 'profile: win11-24H2' in a record fills what that system writes.\n"
      "--defect puts a defect into FILE, which is a description, a document or a hex dump of one; without "
      "FILE "
      "into a\n"
      "good example of its kind. 'wheatstone defects' lists them; VALUE is decimal, or hex with 0x.\n"
      "Exit codes: 0 made, 2 a mistake in the description or no such defect, 3 a file cannot be read or "
      "written.\n"
      "Examples: wheatstone show --yaml record.cper > record.yaml\n"
      "          wheatstone make record.yaml -o edited.cper\n"
      "          wheatstone make --defect record-length-beyond=5000 record.cper -o broken.cper\n"
      "          wheatstone make --defect packet-cut | your-parser");
  return [options](Terminal& terminal) {
    const Result<Buffer> made = make(*options);
    if (!made) return complain(made.error(), terminal);
    if (options->out.empty() && !options->hex && isatty(STDOUT_FILENO) == 1)
      return complain(Error{ErrorKind::invalid_argument,
                            "the bytes are not for a terminal",
                            "name a file with --out, or see them with --hex",
                            {}},
                      terminal);
    const std::string hex = options->hex ? layout::write_hex_dump(*made) : std::string();
    const Bytes content = options->hex ? as_bytes(hex) : Bytes(*made);
    if (options->out.empty()) {
      terminal.out(as_text(content));
      return kPassed;
    }
    if (auto done = write_whole(options->out, {content}); !done) return complain(done.error(), terminal);
    return kPassed;
  };
}

}  // namespace wheatstone::cli
