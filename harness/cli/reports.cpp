#include "mocks/cer_server/reports.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "formats/cer/windows_1252.hpp"
#include "formats/layout/text_buffer.hpp"
#include "formats/layout/time.hpp"
#include "harness/cli/load.hpp"
#include "harness/cli/verbs.hpp"
#include "mocks/cer_server/store.hpp"
#include "mocks/cer_share/replay.hpp"
#include "mocks/clock.hpp"
#include "mocks/text.hpp"

namespace wheatstone::cli {
namespace {

using cer_server::Bucket;
using cer_server::KeptExchange;
using cer_server::KeptFinding;
using cer_server::KeptReport;
using cer_server::ReportFilter;
using cer_server::ReportRow;
using cer_server::Reports;

struct Options {
  std::string store;
  bool json = false;
  std::uint64_t bucket = 0;  // 0: any
  std::string event_type, machine, finding, since;
  std::uint64_t before = 0;
  std::uint64_t limit = 100;
  std::vector<std::uint64_t> numbers;
  std::string to;
  std::string share;
  std::string older_than;
  std::uint64_t keep = 0;
};

template <class T>
std::string json_of(const T& value) {
  layout::TextBuffer out;
  layout::JsonWriter json(out);
  to_json(json, value);
  return std::string(out.view()) + "\n";
}

std::string or_dash(const std::optional<std::uint64_t>& value) {
  return value ? fmt::format("{}", *value) : "-";
}

int list_buckets(const Options& options, const Reports& reports, Terminal& terminal) {
  const auto buckets = reports.buckets();
  if (!buckets) return complain(buckets.error(), terminal);
  std::string out;
  if (!options.json)
    out = fmt::format("{:>5} {:>8} {:>8} {:>8} {:<19} {:<19} {:<16} {}\n", "id", "bucket", "hits", "cabs",
                      "first seen", "last seen", "event type", "signature");
  for (const Bucket& bucket : *buckets)
    out += options.json ? json_of(bucket)
                        : fmt::format("{:>5} {:>8} {:>8} {:>8} {:.19} {:.19} {:<16} {}\n", bucket.id,
                                      or_dash(bucket.number), bucket.hits, bucket.cabs,
                                      to_iso8601(bucket.first_seen), to_iso8601(bucket.last_seen),
                                      printable(bucket.event_type), printable(bucket.signature));
  terminal.out(out);
  return kPassed;
}

Result<ReportFilter> filter_of(const Options& options) {
  ReportFilter filter{.before = options.before, .limit = options.limit};
  if (options.bucket != 0) filter.bucket_id = options.bucket;
  if (!options.event_type.empty()) filter.event_type = options.event_type;
  if (!options.machine.empty()) filter.machine = options.machine;
  if (!options.finding.empty()) filter.finding = options.finding;
  if (!options.since.empty()) {
    filter.since = parse_iso8601(options.since);
    if (!filter.since)
      return fail(ErrorKind::invalid_argument, fmt::format("--since does not take '{}'", options.since),
                  "times look like 2026-01-31T08:00:00Z");
  }
  return filter;
}

int list_reports(const Options& options, const Reports& reports, Terminal& terminal) {
  const auto filter = filter_of(options);
  if (!filter) return complain(filter.error(), terminal);
  const auto rows = reports.reports(*filter);
  if (!rows) return complain(rows.error(), terminal);
  std::string out;
  if (!options.json)
    out = fmt::format("{:>8} {:<19} {:>6} {:>10} {:>6} {:>8} {:<16} {}\n", "report", "received", "status",
                      "cab bytes", "errors", "warnings", "event type", "machine");
  for (const ReportRow& row : *rows)
    out += options.json ? json_of(row)
                        : fmt::format("{:>8} {:.19} {:>6} {:>10} {:>6} {:>8} {:<16} {}\n", row.number,
                                      to_iso8601(row.received), row.status, or_dash(row.cab_size), row.errors,
                                      row.warnings, row.event_type.empty() ? "-" : printable(row.event_type),
                                      row.machine.empty() ? "-" : printable(row.machine));
  terminal.out(out);
  return kPassed;
}

std::string text_of(const KeptReport& report) {
  std::string out = fmt::format("Report {} of {}, bucket {}\n", report.row.number,
                                to_iso8601(report.row.received), or_dash(report.row.bucket));
  out += fmt::format("  {} from {}\n",
                     report.row.event_type.empty() ? "no document" : printable(report.row.event_type),
                     report.row.machine.empty() ? "an unknown machine" : printable(report.row.machine));
  if (report.row.cab_size)
    out += fmt::format("  cab of {} bytes, {}\n", *report.row.cab_size,
                       report.cab_sha256.empty() ? "not checked yet" : "SHA-256 " + report.cab_sha256);
  if (report.answer) {
    std::string answer = cer::windows_1252_to_utf8(*report.answer);
    std::erase(answer, '\r');
    out += "Answer\n";
    for (std::size_t at = 0; at < answer.size();) {
      const std::size_t end = std::min(answer.find('\n', at), answer.size());
      out += fmt::format("  {}\n", answer.substr(at, end - at));
      at = end + 1;
    }
  }
  for (const KeptExchange& exchange : report.exchanges) {
    out += fmt::format("{} {} answered {}, {} bytes\n", to_iso8601(exchange.time), exchange.kind,
                       exchange.status, exchange.request_size);
    for (const KeptFinding& finding : exchange.findings) {
      out += fmt::format("  {} {}", finding.severity, finding.code);
      if (!finding.path.empty()) out += fmt::format(" {}", finding.path);
      if (finding.offset) out += fmt::format(" at byte {}", *finding.offset);
      out += fmt::format(": {}{}\n", finding.message,
                         finding.clause.empty() ? "" : fmt::format(" ({})", finding.clause));
    }
  }
  return out;
}

Result<KeptReport> one_report(const Reports& reports, std::uint64_t number) {
  auto found = reports.report(number);
  if (!found) return std::unexpected(found.error());
  if (!*found)
    return fail(ErrorKind::invalid_argument, fmt::format("there is no report {}", number),
                "'wheatstone reports list' names those that there are");
  return std::move(**found);
}

int show_reports(const Options& options, const Reports& reports, Terminal& terminal) {
  for (const std::uint64_t number : options.numbers) {
    const auto report = one_report(reports, number);
    if (!report) return complain(report.error(), terminal);
    terminal.out(options.json ? json_of(*report) : text_of(*report));
  }
  return kPassed;
}

Result<std::vector<std::uint64_t>> numbers_of(const Options& options, const Reports& reports) {
  std::vector<std::uint64_t> numbers = options.numbers;
  // Page by page, so that memory does not follow the store.
  for (std::uint64_t before = 0; options.bucket != 0;) {
    const auto rows = reports.reports({.bucket_id = options.bucket, .before = before, .limit = 1000});
    if (!rows) return std::unexpected(rows.error());
    if (rows->empty()) break;
    for (const ReportRow& row : *rows) numbers.push_back(row.number);
    before = rows->back().number;
  }
  std::ranges::sort(numbers);
  const auto repeated = std::ranges::unique(numbers);
  numbers.erase(repeated.begin(), repeated.end());
  if (numbers.empty())
    return fail(ErrorKind::invalid_argument, "there is nothing to export",
                "name reports, or with --bucket the id of a bucket that has some");
  return numbers;
}

int export_to_share(const Options& options, const Reports& reports, std::span<const std::uint64_t> numbers,
                    Terminal& terminal) {
  const auto replayed = cer_share::replay(reports, numbers, options.share);
  if (!replayed) return complain(replayed.error(), terminal);
  for (const auto& [number, why] : replayed->left_out)
    terminal.err(fmt::format("wheatstone: report {} is left out: {}\n", number, why));
  terminal.out(
      fmt::format("{} reports and {} cabs in {}\n", replayed->reports, replayed->cabs, options.share));
  return replayed->reports != 0 ? kPassed : kUsage;
}

int export_reports(const Options& options, const Reports& reports, Terminal& terminal) {
  if (options.to.empty() && options.share.empty())
    return complain(
        {ErrorKind::invalid_argument, "export needs a folder", "name it with --to or --share", {}}, terminal);
  const auto numbers = numbers_of(options, reports);
  if (!numbers) return complain(numbers.error(), terminal);
  if (!options.share.empty()) return export_to_share(options, reports, *numbers, terminal);
  for (const std::uint64_t number : *numbers) {
    const std::filesystem::path folder = std::filesystem::path(options.to) / fmt::format("{:06}", number);
    const auto report = one_report(reports, number);
    if (!report) return complain(report.error(), terminal);
    std::error_code ignored;
    if (std::filesystem::exists(folder, ignored))
      return complain({ErrorKind::invalid_argument,
                       "the folder is there already",
                       "name another folder with --to",
                       {.file = folder.string()}},
                      terminal);
    if (const auto done = export_report(reports, *report, folder); !done)
      return complain(done.error(), terminal);
  }
  terminal.out(fmt::format("{} reports in {}\n", numbers->size(), options.to));
  return kPassed;
}

int prune(const Options& options, Terminal& terminal) {
  cer_server::Retention retention;
  if (options.keep != 0) retention.reports = options.keep;
  if (!options.older_than.empty()) {
    const auto age = parse_duration(options.older_than);
    if (!age)
      return complain({ErrorKind::invalid_argument,
                       fmt::format("--older-than does not take '{}'", options.older_than),
                       "lengths of time look like 30d, 24h or 90m",
                       {}},
                      terminal);
    const std::uint64_t now = SystemClock().now().ticks;
    retention.since = FileTime{now - std::min(*age, now)};
  }
  if (const auto there = Reports::open(options.store); !there) return complain(there.error(), terminal);
  auto store = cer_server::Store::open(options.store);
  if (!store) return complain(store.error(), terminal);
  const auto gone = store->prune(retention);
  if (!gone) return complain(gone.error(), terminal);
  terminal.out(fmt::format("{} reports removed\n", gone->size()));
  return kPassed;
}

// A verb below `reports` that reads a store.
using Read = int (*)(const Options&, const Reports&, Terminal&);

void add_reading(CLI::App& verb, const std::shared_ptr<Options>& options, const std::shared_ptr<Act>& chosen,
                 Read read) {
  verb.add_option("STORE", options->store, "folder that was given to serve --store")->required();
  verb.callback([=] {
    *chosen = [=](Terminal& terminal) {
      const auto reports = Reports::open(options->store);
      return reports ? read(*options, *reports, terminal) : complain(reports.error(), terminal);
    };
  });
}

void add_filters(CLI::App& verb, Options& options) {
  verb.add_option("--bucket", options.bucket, "only reports of the bucket with that id")
      ->check(CLI::PositiveNumber);
  verb.add_option("--event-type", options.event_type, "only event types that match, as BlueScreen or App*");
  verb.add_option("--machine", options.machine, "only machines whose name matches");
  verb.add_option("--finding", options.finding, "only reports with a finding whose code matches, as cab-*");
  verb.add_option("--since", options.since, "only what was received since, as 2026-01-31T08:00:00Z");
  verb.add_option("--before", options.before, "only reports with a smaller number: to page on");
  verb.add_option("--limit", options.limit, "at most so many, the latest first")
      ->capture_default_str()
      ->check(CLI::Range(1, 100'000));
}

constexpr const char* kFooter =
    "Exit codes: 0 done, 2 there is no such report or bucket, 3 the store cannot be read or is in use.\n"
    "Example: wheatstone reports list reports --finding 'cab-*'";

}  // namespace

Act add_reports(CLI::App& app) {
  CLI::App* verb = app.add_subcommand("reports", "List, show, export or remove what a server has kept");
  const auto options = std::make_shared<Options>();
  const auto chosen = std::make_shared<Act>();
  verb->require_subcommand(1);
  verb->footer(kFooter);

  CLI::App* buckets = verb->add_subcommand("buckets", "Reports of one signature, counted");
  add_reading(*buckets, options, chosen, list_buckets);
  CLI::App* list = verb->add_subcommand("list", "One line for each report, the latest first");
  add_reading(*list, options, chosen, list_reports);
  add_filters(*list, *options);
  CLI::App* show = verb->add_subcommand("show", "Reports with their answer, exchanges and findings");
  add_reading(*show, options, chosen, show_reports);
  show->add_option("NUMBER", options->numbers, "numbers of reports")->required();
  for (CLI::App* reading : {buckets, list, show})
    reading->add_flag("--json", options->json, "one JSON object a line");
  CLI::App* exporting =
      verb->add_subcommand("export", "Write reports as folders of files, or onto a file share");
  add_reading(*exporting, options, chosen, export_reports);
  exporting->add_option("NUMBER", options->numbers, "numbers of reports");
  exporting->add_option("--bucket", options->bucket, "all reports of the bucket with that id")
      ->check(CLI::PositiveNumber);
  CLI::Option* to =
      exporting->add_option("--to", options->to, "folder to write to; each report gets a folder in it");
  exporting
      ->add_option("--share", options->share, "folder of a file share, as version 1 of the protocol has it")
      ->excludes(to);

  CLI::App* pruning =
      verb->add_subcommand("prune", "Remove old reports and their cabinets; the latest stays");
  pruning->add_option("STORE", options->store, "folder that was given to serve --store")->required();
  CLI::Option* age =
      pruning->add_option("--older-than", options->older_than, "remove what is older, as 30d or 24h");
  CLI::Option* keep = pruning->add_option("--keep", options->keep, "remove all but so many of the latest")
                          ->check(CLI::PositiveNumber);
  pruning->callback([=] {
    if (age->count() + keep->count() == 0) throw CLI::RequiredError("--older-than or --keep");
    *chosen = [options](Terminal& terminal) { return prune(*options, terminal); };
  });
  for (CLI::App* below : {buckets, list, show, exporting, pruning}) below->footer(kFooter);
  return [chosen](Terminal& terminal) { return (*chosen)(terminal); };
}

}  // namespace wheatstone::cli
