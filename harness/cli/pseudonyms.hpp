// Pseudonyms by a secret key.
#pragma once

#include "formats/document/scrub.hpp"
#include "formats/layout/bytes.hpp"

namespace wheatstone::cli {

// HMAC-SHA256 (RFC 2104) of a counter and the input, as many times as there are bytes to fill. The same key
// and input give the same pseudonym on every machine. Copies the key; may be called from any thread.
document::Pseudonyms keyed_pseudonyms(Bytes key);

}  // namespace wheatstone::cli
