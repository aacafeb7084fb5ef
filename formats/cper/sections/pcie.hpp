// PCI Express error section, 208 bytes. Source: UEFI N.2.7, WDK WHEA_PCIEXPRESS_ERROR_SECTION; the capability
// copies follow the PCI Express base specification (7.5.3 and 7.8.4).
#pragma once

#include <array>

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
inline constexpr Bit kPcieSlot[] = {{0, 3, "Reserved1"}, {3, 13, "SlotNumber"}};

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
                                            {4, 4, "DeviceType"},
                                            {8, 1, "SlotImplemented"},
                                            {9, 5, "InterruptMessageNumber"},
                                            {15, 1, "FlitModeSupported"}};
inline constexpr Bit kPcieDeviceCapabilities[] = {{0, 3, "MaxPayloadSizeSupported"},
                                                  {3, 2, "PhantomFunctionsSupported"},
                                                  {5, 1, "ExtendedTagSupported"},
                                                  {6, 3, "L0sAcceptableLatency"},
                                                  {9, 3, "L1AcceptableLatency"},
                                                  {15, 1, "RoleBasedErrorReporting"},
                                                  {18, 8, "CapturedSlotPowerLimit"},
                                                  {26, 2, "CapturedSlotPowerLimitScale"},
                                                  {28, 1, "FunctionLevelResetCapability"},
                                                  {29, 1, "MixedMpsSupported"},
                                                  {30, 1, "TeeIOSupported"}};
inline constexpr Bit kPcieDeviceControl[] = {
    {0, 1, "CorrectableErrorEnable"}, {1, 1, "NonFatalErrorEnable"},
    {2, 1, "FatalErrorEnable"},       {3, 1, "UnsupportedRequestErrorEnable"},
    {4, 1, "EnableRelaxedOrder"},     {5, 3, "MaxPayloadSize"},
    {8, 1, "ExtendedTagEnable"},      {9, 1, "PhantomFunctionsEnable"},
    {10, 1, "AuxPowerEnable"},        {11, 1, "NoSnoopEnable"},
    {12, 3, "MaxReadRequestSize"},    {15, 1, "BridgeConfigRetryEnable"}};
inline constexpr Bit kPcieDeviceStatus[] = {
    {0, 1, "CorrectableErrorDetected"},   {1, 1, "NonFatalErrorDetected"}, {2, 1, "FatalErrorDetected"},
    {3, 1, "UnsupportedRequestDetected"}, {4, 1, "AuxPowerDetected"},      {5, 1, "TransactionsPending"}};
inline constexpr Bit kPcieLinkCapabilities[] = {{0, 4, "MaximumLinkSpeed"},
                                                {4, 6, "MaximumLinkWidth"},
                                                {10, 2, "ActiveStatePMSupport"},
                                                {12, 3, "L0sExitLatency"},
                                                {15, 3, "L1ExitLatency"},
                                                {18, 1, "ClockPowerManagement"},
                                                {19, 1, "SurpriseDownErrorReportingCapable"},
                                                {20, 1, "DataLinkLayerActiveReportingCapable"},
                                                {21, 1, "LinkBandwidthNotificationCapability"},
                                                {22, 1, "AspmOptionalityCompliance"},
                                                {24, 8, "PortNumber"}};
inline constexpr Bit kPcieLinkControl[] = {{0, 2, "ActiveStatePMControl"},
                                           {3, 1, "ReadCompletionBoundary"},
                                           {4, 1, "LinkDisable"},
                                           {5, 1, "RetrainLink"},
                                           {6, 1, "CommonClockConfig"},
                                           {7, 1, "ExtendedSynch"},
                                           {8, 1, "EnableClockPowerManagement"},
                                           {10, 1, "BandwidthManagementInterrupt"},
                                           {11, 1, "AutonomousBandwidthInterrupt"}};
inline constexpr Bit kPcieLinkStatus[] = {{0, 4, "LinkSpeed"},
                                          {4, 6, "LinkWidth"},
                                          {11, 1, "LinkTraining"},
                                          {12, 1, "SlotClockConfig"},
                                          {13, 1, "DataLinkLayerActive"},
                                          {14, 1, "BandwidthManagementStatus"},
                                          {15, 1, "AutonomousManagementStatus"}};
inline constexpr Bit kPcieSlotCapabilities[] = {{0, 1, "AttentionButtonPresent"},
                                                {1, 1, "PowerControllerPresent"},
                                                {2, 1, "MRLSensorPresent"},
                                                {3, 1, "AttentionIndicatorPresent"},
                                                {4, 1, "PowerIndicatorPresent"},
                                                {5, 1, "HotPlugSurprise"},
                                                {6, 1, "HotPlugCapable"},
                                                {7, 8, "SlotPowerLimit"},
                                                {15, 2, "SlotPowerLimitScale"},
                                                {17, 1, "ElectromechanicalLockPresent"},
                                                {18, 1, "NoCommandCompletedSupport"},
                                                {19, 13, "PhysicalSlotNumber"}};
inline constexpr Bit kPcieSlotControl[] = {
    {0, 1, "AttentionButtonEnable"},     {1, 1, "PowerFaultDetectEnable"},
    {2, 1, "MRLSensorEnable"},           {3, 1, "PresenceDetectEnable"},
    {4, 1, "CommandCompletedEnable"},    {5, 1, "HotPlugInterruptEnable"},
    {6, 2, "AttentionIndicatorControl"}, {8, 2, "PowerIndicatorControl"},
    {10, 1, "PowerControllerControl"},   {11, 1, "ElectromechanicalLockControl"},
    {12, 1, "DataLinkStateChangeEnable"}};
inline constexpr Bit kPcieSlotStatus[] = {
    {0, 1, "AttentionButtonPressed"}, {1, 1, "PowerFaultDetected"},
    {2, 1, "MRLSensorChanged"},       {3, 1, "PresenceDetectChanged"},
    {4, 1, "CommandCompleted"},       {5, 1, "MRLSensorState"},
    {6, 1, "PresenceDetectState"},    {7, 1, "ElectromechanicalLockEngaged"},
    {8, 1, "DataLinkStateChanged"}};
inline constexpr Bit kPcieRootControl[] = {{0, 1, "CorrectableSerrEnable"},
                                           {1, 1, "NonFatalSerrEnable"},
                                           {2, 1, "FatalSerrEnable"},
                                           {3, 1, "PMEInterruptEnable"},
                                           {4, 1, "CRSSoftwareVisibilityEnable"}};
inline constexpr Bit kPcieRootCapabilities[] = {{0, 1, "CRSSoftwareVisibility"}};
inline constexpr Bit kPcieRootStatus[] = {
    {0, 16, "PMERequestorId"}, {16, 1, "PMEStatus"}, {17, 1, "PMEPending"}};
inline constexpr Bit kPcieDeviceCapabilities2[] = {{0, 4, "CompletionTimeoutRangesSupported"},
                                                   {4, 1, "CompletionTimeoutDisableSupported"},
                                                   {5, 1, "AriForwardingSupported"},
                                                   {6, 1, "AtomicOpRoutingSupported"},
                                                   {7, 1, "AtomicOpCompleterSupported32Bit"},
                                                   {8, 1, "AtomicOpCompleterSupported64Bit"},
                                                   {9, 1, "CASCompleterSupported128Bit"},
                                                   {10, 1, "NoROEnabledPRPRPassing"},
                                                   {11, 1, "LTRMechanismSupported"},
                                                   {12, 2, "TPHCompleterSupported"},
                                                   {18, 2, "OBFFSupported"},
                                                   {20, 1, "ExtendedFmtFieldSupported"},
                                                   {21, 1, "EndEndTLPPrefixSupported"},
                                                   {22, 2, "MaxEndEndTLPPrefixes"},
                                                   {28, 1, "DmwrCompleterSupported"},
                                                   {29, 2, "DmwrLengthsSupported"}};
inline constexpr Bit kPcieDeviceControl2[] = {
    {0, 4, "CompletionTimeoutValue"},  {4, 1, "CompletionTimeoutDisable"}, {5, 1, "AriForwardingEnable"},
    {6, 1, "AtomicOpRequesterEnable"}, {7, 1, "AtomicOpEgressBlocking"},   {8, 1, "IDORequestEnable"},
    {9, 1, "IDOCompletionEnable"},     {10, 1, "LTRMechanismEnable"},      {13, 2, "OBFFEnable"},
    {15, 1, "EndEndTLPPrefixBlocking"}};
inline constexpr Bit kPcieLinkCapabilities2[] = {{1, 7, "SupportedLinkSpeedsVector"}};
inline constexpr Bit kPcieLinkControl2[] = {{0, 4, "TargetLinkSpeed"}};
inline constexpr Field kExpressCapabilityFields[] = {
    u8(0, "CapabilityId").hex(),
    u8(1, "NextCapability").hex(),
    u16(2, "Capabilities").bits(kPcieCapabilities),
    u32(4, "DeviceCapabilities").bits(kPcieDeviceCapabilities),
    u16(8, "DeviceControl").bits(kPcieDeviceControl),
    u16(10, "DeviceStatus").bits(kPcieDeviceStatus),
    u32(12, "LinkCapabilities").bits(kPcieLinkCapabilities),
    u16(16, "LinkControl").bits(kPcieLinkControl),
    u16(18, "LinkStatus").bits(kPcieLinkStatus),
    u32(20, "SlotCapabilities").bits(kPcieSlotCapabilities),
    u16(24, "SlotControl").bits(kPcieSlotControl),
    u16(26, "SlotStatus").bits(kPcieSlotStatus),
    u16(28, "RootControl").bits(kPcieRootControl),
    u16(30, "RootCapabilities").bits(kPcieRootCapabilities),
    u32(32, "RootStatus").bits(kPcieRootStatus),
    u32(36, "DeviceCapabilities2")
        .bits(kPcieDeviceCapabilities2)
        .about("zero from here on for a version 1 device"),
    u16(40, "DeviceControl2").bits(kPcieDeviceControl2),
    u16(42, "DeviceStatus2").hex(),
    u32(44, "LinkCapabilities2").bits(kPcieLinkCapabilities2),
    u16(48, "LinkControl2").bits(kPcieLinkControl2),
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
                                         {26, 1, "PoisonedTLPEgressBlocked"},
                                         {27, 1, "DMWrRequestEgressBlocked"},
                                         {28, 1, "IDECheckFailed"},
                                         {29, 1, "MisroutedIDETLP"},
                                         {30, 1, "PCRCCheckFailed"},
                                         {31, 1, "TLPTranslationEgressBlocked"}};
inline constexpr Bit kCorrectable[] = {{0, 1, "ReceiverError"},
                                       {6, 1, "BadTLP"},
                                       {7, 1, "BadDLLP"},
                                       {8, 1, "ReplayNumberRollover"},
                                       {12, 1, "ReplayTimerTimeout"},
                                       {13, 1, "AdvisoryNonFatalError"},
                                       {14, 1, "CorrectedInternalError"},
                                       {15, 1, "HeaderLogOverflow"}};
inline constexpr Bit kPcieExtendedHeader[] = {
    {0, 16, "CapabilityId"}, {16, 4, "Version"}, {20, 12, "NextCapability"}};
inline constexpr Bit kPcieRequesterId[] = {{0, 3, "Function"}, {3, 5, "Device"}, {8, 8, "Bus"}};
inline constexpr Bit kAerCapsControl[] = {{0, 5, "FirstErrorPointer"},
                                          {5, 1, "ECRCGenerationCapable"},
                                          {6, 1, "ECRCGenerationEnable"},
                                          {7, 1, "ECRCCheckCapable"},
                                          {8, 1, "ECRCCheckEnable"},
                                          {9, 1, "MultipleHeaderRecordingCapable"},
                                          {10, 1, "MultipleHeaderRecordingEnable"},
                                          {11, 1, "TlpPrefixLogPresent"}};
inline constexpr Bit kRootErrorCommand[] = {{0, 1, "CorrectableErrorReportingEnable"},
                                            {1, 1, "NonFatalErrorReportingEnable"},
                                            {2, 1, "FatalErrorReportingEnable"}};
inline constexpr Bit kRootErrorStatus[] = {
    {0, 1, "CorrectableErrorReceived"},   {1, 1, "MultipleCorrectableErrorsReceived"},
    {2, 1, "UncorrectableErrorReceived"}, {3, 1, "MultipleUncorrectableErrorsReceived"},
    {4, 1, "FirstUncorrectableFatal"},    {5, 1, "NonFatalErrorMessagesReceived"},
    {6, 1, "FatalErrorMessagesReceived"}, {27, 5, "AdvancedErrorInterruptMessageNumber"}};

// All forms of the capability begin like this.
inline constexpr std::size_t kAerCommonFields = 8;
inline constexpr Field kAerCommon[kAerCommonFields] = {
    u32(0, "CapabilityHeader").bits(kPcieExtendedHeader),
    u32(4, "UncorrectableErrorStatus").bits(kUncorrectable),
    u32(8, "UncorrectableErrorMask").bits(kUncorrectable),
    u32(12, "UncorrectableErrorSeverity").bits(kUncorrectable),
    u32(16, "CorrectableErrorStatus").bits(kCorrectable),
    u32(20, "CorrectableErrorMask").bits(kCorrectable),
    u32(24, "CapabilitiesAndControl").bits(kAerCapsControl),
    list(28, "HeaderLog", 4, 4).hex(),
};
template <std::size_t kCount>
consteval std::array<Field, kAerCommonFields + kCount> aer_fields(const Field (&more)[kCount]) {
  std::array<Field, kAerCommonFields + kCount> all{};
  for (std::size_t i = 0; i < kAerCommonFields; ++i) all[i] = kAerCommon[i];
  for (std::size_t i = 0; i < kCount; ++i) all[kAerCommonFields + i] = more[i];
  return all;
}
consteval Layout aer(std::string_view name, std::string_view structure, std::string_view clause,
                     std::span<const Field> fields) {
  return {.name = name, .structure = structure, .clause = clause, .min = 96, .size = 96, .fields = fields};
}

// A root port's form; other devices than bridges have zero there.
inline constexpr Field kAerRootPort[] = {
    u32(44, "RootErrorCommand").bits(kRootErrorCommand),
    u32(48, "RootErrorStatus").bits(kRootErrorStatus),
    u16(52, "CorrectableErrorSourceId").bits(kPcieRequesterId),
    u16(54, "UncorrectableErrorSourceId").bits(kPcieRequesterId),
    list(56, "TLPPrefixLog", 4, 4).hex(),
    raw(72, 24, "Rest"),
};
inline constexpr auto kAerInfoFields = aer_fields(kAerRootPort);
inline constexpr Layout kAerInfo =
    aer("AerInfo", "PCI_EXPRESS_ROOTPORT_AER_CAPABILITY", "PCIe 7.8.4", kAerInfoFields);
static_assert(check(kAerInfo));

// The form of a bridge to PCI or PCI-X. Its status, mask and severity registers share their bits.
inline constexpr Bit kSecUncorrectable[] = {{0, 1, "TargetAbortOnSplitCompletion"},
                                            {1, 1, "MasterAbortOnSplitCompletion"},
                                            {2, 1, "ReceivedTargetAbort"},
                                            {3, 1, "ReceivedMasterAbort"},
                                            {5, 1, "UnexpectedSplitCompletionError"},
                                            {6, 1, "UncorrectableSplitCompletion"},
                                            {7, 1, "UncorrectableDataError"},
                                            {8, 1, "UncorrectableAttributeError"},
                                            {9, 1, "UncorrectableAddressError"},
                                            {10, 1, "DelayedTransactionDiscardTimerExpired"},
                                            {11, 1, "PERRAsserted"},
                                            {12, 1, "SERRAsserted"},
                                            {13, 1, "InternalBridgeError"}};
inline constexpr Bit kSecCapsControl[] = {{0, 5, "SecondaryUncorrectableFirstErrorPtr"}};
inline constexpr Field kAerBridge[] = {
    u32(44, "SecUncorrectableErrorStatus").bits(kSecUncorrectable),
    u32(48, "SecUncorrectableErrorMask").bits(kSecUncorrectable),
    u32(52, "SecUncorrectableErrorSeverity").bits(kSecUncorrectable),
    u32(56, "SecCapabilitiesAndControl").bits(kSecCapsControl),
    list(60, "SecHeaderLog", 4, 4).hex(),
    raw(76, 20, "Rest"),
};
inline constexpr auto kAerBridgeInfoFields = aer_fields(kAerBridge);
inline constexpr Layout kAerBridgeInfo =
    aer("AerBridgeInfo", "PCI_EXPRESS_BRIDGE_AER_CAPABILITY",
        "PCI Express to PCI/PCI-X Bridge 5.2.3, WDK wdm.h", kAerBridgeInfoFields);
static_assert(check(kAerBridgeInfo));

inline constexpr ChoiceRow kAerRows[] = {{7, {}, "Bridge", {}, kForms<kAerBridgeInfo>},
                                         {8, {}, "Bridge", {}, kForms<kAerBridgeInfo>}};
inline constexpr Choice kAerChoice{.selector = "PortType", .at = {8, 4, 0, 32}, .rows = kAerRows};

inline constexpr Bit kBridgeSecondaryStatus[] = {
    {8, 1, "MasterDataParityError"}, {11, 1, "SignaledTargetAbort"}, {12, 1, "ReceivedTargetAbort"},
    {13, 1, "ReceivedMasterAbort"},  {14, 1, "ReceivedSystemError"}, {15, 1, "DetectedParityError"}};
inline constexpr Bit kBridgeControl[] = {{0, 1, "ParityErrorResponse"}, {1, 1, "SERREnable"},
                                         {2, 1, "ISAEnable"},           {3, 1, "VGAEnable"},
                                         {4, 1, "VGA16BitDecode"},      {5, 1, "MasterAbortMode"},
                                         {6, 1, "SecondaryBusReset"},   {7, 1, "FastBackToBackEnable"}};

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
    u64(40, "DeviceSerialNumber").valid(4).hex().identity(),
    u16(48, "BridgeSecondaryStatus").valid(5).bits(kBridgeSecondaryStatus),
    u16(50, "BridgeControl").valid(5).bits(kBridgeControl),
    part(52, "ExpressCapability", kExpressCapability).valid(6),
    part(112, "AerInfo", kAerInfo)
        .valid(7)
        .choose(kAerChoice)
        .about("PortType says whether it is that of a bridge"),
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
