#include "mocks/cer_server/store.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <boost/json.hpp>
#include <charconv>
#include <set>

#include "mocks/files.hpp"

namespace wheatstone::cer_server {
namespace {

namespace fs = std::filesystem;

// The number of a report's folder, or nullopt if the name is not one of ours.
std::optional<std::uint64_t> report_number(const std::string& name) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
  if (error != std::errc{} || end != name.data() + name.size() || fmt::format("{:06}", number) != name)
    return std::nullopt;
  return number;
}

std::string describe(const Exchange& exchange) {
  boost::json::array findings;
  for (const Finding& finding : exchange.verdict.findings) {
    boost::json::object entry;
    entry["severity"] = to_string(finding.severity);
    entry["code"] = finding.code;
    entry["message"] = finding.message;
    if (!finding.path.empty()) entry["path"] = finding.path;
    if (finding.offset != Finding::kNoOffset) entry["offset"] = finding.offset;
    if (!finding.clause.empty()) entry["clause"] = finding.clause;
    findings.push_back(std::move(entry));
  }
  boost::json::object out;
  out["sequence"] = exchange.sequence;
  out["time"] = to_iso8601(exchange.time);
  out["kind"] = to_string(exchange.kind);
  out["report"] = exchange.report_number;
  out["status"] = exchange.verdict.status;
  out["request_bytes"] = exchange.request.size();
  out["response_bytes"] = exchange.response.size();
  out["findings"] = std::move(findings);
  return boost::json::serialize(out) + "\n";
}

// Names in the folder, sorted.
Result<std::set<std::string>> names_in(const fs::path& folder) {
  std::set<std::string> names;
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error))
    names.insert(entry->path().filename().string());
  if (error) return std::unexpected(file_error(folder, "cannot list the folder: " + error.message()));
  return names;
}

}  // namespace

Result<Store> Store::open(const fs::path& folder) {
  if (folder.empty()) return Store({}, -1);
  if (const auto made = make_folder(folder); !made) return std::unexpected(made.error());
  std::error_code error;
  const int lock = ::open((folder / ".lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
  if (lock < 0) return std::unexpected(file_error(folder / ".lock", "cannot open the store's lock file"));
  Store store(folder, lock);
  if (::flock(lock, LOCK_EX | LOCK_NB) != 0)
    return fail(ErrorKind::environment, "another server uses this store", "stop it or name another folder",
                Location{folder.string(), 0, 0, Location::kNoOffset, {}});
  const auto names = names_in(folder);
  if (!names) return std::unexpected(names.error());
  for (const std::string& name : *names) {
    if (name.ends_with(kUnfinished)) fs::remove_all(folder / name, error);
    if (!report_number(name)) continue;
    const auto files = names_in(folder / name);
    if (!files) return std::unexpected(files.error());
    for (const std::string& file : *files)
      if (file.ends_with(kUnfinished)) fs::remove(folder / name / file, error);
  }
  return store;
}

Store::~Store() {
  if (lock_ >= 0) ::close(lock_);
}

Store::Store(Store&& other) noexcept
    : folder_(std::move(other.folder_)),
      lock_(std::exchange(other.lock_, -1)),
      exchanges_(std::move(other.exchanges_)) {}

fs::path Store::report_folder(std::uint64_t number) const {
  return folder_ / fmt::format("{:06}", number);
}

Result<void> Store::for_each(const std::function<void(const StoredReport&)>& visit) const {
  if (folder_.empty()) return {};
  const auto names = names_in(folder_);
  if (!names) return std::unexpected(names.error());
  std::set<std::uint64_t> numbers;
  for (const std::string& name : *names)
    if (const auto number = report_number(name)) numbers.insert(*number);
  for (const std::uint64_t number : numbers) {
    const fs::path folder = report_folder(number);
    std::error_code error;
    StoredReport report{.number = number};
    report.level1 = read_whole(folder / "level1.xml").value_or(Buffer{});
    if (auto answer = read_whole(folder / "answer.txt")) report.answer = std::move(*answer);
    report.has_cab = fs::exists(folder / "report.cab", error);
    visit(report);
  }
  return {};
}

Result<void> Store::add(const Exchange& exchange, std::optional<std::string_view> answer) {
  if (folder_.empty() || exchange.report_number == 0) return {};
  const fs::path final_folder = report_folder(exchange.report_number);
  const bool is_new = exchange.kind == Exchange::Kind::level1;
  const fs::path folder = is_new ? unfinished(final_folder) : final_folder;
  if (is_new)
    if (const auto made = make_folder(folder); !made) return made;

  unsigned& last = exchanges_[exchange.report_number];
  if (last == 0 && !is_new) {
    const auto names = names_in(folder);
    if (!names) return std::unexpected(names.error());
    while (names->contains(fmt::format("exchange-{}.http", last + 1))) ++last;
  }
  const unsigned index = last + 1;

  const std::string description = describe(exchange);
  Result<void> done;
  const auto write = [&](const std::string& name, std::initializer_list<Bytes> parts) {
    if (done) done = write_whole(folder / name, parts);
  };
  // The cab first: once it has its name, the upload is accepted, whatever happens to us afterwards.
  if (!exchange.cab.empty()) write("report.cab", {exchange.cab});
  if (is_new) write("level1.xml", {exchange.document});
  if (is_new && answer) write("answer.txt", {as_bytes(*answer)});
  write(fmt::format("exchange-{}.json", index), {as_bytes(description)});
  write(fmt::format("exchange-{}.http", index), {exchange.request, exchange.response});
  std::error_code ignored;
  if (!done && is_new) fs::remove_all(folder, ignored);
  if (done && is_new) done = finish(final_folder);
  if (done) last = index;
  return done;
}

}  // namespace wheatstone::cer_server
