// Bytes in hex as other programs print them. All readers are strict: the offsets must add up and the
// character column must agree with the bytes, so that text which only resembles a dump is refused. Errors
// (malformed) have the line and column. More than `max_bytes` is an error (unsupported). Linear in the text
// and what it stands for.
#pragma once

#include <cstddef>
#include <string_view>

#include "formats/layout/bytes.hpp"
#include "formats/layout/result.hpp"

namespace wheatstone::layout {

// `xxd`: "00000010: 4350 4552 1002  CPER..", groups of any size. The first offset may be any; after a line
// "*" (xxd -a) an offset may jump over zero bytes. Little-endian groups (xxd -e) do not agree with their
// characters and are refused.
Result<Buffer> parse_xxd(std::string_view text, std::size_t max_bytes);

// `hexdump -C`: "00000010  43 50 45 52 10 02 ff ff  ff ff 04 00 01 00 00 00  |CPER............|". A line "*"
// repeats the line before up to the next offset; a last line may have an offset only.
Result<Buffer> parse_hexdump(std::string_view text, std::size_t max_bytes);

// `db` of a debugger: "ffffe001`0a1b2c40  43 50 45 52 10 02 ff ff-ff ff 04 00 01 00 00 00  CPER............".
Result<Buffer> parse_debugger_dump(std::string_view text, std::size_t max_bytes);

// Plain digits, also with white space or one comma between bytes: `xxd -p`, `od -An -tx1`, "0x43, 0x50". "0x"
// stands before a single byte, or once before everything: of larger numbers the byte order is not known.
Result<Buffer> parse_hex_digits(std::string_view text, std::size_t max_bytes);

}  // namespace wheatstone::layout
