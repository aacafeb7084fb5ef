// Union members of machine check sources on x86 and x64: exceptions, corrected errors, NMI; and their banks.
// Source: WDK WHEA_XPF_MCE_DESCRIPTOR, WHEA_XPF_CMC_DESCRIPTOR, WHEA_XPF_NMI_DESCRIPTOR,
// WHEA_XPF_MC_BANK_DESCRIPTOR (ntddk.h of builds 6001 to 28000).
#pragma once

#include "formats/layout/field.hpp"
#include "formats/layout/view.hpp"
#include "formats/whea/sources/notification.hpp"

namespace wheatstone::whea {

inline constexpr std::uint16_t kMemberXpfMce = 0;
inline constexpr std::uint16_t kMemberXpfCmc = 1;
inline constexpr std::uint16_t kMemberXpfNmi = 2;

// Banks that a descriptor has room for, in its two forms.
inline constexpr std::size_t kMostBanks = 32;
inline constexpr std::size_t kMostBanksV2 = 64;

namespace tables {
inline constexpr Name kBankStatusFormats[] = {{0, "IA32MCA"}, {1, "Intel64MCA"}, {2, "AMD64MCA"}};
inline constexpr Bit kBankFlags[] = {{0, 1, "ClearOnInitializationRW"}, {1, 1, "ControlDataRW"}};
inline constexpr Field kBankFields[] = {
    u8(0, "BankNumber"),
    u8(1, "ClearOnInitialization"),
    u8(2, "StatusDataFormat").names(kBankStatusFormats),
    u8(3, "Flags").bits(kBankFlags),
    u32(4, "ControlMsr").hex().about("0x400 + 4 * bank unless firmware says otherwise"),
    u32(8, "StatusMsr").hex().about("0x401 + 4 * bank"),
    u32(12, "AddressMsr").hex().about("0x402 + 4 * bank"),
    u32(16, "MiscMsr").hex().about("0x403 + 4 * bank"),
    u64(20, "ControlData").hex().about("all ones unless firmware says otherwise"),
};
}  // namespace tables

inline constexpr layout::Layout kMachineCheckBank{.name = "XpfBank",
                                                  .structure = "WHEA_XPF_MC_BANK_DESCRIPTOR",
                                                  .clause = "WDK ntddk.h (6001)",
                                                  .min = 28,
                                                  .size = 28,
                                                  .fields = tables::kBankFields};
static_assert(layout::check(kMachineCheckBank));

struct MachineCheckBank {
  static constexpr auto kBankNumber =
      layout::handle<MachineCheckBank, std::uint8_t>(kMachineCheckBank, "BankNumber");
  static constexpr auto kClearOnInitialization =
      layout::handle<MachineCheckBank, std::uint8_t>(kMachineCheckBank, "ClearOnInitialization");
  static constexpr auto kStatusDataFormat =
      layout::handle<MachineCheckBank, std::uint8_t>(kMachineCheckBank, "StatusDataFormat");
  static constexpr auto kFlags = layout::handle<MachineCheckBank, std::uint8_t>(kMachineCheckBank, "Flags");
  static constexpr auto kControlMsr =
      layout::handle<MachineCheckBank, std::uint32_t>(kMachineCheckBank, "ControlMsr");
  static constexpr auto kStatusMsr =
      layout::handle<MachineCheckBank, std::uint32_t>(kMachineCheckBank, "StatusMsr");
  static constexpr auto kAddressMsr =
      layout::handle<MachineCheckBank, std::uint32_t>(kMachineCheckBank, "AddressMsr");
  static constexpr auto kMiscMsr =
      layout::handle<MachineCheckBank, std::uint32_t>(kMachineCheckBank, "MiscMsr");
  static constexpr auto kControlData =
      layout::handle<MachineCheckBank, std::uint64_t>(kMachineCheckBank, "ControlData");
};

namespace tables {
inline constexpr Bit kMceFlags[] = {{0, 1, "MCG_CapabilityRW"}, {1, 1, "MCG_GlobalControlRW"}};
inline constexpr Field kXpfMceFields[] = {
    u16(0, "Type"),
    u8(2, "Enabled"),
    u8(3, "NumberOfBanks"),
    u32(4, "Flags").bits(kMceFlags),
    u64(8, "MCG_Capability").hex(),
    u64(16, "MCG_GlobalControl").hex(),
};
inline constexpr Field kXpfCmcFields[] = {
    u16(0, "Type"), u8(2, "Enabled"), u8(3, "NumberOfBanks"), pad(4, 4), part(8, "Notify", kNotification),
};
inline constexpr Field kXpfNmiFields[] = {u16(0, "Type"), u8(2, "Enabled")};

// The array has room for 32 banks (64 in the V2 descriptor), NumberOfBanks of them mean something.
inline constexpr Tail kXpfMceTail[] = {many("Banks", kMachineCheckBank, ref(kXpfMceFields, "NumberOfBanks")),
                                       rest("Padding")};
inline constexpr Tail kXpfCmcTail[] = {many("Banks", kMachineCheckBank, ref(kXpfCmcFields, "NumberOfBanks")),
                                       rest("Padding")};
inline constexpr Tail kMemberTail[] = {rest("Padding")};
}  // namespace tables

inline constexpr layout::Layout kXpfMceDescriptor{
    .name = "XpfMceDescriptor",
    .structure = "WHEA_XPF_MCE_DESCRIPTOR",
    .clause = "WDK ntddk.h (6001); 64 banks: WHEA_XPF_MCE_DESCRIPTOR_V2 (28000)",
    .min = 24,
    .size = 24,
    .fields = tables::kXpfMceFields,
    .tail = tables::kXpfMceTail};
static_assert(layout::check(kXpfMceDescriptor));

inline constexpr layout::Layout kXpfCmcDescriptor{
    .name = "XpfCmcDescriptor",
    .structure = "WHEA_XPF_CMC_DESCRIPTOR",
    .clause = "WDK ntddk.h (6001); 64 banks: WHEA_XPF_CMC_DESCRIPTOR_V2 (28000)",
    .min = 36,
    .size = 36,
    .fields = tables::kXpfCmcFields,
    .tail = tables::kXpfCmcTail};
static_assert(layout::check(kXpfCmcDescriptor));

inline constexpr layout::Layout kXpfNmiDescriptor{.name = "XpfNmiDescriptor",
                                                  .structure = "WHEA_XPF_NMI_DESCRIPTOR",
                                                  .clause = "WDK ntddk.h (6001)",
                                                  .min = 3,
                                                  .size = 3,
                                                  .fields = tables::kXpfNmiFields,
                                                  .tail = tables::kMemberTail};
static_assert(layout::check(kXpfNmiDescriptor));

}  // namespace wheatstone::whea
