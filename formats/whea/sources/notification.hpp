// How an error source tells the system that there is an error, 28 bytes. Source: WDK
// WHEA_NOTIFICATION_DESCRIPTOR (ntddk.h of builds 6001 to 28000), ACPI 18.3.2.9.
#pragma once

#include "formats/layout/field.hpp"
#include "formats/layout/view.hpp"

namespace wheatstone::whea {

// The same numbers in Windows and ACPI.
enum class NotificationType : std::uint8_t {
  polled = 0,
  external_interrupt = 1,
  local_interrupt = 2,
  sci = 3,
  nmi = 4,
  cmci = 5,
  mce = 6,
  gpio_signal = 7,
  armv8_sea = 8,
  armv8_sei = 9,
  external_interrupt_gsiv = 10,
  sdei = 11,
  riscv_sse = 12,
};

inline constexpr layout::Name kNotificationTypeNames[] = {{0, "Polled"},
                                                          {1, "ExternalInterrupt"},
                                                          {2, "LocalInterrupt"},
                                                          {3, "Sci"},
                                                          {4, "Nmi"},
                                                          {5, "Cmci"},
                                                          {6, "Mce"},
                                                          {7, "GpioSignal"},
                                                          {8, "ArmV8Sea"},
                                                          {9, "ArmV8Sei"},
                                                          {10, "ExternalInterruptGsiv"},
                                                          {11, "Sdei"},
                                                          {12, "RiscVSse"}};

namespace tables {
using namespace layout;

inline constexpr Bit kNotificationFlags[] = {{0, 1, "TypeRW"},
                                             {1, 1, "PollIntervalRW"},
                                             {2, 1, "SwitchToPollingThresholdRW"},
                                             {3, 1, "SwitchToPollingWindowRW"},
                                             {4, 1, "ErrorThresholdRW"},
                                             {5, 1, "ErrorThresholdWindowRW"}};
inline constexpr Bit kNotificationFlagsWdk[] = {{0, 1, "PollIntervalRW"},
                                                {1, 1, "SwitchToPollingThresholdRW"},
                                                {2, 1, "SwitchToPollingWindowRW"},
                                                {3, 1, "ErrorThresholdRW"},
                                                {4, 1, "ErrorThresholdWindowRW"}};

consteval std::array<Field, 9> notification_fields(Word flags) {
  return {
      u8(0, "Type").names(kNotificationTypeNames).about("12 is ACPI only, the WDK ends at 11"),
      u8(1, "Length").unit("bytes").about("28"),
      u16(2, "Flags")
          .bits(flags)
          .about("ACPI numbers the bits from Type on, the WDK names the same bits from PollInterval on; "
                 "Windows copies "
                 "what firmware says unchanged (0x3e in a real descriptor), so ACPI is right"),
      u32(4, "PollInterval").unit("ms"),
      u32(8, "Vector"),
      u32(12, "SwitchToPollingThreshold"),
      u32(16, "SwitchToPollingWindow").unit("ms"),
      u32(20, "ErrorThreshold"),
      u32(24, "ErrorThresholdWindow").unit("ms"),
  };
}
inline constexpr auto kNotificationFields = notification_fields(kNotificationFlags);
inline constexpr auto kNotificationWdkFields = notification_fields(kNotificationFlagsWdk);

consteval Layout notification(std::string_view name, std::span<const Field> fields) {
  return {.name = name,
          .structure = "WHEA_NOTIFICATION_DESCRIPTOR",
          .clause = "WDK ntddk.h (6001), ACPI 18.3.2.9",
          .min = 28,
          .size = 28,
          .fields = fields};
}
}  // namespace tables

// With the flags as ACPI numbers them, which is what stands in real descriptors.
inline constexpr layout::Layout kNotification =
    tables::notification("SourceNotification", tables::kNotificationFields);
static_assert(layout::check(kNotification));

// With the flags as the WDK names them.
inline constexpr layout::Layout kNotificationWdk =
    tables::notification("SourceNotificationWdk", tables::kNotificationWdkFields);
static_assert(layout::check(kNotificationWdk));

struct Notification {
  static constexpr auto kType = layout::handle<Notification, std::uint8_t>(kNotification, "Type");
  static constexpr auto kLength = layout::handle<Notification, std::uint8_t>(kNotification, "Length");
  static constexpr auto kFlags = layout::handle<Notification, std::uint16_t>(kNotification, "Flags");
  static constexpr auto kPollInterval =
      layout::handle<Notification, std::uint32_t>(kNotification, "PollInterval");
  static constexpr auto kVector = layout::handle<Notification, std::uint32_t>(kNotification, "Vector");
  static constexpr auto kSwitchToPollingThreshold =
      layout::handle<Notification, std::uint32_t>(kNotification, "SwitchToPollingThreshold");
  static constexpr auto kSwitchToPollingWindow =
      layout::handle<Notification, std::uint32_t>(kNotification, "SwitchToPollingWindow");
  static constexpr auto kErrorThreshold =
      layout::handle<Notification, std::uint32_t>(kNotification, "ErrorThreshold");
  static constexpr auto kErrorThresholdWindow =
      layout::handle<Notification, std::uint32_t>(kNotification, "ErrorThresholdWindow");
};

}  // namespace wheatstone::whea
