// Names for files of the evidence folder. What a target or a scenario calls a thing is input: it never names
// a place outside the folder, and never two things at once.
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace wheatstone::report {

// One path component that every file system takes: letters, digits, '.', '_' and '-' stay, every other byte
// and a leading '.' become "%XX". A name over 150 bytes is cut and ends in '~' and a hash of the whole; an
// empty name becomes "%". Different names stay different.
std::string safe_name(std::string_view name);

// safe_name of each '/'-separated part; empty parts are left out.
std::string safe_path(std::string_view path);

// Hands out safe names, each only once even on a file system that ignores case: the second "a.txt" is
// "a-2.txt".
class UniqueNames {
 public:
  std::string take(std::string_view name);

 private:
  std::map<std::string, unsigned> taken_;  // lower case; how often it was asked for
};

}  // namespace wheatstone::report
