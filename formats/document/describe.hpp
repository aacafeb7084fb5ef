// Documentation of what documents are made of, by name or GUID.
#pragma once

#include <string>
#include <string_view>

#include "formats/layout/result.hpp"

namespace wheatstone::document {

// The page of a structure ("XpfMca", "WHEA_XPF_MCA_SECTION", its parts too), with every form and reading of a
// section, or what a GUID stands for: a section, a notify type, a creator, a check. Fails (invalid_argument)
// with the nearest name.
Result<std::string> describe(std::string_view guid_or_name);

// The pages of all structures.
std::string describe_all();

}  // namespace wheatstone::document
