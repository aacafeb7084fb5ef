// Messages of NTLM and the tokens of Negotiate: what is read without a finding is written and read back as
// the same. Whatever is sent, nobody who does not know a password is authenticated, and every refusal says
// why.
#include <cstdint>

#include "formats/layout/base64.hpp"
#include "mocks/http/authentication.hpp"
#include "mocks/http/spnego.hpp"
#include "tests/fuzz/require.hpp"

using namespace wheatstone;

namespace {

void check_message(Bytes bytes) {
  const auto read = http::ntlm::read_message(bytes);
  if (!read) {
    REQUIRE(read.error().kind == ErrorKind::malformed);
    REQUIRE(read.error().where.offset <= bytes.size());
    return;
  }
  for (const Finding& finding : read->findings) REQUIRE(finding.offset < bytes.size());
  if (!read->findings.empty()) return;
  const auto written = http::ntlm::write_message(read->message);
  REQUIRE(written);
  const auto again = http::ntlm::read_message(*written);
  REQUIRE(again && again->findings.empty());
  REQUIRE(again->message == read->message);
  REQUIRE(http::ntlm::write_message(again->message) == *written);
}

void check_pairs(Bytes bytes) {
  const auto pairs = http::ntlm::read_av_pairs(bytes);
  if (!pairs) return;
  const Buffer written = http::ntlm::write_av_pairs(*pairs);
  REQUIRE(written.size() <= bytes.size());
  REQUIRE(http::ntlm::read_av_pairs(written) == *pairs);
}

void check_token(Bytes bytes) {
  const auto token = http::spnego::read_token(bytes);
  if (!token) {
    REQUIRE(token.error().kind == ErrorKind::malformed);
    REQUIRE(token.error().where.offset <= bytes.size());
    return;
  }
  const auto again = http::spnego::read_token(http::spnego::write_token(*token));
  REQUIRE(again && *again == *token);
}

void check_acceptor(std::string_view value) {
  using Kind = http::Acceptor::Verdict::Kind;
  static const http::Accounts accounts{.passwords = {{"User", "a password that is in no seed"}}};
  static const std::string negotiate =
      "NTLM " +
      layout::encode_base64(*http::ntlm::write_message(http::ntlm::Negotiate{.flags = http::ntlm::kUnicode}));
  SeededRandom random(1);
  http::Acceptor acceptor(accounts, random);
  REQUIRE(acceptor.judge(negotiate).kind == Kind::challenged);
  const auto verdict = acceptor.judge(value);
  REQUIRE(verdict.kind != Kind::authenticated);
  REQUIRE(!verdict.www_authenticate.empty());
  REQUIRE((verdict.kind == Kind::refused) == verdict.finding.has_value());
  REQUIRE(acceptor.judge(std::nullopt).kind == Kind::challenged);
}

void check_initiator(std::string_view scheme, std::string_view value) {
  SeededRandom random(1);
  const VirtualClock clock(FileTime{0});
  http::Initiator initiator({.user = "User", .password = "Password"}, random, clock);
  REQUIRE(initiator.next({scheme}));
  const auto answer = initiator.next({value});
  REQUIRE(!answer || answer->starts_with(scheme));
  REQUIRE(!initiator.next({value}));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Bytes bytes(data, size);
  check_message(bytes);
  check_pairs(bytes);
  check_token(bytes);
  for (const std::string_view scheme : {"NTLM", "Negotiate"}) {
    const std::string value = std::string(scheme) + " " + layout::encode_base64(bytes);
    check_acceptor(value);
    check_initiator(scheme, value);
  }
  check_acceptor(as_text(bytes));
  return 0;
}
