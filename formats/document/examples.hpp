// Documents about which lint() has nothing to say: what defects are put into when no other is given, and what
// a first look can begin with.
#pragma once

#include "formats/document/document.hpp"

namespace wheatstone::document {

// A record with a section of each family that has counts, lengths or validity bits worth breaking; a packet
// of the second version with a machine check; a table with an entry of each kind; a store with two records
// and a deleted one; a log entry and a descriptor of a machine check source; a status block with two entries
// and raw data. `form` is the name of one of the kind's structures ("Einj") where there is an example of
// each: of tables and descriptors.
Buffer example(Kind kind, std::string_view form = {});

}  // namespace wheatstone::document
