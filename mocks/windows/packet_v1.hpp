// Error packets of version 1, as the handlers of Vista SP1 and Server 2008 make them: a union with the
// section of the error's type, and raw data behind it. Source: WDK ntddk.h (6001).
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "formats/layout/bytes.hpp"
#include "formats/layout/guid.hpp"
#include "formats/layout/result.hpp"
#include "formats/whea/packet.hpp"
#include "mocks/windows/low_level_handlers.hpp"
#include "mocks/windows/platform.hpp"

namespace wheatstone::windows {

// The packet about `sections`, of which `primary` is the one that it is made from. A machine check becomes a
// processor generic section in the union (one that is given stands in for the derived one) and an
// MCA_EXCEPTION as raw data; memory, PCI Express, NMI and PCI-X sections go into the union in the length that
// it has for them; any other section is raw data.
Result<ErrorReport> handle_error_v1(const Platform& platform, const HardwareError& error,
                                    std::vector<HardwareSection> sections, std::size_t primary,
                                    std::uint32_t source_id);

// The section that a packet of version 1 is about: what the union holds, or the raw data.
struct PacketSection {
  Guid type;
  Bytes body;
};
PacketSection section_of_v1(const cper::Profile& profile, const whea::Packet& packet) noexcept;

}  // namespace wheatstone::windows
