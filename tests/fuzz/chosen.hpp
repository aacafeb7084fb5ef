// Slow checks are made of every input in an ordinary test, and of a few in a campaign, so that it reaches
// millions of inputs in minutes. The bytes decide, so that an input which failed fails again.
#pragma once

#include <cstdint>

#include "formats/layout/bytes.hpp"

namespace wheatstone::test {

#ifdef WHEATSTONE_FUZZ_CAMPAIGN
inline constexpr bool kCampaign = true;
#else
inline constexpr bool kCampaign = false;
#endif

// How many inputs share one look at a view of theirs, and one of the checks that cost many times the reading.
// The second are among the first.
inline constexpr std::uint64_t kView = 8;
inline constexpr std::uint64_t kSlow = 64;

// Whether this input is one in so many.
inline bool is_chosen(Bytes input, std::uint64_t one_in) noexcept {
  if constexpr (!kCampaign) return true;
  std::uint64_t hash = input.size();
  const auto mix = [&hash](std::uint64_t word) {
    hash = (hash ^ word) * 0x9e3779b97f4a7c15;
    hash ^= hash >> 29;
  };
  std::size_t at = 0;
  for (; at + 8 <= input.size(); at += 8) mix(load_le<std::uint64_t>(input.data() + at));
  for (; at < input.size(); ++at) mix(input[at]);
  return hash % one_in == 0;
}

}  // namespace wheatstone::test
