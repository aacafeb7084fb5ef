// What `inject` says about a whole document (an error record or packet by its fields, or one broken by name)
// as the bytes that are put in.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "formats/document/defects.hpp"
#include "formats/layout/bytes.hpp"
#include "formats/layout/node.hpp"
#include "formats/layout/result.hpp"
#include "injectors/target.hpp"

namespace wheatstone::scenario {

// A document of a scenario has at most so many bytes.
inline constexpr std::uint64_t kLargestDocument = std::uint64_t{1} << 20;

// Names of the defects of documents that targets take, in the order of the catalogue.
std::vector<std::string_view> injectable_defects();

// Fails (malformed, without a position) if no defect has that name, or if no target takes such documents.
Result<const document::Defect*> injectable_defect(std::string_view name);

// `file` is the content of the file that gets the defect, nullptr if there is none. Errors carry line and
// column of the node. REQUIRES: check() finds nothing in `map` as table 'document' or 'defect'.
Result<inject::Injection> injected_document(const layout::Node& map, const Buffer* file);

}  // namespace wheatstone::scenario
