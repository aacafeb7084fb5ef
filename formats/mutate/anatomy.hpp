// Where an input keeps what, across all the structures that it is made of.
#pragma once

#include <cstdint>
#include <vector>

#include "formats/cper/section.hpp"
#include "formats/layout/bytes.hpp"
#include "formats/layout/places.hpp"
#include "formats/mutate/kind.hpp"

namespace wheatstone::mutate {

// A record's section: its descriptor says where its body is.
struct SectionParts {
  std::uint32_t descriptor;  // index of the region
  std::uint32_t body;        // index of the region; kNowhere if it is not inside the input
};

struct Anatomy : layout::Places {
  std::vector<SectionParts> sections;  // of a record, in the order of the descriptors

  void clear() noexcept {
    layout::Places::clear();
    sections.clear();
  }
};

// Fills `out` anew; region 0 is the whole input. Whatever the bytes say, time and memory are linear in their
// number. REQUIRES: input.size() < 4 GiB.
void dissect(Kind kind, Bytes input, Anatomy& out);

// The array of a record's descriptors, which is not like other arrays: what its elements speak of lies
// elsewhere.
bool is_descriptors(const layout::Region& region) noexcept;

}  // namespace wheatstone::mutate
