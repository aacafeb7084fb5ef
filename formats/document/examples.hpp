// Documents about which lint() has nothing to say: what defects are put into when no other is given, and what
// a first look can begin with.
#pragma once

#include "formats/document/document.hpp"

namespace wheatstone::document {

// A record with a section of each family that has counts, lengths or validity bits worth breaking; a packet
// of the second version with a machine check.
Buffer example(Kind kind);

}  // namespace wheatstone::document
