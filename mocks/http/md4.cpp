#include "mocks/http/md4.hpp"

#include <algorithm>
#include <bit>

namespace wheatstone::http {
namespace {

constexpr std::size_t kBlock = 64;
constexpr std::size_t kLengthAt = 56;  // of the last block

using State = std::array<std::uint32_t, 4>;

// RFC 1320 3.4
void take_block(State& state, const std::uint8_t* block) {
  constexpr std::uint8_t kOrder[3][16] = {{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15},
                                          {0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15},
                                          {0, 8, 4, 12, 2, 10, 6, 14, 1, 9, 5, 13, 3, 11, 7, 15}};
  constexpr std::uint8_t kShift[3][4] = {{3, 7, 11, 19}, {3, 5, 9, 13}, {3, 9, 11, 15}};
  constexpr std::uint32_t kAdd[3] = {0, 0x5a827999, 0x6ed9eba1};
  auto [a, b, c, d] = state;
  for (std::size_t step = 0; step < 48; ++step) {
    const std::size_t round = step / 16;
    const std::uint32_t mixed = round == 0   ? (b & c) | (~b & d)
                                : round == 1 ? (b & c) | (b & d) | (c & d)
                                             : b ^ c ^ d;
    const std::uint32_t word = load_le<std::uint32_t>(block + std::size_t{4} * kOrder[round][step % 16]);
    const std::uint32_t sum = std::rotl(a + mixed + word + kAdd[round], kShift[round][step % 4]);
    a = d;
    d = c;
    c = b;
    b = sum;
  }
  state[0] += a;
  state[1] += b;
  state[2] += c;
  state[3] += d;
}

}  // namespace

std::array<std::uint8_t, 16> md4(Bytes message) {
  State state = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476};
  Bytes rest = message;
  for (; rest.size() >= kBlock; rest = rest.subspan(kBlock)) take_block(state, rest.data());
  std::array<std::uint8_t, 2 * kBlock> last{};
  std::ranges::copy(rest, last.begin());
  last[rest.size()] = 0x80;
  const std::size_t end = rest.size() < kLengthAt ? kBlock : 2 * kBlock;
  store_le<std::uint64_t>(&last[end - 8], std::uint64_t{8} * message.size());
  for (std::size_t at = 0; at < end; at += kBlock) take_block(state, &last[at]);
  std::array<std::uint8_t, 16> digest;
  for (std::size_t i = 0; i < state.size(); ++i) store_le<std::uint32_t>(&digest[4 * i], state[i]);
  return digest;
}

}  // namespace wheatstone::http
