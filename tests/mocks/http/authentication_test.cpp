#include "mocks/http/authentication.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "formats/layout/base64.hpp"
#include "mocks/http/spnego.hpp"
#include "tests/mocks/http/bytes_of.hpp"

namespace wheatstone::http {
namespace {

using Kind = Acceptor::Verdict::Kind;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

constexpr FileTime kNow{128497001160460289};

Accounts mary() {
  return {.passwords = {{"Mary", "p\xc3\xa4ss"}, {"Eve", "other"}}};
}

std::vector<std::string_view> views(const std::vector<std::string>& texts) {
  return {texts.begin(), texts.end()};
}

std::string field(std::string_view scheme, Bytes token) {
  return std::string(scheme) + " " + layout::encode_base64(token);
}

Buffer token_of(std::string_view field) {
  const auto bytes = layout::decode_base64(field.substr(field.find(' ') + 1), 1u << 20);
  EXPECT_TRUE(bytes);
  return *bytes;
}

std::string code(const Acceptor::Verdict& verdict) {
  return verdict.finding ? std::string(verdict.finding->code) : std::string();
}

struct Talk {
  Accounts accounts = mary();
  SeededRandom server_random{1};
  SeededRandom client_random{2};
  VirtualClock clock{kNow};
  Acceptor acceptor{accounts, server_random};

  // From nothing to the verdict on the third message.
  Acceptor::Verdict run(const Credentials& who, const std::vector<std::string>& schemes) {
    Initiator initiator(who, client_random, clock);
    EXPECT_EQ(acceptor.judge(std::nullopt).kind, Kind::challenged);
    const auto first = initiator.next(views(schemes));
    EXPECT_TRUE(first) << first.error().text();
    const auto challenge = acceptor.judge(*first);
    EXPECT_EQ(challenge.kind, Kind::challenged);
    const auto second = initiator.next(views(challenge.www_authenticate));
    EXPECT_TRUE(second) << second.error().text();
    Acceptor::Verdict verdict = acceptor.judge(*second);
    if (verdict.kind == Kind::refused) {
      const auto third = initiator.next(views(verdict.www_authenticate));
      EXPECT_FALSE(third);
      EXPECT_THAT(third.error().message, StartsWith("the server does not take the user"));
    }
    return verdict;
  }
};

const std::vector<std::vector<std::string>> kSchemes = {
    {"Negotiate"}, {"NTLM"}, {"Basic realm=\"x\", ntlm"}, {"NTLM", "Negotiate"}};

TEST(Authentication, ProvesAUserWithEitherScheme) {
  for (const auto& schemes : kSchemes) {
    Talk talk;
    const auto verdict = talk.run({"MARY", "p\xc3\xa4ss", "Corp", "BOX"}, schemes);
    EXPECT_EQ(verdict.kind, Kind::authenticated) << code(verdict);
    EXPECT_EQ(verdict.user, "Corp\\MARY");
    if (schemes.back() == "Negotiate")
      EXPECT_THAT(verdict.www_authenticate, ElementsAre("Negotiate oQcwBaADCgEA"));
    else
      EXPECT_THAT(verdict.www_authenticate, IsEmpty());
    // The connection is proven: the PUT says nothing more.
    const auto again = talk.acceptor.judge(std::nullopt);
    EXPECT_EQ(again.kind, Kind::authenticated);
    EXPECT_EQ(again.user, "Corp\\MARY");
  }
}

TEST(Authentication, RefusesAWrongPasswordAndAnUnknownUser) {
  for (const auto& schemes : kSchemes) {
    for (const Credentials& who :
         {Credentials{"Mary", "pass"}, Credentials{"Eve", "p\xc3\xa4ss"}, Credentials{"Adam", ""}}) {
      Talk talk;
      const auto verdict = talk.run(who, schemes);
      EXPECT_EQ(verdict.kind, Kind::refused);
      EXPECT_EQ(code(verdict), "ntlm-password");
      EXPECT_THAT(verdict.www_authenticate, ElementsAre("Negotiate", "NTLM"));
      EXPECT_EQ(talk.acceptor.judge(std::nullopt).kind, Kind::challenged);
    }
  }
}

TEST(Authentication, TakesAnyNameWithoutAccounts) {
  Talk talk{.accounts = {}};
  const auto verdict = talk.run({"whoever", "x"}, {"NTLM"});
  EXPECT_EQ(verdict.kind, Kind::authenticated);
  EXPECT_EQ(verdict.user, "whoever");
  Talk nobody{.accounts = {}};
  EXPECT_EQ(code(nobody.run({"", ""}, {"NTLM"})), "ntlm-anonymous");
}

TEST(Acceptor, RepeatsWithItsRandomSource) {
  Talk one, other;
  const std::string negotiate = field("NTLM", bytes_of("4e544c4d53535000 01000000 07820000"));
  const auto first = one.acceptor.judge(negotiate);
  EXPECT_EQ(first.www_authenticate, other.acceptor.judge(negotiate).www_authenticate);
  EXPECT_NE(first.www_authenticate, other.acceptor.judge(negotiate).www_authenticate);
}

TEST(Acceptor, ChoosesOneCharacterSet) {
  const auto flags = [](std::uint32_t offered) {
    Talk talk;
    const auto verdict =
        talk.acceptor.judge(field("NTLM", *ntlm::write_message(ntlm::Negotiate{.flags = offered})));
    const auto read = ntlm::read_message(token_of(verdict.www_authenticate.at(0)));
    const auto& challenge = std::get<ntlm::Challenge>(read->message);
    EXPECT_EQ(challenge.target_name, "CERSERVER");
    return challenge.flags & (ntlm::kUnicode | ntlm::kOem);
  };
  EXPECT_EQ(flags(ntlm::kUnicode | ntlm::kOem), ntlm::kUnicode);
  EXPECT_EQ(flags(ntlm::kUnicode), ntlm::kUnicode);
  EXPECT_EQ(flags(ntlm::kOem), ntlm::kOem);
}

TEST(Acceptor, UsesAChallengeOnce) {
  Talk talk;
  Initiator initiator({"Mary", "p\xc3\xa4ss"}, talk.client_random, talk.clock);
  const auto challenge = talk.acceptor.judge(*initiator.next({"NTLM"}));
  const auto response = initiator.next(views(challenge.www_authenticate));
  ASSERT_TRUE(response);
  EXPECT_EQ(talk.acceptor.judge(*response).kind, Kind::authenticated);
  EXPECT_EQ(code(talk.acceptor.judge(*response)), "ntlm-order");
  EXPECT_EQ(talk.acceptor.judge(std::nullopt).kind, Kind::challenged);

  Acceptor other(talk.accounts, talk.server_random);  // another connection, another challenge
  other.judge(field("NTLM", *ntlm::write_message(ntlm::Negotiate{})));
  EXPECT_EQ(code(other.judge(*response)), "ntlm-password");
}

TEST(Acceptor, AnswersKerberosWithNtlm) {
  const Buffer ntlm_mechanism(std::begin(spnego::kNtlm), std::end(spnego::kNtlm));
  const Buffer kerberos = bytes_of("2a864886f712010202");
  const Buffer negotiate = *ntlm::write_message(ntlm::Negotiate{.flags = ntlm::kUnicode});
  Talk talk;
  const auto verdict = talk.acceptor.judge(
      field("Negotiate", spnego::write_token(spnego::Init{{kerberos, ntlm_mechanism}, Buffer{1, 2}})));
  EXPECT_EQ(verdict.kind, Kind::challenged);
  const auto token = spnego::read_token(token_of(verdict.www_authenticate.at(0)));
  EXPECT_EQ(*token, spnego::Token(spnego::Response{spnego::State::accept_incomplete, ntlm_mechanism, {}}));
  const auto next =
      talk.acceptor.judge(field("Negotiate", spnego::write_token(spnego::Response{{}, {}, negotiate})));
  EXPECT_EQ(next.kind, Kind::challenged);
  EXPECT_THAT(next.www_authenticate, ElementsAre(StartsWith("Negotiate oY")));
  EXPECT_EQ(
      code(talk.acceptor.judge(field("Negotiate", spnego::write_token(spnego::Init{{kerberos}, Buffer{1}})))),
      "auth-mechanism");
}

TEST(Acceptor, TakesNegotiateWithoutItsWrapping) {
  Talk talk;
  const auto verdict =
      talk.acceptor.judge(field("Negotiate", *ntlm::write_message(ntlm::Negotiate{.flags = ntlm::kUnicode})));
  EXPECT_EQ(verdict.kind, Kind::challenged);
  EXPECT_THAT(verdict.www_authenticate, ElementsAre(StartsWith("Negotiate TlRMTVNTUA")));
}

TEST(Acceptor, RefusesWhatItCannotRead) {
  Talk talk;
  const auto refused = [&](const std::string& value) {
    const auto verdict = talk.acceptor.judge(value);
    EXPECT_EQ(verdict.kind, Kind::refused) << value;
    EXPECT_THAT(verdict.www_authenticate, ElementsAre("Negotiate", "NTLM"));
    return code(verdict);
  };
  const auto authenticate = [](Buffer response) {
    return field(
        "NTLM", *ntlm::write_message(ntlm::Authenticate{.nt_response = std::move(response), .user = "Mary"}));
  };
  const auto challenged = [&] {
    talk.acceptor.judge(field("NTLM", *ntlm::write_message(ntlm::Negotiate{})));
  };
  EXPECT_EQ(refused(""), "auth-scheme");
  EXPECT_EQ(refused("Basic TWFyeTpw"), "auth-scheme");
  EXPECT_EQ(refused("NTLM ???"), "auth-token");
  EXPECT_EQ(refused("NTLM"), "ntlm-message");
  EXPECT_EQ(refused("NTLM AAAA"), "ntlm-message");
  EXPECT_EQ(refused("Negotiate AAAA"), "auth-token");
  EXPECT_EQ(refused(field("Negotiate", bytes_of("a1023000"))), "auth-token");
  EXPECT_EQ(refused(field("NTLM", *ntlm::write_message(ntlm::Challenge{}))), "ntlm-order");
  EXPECT_EQ(refused(authenticate(Buffer(24))), "ntlm-order");
  challenged();
  EXPECT_EQ(refused(authenticate(Buffer(24))), "ntlm-version");
  challenged();
  EXPECT_EQ(refused(authenticate(Buffer(23))), "ntlm-response");
  Buffer outside = *ntlm::write_message(ntlm::Negotiate{.domain = "d"});
  outside.pop_back();
  EXPECT_EQ(refused(field("NTLM", outside)), "ntlm-field-outside");
}

TEST(Initiator, TakesTheTimeOfTheServer) {
  Talk talk;
  Initiator initiator({"Mary", "x"}, talk.client_random, talk.clock);
  ASSERT_TRUE(initiator.next({"NTLM"}));
  const ntlm::Challenge challenge{.flags = ntlm::kUnicode,
                                  .target_info = ntlm::write_av_pairs({{ntlm::kTimestamp, Buffer(8, 5)}})};
  const std::string value = field("NTLM", *ntlm::write_message(challenge));
  const auto response = initiator.next({value});
  ASSERT_TRUE(response) << response.error().text();
  const auto read = ntlm::read_message(token_of(*response));
  const auto& message = std::get<ntlm::Authenticate>(read->message);
  EXPECT_EQ(message.lm_response, Buffer(24));
  EXPECT_EQ(Buffer(message.nt_response.begin() + 24, message.nt_response.begin() + 32), Buffer(8, 5));
}

TEST(Initiator, RefusesWhatIsNoChallenge) {
  Talk talk;
  const auto refused = [&](std::string_view scheme, const std::string& value) {
    Initiator initiator({"Mary", "x"}, talk.client_random, talk.clock);
    EXPECT_TRUE(initiator.next({scheme}));
    const auto next = initiator.next({value});
    EXPECT_FALSE(next) << value;
    return next ? std::string() : next.error().message;
  };
  ntlm::Challenge cut;
  cut.target_info = {1};
  EXPECT_THAT(refused("NTLM", "NTLM"), HasSubstr("does not take the user \"Mary\""));
  EXPECT_THAT(refused("NTLM", "Negotiate AAAA"), HasSubstr("does not take the user"));
  EXPECT_THAT(refused("NTLM", "NTLM ?"), HasSubstr("not base64"));
  EXPECT_THAT(refused("NTLM", "NTLM AAAA"), HasSubstr("no NTLM message"));
  EXPECT_THAT(refused("NTLM", field("NTLM", *ntlm::write_message(ntlm::Negotiate{}))),
              HasSubstr("another message than CHALLENGE"));
  EXPECT_THAT(refused("NTLM", field("NTLM", *ntlm::write_message(cut))), HasSubstr("no MsvAvEOL"));
  EXPECT_THAT(refused("Negotiate", field("Negotiate", bytes_of("a1023000"))),
              HasSubstr("no message of NTLM"));
  Initiator initiator({"Mary", "x"}, talk.client_random, talk.clock);
  const auto none = initiator.next({"Basic realm=\"NTLM\"", "Kerberos"});
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().kind, ErrorKind::unsupported);
}

}  // namespace
}  // namespace wheatstone::http
