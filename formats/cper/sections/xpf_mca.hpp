// XPF MCA section: one machine check bank as Windows keeps it. Five forms, told apart by length, never by
// VersionNumber alone: 264 (V1, and V2 of 17134 and 17763), 272 (V2), 292 (V3), 1192 (V4), 2088 (V5).
// Source: WDK WHEA_XPF_MCA_SECTION of builds 7600 to 28000.
#pragma once

#include <array>

#include "formats/layout/field.hpp"
#include "formats/layout/view.hpp"

namespace wheatstone::cper {

inline constexpr std::uint32_t kCpuVendorOther = 0;
inline constexpr std::uint32_t kCpuVendorIntel = 1;
inline constexpr std::uint32_t kCpuVendorAmd = 2;

namespace tables {
using namespace layout;

inline constexpr Name kCpuVendors[] = {{0, "Other"}, {1, "Intel"}, {2, "AMD"}};

inline constexpr Bit kMcgStatus[] = {{0, 1, "RestartIpValid"},
                                     {1, 1, "ErrorIpValid"},
                                     {2, 1, "MachineCheckInProgress"},
                                     {3, 1, "LocalMceValid"}};

inline constexpr Bit kMciStatusCommon[] = {
    {0, 16, "McaErrorCode"},     {16, 16, "ModelErrorCode"}, {57, 1, "ContextCorrupt"},
    {58, 1, "AddressValid"},     {59, 1, "MiscValid"},       {60, 1, "ErrorEnabled"},
    {61, 1, "UncorrectedError"}, {62, 1, "StatusOverFlow"},  {63, 1, "Valid"}};
inline constexpr Bit kMciStatusIntel[] = {{0, 16, "McaErrorCode"},
                                          {16, 16, "ModelErrorCode"},
                                          {32, 5, "OtherInfo"},
                                          {37, 1, "FirmwareUpdateError"},
                                          {38, 15, "CorrectedErrorCount"},
                                          {53, 2, "ThresholdErrorStatus"},
                                          {55, 1, "ActionRequired"},
                                          {56, 1, "Signalling"},
                                          {57, 1, "ContextCorrupt"},
                                          {58, 1, "AddressValid"},
                                          {59, 1, "MiscValid"},
                                          {60, 1, "ErrorEnabled"},
                                          {61, 1, "UncorrectedError"},
                                          {62, 1, "StatusOverFlow"},
                                          {63, 1, "Valid"}};
inline constexpr Bit kMciStatusAmd[] = {
    {0, 16, "McaErrorCode"},   {16, 16, "ModelErrorCode"},  {32, 11, "ImplementationSpecific2"},
    {43, 1, "Poison"},         {44, 1, "Deferred"},         {45, 12, "ImplementationSpecific1"},
    {57, 1, "ContextCorrupt"}, {58, 1, "AddressValid"},     {59, 1, "MiscValid"},
    {60, 1, "ErrorEnabled"},   {61, 1, "UncorrectedError"}, {62, 1, "StatusOverFlow"},
    {63, 1, "Valid"}};

inline constexpr Ref kCpuVendorAt{4, 4, 0, 32};
inline constexpr ChoiceRow kMciStatusRows[] = {{1, {}, "IntelBits", kMciStatusIntel},
                                               {2, {}, "AmdBits", kMciStatusAmd}};
inline constexpr Choice kMciStatus{
    .selector = "CpuVendor", .at = kCpuVendorAt, .rows = kMciStatusRows, .otherwise = kMciStatusCommon};

inline constexpr Field kAmdExtendedFields[] = {
    u64(0, "IPID").hex(),
    u64(8, "SYND").hex(),
    u64(16, "CONFIG").hex(),
    u64(24, "DESTAT").hex(),
    u64(32, "DEADDR").hex(),
    u64(40, "MISC1").hex(),
    u64(48, "MISC2").hex(),
    u64(56, "MISC3").hex(),
    u64(64, "MISC4").hex(),
    u64(72, "RasCap").hex(),
    list(80, "Reserved", 14, 8).hex(),
};
inline constexpr Layout kAmdExtended{.name = "AmdExtendedRegisters",
                                     .structure = "WHEA_AMD_EXTENDED_REGISTERS",
                                     .clause = "WDK ntddk.h",
                                     .min = 192,
                                     .size = 192,
                                     .fields = kAmdExtendedFields};
static_assert(check(kAmdExtended));

inline constexpr ChoiceRow kExtendedRows[] = {{2, {}, "AMDExtendedRegisters", {}, kForms<kAmdExtended>}};
inline constexpr Choice kExtendedRegisters{
    .selector = "CpuVendor", .at = kCpuVendorAt, .rows = kExtendedRows};

inline constexpr Bit kMcgCap[] = {{0, 8, "CountField"},
                                  {8, 1, "ControlMsrPresent"},
                                  {9, 1, "ExtendedMsrsPresent"},
                                  {10, 1, "SignalingExtensionPresent"},
                                  {11, 1, "ThresholdErrorStatusPresent"},
                                  {16, 8, "ExtendedRegisterCount"},
                                  {24, 1, "SoftwareErrorRecoverySupported"},
                                  {25, 1, "EnhancedMachineCheckCapability"},
                                  {26, 1, "ExtendedErrorLogging"},
                                  {27, 1, "LocalMachineCheckException"}};

inline constexpr Bit kXpfFailureReason[] = {{0, 1, "NotSupported"},       {1, 1, "Overflow"},
                                            {2, 1, "ContextCorrupt"},     {3, 1, "RestartIpErrorIpNotValid"},
                                            {4, 1, "NoRecoveryContext"},  {5, 1, "MiscOrAddrNotValid"},
                                            {6, 1, "InvalidAddressMode"}, {7, 1, "HighIrql"},
                                            {8, 1, "InterruptsDisabled"}, {9, 1, "SwapBusy"},
                                            {10, 1, "StackOverflow"}};
inline constexpr Bit kXpfRecoveryAction[] = {{0, 1, "RecoveryAttempted"}, {1, 1, "HvHandled"}};
inline constexpr Field kXpfRecoveryFields[] = {
    u32(0, "FailureReason").bits(kXpfFailureReason),
    u32(4, "Action").bits(kXpfRecoveryAction),
    u8(8, "ActionRequired"),
    u8(9, "RecoverySucceeded"),
    u8(10, "RecoveryKernel"),
    pad(11, 9),
};
inline constexpr Layout kXpfRecovery{.name = "XpfRecoveryInfo",
                                     .structure = "XPF_RECOVERY_INFO",
                                     .clause = "WDK ntddk.h (20348)",
                                     .min = 20,
                                     .size = 20,
                                     .fields = kXpfRecoveryFields};
static_assert(check(kXpfRecovery));

// The fields that all forms share come first; a shorter form is a prefix of this array.
inline constexpr std::size_t kMcaFieldsV1 = 13;
inline constexpr std::size_t kMcaFieldsV2 = 14;
inline constexpr std::size_t kMcaFieldsV3 = 15;
inline constexpr Field kMcaCommonFields[kMcaFieldsV3] = {
    u32(0, "VersionNumber"),
    u32(4, "CpuVendor").names(kCpuVendors),
    u64(8, "Timestamp").filetime(),
    u32(16, "ProcessorNumber"),
    u64(20, "GlobalStatus").bits(kMcgStatus),
    u64(28, "InstructionPointer").hex().address(),
    u32(36, "BankNumber"),
    u64(40, "Status").choose(kMciStatus),
    u64(48, "Address").hex().address(),
    u64(56, "Misc").hex(),
    u32(64, "ExtendedRegisterCount").about("0 on some records although the registers are there"),
    u32(68, "ApicId").hex(),
    list(72, "ExtendedRegisters", 24, 8).hex().choose(kExtendedRegisters),
    u64(264, "GlobalCapability").bits(kMcgCap).from("WDK ntddk.h (18362)"),
    part(272, "RecoveryInfo", kXpfRecovery),
};

// V4 and V5 add the other banks of the same event: a count and four arrays.
template <std::uint32_t banks>
consteval std::array<Field, kMcaFieldsV3 + 5> with_banks() {
  std::array<Field, kMcaFieldsV3 + 5> fields;
  for (std::size_t i = 0; i < kMcaFieldsV3; ++i) fields[i] = kMcaCommonFields[i];
  const std::uint32_t numbers = 296, status = numbers + 4 * banks, address = status + 8 * banks;
  fields[kMcaFieldsV3] = u32(292, "ExBankCount");
  fields[kMcaFieldsV3 + 1] = list(numbers, "BankNumberEx", banks, 4);
  fields[kMcaFieldsV3 + 2] = list(status, "StatusEx", banks, 8).hex();
  fields[kMcaFieldsV3 + 3] = list(address, "AddressEx", banks, 8).hex().address();
  fields[kMcaFieldsV3 + 4] = list(address + 8 * banks, "MiscEx", banks, 8).hex();
  return fields;
}
inline constexpr auto kMcaFieldsV4 = with_banks<32>();
inline constexpr auto kMcaFieldsV5 = with_banks<64>();

consteval Layout mca(std::string_view clause, std::span<const Field> fields) {
  return {.name = "XpfMca",
          .structure = "WHEA_XPF_MCA_SECTION",
          .clause = clause,
          .min = 264,
          .size = fields.back().end(),
          .fields = fields};
}
}  // namespace tables

inline constexpr layout::Layout kXpfMcaV1 =
    tables::mca("WDK ntddk.h (7600)", std::span(tables::kMcaCommonFields).first(tables::kMcaFieldsV1));
inline constexpr layout::Layout kXpfMcaV2 =
    tables::mca("WDK ntddk.h (18362)", std::span(tables::kMcaCommonFields).first(tables::kMcaFieldsV2));
inline constexpr layout::Layout kXpfMcaV3 = tables::mca("WDK ntddk.h (20348)", tables::kMcaCommonFields);
inline constexpr layout::Layout kXpfMcaV4 = tables::mca("WDK ntddk.h (26100)", tables::kMcaFieldsV4);
inline constexpr layout::Layout kXpfMcaV5 = tables::mca("WDK ntddk.h (28000)", tables::kMcaFieldsV5);
static_assert(layout::check(kXpfMcaV1) && kXpfMcaV1.size == 264);
static_assert(layout::check(kXpfMcaV2) && kXpfMcaV2.size == 272);
static_assert(layout::check(kXpfMcaV3) && kXpfMcaV3.size == 292);
static_assert(layout::check(kXpfMcaV4) && kXpfMcaV4.size == 1192);
static_assert(layout::check(kXpfMcaV5) && kXpfMcaV5.size == 2088);

// One view for all forms: the first 264 bytes are common.
struct XpfMca {
  static constexpr auto kVersionNumber = layout::handle<XpfMca, std::uint32_t>(kXpfMcaV1, "VersionNumber");
  static constexpr auto kCpuVendor = layout::handle<XpfMca, std::uint32_t>(kXpfMcaV1, "CpuVendor");
  static constexpr auto kTimestamp = layout::handle<XpfMca, std::uint64_t>(kXpfMcaV1, "Timestamp");
  static constexpr auto kProcessorNumber =
      layout::handle<XpfMca, std::uint32_t>(kXpfMcaV1, "ProcessorNumber");
  static constexpr auto kGlobalStatus = layout::handle<XpfMca, std::uint64_t>(kXpfMcaV1, "GlobalStatus");
  static constexpr auto kInstructionPointer =
      layout::handle<XpfMca, std::uint64_t>(kXpfMcaV1, "InstructionPointer");
  static constexpr auto kBankNumber = layout::handle<XpfMca, std::uint32_t>(kXpfMcaV1, "BankNumber");
  static constexpr auto kStatus = layout::handle<XpfMca, std::uint64_t>(kXpfMcaV1, "Status");
  static constexpr auto kAddress = layout::handle<XpfMca, std::uint64_t>(kXpfMcaV1, "Address");
  static constexpr auto kMisc = layout::handle<XpfMca, std::uint64_t>(kXpfMcaV1, "Misc");
  static constexpr auto kApicId = layout::handle<XpfMca, std::uint32_t>(kXpfMcaV1, "ApicId");
  static constexpr auto kGlobalCapability =
      layout::late_handle<XpfMca, std::uint64_t>(kXpfMcaV2, "GlobalCapability");
};

}  // namespace wheatstone::cper
