// Who a TLS server says it is: a certificate and its private key, given or self-made.
// Source: RFC 5280; PEM as in RFC 7468.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "formats/layout/result.hpp"
#include "formats/layout/time.hpp"
#include "mocks/http/tls_fault.hpp"

namespace wheatstone::http {

struct Identity {
  std::string certificate_pem;  // the leaf, then the chain
  std::string private_key_pem;  // of the leaf; not encrypted
};

// The first and the last second in which a certificate is good.
struct Validity {
  FileTime from;
  FileTime to;
};

// 2000-01-01 to 2049-12-31: good at whatever time a scenario plays.
inline constexpr Validity kLongValidity{{125'911'584'000'000'000}, {141'690'815'990'000'000}};

// A new P-256 key and a certificate signed by it, for these host names and IP addresses. It may sign others,
// so that a client that trusts it can be shown faulty_identity(). Key and serial number are OpenSSL's random
// choice, never a seed's. Fails (invalid_argument) for no name, or one that is neither a host name ("*." may
// lead) nor an address.
Result<Identity> make_identity(const std::vector<std::string>& names,
                               const Validity& validity = kLongValidity);

// Reads PEM files of at most 1 MiB; both may be the same file. Fails with `io`, or `malformed` for a file
// without certificate or key, a broken one, an encrypted key, or a key of another certificate.
Result<Identity> read_identity(const std::filesystem::path& certificate, const std::filesystem::path& key);

// SHA-256 of the leaf as openssl prints it: "AB:CD:...". Empty if the certificate cannot be read.
std::string fingerprint(const Identity& identity);

// The identity that has this fault instead of `right`, with the same names. A `right` that may sign others,
// as the self-made may, signs it (but for `untrusted`), so the fault is the only thing wrong with it; else it
// is self-made and not trusted either. REQUIRES: info(fault).of_certificate. Fails as make_identity(), or
// with `malformed` if `right` cannot be read.
Result<Identity> faulty_identity(TlsFault fault, const Identity& right);

}  // namespace wheatstone::http
