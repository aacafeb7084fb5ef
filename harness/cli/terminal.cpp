#include "harness/cli/terminal.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

namespace wheatstone::cli {

Terminal::Terminal() {
  std::signal(SIGPIPE, SIG_IGN);
  const char* no_colour = std::getenv("NO_COLOR");
  const char* term = std::getenv("TERM");
  const bool takes_escapes = term != nullptr && std::string_view(term) != "dumb";
  error_is_terminal_ = isatty(STDERR_FILENO) == 1 && takes_escapes;
  colour_ = isatty(STDOUT_FILENO) == 1 && takes_escapes && (no_colour == nullptr || *no_colour == '\0');
  winsize size{};
  if (error_is_terminal_ && ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 1)
    columns_ = size.ws_col - 1u;
}

void Terminal::out(std::string_view text) {
  const std::lock_guard lock(mutex_);
  if (closed_) return;
  erase_progress();
  if (std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0) return;
  const int code = errno;
  closed_ = true;
  if (code == EPIPE) return;
  failed_ = true;
  write_error(std::string("wheatstone: cannot write to standard output: ") + std::strerror(code) + "\n");
}

void Terminal::err(std::string_view text) {
  const std::lock_guard lock(mutex_);
  write_error(text);
}

void Terminal::progress(std::string_view text) {
  const std::lock_guard lock(mutex_);
  if (!error_is_terminal_) return;
  write_error(text);
  progress_shown_ = !text.empty();
}

void Terminal::write_error(std::string_view text) {
  erase_progress();
  if (!text.empty()) std::fwrite(text.data(), 1, text.size(), stderr);
}

void Terminal::erase_progress() {
  if (!progress_shown_) return;
  std::fputs("\r\x1b[K", stderr);
  progress_shown_ = false;
}

}  // namespace wheatstone::cli
