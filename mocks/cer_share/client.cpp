#include "mocks/cer_share/client.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <limits>
#include <utility>

#include "formats/cab/cabinet.hpp"
#include "formats/cer/share_path.hpp"
#include "mocks/text.hpp"
#include "mocks/wer_client/collection.hpp"

namespace wheatstone::cer_share {
namespace {

constexpr unsigned kMaxRedirections = 10;  // [MS-CER] 2.2.4
constexpr unsigned kNamesTried = 100;
constexpr std::size_t kMaxSettings = 1u << 20;
constexpr std::size_t kMaxCounts = 4096;
constexpr std::string_view kSteps = "[MS-CER] 3.1.7";

bool same_root(std::string_view a, std::string_view b) {
  if (a.ends_with('\\')) a.remove_suffix(1);
  if (b.ends_with('\\')) b.remove_suffix(1);
  return same_ignoring_case(a, b);
}

// Eight digits and letters, as "d5je031w.cab".
std::string random_cab_name(Random& random) {
  constexpr std::string_view kCharacters = "0123456789abcdefghijklmnopqrstuv";
  std::array<std::uint8_t, 8> bytes;
  random.fill(bytes);
  std::string name;
  for (const std::uint8_t byte : bytes) name += kCharacters[byte % kCharacters.size()];
  return name + ".cab";
}

CivilTime local_time(FileTime utc, int offset_minutes) {
  const std::uint64_t shift =
      static_cast<std::uint64_t>(std::abs(offset_minutes)) * 60 * FileTime::kPerSecond;
  if (offset_minutes >= 0) return to_civil(utc + shift);
  return to_civil({utc.ticks - std::min(utc.ticks, shift)});
}

// What settings ask for, in the words of version 2.
cer::Answer requests(const cer::ShareSettings& settings) {
  cer::Answer answer;
  answer.memory_dump = settings.memory_dump;
  answer.f_doc = settings.f_doc;
  answer.reg_key = settings.reg_key;
  answer.wql = settings.wql;
  answer.get_file = settings.get_file;
  answer.get_file_version = settings.get_file_version;
  return answer;
}

// One report on its way.
class Delivery {
 public:
  Delivery(const Config& config, const Clock& clock, Random& random, wer_client::Collector* collector,
           const wer_client::Submission& submission)
      : config_(config), clock_(clock), random_(random), collector_(collector), submission_(submission) {}

  // Instead of packing one.
  void give_cab(std::optional<Buffer> cab) {
    is_packed_ = true;
    packed_ = std::move(cab);
  }

  Outcome run(const Result<std::string>& error);

 private:
  void take_steps();

  // False: the report ends here, and the outcome says why.
  bool open_share();
  bool find_paths();
  bool read_status();
  std::optional<cer::ShareCounts> read_counts();
  bool wants_cab(const cer::ShareCounts& counts);
  void pack();
  bool deliver();
  void copy_cab();
  void track();

  bool stop(SubmitResult result, std::string detail) {
    outcome_.result = result;
    outcome_.detail = std::move(detail);
    return false;
  }
  bool stop(const Error& error) { return stop(SubmitResult::failed, error.text()); }

  void say(FindingSeverity severity, std::string_view code, std::string message) {
    outcome_.findings.push_back({severity, code, std::move(message), {}, Finding::kNoOffset, kSteps});
  }

  // Findings in a file of the share get its name in front of their path.
  void keep(std::vector<Finding> findings, std::string_view file) {
    for (Finding& finding : findings) {
      finding.path = fmt::format("{}{}{}", file, finding.path.empty() ? "" : ", ", finding.path);
      outcome_.findings.push_back(std::move(finding));
    }
  }

  const Config& config_;
  const Clock& clock_;
  Random& random_;
  wer_client::Collector* collector_;
  const wer_client::Submission& submission_;

  bool is_packed_ = false;
  std::optional<Buffer> packed_{};
  Outcome outcome_{};
  std::optional<Folder> folder_{};
  cer::ShareSettings policy_{};
  cer::SharePaths paths_{};                // below the root
  std::vector<Finding> count_findings_{};  // of the last look at count.txt
};

// Follows FileTreeRoot from policy.txt to policy.txt.
bool Delivery::open_share() {
  outcome_.root = config_.file_tree_root;
  for (unsigned redirections = 0;; ++redirections) {
    if (redirections > kMaxRedirections)
      return stop(SubmitResult::failed,
                  fmt::format("over {} redirections by FileTreeRoot", kMaxRedirections));
    const auto share = std::ranges::find_if(
        config_.shares, [this](const Share& candidate) { return same_root(candidate.root, outcome_.root); });
    if (share == config_.shares.end())
      return stop(SubmitResult::failed,
                  fmt::format("the share {} may not be used", printable(outcome_.root)));
    auto folder = Folder::open(share->folder);
    if (!folder) return stop(folder.error());
    folder_ = std::move(*folder);
    const auto file = folder_->read("policy.txt", kMaxSettings);
    if (!file) return stop(file.error());
    cer::ReadSettings read;
    if (*file) read = cer::read_settings(**file, cer::ShareFile::policy, kMaxSettings);
    keep(std::move(read.findings), "policy.txt");
    policy_ = std::move(read.settings);
    if (!policy_.file_tree_root) return true;
    outcome_.root = *policy_.file_tree_root;
  }
}

// The root counts for the length of paths, but the folder has another on this machine.
bool Delivery::find_paths() {
  const std::string cab = random_cab_name(random_);
  const auto full = cer::share_paths(outcome_.root, outcome_.error, cab);
  if (!full) return stop(SubmitResult::discarded, full.error().text());
  auto below = cer::share_paths("", outcome_.error, cab);
  if (!below) return stop(SubmitResult::discarded, below.error().text());
  paths_ = std::move(*below);
  return true;
}

bool Delivery::read_status() {
  const auto file = folder_->read(paths_.status, kMaxSettings);
  if (!file) return stop(file.error());
  cer::ReadSettings read;
  if (*file) read = cer::read_settings(**file, cer::ShareFile::status, kMaxSettings);
  keep(std::move(read.findings), "status.txt");
  outcome_.settings = cer::effective_settings(policy_, read.settings, config_.defaults);
  return true;
}

// No hits if there is no file. A file that cannot be read is not written over.
std::optional<cer::ShareCounts> Delivery::read_counts() {
  constexpr std::uint64_t kMost = std::numeric_limits<std::uint64_t>::max();
  const auto file = folder_->read(paths_.counts, kMaxCounts);
  if (!file) {
    stop(file.error());
    return std::nullopt;
  }
  if (!*file) return cer::ShareCounts{0, 0};
  cer::ReadCounts read = cer::read_counts(**file, kMaxCounts);
  count_findings_ = std::move(read.findings);
  if (!read.counts) {
    stop(SubmitResult::failed, "count.txt cannot be read: repair or remove it");
    return std::nullopt;
  }
  if (read.counts->total_hits == kMost || read.counts->cabs_gathered == kMost) {
    stop(SubmitResult::failed, "count.txt cannot count further");
    return std::nullopt;
  }
  return read.counts;
}

// Steps 3 and 4. Errors without parameters have no limit, as the example 4.2 shows.
bool Delivery::wants_cab(const cer::ShareCounts& counts) {
  const bool limited = outcome_.error != cer::kKernelSubpath && outcome_.error != cer::kShutdownSubpath;
  const std::uint64_t most = outcome_.settings.crashes_per_bucket.value_or(0);
  if (limited && counts.cabs_gathered >= most) {
    say(FindingSeverity::note, "limit-reached",
        fmt::format("the error has {} cabs, and Crashes per bucket is {}", counts.cabs_gathered, most));
    return false;
  }
  if (!outcome_.settings.i_data.value_or(false)) {
    say(FindingSeverity::note, "no-cab-wanted", "iData asks for no cab");
    return false;
  }
  return true;
}

// Steps 5 and 6.
void Delivery::pack() {
  if (is_packed_) {
    if (!packed_) return say(FindingSeverity::note, "nothing-to-send", "there is no cab");
    outcome_.cab = std::move(packed_);
    return;
  }
  const cer::Answer asked = requests(outcome_.settings);
  const auto collected = wer_client::collect(asked, submission_.files, collector_, true, kSteps);
  outcome_.findings.insert(outcome_.findings.end(), collected.findings.begin(), collected.findings.end());
  const bool no_memory = std::ranges::any_of(
      collected.findings, [](const Finding& finding) { return finding.path == "MemoryDump"; });
  if (no_memory && config_.stop_without_memory_dump)
    return say(FindingSeverity::note, "no-memory-dump", "no cab without the process memory");
  if (collected.members.empty())
    return say(FindingSeverity::note, "nothing-to-send", "there is nothing to put into a cab");
  auto cab = cab::write(collected.members, clock_.now());
  if (!cab) return say(FindingSeverity::error, "cab-not-packed", cab.error().text());
  outcome_.cab = std::move(*cab);
}

// Step 7.
void Delivery::copy_cab() {
  for (unsigned i = 0; i < kNamesTried && folder_->exists(paths_.cab); ++i)
    paths_.cab.replace(paths_.cab.rfind('\\') + 1, std::string::npos, random_cab_name(random_));
  const auto copied = folder_->exists(paths_.cab)
                          ? Result<void>(fail(ErrorKind::io, "every name that was tried is taken"))
                          : folder_->replace(paths_.cab, *outcome_.cab);
  if (!copied) return say(FindingSeverity::error, "cab-not-copied", copied.error().text());
  outcome_.cab_file = paths_.cab.substr(paths_.cab.rfind('\\') + 1);
}

// Steps 7 and 8, alone on this error. Somebody may have reported it since step 3, so the limit is looked at
// again.
bool Delivery::deliver() {
  const auto lock = folder_->lock(paths_.counts + ".lock", config_.patience);
  if (!lock) return stop(lock.error());
  auto counts = read_counts();
  if (!counts) return false;
  if (outcome_.cab && wants_cab(*counts)) copy_cab();
  ++counts->total_hits;
  if (outcome_.cab_file) ++counts->cabs_gathered;
  const auto text = cer::write_counts(*counts);
  if (!text) return stop(text.error());
  if (const auto written = folder_->replace(paths_.counts, as_bytes(*text)); !written)
    return stop(written.error());
  outcome_.counts = *counts;
  outcome_.result = outcome_.cab_file ? SubmitResult::copied : SubmitResult::counted;
  return true;
}

// Step 9. A report is counted before it is tracked, so nothing that goes wrong here undoes it.
void Delivery::track() {
  const auto& bucket = outcome_.settings.bucket;
  cer::LogEntry entry;
  entry.time = local_time(clock_.now(), config_.utc_offset_minutes);
  entry.machine = cer::log_machine(submission_.report.machine.machinename);
  entry.user = cer::log_user(submission_.report.username);
  const auto append = [&](std::string_view path, cer::ShareLog log, std::string item) {
    entry.item = std::move(item);
    const auto line = cer::write_log_entry(entry, log);
    const auto done = line ? folder_->append(path, *line) : Result<void>(std::unexpected(line.error()));
    if (!done) say(FindingSeverity::error, "not-tracked", done.error().text());
  };
  append(paths_.crash_log, cer::ShareLog::crash, bucket ? fmt::format("{}", *bucket) : outcome_.error);
  append(paths_.hits_log, cer::ShareLog::hits, outcome_.cab_file.value_or(std::string(cer::kNoCab)));
}

void Delivery::take_steps() {
  if (!open_share() || !find_paths() || !read_status()) return;
  const auto counts = read_counts();
  if (!counts) return;
  if (wants_cab(*counts)) pack();
  if (deliver() && outcome_.settings.tracking.value_or(false)) track();
}

Outcome Delivery::run(const Result<std::string>& error) {
  if (!cer::is_share_root(config_.file_tree_root)) {
    stop(SubmitResult::disabled, "no share is configured");
  } else if (!error) {
    stop(SubmitResult::discarded, error.error().text());
  } else {
    outcome_.error = *error;
    take_steps();
    keep(std::move(count_findings_), "count.txt");
  }
  return std::move(outcome_);
}

}  // namespace

std::string_view to_string(SubmitResult result) noexcept {
  switch (result) {
    case SubmitResult::disabled:
      return "disabled";
    case SubmitResult::discarded:
      return "discarded";
    case SubmitResult::failed:
      return "failed";
    case SubmitResult::counted:
      return "counted";
    case SubmitResult::copied:
      return "copied";
  }
  return "unknown";
}

Client::Client(Config config, const Clock& clock, Random& random, wer_client::Collector* collector)
    : config_(std::move(config)), clock_(clock), random_(random), collector_(collector) {}

Outcome Client::submit(const wer_client::Submission& submission) {
  return Delivery(config_, clock_, random_, collector_, submission)
      .run(cer::error_subpath(submission.report));
}

Outcome Client::submit(const wer_client::Submission& submission, std::string_view error) {
  const auto subpath = cer::is_error_subpath(error)
                           ? Result<std::string>(std::string(error))
                           : fail(ErrorKind::invalid_argument, "this is no error subpath");
  return Delivery(config_, clock_, random_, collector_, submission).run(subpath);
}

Outcome Client::submit_packed(const cer::Report& report, std::optional<Buffer> cab) {
  const wer_client::Submission submission{report};
  Delivery delivery(config_, clock_, random_, collector_, submission);
  delivery.give_cab(std::move(cab));
  return delivery.run(cer::error_subpath(report));
}

}  // namespace wheatstone::cer_share
