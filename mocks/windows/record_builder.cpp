#include "mocks/windows/record_builder.hpp"

#include <algorithm>

#include "formats/cper/compose.hpp"
#include "formats/cper/header.hpp"
#include "formats/cper/section.hpp"
#include "formats/layout/record_time.hpp"
#include "formats/whea/packet.hpp"
#include "mocks/windows/machine_check.hpp"
#include "mocks/windows/packet_v1.hpp"
#include "mocks/windows/reported_packet.hpp"

namespace wheatstone::windows {
namespace {

constexpr std::uint32_t kPacketCriticalEvent = 1u << 1;
constexpr std::uint32_t kHeaderCriticalEvent = 1u << 4;

std::uint32_t header_flags(std::uint32_t packet_flags, whea::ErrorSourceType source) {
  std::uint32_t flags = 0;
  if ((packet_flags & whea::kPacketPreviousError) != 0) flags |= cper::kFlagPreviousError;
  if ((packet_flags & whea::kPacketSimulated) != 0) flags |= cper::kFlagSimulated;
  if ((packet_flags & kPacketCriticalEvent) != 0) flags |= kHeaderCriticalEvent;
  if (source == whea::ErrorSourceType::device_driver) flags |= cper::kFlagDeviceDriver;
  return flags;
}

// Collects sections; bodies that are made here live as long as this does.
class Sections {
 public:
  Sections(cper::Severity severity, std::uint16_t revision) : severity_(severity), revision_(revision) {}

  void add(const SectionInfo& info, Buffer body) {
    bodies_.push_back(std::move(body));
    infos_.push_back(info);
  }

  std::vector<cper::NewSection> list() const {
    std::vector<cper::NewSection> all;
    bool primary = false;
    for (std::size_t i = 0; i < infos_.size(); ++i) {
      const SectionInfo& info = infos_[i];
      primary = primary || (info.flags & cper::kSectionPrimary) != 0;
      all.push_back({.type = info.type,
                     .body = bodies_[i],
                     .severity = info.severity.value_or(severity_),
                     .flags = info.flags,
                     .revision = revision_,
                     .fru_id = info.fru_id,
                     .fru_text = info.fru_text});
    }
    if (!primary && !all.empty()) all.front().flags |= cper::kSectionPrimary;
    return all;
  }

 private:
  cper::Severity severity_;
  std::uint16_t revision_;
  std::vector<SectionInfo> infos_;
  std::vector<Buffer> bodies_;
};

// Takes the first section of that type out of `sections`.
std::optional<HardwareSection> take(std::vector<HardwareSection>& sections, const Guid& type) {
  const auto place = std::ranges::find_if(sections, [&](const auto& s) { return s.info.type == type; });
  if (place == sections.end()) return std::nullopt;
  HardwareSection taken = std::move(*place);
  sections.erase(place);
  return taken;
}

void add_machine_check(Sections& out, const Platform& platform, const SectionInfo& info, Bytes mca,
                       std::vector<HardwareSection>& given) {
  const auto add = [&](const Guid& type, bool wanted, auto derive, std::optional<cper::Severity> severity) {
    if (auto own = take(given, type)) {
      out.add(own->info, std::move(own->body));
    } else if (wanted) {
      out.add({.type = type, .severity = severity}, derive());
    }
  };
  add(cper::kSectionProcessorGeneric, true, [&] { return processor_generic(platform, mca); }, info.severity);
  add(
      cper::kSectionXpfProcessor, platform.profile->xpf_processor,
      [&] { return xpf_processor(platform, mca); }, info.severity);
  out.add(info, Buffer(mca.begin(), mca.end()));
  add(
      cper::kSectionRecoveryInfo, platform.profile->recovery_info, [] { return recovery_info(); },
      cper::Severity::informational);
}

}  // namespace

Result<Buffer> create_record(const Platform& platform, const ErrorReport& report, std::uint64_t record_id,
                             FileTime now) {
  const whea::Packet packet = whea::Packet::decode(report.packet);
  const auto reported = read_packet(platform, packet);
  if (!reported) return fail(ErrorKind::malformed, "the report has no packet that the kernel takes");

  Sections sections(reported->severity, platform.profile->section_revision);
  std::vector<HardwareSection> given = report.further;
  const bool v1 = packet.version() == whea::PacketVersion::v1;
  const Bytes data = v1 ? section_of_v1(*platform.profile, packet).body : packet.data();
  if (!v1 && report.primary.type == cper::kSectionXpfMca && data.size() >= cper::kXpfMcaV1.min) {
    add_machine_check(sections, platform, report.primary, data, given);
  } else {
    sections.add(report.primary, Buffer(data.begin(), data.end()));
  }
  for (HardwareSection& section : given) sections.add(section.info, std::move(section.body));
  if (v1) sections.add({.type = cper::kSectionErrorPacket}, report.packet);

  const bool driver = reported->source == whea::ErrorSourceType::device_driver;
  return cper::encode({.severity = reported->severity,
                       .notify_type = reported->notify_type,
                       .creator_id = driver ? cper::kCreatorDeviceDriver : cper::kCreatorWindows,
                       .revision = platform.profile->record_revision,
                       .timestamp = encode_record_time(to_civil(now), TimestampForm::binary),
                       .record_id = record_id,
                       .flags = header_flags(reported->flags, reported->source)},
                      sections.list());
}

}  // namespace wheatstone::windows
