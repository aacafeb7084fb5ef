// Every input is read as each text file of a share of version 1; what was read is written, and read back as
// the same without an error.
#include <algorithm>

#include "formats/cer/share_path.hpp"
#include "formats/cer/share_settings.hpp"
#include "formats/cer/share_tracking.hpp"
#include "tests/fuzz/require.hpp"

using namespace wheatstone;

namespace {

void check_findings(const std::vector<Finding>& findings, std::size_t size) {
  REQUIRE(findings.size() <= 257);
  for (const Finding& finding : findings)
    REQUIRE(finding.offset == Finding::kNoOffset || finding.offset <= size);
}

void check_settings(Bytes file, cer::ShareFile which) {
  const cer::ReadSettings read = cer::read_settings(file, which);
  check_findings(read.findings, file.size());
  const auto written = cer::write_settings(read.settings, which);
  REQUIRE(written);
  const cer::ReadSettings again = cer::read_settings(as_bytes(*written), which);
  REQUIRE(again.settings == read.settings);
  REQUIRE(again.findings.empty());

  const auto effective = cer::effective_settings({}, read.settings, cer::default_settings());
  REQUIRE(cer::effective_settings({}, effective, cer::default_settings()) == effective);
}

void check_counts(Bytes file) {
  const cer::ReadCounts read = cer::read_counts(file);
  check_findings(read.findings, file.size());
  if (!read.counts) {
    REQUIRE(std::ranges::any_of(read.findings,
                                [](const Finding& f) { return f.severity == FindingSeverity::error; }));
    return;
  }
  const auto written = cer::write_counts(*read.counts);
  REQUIRE(written);
  REQUIRE(cer::read_counts(as_bytes(*written)).counts == read.counts);
}

void check_log(Bytes file, cer::ShareLog log) {
  const cer::ReadLog read = cer::read_log(file, log);
  check_findings(read.findings, file.size());
  std::string text;
  for (const cer::LogEntry& entry : read.entries) {
    const auto line = cer::write_log_entry(entry, log);
    REQUIRE(line);
    text += *line;
  }
  const cer::ReadLog again = cer::read_log(as_bytes(text), log);
  REQUIRE(again.entries == read.entries);
  REQUIRE(again.findings.empty());
}

// Whatever is accepted stays below the root and within the length.
void check_paths(std::string_view text) {
  const auto paths = cer::share_paths("", text, "a.cab");
  REQUIRE(paths || paths.error().kind == ErrorKind::unsupported || !cer::is_error_subpath(text));
  if (!paths) return;
  REQUIRE(paths->cab == "cabs\\" + std::string(text) + "\\a.cab");
  REQUIRE(paths->status.size() <= cer::kMaxSharePath);
  REQUIRE(paths->counts.find("..\\") == std::string::npos);
  REQUIRE(text.find_first_of("/:") == std::string_view::npos);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Bytes file(data, size);
  check_settings(file, cer::ShareFile::policy);
  check_settings(file, cer::ShareFile::status);
  check_counts(file);
  check_log(file, cer::ShareLog::hits);
  check_log(file, cer::ShareLog::crash);
  check_paths(as_text(file));
  return 0;
}
