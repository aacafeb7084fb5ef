// CXL protocol error section: 116 bytes, then a copy of the DVSEC and the error log. Source: UEFI N.2.13, WDK
// WHEA_CXL_PROTOCOL_ERROR_SECTION (28000 and later); PCIe 7.9.6 for the DVSEC, CXL 3.0 8.2.4.16 for the log.
#pragma once

#include "formats/cper/sections/cxl_device.hpp"
#include "formats/cper/sections/pcie.hpp"
#include "formats/cper/sections/reread.hpp"
#include "formats/layout/field.hpp"

namespace wheatstone::cper {

namespace tables {
using namespace layout;

inline constexpr Field kCxlAgentFields[] = {
    u8(0, "FunctionNumber"), u8(1, "DeviceNumber"), u8(2, "BusNumber"), u16(3, "SegmentNumber"), pad(5, 3),
};
inline constexpr Layout kCxlAgent{.name = "CxlAgentAddress",
                                  .structure = "WHEA_CXL_AGENT_ADDRESS",
                                  .clause = "UEFI N.2.13",
                                  .min = 8,
                                  .size = 8,
                                  .fields = kCxlAgentFields};
static_assert(check(kCxlAgent));

inline constexpr Field kCxlRcrbFields[] = {u64(0, "CxlPortRcrbBaseAddress").hex().address()};
inline constexpr Layout kCxlRcrb{.name = "CxlPortRcrb",
                                 .structure = "WHEA_CXL_AGENT_ADDRESS",
                                 .clause = "UEFI N.2.13",
                                 .min = 8,
                                 .size = 8,
                                 .fields = kCxlRcrbFields};
static_assert(check(kCxlRcrb));

inline constexpr Name kCxlAgentTypes[] = {{0, "RcdRCiEP"},
                                          {1, "RchDownstreamPortRCRB"},
                                          {2, "EndpointDevice"},
                                          {3, "LogicalDevice"},
                                          {4, "FabricManagerManagedLogicalDevice"},
                                          {5, "RootPort"},
                                          {6, "DownstreamSwitchPort"},
                                          {7, "UpstreamSwitchPort"}};
inline constexpr ChoiceRow kCxlAgentRows[] = {{0, {}, "Device", {}, kForms<kCxlAgent>},
                                              {1, {}, "DownstreamPort", {}, kForms<kCxlRcrb>},
                                              {2, {}, "EndpointDevice", {}, kForms<kCxlAgent>},
                                              {3, {}, "LogicalDevice", {}, kForms<kCxlAgent>},
                                              {4, {}, "ManagedLogicalDevice", {}, kForms<kCxlAgent>},
                                              {5, {}, "RootPort", {}, kForms<kCxlAgent>},
                                              {6, {}, "DownstreamSwitchPort", {}, kForms<kCxlAgent>},
                                              {7, {}, "UpstreamSwitchPort", {}, kForms<kCxlAgent>}};
inline constexpr Choice kCxlAgentChoice{
    .selector = "CxlAgentType", .at = {8, 1, 0, 8}, .rows = kCxlAgentRows};

inline constexpr Field kCxlDeviceIdFields[] = {
    u16(0, "VendorID").hex(),          u16(2, "DeviceID").hex(),  u16(4, "SubsystemVendorID").hex(),
    u16(6, "SubsystemDeviceID").hex(), u16(8, "ClassCode").hex(), u16(10, "").bits(kCxlSlot),
    pad(12, 4, "Reserved2"),
};
inline constexpr Layout kCxlDeviceId{.name = "CxlDeviceId",
                                     .structure = "WHEA_CXL_DEVICE_ID",
                                     .clause = "UEFI N.2.13",
                                     .min = 16,
                                     .size = 16,
                                     .fields = kCxlDeviceIdFields};
static_assert(check(kCxlDeviceId));

// Any Designated Vendor-Specific Extended Capability; its registers are those of the vendor and the id.
inline constexpr Bit kDvsecHeader1[] = {
    {0, 16, "DVSECVendorID"}, {16, 4, "DVSECRevision"}, {20, 12, "DVSECLength"}};
inline constexpr Field kDvsecFields[] = {
    u32(0, "CapabilityHeader").bits(kPcieExtendedHeader),
    u32(4, "DVSECHeader1").bits(kDvsecHeader1),
    u16(8, "DVSECID").hex(),
};
inline constexpr Tail kDvsecTail[] = {rest("Registers")};
inline constexpr Layout kDvsec{.name = "Dvsec",
                               .structure = "Designated Vendor-Specific Extended Capability",
                               .clause = "PCIe 7.9.6",
                               .min = 10,
                               .size = 10,
                               .fields = kDvsecFields,
                               .tail = kDvsecTail};
static_assert(check(kDvsec));

// Status, mask and severity registers share their bits.
inline constexpr Bit kCxlUncorrectable[] = {{0, 1, "CacheDataParity"},
                                            {1, 1, "CacheAddressParity"},
                                            {2, 1, "CacheByteEnableParity"},
                                            {3, 1, "CacheDataECC"},
                                            {4, 1, "MemoryDataParity"},
                                            {5, 1, "MemoryAddressParity"},
                                            {6, 1, "MemoryByteEnableParity"},
                                            {7, 1, "MemoryDataECC"},
                                            {8, 1, "ReinitThreshold"},
                                            {9, 1, "ReservedEncodingViolation"},
                                            {10, 1, "PoisonReceived"},
                                            {11, 1, "ReceiverOverflow"},
                                            {14, 1, "InternalError"},
                                            {15, 1, "IdeTxError"},
                                            {16, 1, "IdeRxError"}};
inline constexpr Bit kCxlCorrectable[] = {{0, 1, "CacheDataECC"},        {1, 1, "MemoryDataECC"},
                                          {2, 1, "CrcThreshold"},        {3, 1, "RetryThreshold"},
                                          {4, 1, "CachePoisonReceived"}, {5, 1, "MemoryPoisonReceived"},
                                          {6, 1, "PhysicalLayerError"}};
inline constexpr Bit kCxlRasControl[] = {{0, 6, "FirstErrorPointer"}};
inline constexpr Field kCxlRasFields[] = {
    u32(0, "UncorrectableErrorStatus").bits(kCxlUncorrectable),
    u32(4, "UncorrectableErrorMask").bits(kCxlUncorrectable),
    u32(8, "UncorrectableErrorSeverity").bits(kCxlUncorrectable),
    u32(12, "CorrectableErrorStatus").bits(kCxlCorrectable),
    u32(16, "CorrectableErrorMask").bits(kCxlCorrectable),
    u32(20, "ErrorCapabilitiesAndControl").bits(kCxlRasControl),
    list(24, "HeaderLog", 16, 4).hex(),
};
inline constexpr Layout kCxlRas{.name = "CxlRasCapability",
                                .structure = "CXL RAS Capability Structure",
                                .clause = "CXL 3.0 8.2.4.16",
                                .min = 88,
                                .size = 88,
                                .fields = kCxlRasFields};
static_assert(check(kCxlRas));

inline constexpr Bit kCxlProtocolValid[] = {
    {0, 1, "CxlAgentType"},       {1, 1, "CxlAgentAddress"},     {2, 1, "DeviceID"},
    {3, 1, "DeviceSerialNumber"}, {4, 1, "CapabilityStructure"}, {5, 1, "CxlDvsec"},
    {6, 1, "CxlErrorLog"}};

inline constexpr Field kCxlProtocolFields[] = {
    u64(0, "ValidBits").bits(kCxlProtocolValid),
    u8(8, "CxlAgentType")
        .valid(0)
        .names(kCxlAgentTypes)
        .about("as Windows and Linux have it; older readers know 0 and 1 only"),
    pad(9, 7),
    list(16, "CxlAgentAddress", 8, 1).valid(1).hex().choose(kCxlAgentChoice),
    part(24, "DeviceID", kCxlDeviceId).valid(2),
    part(40, "DeviceSerialNumber", kCxlSerialNumber).valid(3),
    part(48, "CapabilityStructure", kExpressCapability).valid(4),
    u16(108, "CxlDvsecLength").unit("bytes"),
    u16(110, "CxlErrorLogLength").unit("bytes"),
    pad(112, 4, "Reserved2"),
};
inline constexpr Tail kCxlProtocolTail[] = {
    run("CxlDvsec", ref(kCxlProtocolFields, "CxlDvsecLength")).as(kDvsec),
    run("CxlErrorLog", ref(kCxlProtocolFields, "CxlErrorLogLength")).as(kCxlRas),
};
}  // namespace tables

inline constexpr layout::Layout kCxlProtocol{.name = "CxlProtocol",
                                             .structure = "WHEA_CXL_PROTOCOL_ERROR_SECTION",
                                             .clause = "UEFI N.2.13",
                                             .min = 116,
                                             .size = 116,
                                             .fields = tables::kCxlProtocolFields,
                                             .tail = tables::kCxlProtocolTail,
                                             .valid = layout::ref(tables::kCxlProtocolFields, "ValidBits")};
static_assert(layout::check(kCxlProtocol));

namespace tables {
inline constexpr Name kCxlAgentTypesLibcper[] = {{0, "Cxl11Device"}, {1, "Cxl11HostDownstreamPort"}};
inline constexpr Choice kCxlAgentChoiceLibcper{
    .selector = "CxlAgentType", .at = {8, 1, 0, 8}, .rows = std::span(kCxlAgentRows).first(2)};
inline constexpr auto kCxlProtocolFieldsLibcper = with_fields(
    kCxlProtocolFields, u8(8, "CxlAgentType").valid(0).names(kCxlAgentTypesLibcper).from("libcper"),
    list(16, "CxlAgentAddress", 8, 1).valid(1).hex().choose(kCxlAgentChoiceLibcper).from("libcper"));
}  // namespace tables

// Reading "CxlProtocol:LIBCPER".
inline constexpr layout::Layout kCxlProtocolLibcper = reread(kCxlProtocol, tables::kCxlProtocolFieldsLibcper);
static_assert(layout::check(kCxlProtocolLibcper));

}  // namespace wheatstone::cper
