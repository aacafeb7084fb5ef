#include "harness/cli/inputs.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <system_error>
#include <thread>
#include <utility>

#include "harness/cli/interrupt.hpp"
#include "harness/cli/load.hpp"

namespace wheatstone::cli {
namespace {

constexpr std::size_t kMostJobs = 256;
constexpr std::size_t kWriteAfter = 256u << 10;
constexpr std::uint64_t kProgressEvery = 256;

}  // namespace

void add_input_options(CLI::App& verb, InputOptions& options, std::string_view what) {
  options.jobs = std::max(1u, std::thread::hardware_concurrency());
  verb.add_option("PATH", options.paths, fmt::format("{}; folders of them; - reads standard input", what))
      ->required();
  verb.add_option("--jobs", options.jobs, "files at a time; the number of processors unless given")
      ->check(CLI::Range(std::size_t{1}, kMostJobs));
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

bool InputWatch::see(const input::Handled& handled) {
  if (++seen_ % kProgressEvery == 0) terminal_.progress(fmt::format("{} files", seen_));
  if (handled.error == nullptr) return !printer_.closed();
  printer_.flush();  // so that messages stand where they belong
  code_ = std::max(code_, complain(*handled.error, terminal_));
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
