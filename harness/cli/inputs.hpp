// What the verbs that take records have in common: their words, threads, progress, messages and exit codes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "formats/layout/text_buffer.hpp"
#include "harness/cli/terminal.hpp"
#include "harness/input/for_each.hpp"

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace wheatstone::cli {

// The part of the command line that says what is read.
struct InputOptions {
  std::vector<std::string> paths;
  std::size_t jobs = 1;
  std::uint64_t max_bytes = std::uint64_t{1} << 30;  // of one input
  bool decode_text = true;                           // input::Options
};

// Adds PATH... and --jobs; `what` says what the files are. `options` must live as long as the verb. Returns
// the option PATH, which is required.
CLI::Option* add_input_options(CLI::App& verb, InputOptions& options, std::string_view what);

// Adds --as KIND, a key of document::kinds(), for what its first bytes do not tell. `key` must live as long
// as the verb, and is empty without it.
void add_kind_option(CLI::App& verb, std::string& key);

// One word that is no folder: the verb shows one input and says nothing around it.
bool is_single(const InputOptions& options);

// Standard output for a lot of text: few and large writes, but the first text at once, for who waits for it.
class Printer {
 public:
  explicit Printer(Terminal& terminal) : terminal_(terminal) {}

  void print(std::string_view text);
  void flush();
  // Nobody reads any more.
  bool closed() const noexcept { return terminal_.closed(); }

 private:
  Terminal& terminal_;
  layout::TextBuffer text_;
  bool first_ = true;
};

// Tells on standard error about inputs that cannot be read, and shows how far things are.
class InputWatch {
 public:
  InputWatch(const InputOptions& options, Terminal& terminal, Printer& printer)
      : options_(options), terminal_(terminal), printer_(printer) {}

  // An error about one input, between what is printed about others.
  void tell(const Error& error);

  // For each input that is handed back. False: end here, nobody reads what is printed.
  bool see(const input::Handled& handled);

  // Ends what is shown on the way and tells whether nothing was found or Ctrl-C came. Returns the exit code:
  // that of the gravest error about an input, or kPassed.
  int finish(const input::Summary& summary);

 private:
  const InputOptions& options_;
  Terminal& terminal_;
  Printer& printer_;
  std::uint64_t seen_ = 0;
  int code_ = kPassed;
};

// input::for_each_input with Ctrl-C as the end, `watch` told about every input, and what `hand_back(handled,
// output)` prints. The caller calls watch.finish() when it has printed the rest.
input::Options input_options(const InputOptions& options);

template <class Output, class Work, class HandBack>
input::Summary for_each_input(const InputOptions& options, InputWatch& watch, const Work& work,
                              const HandBack& hand_back) {
  return input::for_each_input<Output>(options.paths, input_options(options), work,
                                       [&](const input::Handled& handled, Output& output) {
                                         const bool go_on = watch.see(handled);
                                         if (go_on) hand_back(handled, output);
                                         return go_on;
                                       });
}

}  // namespace wheatstone::cli
