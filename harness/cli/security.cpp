#include "harness/cli/security.hpp"

#include <CLI/CLI.hpp>

#include "harness/run/files.hpp"

namespace wheatstone::cli {
namespace {

constexpr std::uint64_t kMostPassword = 4096;

}  // namespace

void add_trust_options(CLI::App& verb, TrustOptions& options, CLI::Option* excluded) {
  CLI::Option* trust =
      verb.add_option("--trust", options.trust, "HTTPS, to a server that this PEM file vouches for");
  CLI::Option* pin = verb.add_option("--pin", options.pin,
                                     "HTTPS, to the server whose certificate has this SHA-256 fingerprint");
  CLI::Option* insecure = verb.add_flag("--insecure", options.insecure, "HTTPS, to whoever answers");
  CLI::Option* user =
      verb.add_option("--user", options.user,
                      "who sends: USER or DOMAIN\\USER, told with NTLM when the server asks; over HTTPS");
  CLI::Option* password =
      verb.add_option("--password-file", options.password_file, "file whose first line is the password");
  // An empty variable of a script must not turn HTTPS off.
  const auto says_something = [](const std::string& value) {
    return value.empty() ? std::string("it is empty") : std::string();
  };
  trust->check(says_something)->excludes(pin)->excludes(insecure);
  pin->check(says_something)->excludes(insecure);
  user->check(says_something)->needs(password);
  password->needs(user);
  if (excluded)
    for (CLI::Option* option : {trust, pin, insecure, user}) option->excludes(excluded);
}

http::Trust trust_of(const TrustOptions& options) {
  using Kind = http::Trust::Kind;
  if (!options.trust.empty()) return {.kind = Kind::file, .file = options.trust};
  if (!options.pin.empty()) return {.kind = Kind::fingerprint, .fingerprint = options.pin};
  if (options.insecure) return {.kind = Kind::anyone};
  return {};
}

Result<std::optional<http::Credentials>> credentials_of(const TrustOptions& options) {
  if (options.user.empty()) return std::nullopt;
  const Result<Buffer> password = run::read_file(options.password_file, kMostPassword);
  if (!password) return std::unexpected(password.error());
  const std::string_view text = as_text(*password);
  const std::size_t mark = options.user.find('\\');
  http::Credentials credentials;
  credentials.password = text.substr(0, text.find_first_of("\r\n"));
  credentials.domain = options.user.substr(0, mark == std::string::npos ? 0 : mark);
  credentials.user = options.user.substr(mark == std::string::npos ? 0 : mark + 1);
  if (credentials.user.empty())
    return fail(ErrorKind::invalid_argument, "--user names nobody", "give USER or DOMAIN\\USER");
  return credentials;
}

void add_identity_options(CLI::App& verb, IdentityOptions& options) {
  verb.add_flag("--tls", options.tls, "speak HTTPS, with a self-made certificate unless one is given");
  CLI::Option* certificate = verb.add_option("--certificate", options.certificate,
                                             "PEM file with the certificate, and its chain; means --tls");
  verb.add_option("--key", options.key, "PEM file with its private key; none = the same file")
      ->needs(certificate);
}

Result<std::optional<http::Identity>> identity_of(const IdentityOptions& options) {
  if (options.certificate.empty()) return std::nullopt;
  auto identity =
      http::read_identity(options.certificate, options.key.empty() ? options.certificate : options.key);
  if (!identity) return std::unexpected(identity.error());
  return std::move(*identity);
}

}  // namespace wheatstone::cli
