// Low-level hardware error handlers: from what the hardware did to the error packet that the kernel gets.
// Source: WDK WHEA_ERROR_PACKET_V2; README lists which handler gives which data.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "formats/cper/severity.hpp"
#include "formats/layout/bytes.hpp"
#include "formats/layout/guid.hpp"
#include "formats/layout/result.hpp"
#include "formats/layout/time.hpp"
#include "formats/whea/error_source.hpp"
#include "mocks/windows/error_sources.hpp"
#include "mocks/windows/platform.hpp"

namespace wheatstone::windows {

// What a section descriptor says about its section, apart from where it is.
struct SectionInfo {
  Guid type;
  std::optional<cper::Severity> severity{};  // nullopt: that of the error
  std::optional<Guid> fru_id{};
  std::optional<std::string> fru_text{};
  std::uint32_t flags = 0;
};

struct HardwareSection {
  SectionInfo info;
  Buffer body;
};

// An error as the hardware or the firmware describes it.
struct HardwareError {
  whea::ErrorSourceType source = whea::ErrorSourceType::mce;
  cper::Severity severity = cper::Severity::fatal;
  std::vector<HardwareSection> sections;
  std::uint32_t packet_flags = 0;  // WHEA_ERROR_PACKET_FLAGS
};

// What WheaReportHwError gets. A packet has room for one piece of data; what else the source knows travels
// beside it, as it does in the buffers of PSHED.
struct ErrorReport {
  Buffer packet;                         // WHEA_ERROR_PACKET_V2 (Vista: _V1) about `primary`
  SectionInfo primary;                   // of the section that the packet's data becomes
  std::vector<HardwareSection> further;  // the others, in order
};

// NotifyType for records of a source: CMC or CMCI by profile, GENERIC for every kind of generic source.
Guid notify_type(whea::ErrorSourceType source, const cper::Profile& profile) noexcept;

// The packet's data is the machine check if there is one, else the first section. Machine checks get the form
// of the profile and what the handler knows by itself (machine_check.hpp); an NMI without sections gets its
// section of 12 zero bytes. Fails (invalid_argument) if an error of another source has no section.
// `source_id` is 0 if the platform has no such source.
Result<ErrorReport> handle_error(const Platform& platform, const HardwareError& error,
                                 std::uint32_t source_id, FileTime now);

// A packet that is there already: its data becomes the section that its format names. Data that does not lie
// in the packet is a section without bytes.
ErrorReport hand_over(const Platform& platform, Bytes packet);

}  // namespace wheatstone::windows
