#include "formats/layout/guid.hpp"

namespace wheatstone {

std::string Guid::text() const {
  static constexpr char kHex[] = "0123456789abcdef";
  std::string out;
  out.reserve(36);
  for (std::size_t i = 0; i < kSize; ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) out += '-';
    out += kHex[bytes[kOrder[i]] >> 4];
    out += kHex[bytes[kOrder[i]] & 15];
  }
  return out;
}

}  // namespace wheatstone
