#include "formats/layout/bytes.hpp"

namespace wheatstone {

std::uint64_t load_le(const std::uint8_t* p, unsigned width) noexcept {
  switch (width) {
    case 1:
      return *p;
    case 2:
      return load_le<std::uint16_t>(p);
    case 4:
      return load_le<std::uint32_t>(p);
    case 8:
      return load_le<std::uint64_t>(p);
    default:
      break;
  }
  std::uint64_t value = 0;
  for (unsigned i = 0; i < width && i < 8; ++i) value |= static_cast<std::uint64_t>(p[i]) << (8 * i);
  return value;
}

void store_le(std::uint8_t* p, std::uint64_t value, unsigned width) noexcept {
  for (unsigned i = 0; i < width && i < 8; ++i) p[i] = static_cast<std::uint8_t>(value >> (8 * i));
}

}  // namespace wheatstone
