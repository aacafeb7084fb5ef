#include "formats/layout/record_time.hpp"

#include <fmt/format.h>

namespace wheatstone {
namespace {

// nullopt for a byte that is no BCD pair.
std::optional<unsigned> part(std::uint64_t raw, unsigned shift, TimestampForm form) noexcept {
  const auto byte = static_cast<unsigned>(raw >> shift & 0xff);
  if (form == TimestampForm::binary) return byte;
  if ((byte & 15) > 9 || byte >> 4 > 9) return std::nullopt;
  return (byte >> 4) * 10 + (byte & 15);
}

}  // namespace

std::optional<CivilTime> decode_record_time(std::uint64_t raw, TimestampForm form) noexcept {
  const auto second = part(raw, 0, form), minute = part(raw, 8, form), hour = part(raw, 16, form),
             day = part(raw, 32, form), month = part(raw, 40, form), year = part(raw, 48, form),
             century = part(raw, 56, form);
  if (!second || !minute || !hour || !day || !month || !year || !century || *year > 99) return std::nullopt;
  CivilTime civil;
  civil.year = static_cast<int>(*century * 100 + *year);
  civil.month = *month;
  civil.day = *day;
  civil.hour = *hour;
  civil.minute = *minute;
  civil.second = *second;
  if (!from_civil(civil)) return std::nullopt;
  return civil;
}

std::optional<CivilTime> decode_record_time(std::uint64_t raw) noexcept {
  const auto binary = decode_record_time(raw, TimestampForm::binary);
  if (binary && binary->year >= 1900 && binary->year < 2200) return binary;
  return decode_record_time(raw, TimestampForm::bcd);
}

namespace layout {

std::string_view TimeText::put(const CivilTime& c, bool fraction) noexcept {
  char* to = text_;
  const auto digits = [&to](unsigned value, unsigned count) {
    for (unsigned i = count; i-- > 0; value /= 10) to[i] = static_cast<char>('0' + value % 10);
    to += count;
  };
  const auto year = static_cast<unsigned>(c.year);
  digits(year, year > 9999 ? 5 : 4);
  *to++ = '-';
  digits(c.month, 2);
  *to++ = '-';
  digits(c.day, 2);
  *to++ = 'T';
  digits(c.hour, 2);
  *to++ = ':';
  digits(c.minute, 2);
  *to++ = ':';
  digits(c.second, 2);
  if (fraction) {
    *to++ = '.';
    digits(c.fraction, 7);
  }
  *to++ = 'Z';
  return {text_, static_cast<std::size_t>(to - text_)};
}

std::string_view TimeText::filetime(std::uint64_t ticks) noexcept {
  if (ticks == 0) return {};
  return put(to_civil({ticks}), true);
}

std::string_view TimeText::record(std::uint64_t raw) noexcept {
  const auto civil = decode_record_time(raw);
  return civil ? put(*civil, false) : std::string_view{};
}

}  // namespace layout
}  // namespace wheatstone
