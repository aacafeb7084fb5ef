#include "mocks/windows/packet_v1.hpp"

#include <algorithm>
#include <utility>

#include "formats/cper/section.hpp"
#include "formats/cper/sections/nmi.hpp"
#include "formats/cper/sections/pcie.hpp"
#include "formats/cper/sections/pcix.hpp"
#include "formats/cper/sections/processor_generic.hpp"
#include "formats/cper/sections/xpf_mca.hpp"
#include "formats/whea/packet.hpp"
#include "mocks/windows/machine_check.hpp"

namespace wheatstone::windows {
namespace {

using whea::ErrorType;
using whea::RawDataFormat;

constexpr std::size_t kUnion = 64;            // offset in the packet
constexpr std::size_t kPciXDeviceUnion = 56;  // with one register pair
constexpr std::uint32_t kCpuValid = 1u << 1;

struct Member {
  ErrorType type;
  RawDataFormat format;
  Guid section;
  std::size_t length;  // in the union
};

// Of the union; nullopt for sections that it has no member for.
std::optional<Member> member_of(const cper::Profile& profile, const auto& fits) {
  const Member members[] = {
      {ErrorType::processor, RawDataFormat::amd64_mca, cper::kSectionProcessorGeneric,
       cper::kProcessorGeneric.size},
      {ErrorType::memory, RawDataFormat::memory, cper::kSectionMemory, profile.memory_length},
      {ErrorType::pci_express, RawDataFormat::pci_express, cper::kSectionPciExpress, cper::kPciExpress.size},
      {ErrorType::nmi, RawDataFormat::nmi_port, cper::kSectionNmi, cper::kNmi.size},
      {ErrorType::pcix_bus, RawDataFormat::pcix_bus, cper::find_section("PciXBus")->guid,
       cper::kPciXBus.size},
      {ErrorType::pcix_device, RawDataFormat::pcix_device, cper::find_section("PciXDevice")->guid,
       kPciXDeviceUnion}};
  for (const Member& member : members)
    if (fits(member)) return member;
  return std::nullopt;
}

RawDataFormat exception_format(const Platform& platform) {
  if (!platform.is_64bit) return RawDataFormat::ia32_mca;
  return platform.cpu_vendor == CpuVendor::amd ? RawDataFormat::amd64_mca : RawDataFormat::intel64_mca;
}

std::optional<Buffer> take(std::vector<HardwareSection>& sections, const Guid& type) {
  const auto found = std::ranges::find_if(sections, [&](const auto& s) { return s.info.type == type; });
  if (found == sections.end()) return std::nullopt;
  Buffer body = std::move(found->body);
  sections.erase(found);
  return body;
}

}  // namespace

Result<ErrorReport> handle_error_v1(const Platform& platform, const HardwareError& error,
                                    std::vector<HardwareSection> sections, std::size_t primary,
                                    std::uint32_t source_id) {
  ErrorReport report;
  report.primary = std::move(sections[primary].info);
  Buffer body = std::move(sections[primary].body);
  sections.erase(sections.begin() + static_cast<std::ptrdiff_t>(primary));

  whea::NewPacketV1 packet{.flags = error.packet_flags & ~kCpuValid,
                           .error_type = ErrorType::generic,
                           .severity = error.severity,
                           .source_id = source_id,
                           .source_type = error.source,
                           .raw_data_format = RawDataFormat::generic};
  Buffer in_union, raw_data;
  const auto member =
      member_of(*platform.profile, [&](const Member& m) { return m.section == report.primary.type; });
  if (report.primary.type == cper::kSectionXpfMca && body.size() >= cper::kXpfMcaV1.min) {
    packet.flags |= kCpuValid;
    packet.cpu = (*layout::View<cper::XpfMca>::make(cper::kXpfMcaV1, body))[cper::XpfMca::kProcessorNumber];
    packet.error_type = ErrorType::processor;
    packet.raw_data_format = exception_format(platform);
    report.primary.type = cper::kSectionProcessorGeneric;
    raw_data = mca_exception(body);
    auto given = take(sections, cper::kSectionProcessorGeneric);
    in_union = given ? std::move(*given) : processor_generic(platform, body);
    in_union.resize(cper::kProcessorGeneric.size, 0);
  } else if (member) {
    packet.error_type = member->type;
    packet.raw_data_format = member->format;
    in_union = std::move(body);
    in_union.resize(member->length, 0);
  } else {
    raw_data = std::move(body);
  }
  auto made = whea::encode_packet_v1(packet, in_union, raw_data);
  if (!made) return std::unexpected(made.error());
  report.packet = std::move(*made);
  report.further = std::move(sections);
  return report;
}

PacketSection section_of_v1(const cper::Profile& profile, const whea::Packet& packet) noexcept {
  const auto header = packet.v1();
  const auto member = member_of(profile, [&](const Member& m) {
    return header && static_cast<std::uint32_t>(m.type) == (*header)[whea::PacketV1::kErrorType];
  });
  if (member) return {member->section, packet.bytes().subspan(kUnion, member->length)};
  return {cper::find_section("Generic")->guid, packet.data()};
}

}  // namespace wheatstone::windows
