// Files that are named by what they hold: the SHA-256 of the content, in folders by its first two digits.
#pragma once

#include <filesystem>
#include <set>
#include <string>

#include "formats/layout/bytes.hpp"
#include "formats/layout/result.hpp"

namespace wheatstone::cer_server {

// 64 hex digits, lower case.
std::string sha256(Bytes bytes);

class Content {
 public:
  explicit Content(std::filesystem::path folder) : folder_(std::move(folder)) {}

  // Keeps `bytes` and returns their name; the same bytes are kept once. Fails with `io`.
  Result<std::string> put(Bytes bytes) const;

  // Where the content of that name is. REQUIRES: a name that put() returned.
  std::filesystem::path path(const std::string& name) const;

  // Removes what is unfinished and all files named by content that are not in `known`. Other files are let
  // be.
  Result<void> keep_only(const std::set<std::string>& known) const;

  // Fails with `io`; a file that is not there is removed already.
  Result<void> remove(const std::string& name) const;

 private:
  std::filesystem::path folder_;
};

}  // namespace wheatstone::cer_server
