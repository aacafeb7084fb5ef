#include "formats/layout/bytes.hpp"

namespace wheatstone {

void store_le(std::uint8_t* p, std::uint64_t value, unsigned width) noexcept {
  for (unsigned i = 0; i < width && i < 8; ++i) p[i] = static_cast<std::uint8_t>(value >> (8 * i));
}

}  // namespace wheatstone
