// The paths that were issued for cabs. Memory is bounded: what was issued longest ago is forgotten first.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>

#include "formats/cer/answer.hpp"
#include "formats/cer/report.hpp"
#include "mocks/cer_server/fault.hpp"

namespace wheatstone::cer_server {

// What a report said and what it was asked for: what its cab is compared with.
struct Asked {
  cer::Report report;
  cer::Answer answer;
  std::size_t bytes = 0;  // of the document; what is in memory is some three times that
};

struct Upload {
  enum class State : std::uint8_t { open, receiving, filled };

  std::uint64_t report_number = 0;
  State state = State::open;
  std::optional<Fault> fault = {};
  std::shared_ptr<const Asked> asked = {};  // null: the cab is filled, or it was too long ago
};

// For one thread at a time.
class Uploads {
 public:
  struct Limits {
    std::size_t paths = 1'000'000;
    std::size_t asked = 64u << 20;  // bytes of documents
  };

  Uploads() = default;
  explicit Uploads(Limits limits) : limits_(limits) {}

  // Issues a path, again if need be: the latest report owns it. REQUIRES: cer::normalize_upload_path(path).
  void issue(const std::string& path, Upload upload);

  // nullptr: not issued, or forgotten.
  Upload* find(const std::string& path);

  // The path has its cab, or is open again; nothing happens if it belongs to another report now.
  void release(const std::string& path, std::uint64_t report_number, Upload::State state);

  void erase(const std::string& path);

  template <class Predicate>
  void erase_reports(Predicate is_gone) {
    std::erase_if(uploads_, [&](const auto& entry) {
      const bool gone = is_gone(entry.second.report_number);
      if (gone) drop_asked(const_cast<Upload&>(entry.second));
      return gone;
    });
  }

  std::size_t size() const noexcept { return uploads_.size(); }

 private:
  using Issue = std::pair<std::string, std::uint64_t>;  // path, report

  Upload* find(const Issue& issue);
  void drop_asked(Upload& upload);
  void forget();

  Limits limits_;
  std::unordered_map<std::string, Upload> uploads_;
  std::size_t asked_bytes_ = 0;
  // In the order in which they were issued; some are gone already.
  std::deque<Issue> issued_;
  std::deque<Issue> asked_;
};

}  // namespace wheatstone::cer_server
