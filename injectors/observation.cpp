#include "injectors/observation.hpp"

namespace wheatstone::inject {

const Value* Observation::find(std::string_view name) const noexcept {
  for (const ObservedField& field : fields)
    if (field.name == name) return &field.value;
  return nullptr;
}

std::uint64_t Observation::number(std::string_view name) const noexcept {
  const Value* value = find(name);
  return value == nullptr || value->kind == Value::Kind::text ? 0 : value->number;
}

}  // namespace wheatstone::inject
