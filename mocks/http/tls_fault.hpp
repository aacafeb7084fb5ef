// What a TLS server does wrong on purpose, by name: what a client has to notice.
#pragma once

#include <cstdint>
#include <string_view>

namespace wheatstone::http {

enum class TlsFault : std::uint8_t {
  // The certificate; everything else is right.
  expired,
  not_yet_valid,
  wrong_host,
  untrusted,
  // The handshake.
  old_version,
  handshake_garbage,
  handshake_close,
  handshake_alert,
  handshake_silence,
};

struct TlsFaultInfo {
  TlsFault fault;
  std::string_view name;
  bool of_certificate;    // faulty_identity() makes it
  std::string_view what;  // for people
};

// In the order of TlsFault.
inline constexpr TlsFaultInfo kTlsFaults[] = {
    {TlsFault::expired, "expired", true, "the certificate ended in 2001"},
    {TlsFault::not_yet_valid, "not_yet_valid", true, "the certificate begins in 2048"},
    {TlsFault::wrong_host, "wrong_host", true, "the certificate is for elsewhere.invalid"},
    {TlsFault::untrusted, "untrusted", true, "a fresh certificate that nobody vouches for"},
    {TlsFault::old_version, "old_version", false, "TLS 1.0 and 1.1, nothing newer"},
    {TlsFault::handshake_garbage, "handshake_garbage", false, "bytes that are no TLS, then the end"},
    {TlsFault::handshake_close, "handshake_close", false, "the connection ends after the ClientHello"},
    {TlsFault::handshake_alert, "handshake_alert", false, "the fatal alert handshake_failure"},
    {TlsFault::handshake_silence, "handshake_silence", false, "no answer to the ClientHello"},
};

constexpr const TlsFaultInfo& info(TlsFault fault) noexcept {
  return kTlsFaults[static_cast<std::size_t>(fault)];
}

}  // namespace wheatstone::http
