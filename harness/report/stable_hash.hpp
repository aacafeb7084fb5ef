// 64-bit FNV-1a: the same on every machine and in every version, so names and shards made from it last.
#pragma once

#include <cstdint>
#include <string_view>

namespace wheatstone::report {

constexpr std::uint64_t stable_hash(std::string_view text) noexcept {
  std::uint64_t hash = 0xcbf2'9ce4'8422'2325;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100'0000'01b3;
  return hash;
}

}  // namespace wheatstone::report
