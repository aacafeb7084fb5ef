// make_ntlm_seeds FOLDER: writes the seeds of ntlm into FOLDER (tests/data/fuzz).
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "mocks/http/ntlm.hpp"
#include "mocks/http/spnego.hpp"

using namespace wheatstone;
using namespace wheatstone::http;

namespace {

std::filesystem::path folder;

void seed(const char* name, Bytes bytes) {
  std::filesystem::create_directories(folder / "ntlm");
  std::ofstream file(folder / "ntlm" / name, std::ios::binary);
  file.write(as_text(bytes).data(), static_cast<std::streamsize>(bytes.size()));
  if (!file.flush()) std::fprintf(stderr, "cannot write %s\n", name);
}

void seeds() {
  constexpr ntlm::Nonce kNonce = {1, 2, 3, 4, 5, 6, 7, 8};
  const Buffer mechanism(std::begin(spnego::kNtlm), std::end(spnego::kNtlm));
  const Buffer kerberos = {0x2a, 0x86, 0x48, 0x86, 0xf7, 0x12, 0x01, 0x02, 0x02};
  const Buffer info =
      ntlm::write_av_pairs({{ntlm::kNbDomainName, {'D', 0}}, {ntlm::kTimestamp, Buffer(8, 1)}});

  ntlm::Negotiate negotiate{.flags = 0xe2088297, .domain = "D", .workstation = "W"};
  negotiate.version.emplace();
  seed("negotiate", ntlm::write_message(negotiate).value());
  const Buffer short_one = ntlm::write_message(ntlm::Negotiate{.flags = 0x207}).value();
  seed("negotiate_short", Bytes(short_one).first(16));
  ntlm::Challenge challenge{.flags = 0xe28a8233, .target_name = "Server", .server_challenge = kNonce};
  challenge.target_info = info;
  challenge.version.emplace();
  const Buffer challenge_bytes = ntlm::write_message(challenge).value();
  seed("challenge", challenge_bytes);
  const auto key = ntlm::response_key("User", "Domain", "Password").value();
  ntlm::Responses responses = ntlm::respond(key, kNonce, info, kNonce, {0});
  ntlm::Authenticate authenticate{.flags = 0xe2888235,
                                  .lm_response = std::move(responses.lm),
                                  .nt_response = std::move(responses.nt),
                                  .domain = "Domain",
                                  .user = "User",
                                  .workstation = "COMPUTER"};
  const Buffer authenticate_bytes = ntlm::write_message(authenticate).value();
  seed("authenticate", authenticate_bytes);
  authenticate.mic.emplace();
  authenticate.session_key = Buffer(16, 9);
  seed("authenticate_mic", ntlm::write_message(authenticate).value());
  authenticate.flags = 0x202;
  authenticate.nt_response = Buffer(24, 3);
  seed("authenticate_oem", ntlm::write_message(authenticate).value());
  seed("pairs", info);
  seed("init", spnego::write_token(spnego::Init{{mechanism}, short_one}));
  seed("init_kerberos", spnego::write_token(spnego::Init{{kerberos, mechanism}, Buffer{1}}));
  seed("response", spnego::write_token(spnego::Response{{}, {}, authenticate_bytes}));
  seed("response_challenge",
       spnego::write_token(spnego::Response{spnego::State::accept_incomplete, mechanism, challenge_bytes}));
  seed("field", as_bytes("NTLM TlRMTVNTUAABAAAABwIAAA=="));
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: make_ntlm_seeds FOLDER\n");
    return 2;
  }
  folder = argv[1];
  seeds();
  return 0;
}
