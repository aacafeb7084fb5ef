#include "harness/cli/inputs.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <system_error>
#include <thread>
#include <utility>

#include "formats/document/document.hpp"
#include "harness/cli/interrupt.hpp"
#include "harness/cli/load.hpp"

namespace wheatstone::cli {
namespace {

constexpr std::size_t kMostJobs = 256;
constexpr std::size_t kWriteAfter = 256u << 10;
constexpr std::uint64_t kProgressEvery = 256;

}  // namespace

CLI::Option* add_input_options(CLI::App& verb, InputOptions& options, std::string_view what) {
  options.jobs = std::max(1u, std::thread::hardware_concurrency());
  CLI::Option* paths =
      verb.add_option("PATH", options.paths, fmt::format("{}; folders of them; - reads standard input", what))
          ->required();
  verb.add_option("--jobs", options.jobs, "files at a time; the number of processors unless given")
      ->check(CLI::Range(std::size_t{1}, kMostJobs));
  return paths;
}

void add_kind_option(CLI::App& verb, std::string& key) {
  std::vector<std::string> keys;
  for (const document::KindInfo& kind : document::kinds()) keys.emplace_back(kind.key);
  verb.add_option("--as", key, "what the files are, for what their first bytes do not tell")
      ->check(CLI::IsMember(keys));
}

bool is_single(const InputOptions& options) {
  if (options.paths.size() != 1) return false;
  std::error_code ignored;
  return options.paths.front() == "-" || !std::filesystem::is_directory(options.paths.front(), ignored);
}

void Printer::print(std::string_view text) {
  text_.append(text);
  if (text_.size() >= kWriteAfter || std::exchange(first_, false)) flush();
}

void Printer::flush() {
  if (text_.size() != 0) terminal_.out(text_.view());
  text_.clear();
}

void InputWatch::tell(const Error& error) {
  printer_.flush();  // so that messages stand where they belong
  code_ = std::max(code_, complain(error, terminal_));
}

bool InputWatch::see(const input::Handled& handled) {
  if (++seen_ % kProgressEvery == 0) terminal_.progress(fmt::format("{} files", seen_));
  if (handled.error == nullptr) return !printer_.closed();
  tell(*handled.error);
  return !printer_.closed();
}

int InputWatch::finish(const input::Summary& summary) {
  terminal_.progress({});
  printer_.flush();
  if (summary.stopped && !printer_.closed()) {
    terminal_.err("wheatstone: interrupted: not all files were read\n");
    return kEnvironment;
  }
  if (seen_ == 0 && !summary.stopped) {
    Error error{
        ErrorKind::invalid_argument, "there are no files here", "names that start with '.' do not count", {}};
    error.where.file = options_.paths.front();
    return complain(error, terminal_);
  }
  return code_;
}

input::Options input_options(const InputOptions& options) {
  return {.jobs = is_single(options) ? 1 : options.jobs,
          .max_bytes = options.max_bytes,
          .decode_text = options.decode_text,
          .stop = &catch_interrupts()};
}

}  // namespace wheatstone::cli
