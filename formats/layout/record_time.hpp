// WHEA_TIMESTAMP: calendar fields in eight bytes, binary on Windows and BCD in UEFI firmware.
// Source: WDK WHEA_TIMESTAMP, UEFI N.2.1; which form a record has is not said anywhere in it (see
// cper/README.md).
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "formats/layout/time.hpp"

namespace wheatstone {

enum class TimestampForm : std::uint8_t { binary, bcd };

// Seconds in byte 0, minutes 1, hours 2, precise flag in bit 0 of byte 3, day 4, month 5, year in century 6,
// century 7.
constexpr std::uint64_t encode_record_time(const CivilTime& civil, TimestampForm form,
                                           bool precise = false) noexcept {
  const auto digit = [form](unsigned value) -> std::uint64_t {
    return form == TimestampForm::binary ? value : value / 10 * 16 + value % 10;
  };
  const auto year = static_cast<unsigned>(civil.year);
  return digit(civil.second) | digit(civil.minute) << 8 | digit(civil.hour) << 16 |
         static_cast<std::uint64_t>(precise ? 1 : 0) << 24 | digit(civil.day) << 32 |
         digit(civil.month) << 40 | digit(year % 100) << 48 | digit(year / 100) << 56;
}

// The date in that form, or nullopt if the bytes are no date in it.
std::optional<CivilTime> decode_record_time(std::uint64_t raw, TimestampForm form) noexcept;

// Guesses the form: binary if the bytes are a date of centuries 19 to 21 in binary, else BCD.
std::optional<CivilTime> decode_record_time(std::uint64_t raw) noexcept;

namespace layout {

// Times as text without an allocation. The result lives as long as this object; empty if the value is no
// date.
class TimeText {
 public:
  std::string_view filetime(std::uint64_t ticks) noexcept;  // "2025-11-14T10:12:35.0000000Z"
  std::string_view record(std::uint64_t raw) noexcept;      // "2025-11-14T10:12:35Z"

 private:
  std::string_view put(const CivilTime& civil, bool fraction) noexcept;

  char text_[40];
};

}  // namespace layout
}  // namespace wheatstone
