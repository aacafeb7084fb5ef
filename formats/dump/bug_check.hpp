// A bug check: the code and its four parameters. What they mean is the business of who raises it.
#pragma once

#include <array>
#include <cstdint>

namespace wheatstone::dump {

struct BugCheck {
  std::uint32_t code = 0;
  std::array<std::uint64_t, 4> parameters{};

  friend bool operator==(const BugCheck&, const BugCheck&) = default;
};

}  // namespace wheatstone::dump
