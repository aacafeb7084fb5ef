// What libwheatstone_mutator.so does, without the names that fuzzers look for.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "formats/layout/bytes.hpp"
#include "formats/layout/xoshiro.hpp"
#include "formats/mutate/kind.hpp"

namespace wheatstone::fuzz {

inline constexpr const char* kKindVariable = "WHEATSTONE_MUTATE";

// What is mutated: inputs of one kind, or of the kind that each looks like.
struct Mutator {
  std::optional<mutate::Kind> kind;  // nullopt: by the signature

  // Of an input; a random kind if neither this nor the input says one.
  mutate::Kind kind_for(Bytes input, Xoshiro& random) const noexcept;
  // As mutate::mutate and mutate::cross_over.
  std::size_t mutate(MutableBytes room, std::size_t size, Xoshiro& random) const;
  std::size_t cross_over(Bytes first, Bytes second, MutableBytes room, Xoshiro& random) const;
};

// By what WHEATSTONE_MUTATE holds: the name of a kind, or "auto", which is also what nothing means. nullopt:
// none of these.
std::optional<Mutator> mutator_for(std::string_view text) noexcept;

// "WHEATSTONE_MUTATE is 'recrod', but must be auto, record, ..."
std::string complaint(std::string_view text);

}  // namespace wheatstone::fuzz
