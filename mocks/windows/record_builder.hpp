// From an error packet to the error record that Windows writes about it. Source: the order, lengths, flags
// and severities of real records (README rules 8 to 11).
#pragma once

#include <cstdint>

#include "formats/layout/bytes.hpp"
#include "formats/layout/result.hpp"
#include "formats/layout/time.hpp"
#include "mocks/windows/low_level_handlers.hpp"
#include "mocks/windows/platform.hpp"

namespace wheatstone::windows {

// Machine checks become processor generic, IA32/X64 processor, MCA and recovery info section, as the profile
// has them; a section of one of these types that the source gave stands in for the derived one. The other
// sections follow as they are. The first section is Primary unless the source said that another one is.
// Fails (malformed) if the kernel would not take the report's packet (reported_packet.hpp).
Result<Buffer> create_record(const Platform& platform, const ErrorReport& report, std::uint64_t record_id,
                             FileTime now);

}  // namespace wheatstone::windows
