#include "mocks/cer_share/replay.hpp"

#include <fmt/format.h>

#include <limits>
#include <map>
#include <optional>
#include <system_error>
#include <utility>

#include "formats/cer/answer.hpp"
#include "formats/cer/report.hpp"
#include "formats/cer/share_path.hpp"
#include "formats/cer/share_settings.hpp"
#include "mocks/cer_share/client.hpp"
#include "mocks/cer_share/folder.hpp"

namespace wheatstone::cer_share {
namespace {

using cer_server::KeptReport;
using cer_server::Reports;

// The share has no name here; a short one leaves the most room for paths.
constexpr std::string_view kRoot = "\\\\server\\share";

struct Candidate {
  KeptReport kept;
  cer::Report report = {};
  std::string error = {};     // subpath
  std::string unusable = {};  // why the share has no place for it; empty: it has
};

Result<Candidate> read(const Reports& reports, std::uint64_t number) {
  auto kept = reports.report(number);
  if (!kept) return std::unexpected(kept.error());
  if (!*kept)
    return fail(ErrorKind::invalid_argument, fmt::format("there is no report {}", number),
                "'wheatstone reports list' names those that there are");
  Candidate candidate{std::move(**kept)};
  const Buffer& bytes = candidate.kept.document;
  auto document = cer::read_report(bytes, {.bytes = bytes.size()});
  if (!document) {
    candidate.unusable = document.error().text();
  } else if (document->has_errors()) {
    candidate.unusable = "its document has errors";
  } else if (auto error = cer::error_subpath(document->report); !error) {
    candidate.unusable = error.error().text();
  } else {
    candidate.report = std::move(document->report);
    candidate.error = std::move(*error);
  }
  return candidate;
}

// What an answer asks for, in the words of version 1. What these cannot say is left out.
cer::ShareSettings settings_of(const cer::Answer& answer, std::uint64_t cabs) {
  const cer::ShareSettings defaults = cer::default_settings();
  cer::ShareSettings settings;
  settings.tracking = true;
  settings.i_data = answer.i_data.value_or(false);  // no iData means the opposite in version 1
  if (cabs > defaults.crashes_per_bucket) settings.crashes_per_bucket = cabs;
  const auto put = [&settings](auto key, const auto& value) {
    cer::ShareSettings tried = settings;
    tried.*key = value;
    if (cer::write_settings(tried, cer::ShareFile::status)) settings = std::move(tried);
  };
  put(&cer::ShareSettings::response, answer.response);
  put(&cer::ShareSettings::bucket, answer.bucket);
  put(&cer::ShareSettings::memory_dump, answer.memory_dump);
  put(&cer::ShareSettings::f_doc, answer.f_doc);
  put(&cer::ShareSettings::reg_key, answer.reg_key);
  put(&cer::ShareSettings::get_file, answer.get_file);
  put(&cer::ShareSettings::get_file_version, answer.get_file_version);
  put(&cer::ShareSettings::wql, answer.wql);
  return settings;
}

class Replay {
 public:
  Replay(const Reports& reports, Folder folder, const std::filesystem::path& where)
      : reports_(reports), folder_(std::move(folder)) {
    config_.file_tree_root = kRoot;
    config_.shares = {{std::string(kRoot), where}};
    // What was received was wanted, unless the share says otherwise.
    config_.defaults.tracking = true;
    config_.defaults.i_data = true;
    config_.defaults.crashes_per_bucket = std::numeric_limits<std::uint64_t>::max();
  }

  Result<Replayed> run(std::span<const std::uint64_t> numbers);

 private:
  // Of one error.
  struct Last {
    std::optional<cer::Answer> answer;
    std::uint64_t cabs = 0;
  };

  Result<void> expect_new_errors(std::span<const std::uint64_t> numbers);
  Result<void> submit(const Candidate& candidate);
  Result<void> write_status(const std::string& error, const Last& last);

  const Reports& reports_;
  Folder folder_;
  Config config_;
  std::map<std::string, Last> errors_;
  Replayed replayed_;
};

// Notes what is left out on the way.
Result<void> Replay::expect_new_errors(std::span<const std::uint64_t> numbers) {
  for (const std::uint64_t number : numbers) {
    const auto candidate = read(reports_, number);
    if (!candidate) return std::unexpected(candidate.error());
    if (!candidate->unusable.empty()) {
      replayed_.left_out.push_back({number, candidate->unusable});
      continue;
    }
    const std::string& error = candidate->error;
    if (!errors_.try_emplace(error).second) continue;
    const auto paths = cer::share_paths("", error, "a.cab");
    if (paths && folder_.exists(paths->counts))
      return fail(ErrorKind::invalid_argument,
                  fmt::format("the share knows the error {} already: its reports would count twice", error),
                  "name another folder");
  }
  return {};
}

Result<void> Replay::submit(const Candidate& candidate) {
  const KeptReport& kept = candidate.kept;
  std::optional<Buffer> cab;
  if (!kept.cab_sha256.empty()) {
    auto bytes = reports_.cab(kept);
    if (!bytes) return std::unexpected(bytes.error());
    cab = std::move(*bytes);
  }
  const VirtualClock clock(kept.row.received);
  SeededRandom random(kept.row.number);
  const Outcome outcome = Client(config_, clock, random, nullptr).submit_packed(candidate.report, cab);
  if (outcome.result == SubmitResult::discarded) {
    replayed_.left_out.push_back({kept.row.number, outcome.detail});
    return {};
  }
  if (!outcome.counts)
    return fail(ErrorKind::io, fmt::format("report {} is not counted: {}", kept.row.number, outcome.detail));
  Last& last = errors_[candidate.error];
  if (kept.answer) last.answer = cer::read_answer(*kept.answer).answer;
  ++replayed_.reports;
  if (!outcome.cab_file) return {};
  ++replayed_.cabs;
  ++last.cabs;
  return {};
}

Result<void> Replay::write_status(const std::string& error, const Last& last) {
  const auto paths = cer::share_paths("", error, "a.cab");
  if (!paths || !last.answer || folder_.exists(paths->status)) return {};
  const auto text = cer::write_settings(settings_of(*last.answer, last.cabs), cer::ShareFile::status);
  if (!text) return std::unexpected(text.error());
  return folder_.replace(paths->status, as_bytes(*text));
}

Result<Replayed> Replay::run(std::span<const std::uint64_t> numbers) {
  if (auto expected = expect_new_errors(numbers); !expected) return std::unexpected(expected.error());
  for (const std::uint64_t number : numbers) {
    const auto candidate = read(reports_, number);
    if (!candidate) return std::unexpected(candidate.error());
    if (!candidate->unusable.empty()) continue;
    if (auto done = submit(*candidate); !done) return std::unexpected(done.error());
  }
  for (const auto& [error, last] : errors_)
    if (auto done = write_status(error, last); !done) return std::unexpected(done.error());
  return std::move(replayed_);
}

}  // namespace

Result<Replayed> replay(const Reports& reports, std::span<const std::uint64_t> numbers,
                        const std::filesystem::path& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  auto opened = Folder::open(folder);
  if (!opened) return std::unexpected(opened.error());
  return Replay(reports, std::move(*opened), folder).run(numbers);
}

}  // namespace wheatstone::cer_share
