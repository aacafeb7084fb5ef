#include "mocks/windows/low_level_handlers.hpp"

#include <algorithm>

#include "formats/cper/guids.hpp"
#include "formats/cper/section.hpp"
#include "formats/cper/sections/nmi.hpp"
#include "formats/whea/notify_sources.hpp"
#include "formats/whea/packet.hpp"
#include "mocks/windows/machine_check.hpp"
#include "mocks/windows/packet_v1.hpp"
#include "mocks/windows/reported_packet.hpp"

namespace wheatstone::windows {
namespace {

using whea::DataFormat;
using whea::ErrorSourceType;
using whea::ErrorType;

struct PacketKind {
  ErrorType type;
  DataFormat format;
};

PacketKind kind_of(const Guid& section) {
  if (section == cper::kSectionXpfMca) return {ErrorType::processor, DataFormat::xpf_mca};
  if (section == cper::kSectionMemory) return {ErrorType::memory, DataFormat::memory};
  if (section == cper::kSectionPciExpress) return {ErrorType::pci_express, DataFormat::pci_express};
  if (section == cper::kSectionNmi) return {ErrorType::nmi, DataFormat::nmi_port};
  return {ErrorType::generic, DataFormat::generic};
}

// The section that data of a format becomes.
Guid section_of(DataFormat format) {
  switch (format) {
    case DataFormat::ipf_sal_record:
      return cper::find_section("IpfSalRecord")->guid;
    case DataFormat::xpf_mca:
      return cper::kSectionXpfMca;
    case DataFormat::memory:
      return cper::kSectionMemory;
    case DataFormat::pci_express:
      return cper::kSectionPciExpress;
    case DataFormat::nmi_port:
      return cper::kSectionNmi;
    case DataFormat::pcix_bus:
      return cper::find_section("PciXBus")->guid;
    case DataFormat::pcix_device:
      return cper::find_section("PciXDevice")->guid;
    case DataFormat::generic:
      break;
  }
  return cper::find_section("Generic")->guid;
}

}  // namespace

Guid notify_type(ErrorSourceType source, const cper::Profile& profile) noexcept {
  if (source == ErrorSourceType::cmc) return profile.corrected_notify;
  const Guid notify = whea::notify_type_of(source);
  return notify == Guid{} ? cper::kNotifyGeneric : notify;
}

Result<ErrorReport> handle_error(const Platform& platform, const HardwareError& error,
                                 std::uint32_t source_id, FileTime now) {
  std::vector<HardwareSection> sections = error.sections;
  if (sections.empty() && error.source == ErrorSourceType::nmi)
    sections.push_back({{.type = cper::kSectionNmi}, Buffer(cper::kNmi.size, 0)});
  if (sections.empty())
    return fail(ErrorKind::invalid_argument, "the error has no section",
                "name at least one; only an NMI can do without");
  for (HardwareSection& section : sections)
    if (section.info.type == cper::kSectionXpfMca) section.body = relay_mca(platform, section.body, now);

  const auto is_mca = [](const HardwareSection& s) { return s.info.type == cper::kSectionXpfMca; };
  auto primary = std::ranges::find_if(sections, is_mca);
  if (primary == sections.end()) primary = sections.begin();

  if (has_packet_v1(*platform.profile)) {
    const auto index = static_cast<std::size_t>(primary - sections.begin());
    return handle_error_v1(platform, error, std::move(sections), index, source_id);
  }
  const PacketKind kind = kind_of(primary->info.type);
  auto packet = whea::encode_packet_v2({.flags = error.packet_flags,
                                        .error_type = kind.type,
                                        .severity = error.severity,
                                        .source_id = source_id,
                                        .source_type = error.source,
                                        .notify_type = notify_type(error.source, *platform.profile),
                                        .data_format = kind.format},
                                       primary->body);
  if (!packet) return std::unexpected(packet.error());
  ErrorReport report{std::move(*packet), std::move(primary->info), {}};
  sections.erase(primary);
  report.further = std::move(sections);
  return report;
}

ErrorReport hand_over(const Platform& platform, Bytes packet) {
  const whea::Packet decoded = whea::Packet::decode(packet);
  ErrorReport report{Buffer(packet.begin(), packet.end()), {}, {}};
  if (has_packet_v1(*platform.profile)) {
    report.primary.type = section_of_v1(*platform.profile, decoded).type;
  } else if (const auto header = decoded.v2()) {
    report.primary.type = section_of(static_cast<DataFormat>((*header)[whea::PacketV2::kDataFormat]));
  }
  return report;
}

}  // namespace wheatstone::windows
