// PCI Express error section, 208 bytes. Source: UEFI N.2.7, WDK WHEA_PCIEXPRESS_ERROR_SECTION; the capability
// copies follow the PCI Express base specification (7.5.3 and 7.8.4).
#pragma once

#include "formats/layout/field.hpp"
#include "formats/layout/view.hpp"

namespace wheatstone::cper {

namespace tables {
using namespace layout;

inline constexpr Bit kPcieValid[] = {{0, 1, "PortType"},           {1, 1, "Version"},
                                     {2, 1, "CommandStatus"},      {3, 1, "DeviceId"},
                                     {4, 1, "DeviceSerialNumber"}, {5, 1, "BridgeControlStatus"},
                                     {6, 1, "ExpressCapability"},  {7, 1, "AerInfo"}};

inline constexpr Name kPciePortTypes[] = {{0, "Endpoint"},
                                          {1, "LegacyEndpoint"},
                                          {4, "RootPort"},
                                          {5, "UpstreamSwitchPort"},
                                          {6, "DownstreamSwitchPort"},
                                          {7, "PciExpressToPciXBridge"},
                                          {8, "PciXToExpressBridge"},
                                          {9, "RootComplexIntegratedEndpoint"},
                                          {10, "RootComplexEventCollector"}};

inline constexpr Bit kPciCommand[] = {{0, 1, "IOSpaceEnable"},   {1, 1, "MemorySpaceEnable"},
                                      {2, 1, "BusMasterEnable"}, {6, 1, "ParityErrorResponse"},
                                      {8, 1, "SERREnable"},      {10, 1, "InterruptDisable"}};
inline constexpr Bit kPciStatus[] = {{3, 1, "InterruptStatus"},       {4, 1, "CapabilitiesList"},
                                     {8, 1, "MasterDataParityError"}, {11, 1, "SignaledTargetAbort"},
                                     {12, 1, "ReceivedTargetAbort"},  {13, 1, "ReceivedMasterAbort"},
                                     {14, 1, "SignaledSystemError"},  {15, 1, "DetectedParityError"}};
inline constexpr Bit kPcieSlot[] = {{3, 13, "SlotNumber"}};

inline constexpr Field kPcieDeviceIdFields[] = {
    u16(0, "VendorID").hex(),
    u16(2, "DeviceID").hex(),
    u24(4, "ClassCode").hex().about("the top byte is the base class"),
    u8(7, "FunctionNumber"),
    u8(8, "DeviceNumber"),
    u16(9, "Segment"),
    u8(11, "PrimaryBusNumber"),
    u8(12, "SecondaryBusNumber"),
    u16(13, "").bits(kPcieSlot),
    pad(15, 1, "Reserved2"),
};
inline constexpr Layout kPcieDeviceId{.name = "PciExpressDeviceId",
                                      .structure = "WHEA_PCIEXPRESS_DEVICE_ID",
                                      .clause = "UEFI N.2.7",
                                      .min = 16,
                                      .size = 16,
                                      .fields = kPcieDeviceIdFields};
static_assert(check(kPcieDeviceId));

inline constexpr Bit kPcieCapabilities[] = {{0, 4, "CapabilityVersion"},
                                            {4, 4, "DevicePortType"},
                                            {8, 1, "SlotImplemented"},
                                            {9, 5, "InterruptMessageNumber"}};
inline constexpr Bit kPcieDeviceStatus[] = {
    {0, 1, "CorrectableErrorDetected"},   {1, 1, "NonFatalErrorDetected"}, {2, 1, "FatalErrorDetected"},
    {3, 1, "UnsupportedRequestDetected"}, {4, 1, "AuxPowerDetected"},      {5, 1, "TransactionsPending"}};
inline constexpr Field kExpressCapabilityFields[] = {
    u8(0, "CapabilityId").hex(),
    u8(1, "NextCapability").hex(),
    u16(2, "Capabilities").bits(kPcieCapabilities),
    u32(4, "DeviceCapabilities").hex(),
    u16(8, "DeviceControl").hex(),
    u16(10, "DeviceStatus").bits(kPcieDeviceStatus),
    u32(12, "LinkCapabilities").hex(),
    u16(16, "LinkControl").hex(),
    u16(18, "LinkStatus").hex(),
    u32(20, "SlotCapabilities").hex(),
    u16(24, "SlotControl").hex(),
    u16(26, "SlotStatus").hex(),
    u16(28, "RootControl").hex(),
    u16(30, "RootCapabilities").hex(),
    u32(32, "RootStatus").hex(),
    u32(36, "DeviceCapabilities2").hex(),
    u16(40, "DeviceControl2").hex(),
    u16(42, "DeviceStatus2").hex(),
    u32(44, "LinkCapabilities2").hex(),
    u16(48, "LinkControl2").hex(),
    u16(50, "LinkStatus2").hex(),
    u32(52, "SlotCapabilities2").hex(),
    u16(56, "SlotControl2").hex(),
    u16(58, "SlotStatus2").hex(),
};
inline constexpr Layout kExpressCapability{.name = "ExpressCapability",
                                           .structure = "PCI Express Capability",
                                           .clause = "PCIe 7.5.3",
                                           .min = 60,
                                           .size = 60,
                                           .fields = kExpressCapabilityFields};
static_assert(check(kExpressCapability));

// Status, mask and severity registers share their bits.
inline constexpr Bit kUncorrectable[] = {{4, 1, "DataLinkProtocolError"},
                                         {5, 1, "SurpriseDownError"},
                                         {12, 1, "PoisonedTLP"},
                                         {13, 1, "FlowControlProtocolError"},
                                         {14, 1, "CompletionTimeout"},
                                         {15, 1, "CompleterAbort"},
                                         {16, 1, "UnexpectedCompletion"},
                                         {17, 1, "ReceiverOverflow"},
                                         {18, 1, "MalformedTLP"},
                                         {19, 1, "ECRCError"},
                                         {20, 1, "UnsupportedRequestError"},
                                         {21, 1, "ACSViolation"},
                                         {22, 1, "UncorrectableInternalError"},
                                         {23, 1, "MCBlockedTLP"},
                                         {24, 1, "AtomicOpEgressBlocked"},
                                         {25, 1, "TLPPrefixBlocked"},
                                         {26, 1, "PoisonedTLPEgressBlocked"}};
inline constexpr Bit kCorrectable[] = {{0, 1, "ReceiverError"},
                                       {6, 1, "BadTLP"},
                                       {7, 1, "BadDLLP"},
                                       {8, 1, "ReplayNumberRollover"},
                                       {12, 1, "ReplayTimerTimeout"},
                                       {13, 1, "AdvisoryNonFatalError"},
                                       {14, 1, "CorrectedInternalError"},
                                       {15, 1, "HeaderLogOverflow"}};
inline constexpr Bit kAerCapabilityHeader[] = {
    {0, 16, "CapabilityId"}, {16, 4, "Version"}, {20, 12, "NextCapability"}};
inline constexpr Bit kAerCapsControl[] = {{0, 5, "FirstErrorPointer"},
                                          {5, 1, "ECRCGenerationCapable"},
                                          {6, 1, "ECRCGenerationEnable"},
                                          {7, 1, "ECRCCheckCapable"},
                                          {8, 1, "ECRCCheckEnable"}};

// A root port's form of the capability; bridges have secondary registers at 44 to 95.
inline constexpr Field kAerInfoFields[] = {
    u32(0, "CapabilityHeader").bits(kAerCapabilityHeader),
    u32(4, "UncorrectableErrorStatus").bits(kUncorrectable),
    u32(8, "UncorrectableErrorMask").bits(kUncorrectable),
    u32(12, "UncorrectableErrorSeverity").bits(kUncorrectable),
    u32(16, "CorrectableErrorStatus").bits(kCorrectable),
    u32(20, "CorrectableErrorMask").bits(kCorrectable),
    u32(24, "CapabilitiesAndControl").bits(kAerCapsControl),
    list(28, "HeaderLog", 4, 4).hex(),
    u32(44, "RootErrorCommand").hex().about("SecondaryUncorrectableErrorStatus on a bridge"),
    u32(48, "RootErrorStatus").hex().about("SecondaryUncorrectableErrorMask on a bridge"),
    u16(52, "CorrectableErrorSourceId").hex(),
    u16(54, "UncorrectableErrorSourceId").hex(),
    list(56, "TLPPrefixLog", 4, 4).hex().about("secondary capabilities and header log on a bridge"),
    raw(72, 24, "Rest"),
};
inline constexpr Layout kAerInfo{.name = "AerInfo",
                                 .structure = "Advanced Error Reporting Extended Capability",
                                 .clause = "PCIe 7.8.4",
                                 .min = 96,
                                 .size = 96,
                                 .fields = kAerInfoFields};
static_assert(check(kAerInfo));

inline constexpr Field kPcieFields[] = {
    u64(0, "ValidBits").bits(kPcieValid),
    u32(8, "PortType").valid(0).names(kPciePortTypes),
    u8(12, "Version.MinorVersion").valid(1),
    u8(13, "Version.MajorVersion").valid(1),
    pad(14, 2, "Version.Reserved"),
    u16(16, "Command").valid(2).bits(kPciCommand),
    u16(18, "Status").valid(2).bits(kPciStatus),
    pad(20, 4),
    part(24, "DeviceId", kPcieDeviceId).valid(3),
    u64(40, "DeviceSerialNumber").valid(4).hex(),
    u16(48, "BridgeSecondaryStatus").valid(5).hex(),
    u16(50, "BridgeControl").valid(5).hex(),
    part(52, "ExpressCapability", kExpressCapability).valid(6),
    part(112, "AerInfo", kAerInfo).valid(7),
};
}  // namespace tables

inline constexpr layout::Layout kPciExpress{.name = "PciExpress",
                                            .structure = "WHEA_PCIEXPRESS_ERROR_SECTION",
                                            .clause = "UEFI N.2.7",
                                            .min = 208,
                                            .size = 208,
                                            .fields = tables::kPcieFields,
                                            .valid = layout::ref(tables::kPcieFields, "ValidBits")};
static_assert(layout::check(kPciExpress));

// Parts are read by views of their own at these places.
struct PciExpress {
  static constexpr std::size_t kDeviceIdOffset = 24;
  static constexpr std::size_t kAerInfoOffset = 112;
  static_assert(layout::find(tables::kPcieFields, "DeviceId").offset == kDeviceIdOffset);
  static_assert(layout::find(tables::kPcieFields, "AerInfo").offset == kAerInfoOffset);

  static constexpr auto kValidBits = layout::handle<PciExpress, std::uint64_t>(kPciExpress, "ValidBits");
  static constexpr auto kPortType = layout::handle<PciExpress, std::uint32_t>(kPciExpress, "PortType");
  static constexpr auto kCommand = layout::handle<PciExpress, std::uint16_t>(kPciExpress, "Command");
  static constexpr auto kStatus = layout::handle<PciExpress, std::uint16_t>(kPciExpress, "Status");
  static constexpr auto kMinorVersion =
      layout::handle<PciExpress, std::uint8_t>(kPciExpress, "Version.MinorVersion");
  static constexpr auto kMajorVersion =
      layout::handle<PciExpress, std::uint8_t>(kPciExpress, "Version.MajorVersion");
  static constexpr auto kDeviceSerialNumber =
      layout::handle<PciExpress, std::uint64_t>(kPciExpress, "DeviceSerialNumber");
  static constexpr auto kBridgeSecondaryStatus =
      layout::handle<PciExpress, std::uint16_t>(kPciExpress, "BridgeSecondaryStatus");
  static constexpr auto kBridgeControl =
      layout::handle<PciExpress, std::uint16_t>(kPciExpress, "BridgeControl");
};

struct PciExpressDeviceId {
  static constexpr const layout::Layout& kLayout = tables::kPcieDeviceId;
  static constexpr auto kVendorId =
      layout::handle<PciExpressDeviceId, std::uint16_t>(tables::kPcieDeviceId, "VendorID");
  static constexpr auto kDeviceId =
      layout::handle<PciExpressDeviceId, std::uint16_t>(tables::kPcieDeviceId, "DeviceID");
  static constexpr auto kFunctionNumber =
      layout::handle<PciExpressDeviceId, std::uint8_t>(tables::kPcieDeviceId, "FunctionNumber");
  static constexpr auto kDeviceNumber =
      layout::handle<PciExpressDeviceId, std::uint8_t>(tables::kPcieDeviceId, "DeviceNumber");
  static constexpr auto kSegment =
      layout::handle<PciExpressDeviceId, std::uint16_t>(tables::kPcieDeviceId, "Segment");
  static constexpr auto kPrimaryBusNumber =
      layout::handle<PciExpressDeviceId, std::uint8_t>(tables::kPcieDeviceId, "PrimaryBusNumber");
  static constexpr auto kSecondaryBusNumber =
      layout::handle<PciExpressDeviceId, std::uint8_t>(tables::kPcieDeviceId, "SecondaryBusNumber");
};

struct AerInfo {
  static constexpr const layout::Layout& kLayout = tables::kAerInfo;
  static constexpr auto kUncorrectableErrorStatus =
      layout::handle<AerInfo, std::uint32_t>(tables::kAerInfo, "UncorrectableErrorStatus");
  static constexpr auto kCorrectableErrorStatus =
      layout::handle<AerInfo, std::uint32_t>(tables::kAerInfo, "CorrectableErrorStatus");
  static constexpr std::size_t kHeaderLogOffset = 28;  // four u32
  static_assert(layout::find(tables::kAerInfoFields, "HeaderLog").offset == kHeaderLogOffset);
};

}  // namespace wheatstone::cper
