#include "mocks/http/identity.hpp"

#include <fmt/format.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <array>
#include <ctime>
#include <optional>

#include "mocks/http/openssl.hpp"

namespace wheatstone::http {
namespace {

namespace fs = std::filesystem;
using openssl::Certificate;
using openssl::Key;
using openssl::Owner;

constexpr std::size_t kMostHostName = 253;  // RFC 1035 2.3.4, as text

using Names = Owner<GENERAL_NAMES, GENERAL_NAMES_free>;

Error broken() {
  return {ErrorKind::environment, "no certificate can be made: " + openssl::last_error(), {}, {}};
}

bool is_host_name(std::string_view name) {
  if (name.starts_with("*.")) name.remove_prefix(2);
  if (name.empty() || name.size() > kMostHostName || name.front() == '.') return false;
  return std::ranges::all_of(name, [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-' ||
           c == '.' || c == '_';
  });
}

bool append(GENERAL_NAMES& names, int kind, Bytes value) {
  Owner<GENERAL_NAME, GENERAL_NAME_free> name(GENERAL_NAME_new());
  Owner<ASN1_STRING, ASN1_STRING_free> text(
      ASN1_STRING_type_new(kind == GEN_IPADD ? V_ASN1_OCTET_STRING : V_ASN1_IA5STRING));
  if (!name || !text || ASN1_STRING_set(text.get(), value.data(), static_cast<int>(value.size())) != 1)
    return false;
  GENERAL_NAME_set0_value(name.get(), kind, text.release());
  if (sk_GENERAL_NAME_push(&names, name.get()) == 0) return false;
  [[maybe_unused]] const GENERAL_NAME* const of_names = name.release();
  return true;
}

// RFC 5280 4.2.1.6
Result<Names> alternative_names(const std::vector<std::string>& names) {
  if (names.empty())
    return fail(ErrorKind::invalid_argument, "a certificate for no name at all",
                "name the hosts or addresses that clients use");
  Names out(GENERAL_NAMES_new());
  if (!out) return std::unexpected(broken());
  for (const std::string& name : names) {
    Buffer octets;
    const bool address = name.find('\0') == std::string::npos && openssl::is_address(name, &octets);
    if (!address && !is_host_name(name))
      return fail(ErrorKind::invalid_argument,
                  fmt::format("a certificate cannot be for \"{}\"", name.substr(0, kMostHostName)),
                  "it takes host names such as cer.example.com and addresses such as 192.0.2.7");
    if (!append(*out, address ? GEN_IPADD : GEN_DNS, address ? Bytes(octets) : as_bytes(name)))
      return std::unexpected(broken());
  }
  return out;
}

bool set_time(ASN1_TIME* field, FileTime time) {
  const auto seconds = static_cast<std::int64_t>(time.ticks / FileTime::kPerSecond) -
                       static_cast<std::int64_t>(FileTime::kUnixEpoch / FileTime::kPerSecond);
  return ASN1_TIME_set(field, static_cast<std::time_t>(seconds)) != nullptr;
}

bool add_extension(X509* certificate, X509* issuer, int id, const char* value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  const Owner<X509_EXTENSION, X509_EXTENSION_free> extension(
      X509V3_EXT_conf_nid(nullptr, &context, id, value));
  return extension && X509_add_ext(certificate, extension.get(), -1) == 1;
}

struct Issuer {
  X509* certificate;
  EVP_PKEY* key;
};

// A certificate for the key. Without an issuer it signs itself, and may sign others.
Certificate issue(EVP_PKEY* key, const GENERAL_NAMES& names, const Validity& validity,
                  std::optional<Issuer> issuer) {
  Certificate certificate(X509_new());
  X509* const x = certificate.get();
  if (x == nullptr || X509_set_version(x, X509_VERSION_3) != 1) return nullptr;
  // RFC 5280 4.1.2.2: positive, at most 20 octets, told apart from others of the same issuer.
  std::array<std::uint8_t, 16> serial{};
  if (RAND_bytes(serial.data(), static_cast<int>(serial.size())) != 1) return nullptr;
  serial[0] = static_cast<std::uint8_t>((serial[0] & 0x3f) | 0x40);
  const Owner<BIGNUM, BN_free> number(BN_bin2bn(serial.data(), static_cast<int>(serial.size()), nullptr));
  if (!number || BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(x)) == nullptr) return nullptr;
  if (!set_time(X509_getm_notBefore(x), validity.from) || !set_time(X509_getm_notAfter(x), validity.to))
    return nullptr;
  const std::string subject = issuer ? "Wheatstone faulty" : "Wheatstone self-made";
  X509* const signer = issuer ? issuer->certificate : x;
  if (X509_NAME_add_entry_by_txt(X509_get_subject_name(x), "CN", MBSTRING_ASC, as_bytes(subject).data(),
                                 static_cast<int>(subject.size()), -1, 0) != 1 ||
      X509_set_issuer_name(x, X509_get_subject_name(signer)) != 1 || X509_set_pubkey(x, key) != 1)
    return nullptr;
  if (!add_extension(x, signer, NID_basic_constraints, issuer ? "critical,CA:FALSE" : "critical,CA:TRUE") ||
      !add_extension(x, signer, NID_key_usage,
                     issuer ? "critical,digitalSignature" : "critical,digitalSignature,keyCertSign") ||
      !add_extension(x, signer, NID_ext_key_usage, "serverAuth") ||
      !add_extension(x, signer, NID_subject_key_identifier, "hash") ||
      (issuer && !add_extension(x, signer, NID_authority_key_identifier, "keyid")) ||
      X509_add1_ext_i2d(x, NID_subject_alt_name, const_cast<GENERAL_NAMES*>(&names), 0, 0) != 1)
    return nullptr;
  if (X509_sign(x, issuer ? issuer->key : key, EVP_sha256()) == 0) return nullptr;
  return certificate;
}

template <class Write>
std::string pem(Write write) {
  const openssl::Bio out(BIO_new(BIO_s_mem()));
  if (!out || write(out.get()) != 1) return {};
  char* data = nullptr;
  const long size = BIO_get_mem_data(out.get(), &data);
  return {data, static_cast<std::size_t>(size)};
}

Result<Identity> make(const GENERAL_NAMES& names, const Validity& validity, std::optional<Issuer> issuer) {
  const Key key(EVP_EC_gen("P-256"));
  if (!key) return std::unexpected(broken());
  const Certificate certificate = issue(key.get(), names, validity, issuer);
  if (!certificate) return std::unexpected(broken());
  Identity identity;
  identity.certificate_pem =
      pem([&](BIO* out) { return PEM_write_bio_X509(out, certificate.get()); }) +
      (issuer ? pem([&](BIO* out) { return PEM_write_bio_X509(out, issuer->certificate); }) : "");
  identity.private_key_pem = pem([&](BIO* out) {
    return PEM_write_bio_PrivateKey(out, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
  });
  if (identity.certificate_pem.empty() || identity.private_key_pem.empty()) return std::unexpected(broken());
  return identity;
}

std::unexpected<Error> at(Error error, const fs::path& path) {
  error.where.file = path.string();
  return std::unexpected(std::move(error));
}

}  // namespace

Result<Identity> make_identity(const std::vector<std::string>& names, const Validity& validity) {
  const auto alternatives = alternative_names(names);
  if (!alternatives) return std::unexpected(alternatives.error());
  return make(**alternatives, validity, std::nullopt);
}

Result<Identity> read_identity(const fs::path& certificate, const fs::path& key) {
  auto certificate_pem = openssl::read_pem(certificate);
  if (!certificate_pem) return std::unexpected(certificate_pem.error());
  const auto certificates = openssl::read_certificates(*certificate_pem);
  if (!certificates) return at(certificates.error(), certificate);
  auto private_key_pem = openssl::read_pem(key);
  if (!private_key_pem) return std::unexpected(private_key_pem.error());
  const auto private_key = openssl::read_key(*private_key_pem);
  if (!private_key) return at(private_key.error(), key);
  const bool fits = X509_check_private_key(certificates->front().get(), private_key->get()) == 1;
  openssl::last_error();
  if (!fits)
    return at({ErrorKind::malformed,
               "the private key does not belong to the first certificate of " + certificate.string(),
               "the server's own certificate comes first, then those that vouch for it",
               {}},
              key);
  return Identity{std::move(*certificate_pem), std::move(*private_key_pem)};
}

std::string fingerprint(const Identity& identity) {
  const auto certificates = openssl::read_certificates(identity.certificate_pem);
  return certificates ? openssl::fingerprint(*certificates->front()) : std::string();
}

Result<Identity> faulty_identity(TlsFault fault, const Identity& right) {
  const auto certificates = openssl::read_certificates(right.certificate_pem);
  if (!certificates) return std::unexpected(certificates.error());
  const auto key = openssl::read_key(right.private_key_pem);
  if (!key) return std::unexpected(key.error());
  X509* const leaf = certificates->front().get();

  Names names(static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(leaf, NID_subject_alt_name, nullptr, nullptr)));
  if (fault == TlsFault::wrong_host || !names) {
    auto others = alternative_names({"elsewhere.invalid"});
    if (!others) return std::unexpected(others.error());
    names = std::move(*others);
  }
  Validity validity = kLongValidity;
  if (fault == TlsFault::expired) validity.to = *from_civil({.year = 2001, .month = 12, .day = 31});
  if (fault == TlsFault::not_yet_valid) validity.from = *from_civil({.year = 2048});
  const bool vouched = fault != TlsFault::untrusted && X509_check_ca(leaf) == 1;
  return make(*names, validity, vouched ? std::optional(Issuer{leaf, key->get()}) : std::nullopt);
}

}  // namespace wheatstone::http
