// OpenSSL's objects as owners, for the sources of this folder.
#pragma once

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "formats/layout/bytes.hpp"
#include "formats/layout/result.hpp"

namespace wheatstone::http::openssl {

template <auto free_it>
struct Deleter {
  template <class T>
  void operator()(T* object) const noexcept {
    free_it(object);
  }
};
template <class T, auto free_it>
using Owner = std::unique_ptr<T, Deleter<free_it>>;

using Bio = Owner<BIO, BIO_free_all>;
using Certificate = Owner<X509, X509_free>;
using Key = Owner<EVP_PKEY, EVP_PKEY_free>;
using Context = Owner<SSL_CTX, SSL_CTX_free>;
using Session = Owner<SSL, SSL_free>;

// A source of these bytes, which must outlive it.
Bio source(std::string_view text);

// What OpenSSL says about its last failure on this thread; forgets it.
std::string last_error();

// The text of a PEM file of at most 1 MiB. Fails with `io`, or `malformed` for a larger one.
Result<std::string> read_pem(const std::filesystem::path& path);

// The certificates of PEM text, in their order; what else is in it is passed over. Fails (malformed) if there
// is none or one is broken.
Result<std::vector<Certificate>> read_certificates(std::string_view pem);

// The first private key of PEM text. Fails (malformed) if there is none, it is broken or encrypted.
Result<Key> read_key(std::string_view pem);

// SHA-256, "AB:CD:...".
std::string fingerprint(const X509& certificate);

// Whether the text is an IPv4 or IPv6 address; what X.509 calls it goes to `octets` unless that is null.
bool is_address(const std::string& text, Buffer* octets = nullptr);

}  // namespace wheatstone::http::openssl
