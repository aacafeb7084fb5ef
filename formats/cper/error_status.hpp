// The error status word that memory, PCI-X and PMEM sections share. Source: UEFI N.2.12 (error status), WDK
// WHEA_ERROR_STATUS.
#pragma once

#include "formats/layout/field.hpp"

namespace wheatstone::cper {

inline constexpr layout::Name kErrorStatusTypes[] = {
    {0x01, "ERR_INTERNAL"}, {0x04, "ERR_MEM"},      {0x05, "ERR_TLB"},      {0x06, "ERR_CACHE"},
    {0x07, "ERR_FUNCTION"}, {0x08, "ERR_SELFTEST"}, {0x09, "ERR_FLOW"},     {0x10, "ERR_BUS"},
    {0x11, "ERR_MAP"},      {0x12, "ERR_IMPROPER"}, {0x13, "ERR_UNIMPL"},   {0x14, "ERR_LOL"},
    {0x15, "ERR_RESPONSE"}, {0x16, "ERR_PARITY"},   {0x17, "ERR_PROTOCOL"}, {0x18, "ERR_ERROR"},
    {0x19, "ERR_TIMEOUT"},  {0x1a, "ERR_POISONED"}};

inline constexpr layout::Bit kErrorStatus[] = {{8, 8, "ErrorType", kErrorStatusTypes},
                                               {16, 1, "Address"},
                                               {17, 1, "Control"},
                                               {18, 1, "Data"},
                                               {19, 1, "Responder"},
                                               {20, 1, "Requester"},
                                               {21, 1, "FirstError"},
                                               {22, 1, "Overflow"}};

}  // namespace wheatstone::cper
