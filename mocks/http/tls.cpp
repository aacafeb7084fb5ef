#include "mocks/http/tls.hpp"

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <array>
#include <ctime>
#include <limits>

#include "mocks/http/openssl.hpp"

namespace wheatstone::http {
namespace {

using openssl::Context;
using openssl::Session;

constexpr std::size_t kPiece = 16u << 10;  // a record's content
constexpr std::size_t kRecordHeader = 5;
constexpr std::uint8_t kAlert[] = {0x15, 0x03, 0x03, 0x00, 0x02, 0x02, 0x28};  // fatal, handshake_failure
constexpr std::string_view kGarbage = "This is not the TLS you are looking for.\r\n";

Error unusable() {
  return {ErrorKind::environment, "OpenSSL cannot be used: " + openssl::last_error(), {}, {}};
}

void harden(SSL_CTX* context) {
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_TICKET | SSL_OP_NO_COMPRESSION);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_num_tickets(context, 0);
}

Result<Context> server_context(const Identity& identity, bool old) {
  const auto certificates = openssl::read_certificates(identity.certificate_pem);
  if (!certificates) return std::unexpected(certificates.error());
  const auto key = openssl::read_key(identity.private_key_pem);
  if (!key) return std::unexpected(key.error());
  Context context(SSL_CTX_new(TLS_server_method()));
  if (!context) return std::unexpected(unusable());
  harden(context.get());
  if (old) {
    SSL_CTX_set_min_proto_version(context.get(), TLS1_VERSION);
    SSL_CTX_set_max_proto_version(context.get(), TLS1_1_VERSION);
    SSL_CTX_set_security_level(context.get(), 0);  // their signatures are SHA-1
    if (SSL_CTX_set_cipher_list(context.get(), "ALL:@SECLEVEL=0") != 1) return std::unexpected(unusable());
  }
  bool good = SSL_CTX_use_certificate(context.get(), certificates->front().get()) == 1;
  for (std::size_t i = 1; good && i < certificates->size(); ++i)
    good = SSL_CTX_add1_chain_cert(context.get(), (*certificates)[i].get()) == 1;
  good = good && SSL_CTX_use_PrivateKey(context.get(), key->get()) == 1;
  if (!good)
    return fail(ErrorKind::malformed, "the certificate cannot be used: " + openssl::last_error(),
                "its key must be its own and strong enough: RSA of 2048 bits, or P-256");
  return context;
}

std::optional<std::string> plain_digits(std::string_view fingerprint) {
  std::string digits;
  for (const char c : fingerprint) {
    if (c == ':') continue;
    const char upper = c >= 'a' && c <= 'f' ? static_cast<char>(c - 'a' + 'A') : c;
    if (!((upper >= '0' && upper <= '9') || (upper >= 'A' && upper <= 'F'))) return std::nullopt;
    digits += upper;
  }
  return digits.size() == 64 ? std::optional(digits) : std::nullopt;
}

}  // namespace

struct TlsServer::Impl {
  Context context;
  std::optional<TlsFault> fault;
  std::string fingerprint;
};

struct TlsClient::Impl {
  Context context;
  Trust::Kind kind;
  std::string digits;  // of the fingerprint
};

struct TlsChannel::Impl {
  std::shared_ptr<const TlsServer::Impl> server;
  std::shared_ptr<const TlsClient::Impl> client;
  Session session;
  State state = State::handshake;
  std::string reason;
  std::string seen;  // the fingerprint of the server's certificate
  bool rejected = false;
  bool closing = false;  // close() before the handshake was done
  Buffer waiting;        // for the handshake
  Buffer hello;          // kept only for a faulty handshake
  Buffer output;
  Buffer input;

  // Whether the handshake is replaced by something else.
  bool plays() const { return server && server->fault && *server->fault >= TlsFault::handshake_garbage; }

  void start();
  void play(Bytes wire);
  void pump();
  void write(Bytes data);
  void end_sending();
  void collect();
  void fail(std::string why) {
    state = State::failed;
    reason = std::move(why);
  }
  void fail_by_openssl(std::string_view what);
  int judge(X509_STORE_CTX* chain);
};

void TlsChannel::Impl::start() {
  BIO* const in = BIO_new(BIO_s_mem());
  BIO* const out = BIO_new(BIO_s_mem());
  if (!session || in == nullptr || out == nullptr) {
    BIO_free(in);
    BIO_free(out);
    return fail("OpenSSL is out of memory");
  }
  SSL_set_bio(session.get(), in, out);
  SSL_set_app_data(session.get(), this);
  if (server) SSL_set_accept_state(session.get());
}

// The certificate of the server, held against the trust.
int TlsChannel::Impl::judge(X509_STORE_CTX* chain) {
  if (const X509* const leaf = X509_STORE_CTX_get0_cert(chain)) seen = openssl::fingerprint(*leaf);
  bool good = client->kind == Trust::Kind::anyone;
  if (client->kind == Trust::Kind::fingerprint) {
    good = plain_digits(seen) == client->digits;
    if (!good) X509_STORE_CTX_set_error(chain, X509_V_ERR_CERT_REJECTED);
  } else if (!good) {
    good = X509_verify_cert(chain) == 1;
  }
  rejected = !good;
  return good ? 1 : 0;
}

void TlsChannel::Impl::fail_by_openssl(std::string_view what) {
  const int why = ERR_GET_REASON(ERR_peek_last_error());
  const std::string text = openssl::last_error();
  if (rejected && client->kind == Trust::Kind::fingerprint)
    return fail(fmt::format("the server's certificate has another fingerprint: {}", seen));
  if (rejected)
    return fail(fmt::format("the server's certificate is not trusted: {} (its fingerprint is {})",
                            X509_verify_cert_error_string(SSL_get_verify_result(session.get())), seen));
  if (why == SSL_R_HTTP_REQUEST) return fail("this looks like plain HTTP, but the port speaks TLS");
  if (why == SSL_R_WRONG_VERSION_NUMBER && state == State::handshake)
    return fail("the other side does not speak TLS");
  fail(fmt::format("{}: {}", what, text));
}

void TlsChannel::Impl::collect() {
  std::array<std::uint8_t, kPiece> piece;
  int size = 0;
  while ((size = BIO_read(SSL_get_wbio(session.get()), piece.data(), static_cast<int>(piece.size()))) > 0)
    output.insert(output.end(), piece.begin(), piece.begin() + size);
}

void TlsChannel::Impl::play(Bytes wire) {
  hello.insert(hello.end(), wire.begin(), wire.end());
  const std::size_t announced =
      hello.size() < kRecordHeader ? 0 : static_cast<std::size_t>(hello[3] << 8 | hello[4]);
  if (hello.size() < kRecordHeader + announced) return;
  hello.clear();
  switch (*server->fault) {
    case TlsFault::handshake_garbage:
      output.assign(kGarbage.begin(), kGarbage.end());
      break;
    case TlsFault::handshake_alert:
      output.assign(std::begin(kAlert), std::end(kAlert));
      break;
    case TlsFault::handshake_silence:
      return;
    default:
      break;
  }
  fail(fmt::format("the handshake was broken on purpose: {}", info(*server->fault).what));
}

void TlsChannel::Impl::pump() {
  ERR_clear_error();
  if (state == State::handshake) {
    const int done = SSL_do_handshake(session.get());
    if (done != 1 && SSL_get_error(session.get(), done) != SSL_ERROR_WANT_READ)
      fail_by_openssl("the TLS handshake failed");
    if (done == 1) {
      state = State::open;
      write(std::exchange(waiting, {}));
      if (closing) end_sending();
    }
  }
  std::array<std::uint8_t, kPiece> piece;
  while (state == State::open) {
    const int size = SSL_read(session.get(), piece.data(), static_cast<int>(piece.size()));
    if (size > 0) {
      input.insert(input.end(), piece.begin(), piece.begin() + size);
      continue;
    }
    const int error = SSL_get_error(session.get(), size);
    if (error == SSL_ERROR_WANT_READ) break;
    if (error == SSL_ERROR_ZERO_RETURN)
      state = State::ended;
    else
      fail_by_openssl("TLS failed");
  }
  collect();
}

void TlsChannel::Impl::write(Bytes data) {
  ERR_clear_error();
  while (!data.empty()) {
    const std::size_t size = std::min(data.size(), kPiece);
    if (SSL_write(session.get(), data.data(), static_cast<int>(size)) <= 0)
      return fail_by_openssl("TLS cannot send");
    data = data.subspan(size);
  }
}

void TlsChannel::Impl::end_sending() {
  ERR_clear_error();
  SSL_shutdown(session.get());
  ERR_clear_error();
}

Result<TlsServer> TlsServer::make(const Identity& identity, std::optional<TlsFault> fault) {
  Identity shown = identity;
  if (fault && info(*fault).of_certificate) {
    auto faulty = faulty_identity(*fault, identity);
    if (!faulty) return std::unexpected(faulty.error());
    shown = std::move(*faulty);
  }
  auto context = server_context(shown, fault == TlsFault::old_version);
  if (!context) return std::unexpected(context.error());
  return TlsServer(std::make_shared<const Impl>(Impl{std::move(*context), fault, http::fingerprint(shown)}));
}

const std::string& TlsServer::fingerprint() const noexcept {
  return impl_->fingerprint;
}

Result<TlsClient> TlsClient::make(const Trust& trust) {
  Context context(SSL_CTX_new(TLS_client_method()));
  if (!context) return std::unexpected(unusable());
  harden(context.get());
  std::string digits;
  if (trust.kind == Trust::Kind::fingerprint) {
    const auto read = plain_digits(trust.fingerprint);
    if (!read)
      return fail(ErrorKind::invalid_argument, "the fingerprint is not that of SHA-256",
                  "it has 64 hexadecimal digits, as `openssl x509 -fingerprint -sha256` prints them");
    digits = *read;
  } else if (trust.kind == Trust::Kind::file) {
    const auto text = openssl::read_pem(trust.file);
    if (!text) return std::unexpected(text.error());
    auto certificates = openssl::read_certificates(*text);
    if (!certificates) {
      certificates.error().where.file = trust.file.string();
      return std::unexpected(std::move(certificates.error()));
    }
    X509_STORE* const store = SSL_CTX_get_cert_store(context.get());
    for (const openssl::Certificate& certificate : *certificates)
      if (X509_STORE_add_cert(store, certificate.get()) != 1) return std::unexpected(unusable());
  } else if (trust.kind == Trust::Kind::system) {
    SSL_CTX_set_default_verify_paths(context.get());
  }
  SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
  SSL_CTX_set_cert_verify_callback(
      context.get(),
      [](X509_STORE_CTX* chain, void*) {
        const auto* const session =
            static_cast<SSL*>(X509_STORE_CTX_get_ex_data(chain, SSL_get_ex_data_X509_STORE_CTX_idx()));
        return static_cast<TlsChannel::Impl*>(SSL_get_app_data(session))->judge(chain);
      },
      nullptr);
  return TlsClient(std::make_shared<const Impl>(Impl{std::move(context), trust.kind, std::move(digits)}));
}

TlsChannel::TlsChannel(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
TlsChannel::~TlsChannel() = default;
TlsChannel::TlsChannel(TlsChannel&&) noexcept = default;
TlsChannel& TlsChannel::operator=(TlsChannel&&) noexcept = default;

TlsChannel TlsChannel::accept(const TlsServer& server) {
  auto impl = std::make_unique<Impl>();
  impl->server = server.impl_;
  impl->session.reset(SSL_new(server.impl_->context.get()));
  impl->start();
  return TlsChannel(std::move(impl));
}

TlsChannel TlsChannel::connect(const TlsClient& client, const std::string& host, FileTime now) {
  auto impl = std::make_unique<Impl>();
  impl->client = client.impl_;
  impl->session.reset(SSL_new(client.impl_->context.get()));
  impl->start();
  if (impl->state == State::failed) return TlsChannel(std::move(impl));
  SSL* const session = impl->session.get();
  SSL_set_connect_state(session);
  X509_VERIFY_PARAM* const rules = SSL_get0_param(session);
  constexpr std::uint64_t kEpoch = FileTime::kUnixEpoch / FileTime::kPerSecond;
  const std::uint64_t seconds = std::max(now.ticks / FileTime::kPerSecond, kEpoch) - kEpoch;
  X509_VERIFY_PARAM_set_time(rules, static_cast<std::time_t>(seconds));
  X509_VERIFY_PARAM_set_hostflags(rules, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  bool named = false;
  if (openssl::is_address(host)) {
    named = X509_VERIFY_PARAM_set1_ip_asc(rules, host.c_str()) == 1;
  } else {
    // RFC 6066 3: no address in the server name extension.
    std::string name = host;
    named = !host.empty() && X509_VERIFY_PARAM_set1_host(rules, host.data(), host.size()) == 1 &&
            SSL_ctrl(session, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, name.data()) == 1;
  }
  if (named)
    impl->pump();
  else
    impl->fail("TLS needs the name or address of the server");
  return TlsChannel(std::move(impl));
}

void TlsChannel::receive(Bytes wire) {
  if (impl_->state != State::handshake && impl_->state != State::open) return;
  if (impl_->plays()) return impl_->play(wire);
  while (!wire.empty()) {
    const std::size_t size = std::min(wire.size(), kPiece);
    if (BIO_write(SSL_get_rbio(impl_->session.get()), wire.data(), static_cast<int>(size)) <= 0)
      return impl_->fail("OpenSSL is out of memory");
    wire = wire.subspan(size);
    impl_->pump();
    if (impl_->state != State::handshake && impl_->state != State::open) return;
  }
}

void TlsChannel::end_of_input() {
  if (impl_->state == State::handshake)
    impl_->fail("the connection ended in the middle of the TLS handshake");
  else if (impl_->state == State::open)
    impl_->fail("the connection ended without a close of TLS");
}

void TlsChannel::send(Bytes data) {
  if (impl_->state == State::failed) return;
  if (impl_->state == State::handshake) {
    impl_->waiting.insert(impl_->waiting.end(), data.begin(), data.end());
    return;
  }
  impl_->write(data);
  impl_->collect();
}

void TlsChannel::close() {
  if (impl_->state == State::failed) return;
  if (impl_->state == State::handshake) {
    impl_->closing = true;
    return;
  }
  impl_->end_sending();
  impl_->collect();
}

Buffer TlsChannel::take_output() {
  return std::exchange(impl_->output, {});
}

Buffer TlsChannel::take_input() {
  return std::exchange(impl_->input, {});
}

TlsChannel::State TlsChannel::state() const noexcept {
  return impl_->state;
}

const std::string& TlsChannel::reason() const noexcept {
  return impl_->reason;
}

std::string TlsChannel::version() const {
  return impl_->session && SSL_is_init_finished(impl_->session.get()) ? SSL_get_version(impl_->session.get())
                                                                      : std::string();
}

}  // namespace wheatstone::http
