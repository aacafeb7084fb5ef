#include "harness/cli/pseudonyms.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <array>

namespace wheatstone::cli {

document::Pseudonyms keyed_pseudonyms(Bytes key) {
  return [key = Buffer(key.begin(), key.end())](Bytes input, MutableBytes out) {
    Buffer message{0};
    message.insert(message.end(), input.begin(), input.end());
    std::array<std::uint8_t, EVP_MAX_MD_SIZE> block{};
    while (!out.empty()) {
      unsigned size = 0;
      HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), message.data(), message.size(),
           block.data(), &size);
      const std::size_t taken = std::min<std::size_t>(size, out.size());
      std::copy_n(block.begin(), taken, out.begin());
      out = out.subspan(taken);
      ++message.front();
    }
  };
}

}  // namespace wheatstone::cli
