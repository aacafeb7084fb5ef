#include "harness/fuzz/mutator.hpp"

#include <iterator>

#include "formats/mutate/mutate.hpp"

namespace wheatstone::fuzz {

mutate::Kind Mutator::kind_for(Bytes input, Xoshiro& random) const noexcept {
  if (kind) return *kind;
  if (const auto seen = mutate::kind_of(input)) return *seen;
  return static_cast<mutate::Kind>(random.below(std::size(mutate::kKindNames)));
}

std::size_t Mutator::mutate(MutableBytes room, std::size_t size, Xoshiro& random) const {
  return mutate::mutate(kind_for(room.first(size), random), room, size, random);
}

std::size_t Mutator::cross_over(Bytes first, Bytes second, MutableBytes room, Xoshiro& random) const {
  return mutate::cross_over(kind_for(first, random), first, second, room, random);
}

std::optional<Mutator> mutator_for(std::string_view text) noexcept {
  if (text.empty() || text == "auto") return Mutator{};
  if (const auto value = layout::value_of(mutate::kKindNames, text))
    return Mutator{static_cast<mutate::Kind>(*value)};
  return std::nullopt;
}

std::string complaint(std::string_view text) {
  std::string message = std::string(kKindVariable) + " is '" + std::string(text) + "', but must be auto";
  for (const layout::Name& name : mutate::kKindNames) message += ", " + std::string(name.text);
  return message;
}

}  // namespace wheatstone::fuzz
