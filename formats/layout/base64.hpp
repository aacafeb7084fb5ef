// Base64 with the alphabet of RFC 4648 section 4.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "formats/layout/bytes.hpp"
#include "formats/layout/result.hpp"

namespace wheatstone::layout {

// The bytes of base64 text; blanks and line ends may stand anywhere. Padding is required, and the bits that
// the last character has over must be zero (RFC 4648 section 3.5), so that one text has one meaning and one
// sequence of bytes one text. Errors (malformed) have line and column. Fails (unsupported) for more than
// `max_bytes`. Linear.
Result<Buffer> decode_base64(std::string_view text, std::size_t max_bytes);

// With padding, on one line.
std::string encode_base64(Bytes bytes);

}  // namespace wheatstone::layout
