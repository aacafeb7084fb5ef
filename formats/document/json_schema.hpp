// The JSON Schema of what to_json() writes about a document.
#pragma once

#include <string>

#include "formats/document/document.hpp"

namespace wheatstone::document {

// JSON Schema 2020-12, one line; every output of to_json() for that kind is valid by it,
// unless it was read with another reading (cper/section.hpp).
std::string json_schema(Kind kind);

}  // namespace wheatstone::document
