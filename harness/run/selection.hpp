// Which scenarios of a set run: by name, and by shard so that several machines share the work.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "formats/layout/result.hpp"

namespace wheatstone::run {

// Part `index` (from 1) of `count`. The shard of a scenario is a hash of its id alone: adding or removing
// scenarios moves no other, and every scenario is in exactly one of the shards 1/N to N/N.
struct Shard {
  std::uint32_t index = 1;
  std::uint32_t count = 1;

  bool holds(std::string_view id) const noexcept;
};

// "2/5". Fails (invalid_argument) for anything else, for 0 and for an index above the count.
Result<Shard> parse_shard(std::string_view text);

struct Selection {
  std::vector<std::string> filters;  // globs over ids ('*', '?'); one must match; none = all
  Shard shard;

  bool holds(std::string_view id) const noexcept;
};

}  // namespace wheatstone::run
