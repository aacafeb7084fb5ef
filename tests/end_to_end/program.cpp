#include "tests/end_to_end/program.hpp"

#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace wheatstone::test {
namespace {

// In the child: never returns.
[[noreturn]] void become(const std::vector<std::string>& arguments) {
  std::vector<char*> words = {const_cast<char*>(WHEATSTONE_PROGRAM)};
  for (const std::string& argument : arguments) words.push_back(const_cast<char*>(argument.c_str()));
  words.push_back(nullptr);
  ::execv(WHEATSTONE_PROGRAM, words.data());
  ::_exit(127);
}

int exit_code(pid_t pid) {
  int status = 0;
  ::waitpid(pid, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

std::string slurp(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return std::string(std::istreambuf_iterator(in), {});
}

}  // namespace

Finished wheatstone(const std::vector<std::string>& arguments, const std::string& input) {
  std::string name = (std::filesystem::temp_directory_path() / "program-XXXXXX").string();
  const std::filesystem::path folder = ::mkdtemp(name.data());
  std::ofstream(folder / "in", std::ios::binary) << input;
  const pid_t pid = ::fork();
  if (pid == 0) {
    const auto connect = [](const std::filesystem::path& path, int flags, int to) {
      ::dup2(::open(path.c_str(), flags, 0600), to);
    };
    connect(folder / "in", O_RDONLY, 0);
    connect(folder / "out", O_WRONLY | O_CREAT, 1);
    connect(folder / "err", O_WRONLY | O_CREAT, 2);
    become(arguments);
  }
  Finished finished;
  finished.code = exit_code(pid);
  finished.out = slurp(folder / "out");
  finished.err = slurp(folder / "err");
  std::filesystem::remove_all(folder);
  return finished;
}

Finished wheatstone_on_terminal(const std::vector<std::string>& arguments, bool no_color_set) {
  int terminal = -1;
  const winsize size{24, 100, 0, 0};
  const pid_t pid = ::forkpty(&terminal, nullptr, nullptr, &size);
  if (pid == 0) {
    ::setenv("TERM", "xterm", 1);
    ::unsetenv("NO_COLOR");
    if (no_color_set) ::setenv("NO_COLOR", "1", 1);
    become(arguments);
  }
  Finished finished;
  std::array<char, 4096> part{};
  // The end of a terminal is an error (EIO), not an end of file.
  for (ssize_t got = 0; (got = ::read(terminal, part.data(), part.size())) > 0;)
    finished.out.append(part.data(), static_cast<std::size_t>(got));
  ::close(terminal);
  finished.code = exit_code(pid);
  return finished;
}

Background::Background(const std::vector<std::string>& arguments) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
  pid_ = ::fork();
  if (pid_ == 0) {
    ::dup2(ends[1], 1);
    become(arguments);
  }
  ::close(ends[1]);
  out_ = ends[0];
}

Background::~Background() {
  if (pid_ > 0) {
    ::kill(pid_, SIGKILL);
    exit_code(pid_);
  }
  close_output();
}

std::string Background::line() {
  std::string text;
  char c = 0;
  pollfd wait{out_, POLLIN, 0};
  while (::poll(&wait, 1, 30'000) == 1 && ::read(out_, &c, 1) == 1 && c != '\n') text += c;
  return text;
}

void Background::close_output() {
  if (out_ >= 0) ::close(out_);
  out_ = -1;
}

void Background::signal(int number) {
  ::kill(pid_, number);
}

int Background::wait() {
  const int code = exit_code(pid_);
  pid_ = -1;
  return code;
}

}  // namespace wheatstone::test
