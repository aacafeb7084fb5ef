// Findings for people and for programs: the one form in which every view shows them.
#pragma once

#include <span>
#include <string>

#include "formats/layout/finding.hpp"
#include "formats/layout/json.hpp"

namespace wheatstone::layout {

// A JSON array of {"Severity", "Code", "Path", "Offset", "Message", "Clause"}; path, offset and clause only
// if known.
void to_json(JsonWriter& json, std::span<const Finding> findings);

// One indented line each below a headline; empty if there are none. A path that is empty is `whole`.
std::string to_text(std::span<const Finding> findings, std::string_view whole = "document");

}  // namespace wheatstone::layout
