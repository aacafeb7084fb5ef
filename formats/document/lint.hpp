// What is wrong, or worth knowing, about a document: everything that decoding finds, and what a careful
// reader would remark. A rule has a stable code; an error is only what a reader cannot survive.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "formats/document/document.hpp"
#include "formats/layout/finding.hpp"

namespace wheatstone::document {

// What a code means, for everybody who shows findings.
struct Rule {
  std::string_view code;
  std::string_view title;   // what is the matter, one line
  std::string_view advice;  // what a consumer may do with the document then
};

// Of every code that lint() may give, sorted by code.
std::span<const Rule> rules() noexcept;
// nullptr if there is none.
const Rule* find_rule(std::string_view code) noexcept;

// At most kMostFindings, in the order of the document; the last one then says how many more there are. Linear
// in the document.
inline constexpr std::size_t kMostFindings = 1000;
std::vector<Finding> lint(const Document& document);

}  // namespace wheatstone::document
