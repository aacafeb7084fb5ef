// Asking other people's programs about the files we write.
#pragma once

#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/wait.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "formats/layout/bytes.hpp"

namespace wheatstone::witness {

// A new empty folder, removed with everything in it.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string name = testing::TempDir() + "witness-XXXXXX";
    if (!mkdtemp(name.data())) throw std::runtime_error("cannot make a folder " + name);
    path_ = name;
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }

  std::filesystem::path operator/(std::string_view name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

inline void write_file(const std::filesystem::path& path, Bytes bytes) {
  std::ofstream file(path, std::ios::binary);
  file.write(as_text(bytes).data(), static_cast<std::streamsize>(bytes.size()));
  ASSERT_TRUE(file.flush()) << path;
}

inline Buffer read_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  EXPECT_TRUE(file) << path;
  return {std::istreambuf_iterator<char>(file), {}};
}

struct Program {
  std::string name;
  std::string package;  // the Debian package that has it, for who lacks it
};

struct Said {
  int status = -1;     // exit status; -1 if there was none
  std::string output;  // standard output and standard error

  bool contains(std::string_view text) const { return output.find(text) != std::string::npos; }
};

// Runs the program to its end, without input.
inline Said ask(const Program& program, const std::vector<std::string>& arguments) {
  std::string command = "LC_ALL=C.UTF-8 " + program.name;
  for (const std::string& argument : arguments) {
    command += " '";
    for (const char c : argument) command += c == '\'' ? std::string("'\\''") : std::string(1, c);
    command += '\'';
  }
  Said said;
  FILE* pipe = popen((command + " 2>&1 </dev/null").c_str(), "r");
  if (!pipe) {
    ADD_FAILURE() << "cannot run " << command;
    return said;
  }
  char buffer[4096];
  for (std::size_t count; (count = fread(buffer, 1, sizeof buffer, pipe)) > 0;)
    said.output.append(buffer, count);
  const int status = pclose(pipe);
  if (WIFEXITED(status)) said.status = WEXITSTATUS(status);
  if (said.status == 127)
    ADD_FAILURE() << program.name << " cannot be run; the package " << program.package << " has it";
  return said;
}

}  // namespace wheatstone::witness
