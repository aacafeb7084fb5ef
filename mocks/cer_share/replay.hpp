// Puts reports that a server of version 2 has kept onto a share of version 1, as if its clients had reported
// there.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "formats/layout/result.hpp"
#include "mocks/cer_server/reports.hpp"

namespace wheatstone::cer_share {

struct Replayed {
  struct LeftOut {
    std::uint64_t number;  // of the report
    std::string why;       // for people
  };

  std::uint64_t reports = 0;  // that were counted on the share
  std::uint64_t cabs = 0;     // of these, with their cab
  std::vector<LeftOut> left_out;
};

// Each report is submitted by a Client whose clock shows when it was received: counted, logged, its cab
// copied as it came, and what policy.txt and status.txt of the share want is obeyed. An error that has no
// status.txt then gets one that asks for what the server answered last. The same reports on an equal share
// leave an equal share. `folder` is made if needed. Reports that cannot be read or have no error subpath are
// left out. invalid_argument: the share knows one of the errors already, and nothing is written. Otherwise
// fails as Reports and Folder do; what was counted until then stays. REQUIRES: `numbers` ascend.
Result<Replayed> replay(const cer_server::Reports& reports, std::span<const std::uint64_t> numbers,
                        const std::filesystem::path& folder);

}  // namespace wheatstone::cer_share
