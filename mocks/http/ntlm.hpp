// The three messages of NTLM, and what proves a password in them.
// Source: [MS-NLMP] 2.2.1, 3.3.2. Not here: signing, sealing, session keys, NTLM version 1.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "formats/layout/bytes.hpp"
#include "formats/layout/finding.hpp"
#include "formats/layout/result.hpp"
#include "formats/layout/time.hpp"

namespace wheatstone::http::ntlm {

// [MS-NLMP] 2.2.2.5, those that are used here.
inline constexpr std::uint32_t kUnicode = 0x00000001;
inline constexpr std::uint32_t kOem = 0x00000002;
inline constexpr std::uint32_t kRequestTarget = 0x00000004;
inline constexpr std::uint32_t kNtlm = 0x00000200;
inline constexpr std::uint32_t kAlwaysSign = 0x00008000;
inline constexpr std::uint32_t kTargetTypeServer = 0x00020000;
inline constexpr std::uint32_t kExtendedSessionSecurity = 0x00080000;
inline constexpr std::uint32_t kTargetInfo = 0x00800000;
inline constexpr std::uint32_t kVersion = 0x02000000;

// Text is UTF-8 here. On the wire it is UTF-16 or, without kUnicode, bytes of a character set that nobody
// names: they are taken as ISO 8859-1.

using Version = std::array<std::uint8_t, 8>;  // 2.2.2.10
using Nonce = std::array<std::uint8_t, 8>;

// 2.2.1.1
struct Negotiate {
  std::uint32_t flags = 0;
  std::string domain = {};       // never UTF-16
  std::string workstation = {};  // never UTF-16
  std::optional<Version> version = {};

  friend bool operator==(const Negotiate&, const Negotiate&) = default;
};

// 2.2.1.2
struct Challenge {
  std::uint32_t flags = 0;
  std::string target_name = {};
  Nonce server_challenge = {};
  Buffer target_info = {};  // see AvPair
  std::optional<Version> version = {};

  friend bool operator==(const Challenge&, const Challenge&) = default;
};

// 2.2.1.3
struct Authenticate {
  std::uint32_t flags = 0;
  Buffer lm_response = {};
  Buffer nt_response = {};
  std::string domain = {};
  std::string user = {};
  std::string workstation = {};
  Buffer session_key = {};              // encrypted
  std::optional<Version> version = {};  // there if `mic` is
  std::optional<std::array<std::uint8_t, 16>> mic = {};

  friend bool operator==(const Authenticate&, const Authenticate&) = default;
};

using Message = std::variant<Negotiate, Challenge, Authenticate>;

struct ReadMessage {
  Message message;
  std::vector<Finding> findings;  // a field that cannot be read is empty, and there is an error for it
};

// Fails (malformed) for what is no message of NTLM or is too short for its kind.
Result<ReadMessage> read_message(Bytes bytes);

// Fails (invalid_argument) for a field over 65535 bytes, or text that does not fit the character set.
Result<Buffer> write_message(const Message& message);

// 2.2.2.1
struct AvPair {
  std::uint16_t id = 0;
  Buffer value = {};

  friend bool operator==(const AvPair&, const AvPair&) = default;
};
inline constexpr std::uint16_t kNbComputerName = 1;
inline constexpr std::uint16_t kNbDomainName = 2;
inline constexpr std::uint16_t kTimestamp = 7;

// Up to MsvAvEOL, which is not among them. Fails (malformed) for a pair that is cut, or no MsvAvEOL.
Result<std::vector<AvPair>> read_av_pairs(Bytes bytes);

// With MsvAvEOL. REQUIRES: no value is over 65535 bytes.
Buffer write_av_pairs(const std::vector<AvPair>& pairs);

using Digest = std::array<std::uint8_t, 16>;

// NTOWFv2. Of a name's letters only those of ASCII become capitals. Fails (invalid_argument) for what is not
// UTF-8. 3.3.2
Result<Digest> response_key(std::string_view user, std::string_view domain, std::string_view password);

struct Responses {
  Buffer lm;
  Buffer nt;
};

// NTLMv2 responses to a challenge; the pairs of `target_info` go into them. 3.3.2
Responses respond(const Digest& key, const Nonce& server_challenge, Bytes target_info,
                  const Nonce& client_challenge, FileTime time);

// Whether this is an NTLMv2 response at all: long enough and of the only version there is. 2.2.2.8
bool is_version_2(Bytes nt_response) noexcept;

// Whether the response was made with this key. Takes the same time for yes and no.
bool proves(const Digest& key, const Nonce& server_challenge, Bytes nt_response);

}  // namespace wheatstone::http::ntlm
