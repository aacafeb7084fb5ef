#include "formats/document/diff.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>
#include <string>

#include "formats/layout/text_bytes.hpp"
#include "harness/cli/inputs.hpp"
#include "harness/cli/load.hpp"
#include "harness/cli/verbs.hpp"
#include "harness/run/files.hpp"

namespace wheatstone::cli {
namespace {

constexpr std::uint64_t kMost = std::uint64_t{1} << 30;

struct Options {
  std::string left;
  std::string right;
  bool json = false;
  std::string kind;
};

// The bytes of a file, also if they are written as text.
Result<Buffer> read(const std::string& name) {
  auto bytes = name == "-" ? run::read_standard_input(kMost) : run::read_file(name, kMost);
  if (!bytes) return bytes;
  auto text = layout::decode_text(as_text(*bytes), kMost);
  if (!text) {
    text.error().where.file = name;
    return std::unexpected(text.error());
  }
  return *text ? std::move((*text)->bytes) : std::move(*bytes);
}

Result<document::Document> recognize(const std::string& name, Bytes bytes, const document::KindInfo* kind) {
  if (auto document = document::Document::read(kind, bytes)) return std::move(*document);
  return fail(ErrorKind::unsupported, "the file is no record, packet or other document that can be compared",
              "'--as KIND' says what it is", {.file = name});
}

std::string text_of(const std::vector<layout::Difference>& differences) {
  std::size_t width = 0;
  for (const auto& difference : differences) width = std::max(width, difference.path.size());
  std::string out;
  for (const auto& difference : differences)
    out += fmt::format("{:<{}} : {} -> {}\n", difference.path, std::min<std::size_t>(width, 48),
                       difference.left.empty() ? "(absent)" : difference.left,
                       difference.right.empty() ? "(absent)" : difference.right);
  return out;
}

std::string json_of(const std::vector<layout::Difference>& differences) {
  layout::TextBuffer out;
  layout::JsonWriter json(out);
  json.begin_array();
  for (const auto& difference : differences) {
    json.begin_object();
    json.key("Path");
    json.text(difference.path);
    json.key("Left");
    json.text(difference.left);
    json.key("Right");
    json.text(difference.right);
    json.end_object();
  }
  json.end_array();
  return std::string(out.view()) + "\n";
}

}  // namespace

Act add_diff(CLI::App& app) {
  CLI::App* verb = app.add_subcommand("diff", "Compare two documents field by field");
  const auto options = std::make_shared<Options>();
  verb->add_option("A", options->left, "a file; - reads standard input")->required();
  verb->add_option("B", options->right, "the file to compare with")->required();
  verb->add_flag("--json", options->json, "a JSON array instead of text");
  add_kind_option(*verb, options->kind);
  verb->footer(
      "One line a field that differs: path : A -> B. Files may be hex dumps or base64.\n"
      "Exit codes: 0 the same bytes, 1 they differ, 2 no document, or two of different kinds, 3 a file "
      "cannot be "
      "read.\n"
      "Example: wheatstone diff before.cper after.cper");
  return [options](Terminal& terminal) {
    if (options->left == "-" && options->right == "-")
      return complain(
          Error{ErrorKind::invalid_argument, "both inputs are standard input", "name one file", {}},
          terminal);
    const auto left = read(options->left);
    if (!left) return complain(left.error(), terminal);
    const auto right = read(options->right);
    if (!right) return complain(right.error(), terminal);
    const document::KindInfo* kind = document::find_kind(options->kind);
    const auto a = recognize(options->left, *left, kind);
    if (!a) return complain(a.error(), terminal);
    const auto b = recognize(options->right, *right, kind);
    if (!b) return complain(b.error(), terminal);
    if (a->kind() != b->kind())
      return complain(
          Error{ErrorKind::invalid_argument,
                fmt::format("{} is of another kind ({}) than {} ({})", options->left,
                            document::info(a->kind()).name, options->right, document::info(b->kind()).name),
                "compare documents of one kind",
                {}},
          terminal);
    const auto differences = document::diff(*a, *b);
    terminal.out(options->json ? json_of(differences) : text_of(differences));
    return differences.empty() ? kPassed : kFailed;
  };
}

}  // namespace wheatstone::cli
