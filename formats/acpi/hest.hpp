// HEST: which error sources the platform has. Source: ACPI 18.3.2; the meaning to Windows is in WDK
// WHEA_ERROR_SOURCE_DESCRIPTOR, whose members hold the same values in another order (README).
#pragma once

#include <array>

#include "formats/acpi/generic_address.hpp"
#include "formats/acpi/table.hpp"
#include "formats/cper/sections/pcie.hpp"

namespace wheatstone::acpi {

// The values of Type.
enum class SourceKind : std::uint16_t {
  machine_check = 0,
  corrected_machine_check = 1,
  nmi = 2,
  aer_root_port = 6,
  aer_endpoint = 7,
  aer_bridge = 8,
  generic = 9,
  generic_v2 = 10,
  deferred_machine_check = 11,
};

inline constexpr std::uint16_t kNoRelatedSource = 0xffff;
inline constexpr std::uint8_t kNotificationSize = 28;

namespace tables {
template <std::size_t N, std::size_t M>
consteval std::array<Field, N + M> join(const Field (&head)[N], const Field (&more)[M]) {
  std::array<Field, N + M> all{};
  for (std::size_t i = 0; i < N; ++i) all[i] = head[i];
  for (std::size_t i = 0; i < M; ++i) all[N + i] = more[i];
  return all;
}

// ---- hardware error notification

inline constexpr Name kNotificationTypes[] = {{0, "Polled"},
                                              {1, "ExternalInterrupt"},
                                              {2, "LocalInterrupt"},
                                              {3, "SCI"},
                                              {4, "NMI"},
                                              {5, "CMCI"},
                                              {6, "MCE"},
                                              {7, "GPIOSignal"},
                                              {8, "ARMv8SEA"},
                                              {9, "ARMv8SEI"},
                                              {10, "ExternalInterruptGSIV"},
                                              {11, "SoftwareDelegatedException"},
                                              {12, "RISCVSSE"}};

// A GHES that Windows logged has the ACPI value 0x3e unchanged: the ACPI numbering is the truth.
inline constexpr Bit kConfigurationWriteEnable[] = {
    {0, 1, "Type"},
    {1, 1, "PollInterval"},
    {2, 1, "SwitchToPollingThresholdValue"},
    {3, 1, "SwitchToPollingThresholdWindow"},
    {4, 1, "ErrorThresholdValue"},
    {5, 1, "ErrorThresholdWindow"},
};
inline constexpr Bit kConfigurationWriteEnableWindows[] = {
    {0, 1, "PollIntervalRW"},   {1, 1, "SwitchToPollingThresholdRW"}, {2, 1, "SwitchToPollingWindowRW"},
    {3, 1, "ErrorThresholdRW"}, {4, 1, "ErrorThresholdWindowRW"},
};

consteval std::array<Field, 9> notification_fields(Word write_enable) {
  return {
      u8(0, "Type").names(kNotificationTypes),
      u8(1, "Length").unit("bytes"),
      u16(2, "ConfigurationWriteEnable").bits(write_enable),
      u32(4, "PollInterval").unit("ms"),
      u32(8, "Vector"),
      u32(12, "SwitchToPollingThresholdValue"),
      u32(16, "SwitchToPollingThresholdWindow").unit("ms"),
      u32(20, "ErrorThresholdValue"),
      u32(24, "ErrorThresholdWindow").unit("ms"),
  };
}
inline constexpr auto kNotificationFields = notification_fields(kConfigurationWriteEnable);
inline constexpr auto kNotificationWindowsFields = notification_fields(kConfigurationWriteEnableWindows);

consteval Layout notification(std::string_view name, std::string_view clause, std::span<const Field> fields) {
  return {.name = name,
          .structure = "Hardware Error Notification Structure",
          .clause = clause,
          .min = kNotificationSize,
          .size = kNotificationSize,
          .fields = fields};
}
}  // namespace tables

inline constexpr layout::Layout kNotification =
    tables::notification("HardwareErrorNotification", "ACPI 18.3.2.9", tables::kNotificationFields);
static_assert(layout::check(kNotification));
// With the flag names of WDK WHEA_NOTIFICATION_DESCRIPTOR, which begin at the wrong bit.
inline constexpr layout::Layout kNotificationWindows = tables::notification(
    "HardwareErrorNotificationWindows", "WDK ntddk.h", tables::kNotificationWindowsFields);
static_assert(layout::check(kNotificationWindows));

// ---- machine checks

namespace tables {
inline constexpr Name kStatusDataFormats[] = {{0, "IA32MCA"}, {1, "Intel64MCA"}, {2, "AMD64MCA"}};
inline constexpr Field kBankFields[] = {
    u8(0, "BankNumber"),
    u8(1, "ClearStatusOnInitialization"),
    u8(2, "StatusDataFormat").names(kStatusDataFormats),
    pad(3, 1),
    u32(4, "ControlRegisterMSRAddress").hex(),
    u64(8, "ControlInitData").hex(),
    u32(16, "StatusRegisterMSRAddress").hex(),
    u32(20, "AddressRegisterMSRAddress").hex(),
    u32(24, "MiscRegisterMSRAddress").hex(),
};
}  // namespace tables

inline constexpr layout::Layout kMachineCheckBank{.name = "MachineCheckBank",
                                                  .structure = "IA-32 Architecture Machine Check Error Bank",
                                                  .clause = "ACPI 18.3.2.1.1",
                                                  .min = 28,
                                                  .size = 28,
                                                  .fields = tables::kBankFields};
static_assert(layout::check(kMachineCheckBank));

namespace tables {
inline constexpr Bit kSourceFlags[] = {{0, 1, "FIRMWARE_FIRST"}, {1, 1, "GLOBAL"}, {2, 1, "GHES_ASSIST"}};
inline constexpr Name kSourceKinds[] = {{0, "MachineCheck"},
                                        {1, "CorrectedMachineCheck"},
                                        {2, "Nmi"},
                                        {6, "AerRootPort"},
                                        {7, "AerEndpoint"},
                                        {8, "AerBridge"},
                                        {9, "Generic"},
                                        {10, "GenericV2"},
                                        {11, "DeferredMachineCheck"}};

// What the sources of IA-32 machine checks and of AER begin with.
inline constexpr Field kSourceHead[] = {
    u16(0, "Type").names(kSourceKinds), u16(2, "SourceId"), pad(4, 2),
    u8(6, "Flags").bits(kSourceFlags),  u8(7, "Enabled"),   u32(8, "NumberOfRecordsToPreallocate"),
    u32(12, "MaxSectionsPerRecord"),
};

inline constexpr Field kMachineCheckMore[] = {
    u64(16, "GlobalCapabilityInitData").hex(),
    u64(24, "GlobalControlInitData").hex(),
    u8(32, "NumberOfHardwareBanks"),
    pad(33, 7, "Reserved2"),
};
inline constexpr auto kMachineCheckFields = join(kSourceHead, kMachineCheckMore);
inline constexpr Tail kMachineCheckTail[] = {
    many("HardwareBanks", kMachineCheckBank, ref(kMachineCheckFields, "NumberOfHardwareBanks"))};

inline constexpr Field kCorrectedMore[] = {
    part(16, "NotificationStructure", kNotification),
    u8(44, "NumberOfHardwareBanks"),
    pad(45, 3, "Reserved2"),
};
inline constexpr auto kCorrectedFields = join(kSourceHead, kCorrectedMore);
inline constexpr Tail kCorrectedTail[] = {
    many("HardwareBanks", kMachineCheckBank, ref(kCorrectedFields, "NumberOfHardwareBanks"))};
}  // namespace tables

inline constexpr layout::Layout kMachineCheckSource{.name = "HestMachineCheck",
                                                    .structure = "IA-32 Architecture Machine Check Exception",
                                                    .clause = "ACPI 18.3.2.1",
                                                    .min = 40,
                                                    .size = 40,
                                                    .fields = tables::kMachineCheckFields,
                                                    .tail = tables::kMachineCheckTail};
static_assert(layout::check(kMachineCheckSource));

inline constexpr layout::Layout kCorrectedMachineCheckSource{
    .name = "HestCorrectedMachineCheck",
    .structure = "IA-32 Architecture Corrected Machine Check",
    .clause = "ACPI 18.3.2.2",
    .min = 48,
    .size = 48,
    .fields = tables::kCorrectedFields,
    .tail = tables::kCorrectedTail};
static_assert(layout::check(kCorrectedMachineCheckSource));

inline constexpr layout::Layout kDeferredMachineCheckSource{
    .name = "HestDeferredMachineCheck",
    .structure = "IA-32 Architecture Deferred Machine Check",
    .clause = "ACPI 18.3.2.10",
    .min = 48,
    .size = 48,
    .fields = tables::kCorrectedFields,
    .tail = tables::kCorrectedTail};
static_assert(layout::check(kDeferredMachineCheckSource));

namespace tables {
inline constexpr Field kNmiSourceFields[] = {
    u16(0, "Type").names(kSourceKinds),
    u16(2, "SourceId"),
    pad(4, 4),
    u32(8, "NumberOfRecordsToPreallocate"),
    u32(12, "MaxSectionsPerRecord"),
    u32(16, "MaxRawDataLength").unit("bytes"),
};
}  // namespace tables

inline constexpr layout::Layout kNmiSource{.name = "HestNmi",
                                           .structure = "IA-32 Architecture Non-Maskable Interrupt",
                                           .clause = "ACPI 18.3.2.3",
                                           .min = 20,
                                           .size = 20,
                                           .fields = tables::kNmiSourceFields};
static_assert(layout::check(kNmiSource));

// ---- PCI Express

namespace tables {
inline constexpr Bit kAerBus[] = {{0, 8, "Bus"}, {8, 16, "Segment"}};
inline constexpr Field kAerRootPortMore[] = {
    u32(16, "Bus").bits(kAerBus),
    u16(20, "Device"),
    u16(22, "Function"),
    u16(24, "DeviceControl").hex(),
    pad(26, 2, "Reserved2"),
    u32(28, "UncorrectableErrorMask").bits(cper::tables::kUncorrectable),
    u32(32, "UncorrectableErrorSeverity").bits(cper::tables::kUncorrectable),
    u32(36, "CorrectableErrorMask").bits(cper::tables::kCorrectable),
    u32(40, "AdvancedErrorCapabilitiesAndControl").bits(cper::tables::kAerCapsControl),
    u32(44, "RootErrorCommand").hex(),
};
inline constexpr auto kAerRootPortFields = join(kSourceHead, kAerRootPortMore);
inline constexpr auto kAerEndpointFields = std::span(kAerRootPortFields).first(kAerRootPortFields.size() - 1);
inline constexpr Field kAerBridgeMore[] = {
    u32(44, "SecondaryUncorrectableErrorMask").hex(),
    u32(48, "SecondaryUncorrectableErrorSeverity").hex(),
    u32(52, "SecondaryAdvancedCapabilitiesAndControl").hex(),
};
inline constexpr auto kAerBridgeFields = [] {
  constexpr std::size_t kShared = kAerEndpointFields.size();
  std::array<Field, kShared + std::size(kAerBridgeMore)> all{};
  for (std::size_t i = 0; i < all.size(); ++i)
    all[i] = i < kShared ? kAerRootPortFields[i] : kAerBridgeMore[i - kShared];
  return all;
}();
}  // namespace tables

inline constexpr layout::Layout kAerRootPortSource{.name = "HestAerRootPort",
                                                   .structure = "PCI Express Root Port AER Structure",
                                                   .clause = "ACPI 18.3.2.4",
                                                   .min = 48,
                                                   .size = 48,
                                                   .fields = tables::kAerRootPortFields};
static_assert(layout::check(kAerRootPortSource));

inline constexpr layout::Layout kAerEndpointSource{.name = "HestAerEndpoint",
                                                   .structure = "PCI Express Device AER Structure",
                                                   .clause = "ACPI 18.3.2.5",
                                                   .min = 44,
                                                   .size = 44,
                                                   .fields = tables::kAerEndpointFields};
static_assert(layout::check(kAerEndpointSource));

inline constexpr layout::Layout kAerBridgeSource{.name = "HestAerBridge",
                                                 .structure = "PCI Express/PCI-X Bridge AER Structure",
                                                 .clause = "ACPI 18.3.2.6",
                                                 .min = 56,
                                                 .size = 56,
                                                 .fields = tables::kAerBridgeFields};
static_assert(layout::check(kAerBridgeSource));

// ---- generic hardware error sources

namespace tables {
inline constexpr Field kGenericV2Fields[] = {
    u16(0, "Type").names(kSourceKinds),
    u16(2, "SourceId"),
    u16(4, "RelatedSourceId").hex().about("0xffff: none"),
    pad(6, 1, "Flags"),
    u8(7, "Enabled"),
    u32(8, "NumberOfRecordsToPreallocate"),
    u32(12, "MaxSectionsPerRecord"),
    u32(16, "MaxRawDataLength").unit("bytes"),
    part(20, "ErrorStatusAddress", kGenericAddress)
        .about("a register that holds the physical address of the error status block"),
    part(32, "NotificationStructure", kNotification),
    u32(60, "ErrorStatusBlockLength").unit("bytes"),
    part(64, "ReadAckRegister", kGenericAddress),
    u64(76, "ReadAckPreserve").hex(),
    u64(84, "ReadAckWrite").hex(),
};
}  // namespace tables

inline constexpr layout::Layout kGenericSource{.name = "HestGeneric",
                                               .structure = "Generic Hardware Error Source Structure",
                                               .clause = "ACPI 18.3.2.7",
                                               .min = 64,
                                               .size = 64,
                                               .fields = std::span(tables::kGenericV2Fields).first(11)};
static_assert(layout::check(kGenericSource));

inline constexpr layout::Layout kGenericV2Source{
    .name = "HestGenericV2",
    .structure = "Generic Hardware Error Source version 2 Structure",
    .clause = "ACPI 18.3.2.8",
    .min = 92,
    .size = 92,
    .fields = tables::kGenericV2Fields};
static_assert(layout::check(kGenericV2Source));

// ---- the table

namespace tables {
// Types 3 to 5 were Itanium's; an entry does not say its length, so an unknown type ends the table.
inline constexpr ChoiceRow kSourceRows[] = {
    {0, {}, "MachineCheck", {}, kForms<kMachineCheckSource>},
    {1, {}, "CorrectedMachineCheck", {}, kForms<kCorrectedMachineCheckSource>},
    {2, {}, "Nmi", {}, kForms<kNmiSource>},
    {6, {}, "AerRootPort", {}, kForms<kAerRootPortSource>},
    {7, {}, "AerEndpoint", {}, kForms<kAerEndpointSource>},
    {8, {}, "AerBridge", {}, kForms<kAerBridgeSource>},
    {9, {}, "Generic", {}, kForms<kGenericSource>},
    {10, {}, "GenericV2", {}, kForms<kGenericV2Source>},
    {11, {}, "DeferredMachineCheck", {}, kForms<kDeferredMachineCheckSource>},
};
}  // namespace tables

// An entry of the table: what it is goes by its Type.
inline constexpr layout::Choice kSourceChoice{
    .selector = "Type", .at = {0, 2, 0, 16}, .rows = tables::kSourceRows};

namespace tables {
inline constexpr Field kHestFields[] = {part(0, "Header", kTableHeader), u32(36, "ErrorSourceCount")};
inline constexpr Tail kHestTail[] = {
    many("ErrorSources", kSourceChoice, ref(kHestFields, "ErrorSourceCount"))};
}  // namespace tables

inline constexpr layout::Layout kHest{.name = "Hest",
                                      .structure = "Hardware Error Source Table",
                                      .clause = "ACPI 18.3.2",
                                      .min = 40,
                                      .size = 40,
                                      .fields = tables::kHestFields,
                                      .tail = tables::kHestTail};
static_assert(layout::check(kHest));

struct Hest {
  static constexpr auto kSourceCount = layout::handle<Hest, std::uint32_t>(kHest, "ErrorSourceCount");
};

// Of every entry.
struct Source {
  static constexpr auto kType = layout::handle<Source, std::uint16_t>(kNmiSource, "Type");
  static constexpr auto kSourceId = layout::handle<Source, std::uint16_t>(kNmiSource, "SourceId");
};

// Of both forms.
struct GenericSource {
  static constexpr std::size_t kErrorStatusAddressOffset = 20;
  static constexpr std::size_t kNotificationOffset = 32;
  static_assert(layout::find(tables::kGenericV2Fields, "ErrorStatusAddress").offset ==
                kErrorStatusAddressOffset);
  static_assert(layout::find(tables::kGenericV2Fields, "NotificationStructure").offset ==
                kNotificationOffset);

  static constexpr auto kRelatedSourceId =
      layout::handle<GenericSource, std::uint16_t>(kGenericSource, "RelatedSourceId");
  static constexpr auto kStatusBlockLength =
      layout::handle<GenericSource, std::uint32_t>(kGenericSource, "ErrorStatusBlockLength");
};

struct Notification {
  static constexpr auto kType = layout::handle<Notification, std::uint8_t>(kNotification, "Type");
  static constexpr auto kLength = layout::handle<Notification, std::uint8_t>(kNotification, "Length");
  static constexpr auto kPollInterval =
      layout::handle<Notification, std::uint32_t>(kNotification, "PollInterval");
};

}  // namespace wheatstone::acpi
