// An ERST store as a tree of named values, and back.
//
//     erst_store:
//       RecordSize: 8192              # optional: bytes of a slot
//       Slots: 8                      # of the file, those of header and map included
//       Records:
//         - Slot: 1                   # optional: the next one
//           Deleted: true             # optional: the map does not know it
//           Record: {profile: win10-1607, Header: {...}, Sections: [...]}
#pragma once

#include "formats/document/document.hpp"
#include "formats/layout/bytes.hpp"
#include "formats/layout/node.hpp"
#include "formats/layout/result.hpp"

namespace wheatstone::document {

// What names can say of a store. Linear. REQUIRES: document.store() != nullptr.
layout::Node store_to_node(const Document& document);

// The store of such a tree, with header, map and count filled, and 0xff behind each record in its slot.
// Errors (malformed) carry line and column of the node.
Result<Buffer> compose_store(const layout::Node& store);

}  // namespace wheatstone::document
