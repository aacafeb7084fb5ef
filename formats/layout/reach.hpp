// The layouts that stand inside another one.
#pragma once

#include <vector>

#include "formats/layout/field.hpp"

namespace wheatstone::layout {

// Adds `layout` and every layout that its fields, choices and variable parts lead to, each once, parents
// first.
void reach(const Layout& layout, std::vector<const Layout*>& found);

// The structures of a choice or tail: those of its rows and the one it has without them.
std::vector<const Layout*> structures_of(const Tail& tail);
std::vector<const Layout*> structures_of(const Field& field);

}  // namespace wheatstone::layout
