#include "formats/layout/zeros.hpp"

namespace wheatstone::layout {

bool all_zero(Bytes bytes) noexcept {
  std::uint64_t seen = 0;
  for (; bytes.size() >= 8; bytes = bytes.subspan(8)) seen |= load_le<std::uint64_t>(bytes.data());
  for (const std::uint8_t byte : bytes) seen |= byte;
  return seen == 0;
}

}  // namespace wheatstone::layout
