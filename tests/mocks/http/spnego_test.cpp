#include "mocks/http/spnego.hpp"

#include <gtest/gtest.h>

#include "tests/mocks/http/bytes_of.hpp"

namespace wheatstone::http::spnego {
namespace {

const Buffer kNtlmMechanism(std::begin(kNtlm), std::end(kNtlm));
const Buffer kKerberos = bytes_of("2a864886f712010202");

// An InitialContextToken around a NegTokenInit with one mechanism and a token of three bytes. RFC 4178 4.2.1
constexpr char kInit[] =
    "60 25 06 06 2b 06 01 05 05 02 a0 1b 30 19 a0 0e 30 0c 06 0a 2b 06 01 04 01 82 37 02 02 0a"
    "a2 07 04 05 01 02 03 04 05";
constexpr char kResponse[] =
    "a1 1a 30 18 a0 03 0a 01 01 a1 0c 06 0a 2b 06 01 04 01 82 37 02 02 0a a2 03 04 01 ff";

TEST(Spnego, WritesAndReadsBothTokens) {
  const Token init = Init{{kNtlmMechanism}, bytes_of("0102030405")};
  EXPECT_EQ(write_token(init), bytes_of(kInit));
  ASSERT_TRUE(read_token(bytes_of(kInit)));
  EXPECT_EQ(*read_token(bytes_of(kInit)), init);
  const Token response = Response{State::accept_incomplete, kNtlmMechanism, bytes_of("ff")};
  EXPECT_EQ(write_token(response), bytes_of(kResponse));
  ASSERT_TRUE(read_token(bytes_of(kResponse)));
  EXPECT_EQ(*read_token(bytes_of(kResponse)), response);
  EXPECT_EQ(write_token(Response{State::accept_completed, {}, {}}), bytes_of("a1 07 30 05 a0 03 0a 01 00"));
  EXPECT_EQ(*read_token(bytes_of("a1 02 30 00")), Token(Response{}));
}

TEST(Spnego, KeepsTheOrderOfTheMechanisms) {
  const Token token = Init{{kKerberos, kNtlmMechanism}, std::nullopt};
  EXPECT_EQ(*read_token(write_token(token)), token);
}

TEST(Spnego, WritesLengthsOfEverySize) {
  for (const std::size_t size : {0u, 1u, 127u, 128u, 255u, 256u, 65535u, 65536u, 70000u}) {
    const Token token = Response{std::nullopt, std::nullopt, Buffer(size, 7)};
    const auto read = read_token(write_token(token));
    ASSERT_TRUE(read) << size << ": " << read.error().text();
    EXPECT_EQ(*read, token) << size;
  }
}

TEST(Spnego, PassesOverWhatItDoesNotNeed) {
  // reqFlags, a mechListMIC, and a field of the future.
  const auto init = read_token(
      bytes_of("60 1b 06 06 2b 06 01 05 05 02 a0 11 30 0f a1 04 03 02 06 40 a3 03 04 01 aa a9 02 05 00"));
  ASSERT_TRUE(init) << init.error().text();
  EXPECT_EQ(*init, Token(Init{}));
}

TEST(Spnego, RefusesATokenCutAnywhere) {
  for (const char* const whole : {kInit, kResponse}) {
    const Buffer bytes = bytes_of(whole);
    for (std::size_t size = 0; size < bytes.size(); ++size)
      EXPECT_FALSE(read_token(Bytes(bytes).first(size))) << size;
    Buffer more = bytes;
    more.push_back(0);
    EXPECT_FALSE(read_token(more));
  }
}

TEST(Spnego, SaysWhereATokenIsWrong) {
  const auto offset = [](std::string_view hex) {
    const auto read = read_token(bytes_of(hex));
    EXPECT_FALSE(read) << hex;
    return read ? 0 : read.error().where.offset;
  };
  EXPECT_EQ(offset("a2 02 30 00"), 0u);                           // neither token
  EXPECT_EQ(offset("a1 80 30 00 00 00"), 0u);                     // indefinite length
  EXPECT_EQ(offset("a1 85 00 00 00 00 02 30 00"), 0u);            // a length of five bytes
  EXPECT_EQ(offset("a1 84 ff ff ff ff 30 00"), 0u);               // far more than there is
  EXPECT_EQ(offset("a1 04 30 00 05 00"), 4u);                     // two elements instead of one
  EXPECT_EQ(offset("a1 02 31 00"), 2u);                           // a set instead of a sequence
  EXPECT_EQ(offset("a1 07 30 05 a0 03 0a 01 04"), 9u);            // a fifth state
  EXPECT_EQ(offset("a1 07 30 05 a0 03 04 01 00"), 6u);            // a state that is no number
  EXPECT_EQ(offset("60 0a 06 06 2b 06 01 05 05 03 a0 00"), 10u);  // another mechanism
}

}  // namespace
}  // namespace wheatstone::http::spnego
