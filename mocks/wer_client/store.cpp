#include "mocks/wer_client/store.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <system_error>

#include "formats/layout/characters.hpp"
#include "mocks/cer_server/content.hpp"

namespace wheatstone::wer_client {
namespace {

namespace fs = std::filesystem;

constexpr const char* kQueue = "ReportQueue";
constexpr const char* kArchive = "ReportArchive";
constexpr const char* kEvents = "events";
constexpr std::string_view kExtension = ".report";
constexpr std::size_t kHashDigits = 64;

std::optional<std::uint64_t> entry_number(const fs::path& path) {
  const std::string name = path.filename().string();
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
  if (error != std::errc{} || fmt::format("{:06}{}", number, kExtension) != name) return std::nullopt;
  return number;
}

std::vector<fs::path> entries(const fs::path& folder) {
  std::map<std::uint64_t, fs::path> found;
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error))
    if (const auto number = entry_number(entry->path())) found.emplace(*number, entry->path());
  std::vector<fs::path> paths;
  for (auto& [number, path] : found) paths.push_back(std::move(path));
  return paths;
}

Result<void> write(const fs::path& entry, const StoredReport& report) {
  const auto bytes = write_stored(report);
  if (!bytes) return std::unexpected(bytes.error());
  if (const auto made = make_folder(entry.parent_path()); !made) return made;
  return write_whole(entry, {*bytes});
}

Result<void> remove_entry(const fs::path& entry) {
  std::error_code error;
  fs::remove(entry, error);
  if (error) return std::unexpected(file_error(entry, "cannot remove the file: " + error.message()));
  return {};
}

}  // namespace

Result<Store> Store::open(const fs::path& folder, const Settings& settings) {
  if (const auto made = make_folder(folder); !made) return std::unexpected(made.error());
  auto lock = FolderLock::take(folder);
  if (!lock) return std::unexpected(lock.error());
  Store store(folder, settings, std::move(*lock));
  if (const auto read = store.read_events(); !read) return std::unexpected(read.error());
  return store;
}

Result<void> Store::read_events() {
  const fs::path path = folder_ / kEvents;
  std::error_code error;
  if (!fs::exists(path, error)) return {};
  const auto bytes = read_whole(path);
  if (!bytes) return std::unexpected(bytes.error());
  std::string_view text = as_text(*bytes);
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    if (line.size() != kHashDigits || line.size() == text.size() || events_.size() == kMostEvents ||
        std::ranges::any_of(line, [](char c) { return layout::hex_digit(c) < 0; }))
      return fail(
          ErrorKind::malformed, "this is no list of events", "remove the file: cabs are sent again",
          Location{
              path.string(), static_cast<std::uint32_t>(events_.size()) + 1, 1, Location::kNoOffset, {}});
    events_.emplace_back(line);
    text.remove_prefix(line.size() + 1);
  }
  return {};
}

std::vector<fs::path> Store::queued() const {
  return entries(folder_ / kQueue);
}

std::vector<fs::path> Store::archived() const {
  return entries(folder_ / kArchive);
}

Result<StoredReport> Store::read(const fs::path& entry) {
  const auto bytes = read_whole(entry);
  if (!bytes) return std::unexpected(bytes.error());
  auto report = read_stored(*bytes);
  if (!report) report.error().where.file = entry.string();
  return report;
}

fs::path Store::next_in(const char* name) const {
  const auto present = entries(folder_ / name);
  const std::uint64_t number = present.empty() ? 1 : *entry_number(present.back()) + 1;
  return folder_ / name / fmt::format("{:06}{}", number, kExtension);
}

Result<void> Store::queue(const StoredReport& report) {
  if (const std::size_t present = queued().size(); present >= settings_.max_queue_count)
    return fail(ErrorKind::environment, fmt::format("the queue holds {} reports already", present),
                "send what is queued, or raise MaxQueueCount");
  return write(next_in(kQueue), report);
}

Result<void> Store::update(const fs::path& entry, const StoredReport& report) {
  return write(entry, report);
}

// The end is written before the file is moved: whoever is killed in between finds it again and does not send
// it a second time.
Result<void> Store::finish(const fs::path& entry, StoredReport report) {
  if (settings_.disable_archive) return remove_entry(entry);
  if (settings_.configure_archive == 1) report.files.clear();
  if (const auto written = write(entry, report); !written) return written;
  const fs::path place = next_in(kArchive);
  if (const auto made = make_folder(place.parent_path()); !made) return made;
  std::error_code error;
  fs::rename(entry, place, error);
  if (error) return std::unexpected(file_error(place, "cannot move the report here: " + error.message()));
  return tidy_archive();
}

Result<void> Store::archive(StoredReport report) {
  if (settings_.disable_archive) return {};
  if (settings_.configure_archive == 1) report.files.clear();
  if (const auto written = write(next_in(kArchive), report); !written) return written;
  return tidy_archive();
}

Result<void> Store::tidy_archive() {
  const auto present = archived();
  for (std::size_t i = 0; i + settings_.max_archive_count < present.size(); ++i)
    if (const auto removed = remove_entry(present[i]); !removed) return removed;
  return {};
}

bool Store::had_cab(const std::string& event) const {
  return std::ranges::find(events_, cer_server::sha256(as_bytes(event))) != events_.end();
}

Result<void> Store::note_cab(const std::string& event) {
  if (had_cab(event)) return {};
  if (events_.size() == kMostEvents) events_.erase(events_.begin());
  events_.push_back(cer_server::sha256(as_bytes(event)));
  std::string text;
  for (const std::string& line : events_) text += line + "\n";
  return write_whole(folder_ / kEvents, {as_bytes(text)});
}

}  // namespace wheatstone::wer_client
