// The GUIDs of error records and their names. Source: WDK cperguid.h, UEFI appendix N, EDK2 Cper.h.
#pragma once

#include "formats/layout/field.hpp"
#include "formats/layout/guid.hpp"

namespace wheatstone::cper {

// Who made the record: WHEA_ERROR_RECORD_HEADER.CreatorId.
inline constexpr Guid kCreatorWindows = "cf07c4bd-b789-4e18-b3c4-1f732cb57131"_guid;
inline constexpr Guid kCreatorDeviceDriver = "57217c8d-5e66-44fb-8033-9b74cacedf5b"_guid;
inline constexpr layout::GuidName kCreatorNames[] = {{kCreatorWindows, "Microsoft"},
                                                     {kCreatorDeviceDriver, "DeviceDriver"}};

// How the error was signalled: WHEA_ERROR_RECORD_HEADER.NotifyType.
inline constexpr Guid kNotifyCmc = "2dce8bb1-bdd7-450e-b9ad-9cf4ebd4f890"_guid;
inline constexpr Guid kNotifyCpe = "4e292f96-d843-4a55-a8c2-d481f27ebeee"_guid;
inline constexpr Guid kNotifyMce = "e8f56ffe-919c-4cc5-ba88-65abe14913bb"_guid;
inline constexpr Guid kNotifyPcie = "cf93c01f-1a16-4dfc-b8bc-9c4daf67c104"_guid;
inline constexpr Guid kNotifyInit = "cc5263e8-9308-454a-89d0-340bd39bc98e"_guid;
inline constexpr Guid kNotifyNmi = "5bad89ff-b7e6-42c9-814a-cf2485d6e98a"_guid;
inline constexpr Guid kNotifyBoot = "3d61a466-ab40-409a-a698-f362d464b38f"_guid;
inline constexpr Guid kNotifyGeneric =
    "3e62a467-ab40-409a-a698-f362d464b38f"_guid;  // one word away from BOOT
inline constexpr Guid kNotifyDeviceDriver = "0033f803-2e70-4e88-992c-6f26daf3db7a"_guid;
inline constexpr Guid kNotifyCmci = "919448b2-3739-4b7f-a8f1-e0062805c2a3"_guid;
inline constexpr layout::GuidName kNotifyNames[] = {
    {kNotifyMce, "MCE"},
    {kNotifyCmci, "CMCI"},
    {kNotifyCmc, "CMC"},
    {kNotifyGeneric, "GENERIC"},
    {kNotifyPcie, "PCIe"},
    {kNotifyBoot, "BOOT"},
    {kNotifyNmi, "NMI"},
    {kNotifyCpe, "CPE"},
    {kNotifyInit, "INIT"},
    {kNotifyDeviceDriver, "DEVICE_DRIVER"},
    {"667dd791-c6b3-4c27-8a6b-0f8e722deb41"_guid, "DMAr"},
    {"9a78788a-bbe8-11e4-809e-67611e5d46b0"_guid, "SEA"},
    {"5c284c81-b0ae-4e87-a322-b04c85624323"_guid, "SEI"},
    {"09a9d5ac-5204-4214-96e5-94992e752bcd"_guid, "PEI"},
    {"69293bc9-41df-49a3-b4bd-4fb0db3041f6"_guid, "CXL_COMPONENT"},
    {"487565ba-6494-4367-95ca-4eff893522f6"_guid, "BMC"},
    {"e9d59197-94ee-4a4f-8ad8-9b7d8bd93d2e"_guid, "SCI"},
    {"fe84086e-b557-43cf-ac1b-17982e078470"_guid, "EXTINT"},
    {"990b31e9-541a-4db0-a42f-837d344f6923"_guid, "DEVICE_ERROR_SUMMARY"},
};

}  // namespace wheatstone::cper
