// A tree of plain values as YAML text.
#pragma once

#include <string>

#include "formats/layout/node.hpp"

namespace wheatstone::layout {

// Block style, lists of scalars in brackets, lines of at most about 120 characters: a long text is broken
// inside its quotes. What is quoted in the tree is quoted in the text unless it is a plain word, so that
// reading gives the same tree again, but for quotes. Ends with a newline.
std::string to_yaml(const Node& node);

}  // namespace wheatstone::layout
