// The tokens that Negotiate wraps around those of NTLM.
// Source: RFC 4178 4.2, RFC 4559; DER as in X.690, definite lengths only.
#pragma once

#include <cstdint>
#include <optional>
#include <variant>
#include <vector>

#include "formats/layout/bytes.hpp"
#include "formats/layout/result.hpp"

namespace wheatstone::http::spnego {

// Contents of an object identifier: 1.3.6.1.4.1.311.2.2.10, NTLMSSP. [MS-SPNG] 1.9
inline constexpr std::uint8_t kNtlm[] = {0x2b, 0x06, 0x01, 0x04, 0x01, 0x82, 0x37, 0x02, 0x02, 0x0a};

// NegTokenInit, in its wrapper of RFC 2743 3.1.
struct Init {
  std::vector<Buffer> mechanisms = {};  // contents of object identifiers, the preferred one first
  std::optional<Buffer> token = {};     // of the first of them

  friend bool operator==(const Init&, const Init&) = default;
};

enum class State : std::uint8_t { accept_completed, accept_incomplete, reject, request_mic };

// NegTokenResp
struct Response {
  std::optional<State> state = {};
  std::optional<Buffer> mechanism = {};
  std::optional<Buffer> token = {};

  friend bool operator==(const Response&, const Response&) = default;
};

using Token = std::variant<Init, Response>;

// Flags, hints and checksums (mechListMIC) are passed over. Fails (malformed) with the offset of the element
// that cannot be read.
Result<Token> read_token(Bytes bytes);

// REQUIRES: less than 2^32 bytes in all.
Buffer write_token(const Token& token);

}  // namespace wheatstone::http::spnego
