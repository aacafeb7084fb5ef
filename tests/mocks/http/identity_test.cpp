#include "mocks/http/identity.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/mocks/support.hpp"

namespace wheatstone::http {
namespace {

using testing::HasSubstr;
using testing::MatchesRegex;
using testing_support::TempFolder;

Identity made(const std::vector<std::string>& names = {"cer.example.com"}) {
  auto identity = make_identity(names);
  EXPECT_TRUE(identity) << identity.error().text();
  return *identity;
}

class Files {
 public:
  std::filesystem::path write(const std::string& name, const std::string& text) {
    const auto path = folder_.path() / name;
    std::ofstream(path, std::ios::binary) << text;
    return path;
  }
  Result<Identity> read(const std::string& certificate, const std::string& key) {
    return read_identity(write("cert.pem", certificate), write("key.pem", key));
  }
  const std::filesystem::path& path() const { return folder_.path(); }

 private:
  TempFolder folder_;
};

TEST(Identity, IsReadAsItWasMade) {
  Files files;
  const Identity identity = made();
  const auto read = files.read(identity.certificate_pem, identity.private_key_pem);
  ASSERT_TRUE(read) << read.error().text();
  EXPECT_EQ(read->certificate_pem, identity.certificate_pem);
  EXPECT_EQ(read->private_key_pem, identity.private_key_pem);
}

TEST(Identity, MayBeOneFile) {
  Files files;
  const Identity identity = made();
  const auto both = files.write("both.pem", identity.private_key_pem + identity.certificate_pem);
  EXPECT_TRUE(read_identity(both, both));
}

TEST(Identity, HasAFingerprintOfItsOwn) {
  const Identity one = made();
  const Identity other = made();
  EXPECT_THAT(fingerprint(one), MatchesRegex("([0-9A-F][0-9A-F]:){31}[0-9A-F][0-9A-F]"));
  EXPECT_EQ(fingerprint(one), fingerprint(one));
  EXPECT_NE(fingerprint(one), fingerprint(other));
  EXPECT_EQ(fingerprint({}), "");
}

TEST(Identity, TakesNamesAndAddressesOnly) {
  EXPECT_TRUE(make_identity({"a", "*.example.com", "_x.example.com", "127.0.0.1", "::1"}));
  for (const std::string& name :
       {std::string(), std::string("a b"), std::string("*"), std::string("*."), std::string("a,DNS:b"),
        std::string("a.*.b"), std::string(".a"), std::string("127.0.0.1\0x", 11), std::string(254, 'a')}) {
    const auto identity = make_identity({"good", name});
    ASSERT_FALSE(identity) << name;
    EXPECT_EQ(identity.error().kind, ErrorKind::invalid_argument);
  }
  EXPECT_TRUE(make_identity({std::string(253, 'a')}));
  EXPECT_FALSE(make_identity({}));
}

TEST(Identity, SaysWhatIsWrongWithAFile) {
  Files files;
  const Identity identity = made();
  const std::string& certificate = identity.certificate_pem;
  const std::string& key = identity.private_key_pem;
  const auto error = [&](const std::string& c, const std::string& k) {
    const auto read = files.read(c, k);
    EXPECT_FALSE(read);
    return read ? std::string() : read.error().text();
  };
  EXPECT_THAT(error("", key), HasSubstr("cert.pem: there is no PEM certificate"));
  EXPECT_THAT(error(key, key), HasSubstr("cert.pem: there is no PEM certificate"));
  EXPECT_THAT(error(certificate, certificate), HasSubstr("key.pem: there is no PEM private key"));
  EXPECT_THAT(error(certificate, made().private_key_pem),
              HasSubstr("key.pem: the private key does not belong to the first certificate of "));
  std::string broken = certificate;
  broken[100] = '!';
  EXPECT_THAT(error(broken, key), HasSubstr("cert.pem: certificate 1 cannot be read: bad base64 decode"));
  EXPECT_THAT(error(certificate + broken, key), HasSubstr("cert.pem: certificate 2 cannot be read"));
  broken = key;
  broken[60] = '!';
  EXPECT_THAT(error(certificate, broken), HasSubstr("key.pem: the private key cannot be read"));
  EXPECT_THAT(error(std::string((1u << 20) + 1, ' '), key),
              HasSubstr("cert.pem: the file is larger than 1 MiB"));
  const auto none = read_identity(files.path() / "none", files.path() / "none");
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().kind, ErrorKind::io);
}

// Made by `openssl genpkey -algorithm ed25519 -aes128 -pass pass:secret`.
constexpr char kEncryptedKey[] = R"(-----BEGIN ENCRYPTED PRIVATE KEY-----
MIGbMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAhO1KmfrDjFZQICCAAw
DAYIKoZIhvcNAgkFADAdBglghkgBZQMEAQIEEA5Dj5OFflmchO9C5309eKQEQDex
1zDRfIFOvw8T/P3Y7cMki05w2DyvMqFtiDLWlorTg6o5MauuzjEbWz6I6lPSjatA
PM0dktTJ8/pnec7zEek=
-----END ENCRYPTED PRIVATE KEY-----
)";

TEST(Identity, DoesNotAskForAPassword) {
  Files files;
  const auto read = files.read(made().certificate_pem, kEncryptedKey);
  ASSERT_FALSE(read);
  EXPECT_THAT(read.error().text(), HasSubstr("key.pem: the private key is encrypted"));
}

TEST(FaultyIdentity, IsVouchedForByTheRightOne) {
  const Identity right = made();
  for (const TlsFaultInfo& row : kTlsFaults) {
    if (!row.of_certificate) continue;
    const auto faulty = faulty_identity(row.fault, right);
    ASSERT_TRUE(faulty) << faulty.error().text();
    EXPECT_NE(fingerprint(*faulty), fingerprint(right));
    EXPECT_EQ(faulty->certificate_pem.ends_with(right.certificate_pem), row.fault != TlsFault::untrusted)
        << row.name;
  }
}

TEST(TlsFaults, StandInTheOrderOfTheirNumbers) {
  std::size_t number = 0;
  for (const TlsFaultInfo& row : kTlsFaults) EXPECT_EQ(static_cast<std::size_t>(row.fault), number++);
  EXPECT_EQ(info(TlsFault::handshake_silence).name, "handshake_silence");
}

}  // namespace
}  // namespace wheatstone::http
