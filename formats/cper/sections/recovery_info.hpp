// Recovery info section, 39 bytes, Windows 20348 and later. Source: WDK WHEA_ERROR_RECOVERY_INFO_SECTION.
#pragma once

#include "formats/layout/field.hpp"
#include "formats/layout/view.hpp"

namespace wheatstone::cper {

namespace tables {
using namespace layout;
inline constexpr Bit kRecoveryActions[] = {{0, 1, "NoneAttempted"},
                                           {1, 1, "TerminateProcess"},
                                           {2, 1, "ForwardedToVm"},
                                           {3, 1, "MarkPageBad"},
                                           {4, 1, "PoisonNotPresent"}};
inline constexpr Name kRecoveryTypes[] = {{1, "ActionRequired"}, {2, "ActionOptional"}};
inline constexpr Name kRecoveryFailures[] = {{1, "KernelCouldNotMarkMemoryBad"},
                                             {2, "KernelMarkMemoryBadTimedOut"},
                                             {3, "NoRecoveryContext"},
                                             {4, "NotContinuable"},
                                             {5, "Pcc"},
                                             {6, "Overflow"},
                                             {7, "NotSupported"},
                                             {8, "MiscOrAddrNotValid"},
                                             {9, "InvalidAddressMode"},
                                             {10, "HighIrql"},
                                             {11, "InsufficientAltContextWrappers"},
                                             {12, "InterruptsDisabled"},
                                             {13, "SwapBusy"},
                                             {14, "StackOverflow"},
                                             {15, "UnexpectedFailure"},
                                             {16, "KernelWillPageFaultBCAtCurrentIrql"},
                                             {17, "FarNotValid"}};
inline constexpr Field kRecoveryInfoFields[] = {
    u8(0, "RecoveryKernel"),
    u64(1, "RecoveryAction").bits(kRecoveryActions),
    u32(9, "RecoveryType").names(kRecoveryTypes),
    u8(13, "Irql").hex(),
    u8(14, "RecoverySucceeded"),
    u32(15, "FailureReason").names(kRecoveryFailures),
    ascii(19, 20, "ProcessName").identity(),
};
}  // namespace tables

inline constexpr layout::Layout kRecoveryInfo{.name = "RecoveryInfo",
                                              .structure = "WHEA_ERROR_RECOVERY_INFO_SECTION",
                                              .clause = "WDK ntddk.h (20348)",
                                              .min = 39,
                                              .size = 39,
                                              .fields = tables::kRecoveryInfoFields};
static_assert(layout::check(kRecoveryInfo));

struct RecoveryInfo {
  static constexpr auto kRecoveryAction =
      layout::handle<RecoveryInfo, std::uint64_t>(kRecoveryInfo, "RecoveryAction");
  static constexpr auto kIrql = layout::handle<RecoveryInfo, std::uint8_t>(kRecoveryInfo, "Irql");
};

}  // namespace wheatstone::cper
