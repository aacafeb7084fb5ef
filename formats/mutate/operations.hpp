// What mutate() is made of: one function an operation. Each changes the patient, or gives false and changes
// nothing. REQUIRES of all: the patient's anatomy is that of its bytes, which are not empty.
#pragma once

#include "formats/layout/xoshiro.hpp"
#include "formats/mutate/splice.hpp"

namespace wheatstone::mutate {

// fields.cpp: bytes change their value, none moves.
bool change_value(Patient& patient, Xoshiro& random);
bool change_to_boundary(Patient& patient, Xoshiro& random);
bool flip_validity(Patient& patient, Xoshiro& random);
bool break_count(Patient& patient, Xoshiro& random);
bool break_length(Patient& patient, Xoshiro& random);
bool break_offset(Patient& patient, Xoshiro& random);
bool change_selector(Patient& patient, Xoshiro& random);
bool overlap(Patient& patient, Xoshiro& random);

// elements.cpp: parts come, go and change places, and all that counts and measures them is repaired.
bool insert_element(Patient& patient, Xoshiro& random);
bool remove_element(Patient& patient, Xoshiro& random);
bool duplicate_element(Patient& patient, Xoshiro& random);
bool swap_elements(Patient& patient, Xoshiro& random);
bool renew(Patient& patient, Xoshiro& random);
bool resize(Patient& patient, Xoshiro& random);
bool transplant(Patient& patient, Bytes other, Xoshiro& random);
// A section of `other` joins those of the patient; both are records.
bool adopt_section(Patient& patient, Bytes other, Xoshiro& random);

// havoc.cpp: bytes without a meaning.
bool truncate(Patient& patient, Xoshiro& random);
bool extend(Patient& patient, Xoshiro& random);
bool havoc(Patient& patient, Xoshiro& random);

// The index of a random element that `matches`, or size() if there is none.
template <class Elements, class Matches>
std::size_t pick(const Elements& elements, Xoshiro& random, Matches matches) {
  std::size_t count = 0;
  for (const auto& element : elements) count += matches(element) ? 1u : 0u;
  if (count == 0) return elements.size();
  std::size_t chosen = random.below(count);
  for (std::size_t i = 0; i < elements.size(); ++i)
    if (matches(elements[i]) && chosen-- == 0) return i;
  return elements.size();
}

}  // namespace wheatstone::mutate
