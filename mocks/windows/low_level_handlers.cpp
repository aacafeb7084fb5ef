#include "mocks/windows/low_level_handlers.hpp"

#include <algorithm>

#include "formats/cper/guids.hpp"
#include "formats/cper/section.hpp"
#include "formats/cper/sections/nmi.hpp"
#include "formats/whea/packet.hpp"
#include "mocks/windows/machine_check.hpp"

namespace wheatstone::windows {
namespace {

using whea::DataFormat;
using whea::ErrorSourceType;
using whea::ErrorType;

// Notify types of sources that no profile has by itself.
constexpr Guid kNotifyBmc = "487565ba-6494-4367-95ca-4eff893522f6"_guid;
constexpr Guid kNotifySea = "9a78788a-bbe8-11e4-809e-67611e5d46b0"_guid;
constexpr Guid kNotifySei = "5c284c81-b0ae-4e87-a322-b04c85624323"_guid;

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

}  // namespace

Guid notify_type(ErrorSourceType source, const cper::Profile& profile) noexcept {
  switch (source) {
    case ErrorSourceType::mce:
    case ErrorSourceType::ipf_mca:
      return cper::kNotifyMce;
    case ErrorSourceType::cmc:
      return profile.corrected_notify;
    case ErrorSourceType::ipf_cmc:
      return cper::kNotifyCmc;
    case ErrorSourceType::cpe:
    case ErrorSourceType::ipf_cpe:
      return cper::kNotifyCpe;
    case ErrorSourceType::nmi:
      return cper::kNotifyNmi;
    case ErrorSourceType::pcie:
      return cper::kNotifyPcie;
    case ErrorSourceType::init:
      return cper::kNotifyInit;
    case ErrorSourceType::boot:
      return cper::kNotifyBoot;
    case ErrorSourceType::device_driver:
      return cper::kNotifyDeviceDriver;
    case ErrorSourceType::bmc:
      return kNotifyBmc;
    case ErrorSourceType::sea:
      return kNotifySea;
    case ErrorSourceType::sei:
      return kNotifySei;
    default:
      return cper::kNotifyGeneric;
  }
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

}  // namespace wheatstone::windows
