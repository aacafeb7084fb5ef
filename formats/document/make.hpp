// Documents as trees of named values, and back: what YAML says about them.
//
//     packet:                       # the key of a kind
//       Type: ErrorPacketV2         # a structure of that kind
//       Body: {ErrorType: Processor, DataFormat: XPFMCA, Data: {BankNumber: 3}}
//     length: 400                   # optional: cuts the bytes, or adds zeros behind them
//     patch:                        # optional: bytes that go over what was made, last
//       - {offset: 8, hex: "ff"}
//
// Records and stores have their own forms: cper/record_node.hpp, store_node.hpp. Counts, lengths and
// checksums follow from the content unless they are given.
#pragma once

#include "formats/document/document.hpp"
#include "formats/layout/bytes.hpp"
#include "formats/layout/node.hpp"
#include "formats/layout/result.hpp"

namespace wheatstone::document {

// What make() turns into the very bytes of the document: whatever names cannot say is in the patches. Linear.
// make() refuses documents of more than kLargestMade bytes.
inline constexpr std::uint64_t kLargestMade = std::uint64_t{64} << 20;
layout::Node to_node(const Document& document);

struct Made {
  Kind kind = Kind::record;
  Buffer bytes;
};

// The document of a tree with one key of a kind. Errors (malformed) carry line and column of the node.
Result<Made> make(const layout::Node& tree);

}  // namespace wheatstone::document
