#include <algorithm>
#include <cstring>

#include "formats/mutate/operations.hpp"

namespace wheatstone::mutate {
namespace {

constexpr std::size_t kMostHavoc = 6;   // changes at once
constexpr std::size_t kMostBlock = 64;  // bytes that come, go or are copied at once

}  // namespace

bool truncate(Patient& patient, Xoshiro& random) {
  const auto& places = patient.anatomy.places;
  // Ends between fields find other mistakes than ends within them.
  if (!places.empty() && random.once_in(2)) {
    patient.size = std::min<std::size_t>(places[random.below(places.size())].at, patient.size - 1);
  } else {
    patient.size = random.below(patient.size);
  }
  return true;
}

bool extend(Patient& patient, Xoshiro& random) {
  const std::size_t most = std::min(patient.room.size() - patient.size, kMostBlock);
  if (most == 0) return false;
  const std::size_t more = 1 + random.below(most);
  for (std::uint8_t& byte : patient.room.subspan(patient.size, more))
    byte = static_cast<std::uint8_t>(random.next());
  patient.size += more;
  return true;
}

bool havoc(Patient& patient, Xoshiro& random) {
  const auto block = [&](std::size_t from) {
    return 1 + random.below(std::min(patient.size - from, kMostBlock));
  };
  for (std::size_t i = 1 + random.below(kMostHavoc); i > 0; --i) {
    const std::size_t at = random.below(patient.size);
    std::uint8_t* const p = patient.room.data() + at;
    switch (random.below(6)) {
      case 0:
        *p ^= static_cast<std::uint8_t>(1u << random.below(8));
        break;
      case 1:
        *p = static_cast<std::uint8_t>(*p + 1 + random.below(255));
        break;
      case 2: {
        const std::size_t size = block(at);
        std::memset(p, random.once_in(2) ? 0 : 0xff, size);
        break;
      }
      case 3: {
        const std::size_t to = random.below(patient.size);
        std::memmove(patient.room.data() + to, p, std::min(block(at), patient.size - to));
        break;
      }
      case 4: {
        const std::size_t size = block(at);
        if (size == patient.size) break;
        std::memmove(p, p + size, patient.size - at - size);
        patient.size -= size;
        break;
      }
      default: {
        const std::size_t size = std::min(block(at), patient.room.size() - patient.size);
        std::memmove(p + size, p, patient.size - at);
        for (std::size_t k = 0; k < size; ++k) p[k] = static_cast<std::uint8_t>(random.next());
        patient.size += size;
        break;
      }
    }
  }
  return true;
}

}  // namespace wheatstone::mutate
