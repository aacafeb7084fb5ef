// The options of HTTPS that verbs share.
#pragma once

#include <optional>
#include <string>

#include "formats/layout/result.hpp"
#include "mocks/http/authentication.hpp"
#include "mocks/http/identity.hpp"
#include "mocks/http/tls.hpp"

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace wheatstone::cli {

// Of a client: whom it trusts, and who sends.
struct TrustOptions {
  std::string trust;  // PEM file
  std::string pin;    // fingerprint
  bool insecure = false;
  std::string user;  // perhaps DOMAIN\user
  std::string password_file;
};

// `excluded` may be null: the option that none of these goes with.
void add_trust_options(CLI::App& verb, TrustOptions& options, CLI::Option* excluded = nullptr);

http::Trust trust_of(const TrustOptions& options);

// nullopt without a user.
Result<std::optional<http::Credentials>> credentials_of(const TrustOptions& options);

// Of a server: who it is.
struct IdentityOptions {
  bool tls = false;
  std::string certificate;
  std::string key;

  bool wanted() const { return tls || !certificate.empty(); }
};

void add_identity_options(CLI::App& verb, IdentityOptions& options);

// nullopt without a certificate.
Result<std::optional<http::Identity>> identity_of(const IdentityOptions& options);

}  // namespace wheatstone::cli
