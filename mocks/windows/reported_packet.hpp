// What the kernel reads out of the error packet that it is given.
#pragma once

#include <cstdint>
#include <optional>

#include "formats/cper/severity.hpp"
#include "formats/layout/guid.hpp"
#include "formats/whea/bug_check.hpp"
#include "formats/whea/error_source.hpp"
#include "formats/whea/packet.hpp"
#include "mocks/windows/platform.hpp"

namespace wheatstone::windows {

// Vista SP1 and Server 2008 have packets of version 1, and end every record with the packet.
constexpr bool has_packet_v1(const cper::Profile& profile) noexcept {
  return profile.build < whea::kFirstBuildByMachineCheck;
}

struct ReportedPacket {
  cper::Severity severity;  // without the private bits of the field
  whea::ErrorSourceType source;
  std::uint32_t source_id;
  std::uint32_t flags;  // WHEA_ERROR_PACKET_FLAGS
  Guid notify_type;     // version 1 does not say it: that of the source
};

// nullopt for what the kernel refuses: no packet of its version, a length shorter than the header, a severity
// without a meaning, or both private bits of it. That it refuses the first two is inferred.
std::optional<ReportedPacket> read_packet(const Platform& platform, const whea::Packet& packet) noexcept;

}  // namespace wheatstone::windows
