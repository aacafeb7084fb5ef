#include "formats/layout/time.hpp"

#include <fmt/format.h>

#include <chrono>

namespace wheatstone {
namespace {

constexpr std::uint64_t kPerDay = 86'400 * FileTime::kPerSecond;
constexpr std::int64_t kDaysTo1601 = -134'774;  // from 1970-01-01

struct Unit {
  std::string_view name;
  std::uint64_t ticks;
};
constexpr Unit kUnits[] = {{"d", kPerDay},
                           {"h", 3600 * FileTime::kPerSecond},
                           {"m", 60 * FileTime::kPerSecond},
                           {"s", FileTime::kPerSecond},
                           {"ms", FileTime::kPerMillisecond},
                           {"us", FileTime::kPerMicrosecond}};

// Reads exactly `digits` decimal digits at `at` and moves past them.
bool take(std::string_view text, std::size_t& at, unsigned digits, unsigned& value) {
  if (text.size() < at + digits) return false;
  value = 0;
  for (unsigned i = 0; i < digits; ++i, ++at) {
    if (text[at] < '0' || text[at] > '9') return false;
    value = value * 10 + static_cast<unsigned>(text[at] - '0');
  }
  return true;
}

bool take(std::string_view text, std::size_t& at, char c) {
  if (at >= text.size() || text[at] != c) return false;
  ++at;
  return true;
}

}  // namespace

CivilTime to_civil(FileTime time) noexcept {
  using namespace std::chrono;
  // The civil calendar repeats every 400 years (146097 days); working inside one era keeps chrono's year in
  // range.
  const std::uint64_t total_days = time.ticks / kPerDay;
  const std::uint64_t eras = total_days / 146'097;
  const year_month_day date{sys_days{days{static_cast<std::int64_t>(total_days % 146'097) + kDaysTo1601}}};
  const std::uint64_t in_day = time.ticks % kPerDay;
  const std::uint64_t seconds = in_day / FileTime::kPerSecond;
  CivilTime civil;
  civil.year = static_cast<int>(date.year()) + static_cast<int>(eras * 400);
  civil.month = static_cast<unsigned>(date.month());
  civil.day = static_cast<unsigned>(date.day());
  civil.hour = static_cast<unsigned>(seconds / 3600);
  civil.minute = static_cast<unsigned>(seconds / 60 % 60);
  civil.second = static_cast<unsigned>(seconds % 60);
  civil.fraction = static_cast<std::uint32_t>(in_day % FileTime::kPerSecond);
  return civil;
}

std::optional<FileTime> from_civil(const CivilTime& civil) noexcept {
  using namespace std::chrono;
  if (civil.year < 1601 || civil.year > 30'000) return std::nullopt;
  if (civil.hour > 23 || civil.minute > 59 || civil.second > 59 || civil.fraction >= FileTime::kPerSecond)
    return std::nullopt;
  const year_month_day date{year{civil.year}, month{civil.month}, day{civil.day}};
  if (!date.ok()) return std::nullopt;
  const std::int64_t since_1601 = sys_days{date}.time_since_epoch().count() - kDaysTo1601;
  const std::uint64_t seconds = civil.hour * 3600u + civil.minute * 60u + civil.second;
  return FileTime{static_cast<std::uint64_t>(since_1601) * kPerDay + seconds * FileTime::kPerSecond +
                  civil.fraction};
}

std::string to_iso8601(FileTime time) {
  const CivilTime c = to_civil(time);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:07}Z", c.year, c.month, c.day, c.hour, c.minute,
                     c.second, c.fraction);
}

std::optional<FileTime> parse_iso8601(std::string_view text) noexcept {
  CivilTime civil;
  std::size_t at = 0;
  unsigned year = 0;
  if (!take(text, at, 4, year) || !take(text, at, '-') || !take(text, at, 2, civil.month) ||
      !take(text, at, '-') || !take(text, at, 2, civil.day))
    return std::nullopt;
  civil.year = static_cast<int>(year);
  if (at < text.size()) {
    if (!take(text, at, 'T') && !take(text, at, ' ')) return std::nullopt;
    if (!take(text, at, 2, civil.hour) || !take(text, at, ':') || !take(text, at, 2, civil.minute) ||
        !take(text, at, ':') || !take(text, at, 2, civil.second))
      return std::nullopt;
    if (take(text, at, '.')) {
      std::uint32_t weight = FileTime::kPerSecond / 10;
      const std::size_t start = at;
      for (; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at, weight /= 10) {
        if (weight == 0) return std::nullopt;
        civil.fraction += static_cast<std::uint32_t>(text[at] - '0') * weight;
      }
      if (at == start) return std::nullopt;
    }
    take(text, at, 'Z');
  }
  if (at != text.size()) return std::nullopt;
  return from_civil(civil);
}

std::optional<std::uint64_t> parse_duration(std::string_view text) noexcept {
  std::size_t at = 0;
  std::uint64_t value = 0;
  for (; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at) {
    const auto digit = static_cast<std::uint64_t>(text[at] - '0');
    if (value > (~std::uint64_t{0} - digit) / 10) return std::nullopt;
    value = value * 10 + digit;
  }
  if (at == 0) return std::nullopt;
  const std::string_view name = at == text.size() ? "s" : text.substr(at);
  for (const Unit& unit : kUnits) {
    if (unit.name != name) continue;
    if (value > ~std::uint64_t{0} / unit.ticks) return std::nullopt;
    return value * unit.ticks;
  }
  return std::nullopt;
}

std::string format_duration(std::uint64_t ticks) {
  if (ticks == 0) return "0s";
  for (const Unit& unit : kUnits)
    if (ticks % unit.ticks == 0) return fmt::format("{}{}", ticks / unit.ticks, unit.name);
  return fmt::format("{}00ns", ticks);
}

}  // namespace wheatstone
