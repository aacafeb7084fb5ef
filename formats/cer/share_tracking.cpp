#include "formats/cer/share_tracking.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "formats/cer/share_lines.hpp"
#include "formats/cer/share_path.hpp"
#include "formats/cer/value_text.hpp"
#include "formats/cer/windows_1252.hpp"

namespace wheatstone::cer {
namespace {

using enum FindingSeverity;

constexpr std::size_t kMaxMachine = 15;
constexpr std::size_t kMaxUser = 256;
constexpr std::size_t kMaxFile = 260;
constexpr int kLastYear = 9999;

constexpr std::string_view kCabsGathered = "Cabs Gathered";
constexpr std::string_view kTotalHits = "Total Hits";

// In windows-1252, where a character is a byte.
bool is_item(std::string_view text, std::size_t most) {
  return !text.empty() && text.size() <= most && !has_control(text);
}

std::optional<Complaint> wrong_item(std::string_view item, ShareLog log) {
  if (log == ShareLog::hits) {
    if (is_item(item, kMaxFile)) return std::nullopt;
    return Complaint{"bad-file", "the file name has not 1 to 260 characters, or a control among them"};
  }
  const auto bucket = decimal(item);
  if ((bucket && *bucket != 0) || is_error_subpath(item)) return std::nullopt;
  return Complaint{"bad-error", "the last item is neither a bucket nor an error subpath"};
}

// Of an entry in windows-1252.
std::optional<Complaint> wrong_part(const LogEntry& entry, ShareLog log) {
  if (!from_civil(entry.time) || entry.time.year > kLastYear)
    return Complaint{"bad-time", "the time is not HH:MM:SS, two blanks and MM-DD-YYYY"};
  if (!is_item(entry.machine, kMaxMachine))
    return Complaint{"bad-machine", "the machine has not 1 to 15 characters, or a control among them"};
  if (!is_item(entry.user, kMaxUser))
    return Complaint{"bad-user", "the user has not 1 to 256 characters, or a control among them"};
  return wrong_item(entry.item, log);
}

// Two or four digits off the front of `text`, and what stands behind them.
std::optional<unsigned> take_digits(std::string_view& text, std::size_t count, std::string_view behind) {
  if (text.size() < count + behind.size() || text.substr(count, behind.size()) != behind) return std::nullopt;
  unsigned number = 0;
  for (const char c : text.substr(0, count)) {
    if (c < '0' || c > '9') return std::nullopt;
    number = number * 10 + static_cast<unsigned>(c - '0');
  }
  text.remove_prefix(count + behind.size());
  return number;
}

std::optional<CivilTime> parse_time(std::string_view text) {
  const auto hour = take_digits(text, 2, ":");
  const auto minute = hour ? take_digits(text, 2, ":") : std::nullopt;
  const auto second = minute ? take_digits(text, 2, "  ") : std::nullopt;
  const auto month = second ? take_digits(text, 2, "-") : std::nullopt;
  const auto day = month ? take_digits(text, 2, "-") : std::nullopt;
  const auto year = day ? take_digits(text, 4, "") : std::nullopt;
  if (!year || !text.empty()) return std::nullopt;
  return CivilTime{static_cast<int>(*year), *month, *day, *hour, *minute, *second, 0};
}

// The line's items, in windows-1252. nullopt: there are not four.
std::optional<std::array<std::string_view, 4>> split(std::string_view line) {
  std::array<std::string_view, 4> items;
  for (std::size_t i = 0; i < 3; ++i) {
    const std::size_t end = line.find('\t');
    if (end == std::string_view::npos) return std::nullopt;
    items[i] = line.substr(0, end);
    line.remove_prefix(end + 1);
  }
  items[3] = line;
  if (line.find('\t') != std::string_view::npos) return std::nullopt;
  return items;
}

// Adds a finding and gives nullopt if the line is badly formed.
std::optional<LogEntry> read_entry(std::string_view line, ShareLog log, ShareLines& lines) {
  const auto items = split(line);
  if (!items) {
    lines.add(error, "bad-fields", fmt::format("\"{}\" is not four items with tabs between", shown(line)));
    return std::nullopt;
  }
  const auto& [time, machine, user, item] = *items;
  // A time that cannot be parsed is one that no calendar has.
  LogEntry entry{parse_time(time).value_or(CivilTime{.month = 0}), std::string(machine), std::string(user),
                 std::string(item)};
  if (const auto wrong = wrong_part(entry, log)) {
    lines.add(*wrong);
    return std::nullopt;
  }
  for (std::string* text : {&entry.machine, &entry.user, &entry.item})
    *text = windows_1252_to_utf8(as_bytes(*text));
  return entry;
}

// The number of a line "KEY=NUMBER"; adds a finding if it is not that.
std::optional<std::uint64_t> read_count(std::string_view key, std::uint64_t least, ShareLines& lines) {
  const auto line = lines.next();
  if (!line) {
    lines.add(error, "missing-line", fmt::format("the file ends before {}", key), key);
    return std::nullopt;
  }
  const std::size_t equals = line->find('=');
  if (line->substr(0, equals) != key || equals == std::string_view::npos) {
    lines.add(error, "wrong-line", fmt::format("\"{}\" does not begin with {}=", shown(*line), key), key);
    return std::nullopt;
  }
  const auto number = decimal(line->substr(equals + 1));
  if (number && *number >= least) return number;
  lines.add(
      error, "bad-number",
      fmt::format("\"{}\" is no decimal number of 64 bits from {}", shown(line->substr(equals + 1)), least),
      key);
  return std::nullopt;
}

}  // namespace

Result<std::string> write_counts(const ShareCounts& counts) {
  if (counts.total_hits == 0)
    return fail(ErrorKind::invalid_argument, "Total Hits is 0", "count.txt exists from the first hit on",
                {.path = std::string(kTotalHits)});
  return fmt::format("{}={}\r\n{}={}\r\n", kCabsGathered, counts.cabs_gathered, kTotalHits,
                     counts.total_hits);
}

ReadCounts read_counts(Bytes file, std::size_t max_bytes) {
  ShareLines lines(file, max_bytes, "MS-CER 2.2.1");
  const auto cabs = read_count(kCabsGathered, 0, lines);
  const auto hits = read_count(kTotalHits, 1, lines);
  if (cabs && hits && *cabs > *hits)
    lines.add(warning, "more-cabs-than-hits", "each hit gathers at most one cab", kTotalHits);
  while (const auto line = lines.next())
    lines.add(warning, "unknown-line", fmt::format("\"{}\" is ignored", shown(*line)));
  ReadCounts read;
  if (cabs && hits) read.counts = ShareCounts{*cabs, *hits};
  read.findings = std::move(lines).take();
  return read;
}

std::string log_machine(std::string_view name) {
  const auto ansi = utf8_to_windows_1252(name.substr(0, name.find('.')));
  const std::string label = ansi ? ansi->substr(0, kMaxMachine) : "";
  return is_item(label, kMaxMachine) ? windows_1252_to_utf8(as_bytes(label)) : "UNKNOWN";
}

std::string log_user(std::string_view name) {
  const auto ansi = utf8_to_windows_1252(name);
  return ansi && is_item(*ansi, kMaxUser) ? std::string(name) : "unknown user";
}

Result<std::string> write_log_entry(const LogEntry& entry, ShareLog log) {
  LogEntry ansi{entry.time, {}, {}, {}};
  for (const auto member : {&LogEntry::machine, &LogEntry::user, &LogEntry::item}) {
    auto text = utf8_to_windows_1252(entry.*member);
    if (!text)
      return fail(ErrorKind::invalid_argument, "the entry has no windows-1252 form",
                  "use characters of code page 1252");
    ansi.*member = std::move(*text);
  }
  if (const auto wrong = wrong_part(ansi, log))
    return fail(ErrorKind::invalid_argument, std::string(wrong->message));
  const CivilTime& time = ansi.time;
  return fmt::format("{:02}:{:02}:{:02}  {:02}-{:02}-{:04}\t{}\t{}\t{}\r\n", time.hour, time.minute,
                     time.second, time.month, time.day, time.year, ansi.machine, ansi.user, ansi.item);
}

ReadLog read_log(Bytes file, ShareLog log, std::size_t max_bytes) {
  ShareLines lines(file, max_bytes, "MS-CER 2.2.2");
  ReadLog read;
  while (const auto line = lines.next())
    if (auto entry = read_entry(*line, log, lines)) read.entries.push_back(std::move(*entry));
  read.findings = std::move(lines).take();
  return read;
}

}  // namespace wheatstone::cer
