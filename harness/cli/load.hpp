// What the verbs that take scenarios have in common.
#pragma once

#include <string>
#include <vector>

#include "harness/cli/terminal.hpp"
#include "harness/run/library.hpp"

namespace wheatstone::cli {

// Loads the scenarios of the paths and prints every error there is, one a line.
run::Library load(const std::vector<std::string>& paths, Terminal& terminal);

// Prints "wheatstone: ..." and returns the exit code that the kind of error calls for.
int complain(const Error& error, Terminal& terminal);

}  // namespace wheatstone::cli
