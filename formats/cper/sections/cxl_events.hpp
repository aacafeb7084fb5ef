// CXL component event sections: 32 bytes, then the event record of CXL without its UUID, which is the section
// type here. Source: UEFI N.2.14, WDK WHEA_CXL_COMPONENT_EVENTS_SECTION (28000 and later); CXL 3.1 8.2.9.2.1
// for the records, whose layout Linux (include/cxl/event.h) confirms.
#pragma once

#include <array>

#include "formats/cper/sections/cxl_device.hpp"
#include "formats/layout/field.hpp"

namespace wheatstone::cper {

namespace tables {
using namespace layout;

inline constexpr Name kCxlEventSeverities[] = {
    {0, "Informational"}, {1, "Warning"}, {2, "Failure"}, {3, "Fatal"}};
inline constexpr Bit kCxlEventFlags[] = {{0, 2, "EventRecordSeverity", kCxlEventSeverities},
                                         {2, 1, "PermanentCondition"},
                                         {3, 1, "MaintenanceNeeded"},
                                         {4, 1, "PerformanceDegraded"},
                                         {5, 1, "HardwareReplacementNeeded"},
                                         {6, 1, "MaintenanceOperationSubclassValid"}};

// The common event record from its length on.
inline constexpr std::size_t kCxlCommonFields = 10;
inline constexpr Field kCxlCommon[kCxlCommonFields] = {
    u8(0, "EventRecordLength").unit("bytes"),
    u24(1, "EventRecordFlags").bits(kCxlEventFlags),
    u16(4, "EventRecordHandle").hex(),
    u16(6, "RelatedEventRecordHandle").hex(),
    u64(8, "EventRecordTimestamp").unit("ns since 1970"),
    u8(16, "MaintenanceOperationClass"),
    u8(17, "MaintenanceOperationSubclass").from("CXL 3.1 8.2.9.2.1"),
    u16(18, "LDID").from("CXL 3.2"),
    u8(20, "HeadID").from("CXL 3.2"),
    pad(21, 11),
};

inline constexpr Bit kCxlPhysicalAddress[] = {{0, 1, "Volatile"}, {1, 1, "NotRepairable"}, {6, 58, "DPA"}};
inline constexpr Bit kCxlDescriptor[] = {
    {0, 1, "UncorrectableEvent"}, {1, 1, "ThresholdEvent"}, {2, 1, "PoisonListOverflow"}};
inline constexpr Name kCxlTransactionTypes[] = {{0, "Unknown"},
                                                {1, "HostRead"},
                                                {2, "HostWrite"},
                                                {3, "HostScanMedia"},
                                                {4, "HostInjectPoison"},
                                                {5, "InternalMediaScrub"},
                                                {6, "InternalMediaManagement"},
                                                {7, "InternalMediaErrorCheckScrub"},
                                                {8, "MediaInitialization"}};
inline constexpr Bit kCxlThresholdFlags[] = {{0, 1, "MultipleMediaComponents"}, {1, 1, "ThresholdExceeded"}};

inline constexpr Name kCxlMediaTypes[] = {{0, "MediaECCError"},      {1, "InvalidAddress"},
                                          {2, "DataPathError"},      {3, "TEStateViolation"},
                                          {4, "ScrubMediaECCError"}, {5, "AdvancedCMECounterExpiration"},
                                          {6, "CKIDViolation"}};
inline constexpr Bit kCxlMediaValid[] = {{0, 1, "Channel"},
                                         {1, 1, "Rank"},
                                         {2, 1, "Device"},
                                         {3, 1, "ComponentIdentifier"},
                                         {4, 1, "ComponentIdentifierFormat"}};
inline constexpr Field kCxlMediaData[] = {
    u64(32, "PhysicalAddress").bits(kCxlPhysicalAddress).address(),
    u8(40, "MemoryEventDescriptor").bits(kCxlDescriptor),
    u8(41, "MemoryEventType").names(kCxlMediaTypes),
    u8(42, "TransactionType").names(kCxlTransactionTypes),
    u16(43, "ValidityFlags").bits(kCxlMediaValid),
    u8(45, "Channel").valid(0),
    u8(46, "Rank").valid(1),
    u24(47, "Device").valid(2).hex(),
    raw(50, 16, "ComponentIdentifier").valid(3).identity(),
    u8(66, "CMEThresholdEventFlags").bits(kCxlThresholdFlags).from("CXL 3.1 8.2.9.2.1.1"),
    u24(67, "CMECount").from("CXL 3.1 8.2.9.2.1.1"),
    u8(70, "MemoryEventSubType").from("CXL 3.1 8.2.9.2.1.1"),
    pad(71, 41, "Reserved2"),
};

inline constexpr Name kCxlDramTypes[] = {
    {0, "MediaECCError"},    {1, "ScrubMediaECCError"},           {2, "InvalidAddress"}, {3, "DataPathError"},
    {4, "TEStateViolation"}, {5, "AdvancedCMECounterExpiration"}, {6, "CKIDViolation"}};
inline constexpr Bit kCxlDramValid[] = {{0, 1, "Channel"},
                                        {1, 1, "Rank"},
                                        {2, 1, "NibbleMask"},
                                        {3, 1, "BankGroup"},
                                        {4, 1, "Bank"},
                                        {5, 1, "Row"},
                                        {6, 1, "Column"},
                                        {7, 1, "CorrectionMask"},
                                        {8, 1, "ComponentIdentifier"},
                                        {9, 1, "ComponentIdentifierFormat"},
                                        {10, 1, "SubChannel"}};
inline constexpr Field kCxlDramData[] = {
    u64(32, "PhysicalAddress").bits(kCxlPhysicalAddress).address(),
    u8(40, "MemoryEventDescriptor").bits(kCxlDescriptor),
    u8(41, "MemoryEventType").names(kCxlDramTypes).about("names of CXL 3.1; other than for general media"),
    u8(42, "TransactionType").names(kCxlTransactionTypes),
    u16(43, "ValidityFlags").bits(kCxlDramValid),
    u8(45, "Channel").valid(0),
    u8(46, "Rank").valid(1),
    u24(47, "NibbleMask").valid(2).hex(),
    u8(50, "BankGroup").valid(3),
    u8(51, "Bank").valid(4),
    u24(52, "Row").valid(5),
    u16(55, "Column").valid(6),
    list(57, "CorrectionMask", 4, 8).valid(7).hex(),
    raw(89, 16, "ComponentIdentifier").valid(8).identity().from("CXL 3.1 8.2.9.2.1.2"),
    u8(105, "SubChannel").valid(10).from("CXL 3.1 8.2.9.2.1.2"),
    u8(106, "CMEThresholdEventFlags").bits(kCxlThresholdFlags).from("CXL 3.1 8.2.9.2.1.2"),
    u24(107, "CVMECount").from("CXL 3.1 8.2.9.2.1.2"),
    u8(110, "MemoryEventSubType").from("CXL 3.1 8.2.9.2.1.2"),
    pad(111, 1, "Reserved2"),
};

inline constexpr Name kCxlModuleTypes[] = {{0, "HealthStatusChange"},
                                           {1, "MediaStatusChange"},
                                           {2, "LifeUsedChange"},
                                           {3, "TemperatureChange"},
                                           {4, "DataPathError"},
                                           {5, "LSAError"},
                                           {6, "UnrecoverableSidebandBusError"},
                                           {7, "MemoryMediaFRUError"},
                                           {8, "PowerManagementFault"}};
inline constexpr Bit kCxlHealthStatus[] = {{0, 1, "MaintenanceNeeded"},
                                           {1, 1, "PerformanceDegraded"},
                                           {2, 1, "HardwareReplacementNeeded"},
                                           {3, 1, "MemoryCapacityDegraded"}};
inline constexpr Name kCxlMediaStatuses[] = {{0, "Normal"},
                                             {1, "NotReady"},
                                             {2, "WritePersistencyLost"},
                                             {3, "AllDataLost"},
                                             {4, "PersistencyLossOnPowerLoss"},
                                             {5, "PersistencyLossOnShutdown"},
                                             {6, "PersistencyLossImminent"},
                                             {7, "AllDataLossOnPowerLoss"},
                                             {8, "AllDataLossOnShutdown"},
                                             {9, "AllDataLossImminent"}};
inline constexpr Name kCxlLevels[] = {{0, "Normal"}, {1, "Warning"}, {2, "Critical"}};
inline constexpr Bit kCxlAdditionalStatus[] = {{0, 2, "LifeUsed", kCxlLevels},
                                               {2, 2, "DeviceTemperature", kCxlLevels},
                                               {4, 1, "CorrectedVolatileErrorCountWarning"},
                                               {5, 1, "CorrectedPersistentErrorCountWarning"}};
inline constexpr Bit kCxlModuleValid[] = {{0, 1, "ComponentIdentifier"}, {1, 1, "ComponentIdentifierFormat"}};
inline constexpr Field kCxlModuleData[] = {
    u8(32, "DeviceEventType").names(kCxlModuleTypes),
    u8(33, "HealthStatus").bits(kCxlHealthStatus).from("CXL 3.1 8.2.9.9.3.1"),
    u8(34, "MediaStatus").names(kCxlMediaStatuses).from("CXL 3.1 8.2.9.9.3.1"),
    u8(35, "AdditionalStatus").bits(kCxlAdditionalStatus).from("CXL 3.1 8.2.9.9.3.1"),
    u8(36, "LifeUsed").unit("percent").from("CXL 3.1 8.2.9.9.3.1"),
    u16(37, "DeviceTemperature").from("CXL 3.1 8.2.9.9.3.1").about("degrees Celsius, signed"),
    u32(39, "DirtyShutdownCount").from("CXL 3.1 8.2.9.9.3.1"),
    u32(43, "CorrectedVolatileErrorCount").from("CXL 3.1 8.2.9.9.3.1"),
    u32(47, "CorrectedPersistentErrorCount").from("CXL 3.1 8.2.9.9.3.1"),
    u16(51, "ValidityFlags").bits(kCxlModuleValid).from("CXL 3.1 8.2.9.2.1.3"),
    raw(53, 16, "ComponentIdentifier").valid(0).identity().from("CXL 3.1 8.2.9.2.1.3"),
    u8(69, "DeviceEventSubType").from("CXL 3.1 8.2.9.2.1.3"),
    pad(70, 42, "Reserved2"),
};

inline constexpr Field kCxlOtherData[] = {raw(32, 80, "EventData")};

template <std::size_t kCount>
consteval std::array<Field, kCxlCommonFields + kCount> cxl_record(const Field (&data)[kCount]) {
  std::array<Field, kCxlCommonFields + kCount> all{};
  for (std::size_t i = 0; i < kCxlCommonFields; ++i) all[i] = kCxlCommon[i];
  for (std::size_t i = 0; i < kCount; ++i) all[kCxlCommonFields + i] = data[i];
  return all;
}
inline constexpr auto kCxlMediaRecordFields = cxl_record(kCxlMediaData);
inline constexpr auto kCxlDramRecordFields = cxl_record(kCxlDramData);
inline constexpr auto kCxlModuleRecordFields = cxl_record(kCxlModuleData);
inline constexpr auto kCxlOtherRecordFields = cxl_record(kCxlOtherData);

// Short records have the common part at least.
consteval Layout cxl_record(std::string_view name, std::string_view clause, std::span<const Field> fields,
                            Ref valid = {}) {
  return {.name = name,
          .structure = "Common Event Record",
          .clause = clause,
          .min = 32,
          .size = 112,
          .fields = fields,
          .valid = valid};
}
inline constexpr Layout kCxlMediaRecord =
    cxl_record("CxlGeneralMediaRecord", "CXL 3.1 8.2.9.2.1.1", kCxlMediaRecordFields,
               ref(kCxlMediaRecordFields, "ValidityFlags"));
inline constexpr Layout kCxlDramRecord = cxl_record(
    "CxlDramRecord", "CXL 3.1 8.2.9.2.1.2", kCxlDramRecordFields, ref(kCxlDramRecordFields, "ValidityFlags"));
inline constexpr Layout kCxlModuleRecord =
    cxl_record("CxlMemoryModuleRecord", "CXL 3.1 8.2.9.2.1.3", kCxlModuleRecordFields,
               ref(kCxlModuleRecordFields, "ValidityFlags"));
inline constexpr Layout kCxlOtherRecord =
    cxl_record("CxlEventRecord", "CXL 3.1 8.2.9.2.1", kCxlOtherRecordFields);
static_assert(check(kCxlMediaRecord) && check(kCxlDramRecord) && check(kCxlModuleRecord) &&
              check(kCxlOtherRecord));

inline constexpr Bit kCxlEventValid[] = {
    {0, 1, "DeviceID"}, {1, 1, "DeviceSerialNumber"}, {2, 1, "CxlComponentEventLog"}};
inline constexpr Field kCxlEventFields[] = {
    u32(0, "Length").unit("bytes").about("of the whole structure"),
    u64(4, "ValidBits").bits(kCxlEventValid),
    part(12, "DeviceID", kCxlPcieDeviceId).valid(0),
    part(24, "DeviceSerialNumber", kCxlSerialNumber).valid(1),
};
inline constexpr Tail kCxlMediaTail[] = {rest("CxlComponentEventLog").as(kCxlMediaRecord)};
inline constexpr Tail kCxlDramTail[] = {rest("CxlComponentEventLog").as(kCxlDramRecord)};
inline constexpr Tail kCxlModuleTail[] = {rest("CxlComponentEventLog").as(kCxlModuleRecord)};
inline constexpr Tail kCxlOtherTail[] = {rest("CxlComponentEventLog").as(kCxlOtherRecord)};

consteval Layout cxl_event(std::string_view name, std::span<const Tail> tail) {
  return {.name = name,
          .structure = "WHEA_CXL_COMPONENT_EVENTS_SECTION",
          .clause = "UEFI N.2.14",
          .min = 32,
          .size = 32,
          .fields = kCxlEventFields,
          .tail = tail,
          .valid = ref(kCxlEventFields, "ValidBits"),
          .self = ref(kCxlEventFields, "Length")};
}
}  // namespace tables

inline constexpr layout::Layout kCxlGeneralMedia =
    tables::cxl_event("CxlGeneralMedia", tables::kCxlMediaTail);
inline constexpr layout::Layout kCxlDram = tables::cxl_event("CxlDram", tables::kCxlDramTail);
inline constexpr layout::Layout kCxlMemoryModule =
    tables::cxl_event("CxlMemoryModule", tables::kCxlModuleTail);
inline constexpr layout::Layout kCxlPhysicalSwitch =
    tables::cxl_event("CxlPhysicalSwitch", tables::kCxlOtherTail);
inline constexpr layout::Layout kCxlVirtualSwitch =
    tables::cxl_event("CxlVirtualSwitch", tables::kCxlOtherTail);
inline constexpr layout::Layout kCxlMldPort = tables::cxl_event("CxlMldPort", tables::kCxlOtherTail);
static_assert(layout::check(kCxlGeneralMedia) && layout::check(kCxlDram) && layout::check(kCxlMemoryModule) &&
              layout::check(kCxlPhysicalSwitch) && layout::check(kCxlVirtualSwitch) &&
              layout::check(kCxlMldPort));

}  // namespace wheatstone::cper
