// Points in time as the formats store them. Nothing here reads a clock.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace wheatstone {

// FILETIME: 100 ns units since 1601-01-01 00:00:00 UTC.
struct FileTime {
  static constexpr std::uint64_t kPerMicrosecond = 10;
  static constexpr std::uint64_t kPerMillisecond = 10'000;
  static constexpr std::uint64_t kPerSecond = 10'000'000;
  static constexpr std::uint64_t kUnixEpoch = 116'444'736'000'000'000;  // 1970-01-01 in FILETIME units

  std::uint64_t ticks = 0;

  friend constexpr auto operator<=>(FileTime, FileTime) = default;
  friend constexpr FileTime operator+(FileTime t, std::uint64_t more) noexcept { return {t.ticks + more}; }
};

// A calendar date in UTC; `fraction` is in 100 ns units of the second.
struct CivilTime {
  int year = 1601;
  unsigned month = 1, day = 1;
  unsigned hour = 0, minute = 0, second = 0;
  std::uint32_t fraction = 0;

  friend constexpr bool operator==(const CivilTime&, const CivilTime&) = default;
};

// Defined for every FILETIME up to year 60055.
CivilTime to_civil(FileTime time) noexcept;

// nullopt if a part is out of range or the date is before 1601.
std::optional<FileTime> from_civil(const CivilTime& civil) noexcept;

// ISO 8601 with seven digits of fraction: "2008-03-11T09:00:17.9046077Z".
std::string to_iso8601(FileTime time);

// The same form; the fraction may have 0 to 7 digits and 'Z' may be left out. nullopt for anything else.
std::optional<FileTime> parse_iso8601(std::string_view text) noexcept;

// Length of time: "250ms", "60s", "5m", "24h", "7d", or a plain number of seconds. In 100 ns units; nullopt
// if it is not of that form or does not fit.
std::optional<std::uint64_t> parse_duration(std::string_view text) noexcept;

// "60s", "250ms", "100ns x n": the largest unit that divides the length exactly.
std::string format_duration(std::uint64_t ticks);

}  // namespace wheatstone
