// PCI/PCI-X bus error section, 72 bytes, and PCI/PCI-X device error section, 40 bytes and two arrays of
// register pairs. Source: UEFI N.2.8 and N.2.9, WDK WHEA_PCIXBUS_ERROR_SECTION and
// WHEA_PCIXDEVICE_ERROR_SECTION.
#pragma once

#include "formats/cper/error_status.hpp"
#include "formats/layout/field.hpp"

namespace wheatstone::cper {

namespace tables {
using namespace layout;

inline constexpr Bit kPciXBusValid[] = {{0, 1, "ErrorStatus"}, {1, 1, "ErrorType"},   {2, 1, "BusId"},
                                        {3, 1, "BusAddress"},  {4, 1, "BusData"},     {5, 1, "BusCommand"},
                                        {6, 1, "RequesterId"}, {7, 1, "CompleterId"}, {8, 1, "TargetId"}};

inline constexpr Name kPciXBusErrorTypes[] = {
    {0, "Unknown"},    {1, "DataParity"},       {2, "SystemError"},   {3, "MasterAbort"},
    {4, "BusTimeout"}, {5, "MasterDataParity"}, {6, "AddressParity"}, {7, "CommandParity"}};

inline constexpr Bit kPciXBusCommand[] = {{0, 56, "Command"}, {56, 1, "PCIXCommand"}};

inline constexpr Field kPciXBusFields[] = {
    u64(0, "ValidBits").bits(kPciXBusValid),
    u64(8, "ErrorStatus").valid(0).bits(kErrorStatus),
    u16(16, "ErrorType").valid(1).names(kPciXBusErrorTypes),
    u8(18, "BusId.BusNumber").valid(2),
    u8(19, "BusId.BusSegment").valid(2),
    pad(20, 4),
    u64(24, "BusAddress").valid(3).hex().address(),
    u64(32, "BusData").valid(4).hex(),
    u64(40, "BusCommand").valid(5).bits(kPciXBusCommand),
    u64(48, "RequesterId").valid(6).hex(),
    u64(56, "CompleterId").valid(7).hex().about("ResponderId in EDK2"),
    u64(64, "TargetId").valid(8).hex(),
};
}  // namespace tables

inline constexpr layout::Layout kPciXBus{.name = "PciXBus",
                                         .structure = "WHEA_PCIXBUS_ERROR_SECTION",
                                         .clause = "UEFI N.2.8",
                                         .min = 72,
                                         .size = 72,
                                         .fields = tables::kPciXBusFields,
                                         .valid = layout::ref(tables::kPciXBusFields, "ValidBits")};
static_assert(layout::check(kPciXBus));

namespace tables {
inline constexpr Field kPciXDeviceIdFields[] = {
    u16(0, "VendorId").hex(),
    u16(2, "DeviceId").hex(),
    u24(4, "ClassCode").hex().about("the top byte is the base class"),
    u8(7, "FunctionNumber"),
    u8(8, "DeviceNumber"),
    u8(9, "BusNumber"),
    u8(10, "SegmentNumber"),
    pad(11, 1, "Reserved1"),
    pad(12, 4, "Reserved2"),
};
inline constexpr Layout kPciXDeviceId{.name = "PciXDeviceId",
                                      .structure = "WHEA_PCIXDEVICE_ID",
                                      .clause = "UEFI N.2.9",
                                      .min = 16,
                                      .size = 16,
                                      .fields = kPciXDeviceIdFields};
static_assert(check(kPciXDeviceId));

inline constexpr Field kPciXRegisterPairFields[] = {u64(0, "Register").hex(), u64(8, "Value").hex()};
inline constexpr Layout kPciXRegisterPair{.name = "PciXRegisterPair",
                                          .structure = "WHEA_PCIXDEVICE_REGISTER_PAIR",
                                          .clause = "UEFI N.2.9",
                                          .min = 16,
                                          .size = 16,
                                          .fields = kPciXRegisterPairFields};
static_assert(check(kPciXRegisterPair));

inline constexpr Bit kPciXDeviceValid[] = {{0, 1, "ErrorStatus"},
                                           {1, 1, "IdInfo"},
                                           {2, 1, "MemoryNumber"},
                                           {3, 1, "IoNumber"},
                                           {4, 1, "RegisterDataPairs"}};

inline constexpr Field kPciXDeviceFields[] = {
    u64(0, "ValidBits").bits(kPciXDeviceValid),
    u64(8, "ErrorStatus").valid(0).bits(kErrorStatus),
    part(16, "IdInfo", kPciXDeviceId).valid(1),
    u32(32, "MemoryNumber").valid(2).about("pairs of memory-mapped registers"),
    u32(36, "IoNumber").valid(3).about("pairs of I/O registers"),
};
inline constexpr Tail kPciXDeviceTail[] = {
    many("MemoryPair", kPciXRegisterPair, ref(kPciXDeviceFields, "MemoryNumber")),
    many("IoPair", kPciXRegisterPair, ref(kPciXDeviceFields, "IoNumber")),
};
}  // namespace tables

// RegisterDataPairs is one array in the specification: first the memory pairs, then the I/O pairs.
inline constexpr layout::Layout kPciXDevice{.name = "PciXDevice",
                                            .structure = "WHEA_PCIXDEVICE_ERROR_SECTION",
                                            .clause = "UEFI N.2.9",
                                            .min = 40,
                                            .size = 40,
                                            .fields = tables::kPciXDeviceFields,
                                            .tail = tables::kPciXDeviceTail,
                                            .valid = layout::ref(tables::kPciXDeviceFields, "ValidBits")};
static_assert(layout::check(kPciXDevice));

namespace tables {
inline constexpr Field kPciXDeviceVistaSp1Fields[] = {
    kPciXDeviceFields[0],
    kPciXDeviceFields[1],
    kPciXDeviceFields[2],
    kPciXDeviceFields[3],
    kPciXDeviceFields[4],
    part(40, "RegisterDataPairs[0]", kPciXRegisterPair).valid(4),
    part(56, "RegisterDataPairs[1]", kPciXRegisterPair).valid(4),
    part(72, "RegisterDataPairs[2]", kPciXRegisterPair).valid(4),
    part(88, "RegisterDataPairs[3]", kPciXRegisterPair).valid(4),
};
}  // namespace tables

// Reading "PciXDevice:VistaSP1": its length is also that of four pairs that the counts name.
inline constexpr layout::Layout kPciXDeviceVistaSp1{
    .name = "PciXDevice",
    .structure = "WHEA_PCIXDEVICE_ERROR_SECTION",
    .clause = "WDK ntddk.h (6001)",
    .min = 40,
    .size = 104,
    .fields = tables::kPciXDeviceVistaSp1Fields,
    .valid = layout::ref(tables::kPciXDeviceVistaSp1Fields, "ValidBits")};
static_assert(layout::check(kPciXDeviceVistaSp1));

}  // namespace wheatstone::cper
