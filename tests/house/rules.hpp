// The rules of the house that a compiler does not check. Each takes the files of a source tree and returns
// one line for every place that breaks it: "path:line: what is wrong".
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace wheatstone::house {

struct File {
  std::string path;  // from the root of the tree, with '/'
  std::string text;
};

// The files of the tree that belong to the house, sorted by path. Build folders and evidence are left out.
std::vector<File> read_tree(const std::filesystem::path& root);

// Includes name a file from the root and run only downwards: from floor to floor, and inside formats/ only to
// layout/ and to the formats that a format carries. A test stands on the floor that it tests.
std::vector<std::string> wrong_includes(const std::vector<File>& tree);

// formats/ knows bytes only: no file, clock, thread or random number.
std::vector<std::string> impure_formats(const std::vector<File>& tree);

// No file names a path or a host that exists only on the machine where it was written.
std::vector<std::string> machine_names(const std::vector<File>& tree);

// Every folder of a floor that holds sources says what it is in its README.md.
std::vector<std::string> missing_readmes(const std::vector<File>& tree);

}  // namespace wheatstone::house
