#include "mocks/http/ntlm.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mocks/http/md4.hpp"
#include "tests/mocks/http/bytes_of.hpp"
#include "tests/mocks/support.hpp"

namespace wheatstone::http::ntlm {
namespace {

using testing::HasSubstr;
using testing_support::codes;

Digest digest_of(std::string_view hex) {
  const Buffer bytes = bytes_of(hex);
  Digest digest{};
  EXPECT_EQ(bytes.size(), digest.size());
  std::copy_n(bytes.begin(), std::min(bytes.size(), digest.size()), digest.begin());
  return digest;
}

// [MS-NLMP] 4.2.1
constexpr Nonce kServerChallenge = {0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef};
constexpr Nonce kClientChallenge = {0xaa, 0xaa, 0xaa, 0xaa, 0xaa, 0xaa, 0xaa, 0xaa};
constexpr char kTargetInfo[] =
    "02 00 0c 00 44 00 6f 00 6d 00 61 00 69 00 6e 00 01 00 0c 00 53 00 65 00 72 00 76 00 65 00 72 00"
    "00 00 00 00";
// 4.2.4.3
constexpr char kChallengeMessage[] =
    "4e 54 4c 4d 53 53 50 00 02 00 00 00 0c 00 0c 00 38 00 00 00 33 82 8a e2 01 23 45 67 89 ab cd ef"
    "00 00 00 00 00 00 00 00 24 00 24 00 44 00 00 00 06 00 70 17 00 00 00 0f 53 00 65 00 72 00 76 00"
    "65 00 72 00 02 00 0c 00 44 00 6f 00 6d 00 61 00 69 00 6e 00 01 00 0c 00 53 00 65 00 72 00 76 00"
    "65 00 72 00 00 00 00 00";
constexpr char kAuthenticateMessage[] =
    "4e 54 4c 4d 53 53 50 00 03 00 00 00 18 00 18 00 6c 00 00 00 54 00 54 00 84 00 00 00 0c 00 0c 00"
    "48 00 00 00 08 00 08 00 54 00 00 00 10 00 10 00 5c 00 00 00 10 00 10 00 d8 00 00 00 35 82 88 e2"
    "05 01 28 0a 00 00 00 0f 44 00 6f 00 6d 00 61 00 69 00 6e 00 55 00 73 00 65 00 72 00 43 00 4f 00"
    "4d 00 50 00 55 00 54 00 45 00 52 00 86 c3 50 97 ac 9c ec 10 25 54 76 4a 57 cc cc 19 aa aa aa aa"
    "aa aa aa aa 68 cd 0a b8 51 e5 1c 96 aa bc 92 7b eb ef 6a 1c 01 01 00 00 00 00 00 00 00 00 00 00"
    "00 00 00 00 aa aa aa aa aa aa aa aa 00 00 00 00 02 00 0c 00 44 00 6f 00 6d 00 61 00 69 00 6e 00"
    "01 00 0c 00 53 00 65 00 72 00 76 00 65 00 72 00 00 00 00 00 00 00 00 00 c5 da d2 54 4f c9 79 90"
    "94 ce 1c e9 0b c9 d0 3e";

Challenge example_challenge() {
  return {.flags = 0xe28a8233,
          .target_name = "Server",
          .server_challenge = kServerChallenge,
          .target_info = bytes_of(kTargetInfo),
          .version = Version{6, 0, 0x70, 0x17, 0, 0, 0, 0x0f}};
}

Authenticate example_authenticate() {
  const Digest key = *response_key("User", "Domain", "Password");
  Responses responses = respond(key, kServerChallenge, bytes_of(kTargetInfo), kClientChallenge, {0});
  return {.flags = 0xe2888235,
          .lm_response = std::move(responses.lm),
          .nt_response = std::move(responses.nt),
          .domain = "Domain",
          .user = "User",
          .workstation = "COMPUTER",
          .session_key = bytes_of("c5 da d2 54 4f c9 79 90 94 ce 1c e9 0b c9 d0 3e"),
          .version = Version{5, 1, 0x28, 0x0a, 0, 0, 0, 0x0f}};
}

TEST(Md4, IsThatOfRfc1320) {
  EXPECT_EQ(md4({}), digest_of("31d6cfe0d16ae931b73c59d7e0c089c0"));
  EXPECT_EQ(md4(as_bytes("abc")), digest_of("a448017aaf21d8525fc10ae87aa6729d"));
  EXPECT_EQ(md4(as_bytes("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")),
            digest_of("043f8582f241db351ce627e153e7f0e4"));
  EXPECT_EQ(md4(as_bytes("1234567890123456789012345678901234567890123456789012345678901234567890"
                         "1234567890")),
            digest_of("e33b4ddc9c38f2199c3e7b164fcc0536"));
}

// [MS-NLMP] 4.2.4.1.1, 4.2.4.2
TEST(Ntlm, ComputesTheExamplesOfTheSpecification) {
  const auto key = response_key("User", "Domain", "Password");
  ASSERT_TRUE(key);
  EXPECT_EQ(*key, digest_of("0c868a403bfd7a93a3001ef22ef02e3f"));
  EXPECT_EQ(*response_key("uSER", "Domain", "Password"), *key);
  EXPECT_NE(*response_key("User", "DOMAIN", "Password"), *key);
  EXPECT_FALSE(response_key("\xff", "", ""));
  const Responses responses = respond(*key, kServerChallenge, bytes_of(kTargetInfo), kClientChallenge, {0});
  EXPECT_EQ(responses.lm, bytes_of("86c35097ac9cec102554764a57cccc19aaaaaaaaaaaaaaaa"));
  EXPECT_EQ(Buffer(responses.nt.begin(), responses.nt.begin() + 16),
            bytes_of("68cd0ab851e51c96aabc927bebef6a1c"));
  EXPECT_TRUE(proves(*key, kServerChallenge, responses.nt));
}

TEST(Ntlm, WritesTheExamplesOfTheSpecification) {
  EXPECT_EQ(write_message(example_challenge()), bytes_of(kChallengeMessage));
  EXPECT_EQ(write_message(example_authenticate()), bytes_of(kAuthenticateMessage));
}

TEST(Ntlm, ReadsTheExamplesOfTheSpecification) {
  const auto challenge = read_message(bytes_of(kChallengeMessage));
  ASSERT_TRUE(challenge) << challenge.error().text();
  EXPECT_EQ(challenge->message, Message(example_challenge()));
  EXPECT_EQ(codes(challenge->findings), "");
  const auto authenticate = read_message(bytes_of(kAuthenticateMessage));
  ASSERT_TRUE(authenticate) << authenticate.error().text();
  EXPECT_EQ(authenticate->message, Message(example_authenticate()));
  EXPECT_EQ(codes(authenticate->findings), "");
}

TEST(Ntlm, ProvesNothingWithAChangedByte) {
  const Digest key = *response_key("User", "Domain", "Password");
  const Buffer right = respond(key, kServerChallenge, {}, kClientChallenge, {0}).nt;
  for (std::size_t i = 0; i < right.size(); ++i) {
    Buffer wrong = right;
    wrong[i] ^= 1;
    EXPECT_FALSE(proves(key, kServerChallenge, wrong)) << i;
  }
  EXPECT_FALSE(proves(key, kClientChallenge, right));
  EXPECT_FALSE(proves(*response_key("User", "Domain", "password"), kServerChallenge, right));
}

TEST(Ntlm, KnowsAResponseOfVersion2ByItsShape) {
  Buffer response(44);
  response[16] = response[17] = 1;
  EXPECT_TRUE(is_version_2(response));
  EXPECT_FALSE(is_version_2(Bytes(response).first(43)));
  response[17] = 2;
  EXPECT_FALSE(is_version_2(response));
  EXPECT_FALSE(is_version_2({}));
}

TEST(Ntlm, ReadsTheShortNegotiateOfOldClients) {
  const Buffer bytes = bytes_of("4e544c4d53535000 01000000 07820000");
  const auto read = read_message(bytes);
  ASSERT_TRUE(read) << read.error().text();
  EXPECT_EQ(read->message, Message(Negotiate{.flags = 0x8207}));
  const auto cut = read_message(Bytes(bytes).first(15));
  ASSERT_FALSE(cut);
  EXPECT_EQ(cut.error().message, "the NTLM message has 15 bytes instead of 16 at least");
}

TEST(Ntlm, TellsWhichHeaderAMessageHas) {
  Authenticate message{.flags = kUnicode, .user = "u"};
  for (const bool version : {false, true}) {
    if (version) message.version = Version{10};
    const auto bytes = write_message(message);
    ASSERT_TRUE(bytes);
    EXPECT_EQ(bytes->size(), version ? 74u : 66u);
    EXPECT_EQ(read_message(*bytes)->message, Message(message));
  }
  message.mic = std::array<std::uint8_t, 16>{7};
  const auto bytes = write_message(message);
  ASSERT_TRUE(bytes);
  EXPECT_EQ(bytes->size(), 90u);
  EXPECT_EQ(read_message(*bytes)->message, Message(message));
}

TEST(Ntlm, ReadsTextInBothCharacterSets) {
  Authenticate message{.user = "M\xc3\xbcller"};
  const auto oem = write_message(message);
  message.flags = kUnicode;
  const auto unicode = write_message(message);
  ASSERT_TRUE(oem && unicode);
  EXPECT_EQ(oem->size() + 6, unicode->size());
  EXPECT_EQ(std::get<Authenticate>(read_message(*oem)->message).user, message.user);
  EXPECT_EQ(std::get<Authenticate>(read_message(*unicode)->message).user, message.user);
  EXPECT_FALSE(write_message(Authenticate{.user = "\xe2\x82\xac"}));
  EXPECT_TRUE(write_message(Authenticate{.flags = kUnicode, .user = "\xe2\x82\xac"}));
  EXPECT_FALSE(write_message(Authenticate{.flags = kUnicode, .user = "\xff"}));
}

TEST(Ntlm, MarksAFieldOutsideTheMessage) {
  const Buffer right = bytes_of(kChallengeMessage);
  const auto with = [&](std::size_t at, std::uint8_t value) {
    Buffer bytes = right;
    bytes[at] = value;
    const auto read = read_message(bytes);
    EXPECT_TRUE(read);
    return read ? codes(read->findings) : std::string();
  };
  EXPECT_EQ(with(44, 0x45), "ntlm-field-outside");  // one byte further
  EXPECT_EQ(with(40, 0x25), "ntlm-field-outside");  // one byte longer
  EXPECT_EQ(with(47, 0xff), "ntlm-field-outside");  // far away
  EXPECT_EQ(with(16, 0x2f), "ntlm-field-outside");  // inside the header
  EXPECT_EQ(with(16, 0x30), "");                    // in the version, where old messages have their payload
  EXPECT_EQ(with(12, 0x0b), "ntlm-text");           // half a character
  EXPECT_EQ(with(42, 0x00), "");                    // the room it says it has means nothing
}

TEST(Ntlm, RefusesWhatIsNoMessage) {
  const auto message = [](std::string_view hex) {
    const auto read = read_message(bytes_of(hex));
    EXPECT_FALSE(read);
    return read ? std::string() : read.error().text();
  };
  EXPECT_THAT(message(""), HasSubstr("does not begin with NTLMSSP"));
  EXPECT_THAT(message("4e544c4d53535001 01000000 00000000"), HasSubstr("does not begin with NTLMSSP"));
  EXPECT_THAT(message("4e544c4d53535000 010000"), HasSubstr("does not begin with NTLMSSP"));
  EXPECT_THAT(message("4e544c4d53535000 04000000 00000000"), HasSubstr("no message of type 4"));
}

TEST(AvPairs, AreReadUpToTheirEnd) {
  const auto pairs = read_av_pairs(bytes_of(kTargetInfo));
  ASSERT_TRUE(pairs);
  ASSERT_EQ(pairs->size(), 2u);
  EXPECT_EQ((*pairs)[0].id, kNbDomainName);
  EXPECT_EQ((*pairs)[1].value, bytes_of("530065007200760065007200"));
  EXPECT_EQ(write_av_pairs(*pairs), bytes_of(kTargetInfo));
  EXPECT_TRUE(read_av_pairs(bytes_of("00000000 ff"))->empty());
  for (const char* cut : {"", "00", "000000", "02000100", "02000000", "0000 0100"})
    EXPECT_FALSE(read_av_pairs(bytes_of(cut))) << cut;
}

}  // namespace
}  // namespace wheatstone::http::ntlm
