// A client as a command that is started anew for each case.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/conform/client_cases.hpp"

namespace wheatstone::conform {

// The words of a command line as a POSIX shell splits them: blanks, '...', "..." and back-slashes; nothing is
// expanded. Fails (invalid_argument) for a quote that does not end, and if there is no word.
Result<std::vector<std::string>> split_words(std::string_view command);

// Starts these words with {url}, {host}, {port} and {fingerprint} in them replaced, its standard input and
// output nowhere, and kills it after `time`. The first word is searched in PATH if it has no '/'.
RunClient run_command(std::vector<std::string> words, Milliseconds time);

}  // namespace wheatstone::conform
