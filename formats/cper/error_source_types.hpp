// The names of error source types, which packets and descriptors of sources share. Source: WDK
// WHEA_ERROR_SOURCE_TYPE (ntddk.h of builds 6001 to 22621).
#pragma once

#include "formats/layout/names.hpp"

namespace wheatstone::cper {

inline constexpr layout::Name kErrorSourceTypeNames[] = {
    {0, "MCE"},     {1, "CMC"},           {2, "CPE"},        {3, "NMI"},           {4, "PCIe"},
    {5, "Generic"}, {6, "INIT"},          {7, "BOOT"},       {8, "SCIGeneric"},    {9, "IPFMCA"},
    {10, "IPFCMC"}, {11, "IPFCPE"},       {12, "GenericV2"}, {13, "SCIGenericV2"}, {14, "BMC"},
    {15, "PMEM"},   {16, "DeviceDriver"}, {17, "Sea"},       {18, "Sei"}};

}  // namespace wheatstone::cper
