// The structures of a record one after the other, with the names that paths give them.
#pragma once

#include <string>
#include <vector>

#include "formats/cper/record.hpp"

namespace wheatstone::cper {

struct Piece {
  std::string path;              // what paths into it start with: "", "Sections[0].", "XpfMca.", "Memory[1]."
  const layout::Layout* layout;  // nullptr: bytes
  Bytes bytes;                   // part of the record's
  const Section* section;        // of a descriptor or a body; nullptr for the header
  bool is_body;
};

// The header, all descriptors, then all bodies that are shown. Borrows from the record.
std::vector<Piece> pieces(const Record& record);

}  // namespace wheatstone::cper
