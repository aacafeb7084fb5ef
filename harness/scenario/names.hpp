// Names that scenario files use for numbers of the specifications, where no format of the house has them.
#pragma once

#include <array>

#include "formats/cer/profile.hpp"
#include "formats/layout/names.hpp"
#include "mocks/cer_server/fault.hpp"
#include "mocks/http/tls_fault.hpp"

namespace wheatstone::scenario {

// WHEA_ERROR_RECORD_SECTION_DESCRIPTOR_FLAGS, as masks.
inline constexpr layout::Name kSectionFlagNames[] = {
    {0x01, "Primary"},           {0x02, "ContainmentWarning"},   {0x04, "Reset"},
    {0x08, "ThresholdExceeded"}, {0x10, "ResourceNotAvailable"}, {0x20, "LatentError"},
    {0x40, "Propagated"},        {0x80, "FruTextByPlugin"}};

// WHEA_ERROR_PACKET_FLAGS, as masks.
inline constexpr layout::Name kPacketFlagNames[] = {{0x001, "PreviousError"},
                                                    {0x002, "CriticalEvent"},
                                                    {0x004, "HypervisorError"},
                                                    {0x008, "Simulated"},
                                                    {0x010, "PlatformPfaControl"},
                                                    {0x020, "PlatformDirectedOffline"},
                                                    {0x040, "AddressTranslationRequired"},
                                                    {0x080, "AddressTranslationCompleted"},
                                                    {0x100, "RecoveryOptional"}};

// WER_REPORT_TYPE and WER_FILE_TYPE of werapi.h; values as cer::ReportType and cer::FileType.
inline constexpr layout::Name kReportTypeNames[] = {
    {0, "NonCritical"}, {1, "Critical"}, {2, "ApplicationCrash"}, {3, "ApplicationHang"}, {4, "Kernel"}};
inline constexpr layout::Name kFileTypeNames[] = {
    {1, "Microdump"}, {2, "Minidump"}, {3, "Heapdump"}, {4, "UserDocument"}, {5, "Other"}};

// Values as cer_server::Fault::Kind and cer_server::Fault::Level.
inline constexpr auto kFaultNames = [] {
  std::array<layout::Name, std::size(cer_server::kFaults)> names{};
  for (std::size_t i = 0; i < names.size(); ++i) names[i] = {i, cer_server::kFaults[i].name};
  return names;
}();
// Values as http::TlsFault and cer::Profile.
inline constexpr auto kTlsFaultNames = [] {
  std::array<layout::Name, std::size(http::kTlsFaults)> names{};
  for (std::size_t i = 0; i < names.size(); ++i) names[i] = {i, http::kTlsFaults[i].name};
  return names;
}();
inline constexpr auto kReaderProfileNames = [] {
  std::array<layout::Name, std::size(cer::kProfiles)> names{};
  for (std::size_t i = 0; i < names.size(); ++i) names[i] = {i, cer::kProfiles[i].name};
  return names;
}();

inline constexpr layout::Name kFaultLevelNames[] = {{0, "level1"}, {1, "level2"}};

}  // namespace wheatstone::scenario
