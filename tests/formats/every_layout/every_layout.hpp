// Every layout of formats/cper, formats/whea and formats/acpi under the name of its constant.
#pragma once

#include <span>
#include <string_view>

#include "formats/layout/field.hpp"

namespace wheatstone::test {

struct NamedLayout {
  std::string_view key;  // "cper::kNmi"
  const layout::Layout* layout;
};

std::span<const NamedLayout> every_layout();

// nullptr if there is none of that name.
const layout::Layout* find_layout(std::string_view key);

}  // namespace wheatstone::test
