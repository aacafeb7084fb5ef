// Findings of one reading, bounded: hostile input must not turn every byte into a finding.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "formats/cer/profile.hpp"
#include "formats/layout/finding.hpp"

namespace wheatstone::cer {

class FindingList {
 public:
  static constexpr std::size_t kMax = 256;

  explicit FindingList(Profile profile = Profile::spec) : profile_(profile) {}

  // `severity` is the one in Profile::spec.

  void add(FindingSeverity severity, std::string_view code, std::string message, std::string path,
           std::uint64_t offset, std::string_view clause) {
    severity = severity_in(profile_, code, severity);
    if (findings_.size() < kMax) {
      findings_.push_back({severity, code, std::move(message), std::move(path), offset, clause});
    } else {
      ++left_out_;
      worst_left_out_ = std::max(worst_left_out_, severity);
    }
  }

  // All findings; if some were left out, a last one "more-findings" of the severity of the worst of them.
  std::vector<Finding> take() && {
    if (left_out_ != 0) {
      findings_.push_back({worst_left_out_,
                           "more-findings",
                           std::to_string(left_out_) + " more findings are left out",
                           {},
                           Finding::kNoOffset,
                           {}});
    }
    return std::move(findings_);
  }

 private:
  Profile profile_;
  std::vector<Finding> findings_;
  std::size_t left_out_ = 0;
  FindingSeverity worst_left_out_ = FindingSeverity::note;
};

}  // namespace wheatstone::cer
