// Where the field of a path is: for changing one field of a document and leaving every other byte as it is.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "formats/cper/pieces.hpp"
#include "formats/document/document.hpp"
#include "formats/layout/result.hpp"

namespace wheatstone::document {

// What paths into a store's record start with: "Records[3].".
std::string stored_path(std::size_t index);

// The structures of a document. Borrows from it.
std::vector<cper::Piece> pieces(const Document& document);

// A run of bits of a little-endian integer, or bytes.
struct Place {
  std::uint64_t offset = 0;  // in the document
  std::uint32_t size = 0;    // bytes
  std::uint8_t low = 0;      // of the bits, if width is not 0
  std::uint8_t width = 0;    // 0: all of the bytes
};

// The place of a field, of bits in a word ("XpfMca.Status.Valid") or of a list's item
// ("XpfMca.ExtendedRegisters[3]"), named as flatten() names it. nullopt if nothing there has that name.
// Linear.
std::optional<Place> locate(const Document& document, std::string_view path);

// The value at a place of at most 8 bytes. REQUIRES: place was located in these bytes.
std::uint64_t load(Bytes bytes, const Place& place);

// Stores the low bits of a value; more than 8 bytes are filled with zeros behind it. REQUIRES: as above.
void store(MutableBytes bytes, const Place& place, std::uint64_t value);

}  // namespace wheatstone::document
