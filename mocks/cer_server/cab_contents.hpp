// What a cab says: its files, the dump among them, and the error record that the dump leads to.
#pragma once

#include "formats/cab/cabinet.hpp"
#include "formats/layout/json.hpp"

namespace wheatstone::cer_server {

// {"Files": [{"Name", "Bytes"}], "Dump": {...}, "Record": {...}}: the first file that is a kernel dump, and
// the error record at parameter 2 of a bug check 0x124. What cannot be read is an "Error" in its place.
void cab_to_json(layout::TextBuffer& out, Bytes cabinet, const cab::Limits& limits);

}  // namespace wheatstone::cer_server
