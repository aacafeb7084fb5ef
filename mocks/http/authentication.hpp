// Who sends a request: Negotiate and NTLM over HTTP, both sides. Both prove a connection, not a request: once
// it is proven, nothing more is said on it.
// Source: RFC 4559, [MS-NTHT], [MS-NLMP], RFC 4178; [MS-CER2] 1.7.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "formats/layout/finding.hpp"
#include "formats/layout/result.hpp"
#include "mocks/clock.hpp"
#include "mocks/http/ntlm.hpp"
#include "mocks/random.hpp"

namespace wheatstone::http {

// What a server knows. Names of users are compared without case; domains are not looked at.
struct Accounts {
  std::map<std::string, std::string> passwords = {};  // by user; empty: any name will do, whatever it proves
  std::string computer = "CERSERVER";
  std::string domain = "WHEATSTONE";
};

// The server's side of one connection.
class Acceptor {
 public:
  struct Verdict {
    enum class Kind : std::uint8_t {
      authenticated,  // go on with the request
      challenged,     // 401, keep the connection open; the request is a leg and its body means nothing
      refused,        // 401, and a finding says why
    };
    Kind kind = Kind::challenged;
    std::string user = {};                           // "DOMAIN\user"
    std::vector<std::string> www_authenticate = {};  // one field each, also of an authenticated response
    std::optional<Finding> finding = {};
  };

  // Both must outlive the acceptor; fit for secrets if `random` is.
  Acceptor(const Accounts& accounts, Random& random) : accounts_(accounts), random_(random) {}

  // `authorization`: the value of that field of the request, if it has one.
  Verdict judge(std::optional<std::string_view> authorization);

 private:
  Verdict offer();
  Verdict refuse(std::string_view code, std::string message);
  Verdict judge_token(Bytes token, bool negotiate);
  Verdict judge_message(const ntlm::ReadMessage& read);
  Verdict challenge(const ntlm::Negotiate& negotiate);
  Verdict check(const ntlm::Authenticate& authenticate);
  std::string field(Bytes token) const;

  const Accounts& accounts_;
  Random& random_;
  std::optional<ntlm::Nonce> nonce_ = {};  // of the challenge that waits for its response
  std::string user_ = {};                  // once it is proven
  bool negotiate_ = false;                 // the scheme of the last token
  bool wrapped_ = false;                   // it came in SPNEGO
};

struct Credentials {
  std::string user;
  std::string password;
  std::string domain = {};
  std::string workstation = {};
};

// The client's side of one connection. NTLM version 2, in SPNEGO if the server takes Negotiate.
class Initiator {
 public:
  // `random` and `clock` must outlive the initiator.
  Initiator(Credentials credentials, Random& random, const Clock& clock)
      : credentials_(std::move(credentials)), random_(random), clock_(clock) {}

  // After a 401: the value of Authorization for the next request on this connection. `www_authenticate` are
  // the fields of the 401. Fails with `unsupported` if the server takes neither scheme, `environment` if it
  // does not take the user, `malformed` for a challenge that cannot be read.
  Result<std::string> next(const std::vector<std::string_view>& www_authenticate);

 private:
  enum class Step : std::uint8_t { negotiate, authenticate, done };

  Result<std::string> begin(bool negotiate);
  Result<std::string> respond(std::string_view token);

  Credentials credentials_;
  Random& random_;
  const Clock& clock_;
  Step step_ = Step::negotiate;
  bool negotiate_ = false;
};

}  // namespace wheatstone::http
