#include "mocks/http/openssl.hpp"

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <array>

#include "mocks/files.hpp"

namespace wheatstone::http::openssl {
namespace {

constexpr std::uintmax_t kMostFile = 1u << 20;

}  // namespace

Bio source(std::string_view text) {
  return Bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

std::string last_error() {
  const unsigned long code = ERR_peek_last_error();
  ERR_clear_error();
  const char* const reason = ERR_reason_error_string(code);
  return reason != nullptr ? reason : "OpenSSL does not say why";
}

Result<std::string> read_pem(const std::filesystem::path& path) {
  std::error_code error;
  const auto size = std::filesystem::file_size(path, error);
  if (error)
    return fail(ErrorKind::io, "the file cannot be read: " + error.message(), {},
                {path.string(), 0, 0, Location::kNoOffset, {}});
  if (size > kMostFile)
    return fail(ErrorKind::malformed, "the file is larger than 1 MiB: this is no PEM file", {},
                {path.string(), 0, 0, Location::kNoOffset, {}});
  const auto bytes = read_whole(path);
  if (!bytes) return std::unexpected(bytes.error());
  return std::string(as_text(*bytes));
}

Result<std::vector<Certificate>> read_certificates(std::string_view pem) {
  ERR_clear_error();
  std::vector<Certificate> certificates;
  const Bio in = source(pem);
  while (Certificate next{PEM_read_bio_X509(in.get(), nullptr, nullptr, nullptr)})
    certificates.push_back(std::move(next));
  const bool at_end = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
  const std::string why = last_error();
  if (!at_end)
    return fail(ErrorKind::malformed,
                fmt::format("certificate {} cannot be read: {}", certificates.size() + 1, why));
  if (certificates.empty())
    return fail(ErrorKind::malformed, "there is no PEM certificate",
                "it begins with -----BEGIN CERTIFICATE-----; `openssl x509 -inform DER` converts others");
  return certificates;
}

Result<Key> read_key(std::string_view pem) {
  ERR_clear_error();
  const Bio in = source(pem);
  bool encrypted = false;
  const auto refuse = [](char*, int, int, void* asked) {
    *static_cast<bool*>(asked) = true;
    return -1;
  };
  Key key(PEM_read_bio_PrivateKey(in.get(), nullptr, refuse, &encrypted));
  const std::string why = last_error();
  if (key) return key;
  if (encrypted)
    return fail(ErrorKind::malformed, "the private key is encrypted",
                "give it without a password, as `openssl pkey` writes it");
  if (pem.find(" PRIVATE KEY-----") == std::string_view::npos)
    return fail(ErrorKind::malformed, "there is no PEM private key",
                "it begins with -----BEGIN PRIVATE KEY-----; `openssl pkey -inform DER` converts others");
  return fail(ErrorKind::malformed, fmt::format("the private key cannot be read: {}", why));
}

std::string fingerprint(const X509& certificate) {
  std::array<std::uint8_t, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  if (X509_digest(&certificate, EVP_sha256(), digest.data(), &size) != 1) return {};
  return fmt::format("{:02X}", fmt::join(Bytes(digest).first(size), ":"));
}

bool is_address(const std::string& text, Buffer* octets) {
  const Owner<ASN1_OCTET_STRING, ASN1_OCTET_STRING_free> address(a2i_IPADDRESS(text.c_str()));
  ERR_clear_error();
  if (!address) return false;
  if (octets != nullptr) {
    const std::uint8_t* const data = ASN1_STRING_get0_data(address.get());
    octets->assign(data, data + ASN1_STRING_length(address.get()));
  }
  return true;
}

}  // namespace wheatstone::http::openssl
