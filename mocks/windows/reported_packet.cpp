#include "mocks/windows/reported_packet.hpp"

#include "mocks/windows/low_level_handlers.hpp"

namespace wheatstone::windows {
namespace {

using whea::ErrorSourceType;
using whea::PacketV1;
using whea::PacketV2;

// Private bits of ErrorSeverity since Windows 7: log data follows the packet; the record is a driver's.
constexpr std::uint32_t kPrivateBits = 3u << 30;
// Bit 1 of a packet of version 1 is CpuValid, not CriticalEvent.
constexpr std::uint32_t kFlagsV1 =
    whea::kPacketPreviousError | whea::kPacketHypervisorError | whea::kPacketSimulated;

std::optional<ReportedPacket> checked(const ReportedPacket& reported) noexcept {
  return cper::to_string(reported.severity).empty() ? std::nullopt : std::optional(reported);
}

std::optional<ReportedPacket> read_v1(const cper::Profile& profile, const whea::Packet& packet) noexcept {
  const auto header = packet.v1();
  if (!header || (*header)[PacketV1::kVersion] != whea::kPacketVersionV1 ||
      (*header)[PacketV1::kSize] < whea::kPacketHeaderV1)
    return std::nullopt;
  const auto source = static_cast<ErrorSourceType>((*header)[PacketV1::kErrorSourceType]);
  return checked({static_cast<cper::Severity>((*header)[PacketV1::kErrorSeverity]), source,
                  (*header)[PacketV1::kErrorSourceId], (*header)[PacketV1::kFlags] & kFlagsV1,
                  notify_type(source, profile)});
}

}  // namespace

std::optional<ReportedPacket> read_packet(const Platform& platform, const whea::Packet& packet) noexcept {
  if (has_packet_v1(*platform.profile)) return read_v1(*platform.profile, packet);
  const auto header = packet.v2();
  if (!header || (*header)[PacketV2::kVersion] != whea::kPacketVersionV2 ||
      (*header)[PacketV2::kLength] < whea::kPacketHeaderV2)
    return std::nullopt;
  const std::uint32_t severity = (*header)[PacketV2::kErrorSeverity];
  if ((severity & kPrivateBits) == kPrivateBits) return std::nullopt;
  return checked({static_cast<cper::Severity>(severity & ~kPrivateBits),
                  static_cast<ErrorSourceType>((*header)[PacketV2::kErrorSourceType]),
                  (*header)[PacketV2::kErrorSourceId], (*header)[PacketV2::kFlags],
                  (*header)[PacketV2::kNotifyType]});
}

}  // namespace wheatstone::windows
