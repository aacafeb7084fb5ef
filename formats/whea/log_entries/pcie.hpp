// Entries about PCI Express: AER, DPC, overrides, root buses, throttling. Source: WDK WHEAP_..._EVENT,
// WHEA_AZCC_..., WHEA_THROTTLE_PCIE_... (ntddk.h of builds 18362 to 28000).
#pragma once

#include "formats/cper/severity.hpp"
#include "formats/layout/field.hpp"
#include "formats/whea/log_entries/payload.hpp"

namespace wheatstone::whea {

namespace tables {
inline constexpr Field kEdpcFields[] = {u8(0, "eDPCEnabled"),
                                        u8(1, "eDPCRecovEnabled").about("some entries end before it")};
inline constexpr Field kRootBusErrorFields[] = {u8(0, "MaxBusCountPassed"), u8(1, "InvalidBusMSR")};
inline constexpr Field kRootBusListFields[] = {u32(0, "RootBusCount"), list(4, "RootBuses", 8, 4)};
inline constexpr Field kSetPoisonFields[] = {u32(0, "Bus"), u8(4, "ReadSuccess"), u8(5, "WriteSuccess"),
                                             u8(6, "IsEnable")};
inline constexpr Field kOverrideFields[] = {u32(0, "Segment"),
                                            u32(4, "Bus"),
                                            u32(8, "Device"),
                                            u32(12, "Function"),
                                            u8(16, "ValidBits").hex(),
                                            pad(17, 3),
                                            u32(20, "UncorrectableErrorMask").hex(),
                                            u32(24, "UncorrectableErrorSeverity").hex(),
                                            u32(28, "CorrectableErrorMask").hex(),
                                            u32(32, "CapAndControl").hex()};
inline constexpr Name kOverrideErrors[] = {{0, "NoErr"},    {1, "NoMemory"},     {2, "QueryErr"},
                                           {3, "BadSize"},  {4, "BadSignature"}, {5, "NoCapOffset"},
                                           {6, "NotBinary"}};
inline constexpr Field kReadOverridesFields[] = {u32(0, "FailureReason").names(kOverrideErrors),
                                                 nt_status(4, "FailureStatus")};
inline constexpr Field kConfigFields[] = {
    u32(0, "Segment"),      u32(4, "Bus"),       u32(8, "Device"),
    u32(12, "Function"),    u32(16, "Offset"),   u32(20, "Length").unit("bytes"),
    u64(24, "Value").hex(), u8(32, "Succeeded"), pad(33, 3)};

// WHEA_PCIE_ADDRESS, a mask, then what came of it if the device was added.
inline constexpr std::size_t kPcieRemoveCount = 5;
inline constexpr std::array<Field, kPcieRemoveCount + 2> kPcieAddFields = {u32(0, "Address.Segment"),
                                                                           u32(4, "Address.Bus"),
                                                                           u32(8, "Address.Device"),
                                                                           u32(12, "Address.Function"),
                                                                           u32(16, "Mask").hex(),
                                                                           u8(20, "Updated"),
                                                                           nt_status(21)};
inline constexpr auto kPcieRemoveFields = std::span(kPcieAddFields).first(kPcieRemoveCount);

inline constexpr Field kSpuriousAerFields[] = {u32(0, "ErrorSeverity").names(cper::kSeverityNames),
                                               u32(4, "ErrorHandlerType"),
                                               u32(8, "SpuriousErrorSourceId").hex(),
                                               u32(12, "RootErrorCommand").hex(),
                                               u32(16, "RootErrorStatus").hex(),
                                               u32(20, "DeviceAssociationBitmap").hex()};
inline constexpr Field kPromotedAerFields[] = {u32(0, "ErrorSeverity").names(cper::kSeverityNames),
                                               u32(4, "ErrorHandlerType"),
                                               u32(8, "ErrorSourceId").hex(),
                                               u32(12, "RootErrorCommand").hex(),
                                               u32(16, "RootErrorStatus").hex(),
                                               u32(20, "DeviceAssociationBitmap").hex()};
inline constexpr Name kDpcErrors[] = {{0, "NoErr"},       {1, "BusNotFound"}, {2, "DpcedSubtree"},
                                      {3, "DeviceIdBad"}, {4, "ResetFailed"}, {5, "NoChildren"}};
inline constexpr Field kDpcFields[] = {u32(0, "ErrType").names(kDpcErrors),
                                       u32(4, "Bus"),
                                       u32(8, "Device"),
                                       u32(12, "Function"),
                                       u16(16, "DeviceId").hex(),
                                       u16(18, "VendorId").hex()};
}  // namespace tables

inline constexpr layout::Layout kLogEDpcEnabled =
    tables::log_payload("LogEDpcEnabled", "WHEAP_EDPC_ENABLED_EVENT", tables::kEdpcFields, 1);
static_assert(layout::check(kLogEDpcEnabled));
inline constexpr layout::Layout kLogAzccRootBusSearchErr = tables::log_payload(
    "LogAzccRootBusSearchErr", "WHEA_AZCC_ROOT_BUS_ERR_EVENT", tables::kRootBusErrorFields);
static_assert(layout::check(kLogAzccRootBusSearchErr));
inline constexpr layout::Layout kLogAzccRootBusList =
    tables::log_payload("LogAzccRootBusList", "WHEA_AZCC_ROOT_BUS_LIST_EVENT", tables::kRootBusListFields);
static_assert(layout::check(kLogAzccRootBusList));
inline constexpr layout::Layout kLogAzccRootBusPoisonSet =
    tables::log_payload("LogAzccRootBusPoisonSet", "WHEA_AZCC_SET_POISON_EVENT", tables::kSetPoisonFields);
static_assert(layout::check(kLogAzccRootBusPoisonSet));
inline constexpr layout::Layout kLogPcieOverrideInfo =
    tables::log_payload("LogPcieOverrideInfo", "WHEAP_PCIE_OVERRIDE_INFO", tables::kOverrideFields);
static_assert(layout::check(kLogPcieOverrideInfo));
inline constexpr layout::Layout kLogReadPcieOverridesErr = tables::log_payload(
    "LogReadPcieOverridesErr", "WHEAP_PCIE_READ_OVERRIDES_ERR", tables::kReadOverridesFields);
static_assert(layout::check(kLogReadPcieOverridesErr));
inline constexpr layout::Layout kLogPcieConfigInfo =
    tables::log_payload("LogPcieConfigInfo", "WHEAP_PCIE_CONFIG_INFO", tables::kConfigFields);
static_assert(layout::check(kLogPcieConfigInfo));
inline constexpr layout::Layout kLogPcieRemoveDevice =
    tables::log_payload("LogPcieRemoveDevice", "WHEA_THROTTLE_PCIE_REMOVE_EVENT", tables::kPcieRemoveFields);
static_assert(layout::check(kLogPcieRemoveDevice));
inline constexpr layout::Layout kLogPcieAddDevice =
    tables::log_payload("LogPcieAddDevice", "WHEA_THROTTLE_PCIE_ADD_EVENT", tables::kPcieAddFields);
static_assert(layout::check(kLogPcieAddDevice));
inline constexpr layout::Layout kLogPcieSpuriousErrSource =
    tables::log_payload("LogPcieSpuriousErrSource", "WHEAP_SPURIOUS_AER_EVENT", tables::kSpuriousAerFields);
static_assert(layout::check(kLogPcieSpuriousErrSource));
inline constexpr layout::Layout kLogPciePromotedAerErr = tables::log_payload(
    "LogPciePromotedAerErr", "WHEAP_PROMOTED_AER_ERROR_EVENT", tables::kPromotedAerFields);
static_assert(layout::check(kLogPciePromotedAerErr));
inline constexpr layout::Layout kLogPcieDpcError =
    tables::log_payload("LogPcieDpcError", "WHEAP_DPC_ERROR_EVENT", tables::kDpcFields);
static_assert(layout::check(kLogPcieDpcError));

}  // namespace wheatstone::whea
