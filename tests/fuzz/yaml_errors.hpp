// What holds for the errors of a loader of YAML: at least one, each at a place in the text, in its order.
#pragma once

#include <algorithm>
#include <string_view>
#include <vector>

#include "harness/scenario/check.hpp"
#include "tests/fuzz/require.hpp"

namespace wheatstone::test {

inline void require_places(std::string_view text, std::string_view file, const std::vector<Error>& errors) {
  const auto lines = static_cast<std::uint32_t>(std::ranges::count(text, '\n')) + 1;
  REQUIRE(!errors.empty() && errors.size() <= scenario::Errors::kMax);
  std::uint32_t last = 1;
  for (const Error& error : errors) {
    REQUIRE(error.where.file == file);
    REQUIRE(error.where.line >= last && error.where.line <= lines);
    REQUIRE(error.where.column >= 1);
    REQUIRE(!error.message.empty());
    last = error.where.line;
  }
}

}  // namespace wheatstone::test
