// TLS without a socket: bytes of the wire in and out on one side, bytes of the application on the other.
// Source: RFC 8446, RFC 5246; the protocol is OpenSSL's. TLS 1.2 and 1.3. Nothing is resumed or renegotiated.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "formats/layout/bytes.hpp"
#include "formats/layout/result.hpp"
#include "formats/layout/time.hpp"
#include "mocks/http/identity.hpp"
#include "mocks/http/tls_fault.hpp"

namespace wheatstone::http {

// What all connections of one server share. Copies share it too.
class TlsServer {
 public:
  // With a fault every connection shows it; those of the certificate are made from `identity`. Fails with
  // `malformed` for an identity that cannot be used, `environment` if OpenSSL cannot be.
  static Result<TlsServer> make(const Identity& identity, std::optional<TlsFault> fault = std::nullopt);

  // SHA-256 of the certificate that is shown, "AB:CD:...".
  const std::string& fingerprint() const noexcept;

 private:
  friend class TlsChannel;
  struct Impl;
  explicit TlsServer(std::shared_ptr<const Impl> impl) : impl_(std::move(impl)) {}
  std::shared_ptr<const Impl> impl_;
};

// Which servers a client talks to.
struct Trust {
  enum class Kind : std::uint8_t {
    system,       // what the machine trusts, for the name that was asked for
    file,         // what the certificates of a PEM file vouch for, for that name
    fingerprint,  // this certificate, whatever it says of its name and time
    anyone,       // no check at all
  };

  Kind kind = Kind::system;
  std::filesystem::path file = {};
  std::string fingerprint = {};  // SHA-256; 64 hexadecimal digits of any case, colons are passed over
};

// What all connections of one client share. Copies share it too.
class TlsClient {
 public:
  // Fails with `io` or `malformed` for a file, `invalid_argument` for a fingerprint, `environment` if OpenSSL
  // cannot be used.
  static Result<TlsClient> make(const Trust& trust);

 private:
  friend class TlsChannel;
  struct Impl;
  explicit TlsClient(std::shared_ptr<const Impl> impl) : impl_(std::move(impl)) {}
  std::shared_ptr<const Impl> impl_;
};

// One connection, either side. Everything that came is worked off at once, so memory follows the bytes that
// came and were not taken. One thread at a time.
class TlsChannel {
 public:
  enum class State : std::uint8_t {
    handshake,
    open,
    ended,   // the other side said that nothing more comes; sending goes on
    failed,  // see reason(); send the output, which may be an alert, and close
  };

  static TlsChannel accept(const TlsServer& server);

  // `host` is the name or address that was asked for; `now` is what the certificate's time is held against.
  // The first output is there at once.
  static TlsChannel connect(const TlsClient& client, const std::string& host, FileTime now);

  ~TlsChannel();
  TlsChannel(TlsChannel&&) noexcept;
  TlsChannel& operator=(TlsChannel&&) noexcept;

  // Bytes from the wire. Whatever follows the end or a failure is passed over.
  void receive(Bytes wire);

  // The wire ended. Without a close of TLS before it that is a failure: somebody may have cut it.
  void end_of_input();

  // Bytes of the application; kept until the handshake is done.
  void send(Bytes data);

  // Says that nothing more will be sent.
  void close();

  Buffer take_output();  // for the wire
  Buffer take_input();   // for the application

  State state() const noexcept;

  // Of a failure, for people: "the server's certificate is not trusted: certificate has expired ...".
  const std::string& reason() const noexcept;

  // "TLSv1.3", once it is agreed.
  std::string version() const;

 private:
  friend class TlsClient;
  struct Impl;
  explicit TlsChannel(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace wheatstone::http
