#include "formats/document/scrub.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <memory>
#include <set>
#include <string>

#include "harness/cli/inputs.hpp"
#include "harness/cli/load.hpp"
#include "harness/cli/pseudonyms.hpp"
#include "harness/cli/verbs.hpp"
#include "harness/run/files.hpp"
#include "mocks/files.hpp"

namespace wheatstone::cli {
namespace {

constexpr std::uint64_t kMostKey = 1u << 16;
constexpr std::size_t kLeastKey = 16;

struct Options {
  InputOptions input;
  std::string key_file;
  std::string out;
  std::string kind;
  document::ScrubOptions scrub;
  bool list = false;
};

struct Cleaned {
  bool known = false;
  document::Scrubbed result;

  void clear() { *this = {}; }
};

Result<Buffer> read_key(const std::string& file) {
  auto key = file == "-" ? run::read_standard_input(kMostKey) : run::read_file(file, kMostKey);
  if (!key) return key;
  while (!key->empty() && (key->back() == '\n' || key->back() == '\r')) key->pop_back();
  if (key->size() < kLeastKey)
    return fail(
        ErrorKind::invalid_argument,
        fmt::format("a key of {} bytes is too short: whoever guesses it finds the values", key->size()),
        fmt::format("give {} at least: head -c 32 /dev/urandom > KEY", kLeastKey), {.file = file});
  return key;
}

// Where the output of an input goes: below a folder its place in the folder that was named.
std::filesystem::path place_of(const Options& options, std::string_view name) {
  const std::filesystem::path file(name);
  for (const std::string& word : options.input.paths) {
    std::filesystem::path inside = file.lexically_relative(word);
    if (!inside.empty() && inside != "." && *inside.begin() != "..")
      return std::filesystem::path(options.out) / inside;
  }
  return std::filesystem::path(options.out) / (name == "-" ? "stdin" : file.filename());
}

// A copy never goes where an input is: the original would be gone, or the walk would meet what it wrote.
Result<void> keep_originals(const Options& options) {
  namespace fs = std::filesystem;
  std::error_code ignored;
  const fs::path out = fs::weakly_canonical(options.out, ignored);
  for (const std::string& word : options.input.paths) {
    if (word == "-" || options.out.empty()) continue;
    const fs::path inside = out.lexically_relative(fs::weakly_canonical(word, ignored));
    if (!inside.empty() && *inside.begin() != "..")
      return fail(ErrorKind::invalid_argument,
                  fmt::format("'{}' is, or lies in, the input '{}'", options.out, word),
                  "name another place with --out: originals are kept");
  }
  return {};
}

// `written` holds what this run wrote: files of one name in two folders do not replace each other.
Result<void> write(const Options& options, bool single, std::string_view name, Bytes bytes,
                   std::set<std::filesystem::path>& written, Terminal& terminal) {
  if (single && options.out.empty()) {
    terminal.out(as_text(bytes));
    return {};
  }
  const std::filesystem::path path = single ? std::filesystem::path(options.out) : place_of(options, name);
  if (!written.insert(path).second)
    return fail(
        ErrorKind::invalid_argument,
        fmt::format("{} would replace {}, which another input of this run became", name, path.string()),
        "scrub folders that hold the same names one at a time");
  if (!single)
    if (auto made = make_folder(path.parent_path()); !made) return made;
  return write_whole(path, {bytes});
}

std::string report(std::string_view name, const document::Scrubbed& result, bool list, bool zeroed) {
  std::string text = fmt::format("{}: {} value{} replaced\n", name, result.replaced.size(),
                                 result.replaced.size() == 1 ? "" : "s");
  if (list)
    for (const std::string& path : result.replaced) text += fmt::format("  {}\n", path);
  if (result.unexplained == 0) return text;
  text += fmt::format("{}: {} bytes that nothing explains {}:\n", name, result.unexplained,
                      zeroed ? "are zero now" : "are kept, look at them before you give them away");
  for (const std::string& where : result.unexplained_in) text += fmt::format("  {}\n", where);
  return text;
}

int scrub(const Options& options, Terminal& terminal) {
  const bool single = is_single(options.input);
  if (!options.list && single && options.out.empty() && isatty(STDOUT_FILENO) == 1)
    return complain(Error{ErrorKind::invalid_argument,
                          "the bytes are not for a terminal",
                          "name a file with --out, or see what would be replaced with --list",
                          {}},
                    terminal);
  if (!options.list && !single && options.out.empty())
    return complain(
        Error{ErrorKind::invalid_argument, "several files need a folder to go to", "name it with --out", {}},
        terminal);
  const auto& paths = options.input.paths;
  if (options.key_file == "-" && std::ranges::find(paths, "-") != paths.end())
    return complain(Error{ErrorKind::invalid_argument,
                          "key and input are both standard input",
                          "keep the key in a file",
                          {}},
                    terminal);
  if (const auto kept = keep_originals(options); !kept) return complain(kept.error(), terminal);
  const auto key = read_key(options.key_file);
  if (!key) return complain(key.error(), terminal);
  const document::Pseudonyms pseudonyms = keyed_pseudonyms(*key);
  const document::KindInfo* kind = document::find_kind(options.kind);

  Printer printer(terminal);
  InputWatch watch(options.input, terminal, printer);
  int code = kPassed;
  std::set<std::filesystem::path> written;
  const auto work = [&](const input::Input& input, Cleaned& cleaned) {
    const auto document = document::Document::read(kind, input.bytes);
    cleaned.known = document.has_value();
    if (document) cleaned.result = document::scrub(*document, pseudonyms, options.scrub);
  };
  const auto hand_back = [&](const input::Handled& handled, const Cleaned& cleaned) {
    if (handled.error != nullptr) return;
    if (!cleaned.known) {
      code = std::max(code, kUsage);
      terminal.err(
          fmt::format("wheatstone: {}: this is no record, packet or other document that can be "
                      "scrubbed; nothing was written ('--as KIND' says what it is)\n",
                      handled.name));
      return;
    }
    const std::string text = report(handled.name, cleaned.result, options.list, options.scrub.unexplained);
    if (options.list) {
      printer.print(text);
      return;
    }
    if (auto done = write(options, single, handled.name, cleaned.result.bytes, written, terminal); !done)
      code = std::max(code, complain(done.error(), terminal));
    else
      terminal.err(text);
  };
  const input::Summary summary = for_each_input<Cleaned>(options.input, watch, work, hand_back);
  return std::max(code, watch.finish(summary));
}

}  // namespace

Act add_scrub(CLI::App& app) {
  CLI::App* verb = app.add_subcommand("scrub", "Replace what tells whose machine a document comes from");
  const auto options = std::make_shared<Options>();
  add_input_options(*verb, options->input, "documents to scrub");
  verb->add_option(
          "--key-file", options->key_file,
          "secret of 16 bytes at least: pseudonyms are the same for the same key; - reads standard input")
      ->required();
  verb->add_option("-o,--out", options->out,
                   "file to write; of several inputs the folder; standard output without it");
  verb->add_flag("--addresses", options->scrub.addresses, "replace addresses and general registers, too");
  verb->add_flag("--zero-unexplained", options->scrub.unexplained,
                 "zero the bytes that no layout explains: unknown sections, raw data, gaps");
  verb->add_flag("--list", options->list, "write nothing, list what would be replaced");
  add_kind_option(*verb, options->kind);
  verb->footer(
      "Serial numbers, PPINs, FRU ids and texts, platform and partition ids and process names get pseudonyms "
      "of the\n"
      "same length; everything else stays, byte for byte. Hex dumps and base64 are written as bytes.\n"
      "Exit codes: 0 done, 2 unknown data or a key that is too short, 3 a file cannot be read or written.\n"
      "Examples: head -c 32 /dev/urandom > key; wheatstone scrub --key-file key record.cper -o clean.cper\n"
      "          wheatstone scrub --key-file key --list records/");
  return [options](Terminal& terminal) { return scrub(*options, terminal); };
}

}  // namespace wheatstone::cli
