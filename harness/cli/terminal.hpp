// Where the program writes. The libraries below return text; only this and the verbs print it.
#pragma once

#include <cstddef>
#include <mutex>
#include <string_view>

namespace wheatstone::cli {

// Exit codes of every verb.
inline constexpr int kPassed = 0;       // everything passed, or the verb did what it was asked
inline constexpr int kFailed = 1;       // an expectation was not met, or layers contradict each other
inline constexpr int kUsage = 2;        // a bad scenario, bad input or a bad command line
inline constexpr int kEnvironment = 3;  // the machine is in the way: a file, a port, a permission, a server

// One for the process; may be used from any thread.
class Terminal {
 public:
  // Decides about colour and width, and makes writing to a closed pipe an error instead of a signal.
  Terminal();

  // Writes and flushes. Once standard output is closed by its reader, later text is dropped: see closed().
  void out(std::string_view text);
  void err(std::string_view text);

  bool closed() const noexcept { return closed_; }
  // Standard output could not be written for another reason than a closed pipe: a full disk.
  bool failed() const noexcept { return failed_; }

  // Standard output, standard error: a terminal that takes escapes (NO_COLOR, TERM=dumb and no_colour()
  // forbid it).
  bool colour() const noexcept { return colour_; }
  void no_colour() noexcept { colour_ = false; }

  // Shows `text` in the last line of standard error, in place of what was shown so before; empty takes it
  // away. Does nothing unless standard error is a terminal. out() and err() go above it.
  void progress(std::string_view text);
  std::size_t columns() const noexcept { return columns_; }

 private:
  void write_error(std::string_view text);
  void erase_progress();

  std::mutex mutex_;
  bool closed_ = false;
  bool failed_ = false;
  bool colour_ = false;
  bool error_is_terminal_ = false;
  bool progress_shown_ = false;
  std::size_t columns_ = 80;
};

}  // namespace wheatstone::cli
