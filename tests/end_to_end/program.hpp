// Runs the built program and gives back what it printed.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace wheatstone::test {

struct Finished {
  int code = -1;  // exit code; 128 + n after signal n
  std::string out;
  std::string err;
};

// Runs `wheatstone` with these arguments and waits for it. NO_COLOR is not set; nothing is a terminal.
Finished wheatstone(const std::vector<std::string>& arguments, const std::string& input = {});

// The same on a terminal of its own: everything it printed, as the terminal received it, is in `out`.
Finished wheatstone_on_terminal(const std::vector<std::string>& arguments, bool no_color_set);

// The same program in the background, its standard output readable line by line.
class Background {
 public:
  explicit Background(const std::vector<std::string>& arguments);
  ~Background();
  Background(const Background&) = delete;
  Background& operator=(const Background&) = delete;

  // The next line without its newline; empty at the end, and when nothing comes for 30 seconds.
  std::string line();
  // Closes our end of its standard output.
  void close_output();
  void signal(int number);
  // Waits for the end; the exit code as in Finished.
  int wait();

 private:
  pid_t pid_ = -1;
  int out_ = -1;
};

}  // namespace wheatstone::test
