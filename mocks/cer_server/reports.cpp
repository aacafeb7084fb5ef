#include "mocks/cer_server/reports.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "formats/layout/text_buffer.hpp"
#include "mocks/cer_server/content.hpp"
#include "mocks/cer_server/database.hpp"
#include "mocks/cer_server/rule.hpp"
#include "mocks/text.hpp"

namespace wheatstone::cer_server {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kHour = 3600 * FileTime::kPerSecond;
constexpr std::uint64_t kMostReports = 100'000;  // in one answer

std::uint64_t number(const SQLite::Column& column) {
  return static_cast<std::uint64_t>(column.getInt64());
}

std::optional<std::uint64_t> number_if_any(const SQLite::Column& column) {
  return column.isNull() ? std::nullopt : std::optional(number(column));
}

Buffer blob(const SQLite::Column& column) {
  const auto* data = static_cast<const std::uint8_t*>(column.getBlob());
  return data == nullptr ? Buffer{} : Buffer(data, data + column.getBytes());
}

// GLOB of SQLite also knows sets in brackets.
std::string pattern(std::string_view glob) {
  std::string out;
  for (const char c : glob) {
    if (c == '[') {
      out += "[[]";
    } else {
      out += lower(c);
    }
  }
  return out;
}

// The findings of a report's exchanges with that severity.
constexpr std::string_view kRow =
    "SELECT number, report.received, coalesce(signature.id, 0), coalesce(event_type, ''), coalesce(machine, "
    "''), "
    "bucket, status, "
    "(SELECT count(*) FROM finding WHERE exchange BETWEEN number << 24 AND (number + 1 << 24) - 1 "
    " AND severity = 'error'), "
    "(SELECT count(*) FROM finding WHERE exchange BETWEEN number << 24 AND (number + 1 << 24) - 1 "
    " AND severity = 'warning'), "
    "(SELECT count(*) FROM finding WHERE exchange BETWEEN number << 24 AND (number + 1 << 24) - 1 "
    " AND severity = 'note'), "
    "size, coalesce(sha256, '') "
    "FROM report LEFT JOIN signature ON signature.id = report.signature "
    "LEFT JOIN cab ON cab.report = report.number ";
static_assert(kExchangeBits == 24);

ReportRow row_of(const SQLite::Statement& at) {
  return {.number = number(at.getColumn(0)),
          .received = {number(at.getColumn(1))},
          .bucket_id = number(at.getColumn(2)),
          .event_type = at.getColumn(3).getString(),
          .machine = at.getColumn(4).getString(),
          .bucket = number_if_any(at.getColumn(5)),
          .status = at.getColumn(6).getUInt(),
          .errors = number(at.getColumn(7)),
          .warnings = number(at.getColumn(8)),
          .notes = number(at.getColumn(9)),
          .cab_size = number_if_any(at.getColumn(10))};
}

Error no_store(const fs::path& folder) {
  Error error = file_error(folder, "there is no store of a server");
  error.hint = "name the folder that was given to serve --store";
  return error;
}

}  // namespace

struct Reports::Impl {
  fs::path folder;
  Content content;
  mutable SQLite::Database database;

  void read_exchanges(KeptReport& report) const;
  fs::path cab(std::uint64_t report, const std::string& sha256) const {
    return sha256.empty() ? content.incoming(report) : content.path(sha256);
  }
};

Reports::Reports(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Reports::~Reports() = default;
Reports::Reports(Reports&&) noexcept = default;

Result<Reports> Reports::open(const fs::path& folder) {
  std::error_code ignored;
  if (!fs::exists(folder / kDatabaseName, ignored)) return std::unexpected(no_store(folder));
  auto opened = guarded(folder, [&]() -> Result<Reports> {
    // A reader of a write-ahead log writes to its index.
    SQLite::Database database((folder / kDatabaseName).string(), SQLite::OPEN_READWRITE, kBusyMilliseconds);
    database.exec("PRAGMA query_only = ON");
    const auto version = check_version(database, folder);
    if (!version) return std::unexpected(version.error());
    if (*version == 0) return std::unexpected(no_store(folder));  // nobody has made the tables
    return Reports(
        std::unique_ptr<Impl>(new Impl{folder, Content(folder / kContentFolder), std::move(database)}));
  });
  if (!opened) return std::unexpected(opened.error());
  return std::move(*opened);
}

Result<std::vector<Bucket>> Reports::buckets() const {
  return guarded(impl_->folder, [&] {
    SQLite::Statement query(impl_->database,
                            "SELECT id, event_type, bucket, bucket_table, hits, cabs, first_seen, last_seen, "
                            "key FROM signature ORDER BY hits DESC, id");
    std::vector<Bucket> all;
    while (query.executeStep())
      all.push_back({.id = number(query.getColumn(0)),
                     .event_type = query.getColumn(1).getString(),
                     .signature = signature_text(query.getColumn(8).getString()),
                     .number = number_if_any(query.getColumn(2)),
                     .table = number_if_any(query.getColumn(3)),
                     .hits = number(query.getColumn(4)),
                     .cabs = number(query.getColumn(5)),
                     .first_seen = {number(query.getColumn(6))},
                     .last_seen = {number(query.getColumn(7))}});
    return all;
  });
}

Result<std::vector<Hits>> Reports::history(std::optional<std::uint64_t> bucket_id) const {
  return guarded(impl_->folder, [&] {
    SQLite::Statement query(
        impl_->database, fmt::format("SELECT received / :hour AS hour, count(*) FROM report {} GROUP BY hour "
                                     "ORDER BY hour DESC LIMIT 1000",
                                     bucket_id ? "WHERE signature = :bucket" : ""));
    query.bind(":hour", static_cast<std::int64_t>(kHour));
    if (bucket_id) query.bind(":bucket", static_cast<std::int64_t>(*bucket_id));
    std::vector<Hits> all;
    while (query.executeStep())
      all.push_back({{number(query.getColumn(0)) * kHour}, number(query.getColumn(1))});
    std::ranges::reverse(all);
    return all;
  });
}

Result<std::vector<ReportRow>> Reports::reports(const ReportFilter& filter) const {
  return guarded(impl_->folder, [&] {
    std::string where;
    const auto add = [&where](std::string_view condition) {
      where += fmt::format("{} {} ", where.empty() ? "WHERE" : "AND", condition);
    };
    if (filter.bucket_id) add("report.signature = :bucket");
    if (filter.event_type) add("lower(event_type) GLOB :event_type");
    if (filter.machine) add("lower(machine) GLOB :machine");
    if (filter.finding)
      add("EXISTS (SELECT 1 FROM finding WHERE exchange BETWEEN number << 24 AND (number + 1 << 24) - 1 "
          "AND code GLOB :finding)");
    if (filter.since) add("report.received >= :since");
    if (filter.before != 0) add("number < :before");
    SQLite::Statement query(impl_->database,
                            fmt::format("{}{}ORDER BY number DESC LIMIT :limit", kRow, where));
    if (filter.bucket_id) query.bind(":bucket", static_cast<std::int64_t>(*filter.bucket_id));
    if (filter.event_type) query.bind(":event_type", pattern(*filter.event_type));
    if (filter.machine) query.bind(":machine", pattern(*filter.machine));
    if (filter.finding) query.bind(":finding", pattern(*filter.finding));
    if (filter.since) query.bind(":since", static_cast<std::int64_t>(filter.since->ticks));
    if (filter.before != 0) query.bind(":before", static_cast<std::int64_t>(filter.before));
    query.bind(":limit", static_cast<std::int64_t>(std::min(filter.limit, kMostReports)));
    std::vector<ReportRow> rows;
    while (query.executeStep()) rows.push_back(row_of(query));
    return rows;
  });
}

void Reports::Impl::read_exchanges(KeptReport& report) const {
  SQLite::Statement query(
      database,
      "SELECT id, received, kind, status, request, request_size, response, document, answer "
      "FROM exchange WHERE id BETWEEN ?1 << 24 AND (?1 + 1 << 24) - 1 ORDER BY id");
  SQLite::Statement of_findings(
      database,
      "SELECT severity, code, message, path, clause, byte FROM finding WHERE exchange = ? ORDER BY position");
  query.bind(1, static_cast<std::int64_t>(report.row.number));
  while (query.executeStep()) {
    KeptExchange& exchange = report.exchanges.emplace_back();
    exchange.time = {number(query.getColumn(1))};
    exchange.kind = query.getColumn(2).getString();
    exchange.status = query.getColumn(3).getUInt();
    exchange.request = blob(query.getColumn(4));
    exchange.request_size = number(query.getColumn(5));
    if (exchange.kind == "level1") {
      report.document = blob(query.getColumn(7));
      if (!query.isColumnNull(8)) report.answer = blob(query.getColumn(8));
      // A document that came as it is follows the head.
      if (exchange.request.size() + report.document.size() == exchange.request_size)
        exchange.request.insert(exchange.request.end(), report.document.begin(), report.document.end());
    }
    exchange.response = blob(query.getColumn(6));
    of_findings.reset();
    of_findings.bind(1, query.getColumn(0).getInt64());
    while (of_findings.executeStep())
      exchange.findings.push_back({.severity = of_findings.getColumn(0).getString(),
                                   .code = of_findings.getColumn(1).getString(),
                                   .message = of_findings.getColumn(2).getString(),
                                   .path = of_findings.getColumn(3).getString(),
                                   .clause = of_findings.getColumn(4).getString(),
                                   .offset = number_if_any(of_findings.getColumn(5))});
  }
}

Result<std::optional<KeptReport>> Reports::report(std::uint64_t wanted) const {
  return guarded(impl_->folder, [&]() -> std::optional<KeptReport> {
    SQLite::Transaction same_moment(impl_->database);
    SQLite::Statement query(impl_->database, fmt::format("{}WHERE number = ?", kRow));
    query.bind(1, static_cast<std::int64_t>(wanted));
    if (!query.executeStep()) return std::nullopt;
    KeptReport report{.row = row_of(query),
                      .document = {},
                      .answer = {},
                      .cab_sha256 = query.getColumn(11).getString(),
                      .exchanges = {}};
    impl_->read_exchanges(report);
    return report;
  });
}

Result<Buffer> Reports::cab(const KeptReport& report) const {
  if (!report.row.cab_size)
    return fail(ErrorKind::invalid_argument, fmt::format("report {} has no cab", report.row.number));
  // A running server gives the file another name once it has checked it: then the first place is the wrong
  // one.
  std::string name = report.cab_sha256;
  auto bytes = read_whole(impl_->cab(report.row.number, name));
  if (!bytes && name.empty()) {
    const auto now = this->report(report.row.number);
    if (!now) return std::unexpected(now.error());
    if (*now) name = (*now)->cab_sha256;
    bytes = read_whole(impl_->cab(report.row.number, name));
  }
  if (!bytes) bytes = read_whole(impl_->content.incoming(report.row.number));  // it had no time to be moved
  if (bytes && !name.empty() && sha256(*bytes) != name)
    return std::unexpected(
        file_error(impl_->cab(report.row.number, name), "the file does not hold what was received"));
  return bytes;
}

Result<void> export_report(const Reports& reports, const KeptReport& report, const fs::path& folder) {
  if (auto made = make_folder(folder); !made) return made;
  Result<void> done;
  const auto write = [&](const std::string& name, std::initializer_list<Bytes> parts) {
    if (done) done = write_whole(folder / name, parts);
  };
  write("level1.xml", {report.document});
  if (report.answer) write("answer.txt", {*report.answer});
  Buffer cab;
  if (report.row.cab_size) {
    auto read = reports.cab(report);
    if (!read) return std::unexpected(read.error());
    cab = std::move(*read);
    write("report.cab", {cab});
  }
  for (std::size_t i = 0; i < report.exchanges.size(); ++i) {
    const KeptExchange& exchange = report.exchanges[i];
    layout::TextBuffer text;
    layout::JsonWriter json(text);
    to_json(json, exchange);
    text.append('\n');
    write(fmt::format("exchange-{}.json", i + 1), {as_bytes(text.view())});
    write(fmt::format("exchange-{}.http", i + 1), {exchange.request, exchange.response});
  }
  return done;
}

}  // namespace wheatstone::cer_server
