// Where the server keeps what it got: a database of reports and exchanges, and the cabs as files named by
// their content.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "formats/layout/result.hpp"
#include "mocks/cer_server/content.hpp"
#include "mocks/cer_server/exchange.hpp"

namespace wheatstone::cer_server {

// A report as an earlier run left it.
struct StoredReport {
  std::uint64_t number = 0;
  std::string signature = {};  // empty: the document could not be read
  std::optional<Buffer> answer = {};
  bool has_cab = false;
  bool cab_is_checked = false;
  Buffer document = {};
};

// What is kept for how long; an absent part keeps all.
struct Retention {
  std::optional<FileTime> since = {};         // reports that were received before it go
  std::optional<std::uint64_t> reports = {};  // all but so many of the latest go
};

// An exchange to keep: with level 1 its report, with `answer` if one was given; with level 2 its cab, whose
// file is in Content::incoming().
struct Entry {
  Exchange exchange;
  std::optional<std::string> answer;
};

// An exchange is kept whole or not at all, also when the process is killed. A machine that loses its power
// may lose the last ones. For one thread at a time.
class Store {
 public:
  using Item = std::variant<Entry, LateVerdict>;

  // Makes the folder if need be, takes the lock, removes the files of exchanges that did not come to their
  // end. Fails with `environment` if another server uses it, `unsupported` if another version of this program
  // made it, `io`.
  static Result<Store> open(const std::filesystem::path& folder);

  ~Store();
  Store(Store&& other) noexcept;
  Store& operator=(Store&&) = delete;

  // Calls `visit` for every report in the store, in the order of their numbers.
  Result<void> for_each(const std::function<void(const StoredReport&)>& visit) const;

  // Keeps all of the items in one transaction; an exchange without a report is passed over. Fails with `io`;
  // then nothing is kept. A cab whose SHA-256 is known gets its lasting name afterwards.
  Result<void> add(std::span<const Item* const> items);

  // Removes reports with their exchanges, and cabs that no other report has. The latest report stays, whose
  // number the next follows, and so do the counts of buckets. The numbers of what was removed, ascending.
  // Fails with `io`; then nothing is removed.
  Result<std::vector<std::uint64_t>> prune(const Retention& retention);

  const Content& content() const noexcept;

 private:
  struct Impl;
  explicit Store(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace wheatstone::cer_server
