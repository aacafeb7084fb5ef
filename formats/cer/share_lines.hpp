// The lines of a text file on the share of version 1, and findings that name the line.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "formats/cer/finding_list.hpp"
#include "formats/layout/bytes.hpp"

namespace wheatstone::cer {

// Why a line or a value is badly formed.
struct Complaint {
  std::string_view code;     // of the finding
  std::string_view message;  // its sentence
};

class ShareLines {
 public:
  // At most `max_bytes` are read, up to the last whole line; the rest is a finding of `clause`.
  ShareLines(Bytes file, std::size_t max_bytes, std::string_view clause);

  // The next line without its end, nullopt (at the line that is missing) after the last. Lines end with CRLF;
  // LF, CR or nothing after the last line are warnings. Lines without a character are warnings too and left
  // out.
  std::optional<std::string_view> next();

  // A finding at the line that next() gave last: offset = where it begins, path = "line N" or "line N: KEY".
  void add(FindingSeverity severity, std::string_view code, std::string message, std::string_view key = {});

  // The same, of severity error.
  void add(const Complaint& complaint, std::string_view key = {}) {
    add(FindingSeverity::error, complaint.code, std::string(complaint.message), key);
  }

  std::vector<Finding> take() && { return std::move(findings_).take(); }

 private:
  std::string_view text_;
  std::string_view clause_;
  std::size_t at_ = 0;
  std::uint64_t line_offset_ = 0;
  std::uint64_t line_number_ = 0;
  bool other_line_end_ = false;
  FindingList findings_;
};

}  // namespace wheatstone::cer
