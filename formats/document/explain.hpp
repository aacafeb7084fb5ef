// What the values of a document mean together, for people: what each machine check bank says, and which bug
// check the record leads to.
#pragma once

#include <string>
#include <vector>

#include "formats/document/document.hpp"

namespace wheatstone::document {

// Lines, those of one subject indented below its name; none if there is nothing to explain. Of the record's
// first kMostExplained banks; linear.
inline constexpr std::size_t kMostExplained = 64;
std::vector<std::string> explain(const Document& document);

}  // namespace wheatstone::document
