// The folder in which the server keeps what it got: one numbered folder for each report.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string_view>

#include "formats/layout/result.hpp"
#include "mocks/cer_server/exchange.hpp"

namespace wheatstone::cer_server {

// A report as an earlier run left it.
struct StoredReport {
  std::uint64_t number = 0;
  Buffer level1 = {};
  std::optional<Buffer> answer = {};
  bool has_cab = false;
};

// Everything is written under another name first and then renamed: what has its final name is whole.
class Store {
 public:
  // Makes the folder if need be, takes the lock, removes what an interrupted run left half-written. An empty
  // path gives a store that keeps nothing.
  static Result<Store> open(const std::filesystem::path& folder);

  ~Store();
  Store(Store&& other) noexcept;
  Store& operator=(Store&&) = delete;

  // Calls `visit` for every report in the store, in the order of their numbers.
  Result<void> for_each(const std::function<void(const StoredReport&)>& visit) const;

  // Writes the exchange to the folder of its report. A level-1 exchange creates the folder, with level1.xml
  // and, if `answer` is given, answer.txt; a cab in the exchange becomes report.cab. Does nothing for an
  // exchange without a report.
  Result<void> add(const Exchange& exchange, std::optional<std::string_view> answer);

 private:
  Store(std::filesystem::path folder, int lock) : folder_(std::move(folder)), lock_(lock) {}

  std::filesystem::path report_folder(std::uint64_t number) const;

  std::filesystem::path folder_;
  int lock_ = -1;
  std::map<std::uint64_t, unsigned> exchanges_;  // number of the last exchange file of a report
};

}  // namespace wheatstone::cer_server
