// A client that shares no code with ours but the formats, and does everything right.
#pragma once

#include "harness/conform/client_cases.hpp"

namespace wheatstone::conform::test {

// RunClient
Result<std::optional<int>> run_small_client(const Place& place);

}  // namespace wheatstone::conform::test
