#include "mocks/http/authentication.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "formats/layout/base64.hpp"
#include "formats/layout/utf16.hpp"
#include "mocks/http/spnego.hpp"
#include "mocks/text.hpp"

namespace wheatstone::http {
namespace {

constexpr std::string_view kNegotiateScheme = "Negotiate";
constexpr std::string_view kNtlmScheme = "NTLM";
constexpr std::size_t kMostToken = 64u << 10;
constexpr std::string_view kClause = "[MS-NLMP] 3.2.5.1.2";

// What both sides of this file can do.
constexpr std::uint32_t kOurFlags = ntlm::kUnicode | ntlm::kOem | ntlm::kRequestTarget | ntlm::kNtlm |
                                    ntlm::kAlwaysSign | ntlm::kExtendedSessionSecurity;

// RFC 9110 11.4: a scheme and, after blanks, its token; either may be empty.
struct Field {
  std::string_view scheme, token;
};

Field split(std::string_view value) {
  const auto trim = [](std::string_view text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
    return text;
  };
  value = trim(value);
  const std::size_t end = std::min(value.find_first_of(" \t"), value.size());
  return {value.substr(0, end), trim(value.substr(end))};
}

// The first challenge of that scheme. One field may hold several, RFC 9110 11.6.1; tokens have no commas.
std::optional<Field> find(const std::vector<std::string_view>& values, std::string_view scheme) {
  for (std::string_view value : values) {
    while (!value.empty()) {
      const std::size_t comma = std::min(value.find(','), value.size());
      const Field field = split(value.substr(0, comma));
      if (same_ignoring_case(field.scheme, scheme)) return field;
      value.remove_prefix(std::min(comma + 1, value.size()));
    }
  }
  return std::nullopt;
}

bool is_ntlm(Bytes mechanism) {
  return std::ranges::equal(mechanism, spnego::kNtlm);
}

bool begins_as_ntlm(Bytes token) {
  return as_text(token).starts_with("NTLMSSP");
}

Buffer of_ntlm() {
  return {std::begin(spnego::kNtlm), std::end(spnego::kNtlm)};
}

std::string value_of(std::string_view scheme, Bytes token) {
  return fmt::format("{} {}", scheme, layout::encode_base64(token));
}

Buffer utf16(std::string_view text) {
  return utf8_to_utf16le(text).value_or(Buffer{});
}

const std::string* find_password(const Accounts& accounts, std::string_view user) {
  for (const auto& [name, password] : accounts.passwords)
    if (same_ignoring_case(name, user)) return &password;
  return nullptr;
}

}  // namespace

Acceptor::Verdict Acceptor::offer() {
  nonce_.reset();
  user_.clear();
  return {.kind = Verdict::Kind::challenged,
          .www_authenticate = {std::string(kNegotiateScheme), std::string(kNtlmScheme)}};
}

Acceptor::Verdict Acceptor::refuse(std::string_view code, std::string message) {
  Verdict verdict = offer();
  verdict.kind = Verdict::Kind::refused;
  verdict.finding =
      Finding{FindingSeverity::error, code, std::move(message), "Authorization", Finding::kNoOffset, kClause};
  return verdict;
}

Acceptor::Verdict Acceptor::judge(std::optional<std::string_view> authorization) {
  if (!authorization) {
    if (user_.empty()) return offer();
    return {.kind = Verdict::Kind::authenticated, .user = user_};
  }
  const Field field = split(*authorization);
  const bool negotiate = same_ignoring_case(field.scheme, kNegotiateScheme);
  if (!negotiate && !same_ignoring_case(field.scheme, kNtlmScheme))
    return refuse("auth-scheme",
                  fmt::format("the scheme \"{}\" is neither Negotiate nor NTLM", printable(field.scheme)));
  const auto token = layout::decode_base64(field.token, kMostToken);
  if (!token) return refuse("auth-token", "the token is not base64: " + token.error().message);
  return judge_token(*token, negotiate);
}

Acceptor::Verdict Acceptor::judge_token(Bytes token, bool negotiate) {
  negotiate_ = negotiate;
  wrapped_ = negotiate && !begins_as_ntlm(token);
  Buffer message(token.begin(), token.end());
  if (wrapped_) {
    const auto read = spnego::read_token(token);
    if (!read) return refuse("auth-token", "the token of Negotiate cannot be read: " + read.error().message);
    std::optional<Buffer> inner;
    if (const auto* const init = std::get_if<spnego::Init>(&*read)) {
      if (std::ranges::none_of(init->mechanisms, is_ntlm))
        return refuse("auth-mechanism", "the client does not offer NTLM, and there is no other mechanism");
      // A token of another mechanism, sent in the hope that we know it: answered with the one we know.
      if (!is_ntlm(init->mechanisms.front()) || !init->token) {
        Verdict verdict = offer();
        verdict.www_authenticate = {
            value_of(kNegotiateScheme,
                     spnego::write_token(spnego::Response{spnego::State::accept_incomplete, of_ntlm(), {}}))};
        return verdict;
      }
      inner = init->token;
    } else {
      inner = std::get<spnego::Response>(*read).token;
    }
    if (!inner) return refuse("auth-token", "the token of Negotiate holds no message of NTLM");
    message = *std::move(inner);
  }
  const auto read = ntlm::read_message(message);
  if (!read) return refuse("ntlm-message", read.error().message);
  return judge_message(*read);
}

Acceptor::Verdict Acceptor::judge_message(const ntlm::ReadMessage& read) {
  if (!read.findings.empty()) {
    const Finding& first = read.findings.front();
    return refuse(first.code, fmt::format("{}: {}", first.path, first.message));
  }
  if (const auto* const negotiate = std::get_if<ntlm::Negotiate>(&read.message)) return challenge(*negotiate);
  if (const auto* const authenticate = std::get_if<ntlm::Authenticate>(&read.message))
    return check(*authenticate);
  return refuse("ntlm-order", "a client sends no CHALLENGE");
}

// [MS-NLMP] 3.2.5.1.1
Acceptor::Verdict Acceptor::challenge(const ntlm::Negotiate& negotiate) {
  Verdict verdict = offer();
  nonce_.emplace();
  random_.fill(*nonce_);
  ntlm::Challenge message;
  message.flags = (negotiate.flags & kOurFlags) | ntlm::kNtlm | ntlm::kRequestTarget |
                  ntlm::kTargetTypeServer | ntlm::kTargetInfo;
  // One character set of the two; Unicode if the client can.
  message.flags &= ~((message.flags & ntlm::kUnicode) != 0 ? ntlm::kOem : ntlm::kUnicode);
  message.target_name = accounts_.computer;
  message.server_challenge = *nonce_;
  message.target_info = ntlm::write_av_pairs(
      {{ntlm::kNbDomainName, utf16(accounts_.domain)}, {ntlm::kNbComputerName, utf16(accounts_.computer)}});
  const auto bytes = ntlm::write_message(message);
  if (!bytes) return refuse("ntlm-server-name", "the server's own name: " + bytes.error().message);
  verdict.www_authenticate = {field(*bytes)};
  return verdict;
}

std::string Acceptor::field(Bytes token) const {
  if (!wrapped_) return value_of(negotiate_ ? kNegotiateScheme : kNtlmScheme, token);
  return value_of(kNegotiateScheme,
                  spnego::write_token(spnego::Response{spnego::State::accept_incomplete, of_ntlm(),
                                                       Buffer(token.begin(), token.end())}));
}

// [MS-NLMP] 3.2.5.1.2
Acceptor::Verdict Acceptor::check(const ntlm::Authenticate& authenticate) {
  if (!nonce_) return refuse("ntlm-order", "an AUTHENTICATE without a CHALLENGE on this connection");
  const ntlm::Nonce nonce = *std::exchange(nonce_, std::nullopt);
  if (authenticate.user.empty()) return refuse("ntlm-anonymous", "the client gives no user name");
  constexpr std::size_t kVersion1 = 24;
  const bool version2 = ntlm::is_version_2(authenticate.nt_response);
  if (!version2 && authenticate.nt_response.size() != kVersion1)
    return refuse("ntlm-response", fmt::format("{} bytes are a response of no version of NTLM",
                                               authenticate.nt_response.size()));
  if (!accounts_.passwords.empty()) {
    if (!version2)
      return refuse("ntlm-version", "the response is of NTLM version 1, which proves too little");
    const std::string* const password = find_password(accounts_, authenticate.user);
    const auto key = ntlm::response_key(authenticate.user, authenticate.domain,
                                        password != nullptr ? *password : std::string());
    const bool proven = key && ntlm::proves(*key, nonce, authenticate.nt_response);
    if (!proven || password == nullptr)
      return refuse("ntlm-password", fmt::format("the user \"{}\" is not known, or the password is another",
                                                 printable(authenticate.user)));
  }
  user_ = authenticate.domain.empty() ? authenticate.user
                                      : fmt::format("{}\\{}", authenticate.domain, authenticate.user);
  Verdict verdict{.kind = Verdict::Kind::authenticated, .user = user_};
  if (wrapped_)
    verdict.www_authenticate = {value_of(
        kNegotiateScheme, spnego::write_token(spnego::Response{spnego::State::accept_completed, {}, {}}))};
  return verdict;
}

Result<std::string> Initiator::next(const std::vector<std::string_view>& www_authenticate) {
  if (step_ == Step::negotiate) {
    const bool negotiate = find(www_authenticate, kNegotiateScheme).has_value();
    if (!negotiate && !find(www_authenticate, kNtlmScheme))
      return fail(ErrorKind::unsupported, "the server takes neither Negotiate nor NTLM");
    return begin(negotiate);
  }
  const auto field = find(www_authenticate, negotiate_ ? kNegotiateScheme : kNtlmScheme);
  if (step_ == Step::done || !field || field->token.empty())
    return fail(ErrorKind::environment,
                fmt::format("the server does not take the user \"{}\"", printable(credentials_.user)),
                "check the name, the domain and the password");
  return respond(field->token);
}

// [MS-NLMP] 3.1.5.1.1
Result<std::string> Initiator::begin(bool negotiate) {
  const auto message = ntlm::write_message(ntlm::Negotiate{.flags = kOurFlags});
  if (!message) return std::unexpected(message.error());
  step_ = Step::authenticate;
  negotiate_ = negotiate;
  if (!negotiate) return value_of(kNtlmScheme, *message);
  return value_of(kNegotiateScheme, spnego::write_token(spnego::Init{{of_ntlm()}, *message}));
}

// [MS-NLMP] 3.1.5.1.2
Result<std::string> Initiator::respond(std::string_view token) {
  step_ = Step::done;
  auto bytes = layout::decode_base64(token, kMostToken);
  if (!bytes) return fail(ErrorKind::malformed, "the challenge is not base64: " + bytes.error().message);
  const bool wrapped = negotiate_ && !begins_as_ntlm(*bytes);
  if (wrapped) {
    auto outer = spnego::read_token(*bytes);
    if (!outer) return std::unexpected(outer.error());
    auto* const response = std::get_if<spnego::Response>(&*outer);
    if (response == nullptr || !response->token)
      return fail(ErrorKind::malformed, "the challenge of Negotiate holds no message of NTLM");
    bytes = *std::move(response->token);
  }
  const auto read = ntlm::read_message(*bytes);
  if (!read) return std::unexpected(read.error());
  const auto* const challenge = std::get_if<ntlm::Challenge>(&read->message);
  if (challenge == nullptr)
    return fail(ErrorKind::malformed, "the server sent another message than CHALLENGE");
  if (!read->findings.empty())
    return fail(ErrorKind::malformed, "the challenge cannot be read: " + read->findings.front().message);
  const Buffer target_info =
      challenge->target_info.empty() ? ntlm::write_av_pairs({}) : challenge->target_info;
  const auto pairs = ntlm::read_av_pairs(target_info);
  if (!pairs) return std::unexpected(pairs.error());
  const auto stamp = std::ranges::find(*pairs, ntlm::kTimestamp, &ntlm::AvPair::id);
  const bool stamped = stamp != pairs->end() && stamp->value.size() == 8;
  const FileTime time = stamped ? FileTime{load_le<std::uint64_t>(stamp->value.data())} : clock_.now();

  const auto key = ntlm::response_key(credentials_.user, credentials_.domain, credentials_.password);
  if (!key) return std::unexpected(key.error());
  ntlm::Nonce nonce;
  random_.fill(nonce);
  ntlm::Responses responses = ntlm::respond(*key, challenge->server_challenge, target_info, nonce, time);
  if (stamped) responses.lm.assign(24, 0);
  const auto message =
      ntlm::write_message(ntlm::Authenticate{.flags = challenge->flags & (kOurFlags | ntlm::kTargetInfo),
                                             .lm_response = std::move(responses.lm),
                                             .nt_response = std::move(responses.nt),
                                             .domain = credentials_.domain,
                                             .user = credentials_.user,
                                             .workstation = credentials_.workstation});
  if (!message) return std::unexpected(message.error());
  if (!wrapped) return value_of(negotiate_ ? kNegotiateScheme : kNtlmScheme, *message);
  return value_of(kNegotiateScheme, spnego::write_token(spnego::Response{{}, {}, *message}));
}

}  // namespace wheatstone::http
