#include "formats/layout/bytes.hpp"

namespace wheatstone {

void store_le(std::uint8_t* p, std::uint64_t value, unsigned width) noexcept {
  switch (width) {  // what nearly all fields have is one store
    case 1:
      *p = static_cast<std::uint8_t>(value);
      return;
    case 2:
      store_le<std::uint16_t>(p, static_cast<std::uint16_t>(value));
      return;
    case 4:
      store_le<std::uint32_t>(p, static_cast<std::uint32_t>(value));
      return;
    case 8:
      store_le<std::uint64_t>(p, value);
      return;
    default:
      break;
  }
  for (unsigned i = 0; i < width && i < 8; ++i) p[i] = static_cast<std::uint8_t>(value >> (8 * i));
}

}  // namespace wheatstone
