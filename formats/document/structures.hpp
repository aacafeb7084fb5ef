// Every structure that documents are made of: for documentation, schemas, and tests that hold for all.
#pragma once

#include <string_view>
#include <vector>

#include "formats/document/document.hpp"

namespace wheatstone::document {

// The structures of one kind of document and those inside them, each once, parents first: for records, and
// for stores, which hold some, the header, the descriptor and every form of every section.
std::vector<const layout::Layout*> structures(Kind kind);

// Those of all kinds, each once, the other readings of sections, and structures of these formats that no
// document holds.
std::vector<const layout::Layout*> structures();

}  // namespace wheatstone::document
