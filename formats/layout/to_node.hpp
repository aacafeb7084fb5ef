// A structure as a tree of named values: what assign() takes, so that a structure can be written down, edited
// and made again.
#pragma once

#include "formats/layout/bytes.hpp"
#include "formats/layout/field.hpp"
#include "formats/layout/node.hpp"

namespace wheatstone::layout {

// A map of the fields that are not zero, or valid, in the order of the table. Counts and offsets are left
// out: making the structure gives them; lengths that lie are left out too. What names cannot say (reserved
// bits of bits that stand in their parent, text that is no text, elements behind a broken one) is in "Unread"
// or missing: who needs every byte compares what is made and mends it, as formats/document does.
Node to_node(const Layout& layout, Bytes bytes);

// Shorthands for trees.
Node scalar(std::string text, bool quoted = false);
Node hex_scalar(Bytes bytes);
Node number_node(std::uint64_t value, bool hex = false);
Node map_node();  // without members

}  // namespace wheatstone::layout
